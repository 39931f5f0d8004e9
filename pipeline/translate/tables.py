"""Tables of words and what stands for them, written as one string: `word=English|…`."""

from __future__ import annotations

import functools
import re
from typing import Final

_FOLDED: Final = str.maketrans("ſİı", "sii")


@functools.cache
def read_table(table: str) -> dict[str, str]:
    """Read a table; a word without anything is the same there.

    >>> read_table("mån=month|kg")
    {'mån': 'month', 'kg': 'kg'}
    """
    return {word: other or word for word, _, other in (each.partition("=") for each in table.split("|"))}


def fold(word: str) -> str:
    """Write a word in small letters as a search without regard to case reads it, which takes `ſ` for s, `ı` for i.

    >>> fold("Onſdag"), fold("APRİL")
    ('onsdag', 'april')
    """
    return word.translate(_FOLDED).lower()


def match_words(table: str) -> str:
    """Give the pattern of a table's words, the longer ones first."""
    return "|".join(re.escape(word) for word in sorted(read_table(table), key=len, reverse=True))
