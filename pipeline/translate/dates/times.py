"""Times of day in digits as models know them: with a colon, after a whole word."""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.translate.dates.words import CLOCK

_HOUR: Final = "(?:[01]?[0-9]|2[0-4])"
_TIME: Final = rf"{_HOUR}[.:][0-5][0-9](?![0-9]|[.:,][0-9])"
_TO: Final = {"sv": " ?[–-] ?| (?:till|och) ", "id": " ?[–-] ?| (?:sampai|hingga|dan|s/d) "}
_SHORT: Final = {
    "sv": re.compile(rf"(?<![\w@/.-])(?<!\bi )([Kk])l(?:\.? |\.)(?={_HOUR}(?![0-9]))"),
    "id": re.compile(rf"(?<![\w@/.-])([Pp])kl(?:\.? |\.)(?={_HOUR}(?![0-9]))"),
}
_WHOLE: Final = {"sv": r"\1lockan ", "id": r"\1ukul "}
_DIGIT: Final = re.compile("[0-9]")
_POINT: Final = re.compile("(?<=[0-9])[.](?=[0-9])")


def spell_times(text: str, lang: str) -> str:
    """Put a colon for the point of a time of day after a word for the clock, and write a short such word out.

    A small model takes the point of `pukul 09.30` for a decimal mark, and that of `kl.` for the end of a sentence.

    >>> spell_times("Mötet är kl. 9.30–10.45, sidan 9.30; kl 18 går vi, i kl 3", "sv")
    'Mötet är klockan 9:30–10:45, sidan 9.30; klockan 18 går vi, i kl 3'
    >>> spell_times("Dari pkl. 08.00 sampai pukul 10.30", "id")
    'Dari pukul 08:00 sampai pukul 10:30'
    """
    if lang not in CLOCK or not _DIGIT.search(text):
        return text
    if _POINT.search(text):
        text = _pattern(lang).sub(lambda match: _POINT.sub(":", match.group()), text)
    return _SHORT[lang].sub(_WHOLE[lang], text)


@functools.cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Make the search for a word for the clock with a time, and until when."""
    at = CLOCK[lang]
    return re.compile(rf"(?<![\w@/.-]){at}{_TIME}(?:(?:{_TO[lang]})(?:{at})?{_TIME})?", re.IGNORECASE)
