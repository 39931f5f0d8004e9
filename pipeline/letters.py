"""How likely a character outside ASCII is between its two neighbours: counts from clean text, for `read` and `repair`.

`letters.txt` holds what was counted in twenty languages, `letters_home.txt` in Swedish, Indonesian and English alone
(`home`): a line for each character, with its contexts. `models/letters/build.py` writes both.
"""

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
FOREIGN: Final = -11.0
"""Score of a letter of another language, beside another such letter or, if it is Latin, in a word."""
SPACE: Final = -14.0
"""Score of a rare space, which may stand anywhere but has little business between two letters."""
LATIN_END: Final = "\u0250"
"""Letters from here on are of other alphabets, but for phonetic ones."""
SYMBOL: Final = -13.0
"""Score of an emoji, arrow, line or the like."""
SYMBOLS_START: Final = "\u2190"
CONTROL: Final = -25.0
"""Score of a character that cannot be printed."""
OPENING: Final = "“‘„«‹([{"
CLOSING: Final = "”’»›)]}"
_MARKS: Final = ((OPENING, "("), (CLOSING, ")"), ("-–—", "-"), (".,;:!?…", "."), ("\"'", "'"))
"""Classes of marks, each with the character that stands for it in the tables."""


@functools.cache
def fold(char: str) -> str:
    """Fold a neighbour to what matters of it: small letters stay, the rest becomes its class.

    >>> "".join(map(fold, "aÅ7é ,”"))
    'aU0l .)'
    """
    if "a" <= char <= "z" or char in "åäö":
        return char
    if char.isalpha():
        return "U" if char.isupper() else "l"
    if char.isspace() or not char:
        return " "
    if char.isdigit():
        return "0"
    return next((folded for marks, folded in _MARKS if char in marks), "*")


@functools.cache
def _table(*, home: bool) -> dict[str, float]:
    """Load the counted contexts: logarithms of their shares, by left neighbour, character and right neighbour.

    Beside them stand the widened contexts, and each character alone.
    """
    table = {}
    widened: dict[str, float] = {}
    name = "letters_home.txt" if home else "letters.txt"
    for row in (files("pipeline") / name).read_text(encoding="utf-8").split("\n")[:-1]:
        char, *contexts = row.split("\t")
        table[char] = UNSEEN
        for context in contexts:
            score = table[context[0] + char + context[1]] = -int(context[2:]) / 10
            wide = _widen(context[0]) + char + _widen(context[1])
            widened[wide] = widened.get(wide, 0.0) + math.exp(score)
    return {key: math.log(share) - WIDE_PENALTY for key, share in widened.items()} | table


def likelihood(left: str, char: str, right: str, *, home: bool = False) -> float:
    """Score a character between its neighbours: a natural logarithm, about -4 for the commonest contexts.

    With `home`, as in Swedish, Indonesian and English alone; else in any Latin-script language.
    """
    table = _table(home=home)
    before, after = fold(left), fold(right)
    if char == "\xa0" and before.isalpha() and after.isalpha():
        return UNKNOWN
    if (score := table.get(before + char + after)) is not None:
        return score
    score = table.get(_widen(before) + char + _widen(after), UNSEEN if char in table else UNKNOWN)
    return score if home and char.isalpha() else max(score, _foreign(before, char, after))


def _foreign(before: str, char: str, after: str) -> float:
    """Score a character as one of a language that was not counted: a letter within a word may be at home in it."""
    if char.isspace():
        return SPACE
    if not char.isprintable():
        return CONTROL
    if not char.isalpha():
        return SYMBOL if char >= SYMBOLS_START else UNKNOWN
    if char >= LATIN_END:
        return FOREIGN if before in "lU" or after in "lU" else UNKNOWN
    if char.isupper():
        return FOREIGN if before in "U " and after == "U" else UNKNOWN
    return FOREIGN if before + after != "UU" and (before.isalpha() or after.isalpha()) else UNKNOWN


def _widen(folded: str) -> str:
    """Give one class to all small letters; of other characters, the class that they have already."""
    return "L" if folded.isalpha() and folded != "U" else folded


def context_score(before: str, text: str, after: str, *, home: bool = False) -> float:
    """Add up the likelihood of every character outside ASCII in a short text between two neighbours."""
    around = f"{before}{text}{after}"
    return sum(
        likelihood(around[place - 1], char, around[place + 1], home=home)
        for place, char in enumerate(around[1:-1], start=1)
        if char > "\x7f"
    )
