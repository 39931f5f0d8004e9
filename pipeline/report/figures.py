"""What the manifest does not count: documents by language, scores, lengths, rejects by reason. One pass each."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.read.lines import read_records
from pipeline.records import Reject

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.report.view import View

SCORES: Final = tuple(round(-2 + step / 10, 1) for step in range(1, 20))
"""Bounds of the scores' bins; below the first and above the last there is one more each."""
LENGTHS: Final = (10, 20, 40, 80, 160, 320, 640)
MAX_NAMES: Final = 1000
"""Kinds that are told apart; a hostile dump must not fill the memory with names."""
OTHER: Final = "other"
LARGEST: Final = 10
_NUMBER: Final = re.compile(r"\d+")


class Figures:
    """The page's own books."""

    def __init__(self) -> None:
        self.documents: Counter[str] = Counter()
        """Documents by the language that most of their characters are in."""
        self.mixed = 0
        """Documents in more than one language."""
        self.scores: dict[str, list[int]] = {}
        """Scores by language, a count a bin."""
        self.lengths = [0] * (len(LENGTHS) + 1)
        self._document: tuple[str, str] | None = None
        self._weights: Counter[str] = Counter()

    def enter(self, view: View) -> None:
        """Enter a pair; a document's pairs come together."""
        if (view.doc, view.source) != self._document:
            self.close()
            self._document = (view.doc, view.source)
        self._weights[view.src_lang] += len(view.src)
        self.lengths[bisect_right(LENGTHS, len(view.src))] += 1
        if view.score is not None:
            lang = name_to_count(self.scores, view.src_lang)
            bins = self.scores.get(lang) or self.scores.setdefault(lang, [0] * (len(SCORES) + 1))
            bins[bisect_right(SCORES, view.score)] += 1

    def close(self) -> None:
        """Enter the document whose last pair was met."""
        if self._weights:
            self.documents[name_to_count(self.documents, self._weights.most_common(1)[0][0])] += 1
            self.mixed += len(self._weights) > 1
        self._weights = Counter()


class Rejects(msgspec.Struct, kw_only=True):
    """What could not be read."""

    reasons: Counter[str] = msgspec.field(default_factory=Counter)
    """Rejects by what happened; numbers are left out, so that a reason that names a place still counts once."""
    count: int = 0
    bytes: int = 0
    largest: list[Reject] = []


def count_rejects(path: Path) -> Rejects:
    """Count a run's rejects and keep the largest."""
    found = Rejects()
    largest: list[tuple[int, int, Reject]] = []
    if not path.exists():
        return found
    for reject in read_records(str(path), Reject):
        found.count += 1
        found.bytes += reject.length
        found.reasons[name_to_count(found.reasons, _kind(reject.reason))] += 1
        heapq.heappush(largest, (reject.length, -found.count, reject))
        if len(largest) > LARGEST:
            heapq.heappop(largest)
    found.largest = [reject for _, _, reject in sorted(largest, key=lambda item: (-item[0], -item[1]))]
    return found


def _kind(reason: str) -> str:
    """Take a reason's first sentence, which says what happened.

    >>> _kind("The record is longer than 10 bytes. Split it, or raise the setting max_record_bytes.")
    'The record is longer than … bytes'
    """
    return _NUMBER.sub("…", reason.partition(". ")[0].removesuffix("."))


def name_to_count(names: dict[str, int] | dict[str, list[int]], name: str) -> str:
    """Give the name to count under: its own, unless there are too many already."""
    return name if name in names or len(names) < MAX_NAMES else OTHER
