"""Pages in one of two close languages, for `detection.py`: how many of their lines are taken for the other one.

Pages are drawn from labelled lines, so their lines have nothing in common but the language. A page of one sentence is
that sentence alone; the other languages' sentences, of which there are few, stand alone too.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from pipeline.detect import detect_document
from pipeline.records import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.detect import Detector

PAGES: Final = 300
"""Pages of each kind."""
LAYOUTS: Final = {
    "ten sentences": (10, ("sentence",)),
    "ten lines": (10, ("sentence", "title", "first5", "first2")),
    "three short lines": (3, ("first2", "lower3", "title")),
    "one sentence": (1, ("sentence",)),
}
"""Lines of a page, and the kinds that they are drawn from."""
CLOSE: Final = (("ms", "id"), ("id", "ms"), ("da", "sv"), ("nb", "sv"), ("nn", "sv"), ("sv", "da"), ("sv", "nb"))
"""A language, and the one that it may be taken for."""
NAMES: Final = {
    "sv": "Swedish", "da": "Danish", "nb": "Bokmål", "nn": "Nynorsk", "id": "Indonesian", "ms": "Malay",
    "jv": "Javanese", "su": "Sundanese", "min": "Minangkabau", "bjn": "Banjar",
}  # fmt: skip


def table_of_pages(rows: Sequence[Sequence[str]], others: Sequence[Sequence[str]], detector: Detector) -> str:
    """Draw up the share of lines that are taken for another language, by the kind of page that they stand on."""
    table = f"| lines on pages of | {' | '.join(LAYOUTS)} |\n| --- |{' ---: |' * len(LAYOUTS)}\n"
    for language, other in CLOSE:
        shares = [_taken(_draw_pages(rows, language, *layout), other, detector) for layout in LAYOUTS.values()]
        cells = " | ".join(f"{share:.1f} %" for share in shares)
        table += f"| {NAMES[language]}, taken for {NAMES[other]} | {cells} |\n"
    for language, pages in _stand_alone(others).items():
        table += (
            f"| {NAMES.get(language, language)}, taken for Indonesian | | | | {_taken(pages, 'id', detector):.1f} % |\n"
        )
    return table


def _draw_pages(rows: Sequence[Sequence[str]], language: str, size: int, kinds: tuple[str, ...]) -> list[list[str]]:
    """Draw pages of a language; pages of one line are all its lines, once."""
    lines = [text for code, kind, text in rows if code == language and kind in kinds]
    if size == 1:
        return [[line] for line in lines]
    rng = random.Random(f"{language} {size}")  # noqa: S311 - a repeatable choice of text, no secret
    return [rng.sample(lines, size) for _ in range(PAGES)]


def _stand_alone(others: Sequence[Sequence[str]]) -> dict[str, list[list[str]]]:
    """Give each sentence of the languages in question a page."""
    pages: dict[str, list[list[str]]] = defaultdict(list)
    for language, _, text in others:
        if language not in {"sv", "id", "en"}:
            pages[language].append([text])
    return pages


def _taken(pages: Sequence[Sequence[str]], other: str, detector: Detector) -> float:
    """Percentage of lines that are taken for another language."""
    found: Counter[str] = Counter()
    for number, page in enumerate(pages):
        segments = [
            Segment(id=str(n), doc=str(number), source="", index=n, start=0, end=len(text), src=text)
            for n, text in enumerate(page)
        ]
        found.update(str(segment.src_lang) for segment in detect_document(segments, detector))
    return 100 * found[other] / max(1, found.total())
