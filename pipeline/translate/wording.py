"""What a table writes in English better than a model: amounts, opening hours, times of day, ordinals."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from pipeline.translate.dates.clock import find_clocks
from pipeline.translate.dates.opening_hours import find_hours
from pipeline.translate.numbers.amounts import find_amounts
from pipeline.translate.numbers.ordinals import find_ordinals
from pipeline.translate.spans import keep_apart

if TYPE_CHECKING:
    from pipeline.translate.spans import Wording


@functools.lru_cache(maxsize=4096)  # asked again when the target is checked; some thousand texts are under way
def find_wording(text: str, lang: str) -> tuple[Wording, ...]:
    """Find all that a table writes: start, end and English of each; what is an amount is nothing else.

    >>> [english for _, _, english in find_wording("Fika kl. halv tre, 25 kr, på 2:a våningen", "sv")]
    ['at 2:30', '25 kr', 'the 2nd']
    """
    found = find_amounts(text, lang)
    for find in (find_hours, find_clocks, find_ordinals):
        if more := find(text, lang):
            found = sorted([*found, *keep_apart(more, [(start, end) for start, end, _ in found])])
    return tuple(found)
