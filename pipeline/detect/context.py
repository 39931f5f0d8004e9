"""A document's lines decided together: what stands around a short line says what it is.

Two pictures of a page are held against its lines. In the one it is a mosaic: runs of lines in one language, then a run
in another. In the other it is a page in one language with stray foreign lines. Each line gets the average of what the
pictures make of it, weighted by how well they fit the page. The second is why a single English line among Swedish ones
stays English: there one step away from the page's language is enough, and no step back has to be paid for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import sqrt
from operator import mul
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NOTHING: Final = ("und", 1.0)
"""What is said of a text without letters."""
STAY: Final = 0.9
"""Probability that a line of a mosaic goes on in its predecessor's language."""
STRAY: Final = 0.2
"""Share of foreign lines on a page in one language."""
MOSAIC: Final = 0.3
"""Probability, before looking, that a page is a mosaic."""
KIN: Final = {"jv": 1, "ms": 1, "su": 1, "id": 1, "da": 2, "fo": 2, "is": 2, "nb": 2, "nn": 2, "sv": 2}
"""Families of languages that are easily taken for each other: there vocabulary misleads, and many lines decide."""
LEANING: Final = {"id": 0.1, "sv": 0.4}
"""Takes a detector's leaning to Tolk's own languages out of all lines of a page but one: over ten it would add up."""
ANYTHING: Final = 0.6
"""Share of strays, and of new runs, that are in any language rather than in one that the page has much of."""
FLOOR: Final = 1e-4
"""Added to every probability: one line rules nothing out."""
MAX_LANGUAGES: Final = 8
"""Languages that a page is weighed in, those with most support."""
MIN_SHARE: Final = 0.002
"""A language with less than this share of a page is left out, unless a line speaks for it with `LOUD`."""
LOUD: Final = 0.2
"""A line that gives a language this much keeps it in the running."""

_Row = Sequence[float]
"""A value for each language in question."""
_Column = Sequence[float]
"""A value for each line: what is the same for all lines is quicker worked out so."""
_SURE: Final = 1e-5
"""What has less probability than this is not worked out."""
_TINY: Final = 1e-100
"""Rows are not scaled before they come down to this, which leaves room for the product of two."""


def decide_together(lines: Sequence[Mapping[str, float]]) -> list[tuple[str, float]]:
    """Give each line its language and the probability of it, given what all lines of the document say.

    A line without evidence is `und` and has no say.

    >>> page = [{"sv": 0.9, "da": 0.1}, {}, {"da": 0.51, "sv": 0.49}, {"sv": 0.9, "da": 0.1}]
    >>> [language for language, _ in decide_together(page)]
    ['sv', 'und', 'sv', 'sv']
    """
    heard = [line for line in lines if line]
    if len(heard) < 2:  # noqa: PLR2004 — a line alone has no context
        return [_likeliest(list(line), list(line.values())) if line else NOTHING for line in lines]
    shares = _share_out(heard)
    languages = list(shares)
    decided = iter(_average(_temper(heard, languages), list(shares.values())))
    return [_likeliest(languages, next(decided)) if line else NOTHING for line in lines]


def _likeliest(languages: Sequence[str], row: _Row) -> tuple[str, float]:
    most = max(row)
    return languages[row.index(most)], min(1.0, round(most / sum(row), 6))


