"""What the page shows of a pair: all but `meta`, which can be as large as the dump was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pipeline.read.lines import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A pair as the page needs it; what it does not name is not even decoded."""

    doc: str
    source: str
    index: int
    src: str
    src_lang: str
    lang_score: float
    fixes: tuple[str, ...] = ()
    tgt: str | None
    score: float | None
    flags: tuple[str, ...] = ()


def read_views(shards: Iterable[str]) -> Iterator[View]:
    """Read the shards' pairs in order."""
    for shard in shards:
        yield from read_records(shard, View)
