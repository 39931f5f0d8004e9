"""The search for numbers in digits, as any language writes them."""

from __future__ import annotations

import re
from typing import Final

from pipeline.translate.numbers.signs import find_signs

GAPS: Final = " \u00a0\u2009\u202f'’"
"""What groups the digits of a number, beside points and commas."""
NUMBER: Final = re.compile(
    rf"[0-9](?:(?<![0-9].)[0-9]{{0,2}}(?:[{GAPS}][0-9]{{3}}(?![0-9]))++(?:[.,][0-9]{{1,2}}(?![0-9]))?"
    r"|[0-9]*+(?:[.,:](?=[0-9])[0-9]++)*+)"
)
"""A number: its digits in groups of three, or joined by points, commas and colons; a digit is quick to look for."""


def find_numbers(text: str) -> list[tuple[int, int]]:
    """Find the numbers of a text, with the separators inside them and the minus before them.

    >>> text = "Den 3 mars: 1 200,50 kr, -5 grader"
    >>> [text[a:b] for a, b in find_numbers(text)]
    ['3', '1 200,50', '-5']
    """
    signed = find_signs(text)
    return [(signed.get(match.start(), match.start()), match.end()) for match in NUMBER.finditer(text)]
