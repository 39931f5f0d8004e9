"""Ordinals in digits as English writes them: `3:e` is 3rd, and so is a *3th* that a model made of `ke-3`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.translate.dates.words import MONTHS
from pipeline.translate.spans import look_back
from pipeline.translate.tables import match_words, read_table

if TYPE_CHECKING:
    from pipeline.translate.spans import Wording

_SWEDISH: Final = re.compile(
    rf"(?<![\w.,:/-])([0-9]{{1,3}}):(?:[ae]|dje|de|ra|sta)(?![\w:/-]| (?:{match_words(MONTHS['sv'])}))"
    r"(?P<the>(?= \w{2,}(?:en|et)\b))?"
)
"""Before a month they are left to the model, which puts them behind it."""
_THING: Final = re.compile(r"[0-9]*(?:[03-9]|1[12]):a|(?<=\ben )[12]:a(?= (?:med|på|om|till)\b)", re.IGNORECASE)
"""A number that names a flat or a mark: ordinals end in `a` only after 1 and 2, and `en 2:a på 45 kvm` is a flat."""
_ENGLISH: Final = re.compile(r"([0-9][0-9.,:/-]*):?(?:st|nd|rd|th)\b")
_THE: Final = read_table("den|det|de|denna|detta|dessa|min|mitt|din|ditt|sin|sitt|vår|vårt|hans|hennes|dess|deras")
_TEENS: Final = range(11, 14)


def find_ordinals(text: str, lang: str) -> list[Wording]:
    """Find the ordinals of a Swedish text: start, end and English of each.

    >>> find_ordinals("Den 3:e gången, i 21:a minuten", "sv")
    [(4, 7, '3rd'), (18, 22, 'the 21st')]
    >>> find_ordinals("Hyr ut en 3:a", "sv")
    [(10, 13, '3')]
    """
    if lang != "sv" or ":" not in text:
        return []
    return [(*match.span(), _say(match)) for match in _SWEDISH.finditer(text)]


def _say(match: re.Match[str]) -> str:
    is_thing = _THING.match(match.string, match.start())
    return match[1] if is_thing else _add_the(match, _write_ordinal(match[1]))


def _add_the(match: re.Match[str], ordinal: str) -> str:
    """Write `the` where Swedish has it in the ending of the noun: `i 89:e minuten`."""
    before = look_back(match.string, match.start()).split()[-1:]
    is_said = match["the"] is None or not before or not before[0].islower() or before[0] in _THE
    return ordinal if is_said else f"the {ordinal}"


def _write_ordinal(number: str) -> str:
    """Write an ordinal.

    >>> [_write_ordinal(number) for number in ("1", "2", "3", "4", "11", "22", "113")]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    last = 0 if int(number) % 100 in _TEENS else int(number) % 10
    return number + {1: "st", 2: "nd", 3: "rd"}.get(last, "th")


def settle_ordinals(source: str, target: str) -> str:
    """Write the ordinals of a target with the ending that their number has, unless the source has them so.

    >>> settle_ordinals("plats 3, ke-21", "on 3th place, the 21:th and the 11th")
    'on 3rd place, the 21st and the 11th'
    """
    return _ENGLISH.sub(lambda match: _settle(match, source), target)


def _settle(match: re.Match[str], source: str) -> str:
    number = match[1].rstrip(":")
    is_kept = not number.isdigit() or look_back(match.string, match.start())[-1:].isalpha() or match.group() in source
    return match.group() if is_kept else _write_ordinal(number)
