"""Pairs → JSONL shards, rejects and manifest, a window at a time and never half.

A run works in `OUT/.tolk/`. Each window is appended there, forced to the disk, and then committed by replacing
`progress.json`, which says how long every file is; whatever stands beyond that is cut off when the run goes on.
Only a finished run moves its files to their final names, the manifest last.
"""

from __future__ import annotations

import contextlib
import shutil
from typing import IO, TYPE_CHECKING

import msgspec

from pipeline.files import explain_write_errors, locked, replace_file, replacing, sync_folder
from pipeline.layout import MANIFEST, PROGRESS, REJECTS, REMOVED, REPORT, WORK_FOLDER
from pipeline.write.append import append_lines, check_length, cut_file, extend_file
from pipeline.write.guard import list_shards, refuse_dangling, refuse_discarding
from pipeline.write.progress import Progress, choose_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.manifest import Manifest
    from pipeline.records import Pair, Reject


class Output:
    """An output folder held by one run: open it, append windows, finish it."""

    def __init__(self, folder: Path, progress: Progress, shard_bytes: int, *, resumed: bool) -> None:
        self.folder = folder
        self.progress = progress
        self.work = folder / WORK_FOLDER
        self.resumed = resumed
        self._shard_bytes = shard_bytes
        if not progress.complete:  # else some files have moved to their final names already
            for name, size in self._committed():
                cut_file(self.work / name, size)

    def commit(self, pairs: Sequence[Pair], rejects: Sequence[Reject]) -> None:
        """Append a window to the open shard, force it to the disk, then make it part of the run at once."""
        progress = self.progress
        with explain_write_errors(self.work):
            if pairs and (not progress.shards or progress.shards[-1] >= self._shard_bytes):
                self._open_shard()
            if pairs:
                progress.shards[-1] = self._append(progress.shard_names()[-1], progress.shards[-1], pairs)
            if rejects:
                progress.rejects = self._append(REJECTS, progress.rejects, rejects)
            progress.lines += len(pairs)
            progress.windows += 1
        self.save()

    def save(self) -> None:
        """Commit: replace `progress.json` by the counts and the lengths of files as they are now."""
        with explain_write_errors(self.work):
            replace_file(self.work / PROGRESS, msgspec.json.encode(self.progress))

    def complete(self, removed: Iterable[msgspec.Struct] = ()) -> None:
        """Note that all input is in, and list the documents that are not in it any more."""
        with explain_write_errors(self.folder):
            self._check_files()
            self._list_removed(removed)
            if not self.progress.first_shard:
                (self.work / REJECTS).touch()
                if not self.progress.shards:
                    self._open_shard()
        self.progress.complete = True
        self.save()

    def finish(self, manifest: Manifest) -> None:
        """Move the files to their final names; what an earlier run left there gives way."""
        with explain_write_errors(self.folder):
            if self._changes_pairs() or (self.work / REMOVED).exists():
                (self.folder / MANIFEST).unlink(missing_ok=True)  # no folder shall look whole while it is not
            if self._changes_pairs():
                self._move()
            self._move_removed()
            replace_file(self.folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")

    def wants_report(self) -> bool:
        """Whether the page would say anything new."""
        return self._changes_pairs() or not (self.folder / REPORT).exists()

    def close(self) -> None:
        """Remove the progress, and the work folder unless the next incremental run needs it."""
        (self.work / PROGRESS).unlink(missing_ok=True)
        if not self.progress.incremental:
            shutil.rmtree(self.work, ignore_errors=True)

    def written(self) -> list[Path]:
        """Name the files that pairs and rejects stand in so far."""
        before = [self.folder / name for name in self.progress.names_before()]
        now = [self.work / name for name in self.progress.shard_names()]
        rejects = [self.folder / REJECTS] if self.progress.first_shard else []  # else they are another run's
        return [*before, *now, *rejects, self.work / REJECTS]

    def _committed(self) -> list[tuple[str, int]]:
        """Give each file that this run appends to, and its committed length."""
        return [*zip(self.progress.shard_names(), self.progress.shards, strict=True), (REJECTS, self.progress.rejects)]

    def _changes_pairs(self) -> bool:
        return bool(self.progress.counts.records or not self.progress.first_shard)

    def _open_shard(self) -> None:
        self.progress.shards.append(0)
        (self.work / self.progress.shard_names()[-1]).open("wb").close()

    def _append(self, name: str, committed: int, records: Sequence[Pair] | Sequence[Reject]) -> int:
        """Append records behind what was committed, and give the length up to which the file is committed then."""
        committed += append_lines(self.work / name, records)
        check_length(self.work / name, committed)
        return committed

    def _check_files(self) -> None:
        """Make sure that what was committed still stands there: somebody may have cleared up under the run."""
        self.work.stat()  # where all of it is away, it may come back with its disk, and no file was changed
        for name, size in self._committed():
            check_length(self.work / name, size)

    def _list_removed(self, removed: Iterable[msgspec.Struct]) -> None:
        """List what an incremental run has missed, though it be nothing: who drops it reads the file every night."""
        (self.work / REMOVED).unlink(missing_ok=True)  # left by a part of this run that had come as far, and died
        listed = self.folder / REMOVED
        if not self.progress.incremental:
            return
        if self.progress.removed or not listed.exists() or listed.stat().st_size:  # else it says so already
            with replacing(self.work / REMOVED) as file:
                file.writelines(msgspec.json.encode(record) + b"\n" for record in removed)

    def _move_removed(self) -> None:
        if not self.progress.incremental:
            (self.folder / REMOVED).unlink(missing_ok=True)
        elif (self.work / REMOVED).exists():
            (self.work / REMOVED).replace(self.folder / REMOVED)
            sync_folder(self.folder)

    def _move(self) -> None:
        progress = self.progress
        for name in progress.shard_names():
            if (self.work / name).exists():  # a finish that was cut short has moved some already
                (self.work / name).replace(self.folder / name)
        for stale in set(progress.stale) - set(progress.all_names()):
            (self.folder / stale).unlink(missing_ok=True)
        if (self.work / REJECTS).exists():
            extend_file(self.folder / REJECTS, progress.rejects_before, self.work / REJECTS)
            (self.work / REJECTS).unlink()
        sync_folder(self.folder)


@contextlib.contextmanager
def open_output(folder: Path, begun: Progress, *, start_over: bool, shard_bytes: int) -> Iterator[Output]:
    """Hold an output folder for one run, going on from what an interrupted run with the same signature left.

    Raises:
        OutputError: if the folder cannot be written, another run holds it, a different run was interrupted in it,
            incremental runs have filled it, or files stand there that are not from a run and would be replaced.
    """
    work = folder / WORK_FOLDER
    refuse_dangling(folder)
    with explain_write_errors(folder):
        list_shards(folder)  # which complains about what is not a run's before anything is made there
        work.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        with explain_write_errors(work):
            begun.stale = list_shards(folder)
            if not (start_over or begun.incremental or (work / PROGRESS).exists()):  # that one is gone on with, or not
                refuse_discarding(folder)
            progress = choose_progress(folder, begun, start_over=start_over)
            output = Output(folder, progress, shard_bytes, resumed=progress is not begun)
        yield output


@contextlib.contextmanager
def open_stage_output(path: Path | None, standard: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give a stage's records a file, whole or not at all, or standard output."""
    if path is None or str(path) == "-":
        yield standard
        standard.flush()
        return
    with explain_write_errors(path, "Nothing of it is left"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            yield file


def write_lines(records: Iterable[msgspec.Struct], out: IO[bytes]) -> None:
    """Write records, one a line."""
    encode = msgspec.json.Encoder().encode
    for record in records:
        out.write(encode(record) + b"\n")
