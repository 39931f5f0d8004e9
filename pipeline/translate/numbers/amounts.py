"""Amounts as English writes them: numbers with their scale, currency or unit, which small models lose or swap.

*Miljard* and *billion* are far apart for a reader and close for a model, and `kr` after a number it drops nine times in
ten. An amount stands in the model's input as a symbol, and in the target as it is written here.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pipeline.translate.numbers.amount_tables import ALIKE, MONEY, NAMES, PER, SINGULAR, SYMBOLS
from pipeline.translate.numbers.separators import GAP, NUMBER, START, write_number
from pipeline.translate.numbers.words import find_number_words, say_in_english
from pipeline.translate.spans import keep_apart
from pipeline.translate.tables import match_words, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.translate.spans import Wording

_END: Final = r"(?![\w²³]|[.:/]\w|-(?!Rp)\w)"
_PART: Final = rf"(?:(?:[1-9][0-9]?{GAP}?)?[½⅓⅔¼¾⅛]|(?:[1-9][0-9]?{GAP})?[1-9]/[2-8](?![0-9/]))"
_DIGIT: Final = re.compile("[0-9½⅓⅔¼¾⅛]")
_FRACTION: Final = re.compile("[½⅓⅔¼¾⅛/]")
_POINT: Final = r"(?:\.(?= [a-zåäö]))?"
"""What belongs to a short form where the sentence goes on: `2 milj. kr`."""
_NO_PRICE: Final = "(?:,[-–](?!\\w))?"
"""What Indonesian prices end with instead of sen: `Rp 5.000,-`."""
_AFTER_RUPIAH: Final = frozenset("MT")
"""Scales that letters stand for where `Rp` stands before the number."""
_OTHER: Final = re.compile(r"(?:1[5-9]|20)[0-9]0 s\b|[0-9]++s\b|[2-6]g\b")
"""Decades, models and networks: `1970 s`, `5s`, `4g`."""
_MILLION: Final = 10**6


def find_amounts(text: str, lang: str) -> list[Wording]:
    """Find a text's amounts: start, end and English of each.

    >>> text = "Skulden på 1,5 miljarder kronor, 12 500 kr/mån, en miljon euro"
    >>> [english for _, _, english in find_amounts(text, "sv")]
    ['1.5 billion kronor', '12,500 kr/month', 'one million euros']
    >>> [english for _, _, english in find_amounts("Rp35rb, Rp 1.250.000,-, ½ sdt", "id")]
    ['Rp35,000', 'Rp 1,250,000', '½ tsp']
    """
    if lang not in NAMES:
        return []
    found = list(_find_in_digits(text, lang)) if _DIGIT.search(text) else []
    spelled = keep_apart(_find_in_words(text, lang), [(start, end) for start, end, _ in found])
    return sorted(found + spelled) if spelled else found


def _find_in_digits(text: str, lang: str) -> Iterator[Wording]:
    for match in _pattern(lang).finditer(text):
        is_named = match["name"] and match["name"] not in _AFTER_RUPIAH
        if is_named or match["symbol"] or (match["alike"] and not _OTHER.match(text, match.start("number"))):
            yield (*match.span(), _write_amount(match, lang))


def _find_in_words(text: str, lang: str) -> Iterator[Wording]:
    """Find numbers in words that a scale of a million or more, a currency or a unit goes with."""
    for start, end, value in find_number_words(text, lang):
        tail = _tail(lang).match(text, end)
        name = read_table(f"{NAMES[lang]}|{MONEY}")[tail["name"]] if tail else ""
        if tail or value >= _MILLION:
            number = say_in_english(10 * value if name == "km" else value, text[start:end])
            yield start, tail.end() if tail else end, f"{number} {name}".rstrip()


@functools.cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Make the search for a language's amounts: currency, number or two, scale or unit, currency, and per what."""
    number = f"(?:{_PART}|{NUMBER})"
    return re.compile(
        rf"(?:{START}|(?<=\w-)(?=Rp))(?:(?P<symbol>{SYMBOLS})\.?(?P<gap>{GAP}?))?"
        rf"(?P<number>{number})(?:{GAP}?[–-]{GAP}?(?P<other>{number}))?(?(symbol){_NO_PRICE}|)"
        rf"(?:{GAP}?(?:(?P<name>{match_words(NAMES[lang])}){_POINT}(?: (?P<money>{match_words(MONEY)}))?"
        rf"|(?P<alike>{ALIKE})))?"
        rf"(?:/(?P<per>{match_words(PER)}))?{_END}"
    )


@functools.cache
def _tail(lang: str) -> re.Pattern[str]:
    """Make the search for what goes with a number in words."""
    return re.compile(rf"\s(?P<name>{match_words(f'{NAMES[lang]}|{MONEY}')}){_END}")


def _write_amount(match: re.Match[str], lang: str) -> str:
    """Write an amount in English."""
    name = read_table(NAMES[lang]).get(match["name"] or "", match["alike"] or "")
    if match["symbol"] == "Rp" and name == "m":
        name = "billion"
    times = {"thousand": 1000, "km": 10 if match["name"] else 1}.get(name, 1)
    numbers = [_write_either(each, times) for each in match.group("number", "other") if each]
    name = "" if name == "thousand" else name
    if numbers == ["1"] or (numbers[0][0] in "½⅓⅔¼¾⅛" or numbers[0][1:2] == "/"):
        name = read_table(SINGULAR).get(name, name)
    money = read_table(MONEY).get(match["money"] or "", "")
    per = read_table(PER).get(match["per"] or "", "")
    symbol = match["symbol"] + (match["gap"] and " ") if match["symbol"] else ""
    said = [symbol + "–".join(numbers), name, money]
    each = " each" if per == "each" else f"/{per}" if per else ""
    return " ".join(filter(None, said)) + each


def _write_either(number: str, times: int) -> str:
    """Write a number in English, and a fraction as it is."""
    return number if _FRACTION.search(number) else write_number(number, times)
