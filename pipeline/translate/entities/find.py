"""The search for what must come through a translation letter by letter."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from pipeline.translate.entities.patterns import ENTITY, HINT
from pipeline.translate.entities.plain import find_odd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.translate.spans import Span

_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
_WORD: Final = re.compile(r"[a-zåäö]{3}")
_DANGLING: Final = ".,;:!?…'’*_~"


@functools.lru_cache(maxsize=4096)  # asked again when the target is checked; some thousand texts are under way
def find_entities(text: str) -> tuple[Span, ...]:
    """Find what must stay whole: start, end and kind of each, in order.

    What no pattern knows is odd where it is no plain language.

    >>> find_entities("Se a_b på https://x.se/å, 👍🏽 i386!")
    ((3, 6, 'name'), (10, 24, 'url'), (26, 28, 'symbol'), (29, 33, 'odd'))
    """
    spans = _find_known(text)
    kept: list[Span] = []
    at = 0
    for start, end in find_odd(text):
        first = bisect_right(spans, start, lo=at, key=itemgetter(1))
        last = bisect_left(spans, end, lo=first, key=itemgetter(0))
        if _outweighs(text, start, end, spans[first:last]):
            kept += [*spans[at:first], (start, end, "odd")]
            at = last
    return (*kept, *spans[at:])


def _outweighs(text: str, start: int, end: int, inside: Sequence[Span]) -> bool:
    """Whether an odd token is one thing, though patterns know parts of it: no word is left without them."""
    if inside and (inside[0][0] < start or inside[-1][1] > end):
        return False
    known = [(a, b) for a, b, kind in inside if kind != "symbol"]
    if not known:
        return True
    edges = [start, *(edge for span in known for edge in span), end]
    rest = "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    has_word = _WORD.search(rest) and not any(map(str.isdigit, rest))
    return bool(_LETTER_OR_DIGIT.search(rest)) and not has_word


def _find_known(text: str) -> list[Span]:
    spans: list[Span] = []
    at = 0
    while hint := HINT.search(text, at):
        begin = max(at, text.rfind(" ", at, hint.start()) + 1)
        found = next(filter(None, (ENTITY.match(text, start) for start in range(begin, hint.end()))), None)
        at_least, at = at, hint.end()
        if found:
            spans.append(_trim(found, at_least))
            at = spans[-1][1]
    return spans


def list_entities(text: str) -> list[str]:
    """List what must stay whole, as it is written.

    >>> list_entities("Skriv till info@exempel.se eller @anna.")
    ['info@exempel.se', '@anna']
    """
    return [text[start:end] for start, end, _ in find_entities(text)]


def _trim(match: re.Match[str], at_least: int) -> Span:
    """Leave the sentence its own punctuation, as a full stop after an address; but `photo (2).jpg` is one name."""
    kind = match.lastgroup or ""
    start, end = match.span()
    if kind == "file" and start - 1 > at_least and match.string[start - 1 : start + 1] == " (":
        start = max(at_least, match.string.rfind(" ", at_least, start - 1) + 1)
    if kind in {"url", "host", "path", "drive"}:
        end = start + max(1, len(match.group().rstrip(_DANGLING)))
    return start, end, kind