def _share_out(lines: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """How much of the document each language has, before the lines are weighed together."""
    total: dict[str, float] = {}
    loud: set[str] = set()
    for line in lines:
        for language, weight in line.items():
            total[language] = total.get(language, 0.0) + weight
            if weight >= LOUD:
                loud.add(language)
    quiet = MIN_SHARE * len(lines)
    heard = [language for language in total if language in loud or total[language] >= quiet]
    kept = sorted(heard, key=lambda language: (-total[language], language))[:MAX_LANGUAGES]
    every = sum(total[language] for language in kept)
    return {language: (1 - ANYTHING) * total[language] / every + ANYTHING / len(kept) for language in kept}


def _temper(lines: Sequence[Mapping[str, float]], languages: Sequence[str]) -> list[_Column]:
    """How much the lines speak for each language; between those of a family, the root of the odds is what counts."""
    columns: list[_Column] = [[line.get(language, 0.0) + FLOOR for line in lines] for language in languages]
    families = [KIN.get(language) for language in languages]
    for family in set(families) - {None}:
        members = [n for n, one in enumerate(families) if one == family]
        together = list(map(sum, zip(*(columns[n] for n in members), strict=True)))
        for n in members:
            lean = LEANING.get(languages[n], 1.0) ** (1 - 1 / len(lines))
            columns[n] = [sqrt(every * weight * lean) for every, weight in zip(together, columns[n], strict=True)]
    return columns


def _average(columns: Sequence[_Column], shares: list[float]) -> Iterable[_Row]:
    rows: list[_Row] = list(zip(*columns, strict=True))
    forward, fit = _run_forward(rows, shares)
    mixed = _mix_strays(columns, shares)
    mains, plain_fit = _weigh_mains(mixed, shares)
    odds = math.exp(max(-700.0, min(700.0, plain_fit - fit)))
    trust = MOSAIC / (MOSAIC + (1 - MOSAIC) * odds)
    if trust < _SURE:
        return _weigh_strays(columns, shares, mains, mixed)
    mosaic = _run_backward(rows, shares, forward)
    if trust > 1 - _SURE:
        return mosaic
    plain = _weigh_strays(columns, shares, mains, mixed)
    return [_join(trust / sum(a), a, 1 - trust, b) for a, b in zip(mosaic, plain, strict=True)]


def _join(first: float, a: _Row, second: float, b: _Row) -> _Row:
    return [first * x + second * y for x, y in zip(a, b, strict=True)]


def _run_forward(rows: Sequence[_Row], shares: list[float]) -> tuple[list[_Row], float]:
    """Go down a mosaic, which stays in a language or draws one anew: what is known at each line, and the fit."""
    jumps = [(1 - STAY) / STAY * share for share in shares]
    known: _Row = list(map(mul, shares, rows[0]))
    forward = [known]
    total, scaled = sum(known), (len(rows) - 1) * math.log(STAY)
    for row in rows[1:]:
        known = [(before + jump * total) * weight for before, jump, weight in zip(known, jumps, row, strict=True)]
        total = sum(known)
        if total < _TINY:
            scaled += math.log(total)
            known = [value / total for value in known]
            total = 1.0
        forward.append(known)
    return forward, scaled + math.log(total)


def _run_backward(rows: Sequence[_Row], shares: list[float], forward: Sequence[_Row]) -> list[_Row]:
    """Go up a mosaic again: how likely each line's languages are, given the lines on both sides."""
    jumps = [(1 - STAY) / STAY * share for share in shares]
    back = [1.0] * len(shares)
    decided = [forward[-1]]
    for row, before in zip(reversed(rows[1:]), reversed(forward[:-1]), strict=True):
        seen = list(map(mul, row, back))
        jumped = sum(map(mul, jumps, seen))
        scale = 1 / jumped if jumped < _TINY else 1.0
        back = [(value + jumped) * scale for value in seen]
        decided.append(list(map(mul, before, back)))
    return decided[::-1]


def _mix_strays(columns: Sequence[_Column], shares: list[float]) -> list[_Column]:
    """How well the lines fit a page in each language, on which any of them may be a stray."""
    strays = [[STRAY * share * weight for weight in column] for share, column in zip(shares, columns, strict=True)]
    foreign = list(map(sum, zip(*strays, strict=True)))
    return [[(1 - STRAY) * weight + stray for weight, stray in zip(column, foreign, strict=True)] for column in columns]


def _weigh_mains(mixed: Sequence[_Column], shares: list[float]) -> tuple[list[float], float]:
    """How likely each language is to be the one that the page is written in, strays apart, and how well that fits."""
    fits = [math.log(share) + sum(map(math.log, column)) for share, column in zip(shares, mixed, strict=True)]
    best = max(fits)
    mains = [math.exp(fit - best) for fit in fits]
    total = sum(mains)
    return [main / total for main in mains], best + math.log(total)


def _weigh_strays(
    columns: Sequence[_Column], shares: list[float], mains: list[float], mixed: Sequence[_Column]
) -> Iterator[_Row]:
    """How likely each line's languages are on a page in one language: that one, or a stray."""
    own = {n: [main / fit for fit in mixed[n]] for n, main in enumerate(mains) if main > _SURE}
    every = [STRAY * sum(odds) for odds in zip(*own.values(), strict=True)]
    found = [
        [share * odds * weight for odds, weight in zip(every, column, strict=True)]
        for share, column in zip(shares, columns, strict=True)
    ]
    for n, odds in own.items():
        found[n] = [a + (1 - STRAY) * b * c for a, b, c in zip(found[n], odds, columns[n], strict=True)]
    return zip(*found, strict=True)
