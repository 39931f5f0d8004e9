"""Runs of U+FFFD or question marks turned into slots, one for each letter or mark that was lost; and marks put back."""

from __future__ import annotations

import re
from typing import Final

from pipeline.repair.words import HOLE

MARK: Final = "\ufdd1"
"""Stands for a lost quotation mark, apostrophe or dash until its line tells which."""
EITHER: Final = "\ufdd2"
"""Stands for one lost letter or mark."""
LONGEST: Final = 9
"""A longer run of lost marks is a row of stars or the like, which nothing can tell."""
_MARKS: Final = re.compile(f"{MARK}+")


def make_slots_of_run(match: re.Match[str], *, single: bool, lost: str) -> str:
    """Turn a run of the character `lost` into slots, by its length and by the characters beside it.

    `match` has groups for the character before the run, the run, and the character after it.
    """
    before, run, after = match.groups()
    left, right, size = before.isalpha(), after.isalpha(), len(run)
    if not left and not right and not (before in ".,!?" or after in ".,") and before + after != "  ":
        return run
    if single:
        return _divide_characters(size, left=left, right=right)
    if (lost == "?" and size == 1) or size > LONGEST:
        return run
    return _divide_bytes(run, left=left, right=right)


def _divide_characters(size: int, *, left: bool, right: bool) -> str:
    """Divide a run where every lost character left one; `left` and `right` tell whether a letter stands there."""
    if left and right:
        return EITHER if size == 1 else HOLE * size
    if right:
        return MARK * (size - 1) + EITHER
    return EITHER + MARK * (size - 1) if left else MARK * size


def _divide_bytes(run: str, *, left: bool, right: bool) -> str:
    """Divide a run where a lost letter left two characters, and a quotation mark or dash three."""
    size = len(run)
    marks, rest = (0, size) if size % 2 == 0 else (1, size - 3)
    if rest < 0 or (not left and not right and size % 3):
        return run
    if not left and not right:
        return MARK * (size // 3)
    if left and not right and run[0] == "?" and size == 4:  # noqa: PLR2004 - a question mark and a quotation mark
        return f"?{MARK}"
    if size == 6 and not (left and right):  # noqa: PLR2004 - two quotation marks rather than three letters
        return MARK * 2
    letters, marked = HOLE * (rest // 2), MARK * marks
    return letters + marked if left else marked + letters


def settle_marks(line: str, *, swedish: bool) -> str:
    """Tell quotation marks, apostrophes and dashes apart by what stands beside them."""
    opening, closing = ("”", "”") if swedish else ("“", "”")
    padded = f" {line} "
    out = list(padded)
    for match in _MARKS.finditer(padded):
        left, right = padded[match.start() - 1], padded[match.end()]
        for at in range(match.start(), match.end()):
            out[at] = _choose_mark(left, right, opening, closing)
    return "".join(out)[1:-1]


def _choose_mark(left: str, right: str, opening: str, closing: str) -> str:
    if (left.isspace() and right.isspace()) or (left.isdigit() and right.isdigit()):
        return "–"
    if left.isalpha() and right.isalpha():
        return "–" if right.isupper() and left.islower() else "’"
    return opening if left.isspace() or left in "([–" else closing
