"""Numbers with the separators of a language that groups by points or spaces, written as English writes them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipeline.translate.spans import blank_out

if TYPE_CHECKING:
    from pipeline.translate.spans import Wording

GAP: Final = "[ \u00a0\u202f]"
START: Final = rf"(?<![\w.,:/+−-])(?<![0-9]{GAP})"
_CENTS: Final = "(?:,[0-9]{1,2})?"
_THOUSANDS: Final = rf"(?:(?:{GAP}|\.)[0-9]{{3}})++{_CENTS}"
NUMBER: Final = rf"(?:[1-9][0-9]{{0,2}}{_THOUSANDS}|[0-9]++(?:[.,][0-9]{{1,2}})?)(?![0-9])"
_LANGS: Final = frozenset({"sv", "id"})
_DIGITS_GROUPED: Final = 5
_WITH_SPACES: Final = (
    rf"(?:[1-9][0-9]?(?:{GAP}[0-9]{{3}})++|[1-9][0-9]{{2}}{GAP}[0-9]{{3}}(?!{GAP}[0-9])"
    rf"|[1-9][0-9]{{2}}(?:{GAP}[0-9]{{3}})++(?=,[0-9]|{GAP}[^\W\d_])){_CENTS}(?!{GAP}[0-9])"
)
"""Three groups of three digits or more, with no word or decimals after them, may be a list."""
_SEPARATED: Final = rf"(?:[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})++{_CENTS}|{_WITH_SPACES}|[0-9]++,[0-9]{{1,2}})(?![0-9])"
_SIGNED: Final = rf"(?:{START}|(?<=[\s(][+−-]))"
_BARE: Final = "[1-9][0-9]{0,2}"
_TO: Final = rf"{GAP}?[–-]{GAP}?"
_FOUND: Final = re.compile(
    rf"{_SIGNED}(?:(?P<first>{_SEPARATED})(?:{_TO}(?P<last>{_SEPARATED}|{_BARE}(?![0-9])))?|{_BARE}{_TO}(?P<only>{_SEPARATED}))"
    "(?![0-9]|[.,:/-][0-9])"
)
"""A number that English separates otherwise, or two with a dash between them."""
_DIGIT: Final = re.compile("[0-9]")
_COPIED: Final = re.compile(rf"(?<![\w.,:])[0-9]++(?:[.,][0-9]++|{GAP}[0-9]{{3}}(?![0-9]))*+")


def find_grouped(text: str, lang: str) -> list[Wording]:
    """Find the numbers with separators that English uses otherwise.

    >>> find_grouped("Sebanyak 1.245 orang, 500-1.500 ton", "id")
    [(9, 14, '1,245'), (26, 31, '1,500')]
    """
    if lang not in _LANGS:
        return []
    return [
        (*match.span(side), write_number(match[side]))
        for match in _FOUND.finditer(text)
        for side in ("first", "last", "only")
        if match[side]
    ]


def is_one_number(text: str, lang: str) -> bool:
    """Tell whether a text without words is one number that no other kind of digits is written like.

    >>> is_one_number("(2 187,45)", "sv"), is_one_number("5,2 %", "id"), is_one_number("1.234", "id")
    (True, True, False)
    """
    found = find_grouped(text, lang)
    if len(found) != 1:
        return False
    start, end, _ = found[0]
    rest = text[:start] + text[end:]
    return not any(map(str.isdigit, rest)) and any(mark in text[start:end] for mark in ", \u00a0\u202f")


def write_number(number: str, times: int = 1) -> str:
    """Write a number of a language that groups by points or spaces in English.

    >>> [write_number(number) for number in ("1.299,50", "2 000 000", "0,5", "1500")], write_number("0,25", 10)
    (['1,299.50', '2,000,000', '0.5', '1500'], '2.5')
    """
    grouped = re.fullmatch(rf"[0-9]{{1,3}}{_THOUSANDS}", number)
    whole, _, decimals = number.partition(",") if grouped else number.replace(",", ".").partition(".")
    digits = re.sub(r"\D", "", whole)
    if times > 1:
        digits, _, decimals = f"{(Decimal(f'{digits}.{decimals or 0}') * times).normalize():f}".partition(".")
    many = grouped or times > 1 or len(digits) >= _DIGITS_GROUPED
    return (f"{int(digits):,}" if many else digits) + (f".{decimals}" if decimals else "")


def settle_numbers(source: str, target: str, lang: str) -> str:
    """Write in English the numbers that a model has copied, or separated otherwise: those with the same digits.

    >>> settle_numbers("Sebanyak 1.245 orang", "As many as 1.245 people", "id")
    'As many as 1,245 people'
    >>> settle_numbers("Indeks 7.123,45 dan 1,5", "Index 7,123,45 and 1.5", "id")
    'Index 7,123.45 and 1.5'
    """
    if lang not in _LANGS or not _DIGIT.search(target):
        return target
    wanted = _list_wanted(source, lang)
    return (
        _COPIED.sub(lambda match: wanted.get(_read_digits(match.group()), match.group()), target) if wanted else target
    )


def _list_wanted(source: str, lang: str) -> dict[str, str]:
    """Give the English of a source's numbers by their digits, where no other number has the same ones."""
    grouped = find_grouped(source, lang)
    if not grouped:
        return {}
    wanted: dict[str, str] = {}
    for start, end, english in grouped:
        digits = _read_digits(source[start:end])
        wanted[digits] = english if wanted.get(digits, english) == english else ""
    others = {
        _read_digits(match.group())
        for match in _COPIED.finditer(blank_out(source, ((a, b) for a, b, _ in grouped), ""))
    }
    return {digits: english for digits, english in wanted.items() if english and digits not in others}


def _read_digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))
