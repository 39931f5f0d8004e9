"""What lost letters and marks leave behind, as slots: how many stood in a run, and which marks they were."""

from __future__ import annotations

import re
from typing import Final

from pipeline.repair.words import HOLE

MARK: Final = "\ue001"
"""Stands for a lost quotation mark, apostrophe or dash until its line tells which."""
EITHER: Final = "\ue002"
"""Stands for one lost letter or mark."""
LONGEST: Final = 9
"""A longer run of lost marks is a row of stars or the like, which nothing can tell."""
_MARKS: Final = re.compile(f"{MARK}+")


def spell_run(match: re.Match[str], *, single: bool, lost: str) -> str:
    """Turn a run of lost marks into slots, by its length and by the letters beside it."""
    left, run, right = match[1].isalpha(), match[2], match[3].isalpha()
    size = len(run)
    if not left and not right and not (match[1] in ".,!?" or match[3] in ".,") and match[1] + match[3] != "  ":
        return run
    if single:
        return _spell_single(size, left=left, right=right)
    if (lost == "?" and size == 1) or size > LONGEST:
        return run
    return _spell_bytes(run, left=left, right=right)


def _spell_single(size: int, *, left: bool, right: bool) -> str:
    """Spell a run where every character left one mark."""
    if left and right:
        return EITHER if size == 1 else HOLE * size
    if right:
        return MARK * (size - 1) + EITHER
    return EITHER + MARK * (size - 1) if left else MARK * size


def _spell_bytes(run: str, *, left: bool, right: bool) -> str:
    """Spell a run where a letter left two marks, and a quotation mark or dash three."""
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
