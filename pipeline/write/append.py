"""Files of lines that grow window by window: forced to the disk, and cut back to their committed length."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import IO, TYPE_CHECKING, Final

import msgspec

from pipeline.errors import OutputError
from pipeline.files import BUFFER, replacing
from pipeline.layout import PACKED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LEVEL: Final = 9
"""Of zstd: a window takes some twenty milliseconds; 19 takes thirty times as long for a twentieth less."""
_encode = msgspec.json.Encoder().encode


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
