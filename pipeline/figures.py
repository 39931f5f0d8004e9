"""Numbers as two languages write them: which of a text's figures its translation lacks."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

NUMBER: Final = re.compile(r"[0-9]++(?:[.,:'’\u00a0\u202f ](?=[0-9])[0-9]++)*+")
_ATOM: Final = re.compile("[0-9]+")
_WORD: Final = re.compile("[a-z]+")
_DECIMALS: Final = re.compile("[.,]([0-9]{1,2})$")
_AFTERNOON: Final = re.compile(r"\bp\.?m\b", re.IGNORECASE)
_NOON: Final = 12
_CLOCK_DIGITS: Final = 3
_SPELLED: Final = {
    "0": "zero no none",
    "1": "one first a an single once",
    "2": "two second both twice double",
    "3": "three third",
    "4": "four fourth",
    "5": "five fifth",
    "6": "six sixth",
    "7": "seven seventh",
    "8": "eight eighth",
    "9": "nine ninth",
    "10": "ten tenth",
    "11": "eleven eleventh",
    "12": "twelve twelfth",
    "13": "thirteen",
    "14": "fourteen",
    "15": "fifteen",
    "16": "sixteen",
    "17": "seventeen",
    "18": "eighteen",
    "19": "nineteen",
    "20": "twenty",
    "30": "thirty",
    "40": "forty",
    "50": "fifty half",
    "60": "sixty",
    "70": "seventy",
    "80": "eighty",
    "90": "ninety",
    "100": "hundred",
    "1000": "thousand",
}
_WORDS: Final = {number: tuple(words.split()) for number, words in _SPELLED.items()}


def find_numbers(text: str) -> list[tuple[int, int]]:
    """Find the numbers of a text, with the separators inside them.

    >>> [("Den 3 mars: 1 200,50 kr"[a:b]) for a, b in find_numbers("Den 3 mars: 1 200,50 kr")]
    ['3', '1 200,50']
    """
    return [match.span() for match in NUMBER.finditer(text)]


def list_lost(source: str, target: str) -> list[str]:
    """List the digit strings of a source that its translation neither repeats nor spells out.

    Separators, leading zeros, `14.30` for `2:30 pm` and small numbers in words are a language's own affair.

    >>> list_lost("1 200,50 kr den 3 mars 2019", "SEK 1,200.50 on 3 March")
    ['2019']
    """
    wanted = _ATOM.findall(source)
    if not wanted:
        return []
    given = _ATOM.findall(target)
    if not Counter(wanted) - Counter(given) or "".join(wanted) == "".join(given):
        return []
    return _search(source, target)


def _search(source: str, target: str) -> list[str]:
    """Compare number by number; what is not there as a whole may be there in parts."""
    given = Counter(_plain(target[a:b]) for a, b in find_numbers(target))
    given.update(_plain(atom) for atom in _ATOM.findall(target))
    words = Counter(_WORD.findall(target.lower()))
    if _AFTERNOON.search(target):
        given.update(str(int(atom) + _NOON) for atom in _ATOM.findall(target) if len(atom) < _CLOCK_DIGITS)
    lost = []
    for start, end in find_numbers(source):
        if not _take(given, _plain(source[start:end])):
            atoms = _ATOM.findall(source[start:end])
            lost += [atom for atom in atoms if not (_take(given, _plain(atom)) or _is_spelled(atom, words))]
    return lost


def _plain(number: str) -> str:
    """Write a number without what languages differ in: separators, leading zeros, zeros after the decimal mark."""
    if decimals := _DECIMALS.search(number):
        number = number[: decimals.start()] + decimals[1].rstrip("0")
    return "".join(_ATOM.findall(number)).lstrip("0") or "0"


def _take(given: Counter[str], number: str) -> bool:
    if not given[number]:
        return False
    given[number] -= 1
    return True


def _is_spelled(atom: str, words: Counter[str]) -> bool:
    return any(_take(words, word) for word in _WORDS.get(atom.lstrip("0"), ()))
