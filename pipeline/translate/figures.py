"""Numbers as two languages write them: which of a text's figures its translation lacks."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

NUMBER: Final = re.compile(r"[0-9]++(?:[.,:'’\u00a0\u202f ](?=[0-9])[0-9]++)*+")
_ATOM: Final = re.compile("[0-9]+")
_WORD: Final = re.compile("[a-z]+|[0-9]{1,2}(?:st|nd|rd|th)")
_DECIMALS: Final = re.compile("[.,]([0-9]{1,2})$")
_AFTERNOON: Final = re.compile(r"\bp\.?m\b", re.IGNORECASE)
_NOON: Final = 12
_CLOCK_DIGITS: Final = 3
_NO_MINUTES: Final = "00"
_ONES: Final = (
    ("zero",),
    ("one", "first", "single", "once"),
    ("two", "second", "both", "twice", "double", "half"),
    *(
        tuple(words.split())
        for words in (
            "three third",
            "four fourth quarter",
            "five fifth",
            "six sixth",
            "seven seventh",
            "eight eighth",
            "nine ninth",
            "ten tenth",
            "eleven eleventh",
            "twelve twelfth",
            "thirteen thirteenth",
            "fourteen fourteenth",
            "fifteen fifteenth",
            "sixteen sixteenth",
            "seventeen seventeenth",
            "eighteen eighteenth",
            "nineteen nineteenth",
        )
    ),
)
_TENS: Final = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")
_TEN_ENDINGS: Final = ("y", "ies", "ieth")
_CENTURY: Final = 100
_THOUSAND: Final = 1000


def find_numbers(text: str) -> list[tuple[int, int]]:
    """Find the numbers of a text, with the separators inside them.

    >>> [("Den 3 mars: 1 200,50 kr"[a:b]) for a, b in find_numbers("Den 3 mars: 1 200,50 kr")]
    ['3', '1 200,50']
    """
    return [match.span() for match in NUMBER.finditer(text)]


def list_lost(source: str, target: str) -> list[str]:
    """List the digit strings of a source that its translation neither repeats nor spells out.

    Separators, leading zeros, `14.30` for `2:30 pm`, numbers in words and centuries are a language's own affair.

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
    numbers = [target[a:b] for a, b in find_numbers(target)]
    given = Counter(map(_plain, numbers))
    given.update(_plain(atom) for number in numbers if len(atoms := _ATOM.findall(number)) > 1 for atom in atoms)
    words = Counter(_WORD.findall(target.lower()))
    if _AFTERNOON.search(target):
        given.update(str(int(atom) + _NOON) for atom in _ATOM.findall(target) if len(atom) < _CLOCK_DIGITS)
    lost = []
    for start, end in find_numbers(source):
        if not _take(given, _plain(source[start:end])):
            atoms = _ATOM.findall(source[start:end])
            lost += [atom for atom in atoms if not (_take(given, _plain(atom)) or _is_spelled(atom, words))]
            lost = [atom for atom in lost if atom != _NO_MINUTES] if len(atoms) > 1 else lost
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
    """Whether a number below a thousand stands there in words, or a century (1800-tal) by its own number."""
    number = int(atom)
    if number < _THOUSAND and all(any(_take(words, word) for word in part) for part in _spell(number)):
        return True
    if len(atom) not in {3, 4} or number % _CENTURY or not words["century"]:
        return False
    century = number // _CENTURY + 1
    return any(words[f"{century}{ending}"] for ending in ("st", "nd", "rd", "th")) or _is_spelled(str(century), words)


def _spell(number: int) -> list[tuple[str, ...]]:
    """Give a number's words, each with what may stand for it.

    >>> _spell(35)
    [('thirty', 'thirties', 'thirtieth'), ('five', 'fifth')]
    """
    hundreds, rest = divmod(number, _CENTURY)
    parts = [_ONES[hundreds], ("hundred", "hundreds", "hundredth")] if hundreds else []
    if rest >= len(_ONES):
        tens, rest = divmod(rest, 10)
        parts.append(tuple(_TENS[tens - 2] + ending for ending in _TEN_ENDINGS))
    return [*parts, _ONES[rest]] if rest or not parts else parts
