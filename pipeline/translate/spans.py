"""Stretches of a text: what stands in them, what is written for them in English, which of them overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

Span = tuple[int, int, str]
"""Start and end of a stretch, and the kind of what stands there."""
Wording = tuple[int, int, str]
"""Start and end of a stretch, and its English."""
_Stretch = TypeVar("_Stretch", bound=tuple[int, int, object])
_REACH: Final = 60


def keep_apart(stretches: Iterable[_Stretch], spans: Sequence[tuple[int, int]]) -> list[_Stretch]:
    """Leave out what shares a character with a span."""
    return [each for each in stretches if all(end <= each[0] or each[1] <= start for start, end in spans)]


def blank_out(text: str, spans: Iterable[tuple[int, int]], blank: str = " ") -> str:
    """Put a space, or another string, in the place of each stretch of a text, in order.

    >>> blank_out("Se x.se och y.se", [(3, 7), (12, 16)], "–")
    'Se – och –'
    """
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            parts += [text[at:start], blank]
            at = end
    return "".join((*parts, text[at:]))


def look_back(text: str, start: int) -> str:
    """Give what stands just before a place; all that does would take, place by place, the square of a text's length."""
    return text[max(0, start - _REACH) : start]


def search_back(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    """Search what stands just before a place, no further back than `look_back`, for a pattern that ends there."""
    return pattern.search(text, max(0, end - _REACH), end)
