"""Pairs → JSONL shards, rejects and manifest, a window at a time and never half.

A run works in `OUT/.tolk/`. Each window is appended there, forced to the disk, and then committed by replacing
`progress.json`, which says how long every file is; whatever stands beyond that is cut off when the run goes on.
Only a finished run moves its files to their final names.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from typing import IO, TYPE_CHECKING, Final

import msgspec

from pipeline.errors import OutputError
from pipeline.manifest import Counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.manifest import Manifest
    from pipeline.records import Pair, Reject

WORK_FOLDER: Final = ".tolk"
REJECTS: Final = "rejects.jsonl"
MANIFEST: Final = "manifest.json"
_encode = msgspec.json.Encoder().encode


class Progress(msgspec.Struct, kw_only=True):
    """What is safely on the disk of a run that is not finished."""

    signature: str
    inputs: list[str]
    started: str
    digest: str = ""
    """Running hash over the records that were taken in: a changed input is noticed."""
    shards: list[int] = msgspec.field(default_factory=lambda: [0])
    """Bytes of each shard; the last one is open."""
    rejects: int = 0
    """Bytes of rejects."""
    lines: int = 0
    counts: Counts = msgspec.field(default_factory=Counts)
    seconds: dict[str, float] = {}
    complete: bool = False
    """Whether all input is in and only the renaming is left."""


class Output:
    """An output folder held by one run: open it, append windows, finish it."""

    def __init__(self, folder: Path, progress: Progress, shard_bytes: int) -> None:
        self.folder = folder
        self.progress = progress
        self._work = folder / WORK_FOLDER
        self._shard_bytes = shard_bytes
        if not progress.complete:  # else some files have moved to their final names already
            for at, size in enumerate(progress.shards):
                _cut(self._work / shard_name(at), size)
            _cut(self._work / REJECTS, progress.rejects)

    def commit(self, pairs: Sequence[Pair], rejects: Sequence[Reject]) -> None:
        """Append a window to the open shard, force it to the disk, then make it part of the run at once."""
        progress = self.progress
        with _said(self._work):
            if progress.shards[-1] >= self._shard_bytes:
                progress.shards.append(0)
            progress.shards[-1] += _append(self._work / shard_name(len(progress.shards) - 1), pairs)
            progress.rejects += _append(self._work / REJECTS, rejects)
            progress.lines += len(pairs)
            replace_file(self._work / "progress.json", _encode(progress))

    def finish(self, manifest: Manifest) -> None:
        """Move the files to their final names; what an earlier run left there gives way."""
        with _said(self.folder):
            self.progress.complete = True
            replace_file(self._work / "progress.json", _encode(self.progress))
            names = [shard_name(at) for at in range(len(self.progress.shards))]
            for name in [*names, REJECTS]:
                if (self._work / name).exists():  # a finish that was cut short has moved some already
                    (self._work / name).replace(self.folder / name)
            for stale in sorted(self.folder.glob("pairs-*.jsonl")):
                if stale.name not in names:
                    stale.unlink()
            replace_file(self.folder / MANIFEST, msgspec.json.format(_encode(manifest), indent=2) + b"\n")

    def close(self) -> None:
        """Forget the way here: everything stands under its final name."""
        shutil.rmtree(self._work, ignore_errors=True)


@contextlib.contextmanager
def open_output(folder: Path, fresh: Progress, *, start_over: bool, shard_bytes: int) -> Iterator[Output]:
    """Hold an output folder for one run, going on from what an interrupted run with the same signature left.

    Raises:
        OutputError: if the folder cannot be written, another run holds it, or a different run was interrupted in it.
    """
    work = folder / WORK_FOLDER
    with _said(folder):
        work.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        progress = None if start_over else _read_progress(work / "progress.json")
        if progress is None:
            _clear(work)
        elif (progress.signature, progress.inputs) != (fresh.signature, fresh.inputs):
            message = (
                f"{folder} holds a run that was interrupted and had other settings, packages or inputs "
                f"({progress.signature}; {' '.join(progress.inputs)}). Finish that one with the command that began it, "
                "or start over with --fresh."
            )
            raise OutputError(message)
        yield Output(folder, progress or fresh, shard_bytes)


def shard_name(number: int) -> str:
    """Name a shard.

    >>> shard_name(3)
    'pairs-00003.jsonl'
    """
    return f"pairs-{number:05d}.jsonl"


def replace_file(path: Path, data: bytes) -> None:
    """Write a small file beside its place, force it to the disk, and rename it there: it is whole or it is not."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def write_records(path: Path | None, standard: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give a stage's records a file, whole or not at all, or standard output."""
    if path is None:
        yield standard
        standard.flush()
        return
    with _said(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        try:
            with beside.open("wb") as file:
                yield file
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep a second run out; the lock is on the folder itself and dies with its process, so none is ever stale."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        message = f"Another run is writing {folder}. Wait for it to end, or choose another --out."
        raise OutputError(message) from error
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    """Say in one sentence what the system says about writing."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        message = (
            f"Cannot write {where}: {error.strerror or error}. What is done is kept: make room or choose another "
            "place, then run the same command again."
        )
        raise OutputError(message) from error


def _read_progress(path: Path) -> Progress | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Progress)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        message = f"{path} is not a run's progress ({error}). Start over with --fresh."
        raise OutputError(message) from error


def _clear(work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)


def _append(path: Path, records: Sequence[Pair] | Sequence[Reject]) -> int:
    """Append records as lines, forced to the disk; give the bytes."""
    data = b"".join(_encode(record) + b"\n" for record in records)
    with path.open("ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return len(data)


def _cut(path: Path, size: int) -> None:
    """Bring a file to its committed length: what stands beyond was never promised."""
    with path.open("ab") as file:
        if file.tell() < size:
            message = f"{path} is shorter than the run has committed; it was changed by hand. Start over with --fresh."
            raise OutputError(message)
        file.truncate(size)
