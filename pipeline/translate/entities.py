"""The search for what must come through a translation letter by letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.translate.entity_patterns import ENTITY, HINT
from pipeline.translate.plain import find_odd

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

_DANGLING: Final = ".,;:!?…'’*_~"

Span = tuple[int, int, str]


def find_entities(text: str) -> list[Span]:
    """Find what must stay whole: start, end and kind of each, in order.

    What no pattern knows is odd where it is no plain language.

    >>> find_entities("Se a_b på https://x.se/å, 👍🏽 i386!")
    [(3, 6, 'name'), (10, 24, 'url'), (26, 28, 'symbol'), (29, 33, 'odd')]
    """
    spans = _find_known(text)
    odd = [(start, end, "odd") for start, end in find_odd(text)]
    if not odd:
        return spans
    odd = list(_leave_out(odd, [span for span in spans if span[2] != "symbol"]))
    return sorted([*_leave_out(spans, odd), *odd])


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


def _leave_out(spans: Iterable[Span], others: Iterable[Span]) -> Iterator[Span]:
    """Give the spans that overlap none of the others; both are in order."""
    rest = iter(others)
    other = next(rest, None)
    for span in spans:
        while other and other[1] <= span[0]:
            other = next(rest, None)
        if not other or span[1] <= other[0]:
            yield span


def _trim(match: re.Match[str], at_least: int) -> Span:
    """Leave the sentence its own punctuation, as a full stop after an address; but `photo (2).jpg` is one name."""
    kind = match.lastgroup or ""
    start, end = match.span()
    if kind == "file" and start - 1 > at_least and match.string[start - 1 : start + 1] == " (":
        start = max(at_least, match.string.rfind(" ", at_least, start - 1) + 1)
    if kind in {"url", "host", "path", "drive"}:
        end = start + max(1, len(match.group().rstrip(_DANGLING)))
    return start, end, kind
