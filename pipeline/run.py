"""The whole job: the stages composed, a window committed at a time."""

from __future__ import annotations

import contextlib
import hashlib
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import pipeline
from pipeline.addresses import plain
from pipeline.collisions import check_inputs
from pipeline.errors import InputError, PackageError
from pipeline.executor import open_local
from pipeline.files import explain_write_errors
from pipeline.incremental import REGISTER, Register
from pipeline.manifest import Manifest, package_entries, sign
from pipeline.packages import model_store
from pipeline.packages.model_store import find_packages
from pipeline.packages.verify import check_packages
from pipeline.prepare import digest_record
from pipeline.read import read_documents
from pipeline.timing import spend, timed
from pipeline.translate import cut_windows
from pipeline.write import open_output
from pipeline.write.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pipeline.executor import Executor, OpenExecutor, Window
    from pipeline.manifest import Counts, PackageEntry
    from pipeline.packages.model_store import ModelPackage
    from pipeline.records import Document, Pair, Reject
    from pipeline.settings import Settings
    from pipeline.write import Output


def run(
    inputs: Sequence[str],
    out: Path,
    settings: Settings,
    *,
    fresh: bool = False,
    incremental: bool = False,
    watch: Callable[[Counts], None] = lambda _: None,
    open_executor: OpenExecutor = open_local,
    alive: Callable[[], None] = lambda: None,
    deliver: Callable[[], None] = lambda: None,
) -> Manifest:
    """Translate inputs into a folder of pairs, rejects, manifest and report, going on where an interrupted run stopped.

    Args:
        inputs: Files, folders, globs, or `-` for standard input.
        out: The folder to write; made if it is not there.
        settings: Everything tunable.
        fresh: Whether to forget what earlier runs have left in `out`.
        incremental: Whether to take only documents that are new in `out`, and to add their pairs in new shards.
        watch: Is called with the counts so far after each committed window.
        open_executor: Opens what does the work: this machine, or a cluster; the output does not depend on it.
        alive: Is called for each record that is read, also for those that are committed already.
        deliver: Is called when all files have their final names; only what is delivered is done.

    Raises:
        PipelineError: with one sentence that says what happened, where, and what to do.
        TypeError: if one input is given instead of several.
    """
    if isinstance(inputs, str):
        message = "run takes several inputs. Put a single one into a list: run([input], out, settings)."
        raise TypeError(message)
    inputs, out = list(map(str, inputs)), Path(out)  # paths and names will both do
    check_inputs(inputs, out)
    packages = find_packages(settings)
    check_packages(packages.values())
    begun = _describe_run(inputs, settings, package_entries(packages.values()), incremental=incremental)
    with open_output(out, begun, start_over=fresh, shard_bytes=settings.shard_bytes) as output:
        only_finishing = output.progress.complete  # a run that was interrupted once all input was in
        if not only_finishing:
            found = _report_alive(read_documents(inputs, settings), alive)
            with open_executor(packages, settings) as executor, _choose_records(found, output) as (records, register):
                for window, pairs in _translate_windows(executor, records, output.progress, settings):
                    _commit_window(window, pairs, output, register)
                    watch(output.progress.counts)
                _check_unchanged(packages, output.progress)
                _complete(output, register)
        manifest = _make_manifest(output.progress, settings, package_entries(packages.values()))
        output.finish(manifest)
        _write_report(output)
        deliver()
        output.close()
    if incremental and only_finishing:  # input that has come since belongs to no run yet
        return run(
            inputs,
            out,
            settings,
            incremental=True,
            watch=watch,
            open_executor=open_executor,
            alive=alive,
            deliver=deliver,
        )
    return manifest


def _describe_run(
    inputs: Sequence[str], settings: Settings, packages: Sequence[PackageEntry], *, incremental: bool
) -> Progress:
    """Describe a run that has not done anything yet."""
    free = {"workers", "memory_bytes"}  # settings that decide no byte of the output
    deciding = {name: value for name, value in msgspec.to_builtins(settings).items() if name not in free}
    signature = sign(pipeline.__version__, deciding, packages)
    return Progress(
        signature=signature,
        inputs=list(map(plain, inputs)),
        started=_now(),
        incremental=incremental,
        compress=settings.compress,
    )


