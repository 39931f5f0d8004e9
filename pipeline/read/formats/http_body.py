"""A page's bytes as its server sent them: chunks joined, packing undone; what stands before a tear is kept."""

from __future__ import annotations

import contextlib
import io
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.errors import DamageError
from pipeline.read.entries import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP: Final = 4096
"""Bytes that are unpacked at a time."""
GZIP: Final = b"\x1f\x8b"
GZIP_BITS: Final = 31
ZLIB_BITS: Final = 15
RAW_BITS: Final = -15
"""What zlib is told to expect: deflated data with the head of gzip, with that of zlib, or with none."""
_CHUNK: Final = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?(\r?\n)")
"""The line before a chunk: its size, and extensions, which nobody needs."""
_LINE_END: Final = re.compile(rb"\r?\n")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that stand in no page, but soon in anything that is packed."""
_CODING: Final = re.compile(r"[a-z][a-z0-9-]*")
KEPT: Final = "What stood before is kept; fetch the file again."


class Body(msgspec.Struct, frozen=True):
    """What was sent, and what it is torn by, if it is."""

    data: bytes
    torn: DamageError | None = None


def unpack_body(body: bytes, content: str, transfer: str, bound: int) -> Body:
    """Undo the codings that a header names, the last one first; a crawler may have undone some already.

    Raises:
        RecordError: if nothing can be made of it.
    """
    torn = None
    for coding in reversed(_CODING.findall(f"{content},{transfer}".lower())):
        found = _undo(body, coding, bound)
        body, torn = found.data, torn or found.torn
    return Body(body, torn)


def read_whole(reader: Any, bound: int) -> bytes:  # noqa: ANN401 - fastwarc has no types for it
    """Read to the end, and no further than one byte past the bound."""
    return b"".join(_read(reader, bound))


def _read(reader: Any, bound: int) -> Iterator[bytes]:  # noqa: ANN401
    left = bound + 1
    while left > 0 and (block := reader.read(min(left, 2**20))):
        left -= len(block)
        yield block


def _undo(body: bytes, coding: str, bound: int) -> Body:
    if coding == "chunked":
        return _join_chunks(body)
    if coding in {"gzip", "x-gzip"}:
        return _inflate(body, GZIP_BITS, bound) if body.startswith(GZIP) else _take_plain(body, "it is no gzip")
    if coding == "deflate":
        return _inflate(body, ZLIB_BITS if _is_zlib(body) else RAW_BITS, bound)
    return _unpack_other(body, coding, bound)


def _is_zlib(body: bytes) -> bool:
    """Tell by the head that the standard asks for and some servers leave out."""
    return body[:1] == b"\x78" and int.from_bytes(body[:2]) % 31 == 0


def _take_plain(body: bytes, why: object) -> Body:
    """Take for a page what was declared packed, and is not."""
    if _CONTROL.search(body, 0, HEAD):
        message = f"The page's packing is damaged ({why}). Fetch the file again."
        raise DamageError(message)
    return Body(body)


def _join_chunks(body: bytes) -> Body:
    """Join chunks up to the last, which is empty; what follows it are further fields of the header."""
    parts: list[bytes] = []
    at = 0
    while header := _CHUNK.match(body, at):
        start, size = header.end(), int(header[1], 16)
        if not size and (parts or not body[start:].strip()):
            return Body(b"".join(parts))
        part = body[start : start + size]
        end = _LINE_END.match(body, start + size)
        is_torn = len(part) < size or start + size == len(body)
        if not parts and not (end or (is_torn and header[2] == b"\r\n")):  # a number that a page begins with
            return Body(body)
        parts.append(part)
        at = end.end() if end else start + size
        if not end:
            break
    if not parts:
        return Body(body)
    how = "are damaged" if at < len(body) else "end too early"
    return Body(b"".join(parts), DamageError(f"The page's chunks {how}. {KEPT}"))


def _inflate(body: bytes, bits: int, bound: int) -> Body:
    """Unpack step by step, so that what stands before a damaged spot is there when it is met."""
    data = bytearray()
    try:
        for block in _inflate_steps(body, bits):
            data += block
            if len(data) > bound:
                break
    except EOFError:
        return Body(bytes(data), DamageError(f"The page's packed data end too early. {KEPT}"))
    except zlib.error as error:
        if not data or (bits == RAW_BITS and not _CONTROL.search(body, 0, HEAD)):
            return _take_plain(body, error)
        return Body(bytes(data), DamageError(f"The page's packed data are damaged ({error}). {KEPT}"))
    return Body(bytes(data))


def _inflate_steps(body: bytes, bits: int) -> Iterator[bytes]:
    """Unpack one stream, or several of gzip; what else follows is padding.

    Raises:
        EOFError: if there is no end.
        zlib.error: if there is damage.
    """
    unpacker, waiting, at = zlib.decompressobj(bits), b"", 0
    while True:
        if unpacker.eof:
            at -= len(unpacker.unused_data)
            if bits != GZIP_BITS or not body.startswith(GZIP, at):
                return
            unpacker, waiting = zlib.decompressobj(bits), b""
        if not waiting:
            waiting = body[at : at + STEP]
            at += len(waiting)
        is_last = not waiting
        before = unpacker.copy()
        try:
            block = unpacker.decompress(waiting, STEP)
        except zlib.error:
            yield from _creep(before, waiting)
            raise
        waiting = unpacker.unconsumed_tail
        if block:
            yield block
        elif is_last and not unpacker.eof:
            raise EOFError


def _creep(unpacker: zlib._Decompress, waiting: bytes) -> Iterator[bytes]:
    """Unpack byte by byte up to the damaged spot: of what is unpacked at once, the library would give nothing."""
    with contextlib.suppress(zlib.error):
        for byte in waiting:
            yield unpacker.decompress(bytes([byte]))


def _unpack_other(body: bytes, coding: str, bound: int) -> Body:
    """Leave brotli, zstd and whatever else it knows to fastwarc, which takes a record."""
    from fastwarc.warc import ArchiveIterator

    http = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode() + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {len(http)}\r\n\r\n"
    data = bytearray()
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(head.encode() + http), parse_http=False, stream_detect=False)))
        record.parse_http("content", strict_mode=False)
        for block in _read(record.reader, bound):
            data += block
    except OSError as error:
        if not data:
            return _take_plain(body, error)
        return Body(bytes(data), DamageError(f"The page's packed data are damaged ({error}). {KEPT}"))
    return Body(bytes(data))
