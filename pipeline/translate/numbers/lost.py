"""Which of a text's numbers its translation lacks, however the two languages write them."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipeline.translate.dates.clock import find_clocks
from pipeline.translate.dates.words import ENGLISH_MONTHS
from pipeline.translate.numbers.find import GAPS, NUMBER
from pipeline.translate.numbers.signs import list_lost_signs
from pipeline.translate.numbers.spelled import read_spelled
from pipeline.translate.numbers.units import is_converted
from pipeline.translate.numbers.words import find_number_words
from pipeline.translate.spans import keep_apart
from pipeline.translate.words.spellings import write_twice

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIL: Final = re.compile(r"\smil\b")
"""Swedish miles have ten kilometres."""
_ATOM: Final = re.compile("[0-9]+")
_GROUPED: Final = re.compile(rf"([0-9]{{1,3}}(?:[.,{GAPS}][0-9]{{3}})++)(?:[.,]([0-9]{{1,2}}))?")
_DECIMAL: Final = re.compile("([0-9]+)[.,]([0-9]{1,2})")
_CLOCK: Final = re.compile("([01]?[0-9]|2[0-4])(?:[.:]([0-5][0-9]))?")
_HALF_DAY: Final = re.compile(r"(?<![0-9.:])(1[0-2]|0?[0-9])(?:[.:]([0-5][0-9]))? ?([ap])\.?m\b", re.IGNORECASE)
_CENTURY: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)[ -]centur|([a-z]{5,11}(?:-first)?)[ -]centur")
_DECADE: Final = re.compile("(?:19|20)([0-9]0)s")
_LAST_CENTURY: Final = re.compile("0*+19[0-9]0")
_DATE: Final = re.compile(r"(?<![0-9])[0-9]{1,2}[/.][0-9]{1,2}(?![0-9])")
_DATED: Final = re.compile("[0-9]{1,4}[.:][0-9]{1,2}[.:][0-9]{2,4}")
_MONTHS: Final = tuple(month[:3].lower() for month in ENGLISH_MONTHS)
_MONTH: Final = re.compile(rf"\b(?:{'|'.join(_MONTHS)})[a-z]*")
_SCALES: Final = {
    3: "tusen|ribu|rb|thousand|k",
    6: "miljon|miljoner|milj|mn|mkr|mnkr|juta|jt|million|m",
    9: "miljard|miljarder|mdr|mdkr|miliar|billion|bn",
    12: "biljon|biljoner|triliun|trillion",
}
_SCALED: Final = re.compile(
    f"({NUMBER.pattern})[ \u00a0-]?(?:{'|'.join(f'(?P<e{zeros}>{words})' for zeros, words in _SCALES.items())})"
    r"(?![a-zåäö])",
    re.IGNORECASE,
)
_A_UNIT: Final = re.compile(
    r"\b(?:a|an|per) (?:second|minute|hour|day|night|week|month|year|mile|kilomet|met(?:er|re)|kilo)"
)
_DEGREES: Final = {
    "1": re.compile("bachelor|undergraduate"),
    "2": re.compile("master|postgraduate|graduate"),
    "3": re.compile("doctor|ph.?d"),
}
"""How Indonesian numbers academic degrees: S1, S2, S3."""
_NOON: Final = 12
_HUNDRED: Final = 100
_MOST_MEASURES: Final = 20
"""A text that lacks more numbers than this lacks them: to look for each as a measure takes the square of its length."""


def list_lost_numbers(source: str, target: str, lang: str = "") -> list[str]:
    """List the numbers of a source that its translation has neither in digits nor in words.

    Separators, leading zeros, `14.30` for `2:30 pm`, numbers in words and centuries are a language's own affair.

    >>> list_lost_numbers("1 200,50 kr den 3 mars 2019", "SEK 1,200.50 on 3 March")
    ['2019']
    >>> list_lost_numbers("femtio av sextio dagar", "fifty of six days", "sv")
    ['sextio']
    """
    source = write_twice(source, lang)
    lost = _list_lost_digits(source, target) + _list_lost_words(source, target, lang)
    return lost or list_lost_signs(source, target)


def _list_lost_words(source: str, target: str, lang: str) -> list[str]:
    """List the numbers that a source spells out and its translation lacks; of equal ones, one is enough.

    The words of a time are none of them: `kvart över tre` is 3:15, and `kvart i tre` has no three at all.
    """
    found = find_number_words(source, lang)
    wanted = keep_apart(found, [(start, end) for start, end, _ in find_clocks(source, lang)]) if found else []
    if not wanted:
        return []
    given = {*map(_normalise, NUMBER.findall(target)), *_list_other_forms(source, target)}
    return [
        source[start:end]
        for start, end, value in wanted
        if str(value) not in given and not (_MIL.match(source, end) and str(10 * value) in given)
    ]


def _list_lost_digits(source: str, target: str) -> list[str]:
    """List the digit strings of a source that its translation lacks."""
    wanted = NUMBER.findall(source)
    if not wanted:
        return []
    given = Counter(map(_normalise, NUMBER.findall(target)))
    missing = [number for number in wanted if not _take(given, _normalise(number))]
    lost = _find_lost(missing, source, target, given + Counter(_list_other_forms(source, target))) if missing else []
    lost += _list_rescaled(source, target)
    return lost if len(lost) > _MOST_MEASURES else [n for n in lost if not is_converted(n, source, target)]


def _list_rescaled(source: str, target: str) -> list[str]:
    """List numbers that came through on another scale: millions for milliards.

    >>> _list_rescaled("2 miljarder kronor", "2 million kronor"), _list_rescaled("2 miljarder", "2 billion")
    (['2'], [])
    """
    given = dict(_list_scaled(target))
    plain = {_normalise(number): amount for number, amount in given.items()}
    amounts = set(given.values())
    return [
        number
        for number, amount in _list_scaled(source)
        if amount not in amounts and plain.get(_normalise(number), amount) != amount
    ]


def _find_lost(missing: list[str], source: str, target: str, offered: Counter[str]) -> list[str]:
    """Look for numbers in other forms: on another clock, scaled, in parts."""
    scaled = dict(_list_scaled(source))
    lost = []
    for number in missing:
        forms = [_normalise(number), *_tell_hour(number, target), scaled.get(number, ""), _name_decade(number)]
        if any(_take(offered, form) for form in forms):
            continue
        if _is_indivisible(number):
            lost.append(number)
        else:
            lost += [atom for atom in _ATOM.findall(number) if not _take(offered, _normalise(atom))]
    return lost


def _normalise(number: str) -> str:
    """Write a number without what languages differ in: separators, leading zeros, zeros after the decimal mark.

    >>> _normalise("1.200,50"), _normalise("0,5"), _normalise("08.00"), _normalise("14:30"), _normalise("3.6.2024")
    ('1200.5', '0.5', '8', '14:30', '3:6:2024')
    """
    atoms = _ATOM.findall(number)
    if match := _GROUPED.fullmatch(number):
        decimals = match[2] or ""
        atoms = ["".join(_ATOM.findall(match[1]))]
    elif match := _DECIMAL.fullmatch(number):
        decimals = match[2]
        atoms = [match[1]]
    else:
        decimals = ""
    whole = ":".join(atom.lstrip("0") or "0" for atom in atoms)
    return whole + f".{decimals.rstrip('0')}".rstrip(".")


def _is_indivisible(number: str) -> bool:
    """Whether the parts of a number mean nothing by themselves, as those of a date would."""
    return bool(_GROUPED.fullmatch(number) or _DECIMAL.fullmatch(number) or _CLOCK.fullmatch(number))


def _take(given: Counter[str], number: str) -> bool:
    if not given[number]:
        return False
    given[number] -= 1
    return True


def _list_other_forms(source: str, target: str) -> Iterator[str]:
    """Give the numbers that a target holds in another form: spelled, scaled, in dates, on a clock, as centuries."""
    lower = target.lower()
    for number in NUMBER.findall(target):
        if _DATED.fullmatch(number):
            yield from map(_normalise, _ATOM.findall(number))
        elif number.endswith(":00"):
            yield _normalise(number[:-3])
    yield from map(_write_decimal, read_spelled(lower))
    yield from (number for _, number in _list_scaled(target))
    yield from _DECADE.findall(target)
    for hour, minutes, half in _HALF_DAY.findall(target):
        shown = int(hour) % _NOON + _NOON * (half in "pP")
        yield f"{shown}:{int(minutes)}" if minutes else str(shown)
    for ordinal, word in _CENTURY.findall(lower):
        number = int(ordinal) if ordinal else int(next(read_spelled(word), Decimal(1)))
        yield str(_HUNDRED * (number - 1))
    yield from ("1" for _ in _A_UNIT.findall(lower))
    yield from (level for level, degree in _DEGREES.items() if f"S{level}" in source and degree.search(lower))
    if _DATE.search(source):
        yield from (str(1 + _MONTHS.index(month[:3])) for month in _MONTH.findall(lower))


def _list_scaled(text: str) -> Iterator[tuple[str, str]]:
    """Give numbers of thousands, millions and so on, each with what it comes to.

    >>> list(_list_scaled("Rp 32 ribu, 1,5 miljoner"))
    [('32', '32000'), ('1,5', '1500000')]
    """
    for match in _SCALED.finditer(text):
        zeros = int((match.lastgroup or "e0")[1:])
        plain = _normalise(match[1])
        if ":" not in plain:
            yield match[1], _write_decimal(Decimal(plain).scaleb(zeros))


def _write_decimal(number: Decimal) -> str:
    """Write a number as `_normalise` does."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _tell_hour(number: str, target: str) -> Iterator[str]:
    """Give a time of day in the forms that it may have on an English clock, or on one of soldiers: `0955`.

    >>> list(_tell_hour("14.30", "")), list(_tell_hour("08.00", "at 8")), list(_tell_hour("08.00", "on the 8th"))
    (['14:30', '1430', '14.3'], ['8:0', '800', '8'], ['8:0', '800'])
    """
    clock = _CLOCK.fullmatch(number)
    if clock and clock[2]:
        yield f"{int(clock[1])}:{int(clock[2])}"
        yield _normalise(f"{clock[1]}{clock[2]}")
        if int(clock[2]):
            yield _normalise(f"{clock[1]}.{clock[2]}")
        elif f"{int(clock[1])}th" not in target:
            yield str(int(clock[1]))


def _name_decade(number: str) -> str:
    """Give the short name of a decade: 80 for 1980."""
    return _normalise(number[-2:]) if _LAST_CENTURY.fullmatch(number) else ""
