"""What plain language is written with; a token of anything else is odd, and comes through a translation whole.

A token is plain unless letters and digits stand in it as no language writes them. Which do was counted on parallel
texts: what the other side repeats in nine of ten places is an entity, what it writes otherwise is language. Between the
two stand the doubts: they are left to the model, but a target that lacks one is flagged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BETWEEN: Final = r"\s,;!?…\"“”„«»‹›()–—"
"""What stands between two tokens."""
_LETTER: Final = r"[^\W\d_]"
_WORD: Final = rf"{_LETTER}++(?![\d_])"
_NUMBERED: Final = rf"(?:{_LETTER}{{3,}}[a-zåäö]\d{{1,2}}|(?i:ibu|apa|hal)2)(?!\w|[.:-]\d)"
"""A word with a number: `sekunder15` for want of a space, `ibu2` for `ibu-ibu`, but `python3` too."""
_CURRENCY: Final = r"Rp|[A-Z]{2,3}\$|\$[A-Z]{2}|[kK]r|IDR|USD|SEK|EUR|NOK|DKK|GBP"
_AMOUNT: Final = (
    rf"(?:{_CURRENCY})?(?!0[xX]\w)\d++(?:[.,:x×]\d++)*+(?:k?m[23]|WI(?:TA?|B)|{_LETTER}?[^\W\d_A-ZÅÄÖ]++)?(?!\w)"
)
"""A number with a currency before it or a unit or an ending after it: `Rp50.000`, `10km2`, `55Hz`, `14e`."""
_NUMBER_IN: Final = r"(?:[kcdm]?m[23]|S[1-3])(?!\w)"
"""Squares and cubes of metres, and how Indonesian numbers academic degrees."""
_CHAIN: Final = (
    r"(?=[\d./:-]*+[A-ZÅÄÖ])(?=[A-ZÅÄÖ./:-]*+\d)(?:[A-ZÅÄÖ]++|\d++)(?:[./:-](?:[A-ZÅÄÖ]++[a-zåäö]*+|\d++)){2,}+(?!\w)"
    rf"|\d++(?:[./:-]\d++)*+(?:[./:-][A-ZÅÄÖ]{_LETTER}*+)++[./:-]\d|[A-ZÅÄÖ]{{1,8}}-\d"
)
"""Numbers and capitals, as of cases: `005/SK/VII/2023`, `123/Pid.B/2021/PN`, `AN-245644`."""
_EQUALS: Final = r"(?:(?<!\w)=|=(?!\w)|(?<=[a-zåäö])=(?=[a-zåäö]))"
_PLAIN: Final = re.compile(
    rf"(?!{_CHAIN})(?:{_AMOUNT}|{_NUMBER_IN}|{_NUMBERED}|{_WORD}|[^\w={_BETWEEN}]|{_EQUALS})++",
)
_TOKEN: Final = re.compile(rf"[^\d={_BETWEEN}]*+[\d=][^{_BETWEEN}]*+")
_HINT: Final = re.compile(
    rf"[0-9=](?:(?<=\d)(?={_LETTER})|(?<=[^\W\d_]\d)|(?<=\d)(?=[./:-][A-ZÅÄÖ])|(?<=[A-ZÅÄÖ][./:-]\d)|(?<=\w=)(?=\w))"
)
"""What every odd token has: a digit that a letter touches, a capital all but touches, or a word is set to."""
_EDGES: Final = re.compile(r"\W*+(.*\w)", re.DOTALL)
_ENDING: Final = re.compile(r"(?:-[a-zåäö]{3,}+|[:'’][a-zåäö]{1,5})++\Z")
"""What a language adds to an odd token: `MP3-filer`, `H5P:s`."""
_INNER: Final = r"()\[\]{}=!;$+~*|\\<>^"
_DOUBT: Final = re.compile(
    rf"(?<!\S)[{_INNER}]*+(?:[^\s{_INNER}]++[{_INNER}]++){{3,}}+(?:[^\s{_INNER}.,:?…\"”]++)?"
    rf"|(?<!\w){_NUMBERED}|(?<![\w.@/-])[a-z]{{3,}}+\.[a-z]{{3,}}+(?![\w.@/-]*\w)"
    r"|(?<![\w.-])[a-z]{2,}+=[a-z]{2,}+(?![\w=])|(?<![^\s(]):[a-z]{2,}+(?![\w:-])"
    r"|(?<!\S)#{2,6}(?!\S)|(?<![\w/.-])[a-z][a-z0-9_-]*+/(?=[.,;:!?)])"
)
"""`f(g)(x)y`, `python3`, `order.status`, `type=radio`, `:kundnamn`, `##`, `dist/`: repeated in six to nine of ten."""

_DOUBT_HINT: Final = re.compile(
    rf"[#/0-9.:{_INNER}](?:(?<=#)(?=#)|(?<=[a-z0-9]/)(?=[.,;:!?)])|(?<=[a-zåäö][0-9])|(?<=[a-z][0-9.=:])(?=[a-z])"
    rf"|(?<=:)(?=[a-z])|(?<=[{_INNER}])[^\s{_INNER}]++[{_INNER}]++[^\s{_INNER}])"
)
"""What every doubt has; to search for this is ten times as fast."""


def find_odd(text: str) -> Iterator[tuple[int, int]]:
    """Find the tokens of a text that no plain language has, each without its punctuation and endings.

    >>> [("80-talets H5P-filer, på i386."[a:b]) for a, b in find_odd("80-talets H5P-filer, på i386.")]
    ['H5P', 'i386']
    """
    if _HINT.search(text):
        for token in _TOKEN.finditer(text):
            if not _PLAIN.fullmatch(token.group()):
                start, end = next(_EDGES.finditer(text, token.start(), token.end())).span(1)
                ending = _ENDING.search(text, start, end)
                if ending and not _PLAIN.fullmatch(text, start, ending.start()):
                    end = ending.start()
                if not _PLAIN.fullmatch(text, start, end):
                    yield start, end


def list_doubts(text: str) -> list[str]:
    """List what may be an entity or language: not protected, but a target that lacks it is flagged.

    >>> list_doubts("Starta python3 med order.status.")
    ['python3', 'order.status']
    """
    return _DOUBT.findall(text) if _DOUBT_HINT.search(text) else []
