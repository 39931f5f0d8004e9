"""Files that outlive a crash: replaced whole, forced to the disk; locks, and write errors in words."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from pipeline.errors import HeldError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

BUFFER: Final = 2**20


@contextlib.contextmanager
def explain_write_errors(path: Path, left: str = "What is done is kept") -> Iterator[None]:
    """Turn an OSError into an OutputError that says what could not be written, and what is left of it."""
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
    with explain_write_errors(folder):
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        with explain_write_errors(folder):
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
