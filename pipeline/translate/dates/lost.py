"""Which of a text's months and weekdays its translation lacks: small models drop them, or say another."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pipeline.translate.dates.words import (
    DAYS,
    ENGLISH_MONTHS,
    MONTHS,
    is_month,
    is_sunday,
    may_have_dates,
    may_name_dates,
    read_days,
    read_months,
)
from pipeline.translate.tables import fold, match_words
from pipeline.translate.words.spellings import spell_out

if TYPE_CHECKING:
    from collections.abc import Iterator

_ABBREVIATED: Final = "|".join(sorted({month[:3] for month in ENGLISH_MONTHS}))
_GIVEN: Final = re.compile(
    rf"\b(?:(?P<month>{'|'.join(ENGLISH_MONTHS)}|{_ABBREVIATED}|Sept)|(?P<day>Mon|Tues?|Wed(?:nes)?|Thur?s?|Fri|Sat(?:ur)?|Sun)"
    r"(?:day)?s?(?:'s)?)(?![a-zåäö])"
)
_DIGITS: Final = re.compile(r"(?<![0-9])[0-9]{1,4}(?:[/.-][0-9]{1,4}){1,2}(?![0-9])")


def list_lost_dates(source: str, target: str, lang: str) -> list[str]:
    """List the months and weekdays of a source that its translation neither says nor writes in digits.

    >>> list_lost_dates("Onsdag 12 september", "On Thursday, September 12th", "sv")
    ['Wednesday']
    >>> list_lost_dates("Lahir 5 Mei 1990", "Born 5/5/1990", "id"), list_lost_dates("Maj Sjöwall", "Maj Sjöwall", "sv")
    ([], [])
    """
    spelled = spell_out(source, lang) if may_have_dates(source, lang) else ""
    wanted = dict.fromkeys(_list_wanted(spelled, lang)) if may_name_dates(spelled, lang) else {}
    if not wanted:
        return []
    given = set(_list_given(target))
    return [word for word in wanted if word[:3] not in given]


def _list_wanted(source: str, lang: str) -> Iterator[str]:
    """Give the English of months and weekdays that are no name and no other word."""
    days, months = read_days(lang), read_months(lang)
    for match in _pattern(lang).finditer(source):
        if match["month"]:
            if is_month(source, *match.span()):
                yield months[fold(match["month"])]
        elif fold(match["day"]) != "minggu" or is_sunday(source, *match.span()):
            yield days[fold(match["day"])]


def _list_given(target: str) -> Iterator[str]:
    """Give the beginnings of the months and weekdays that a target has, and of the months that its digits may mean."""
    if target.isupper():
        target = target.title()
    for match in _GIVEN.finditer(target):
        yield (match["month"] or match["day"])[:3]
    for date in _DIGITS.findall(target):
        for part in map(int, re.findall("[0-9]+", date)):
            if 1 <= part <= len(ENGLISH_MONTHS):
                yield ENGLISH_MONTHS[part - 1][:3]


@functools.cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Make the search: weekdays, in Swedish those that begin a word too, and months with the numbers beside them."""
    days = rf"(?P<day>{match_words(DAYS[lang])})" + (r"\w*" if lang == "sv" else "")
    return re.compile(
        rf"(?<![\w@#/._])(?<!malam )(?:{days}|(?P<month>{match_words(MONTHS[lang])}))(?![\w@/_]|\.\w)",
        re.IGNORECASE,
    )
