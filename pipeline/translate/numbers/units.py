"""Measures that a translation gives in its readers' units: `65 km` as `40 miles`."""

from __future__ import annotations

import re
from typing import Final

from pipeline.translate.numbers.spelled import read_spelled

_GROUPED: Final = "[0-9]{1,3}(?:[.,\u00a0\u202f ][0-9]{3})++"
_NUMBER: Final = rf"(?<![0-9.,])(?:{_GROUPED}(?![0-9])|[0-9]{{1,7}}(?:[.,][0-9]{{1,2}})?(?![0-9]))"
_RULES: Final = (
    (r"km|kilometer", r"mi(?:les?|\.)|mph", 0.6214, 0.0),
    (r"mil", r"miles?|mi\.", 6.214, 0.0),
    (r"mil", r"km|kilomet(?:er|re)s?", 10.0, 0.0),
    (r"cm|centimeter|sentimeter", r"inch(?:es)?|in\.", 0.3937, 0.0),
    (r"cm|centimeter|sentimeter", r"f(?:oo|ee)t|ft", 0.0328, 0.0),
    (r"mm|millimeter|milimeter", r"inch(?:es)?|in\.", 0.03937, 0.0),
    (r"m|meter", r"f(?:oo|ee)t|ft", 3.281, 0.0),
    (r"m|meter", r"yards?", 1.094, 0.0),
    (r"kg|kilo|kilogram", r"pounds?|lbs?", 2.205, 0.0),
    (r"liter", r"gallons?", 0.2642, 0.0),
    (r"grader|derajat|°C", r"degrees?|°F", 1.8, 32.0),
)
_MEASURES: Final = tuple(
    (re.compile(rf"[ \u00a0]?(?:[–-] ?{_NUMBER}[ \u00a0]?)?(?:{home})\b"), re.compile(rf"(?:{away})\b"), factor, zero)
    for home, away, factor, zero in _RULES
)
_ASIDE: Final = re.compile(r"\([^()]{0,80}+\)")
"""What stands in brackets was added to the measure that was there."""
_A_UNIT: Final = re.compile(r"\ba (?=mile|foot|yard|pound|gallon)|\ban (?=inch)")
_TOLERANCE: Final = 0.13
"""Whoever converts rounds: 2.5 cm is an inch, 30 kilos are 65 pounds."""


def is_converted(number: str, source: str, target: str) -> bool:
    """Tell whether a number of the source stands in the target in another unit.

    >>> is_converted("65", "inom 65 km från", "within 40 miles of"), is_converted("65", "inom 65 km", "within 65 miles")
    (True, False)
    >>> is_converted("15.300", "15.300 mil", "153,000 km")
    True
    >>> is_converted("1,5", "1,5 km bort", "about a mile away"), is_converted("60", "60 cm", "a two-foot brim")
    (True, True)
    """
    places = [match.end() for match in re.finditer(rf"(?<![0-9.,]){re.escape(number)}(?![0-9]|[.,][0-9])", source)]
    if not places or not re.fullmatch(_NUMBER, number):
        return False
    target = _A_UNIT.sub("1 ", _ASIDE.sub("", target))
    amount = _read(number)
    for home, away, factor, zero in _MEASURES:
        if any(home.match(source, place) for place in places) and away.search(target):
            wanted = amount * factor + zero
            if any(abs(given - wanted) <= _TOLERANCE * wanted for given in _list_amounts(target)):
                return True
    return False


def _list_amounts(target: str) -> list[float]:
    """List the numbers of a target, in digits and in words."""
    written = [_read(given) for given in re.findall(_NUMBER, target)]
    return written + [float(given) for given in read_spelled(target)]


def _read(number: str) -> float:
    """Read a number; three digits after a separator are thousands.

    >>> _read("15.300"), _read("2,5")
    (15300.0, 2.5)
    """
    return float(re.sub(r"\D", "", number) if re.fullmatch(_GROUPED, number) else number.replace(",", "."))
