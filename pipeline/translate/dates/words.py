"""Weekdays and months, written out, shortened and in English: tables for all that reads or writes dates."""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.translate.spans import look_back
from pipeline.translate.tables import read_table

DAYS: Final = {
    "sv": "måndag=Monday|tisdag=Tuesday|onsdag=Wednesday|torsdag=Thursday|fredag=Friday|lördag=Saturday|söndag=Sunday",
    "id": "senin=Monday|selasa=Tuesday|rabu=Wednesday|kamis=Thursday|jumat=Friday|jum'at=Friday|sabtu=Saturday|"
    "minggu=Sunday|ahad=Sunday",
}
MONTHS: Final = {
    "sv": "januari=January|februari=February|mars=March|april=April|maj=May|juni=June|juli=July|augusti=August|"
    "september=September|oktober=October|november=November|december=December",
    "id": "januari=January|februari=February|maret=March|april=April|mei=May|juni=June|juli=July|agustus=August|"
    "september=September|oktober=October|november=November|desember=December",
}
SHORT_DAYS: Final = {
    "sv": "mån=måndag|tis=tisdag|ons=onsdag|tors=torsdag|tor=torsdag|fre=fredag|lör=lördag|sön=söndag",
    "id": "sen=Senin|sel=Selasa|rab=Rabu|kam=Kamis|jum=Jumat|sab=Sabtu",
}
SHORT_MONTHS: Final = {
    "sv": "jan=januari|feb=februari|mar=mars|apr=april|jun=juni|jul=juli|aug=augusti|sept=september|sep=september|"
    "okt=oktober|nov=november|dec=december",
    "id": "jan=Januari|feb=Februari|mar=Maret|apr=April|jun=Juni|jul=Juli|agu=Agustus|agt=Agustus|sep=September|"
    "okt=Oktober|nov=November|des=Desember",
}
PARTS: Final = {
    "sv": "morgon=morning|förmiddag=morning|eftermiddag=afternoon|kväll=evening|natt=night",
    "id": "pagi=morning|siang=afternoon|sore=afternoon|petang=afternoon|malam=night",
}
"""Parts of a day, as they stand after a weekday or an hour."""
CLOCK: Final = {"sv": r"(?:klockan|kl\b\.?) ?", "id": r"(?:pukul|pkl\b\.?|jam) ?"}
"""What stands before a time of day in digits."""
STOPS: Final = ".!?"
"""What a sentence ends with before a date or a time."""
ENGLISH_MONTHS: Final = tuple(read_table(MONTHS["sv"]).values())
_NAMES_TOO: Final = frozenset({"mars", "maj", "mei", "juni", "juli"})
"""Months that with a capital may be people or a planet."""
_HINTS: Final = {
    "sv": read_table(
        "ndag|isdag|nsdag|rsdag|edag|rdag|uari|mars|april|maj|juni|juli|augusti|ember|oktober",
    ),
    "id": read_table(
        "senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad|uari|maret|april|mei|juni|juli|agustus|ember|oktober"
    ),
}
"""What every weekday and month has in it: few texts have any, and to look is quick."""
_DIGIT: Final = re.compile("[0-9]")
_YEAR: Final = re.compile(",? (?:år |tahun )?[12][0-9]{3}(?![0-9])")


def may_have_dates(text: str, lang: str) -> bool:
    """Tell whether a text may have weekdays or months in it, those in short only beside a number."""
    return lang in _HINTS and (_DIGIT.search(text) is not None or may_name_dates(text, lang))


def may_name_dates(text: str, lang: str) -> bool:
    """Tell whether a text may have weekdays or months in it that are written out."""
    return any(map(text.lower().__contains__, _HINTS.get(lang, ())))


@functools.cache
def read_days(lang: str) -> dict[str, str]:
    """Give the English of a language's weekdays, those in short too; every word in small letters.

    >>> read_days("sv")["tors"], read_days("id")["rab"]
    ('Thursday', 'Wednesday')
    """
    return _add_short(DAYS[lang], SHORT_DAYS[lang])


@functools.cache
def read_months(lang: str) -> dict[str, str]:
    """Give the English of a language's months, those in short too; every word in small letters.

    >>> read_months("sv")["okt"], read_months("id")["agustus"]
    ('October', 'August')
    """
    return _add_short(MONTHS[lang], SHORT_MONTHS[lang])


def _add_short(table: str, short: str) -> dict[str, str]:
    whole = read_table(table)
    return whole | {form: whole[word.lower()] for form, word in read_table(short).items()}


def is_month(text: str, start: int, end: int) -> bool:
    """Tell whether the name of a month stands for one: a number is beside it, or it is written as no name is.

    >>> [is_month(text, 0, 3) for text in ("Maj Sjöwall", "maj", "Maj 1990")], is_month("5 Mei", 2, 5)
    ([False, True, True], True)
    """
    word = text[start:end]
    if text[max(0, start - 2) : start - 1].isdigit() or text[start - 3 : start] in {":e ", ":a "}:
        return True
    return word.islower() or word.lower() not in _NAMES_TOO or bool(_YEAR.match(text, end))


def is_sunday(text: str, start: int, end: int) -> bool:
    """Tell whether `minggu` is Sunday rather than a week.

    >>> text = "Minggu lalu, hari minggu, pada Minggu (3/5), per Minggu"
    >>> [is_sunday(text, match.start(), match.end()) for match in re.finditer("(?i)minggu", text)]
    [False, True, True, False]
    """
    before = look_back(text, start).rstrip(" ")
    word = before[before.rfind(" ") + 1 :].lower()
    if word == "hari" or word[-1:] in {"-", "–", "&"}:
        return True
    if text[start].islower() or word == "per":
        return False
    after = text[end : end + 3].lstrip(" ,")
    return (bool(word) and word[-1] not in '.!?:"“(') or after[:1] == "(" or after[:1].isdigit()
