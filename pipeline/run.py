"""The whole job on one machine: the stages composed, a window committed at a time."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

import pipeline
from pipeline import model_store
from pipeline.engine import Decoding, Engine, PackageEngine
from pipeline.errors import InputError
from pipeline.manifest import Counts, Manifest, package_entries, sign
from pipeline.prepare import Prepared, prepare_records
from pipeline.read import read_documents
from pipeline.records import TARGET_LANG, Document, Reject
from pipeline.report import write_report
from pipeline.translate import segment_weight, translate_batch
from pipeline.write import Progress, open_output, shard_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.manifest import PackageEntry
    from pipeline.model_store import ModelPackage
    from pipeline.settings import Settings
    from pipeline.write import Output

WINDOW_RECORDS: Final = 10_000
"""Records without a segment, rejects for one, do not fill a window; this many close it all the same."""


def run(
    inputs: Sequence[str],
    out: Path,
    settings: Settings,
    *,
    fresh: bool = False,
    watch: Callable[[Counts], None] = lambda _: None,
) -> Manifest:
    """Translate inputs into a folder of pairs, rejects, manifest and report, going on where an interrupted run stopped.

    Args:
        inputs: Files, folders, globs, or `-` for standard input.
        out: The folder to write; made if it is not there.
        settings: Everything tunable.
        fresh: Whether to forget an interrupted run in `out`.
        watch: Is called with the counts so far after each committed window.

    Raises:
        PipelineError: with one sentence that says what happened, where, and what to do.
    """
    records = read_documents(inputs, settings)
    packages = find_packages(settings)
    engines = open_engines(packages, settings)
    begun = _begin(inputs, settings, package_entries(packages.values()))
    with open_output(out, begun, start_over=fresh, shard_bytes=settings.shard_bytes) as output:
        if not output.progress.complete:
            prepared = prepare_records(_resume(records, output.progress), settings)
            for window in _windows(_timed(prepared, output.progress, "prepare"), settings.window_chars):
                _commit_window(window, engines, settings, output)
                watch(output.progress.counts)
        return _finish(output, settings, package_entries(packages.values()))


def find_packages(settings: Settings) -> dict[str, ModelPackage]:
    """Find the package of each language to translate, before any input is read."""
    return {lang: model_store.find_package(lang) for lang in settings.languages if lang != TARGET_LANG}


def open_engines(packages: Mapping[str, ModelPackage], settings: Settings) -> dict[str, Engine]:
    """Give each language its engine."""
    return {lang: PackageEngine(package, settings) for lang, package in packages.items()}


def _begin(inputs: Sequence[str], settings: Settings, packages: Sequence[PackageEntry]) -> Progress:
    """Describe a run that has not done anything yet."""
    deciding = {name: value for name, value in msgspec.to_builtins(settings).items() if name != "workers"}
    return Progress(signature=sign(pipeline.__version__, deciding, packages), inputs=list(inputs), started=_now())


def _resume(records: Iterable[Document | Reject], progress: Progress) -> Iterator[Document | Reject]:
    """Skip the records that are committed already, making sure that they are still the same.

    Raises:
        InputError: if the input has changed since, so that going on would mix two states of it.
    """
    records = iter(records)
    digest = ""
    for record in islice(records, progress.counts.records):
        digest = _chain(digest, record.source, record.id if isinstance(record, Document) else "")
    if digest != progress.digest:
        message = "The input has changed since the run was interrupted. Start over with --fresh."
        raise InputError(message)
    yield from records


def _windows(records: Iterable[Prepared], window_chars: int) -> Iterator[list[Prepared]]:
    """Cut the stream after the record that fills a window; `translate.windows` cuts segments at the same places."""
    window: list[Prepared] = []
    held = 0
    for record in records:
        window.append(record)
        held += sum(map(segment_weight, record.segments))
        if held >= window_chars or len(window) >= WINDOW_RECORDS:
            yield window
            window, held = [], 0
    if window:
        yield window


def _commit_window(window: list[Prepared], engines: Mapping[str, Engine], settings: Settings, output: Output) -> None:
    """Translate a window, enter it into the books, and commit it."""
    progress = output.progress
    began = time.perf_counter()
    segments = [segment for record in window for segment in record.segments]
    pairs = translate_batch(segments, engines, Decoding(beam=settings.beam))
    _spend(progress, "translate", began)
    began = time.perf_counter()
    progress.counts.enter_prepared(window)
    progress.counts.enter_pairs(pairs)
    for record in window:
        progress.digest = _chain(progress.digest, record.source, record.doc)
    output.commit(pairs, [record.reject for record in window if record.reject is not None])
    _spend(progress, "write", began)


def _finish(output: Output, settings: Settings, packages: list[PackageEntry]) -> Manifest:
    """Balance the books and give the files their final names."""
    progress = output.progress
    progress.counts.reconcile(progress.lines)
    manifest = Manifest(
        tolk=pipeline.__version__,
        signature=progress.signature,
        inputs=progress.inputs,
        settings=msgspec.to_builtins(settings),
        packages=packages,
        shards=[shard_name(at) for at in range(len(progress.shards))],
        counts=progress.counts,
        seconds={stage: round(spent, 3) for stage, spent in progress.seconds.items()},
        started=progress.started,
        finished=_now(),
    )
    output.finish(manifest)
    write_report(output.folder)
    output.close()
    return manifest


def _timed(records: Iterable[Prepared], progress: Progress, stage: str) -> Iterator[Prepared]:
    """Add the time that a stream makes its reader wait to a stage's account."""
    steps = iter(records)
    while True:
        began = time.perf_counter()
        record = next(steps, None)
        _spend(progress, stage, began)
        if record is None:
            return
        yield record


def _spend(progress: Progress, stage: str, began: float) -> None:
    progress.seconds[stage] = progress.seconds.get(stage, 0.0) + time.perf_counter() - began


def _chain(digest: str, *names: str) -> str:
    return hashlib.blake2b("\0".join((digest, *names)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
