"""A document's lines decided together: what stands around a short line says what it is.

Two pictures of a page are held against its lines. In the one it is a mosaic: runs of lines in one language, then a run
in another. In the other it is a page in one language with stray foreign lines. Each line gets the average of what the
pictures make of it, weighted by how well they fit the page. The second is why a single English line among Swedish ones
stays English: there one step away from the page's language is enough, and no step back has to be paid for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import add, mul
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
_SURE: Final = 1e-5
"""What has less probability than this is not worked out."""


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
    families = [KIN.get(language, 0) for language in languages]
    leaning = [LEANING.get(language, 1.0) ** (1 - 1 / len(heard)) for language in languages]
    evidence = [_temper(line, languages, families, leaning) for line in heard]
    decided = iter(_average(evidence, list(shares.values())))
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


def _temper(
    line: Mapping[str, float], languages: Sequence[str], families: Sequence[int], leaning: Sequence[float]
) -> list[float]:
    """How much a line speaks for each language; between languages of a family, the root of the odds is what counts."""
    weights = [line.get(language, 0.0) + FLOOR for language in languages]
    together = [0.0, 0.0, 0.0]
    for family, weight in zip(families, weights, strict=True):
        together[family] += weight
    return [
        math.sqrt(together[family] * weight * lean) if family else weight
        for family, weight, lean in zip(families, weights, leaning, strict=True)
    ]


def _average(evidence: list[list[float]], shares: list[float]) -> Iterable[_Row]:
    forward, fit = _run_forward(evidence, shares)
    mains, plain_fit = _weigh_mains(evidence, shares)
    odds = math.exp(max(-700.0, min(700.0, plain_fit - fit)))
    trust = MOSAIC / (MOSAIC + (1 - MOSAIC) * odds)
    if trust < _SURE:
        return _weigh_strays(evidence, shares, mains)
    mosaic = _run_backward(evidence, shares, forward)
    if trust > 1 - _SURE:
        return mosaic
    plain = _weigh_strays(evidence, shares, mains)
    return (
        [trust * a + (1 - trust) * b for a, b in zip(*rows, strict=True)] for rows in zip(mosaic, plain, strict=True)
    )


def _run_forward(evidence: list[list[float]], shares: list[float]) -> tuple[list[list[float]], float]:
    """Go down a mosaic, which stays in a language or draws one anew: what is known at each line, and the fit."""
    jumps = [(1 - STAY) / STAY * share for share in shares]
    row = list(map(mul, shares, evidence[0]))
    scale = 1 / sum(row)
    row = [value * scale for value in row]
    forward, fit = [row], (len(evidence) - 1) * math.log(STAY) - math.log(scale)
    for line in evidence[1:]:
        row = list(map(mul, map(add, row, jumps), line))
        scale = 1 / sum(row)
        row = [value * scale for value in row]
        forward.append(row)
        fit -= math.log(scale)
    return forward, fit


def _run_backward(evidence: list[list[float]], shares: list[float], forward: list[list[float]]) -> list[_Row]:
    """Go up a mosaic again: each line's languages, given the lines on both sides."""
    jumps = [(1 - STAY) / STAY * share for share in shares]
    back = [1.0] * len(shares)
    decided: list[_Row] = [forward[-1]]
    for line, before in zip(reversed(evidence[1:]), reversed(forward[:-1]), strict=True):
        seen = list(map(mul, line, back))
        jumped = sum(map(mul, jumps, seen))
        scale = 1 / (sum(seen) + jumped)
        back = [(value + jumped) * scale for value in seen]
        row = list(map(mul, before, back))
        scale = 1 / sum(row)
        decided.append([value * scale for value in row])
    return decided[::-1]


def _weigh_mains(evidence: list[list[float]], shares: list[float]) -> tuple[list[float], float]:
    """How likely each language is to be the one that the page is written in, strays apart, and how well that fits."""
    fits = [math.log(share) for share in shares]
    for line in evidence:
        foreign = STRAY * sum(map(mul, shares, line))
        fits = [fit + math.log((1 - STRAY) * value + foreign) for fit, value in zip(fits, line, strict=True)]
    best = max(fits)
    mains = [math.exp(fit - best) for fit in fits]
    total = sum(mains)
    return [main / total for main in mains], best + math.log(total)


def _weigh_strays(evidence: list[list[float]], shares: list[float], mains: list[float]) -> Iterator[_Row]:
    """Each line's languages on a page in one language: that one, or a stray."""
    likely = [(n, main) for n, main in enumerate(mains) if main > _SURE]
    for line in evidence:
        strays = list(map(mul, shares, line))
        foreign = STRAY * sum(strays)
        own = [(n, main / ((1 - STRAY) * line[n] + foreign)) for n, main in likely]
        every = STRAY * sum(odds for _, odds in own)
        row = [every * stray for stray in strays]
        for n, odds in own:
            row[n] += odds * (1 - STRAY) * line[n]
        yield row
