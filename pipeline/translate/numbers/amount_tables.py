"""Scales, currencies and units as Swedish and Indonesian write them after a number, and their English."""

from __future__ import annotations

from typing import Final

ALIKE: Final = (
    "kWh|MWh|GWh|TWh|Wh|kW|MW|GW|W|mAh|Ah|kHz|MHz|GHz|Hz|kB|MB|GB|TB|kbit/s|Mbit/s|Gbit/s|Mbps|kJ|kcal|m²|m³|m2|m3|"
    "dl|cl|ml|hg|km/h|m/s|dB|rpm|mg|µg|μg|mcg|kg|g|km|cm|mm|m|l|min|h|s|V|IU|hPa|kPa"
)
"""Units that English writes as they are."""
NAMES: Final = {
    "sv": "tusen=thousand|miljoner=million|miljon=million|miljarder=billion|miljard=billion|mdr=billion|"
    "biljoner=trillion|milj=million|tkr=thousand kronor|mkr=million kronor|mnkr=million kronor|mdkr=billion kronor|"
    "Tkr=thousand kronor|Mkr=million kronor|Mnkr=million kronor|MSEK=million SEK|MEUR=million EUR|MUSD=million USD|"
    "Mdkr=billion kronor|Mdr=billion|kronor=kronor|"
    "kr=kr|:-=kr|öre=öre|SEK|NOK|DKK|EUR|USD|GBP|kvm=m²|kvadratmeter=m²|hk=hp|msk=tbsp|tsk=tsp|liter=liters|st=pcs|mil=km|"
    "kilo=kg|tum=inches|ton=tons|tim=hours|sek=seconds|IE=IU",
    "id": "ribu=thousand|rb=thousand|rban=thousand|juta=million|jt=million|jtan=million|miliar=billion|milyar=billion|"
    "triliun=trillion|rupiah=rupiah|liter=liters|ltr=liters|sdm=tbsp|sdt=tsp|M=billion|T=trillion|kilo=kg|gr=g|mnt=min|"
    "dtk=seconds",
}
"""What stands after a number, and its English."""
SINGULAR: Final = "liters=liter|inches=inch|tons=ton|hours=hour|seconds=second"
MONEY: Final = "kronor=kronor|kr=kronor|euro=euros|dollar=dollars|pund=pounds|rupiah|dolar AS=US dollars|dolar=dollars"
"""What stands after a scale."""
PER: Final = (
    "månad=month|mån=month|år=year|styck=each|st=each|kg|hg|timme=hour|tim=hour|h=hour|dag=day|dygn=day|vecka=week|"
    "natt=night|person|pers=person|liter|l=liter|kvm=m²|m²|km|minut=minute|min=minute|bulan=month|bln=month|tahun=year|"
    "thn=year|hari=day|malam=night|orang=person|org=person|jam=hour|pcs=each|minggu=week|lt=liter|ltr=liter|menit=minute"
)
"""What stands after a price and a slash."""
SYMBOLS: Final = "Rp|SEK|NOK|DKK|EUR|USD|GBP|IDR"
