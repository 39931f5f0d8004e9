"""Whether a word before a full stop is whole, or cut short by it."""

from __future__ import annotations

from pipeline.segment import abbreviations as known
from pipeline.segment import marks


def is_full_word(low: str) -> bool:
    """Tell whether a word is none that is known to be cut short, and can be spoken.

    >>> [is_full_word(word) for word in ("hus", "m.fl", "skr", "8")]
    [True, False, False, False]
    """
    return (
        low.isalpha()
        and len(low) > 1
        and low not in known.OFTEN_FINAL
        and low not in known.SELDOM_FINAL
        and any(letter in low for letter in marks.VOWELS)
    )
