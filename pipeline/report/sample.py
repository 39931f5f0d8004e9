"""The pairs that the page carries: all of a small run, evenly spread stretches of a large one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from pipeline.manifest import Counts
    from pipeline.report.view import View

MAX_PAIRS: Final = 50_000
MAX_CHARS: Final = 24_000_000
"""Text of both sides together: what a browser still opens at once."""
STRETCH: Final = 100
"""Pairs that are taken one after another, so that a reader of a sample has their context."""
BLOCK: Final = 1000
_UNSAFE: Final = {c.encode(): f"\\u{ord(c):04x}".encode() for c in "<>&\u2028\u2029"}
"""What could end the block or begin markup; inside JSON strings, where alone it occurs, it may be written so."""


class Sample:
    """Chooses pairs as they come by, and gives them as blocks of JSON that no text can break out of."""

    def __init__(self, counts: Counts) -> None:
        self.total = self.taken = 0
        self._chars = 0
        self._wanted = False
        self.share = min(1.0, _share(MAX_PAIRS, counts.pairs), _share(MAX_CHARS, 2 * counts.segment_characters))
        self._documents: dict[tuple[str, str], int] = {}
        self._rows: list[list[Any]] = []

    def take(self, view: View) -> bytes:
        """Look at a pair; give a block of page once one is full, else nothing."""
        stretch, within = divmod(self.total, STRETCH)
        self.total += 1
        if not within:
            self._wanted = math.ceil((stretch + 1) * self.share) > math.ceil(stretch * self.share)
        if not self._wanted or self.full:
            return b""
        self.taken += 1
        self._chars += len(view.src) + len(view.tgt or "")
        self._rows.append(self._row(view))
        return self.rest() if len(self._rows) >= BLOCK else b""

    @property
    def full(self) -> bool:
        """Whether the page can carry no more, whatever the manifest said."""
        return self.taken >= MAX_PAIRS or self._chars >= MAX_CHARS

    def rest(self) -> bytes:
        """Give the block that is not full yet."""
        if not self._rows:
            return b""
        block = {"documents": list(self._documents), "pairs": self._rows}
        text = msgspec.json.encode(block)
        for unsafe, safe in _UNSAFE.items():
            text = text.replace(unsafe, safe)
        self._documents, self._rows = {}, []
        return b'<script type="application/json" class="pairs">%b</script>\n' % text

    def _row(self, view: View) -> list[Any]:
        """Put a pair in few characters: English that is its own translation is not written twice."""
        document = self._documents.setdefault((view.doc, view.source), len(self._documents))
        tgt = 0 if view.tgt == view.src else view.tgt
        score = None if view.score is None else round(view.score, 3)
        certainty = round(view.lang_score, 2)
        return [document, view.index, view.src_lang, certainty, view.src, tgt, score, view.flags, view.fixes]


def _share(most: int, of: int) -> float:
    return most / of if of else 1.0
