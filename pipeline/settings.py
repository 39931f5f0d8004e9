"""Every tunable of a run in one frozen record, passed on explicitly."""

from __future__ import annotations

import os
from typing import Literal

import msgspec

DetectorName = Literal["tolk", "langdetect"]
DeviceName = Literal["cpu", "cuda"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person can set. The manifest records it; two runs with equal settings and input give equal bytes."""

    languages: tuple[str, ...] = ("sv", "id")
    """Source languages to translate, ISO 639-1; English passes through, the rest is left untranslated."""
    source_lang: str | None = None
    """The language of every segment, where it is known: detection is skipped."""
    text_field: str = "text"
    """The field or column of a record that holds its text; a number, of a table without a header."""
    detector: DetectorName = "tolk"
    """What finds languages: Tolk's own classifier, or the langdetect library."""
    max_record_bytes: int = 64 * 2**20
    """A longer record is rejected rather than held in memory."""
    max_document_chars: int = 2**20
    """A longer document is read in parts, each a document of its own."""
    max_segment_chars: int = 800
    """A longer segment is cut at a clause mark, else at a space, else anywhere."""
    window_chars: int = 200_000
    """Text that is prepared, translated and committed together: what is batched together depends on it alone."""
    beam: int = 1
    """Hypotheses kept while decoding; 1 is greedy."""
    device: DeviceName = "cpu"
    """What decodes; a GPU rounds otherwise than a CPU, so pairs may differ in a word."""
    batch_tokens: int = 1024
    """Source tokens that are decoded together."""
    max_source_tokens: int = 128
    """Longer segments are cut before translation and joined after it."""
    shard_bytes: int = 256 * 2**20
    """A shard of pairs is closed once it takes this much of the disk, packed or not."""
    compress: bool = False
    """Whether shards are packed with zstd, a frame for each window."""
    memory_bytes: int = 2 * 2**30
    """The translation memory is pruned to this at the end of a run; 0: there is none."""
    workers: int = msgspec.field(default_factory=lambda: os.cpu_count() or 1)
    """Processes that prepare text, and threads that decode; the output does not depend on it."""
