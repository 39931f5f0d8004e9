"""Numbers as English spells them: `six and a half million`, `the nineteen-nineties`, `a dozen`, `noon`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCALES: Final = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_TOKEN: Final = re.compile(r"[a-z]++")
_GAP: Final = re.compile(r"[\s-]*+")
SPELLED: Final = (
    "zero nought",
    "one first single once",
    "two second both twice double pair",
    "three third triple",
    "four fourth",
    "five fifth",
    "six sixth",
    "seven seventh",
    "eight eighth",
    "nine ninth",
    "ten tenth decade",
    "eleven eleventh",
    "twelve twelfth dozen noon midday",
    "thirteen thirteenth",
    "fourteen fourteenth",
    "fifteen fifteenth",
    "sixteen sixteenth",
    "seventeen seventeenth",
    "eighteen eighteenth",
    "nineteen nineteenth",
)
"""Words for the numbers from nought on, first the number itself."""
_TENS: Final = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")
_SMALL: Final = {
    **{word: number for number, words in enumerate(SPELLED) for word in words.split()},
    **{stem + ending: 10 * tens for tens, stem in enumerate(_TENS, 2) for ending in ("y", "ies", "ieth")},
}
_WHOLE: Final = {"century": (100,), "centenary": (100,), "centennial": (100,), "midnight": (0, 24)}
_PARTS: Final = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25")}
_HUNDRED: Final = 100
_PLURALS: Final = (f"{scale}s" for scale in _SCALES)
_KNOWN: Final = frozenset(
    {*_SMALL, *_SCALES, *_PLURALS, "hundred", "hundreds", "hundredth", *_WHOLE, *_PARTS, "and", "point", "a", "an"}
)
"""Words that numbers are made of; any other ends one."""


def read_spelled(text: str) -> Iterator[Decimal]:
    """Give the numbers that a text spells out; of millions and the like, the number before that word too.

    >>> list(map(str, read_spelled("six and a half million in nineteen ninety-five, a hundred and two today")))
    ['6.5', '6500000', '1995', '102']
    >>> list(map(int, read_spelled("half a million")))[-1]
    500000
    """
    text = text.lower()
    reader, end = _Reader(), 0
    for token in _TOKEN.finditer(text):
        if token.group() not in _KNOWN:
            continue
        if _GAP.fullmatch(text, end, token.start()) is None:
            reader.close()
        reader.read(token.group())
        end = token.end()
    reader.close()
    yield from reader.found


class _Reader:
    """Adds words up to numbers, one word after the other."""

    def __init__(self) -> None:
        self.found: list[Decimal] = []
        self._total = self._current = Decimal(0)
        self._open = self._joins = False
        self._digit: int | None = None
        """Which digit after the decimal point is next; none before there is a point."""

    def read(self, word: str) -> None:
        """Go on with a word, or close the number where the word is no part of one."""
        single = word.removesuffix("s")
        if word in _SMALL:
            self._add_small(_SMALL[word])
        elif single == "hundred" or word == "hundredth":
            self._scale(2, bare=word == "hundred")
        elif single in _SCALES:
            self._scale(_SCALES[single], bare=word == single)
        elif word in _PARTS:
            self._add_part(_PARTS[word])
        elif word in {"and", "point"} and self._open:
            self._joins, self._digit = word == "and", 1 if word == "point" else None
        elif word not in {"a", "an"} or not (self._joins or 0 < self._current < 1):
            self.close()
            self.found += map(Decimal, _WHOLE.get(word, ()))

    def close(self) -> None:
        """Put the number away, if there is one."""
        if self._open:
            self.found.append(self._total + self._current)
        self._total = self._current = Decimal(0)
        self._open = self._joins = False
        self._digit = None

    def _add_small(self, small: int) -> None:
        if self._digit is not None:
            self._current += Decimal(small).scaleb(-self._digit)
            self._digit += 1
            return
        if self._open and not self._goes_on(small):
            if not self._joins and _is_half_year(self._current) and small >= 10:  # noqa: PLR2004
                self._current *= _HUNDRED
            else:
                self.close()
        self._current, self._open, self._joins = self._current + small, True, False

    def _goes_on(self, small: int) -> bool:
        """Whether a small number adds to the one before it: `twenty` `five`, `hundred` `and` `five`."""
        rest = self._current % _HUNDRED
        return rest == 0 or (not self._joins and rest % 10 == 0 and rest > 10 > small)  # noqa: PLR2004

    def _scale(self, zeros: int, *, bare: bool) -> None:
        """Multiply by a hundred or more; `thousands` alone say no number, and a hundred hundreds are many numbers."""
        if zeros == 2 and self._current >= _HUNDRED:  # noqa: PLR2004
            self.close()
        if not self._open and not bare:
            return
        if zeros > 2 and self._total % Decimal(1).scaleb(zeros + 1):  # noqa: PLR2004 - `three million and five million`
            self.found.append(self._total)
            self._total = Decimal(0)
        if self._open and zeros > 2:  # noqa: PLR2004
            self.found.append(self._current)
        scaled = (self._current or Decimal(1)).scaleb(zeros)
        self._total, self._current = (self._total, scaled) if zeros == 2 else (self._total + scaled, Decimal(0))  # noqa: PLR2004
        self._open, self._joins, self._digit = True, False, None

    def _add_part(self, part: Decimal) -> None:
        """Add `and a half`, or take `three quarters`."""
        if self._open and not self._joins:
            self._current *= part
        else:
            self._current += part
        self._open, self._joins = True, False


def _is_half_year(number: Decimal) -> bool:
    """Whether a number may be the first half of a year as it is said: `nineteen` `ninety`."""
    return 10 <= number < _HUNDRED  # noqa: PLR2004
