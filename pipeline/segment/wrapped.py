"""Lines that go on in the next: those of a paragraph wrapped by hand, of a subtitle, and those that cut a word."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.segment import abbreviations as known
from pipeline.segment import marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.segment.sentences import Span


class _Wrapping(NamedTuple):
    """What shows a block of a certain width to be wrapped."""

    widths: range
    lines: int
    """Least number of lines that might go on from one before."""
    full: float
    """Least share of these whose first word had no room in the line before."""
    lower: float
    """Least share of the full ones that are gone on from in lower case."""


_WRAPPINGS: Final = (
    _Wrapping(widths=range(40, 101), lines=1, full=0.6, lower=0.5),
    _Wrapping(widths=range(24, 40), lines=4, full=0.9, lower=0.8),
)
"""A text column, and a narrow one, which looks like a list or a poem unless it has more to show."""


def find_continued(text: str, block: Sequence[Span]) -> set[int]:
    r"""Where lines begin that go on with the line before.

    >>> text = "Rege-\nringen\nsade nej"
    >>> find_continued(text, [(0, 5), (6, 12), (13, 21)])
    {6}
    """
    if len(block) == 1:
        return set()
    return _find_wrapped(text, block) | _find_cut_words(text, block) | _find_cues(text, block)


def _find_wrapped(text: str, block: Sequence[Span]) -> set[int]:
    """Where lines begin that go on with the line before, which only ended because it was full.

    A block is taken for wrapped when most of its lines are so full that the next word had no room, and most of those
    next words are in lower case: headings and list items are neither.
    """
    width = max(end - start for start, end in block)
    kind = next((one for one in _WRAPPINGS if width in one.widths), None)
    if kind is None:
        return set()
    plain = [
        (end - start + 1 + len(word.group()), after)
        for (start, end), (after, _) in itertools.pairwise(block)
        if (word := marks.UNBULLETED.match(text, after))
    ]
    full = {after for length, after in plain if length > width}
    lower = sum(text[after].islower() for after in full)
    if len(plain) < kind.lines or len(full) < kind.full * len(plain) or lower < kind.lower * len(full):
        return set()
    return full


def _find_cut_words(text: str, block: Sequence[Span]) -> set[int]:
    """Where lines begin with the rest of a word that a hyphen at the end of the line before cuts."""
    return {after for (_, end), (after, _) in itertools.pairwise(block) if marks.CUT_WORD.match(text, end - 1)}


def _find_cues(text: str, block: Sequence[Span]) -> set[int]:
    """Where lines of a subtitle go on with the line before; the line that times them stands above."""
    found: set[int] = set()
    timed = False
    for (start, end), (after, _) in itertools.pairwise(block):
        if marks.CUE_TIME.match(text, start, end):
            timed = True
        elif timed and marks.UNBULLETED.match(text, after) and _goes_on(text, start, end, after):
            found.add(after)
    return found


def _goes_on(text: str, start: int, end: int, after: int) -> bool:
    """Whether a line of a subtitle is not the end of what it says."""
    if text[after].islower():
        return True
    last = text[start:end].rsplit(None, 1)[-1]
    return text[after].isupper() and (last.endswith(",") or last.lower() in known.FUNCTION_WORDS)