def _translate_windows(
    executor: Executor, records: Iterable[Document | Reject], progress: Progress, settings: Settings
) -> Iterator[tuple[Window, list[Pair]]]:
    """Prepare records, cut them into windows and translate those, in order; note what took how long."""
    with contextlib.closing(executor.prepare(records)) as prepared:
        windows = cut_windows(
            timed(prepared, progress, "prepare"), lambda record: record.segments, settings.window_chars
        )
        yield from timed(executor.translate(windows), progress, "translate")


def _report_alive(records: Iterable[Document | Reject], alive: Callable[[], None]) -> Iterator[Document | Reject]:
    """Show that the run goes on: a night may pass over records for hours before it commits anything."""
    for record in records:
        alive()
        yield record


@contextlib.contextmanager
def _choose_records(
    records: Iterator[Document | Reject], output: Output
) -> Iterator[tuple[Iterator[Document | Reject], Register | None]]:
    """Leave out what is committed already: by its place, or, in an incremental run, by its content."""
    progress = output.progress
    if not progress.incremental:
        yield _resume(records, progress), None
        return
    register = Register(output.work / REGISTER, progress.windows if output.resumed else None, output.written())
    try:
        progress.windows = register.window
        if register.made_anew:
            progress.forget_empty()
        register.passed_over = -progress.counts.records  # which an earlier part of this run has taken in
        output.save()
        yield register.take_new(records), register
    finally:
        register.close(whole=progress.complete)


def _resume(records: Iterable[Document | Reject], progress: Progress) -> Iterator[Document | Reject]:
    """Skip the records that are committed already, making sure that they are still the same.

    Raises:
        InputError: if the input has changed since, so that going on would mix two states of it.
    """
    records = iter(records)
    digest = ""
    for record in islice(records, progress.counts.records):
        digest = _chain(digest, digest_record(record))
    if digest != progress.digest:
        message = "The input has changed since the run was interrupted. Start over with --fresh."
        raise InputError(message)
    yield from records


def _commit_window(window: Window, pairs: list[Pair], output: Output, register: Register | None) -> None:
    """Enter a window into the books, and commit it; the output comes last and makes all of it valid."""
    progress = output.progress
    began = time.perf_counter()
    progress.counts.enter_prepared(window)
    progress.counts.enter_pairs(pairs)
    for record in window:
        progress.digest = _chain(progress.digest, record.digest)
    if register is not None:
        register.enter(window)
    output.commit(pairs, [record.reject for record in window if record.reject is not None])
    spend(progress, "write", began)


def _check_unchanged(packages: Mapping[str, ModelPackage], progress: Progress) -> None:
    """Make sure that what translated is what the pairs say: a package may have been replaced under a running job."""
    for package in packages.values() if progress.counts.translated else ():
        if model_store.hash_package(package.path) != package.sha256:
            message = f"The package in {package.path} was changed while the run used it. Start over with --fresh."
            raise PackageError(message)


def _complete(output: Output, register: Register | None) -> None:
    """Balance the books, and note what is not in the input any more."""
    progress = output.progress
    progress.counts.reconcile(progress.lines)
    progress.before.plus(progress.counts).reconcile(progress.before.pairs + progress.lines)
    if register is None:
        output.complete()
        return
    progress.unchanged = max(0, register.passed_over)
    progress.removed = register.count_removed()
    output.complete(register.list_removed())


def _make_manifest(progress: Progress, settings: Settings, packages: list[PackageEntry]) -> Manifest:
    return Manifest(
        tolk=pipeline.__version__,
        signature=progress.signature,
        inputs=progress.inputs,
        settings=msgspec.to_builtins(settings),
        packages=packages,
        shards=progress.all_names(),
        counts=progress.before.plus(progress.counts),
        last_run=progress.describe_run(),
        seconds={stage: round(spent, 3) for stage, spent in progress.seconds.items()},
        started=progress.started,
        finished=max(_now(), progress.started),
    )


def _write_report(output: Output) -> None:
    if output.wants_report():
        from pipeline.report import write_report

        with explain_write_errors(output.folder):
            write_report(output.folder)


def _chain(digest: str, more: str) -> str:
    return hashlib.blake2b(f"{digest} {more}".encode(), digest_size=16).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
