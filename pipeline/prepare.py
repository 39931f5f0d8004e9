"""Repair, segment and detect as one function of a record, applied in this process or in workers; order is kept."""

from __future__ import annotations

import functools
import hashlib
import itertools
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.errors import PipelineError
from pipeline.records import Document, Reject, Segment
from pipeline.workers import map_in_processes

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from pipeline.settings import Settings

TASK_CHARS: Final = 100_000
"""Text that one task takes to a worker: enough to outweigh the way there and back."""
PROCESS_CHARS: Final = 20_000
"""Text that is worth a process of its own: one takes a quarter of a second to start, beside what else has to."""
TASK_RECORDS: Final = 500
"""Records that one task takes at most."""
_encode = msgspec.json.Encoder().encode


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of an input record before translation: a document's segments, or a reject."""

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


_decode = msgspec.json.Decoder(list[Prepared]).decode


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
        blanks=_count_blanks(document, segments),
        fixes=document.fixes,
    )


def prepare_document(document: Document, settings: Settings) -> tuple[Document, tuple[Segment, ...]]:
    """Give a document repaired, and its segments with their languages."""
    from pipeline.detect import detect_segments  # a process that has others prepare needs none of this
    from pipeline.repair import repair_document
    from pipeline.segment import segment_document

    repaired = repair_document(document)
    return repaired, tuple(detect_segments(segment_document(repaired, settings), settings))


def digest_record(record: Document | Reject) -> str:
    """Hash everything that was read of a record; a document's id already is a hash of its text."""
    read = [record.source, record.id, record.meta] if isinstance(record, Document) else record
    return hashlib.blake2b(_encode(read), digest_size=16).hexdigest()


def prepare_records(records: Iterable[Document | Reject], settings: Settings) -> Generator[Prepared]:
    """Prepare a stream of records, in worker processes where there are several and the stream is worth it."""
    tasks = batched_by_size(records)
    head = list(itertools.islice(tasks, 2 if settings.workers > 1 else 1))
    all_tasks = itertools.chain(head, tasks)
    is_much = len(head) > 1 or (settings.workers > 1 and sum(map(_weight, itertools.chain(*head))) >= PROCESS_CHARS)
    if is_much:
        encoded = map_in_processes(functools.partial(_prepare_encoded, settings=settings), all_tasks, settings.workers)
        done: Iterator[list[Prepared]] = map(_decode, encoded)
    else:
        done = (prepare_task(task, settings) for task in all_tasks)
    for prepared in done:
        yield from prepared


def prepare_task(task: list[Document | Reject], settings: Settings) -> list[Prepared]:
    """Prepare what travels to a worker together."""
    return [prepare_record(record, settings) for record in task]


def _prepare_encoded(task: list[Document | Reject], settings: Settings) -> bytes:
    """Prepare a task, and give what comes of it as JSON, as it will be written: pickling takes a fifth of the time."""
    return _encode(prepare_task(task, settings))


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


def _weight(record: Document | Reject) -> int:
    """Weigh what a record takes to a worker; other fields than the text can be long too."""
    if isinstance(record, Reject):
        return len(record.text or record.base64 or "")
    return len(record.text) + (len(_encode(record.meta)) if record.meta else 0)


def _count_blanks(document: Document, segments: Sequence[Segment]) -> int:
    """Count the characters between segments.

    Raises:
        PipelineError: if one of them is not white space, or segments overlap.
    """
    blanks = 0
    ends = [0, *(segment.end for segment in segments)]
    starts = [*(segment.start for segment in segments), len(document.text)]
    for end, start in zip(ends, starts, strict=True):
        gap = document.text[end:start]
        if start < end or (gap and not gap.isspace()):
            message = f"Text of {document.source} between {end} and {start} stands in no segment; please report this."
            raise PipelineError(message)
        blanks += len(gap)
    return blanks
