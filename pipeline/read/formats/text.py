"""Plain text: a file is a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.read.decode import Decoder
from pipeline.read.entries import make_document, split_text
from pipeline.records import DamageReject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.inputs import Source
    from pipeline.read.streams import Stream
    from pipeline.records import Document, Reject
    from pipeline.settings import Settings


def read_entries(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read a stream as one document, or, where that is too long, as its numbered parts."""
    pending, number = "", 0
    for piece in Decoder().decode(stream):
        *ready, pending = split_text(pending + piece, settings.max_document_chars)
        for part in ready:
            number += 1
            yield make_document(f"{source.name}#{number}", part, {})
    if pending or not stream.torn:
        yield make_document(f"{source.name}#{number + 1}" if number else source.name, pending, {})
    if stream.torn:
        yield DamageReject(source=source.name, offset=stream.length, reason=str(stream.torn), length=0)
