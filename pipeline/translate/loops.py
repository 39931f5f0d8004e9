"""Decoders get caught in loops: words, phrases, numbers or syllables again and again."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from operator import eq
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_COPIES: Final = 3
_PHRASE: Final = 4
"""Words that nobody says twice in a row by chance."""
_LONGEST_CYCLE: Final = 8
_POOR_WORDS: Final = 12
_POOR_SHARE: Final = 0.4
_LONG_WORD: Final = 20
_STUTTER: Final = re.compile(r"(\S{1,12}?)\1{4,}")


def is_loop(source: str, target: str, source_words: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether a target says something again and again that its source does not; words are in lower case.

    >>> is_loop("Senaste nytt", "news news news", ["senaste", "nytt"], ["news", "news", "news"])
    True
    """
    distinct = len(set(words))
    if len(words) - distinct >= _COPIES - 1:
        if _repeats_number(source, words):
            return True
        run = _longest_run(words)
        if run and run > _longest_run(source_words):
            return True
    if len(words) >= _POOR_WORDS and distinct < _POOR_SHARE * len(words):
        return distinct * len(source_words) < 0.75 * len(words) * len(set(source_words))
    stutters = [word for word in target.split() if len(word) > _LONG_WORD and _STUTTER.search(word)]
    return bool(stutters) and not _STUTTER.search(source)


def _repeats_number(source: str, words: Sequence[str]) -> bool:
    """Tell whether a number comes three times, and more than twice as often as in the source."""
    often = [(word, count) for word, count in Counter(words).items() if count >= _COPIES]
    return any(any(map(str.isdigit, word)) and count > 2 * source.count(word.strip("()[]")) for word, count in often)


def _longest_run(words: Sequence[str]) -> int:
    """Count the words of the longest stretch that says one thing three times, or four words and more twice.

    >>> _longest_run("a b c b c b c b".split()), _longest_run("very very good".split())
    (7, 0)
    >>> _longest_run("to the bank plus to the bank plus".split())
    8
    """
    longest = 0
    for cycle in range(1, min(_LONGEST_CYCLE, len(words) - len(set(words))) + 1):
        least = cycle * (_COPIES - 1 if cycle < _PHRASE else 1)
        echoes = list(map(eq, words, words[cycle:]))
        if sum(echoes) >= least:
            runs = (len(list(group)) for same, group in groupby(echoes) if same)
            longest = max(longest, *(run + cycle for run in runs if run >= least), 0)
    return longest
