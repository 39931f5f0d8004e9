"""Dates as English writes them: `3 March 2024`, `on Wednesdays`, `in May`.

A sentence reads better when the model sees what stands in it: dates are hidden only where it lost a weekday or a month.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pipeline.translate.dates.words import (
    DAYS,
    MONTHS,
    PARTS,
    SHORT_DAYS,
    SHORT_MONTHS,
    is_month,
    is_sunday,
    read_days,
    read_months,
)
from pipeline.translate.spans import look_back
from pipeline.translate.tables import fold, match_words, read_table

if TYPE_CHECKING:
    from pipeline.translate.spans import Wording

_BEFORE: Final = r"(?<![\w@#/._])"
_AFTER: Final = r"(?![\w@/_]|[.:]\w)"
_ON: Final = {"sv": "på|under", "id": "pada|di"}
_IN: Final = {"sv": "i|under", "id": "pada|di"}
_DATE_WORD: Final = {"sv": "den ", "id": "tanggal "}
"""What stands before the day of a month; English says `on` there, unless another preposition does its work."""
_PREPOSITIONS: Final = read_table(
    "från|till|med|sedan|senast|före|innan|efter|per|mellan|och|eller|kring|runt|omkring|av|"
    "dari|sampai|hingga|sejak|mulai|sebelum|setelah|sesudah|antara|dan|atau|untuk|s/d"
)
_ENDINGS: Final = {"arna": "s", "ar": "s", "ens": "'s"}
"""What the ending of a Swedish weekday is in English."""


def find_dates(text: str, lang: str) -> list[Wording]:
    """Find a text's dates, weekdays and months: start, end and English of each.

    >>> [english for _, _, english in find_dates("Kursen börjar den 12 mars 2024, på onsdagar.", "sv")]
    ['on 12 March 2024', 'on Wednesdays']
    >>> [english for _, _, english in find_dates("Ia lahir pada hari Senin, 5 Mei 1990 di Solo", "id")]
    ['on Monday, 5 May 1990']
    """
    found: list[Wording] = []
    taken = bytearray(len(text))
    if lang in DAYS:
        for pattern, say in ((_date, _say_date), (_day, _say_day), (_month, _say_month)):
            for match in pattern(lang).finditer(text):
                english = say(match, lang)
                start, end = match.span()
                if english and not any(taken[start:end]):
                    taken[start:end] = b"1" * (end - start)
                    found.append((start, end, settle_english(match, english)))
    return sorted(found)


def settle_english(match: re.Match[str], english: str) -> str:
    """Write what stands for a match in capitals, or with one, where the match does or a text begins."""
    found = match.group()
    if found.isupper() and sum(map(str.isalpha, found)) > 2:  # noqa: PLR2004 - not for `KL`
        return english.upper()
    return english[0].upper() + english[1:] if not look_back(match.string, match.start()).strip() else english


@functools.cache
def _date(lang: str) -> re.Pattern[str]:
    """Make the search for a day of a month: preposition, weekday, day or two, month, year."""
    number = r"[0-9]{1,2}(?::[ae])?"
    return re.compile(
        rf"{_BEFORE}(?:(?P<on>{_ON[lang]}) )?(?:hari )?(?:{_weekday(lang)}(?P<comma>,?) )?(?P<den>{_DATE_WORD[lang]})?"
        rf"(?<![0-9.,:])(?P<first>{number})(?P<to> ?[-–] ?(?P<last>{number}))? "
        rf"(?P<month>{match_words(MONTHS[lang])}|(?:{match_words(SHORT_MONTHS[lang])})\b\.?)"
        rf"(?:,? (?P<year>[12][0-9]{{3}}))?{_AFTER}",
        re.IGNORECASE,
    )


def _weekday(lang: str) -> str:
    return rf"(?:(?P<day>{match_words(DAYS[lang])})(?:en)?|(?P<short>{match_words(SHORT_DAYS[lang])})\.?)"


def _say_date(match: re.Match[str], lang: str) -> str:
    """Write a day of a month."""
    day = read_days(lang)[fold(match["day"] or match["short"])] if match["day"] or match["short"] else ""
    days = "–".join(str(int(number.partition(":")[0])) for number in match.group("first", "last") if number)
    month = read_months(lang)[fold(match["month"]).rstrip(".")]
    on = match["on"] or (match["den"] and not _has_preposition(look_back(match.string, match.start())))
    weekday = day + (match["comma"] or "") if day else ""
    return " ".join(filter(None, ("on" if on else "", weekday, days, month, match["year"])))


def _has_preposition(before: str) -> bool:
    """Whether the last word before a date is a preposition, or a place and the first of the text: `Lund den 5 maj`."""
    words = before.split()
    return bool(words) and (fold(words[-1]) in _PREPOSITIONS or (len(words) == 1 and words[0].istitle()))


@functools.cache
def _day(lang: str) -> re.Pattern[str]:
    """Make the search for a weekday: with its preposition, its ending, and the part of the day."""
    parts = match_words(PARTS[lang])
    ending = rf"(?:s? ?(?P<part>{parts})(?:en)?|(?P<ending>arna|ar|ens|en|s)(?: (?P<after>{parts}))?)?"
    days = rf"(?P<day>{match_words(DAYS[lang])})"
    return re.compile(
        rf"{_BEFORE}(?<!malam )(?:(?P<on>{_ON[lang]}|i(?= \w+s\b)) (?!\w+ens\b))?(?:hari )?{days}"
        rf"{ending if lang == 'sv' else f'(?: (?P<part>{parts}))?'}{_AFTER}",
        re.IGNORECASE,
    )


def _say_day(match: re.Match[str], lang: str) -> str:
    """Write a weekday, with what part of it is meant."""
    word = fold(match["day"])
    if word == "minggu" and not is_sunday(match.string, *match.span("day")):
        return ""
    groups = match.groupdict()
    ending, part = groups.get("ending") or "", groups["part"] or groups.get("after") or ""
    on = "on" if match["on"] else ""
    part = read_table(PARTS[lang]).get(fold(part), "")
    return " ".join(filter(None, (on, read_days(lang)[word] + _ENDINGS.get(fold(ending), ""), part)))


@functools.cache
def _month(lang: str) -> re.Pattern[str]:
    """Make the search for a month without a day."""
    return re.compile(
        rf"{_BEFORE}(?:(?P<in>{_IN[lang]}) )?(?:bulan )?(?P<month>{match_words(MONTHS[lang])})"
        rf"(?: (?:år |tahun )?(?P<year>[12][0-9]{{3}}))?{_AFTER}",
        re.IGNORECASE,
    )


def _say_month(match: re.Match[str], lang: str) -> str:
    """Write a month, with its year."""
    if not is_month(match.string, *match.span("month")):
        return ""
    return " ".join(filter(None, ("in" if match["in"] else "", read_months(lang)[fold(match["month"])], match["year"])))
