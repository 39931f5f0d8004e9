"""Packed bytes, unpacked as they are read: one stream or many, in bounded memory; a tear comes after what was whole."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import gzip
    import io
    from collections.abc import Callable, Iterator

    import zstandard

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


class _Unpacker(Protocol):
    """What the unpackers of bzip2 and of xz have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ...) -> bytes:
        """Unpack more."""


def sniff_packing(raw: io.BufferedReader) -> str:
    """Tell a stream's packing by its first bytes, without taking them from it."""
    head = raw.peek(8)[:8]
    return next((packing for packing, magic in MAGIC.items() if magic.match(head)), "")


def unpack(raw: io.BufferedReader, packing: str) -> Iterator[bytes]:
    """Choose the unpacker; each gives what it has before it complains, and never more at once than is asked for.

    Raises:
        EOFError: where packed data end too early, before the first byte say.
        OSError: where they are damaged, or cannot be read; each library has errors of its own beside it.
    """
    import bz2
    import gzip
    import lzma

    if packing == ".gz":
        return _unpack_gzip(gzip.GzipFile(fileobj=raw), raw)
    if packing == ".bz2":
        return _unpack_streams(raw, bz2.BZ2Decompressor)
    if packing == ".xz":
        return _unpack_streams(raw, lambda: lzma.LZMADecompressor(memlimit=UNPACK_MEMORY))
    if packing == ".zst":
        return _unpack_zstd(raw)
    return _blocks(raw.read1)


def _blocks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    return iter(lambda: read(BLOCK), b"")


def _unpack_gzip(unpacked: gzip.GzipFile, raw: io.BufferedReader) -> Iterator[bytes]:
    if not raw.peek(1):  # which the library takes for an archive of nothing
        raise EOFError
    yield from _blocks(unpacked.read1)


def _unpack_streams(raw: IO[bytes], begin: Callable[[], _Unpacker]) -> Iterator[bytes]:
    """Drive an unpacker by hand: only so an xz's memory can be limited, and no damaged bzip2 ends without a word."""
    unpacker = begin()
    while True:
        rest = b""
        if unpacker.eof:
            rest = unpacker.unused_data.lstrip(b"\0") or raw.read(BLOCK).lstrip(b"\0")
            if not rest:
                return
            unpacker = begin()
        elif unpacker.needs_input and not (rest := raw.read(BLOCK)):
            raise EOFError
        if block := unpacker.decompress(rest, BLOCK):
            yield block


def _unpack_zstd(raw: IO[bytes]) -> Iterator[bytes]:
    """Drive a zstd unpacker by hand, since its reader takes a torn frame for the end."""
    import zstandard

    def fresh() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=UNPACK_MEMORY // 2).decompressobj()

    unpacker = fresh()
    while waiting := raw.read(ZSTD_FEED):
        while waiting:
            if unpacker.eof:
                unpacker = fresh()
            block = unpacker.decompress(waiting)
            waiting = unpacker.unused_data
            if block:
                yield block
    if not unpacker.eof:
        raise EOFError
