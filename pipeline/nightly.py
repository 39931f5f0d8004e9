"""Incremental runs that report: a line in a log, metrics for Prometheus, a summary that cron can mail."""

from __future__ import annotations

import contextlib
import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from pipeline.addresses import plain
from pipeline.errors import HeldError, PipelineError
from pipeline.executor import open_local
from pipeline.files import explain_write_errors, replace_file
from pipeline.layout import METRICS, RUN_LOG
from pipeline.staging import find_folder, run_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipeline.executor import OpenExecutor
    from pipeline.manifest import Counts, Manifest
    from pipeline.settings import Settings

_LAST_BYTES: Final = 2**16


class LogLine(msgspec.Struct, kw_only=True):
    """One run: one line of `runs.jsonl`."""

    started: str
    seconds: float = 0.0
    outcome: Literal["done", "failed", "stopped"] = "done"
    message: str = ""
    """What went wrong and what to do about it."""
    new: int = 0
    """Documents and rejects that were taken in."""
    unchanged: int = 0
    removed: int = 0
    rejects: int = 0
    pairs: int = 0
    flagged: int = 0
    documents_in_all: int = 0
    pairs_in_all: int = 0
    succeeded: float = 0.0
    """When a run was last done, in seconds since 1970."""
    signature: str = ""


def run_nightly(
    inputs: Sequence[str],
    out: str | Path,
    settings: Settings,
    *,
    fresh: bool = False,
    watch: Callable[[Counts], None],
    open_executor: OpenExecutor = open_local,
) -> Manifest:
    """Do an incremental run and write down how it went, also if it fails: where it works, should that be elsewhere."""
    folder = find_folder(out)
    line = LogLine(started=datetime.now(UTC).isoformat(timespec="seconds"))
    began = time.perf_counter()
    try:
        manifest = run_to(
            inputs, out, settings, fresh=fresh, incremental=True, watch=watch, open_executor=open_executor
        )
        _enter(line, manifest)
    except BaseException as error:
        line.outcome = "failed" if isinstance(error, Exception) else "stopped"
        line.message = plain(str(error)) if isinstance(error, PipelineError) else type(error).__name__
        line.seconds = round(time.perf_counter() - began, 3)
        _write_after_failure(folder, line, held=isinstance(error, HeldError))
        raise
    line.seconds = round(time.perf_counter() - began, 3)
    with explain_write_errors(folder):
        _write(folder, line)
    return manifest


def append_log(path: Path, line: LogLine) -> None:
    """Append a line; one that a crash has torn before it is cut off."""
    with path.open("a+b") as file:
        size = file.tell()
        file.seek(max(0, size - _LAST_BYTES))
        tail = file.read(_LAST_BYTES)
        if tail and not tail.endswith(b"\n"):
            file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)
        file.write(msgspec.json.encode(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def format_metrics(line: LogLine) -> str:
    """Draw up a run for the textfile collector of Prometheus's node exporter."""
    rows: list[tuple[str, str, float]] = [
        ("last_run_success", "Whether the last run was done.", int(line.outcome == "done")),
        ("last_run_seconds", "Duration of the last run.", line.seconds),
        ("last_success_timestamp_seconds", "When a run was last done.", line.succeeded),
        ("last_run_new_records", "Records that the last run took in.", line.new),
        ("last_run_unchanged_records", "Records that the last run passed over.", line.unchanged),
        ("last_run_removed_documents", "All documents that are not in the input any more.", line.removed),
        ("last_run_rejected_records", "Records that the last run could not read.", line.rejects),
        ("last_run_pairs", "Pairs that the last run wrote.", line.pairs),
        ("documents", "Documents in the output.", line.documents_in_all),
        ("pairs", "Pairs in the output.", line.pairs_in_all),
    ]
    return "".join(
        f"# HELP tolk_{name} {text}\n# TYPE tolk_{name} gauge\ntolk_{name} {value}\n" for name, text, value in rows
    )


def format_mail(manifest: Manifest, out: str | Path) -> str:
    """Draw up an incremental run in lines that cron can mail."""
    last, counts = manifest.last_run, manifest.last_run.counts
    rows = [
        ("new documents", counts.documents, ", ".join(last.shards)),
        ("unchanged", last.unchanged, ""),
        ("removed", last.removed, "listed in removed.jsonl" if last.removed else ""),
        ("rejected", counts.rejects, "see rejects.jsonl" if counts.rejects else ""),
        ("new pairs", counts.pairs, ", ".join(f"{lang} {n}" for lang, n in counts.languages.items())),
        ("flagged", counts.flagged, ", ".join(f"{flag} {n}" for flag, n in counts.flags.items())),
        ("pairs in all", manifest.counts.pairs, f"{len(manifest.shards)} shard{'s' * (len(manifest.shards) != 1)}"),
    ]
    table = [f"  {name:<14}{number:>10}  {note}".rstrip() for name, number, note in rows]
    return "\n".join([f"tolk: {out} is up to date ({manifest.started} to {manifest.finished})", *table])


def _enter(line: LogLine, manifest: Manifest) -> None:
    last, counts = manifest.last_run, manifest.last_run.counts
    line.new, line.rejects, line.pairs, line.flagged = counts.records, counts.rejects, counts.pairs, counts.flagged
    line.unchanged, line.removed = last.unchanged, last.removed
    line.documents_in_all, line.pairs_in_all = manifest.counts.documents, manifest.counts.pairs
    line.signature = manifest.signature
    line.succeeded = round(time.time(), 3)


def _write_after_failure(out: Path, line: LogLine, *, held: bool) -> None:
    """Log a failure where that can be done at all; the run that holds the folder speaks for its figures itself."""
    with contextlib.suppress(OSError):  # what failed before says more than that it could not be logged
        last = _last_succeeded(out / RUN_LOG)
        if last is not None:
            line.documents_in_all, line.pairs_in_all = last.documents_in_all, last.pairs_in_all
            line.succeeded = last.succeeded
    with contextlib.suppress(OSError):
        if held:
            append_log(out / RUN_LOG, line)
        else:
            _write(out, line)


def _write(out: Path, line: LogLine) -> None:
    """Write the log and the figures; where one cannot be written, the other shall still tell of this run."""
    try:
        append_log(out / RUN_LOG, line)
    finally:
        replace_file(out / METRICS, format_metrics(line).encode())


def _last_succeeded(path: Path) -> LogLine | None:
    """Find the last line of the log that tells of a success: a failure repeats the figures of the one before it."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LAST_BYTES))
        lines = file.read(_LAST_BYTES).splitlines()
    for line in reversed(lines):
        try:
            found = msgspec.json.decode(line, type=LogLine)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        if found.succeeded:
            return found
    return None
