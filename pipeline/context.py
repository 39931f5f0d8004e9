"""A document's lines decided together: what stands around a short line says what it is.

Two pictures of a page are held against its lines. In the one it is a mosaic: runs of lines in one language, then a run
in another. In the other it is a page in one language with stray foreign lines. Each line gets the average of what the
pictures make of it, weighted by how well they fit the page. The second is why a single English line among Swedish ones
stays English: there one step away from the page's language is enough, and no step back has to be paid for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Weights = dict[str, float]

STAY: Final = 0.87
"""Probability that a line of a mosaic goes on in its predecessor's language."""
STRAY: Final = 0.25
"""Share of foreign lines on a page in one language."""
MOSAIC: Final = 0.3
"""Probability, before looking, that a page is a mosaic."""
POOL: Final = 0.95
"""Exponent of a line's evidence: lines of a page share their topic and names, so they are no independent witnesses."""
KIN: Final = {"jv": 1, "ms": 1, "su": 1, "id": 1, "da": 2, "fo": 2, "is": 2, "nb": 2, "nn": 2, "sv": 2}
"""Families of languages that are easily taken for each other."""
POOL_KIN: Final = 0.5
"""Exponent of a line's evidence within a family: a line's vocabulary misleads there, and only many lines decide."""
ANYTHING: Final = 0.6
"""Share of strays, and of new runs, that are in any language rather than in one that the page has much of."""
FLOOR: Final = 1e-4
"""Probability of a language that the detector did not name: one line rules nothing out."""
MAX_LANGUAGES: Final = 8
"""Languages that a page is weighed in, those with most support."""
MIN_SHARE: Final = 0.002
"""A language with less than this share of a page is left out, unless a line speaks for it with `LOUD`."""
LOUD: Final = 0.2
"""A line that gives a language this much keeps it in the running."""

_Rows = list[list[float]]


def decide_together(lines: Sequence[Mapping[str, float]]) -> list[Weights]:
    """Weigh each line's languages anew, given what all lines of the document say; one without evidence keeps none."""
    heard = [line for line in lines if line]
    if len(heard) < 2:  # noqa: PLR2004 — a line alone has no context
        return [dict(line) for line in lines]
    shares = _shares(heard)
    languages = list(shares)
    evidence = [_evidence(line, languages) for line in heard]
    decided = iter(_average(evidence, list(shares.values())))
    return [dict(zip(languages, next(decided), strict=True)) if line else {} for line in lines]


def _shares(lines: Sequence[Mapping[str, float]]) -> Weights:
    """How much of the document each language has, before the lines are weighed together."""
    total: Weights = {}
    loudest: Weights = {}
    for line in lines:
        for language, weight in line.items():
            total[language] = total.get(language, 0.0) + weight
            if weight > loudest.get(language, 0.0):
                loudest[language] = weight
    quiet = MIN_SHARE * len(lines)
    heard = [language for language in total if loudest[language] >= LOUD or total[language] >= quiet]
    kept = sorted(heard, key=lambda language: (-total[language], language))[:MAX_LANGUAGES]
    every = sum(total[language] for language in kept)
    return {language: (1 - ANYTHING) * total[language] / every + ANYTHING / len(kept) for language in kept}


def _evidence(line: Mapping[str, float], languages: Sequence[str]) -> list[float]:
    """How much a line speaks for each language: tempered, and more so between languages of a family."""
    weights = [max(line.get(language, 0.0), FLOOR) for language in languages]
    families = [KIN.get(language, 0) for language in languages]
    together: dict[int, float] = {}
    for family, weight in zip(families, weights, strict=True):
        together[family] = together.get(family, 0.0) + weight
    return [
        together[family] ** (POOL - POOL_KIN) * weight**POOL_KIN if family else weight**POOL
        for family, weight in zip(families, weights, strict=True)
    ]


def _average(evidence: _Rows, shares: list[float]) -> _Rows:
    mosaic, fit = _weigh_mosaic(evidence, shares)
    plain, plain_fit = _weigh_plain(evidence, shares)
    odds = math.exp(max(-700.0, min(700.0, plain_fit - fit)))
    trust = MOSAIC / (MOSAIC + (1 - MOSAIC) * odds)
    return [
        [trust * a + (1 - trust) * b for a, b in zip(row, other, strict=True)]
        for row, other in zip(mosaic, plain, strict=True)
    ]


def _weigh_mosaic(evidence: _Rows, shares: list[float]) -> tuple[_Rows, float]:
    """Runs of lines: forward and backward through a chain that stays or draws a language anew."""
    jumps = [(1 - STAY) * share for share in shares]
    row, total = _scaled([share * e for share, e in zip(shares, evidence[0], strict=True)])
    forward, fit = [row], math.log(total)
    for line in evidence[1:]:
        row, total = _scaled([(STAY * f + jump) * e for f, jump, e in zip(row, jumps, line, strict=True)])
        forward.append(row)
        fit += math.log(total)
    back = [1.0] * len(shares)
    decided = [forward[-1]]
    for line, before in zip(reversed(evidence[1:]), reversed(forward[:-1]), strict=True):
        seen = [e * b for e, b in zip(line, back, strict=True)]
        jumped = sum(jump * s for jump, s in zip(jumps, seen, strict=True))
        back, _ = _scaled([STAY * s + jumped for s in seen])
        decided.append(_scaled([f * b for f, b in zip(before, back, strict=True)])[0])
    return decided[::-1], fit


def _weigh_plain(evidence: _Rows, shares: list[float]) -> tuple[_Rows, float]:
    """One language with strays: for each that the page may be in, how well that fits, and what the lines are."""
    strays = [[STRAY * share * e for share, e in zip(shares, line, strict=True)] for line in evidence]
    foreign = [sum(stray) for stray in strays]
    fits = [
        math.log(share) + sum(math.log((1 - STRAY) * line[main] + f) for line, f in zip(evidence, foreign, strict=True))
        for main, share in enumerate(shares)
    ]
    best = max(fits)
    mains, total = _scaled([math.exp(fit - best) for fit in fits])
    decided = []
    for line, stray, f in zip(evidence, strays, foreign, strict=True):
        own = [(1 - STRAY) * e for e in line]
        odds = [main / (o + f) for main, o in zip(mains, own, strict=True)]
        every = sum(odds)
        decided.append([odd * o + every * x for odd, o, x in zip(odds, own, stray, strict=True)])
    return decided, best + math.log(total)


def _scaled(row: list[float]) -> tuple[list[float], float]:
    total = sum(row)
    return [value / total for value in row], total
