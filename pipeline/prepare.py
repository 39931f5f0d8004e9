"""Repair, segment and detect composed for one record, in this process or in workers; order is kept."""

from __future__ import annotations

import functools
import hashlib
import itertools
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.detect import detect_segments
from pipeline.errors import PipelineError
from pipeline.records import Document, Reject, Segment
from pipeline.repair import repair_document
from pipeline.segment import segment_document
from pipeline.workers import map_in_processes

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from pipeline.settings import Settings

TASK_CHARS: Final = 100_000
"""Text that one task takes to a worker: enough to outweigh the way there and back."""
TASK_RECORDS: Final = 500
_encode = msgspec.json.Encoder().encode


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """An input record on the threshold of translation: a document's segments, or a reject."""

    source: str
    doc: str
    """The document's id; empty for a reject."""
    digest: str = ""
    """Hash of everything that was read of the record."""
    segments: tuple[Segment, ...] = ()
    characters: int = 0
    """Code points of the repaired document."""
    blanks: int = 0
    """Those of them that stand between segments."""
    fixes: tuple[str, ...] = ()
    reject: Reject | None = None


def prepare_record(record: Document | Reject, settings: Settings) -> Prepared:
    """Repair, segment and detect one document; a reject passes."""
    digest = digest_record(record)
    if isinstance(record, Reject):
        return Prepared(source=record.source, doc="", digest=digest, reject=record)
    document, segments = prepare_document(record, settings)
    return Prepared(
        source=document.source,
        doc=document.id,
        digest=digest,
        segments=segments,
        characters=len(document.text),
        blanks=_blanks(document, segments),
        fixes=document.fixes,
    )


def prepare_document(document: Document, settings: Settings) -> tuple[Document, tuple[Segment, ...]]:
    """Give a document repaired, and its segments with their languages."""
    repaired = repair_document(document)
    return repaired, tuple(detect_segments(segment_document(repaired, settings), settings))


def prepare_records(records: Iterable[Document | Reject], settings: Settings) -> Generator[Prepared]:
    """Prepare a stream of records, in worker processes where there are several and the stream is worth it."""
    prepare = functools.partial(prepare_task, settings=settings)
    tasks = batched_by_size(records)
    head = list(itertools.islice(tasks, 2 if settings.workers > 1 else 1))
    all_tasks = itertools.chain(head, tasks)
    done = map_in_processes(prepare, all_tasks, settings.workers) if len(head) > 1 else map(prepare, all_tasks)
    for prepared in done:
        yield from prepared


def batched_by_size(records: Iterable[Document | Reject]) -> Iterator[list[Document | Reject]]:
    """Cut a stream into tasks of about equal work."""
    task: list[Document | Reject] = []
    held = 0
    for record in records:
        task.append(record)
        held += _weight(record)
        if held >= TASK_CHARS or len(task) >= TASK_RECORDS:
            yield task
            task, held = [], 0
    if task:
        yield task


def digest_record(record: Document | Reject) -> str:
    """Hash what was read of a record; its id stands for its text."""
    read = [record.source, record.id, record.meta] if isinstance(record, Document) else record
    return hashlib.blake2b(_encode(read), digest_size=16).hexdigest()


def _weight(record: Document | Reject) -> int:
    """Weigh what a record takes to a worker; other fields than the text can be long too."""
    if isinstance(record, Reject):
        return len(record.text or record.base64 or "")
    return len(record.text) + (len(_encode(record.meta)) if record.meta else 0)


def prepare_task(task: list[Document | Reject], settings: Settings) -> list[Prepared]:
    """Prepare what travels to a worker together."""
    return [prepare_record(record, settings) for record in task]


def _blanks(document: Document, segments: Iterable[Segment]) -> int:
    """Count the white space between segments, and make sure that nothing else stands there."""
    blanks = at = 0
    for start, end in [*((s.start, s.end) for s in segments), (len(document.text), 0)]:
        gap = document.text[at:start]
        if start < at or (gap and not gap.isspace()):
            message = f"Text of {document.source} between {at} and {start} stands in no segment; please report this."
            raise PipelineError(message)
        blanks, at = blanks + len(gap), end
    return blanks
