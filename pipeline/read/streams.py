"""Bytes of a source as a stream: unpacked as they are read, split at line ends, never more held than is asked for."""

from __future__ import annotations

import contextlib
import io
import itertools
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from pipeline.addresses import is_remote
from pipeline.errors import DamageError, InputError, OutputError
from pipeline.read.decode import find_encoding
from pipeline.read.entries import HEAD, Entry
from pipeline.read.remote import open_remote
from pipeline.read.unpack import sniff_packing, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.read.inputs import Source

SNIFF: Final = 2**16
"""Bytes of a stream that tell its kind, and of a file of records that tell its encoding."""


class Stream:
    """A source's blocks of bytes; a tear ends them and stays in `torn` to be told."""

    def __init__(self, source: Source) -> None:
        self.torn: DamageError | None = None
        self.length = 0
        self._blocks = self._safely(read_blocks(source))
        self._ahead: list[bytes] = []

    def __iter__(self) -> Iterator[bytes]:
        for block in itertools.chain(self._take_ahead(), self._blocks):
            self.length += len(block)
            yield block

    def peek(self) -> bytes:
        """Look at the first bytes; as many as there are, up to `SNIFF`, however small the blocks that come."""
        while sum(map(len, self._ahead)) < SNIFF and (block := next(self._blocks, None)) is not None:
            self._ahead.append(block)
        return b"".join(self._ahead)[:SNIFF]

    def _take_ahead(self) -> Iterator[bytes]:
        while self._ahead:
            yield self._ahead.pop(0)

    def _safely(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from blocks
        except InputError as error:
            self.torn = DamageError(str(error))


def find_line_encoding(stream: Stream) -> str:
    """Tell the encoding of a file of lines by its first ones."""
    return find_encoding(peek_lines(stream))


def peek_lines(stream: Stream) -> bytes:
    """Look at the first lines that are whole, or at as much of the first one as may be looked at."""
    head = stream.peek()
    return head[: head.rfind(b"\n") + 1] or head


def newline_of(encoding: str, head: str = "") -> bytes:
    """Give the bytes that end a line: a carriage return where there is no line feed, as in tables of old Macs."""
    mark = "\r" if "\r" in head[:-1] and "\n" not in head else "\n"
    return mark.encode(encoding) if encoding.startswith(("utf-16", "utf-32")) else mark.encode()


def split_lines(blocks: Iterable[bytes], name: str, newline: bytes, bound: int) -> Iterator[Entry]:
    """Split at line ends, each found once; of a line past the bound only the beginning is held."""
    buffer, head = bytearray(), b""
    offset = dropped = scanned = number = 0
    for block in blocks:
        buffer += block
        while (end := _find_aligned(buffer, newline, scanned)) >= 0:
            number += 1
            yield Entry(f"{name}#{number}", offset, head or bytes(buffer[:end]), dropped + end, ended=True)
            offset += dropped + end + len(newline)
            del buffer[: end + len(newline)]
            head, dropped, scanned = b"", 0, 0
        scanned = len(buffer) - len(buffer) % len(newline)
        if len(buffer) > bound:
            head = head or bytes(buffer[:HEAD])
            dropped += scanned
            del buffer[:scanned]
            scanned = 0
    if buffer or dropped:
        yield Entry(f"{name}#{number + 1}", offset, head or bytes(buffer), dropped + len(buffer), ended=False)


def _find_aligned(buffer: bytearray, newline: bytes, start: int) -> int:
    """Find a line end that begins where a character begins: in UTF-16 the same bytes may stand across two."""
    found = buffer.find(newline, start)
    while found % len(newline) and found >= 0:
        found = buffer.find(newline, found + 1)
    return found


def read_blocks(source: Source) -> Iterator[bytes]:
    """Give a source's bytes, unpacked, in blocks; a tear comes as an InputError after what stands before it."""
    import lzma
    import zlib

    import zstandard

    try:
        with _open(source.path) as raw:
            yield from unpack(raw, source.packing or sniff_packing(raw))
    except EOFError:
        message = (
            f"The {source.packing or 'packed'} data end too early. What stood before is kept; fetch the file again."
        )
        raise InputError(message) from None
    except (zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
        what = f"The {source.packing or 'packed'} data are damaged ({error})"
        message = f"{what}. What stood before is kept; fetch the file again."
        raise InputError(message) from error
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"The file cannot be read on ({reason}). What stood before is kept; mend or fetch it, then run again."
        raise InputError(message) from error


@contextlib.contextmanager
def _open(path: str) -> Iterator[io.BufferedReader]:
    """Open a file, local or remote, or borrow standard input without closing it."""
    if is_remote(path):
        with open_remote(path) as remote:
            yield remote
        return
    if path != "-":
        with Path(path).open("rb") as file:
            yield file
        return
    buffer: Any = sys.stdin.buffer
    reader = io.BufferedReader(getattr(buffer, "raw", buffer))
    try:
        yield reader
    finally:
        reader.detach()


@contextlib.contextmanager
def open_seekable(stream: Stream, source: Source) -> Iterator[IO[bytes]]:
    """Open a file that is not read from end to end; what is packed or piped is unpacked into a temporary file first."""
    with contextlib.ExitStack() as stack:
        if source.packing == "":
            raw = stack.enter_context(_open(source.path))
            if raw.seekable():
                yield raw
                return
        with _explaining_spool(source.name):
            spooled = stack.enter_context(tempfile.TemporaryFile(buffering=0))  # what a buffer holds would fail later
            for block in stream:
                waiting = memoryview(block)
                while waiting:
                    waiting = waiting[spooled.write(waiting) :]
            spooled.seek(0)
        yield spooled


@contextlib.contextmanager
def _explaining_spool(name: str) -> Iterator[None]:
    """Say that it is this machine, and not the file, that unpacking fails on."""
    try:
        yield
    except OSError as error:
        message = (
            f"Cannot unpack {name} into a temporary file: {error.strerror or error}. Make room in the folder that "
            "TMPDIR names, or let it name another, then run the same command again."
        )
        raise OutputError(message) from error
