"""The search for what must come through a translation letter by letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.translate.entity_patterns import ENTITY, HINT

if TYPE_CHECKING:
    import re

_DANGLING: Final = ".,;:!?…'’*_~"

Span = tuple[int, int, str]


def find_entities(text: str) -> list[Span]:
    """Find what must stay whole: start, end and kind of each, in order.

    >>> find_entities("Se a_b på https://x.se/å, 👍🏽!")
    [(3, 6, 'name'), (10, 24, 'url'), (26, 28, 'symbol')]
    """
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
