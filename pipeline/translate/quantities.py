"""Amounts as English writes them: numbers with their scale, currency or unit, which small models lose or swap.

*Miljard* and *billion* are far apart for a reader and close for a model, and `kr` after a number it drops nine times in
ten. An amount stands in the model's input as a symbol, and in the target as it is written here.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.translate.tables import match_words, read_table

_GAP: Final = "[ \u00a0\u202f]"
_CENTS: Final = "(?:,[0-9]{1,2})?"
_THOUSANDS: Final = rf"(?:(?:{_GAP}|\.)[0-9]{{3}})++{_CENTS}"
_NUMBER: Final = rf"(?:[1-9][0-9]{{0,2}}{_THOUSANDS}|[0-9]++(?:[.,][0-9]{{1,2}})?)(?![0-9])"
_START: Final = rf"(?<![\w.,:/+−-])(?<![0-9]{_GAP})"
_END: Final = r"(?![\w²³]|[.:/-]\w)"
_ALIKE: Final = (
    "kWh|MWh|GWh|TWh|Wh|kW|MW|GW|W|mAh|Ah|kHz|MHz|GHz|Hz|kB|MB|GB|TB|kbit/s|Mbit/s|Gbit/s|Mbps|kJ|kcal|m²|m³|dl|cl|ml|"
    "hg|km/h|m/s|dB|rpm"
)
"""Units that English writes as they are."""
_NAMES: Final = {
    "sv": "tusen=thousand|miljoner=million|miljon=million|miljarder=billion|miljard=billion|mdr=billion|"
    "biljoner=trillion|tkr=thousand kronor|mkr=million kronor|mnkr=million kronor|mdkr=billion kronor|kronor=kronor|"
    "kr=kr|:-=kr|öre=öre|SEK|NOK|DKK|EUR|USD|GBP|kvm=m²|kvadratmeter=m²|hk=hp|msk=tbsp|tsk=tsp|liter=liters|st=pcs|mil=km",
    "id": "ribu=thousand|rb=thousand|juta=million|jt=million|miliar=billion|milyar=billion|triliun=trillion|"
    "rupiah=rupiah|liter=liters|sdm=tbsp|sdt=tsp|M=billion|T=trillion",
}
"""What stands after a number, and its English."""
_MONEY: Final = "kronor=kronor|kr=kronor|euro=euros|dollar=dollars|pund=pounds|rupiah|dolar AS=US dollars|dolar=dollars"
"""What stands after a scale."""
_PER: Final = (
    "månad=month|mån=month|år=year|styck=each|st=each|kg|hg|timme=hour|tim=hour|h=hour|dag=day|dygn=day|vecka=week|"
    "natt=night|person|pers=person|liter|l=liter|kvm=m²|m²|km|minut=minute|min=minute|bulan=month|bln=month|tahun=year|"
    "hari=day|malam=night|orang=person|jam=hour|pcs=each"
)
"""What stands after a price and a slash."""
_COUNTS: Final = "en=one|två=two|tre=three|fyra=four|fem=five|sex=six|sju=seven|åtta=eight|nio=nine|tio=ten"
_SYMBOLS: Final = "Rp|SEK|NOK|DKK|EUR|USD|GBP|IDR"
_AFTER_RUPIAH: Final = frozenset("MT")
"""Scales that letters stand for where `Rp` stands before the number."""
_DIGITS_GROUPED: Final = 5
_GROUPED: Final = re.compile(
    rf"{_START}(?:[1-9][0-9]{{0,2}}(?:(?:\.[0-9]{{3}})++{_CENTS}|(?:{_GAP}[0-9]{{3}})++{_CENTS}(?= [^\W\d_]))"
    r"|[0-9]++,[0-9]{1,2})"
    r"(?![0-9]|[.,:/-][0-9])"
)
"""Numbers with separators that English uses otherwise; those with spaces only before a word: others may be lists."""

Quantity = tuple[int, int, str]


def find_quantities(text: str, lang: str) -> list[Quantity]:
    """Find a text's amounts: start, end and English of each.

    >>> text = "Skulden på 1,5 miljarder kronor, 12 500 kr/mån"
    >>> [english for _, _, english in find_quantities(text, "sv")]
    ['1.5 billion kronor', '12,500 kr/month']
    >>> [english for _, _, english in find_quantities("Rp35rb, Rp 1.250.000", "id")]
    ['Rp35,000', 'Rp 1,250,000']
    """
    if lang not in _NAMES or not (any(map(str.isdigit, text)) or "milj" in text):
        return []
    return [
        (*match.span(), _write_amount(match, lang))
        for match in _pattern(lang).finditer(text)
        if (match["name"] and match["name"] not in _AFTER_RUPIAH) or match["alike"] or match["symbol"]
    ]


def find_grouped(text: str, lang: str) -> list[Quantity]:
    """Find the numbers with separators that English uses otherwise.

    >>> find_grouped("Sebanyak 1.245 orang", "id")
    [(9, 14, '1,245')]
    """
    if lang not in _NAMES:
        return []
    return [(*match.span(), write_number(match.group())) for match in _GROUPED.finditer(text)]


def write_number(number: str, times: int = 1) -> str:
    """Write a number of a language that groups by points or spaces in English.

    >>> [write_number(number) for number in ("1.299,50", "2 000 000", "0,5", "1500")], write_number("4,2", 10)
    (['1,299.50', '2,000,000', '0.5', '1500'], '42')
    """
    grouped = re.fullmatch(rf"[0-9]{{1,3}}{_THOUSANDS}", number)
    whole, _, decimals = number.partition(",") if grouped else number.replace(",", ".").partition(".")
    digits = re.sub(r"\D", "", whole)
    if times > 1:
        digits, decimals = str(round(float(f"{digits}.{decimals or 0}") * times)), ""
    many = grouped or times > 1 or len(digits) >= _DIGITS_GROUPED
    return (f"{int(digits):,}" if many else digits) + (f".{decimals}" if decimals else "")


def settle_numbers(source: str, target: str, lang: str) -> str:
    """Write the numbers in English that a model has copied with their separators.

    >>> settle_numbers("Sebanyak 1.245 orang", "As many as 1.245 people", "id")
    'As many as 1,245 people'
    """
    if lang not in _NAMES or not any(map(str.isdigit, target)):
        return target
    wanted = {source[start:end]: english for start, end, english in find_grouped(source, lang)}
    return _GROUPED.sub(lambda match: wanted.get(match.group(), match.group()), target) if wanted else target


@functools.cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Make the search for a language's amounts: currency, number or two, scale or unit, currency, and per what."""
    counts = f"|(?:{match_words(_COUNTS)})(?= milj)" if lang == "sv" else ""
    return re.compile(
        rf"{_START}(?:(?P<symbol>{_SYMBOLS})\.?(?P<gap>{_GAP}?))?(?P<number>{_NUMBER}{counts})(?:{_GAP}?[–-]{_GAP}?(?P<other>{_NUMBER}))?"
        rf"(?:{_GAP}?(?:(?P<name>{match_words(_NAMES[lang])})(?: (?P<money>{match_words(_MONEY)}))?"
        rf"|(?P<alike>{_ALIKE})))?"
        rf"(?:/(?P<per>{match_words(_PER)}))?{_END}"
    )


def _write_amount(match: re.Match[str], lang: str) -> str:
    """Write an amount in English."""
    name = read_table(_NAMES[lang]).get(match["name"] or "", match["alike"] or "")
    times = {"thousand": 1000, "km": 10}.get(name, 1)
    numbers = [
        read_table(_COUNTS).get(each) or write_number(each, times) for each in match.group("number", "other") if each
    ]
    name = "" if name == "thousand" else name
    if name == "liters" and numbers == ["1"]:
        name = "liter"
    money = read_table(_MONEY).get(match["money"] or "", "")
    per = read_table(_PER).get(match["per"] or "", "")
    symbol = match["symbol"] + (match["gap"] and " ") if match["symbol"] else ""
    said = [symbol + "–".join(numbers), name, money]
    each = " each" if per == "each" else f"/{per}" if per else ""
    return " ".join(filter(None, said)) + each
