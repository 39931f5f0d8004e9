"""How likely a letter or mark outside ASCII is between its neighbours, counted from clean text."""

from __future__ import annotations

import functools
import math
from importlib.resources import files
from typing import Final

UNSEEN: Final = -16.0
"""Score of a known character between neighbours it was never met with."""
UNKNOWN: Final = -19.0
"""Score of a character that clean text does not have."""
WIDE_PENALTY: Final = 5.0
"""Taken off where only the kind of the neighbours was met, not the neighbours themselves."""
CONTROL: Final = -25.0
OPENING: Final = "“‘„«‹([{"
CLOSING: Final = "”’»›)]}"


@functools.cache
def fold(char: str) -> str:
    """Fold a neighbour to what matters of it: small letters stay, the rest becomes its class.

    >>> "".join(map(fold, "aÅ7é ,”"))
    'aU0l .)'
    """
    if "a" <= char <= "z" or char in "åäö":
        return char
    if char.isspace() or not char:
        return " "
    if char.isupper():
        return "U"
    if char.isalpha():
        return "l"
    if char.isdigit():
        return "0"
    for marks, folded in ((OPENING, "("), (CLOSING, ")"), ("-–—", "-"), (".,;:!?…", "."), ("\"'", "'")):
        if char in marks:
            return folded
    return "*"


@functools.cache
def _table() -> dict[str, float]:
    """Load the counted contexts: logarithms of their shares, by left neighbour, character and right neighbour."""
    table = {}
    coarse: dict[str, float] = {}
    for row in (files("pipeline") / "letters.txt").read_text(encoding="utf-8").split("\n")[:-1]:
        char, *contexts = row.split("\t")
        table[char] = UNSEEN
        for context in contexts:
            score = table[context[0] + char + context[1]] = -int(context[2:]) / 10
            wide = _widen(context[0]) + char + _widen(context[1])
            coarse[wide] = coarse.get(wide, 0.0) + math.exp(score)
    return {key: math.log(share) - WIDE_PENALTY for key, share in coarse.items()} | table


def likelihood(left: str, char: str, right: str) -> float:
    """Score a character between its neighbours: a natural logarithm, about -4 for the commonest contexts."""
    table = _table()
    before, after = fold(left), fold(right)
    if (score := table.get(before + char + after)) is not None:
        return score
    if (score := table.get(_widen(before) + char + _widen(after))) is not None:
        return max(score, UNSEEN)
    return table.get(char, UNKNOWN if char.isprintable() else CONTROL)


def _widen(folded: str) -> str:
    """Take any small letter for every other: a letter between two small letters is at home there."""
    return "L" if folded.isalpha() and folded != "U" else folded
