"""Swedish written without å, ä and ö, as old forums and e-mail have it: the letters put back for the model alone.

`undotted.txt` lists the commonest words of `repair`'s list that are no word of Swedish without their dots and rings
(`på`, `många`), and a few that hardly ever are (`är`). What might be either (`har`, `var`) stays.
`models/letters/undotted.py` writes it.
"""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from typing import Final

LEAST_WORDS: Final = 2
"""Different words that must lack their letters, or one beside one of `_SWEDISH`: alone it may be a name."""

_SWEDISH: Final = frozenset({
    "jag", "vi", "du", "hon", "det", "och", "att", "ett", "som", "inte", "till", "av", "med", "om", "har", "kommer",
    "vad", "hur", "vill", "ska", "kan", "inga", "mycket", "igen", "sedan", "eller", "mig", "dig", "oss", "er", "alla",
})  # fmt: skip
"""Words that English does not have."""
_WEAK: Final = frozenset(
    {"for", "at", "last", "fa", "an", "bar", "open", "sa", "sta", "aka", "forum", "format", "port"}
)
"""Words that may be English, a misspelling or part of a name: they are evidence of nothing."""
_FOLDED: Final = str.maketrans("åäö", "aao")
_WORD: Final = re.compile(r"(?<![\w:('])[A-Za-z]{2,}(?!\w)")
_MARKED: Final = re.compile(r"[^\W\d_A-Za-z]")
"""A letter that a text without dots and rings does not have."""
_YEARS: Final = re.compile(r"(?<=\d )ar\b")


def restore_dots(text: str) -> str:
    """Put back the letters that a Swedish text was written without, if it lacks them throughout.

    >>> restore_dots("Vi ses pa mandag, manga kommer"), restore_dots("Pa torsdag")
    ('Vi ses på måndag, många kommer', 'Pa torsdag')
    """
    if _MARKED.search(text):
        return text
    words = _WORD.findall(text.lower() if text.isupper() else text)
    words[:1] = map(str.lower, words[:1])
    lacking = {word for word in words if word in _table()} - _WEAK
    if len(lacking) < LEAST_WORDS and (not lacking or _SWEDISH.isdisjoint(words)):
        return text
    return _WORD.sub(_restore, _YEARS.sub("år", text))


def _restore(match: re.Match[str]) -> str:
    """Write one word with its letters, and the capitals that it has; one in capitals among others is a name."""
    word = match.group()
    whole = _table().get(word.lower())
    if not whole or (word.isupper() and not match.string.isupper()):
        return word
    return whole.upper() if word.isupper() else whole.capitalize() if word[0].isupper() else whole


@functools.cache
def _table() -> dict[str, str]:
    """Read the words, by how they look without their dots and rings."""
    words = (files("pipeline.translate.words") / "undotted.txt").read_text(encoding="utf-8").split()
    return {word.translate(_FOLDED): word for word in words}
