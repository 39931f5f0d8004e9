"""Files that outlive a crash: forced to the disk, replaced whole, cut back to what was promised."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import msgspec

from pipeline.errors import HeldError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BUFFER: Final = 2**20
PACKED: Final = ".zst"
LEVEL: Final = 9
"""Of zstd: a window takes some twenty milliseconds; 19 takes thirty times as long for a twentieth less."""
_encode = msgspec.json.Encoder().encode


@contextlib.contextmanager
def said(path: Path, left: str = "What is done is kept") -> Iterator[None]:
    """Say in one sentence what the system says about writing, and what is left of it."""
    try:
        yield
    except BrokenPipeError:  # who was reading has gone, and knows
        raise
    except OSError as error:
        where = error.filename or path
        message = (
            f"Cannot write {where}: {error.strerror or error}. {left}: make room or choose another place, then run "
            "the same command again."
        )
        raise OutputError(message) from error


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a second run out; the lock is on the folder itself and dies with its process, so none is ever stale."""
    with said(folder):
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        with said(folder):
            _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = f"Another run is writing {folder}. Wait for it to end, or choose another --out."
        raise HeldError(message) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file beside its place, force it to the disk, and rename it there: it is whole or it is not.

    A link stays, and its target is replaced; a device or a pipe cannot be replaced, so it is written as it stands.
    """
    if path.exists() and not path.is_file():
        with path.open("wb", buffering=BUFFER) as file:
            yield file
        return
    path = Path(os.path.realpath(path))
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb", buffering=BUFFER) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Replace a small file: whole or not at all."""
    with replacing(path) as file:
        file.write(data)


def sync_folder(folder: Path) -> None:
    """Force a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append_lines(path: Path, records: Iterable[msgspec.Struct]) -> int:
    """Append records as lines, forced to the disk; give the bytes that they take there.

    Where the name says zstd, they are one whole frame: a file that is cut between two calls' records stays readable.
    """
    with path.open("ab", buffering=BUFFER) as file:
        before = file.tell()
        with _packing(file) if path.suffix == PACKED else contextlib.nullcontext(file) as lines:
            for record in records:
                lines.write(_encode(record) + b"\n")
        file.flush()
        os.fsync(file.fileno())
        return file.tell() - before


def _packing(file: IO[bytes]) -> contextlib.AbstractContextManager[IO[bytes]]:
    """Pack what is written into one frame; in one thread, so that the bytes depend on the records alone."""
    import zstandard

    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, threads=0)
    return packer.stream_writer(file, closefd=False)


def cut_file(path: Path, size: int) -> None:
    """Bring a file to its committed length: what stands beyond was never promised."""
    if check_length(path, size) > size:
        os.truncate(path, size)


def check_length(path: Path, size: int) -> int:
    """Make sure that a file has at least its committed length, and give the length it has."""
    found = path.stat().st_size if path.exists() else 0
    if found < size:
        message = f"{path} is shorter than the run has committed; it was changed by hand. Start over with --fresh."
        raise OutputError(message)
    return found


def extend_file(path: Path, kept: int, more: Path) -> None:
    """Put the lines of `more` behind the first `kept` bytes of a file, whole or not at all, as often as it is asked."""
    with replacing(path) as joined:
        if path.exists():
            with path.open("rb") as before:
                _copy(before, joined, kept)
        with more.open("rb") as after:
            shutil.copyfileobj(after, joined, BUFFER)


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    while size > 0 and (block := source.read(min(size, BUFFER))):
        target.write(block)
        size -= len(block)
