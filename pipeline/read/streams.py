"""Bytes of a source as a stream: unpacked as they are read, split at line ends, never more held than is asked for."""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from pipeline.addresses import is_remote
from pipeline.errors import InputError
from pipeline.read.decode import find_encoding
from pipeline.read.entries import HEAD, Entry
from pipeline.read.remote import open_remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import zstandard

    from pipeline.read.inputs import Source

BLOCK: Final = 2**16
"""Bytes that are read at a time."""
UNPACK_MEMORY: Final = 256 * 2**20
"""An archive whose unpacker wants more than this is taken for a bomb."""
ZSTD_FEED: Final = 512
"""A zstd block of four bytes can grow to 128 KiB; fed this few at a time, a bomb fills 16 MiB at most."""
MAGIC: Final = {
    ".gz": re.compile(rb"\x1f\x8b\x08"),
    ".bz2": re.compile(rb"BZh[1-9](?:1AY&|\x17rE8)"),
    ".xz": re.compile(rb"\xfd7zXZ\x00"),
    ".zst": re.compile(rb"\x28\xb5\x2f\xfd"),
}
"""First bytes of packed data, for streams that have no name to tell, and files whose name does not."""
SNIFF: Final = 2**16
"""Bytes of a stream that tell its kind, and of a file of records that tell its encoding."""


class Stream:
    """A source's blocks of bytes; a tear ends them and stays in `torn` to be told."""

    def __init__(self, source: Source) -> None:
        self.torn: str | None = None
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
            self.torn = str(error)


def find_line_encoding(stream: Stream) -> str:
    """Tell the encoding of a file of lines by its first ones."""
    head = stream.peek()
    return find_encoding(head[: head.rfind(b"\n") + 1] or head)


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
            yield from _unpack(raw, source.packing or _sniff_packing(raw))
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
        spooled = stack.enter_context(tempfile.TemporaryFile())
        for block in stream:
            spooled.write(block)
        spooled.seek(0)
        yield spooled


def _sniff_packing(raw: io.BufferedReader) -> str:
    """Tell a stream's packing by its first bytes, without taking them from it."""
    head = raw.peek(8)[:8]
    return next((packing for packing, magic in MAGIC.items() if magic.match(head)), "")


def _unpack(raw: io.BufferedReader, packing: str) -> Iterator[bytes]:
    """Choose the unpacker; each gives what it has before it complains, and never more at once than is asked for."""
    import bz2
    import gzip

    if packing == ".gz":
        return _blocks(gzip.GzipFile(fileobj=raw).read1)
    if packing == ".bz2":
        return _blocks(bz2.BZ2File(raw).read1)
    if packing == ".xz":
        return _unpack_xz(raw)
    if packing == ".zst":
        return _unpack_zstd(raw)
    return _blocks(raw.read1)


def _blocks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    return iter(lambda: read(BLOCK), b"")


def _unpack_xz(raw: IO[bytes]) -> Iterator[bytes]:
    """Drive an xz unpacker by hand, since only so its memory can be limited."""
    import lzma

    unpacker = lzma.LZMADecompressor(memlimit=UNPACK_MEMORY)
    while True:
        rest = b""
        if unpacker.eof:
            rest = unpacker.unused_data.lstrip(b"\0") or raw.read(BLOCK).lstrip(b"\0")
            if not rest:
                return
            unpacker = lzma.LZMADecompressor(memlimit=UNPACK_MEMORY)
        elif unpacker.needs_input and not (rest := raw.read(BLOCK)):
            raise EOFError
        if block := unpacker.decompress(rest, BLOCK):
            yield block


def _unpack_zstd(raw: IO[bytes]) -> Iterator[bytes]:
    """Drive a zstd unpacker by hand, since its reader takes a torn frame for the end."""
    import zstandard

    def fresh() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=UNPACK_MEMORY // 2).decompressobj()

    unpacker, started = fresh(), False
    while waiting := raw.read(ZSTD_FEED):
        while waiting:
            if unpacker.eof:
                unpacker = fresh()
            block, started = unpacker.decompress(waiting), True
            waiting = unpacker.unused_data
            if block:
                yield block
    if started and not unpacker.eof:
        raise EOFError
