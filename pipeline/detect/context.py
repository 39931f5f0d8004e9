"""A document's lines decided together: what stands around a short line says what it is.

Two models of a page are averaged, each weighted by how likely it makes the lines. In the first the page is a mosaic:
runs of lines in one language, then a run in another (a hidden Markov model over the lines, solved by the
forward-backward algorithm). In the second it is in one main language, with stray foreign lines that are independent of
each other (a mixture). The second is why a single English line among Swedish ones stays English: a stray costs one
change of language there, and two in a mosaic.

Texts give a mapping of languages to probabilities; from `_calibrate_kin` on these are columns, a value a line, or rows,
a value a language.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import sqrt
from operator import mul
from typing import TYPE_CHECKING, Final

from pipeline.records import UNDETERMINED_LANG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NOTHING: Final = (UNDETERMINED_LANG, 1.0)
"""What is said of a text without letters."""
STAY: Final = 0.9
"""Probability that a line of a mosaic goes on in its predecessor's language."""
STRAY: Final = 0.2
"""Share of foreign lines on a page in one language."""
MOSAIC: Final = 0.3
"""Prior probability that a page is a mosaic."""
KIN: Final = {"jv": 1, "ms": 1, "su": 1, "id": 1, "da": 2, "fo": 2, "is": 2, "nb": 2, "nn": 2, "sv": 2}
"""Families of languages that are easily taken for each other: there vocabulary misleads, and many lines decide."""
LEANING: Final = {"id": 0.1, "sv": 0.4}
"""Factors that undo a detector's bias to Tolk's languages on all lines of a page but one, since it would add up."""
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
ALONE: Final = 0.5
"""A line that gives more than this to a language outside `MAX_LANGUAGES` is in it: a page may hold a line of each."""

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
    priors = _find_priors(heard)
    languages = list(priors)
    decided = iter(_average_models(_calibrate_kin(heard, languages), list(priors.values())))
    return [_decide(line, languages, next(decided)) if line else NOTHING for line in lines]


def _decide(line: Mapping[str, float], languages: Sequence[str], row: _Row) -> tuple[str, float]:
    """Decide a line by what its page says of it, or by itself where it speaks for what its page is not weighed in."""
    if len(languages) == MAX_LANGUAGES:  # else no language that a line speaks for was left out
        alone = max(line, key=line.__getitem__)
        if alone not in languages and line[alone] > ALONE:
            return _likeliest(list(line), list(line.values()))
    return _likeliest(languages, row)


def _likeliest(languages: Sequence[str], row: _Row) -> tuple[str, float]:
    most = max(row)
    return languages[row.index(most)], min(1.0, round(most / sum(row), 6))


def _find_priors(lines: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Choose the languages that the page is weighed in, each with its prior: its share of the page, smoothed."""
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


def _calibrate_kin(lines: Sequence[Mapping[str, float]], languages: Sequence[str]) -> list[_Column]:
    """Give the evidence of each line, a column a language; within a family, the square root of the odds counts."""
    columns: list[_Column] = [[line.get(language, 0.0) + FLOOR for line in lines] for language in languages]
    families = [KIN.get(language) for language in languages]
    for family in set(families) - {None}:
        members = [n for n, one in enumerate(families) if one == family]
        together = list(map(sum, zip(*(columns[n] for n in members), strict=True)))
        for n in members:
            lean = LEANING.get(languages[n], 1.0) ** (1 - 1 / len(lines))
            columns[n] = [sqrt(every * weight * lean) for every, weight in zip(together, columns[n], strict=True)]
    return columns


def _average_models(columns: Sequence[_Column], priors: list[float]) -> Iterable[_Row]:
    """Average what both models say of each line; one that hardly explains the page is left out."""
    rows: list[_Row] = list(zip(*columns, strict=True))
    forward, fit = _pass_forward(rows, priors)
    mixed = _mix_strays(columns, priors)
    mains, plain_fit = _weigh_mains(mixed, priors)
    odds = math.exp(max(-700.0, min(700.0, plain_fit - fit)))
    trust = MOSAIC / (MOSAIC + (1 - MOSAIC) * odds)
    if trust < _SURE:
        return _weigh_strays(columns, priors, mains, mixed)
    mosaic = _pass_backward(rows, priors, forward)
    if trust > 1 - _SURE:
        return mosaic
    plain = _weigh_strays(columns, priors, mains, mixed)
    return [_add_weighted(trust / sum(a), a, 1 - trust, b) for a, b in zip(mosaic, plain, strict=True)]


def _add_weighted(first: float, a: _Row, second: float, b: _Row) -> _Row:
    return [first * x + second * y for x, y in zip(a, b, strict=True)]


def _pass_forward(rows: Sequence[_Row], priors: list[float]) -> tuple[list[_Row], float]:
    """Forward pass over a mosaic, which stays in a language or draws one anew: a row a line, and the log-likelihood."""
    jumps = [(1 - STAY) / STAY * prior for prior in priors]
    known: _Row = list(map(mul, priors, rows[0]))
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


def _pass_backward(rows: Sequence[_Row], priors: list[float], forward: Sequence[_Row]) -> list[_Row]:
    """Backward pass: how likely each line's languages are, given the lines on both sides, but for a factor a line."""
    jumps = [(1 - STAY) / STAY * prior for prior in priors]
    back = [1.0] * len(priors)
    decided = [forward[-1]]
    for row, before in zip(reversed(rows[1:]), reversed(forward[:-1]), strict=True):
        seen = list(map(mul, row, back))
        jumped = sum(map(mul, jumps, seen))
        scale = 1 / jumped if jumped < _TINY else 1.0
        back = [(value + jumped) * scale for value in seen]
        decided.append(list(map(mul, before, back)))
    return decided[::-1]


def _mix_strays(columns: Sequence[_Column], priors: list[float]) -> list[_Column]:
    """Likelihood of each line on a page in each main language, where any line may be a stray."""
    strays = [[STRAY * prior * weight for weight in column] for prior, column in zip(priors, columns, strict=True)]
    foreign = list(map(sum, zip(*strays, strict=True)))
    return [[(1 - STRAY) * weight + stray for weight, stray in zip(column, foreign, strict=True)] for column in columns]


def _weigh_mains(mixed: Sequence[_Column], priors: list[float]) -> tuple[list[float], float]:
    """Probability of each language to be the page's main one, and the log-likelihood of the page."""
    fits = [math.log(prior) + sum(map(math.log, column)) for prior, column in zip(priors, mixed, strict=True)]
    best = max(fits)
    mains = [math.exp(fit - best) for fit in fits]
    total = sum(mains)
    return [main / total for main in mains], best + math.log(total)


def _weigh_strays(
    columns: Sequence[_Column], priors: list[float], mains: list[float], mixed: Sequence[_Column]
) -> Iterator[_Row]:
    """Probability of each line's languages on a page in one main language: that one, or a stray."""
    own = {n: [main / fit for fit in mixed[n]] for n, main in enumerate(mains) if main > _SURE}
    every = [STRAY * sum(odds) for odds in zip(*own.values(), strict=True)]
    found = [
        [prior * odds * weight for odds, weight in zip(every, column, strict=True)]
        for prior, column in zip(priors, columns, strict=True)
    ]
    for n, odds in own.items():
        found[n] = [a + (1 - STRAY) * b * c for a, b, c in zip(found[n], odds, columns[n], strict=True)]
    return zip(*found, strict=True)
