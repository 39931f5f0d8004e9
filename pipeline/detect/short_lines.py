"""Short lines doubted: a word or two on a Swedish or Indonesian page is seldom in a third language.

The classifier is sure of names, abbreviations and interjections (`Jan`, `AIK`, `Nä`) that it has met in one language
only. What such a line says for a language that no longer line of the page is in counts for the page's own. English is
taken at its word, Swedish and Indonesian where they are sure: their buttons and headings stand alone on other pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.records import UNDETERMINED_LANG

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

TRANSLATED: Final = ("sv", "id")
"""Languages of the pages that are looked at: others stay untranslated, whatever their short lines are taken for."""
BELIEVED: Final = frozenset(("en", UNDETERMINED_LANG))
"""Languages that are believed of a short line too."""
SURE: Final = 0.9
"""Probability of another language that is translated, at which a short line in it stands."""
LONG_CHARS: Final = 24
"""A line with more characters shows which languages a page is in."""
LEAST_COUNTED: Final = 0.05
"""Least probability in a long line that counts for a language: close ones are told apart by all lines together."""
MAIN_SHARE: Final = 0.7
"""Share of what the long lines say that is for one language, so that the page has a language of its own."""
LONG_LINES: Final = 1.5
"""What the long lines must say in all for that language: one alone may be taken for its neighbour's."""
FEW_LETTERS: Final = 6
"""A line with no more letters is doubted."""

_FOREIGN_LETTER: Final = re.compile(r"[^\W\d_A-Za-zÅÄÖåäöÉé]")
"""A letter that a language which is not translated has given away: `Über`, `Læs`."""


def doubt_short_lines(texts: Sequence[str], lines: Sequence[Mapping[str, float]]) -> Sequence[Mapping[str, float]]:
    """Hand over to the page's language what short lines say for others; all else stays as it is.

    >>> texts = ["Jan", "Han kommer hem i morgon kväll.", "Vi väntar med maten till dess."]
    >>> doubt_short_lines(texts, [{"ms": 0.75, "en": 0.25}, {"sv": 1.0}, {"sv": 1.0}])
    [{'en': 0.25, 'sv': 0.75}, {'sv': 1.0}, {'sv': 1.0}]
    """
    total = _sum_long_lines(texts, lines)
    enough = max(LONG_LINES, MAIN_SHARE * sum(total.values()))
    own = next((language for language in TRANSLATED if total.get(language, 0.0) >= enough), None)
    if own is None:
        return lines
    heard = BELIEVED.union(total)
    return [
        _hand_over(line, heard, own) if line and _is_doubtful(text) and not _is_settled(line, heard) else line
        for text, line in zip(texts, lines, strict=True)
    ]


def _sum_long_lines(texts: Sequence[str], lines: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """How much a page's long lines say for each language."""
    total: dict[str, float] = {}
    for text, line in zip(texts, lines, strict=True):
        if len(text) > LONG_CHARS:
            for language, weight in line.items():
                if weight >= LEAST_COUNTED:
                    total[language] = total.get(language, 0.0) + weight
    return total


def _is_doubtful(text: str) -> bool:
    """Whether a line has few letters, or is written as the names of people are.

    >>> [_is_doubtful(text) for text in ("Nä", "Siti Nurhaliza", "Persija 34 20", "Lue lisää", "Über")]
    [True, True, True, False, False]
    """
    if len(text) > LONG_CHARS or _FOREIGN_LETTER.search(text):
        return False
    return sum(map(str.isalpha, text)) <= FEW_LETTERS or (" " in text and text.istitle())


def _is_settled(line: Mapping[str, float], heard: Collection[str]) -> bool:
    """Whether the likeliest language of a line is one that is heard, or is sure and translated."""
    likeliest = max(line, key=line.__getitem__)
    return likeliest in heard or (likeliest in TRANSLATED and line[likeliest] >= SURE)


def _hand_over(line: Mapping[str, float], heard: Collection[str], own: str) -> dict[str, float]:
    """Keep what a line says for the languages that are heard; the rest goes to the page's own."""
    kept = {language: weight for language, weight in line.items() if language in heard}
    kept[own] = kept.get(own, 0.0) + sum(line.values()) - sum(kept.values())
    return kept
