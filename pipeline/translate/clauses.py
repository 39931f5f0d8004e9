"""Where a text can be cut that is too long for a model, or fails as a whole."""

from __future__ import annotations

import re
from typing import Final

_LEAST_WORDS: Final = 3
_CLAUSE_END: Final = re.compile(r"(?<=[^\s,;:])[,;:]\s+|\s[–—-]\s+")
"""A comma, colon or semicolon before white space, or a spaced dash."""


def cut_clauses(text: str) -> list[str]:
    """Cut a text into clause, gap, clause, …; none has fewer than three words.

    >>> cut_clauses("Först kom det regn, ja, sedan kom solen fram")
    ['Först kom det regn', ', ', 'ja, sedan kom solen fram']
    """
    parts, at = [], 0
    for gap in _CLAUSE_END.finditer(text):
        before, after = text[at : gap.start()], text[gap.end() :]
        if min(len(before.split()), len(after.split(maxsplit=_LEAST_WORDS))) >= _LEAST_WORDS:
            parts += [before, gap.group()]
            at = gap.end()
    return [*parts, text[at:]]


def halve(text: str) -> tuple[str, str]:
    """Cut a text near its middle, at a clause mark if there is one, else at a space, else anywhere.

    >>> halve("Först kom regnet, sedan kom solen fram")
    ('Först kom regnet,', 'sedan kom solen fram')
    """
    middle = len(text) // 2
    for marks in (";:,–—", " "):
        cuts = [at for at in range(len(text) // 4, 3 * len(text) // 4) if text[at] in marks]
        if cuts:
            cut = min(cuts, key=lambda at: abs(at - middle)) + 1
            return text[:cut].strip(), text[cut:].strip()
    return text[:middle], text[middle:]
