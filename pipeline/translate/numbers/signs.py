"""Degrees and shares below zero: a model drops their minus, and nothing shows that it was there."""

from __future__ import annotations

import re
from typing import Final

_BELOW_ZERO: Final = re.compile(
    r"[-−–](?<![^\s(].)(?<![0-9]\s.)([0-9]++(?:[.,][0-9]++)?)(?=\s?(?:°|%|C\b|grader|derajat|procent|persen))"
)
"""Less than nothing, where a dash means that: `-98` may be the model of a car. To look for the dash first is quick."""
_SIGNED: Final = re.compile(r"[-−–] ?([0-9]++(?:[.,][0-9]++)?)")
_NEGATIVE: Final = re.compile(r"minus|negativ|below|under|sub-?zero", re.IGNORECASE)


def find_signs(text: str) -> dict[int, int]:
    """Find where the numbers below zero start, and where their signs do.

    >>> find_signs("Det var -5 grader")
    {9: 8}
    """
    return {match.start(1): match.start() for match in _BELOW_ZERO.finditer(text)}


def list_lost_signs(source: str, target: str) -> list[str]:
    """List the numbers below zero that a translation has above it.

    >>> list_lost_signs("Det var -5 grader", "It was 5 degrees"), list_lost_signs("-5 grader", "minus 5 degrees")
    (['-5'], [])
    """
    found = list(_BELOW_ZERO.finditer(source))
    if not found or _NEGATIVE.search(target):
        return []
    given = {_plain(number) for number in _SIGNED.findall(target)}
    return [match.group() for match in found if _plain(match[1]) not in given]


def _plain(number: str) -> str:
    return number.replace(",", ".")
