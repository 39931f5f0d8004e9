"""Repair, segment and detect composed for one record, in this process or in workers; order is kept."""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.detect import detect_segments
from pipeline.errors import PipelineError
from pipeline.records import Document, Reject, Segment
from pipeline.repair import repair_document
from pipeline.segment import segment_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future, ProcessPoolExecutor

    from pipeline.settings import Settings

TASK_CHARS: Final = 100_000
"""Text that one task takes to a worker: enough to outweigh the way there and back."""
TASK_RECORDS: Final = 500


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """An input record on the threshold of translation: a document's segments, or a reject."""

    source: str
    doc: str
    """The document's id; empty for a reject."""
    segments: tuple[Segment, ...] = ()
    characters: int = 0
    """Code points of the repaired document."""
    blanks: int = 0
    """Those of them that stand between segments."""
    fixes: tuple[str, ...] = ()
    reject: Reject | None = None


def prepare_record(record: Document | Reject, settings: Settings) -> Prepared:
    """Repair, segment and detect one document; a reject passes."""
    if isinstance(record, Reject):
        return Prepared(source=record.source, doc="", reject=record)
    document = repair_document(record)
    segments = tuple(detect_segments(segment_document(document, settings), settings))
    return Prepared(
        source=document.source,
        doc=document.id,
        segments=segments,
        characters=len(document.text),
        blanks=_blanks(document, segments),
        fixes=document.fixes,
    )


def prepare_records(records: Iterable[Document | Reject], settings: Settings) -> Iterator[Prepared]:
    """Prepare a stream of records, in worker processes where there are several and the stream is worth it."""
    tasks = batched_by_size(records)
    first = list(itertools.islice(tasks, 1))
    rest = next(tasks, None) if first and settings.workers > 1 else None
    if rest is None:
        for task in itertools.chain(first, tasks):
            yield from _prepare_task(task, settings)
        return
    yield from _prepare_in_processes(itertools.chain(first, [rest], tasks), settings)


def batched_by_size(records: Iterable[Document | Reject]) -> Iterator[list[Document | Reject]]:
    """Cut a stream into tasks of about equal work."""
    task: list[Document | Reject] = []
    held = 0
    for record in records:
        task.append(record)
        held += len(record.text or "")
        if held >= TASK_CHARS or len(task) >= TASK_RECORDS:
            yield task
            task, held = [], 0
    if task:
        yield task


def _prepare_task(task: list[Document | Reject], settings: Settings) -> list[Prepared]:
    return [prepare_record(record, settings) for record in task]


def _prepare_in_processes(tasks: Iterator[list[Document | Reject]], settings: Settings) -> Iterator[Prepared]:
    """Keep two tasks a worker under way; the oldest comes back first, whoever is done first."""
    from concurrent.futures.process import BrokenProcessPool

    pool = _open_pool(settings)
    try:
        under_way: deque[Future[list[Prepared]]] = deque()
        for task in tasks:
            under_way.append(pool.submit(_prepare_task, task, settings))
            if len(under_way) >= 2 * settings.workers:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()
    except BrokenProcessPool as error:
        message = (
            "A process that prepares text was ended from outside, most likely for want of memory. What is done is "
            "kept: run the same command again, with fewer --workers if it happens twice."
        )
        raise PipelineError(message) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _open_pool(settings: Settings) -> ProcessPoolExecutor:
    """Start workers afresh: forking a process in which decoding threads run can hang the child."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(
        settings.workers, mp_context=multiprocessing.get_context("spawn"), initializer=_ignore_interrupts
    )


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that commits."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


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
