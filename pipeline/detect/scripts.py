"""Languages that their letters give away, so that no classifier for Latin letters is asked about them.

A script of one language names it; a script of many is given to the one that most of the web writes with it, with the
share that this language has of such pages as its probability, and the rest to `und`.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.records import UNDETERMINED_LANG

SCRIPTS: Final[tuple[tuple[str, str, float], ...]] = (
    ("Ͱ-Ͽἀ-῿", "el", 0.99),
    ("Ѐ-ԯ", "ru", 0.8),
    ("԰-֏", "hy", 0.99),
    ("֐-׿", "he", 0.98),
    ("؀-ۿݐ-ݿࢠ-ࣿﭐ-﷿ﹰ-﻿", "ar", 0.7),
    ("ऀ-ॿ", "hi", 0.8),
    ("ঀ-৿", "bn", 0.95),
    ("਀-੿", "pa", 0.99),
    ("઀-૿", "gu", 0.99),
    ("଀-୿", "or", 0.99),
    ("஀-௿", "ta", 0.99),
    ("ఀ-౿", "te", 0.99),
    ("ಀ-೿", "kn", 0.99),
    ("ഀ-ൿ", "ml", 0.99),
    ("඀-෿", "si", 0.99),
    ("฀-๿", "th", 0.99),
    ("຀-໿", "lo", 0.99),
    ("ༀ-࿿", "bo", 0.95),
    ("က-႟", "my", 0.95),
    ("Ⴀ-ჿ", "ka", 0.99),
    ("ሀ-፿", "am", 0.9),
    ("ក-៿", "km", 0.99),
    ("ꦀ-꧟", "jv", 0.99),
    ("ᮀ-ᮿ", "su", 0.99),
    ("ᄀ-ᇿ가-힣", "ko", 0.99),
    ("ぁ-ヿ", "ja", 0.99),
    ("㐀-䶿一-鿿豈-﫿𠀀-𲎯", "zh", 0.9),
)
"""Letters as a character class, an ISO 639-1 code, and how sure the letters make it."""

_LATIN: Final = re.compile(r"[A-Za-zª-ʯḀ-ỿ]")
_NO_LATIN: Final = re.compile(r"[^ A-Za-zª-ʯḀ-ỿ]")
_KANA: Final = re.compile("[ぁ-ヿ]")


def weigh_script(words: str) -> dict[str, float]:
    """Name the language of a text that is not mostly in Latin letters; nothing for one that is.

    >>> weigh_script("добрый день")
    {'ru': 0.8, 'und': 0.2}
    >>> weigh_script("blåbär")
    {}
    """
    if not _NO_LATIN.search(words):
        return {}
    letters = len(words) - words.count(" ")
    if 2 * len(_LATIN.findall(words)) >= letters:
        return {}
    if _KANA.search(words):
        return {"ja": 0.99, UNDETERMINED_LANG: 0.01}
    best, most = {UNDETERMINED_LANG: 1.0}, 0
    for pattern, code, sure in _scripts():
        count = len(pattern.findall(words))
        if count > most:
            best, most = {code: sure, UNDETERMINED_LANG: round(1 - sure, 2)}, count
    return best


@functools.cache
def _scripts() -> tuple[tuple[re.Pattern[str], str, float], ...]:
    """Compile the classes; the larger ones take milliseconds, and most runs never meet their letters."""
    return tuple((re.compile(f"[{letters}]"), code, sure) for letters, code, sure in SCRIPTS)
