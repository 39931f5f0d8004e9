"""Files and streams to documents; whatever cannot be read becomes a reject with its place and reason."""

from __future__ import annotations

import base64
import codecs
import itertools
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.errors import RecordError
from pipeline.read.decode import MIXED, Decoder, decode_as, decode_bytes, find_encoding
from pipeline.read.inputs import find_sources, input_bytes
from pipeline.read.streams import HEAD, Line, Stream, split_lines
from pipeline.records import Document, Meta, Reject, identify_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.read.inputs import Source
    from pipeline.settings import Settings

__all__ = ["input_bytes", "read_documents", "split_text"]

MAX_DEPTH: Final = 100
"""Deeper JSON is rejected: no page's fields need it, and what writes the record later must not run out of stack."""
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_PAIR: Final = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_TOO_DEEP: Final = f"The JSON is nested too deep. Flatten it to {MAX_DEPTH} levels or fewer."


def read_documents(inputs: Iterable[str], settings: Settings) -> Iterator[Document | Reject]:
    """Read files, folders, globs and `-` in order; an input that cannot be read at all is an error at once."""
    sources = find_sources(inputs)
    return itertools.chain.from_iterable(_read_source(source, settings) for source in sources)


def _read_source(source: Source, settings: Settings) -> Iterator[Document | Reject]:
    stream = Stream(source)
    lines = _holds_records(stream.peek()) if source.lines is None else source.lines
    return _read_records(stream, source, settings) if lines else _read_text(stream, source, settings)


def _holds_records(head: bytes) -> bool:
    """Tell JSON Lines from plain text by its first character."""
    return decode_as(head, find_encoding(head)).lstrip()[:1] == "{"


def _read_text(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read a stream as one document, or, where that is too long, as its numbered parts."""
    pending, number = "", 0
    for piece in Decoder().decode(stream):
        *ready, pending = split_text(pending + piece, settings.max_document_chars)
        for part in ready:
            number += 1
            yield _document(f"{source.name}#{number}", part, {})
    if pending or not stream.torn:
        yield _document(f"{source.name}#{number + 1}" if number else source.name, pending, {})
    if stream.torn:
        yield Reject(source=source.name, offset=stream.length, reason=stream.torn, length=0)


def split_text(text: str, limit: int) -> list[str]:
    r"""Cut a long text into parts: after a line end, else after a space, else anywhere but inside CRLF.

    >>> split_text("one two\nthree four", 10)
    ['one two\n', 'three four']
    >>> split_text("onetwothree four", 8)
    ['onetwoth', 'ree four']
    """
    parts, start = [], 0
    while len(text) - start > limit:
        cut = _cut_before(text, start, start + limit)
        parts.append(text[start:cut])
        start = cut
    parts.append(text[start:])
    return parts


def _cut_before(text: str, start: int, end: int) -> int:
    cut = text.rfind("\n", start, end) + 1 or text.rfind(" ", start, end) + 1 or end
    inside = text[cut - 1] == "\r" and text[cut] == "\n"
    return cut - 1 if inside and cut - 1 > start else cut


def _read_records(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read a stream of JSON Lines; a line that is no record is rejected, and the next one read."""
    head = stream.peek()
    encoding = find_encoding(head[: head.rfind(b"\n") + 1] or head)
    fragment: Line | None = None
    for line in split_lines(stream, source.name, _newline(encoding), settings.max_record_bytes):
        if stream.torn and not line.ended:
            fragment = line
        else:
            yield from _read_record(line, encoding, settings)
    if stream.torn:
        yield _reject(fragment or Line(source.name, stream.length, b"", 0, ended=True), stream.torn)


def _newline(encoding: str) -> bytes:
    return "\n".encode(encoding) if encoding.startswith(("utf-16", "utf-32")) else b"\n"


def _read_record(line: Line, encoding: str, settings: Settings) -> Iterator[Document | Reject]:
    """Make a line's document, or its numbered parts where its text is too long for one."""
    try:
        record = _parse(line, encoding, settings.max_record_bytes)
        if record is None:
            return
        text = _take_text(record, settings.text_field)
    except RecordError as fault:
        yield _reject(line, str(fault))
        return
    parts = split_text(text, settings.max_document_chars)
    names = [line.name] if len(parts) == 1 else [f"{line.name}.{n}" for n in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield _document(name, part, record)


def _parse(line: Line, encoding: str, bound: int) -> Meta | None:
    """Parse a line, or say what keeps it from being a record; None where it is blank."""
    if line.length > bound:
        message = f"The record is longer than {bound} bytes. Split it, or raise the setting max_record_bytes."
        raise RecordError(message)
    try:
        record = _decode_json(line, encoding)
    except RecursionError:
        raise RecordError(_TOO_DEEP) from None
    except msgspec.MsgspecError as error:
        if not decode_as(line.data, encoding, begun=line.offset > 0).strip():
            return None
        why = "a lone surrogate among its escapes" if _is_lone(line.data) else error
        message = f"The line is not valid JSON ({why}). Mend the program that wrote it, or the line."
        raise RecordError(message) from None
    if not isinstance(record, dict):
        message = "The line is JSON but no object. Write each record as {...} on one line."
        raise RecordError(message)
    return record


def _is_lone(data: bytes) -> bool:
    """Tell whether half a character keeps a line from being JSON, which the parser words as if it ended too early."""
    return bool(_SURROGATE.search(_PAIR.sub(b"", data)))


def _decode_json(line: Line, encoding: str) -> object:
    """Parse the bytes as they are where they are UTF-8, which spares a copy of every line; else decode them first."""
    if line.offset == 0 or encoding not in {"utf-8", "utf-8-sig", MIXED}:
        return msgspec.json.decode(decode_as(line.data, encoding, begun=line.offset > 0))
    try:
        return msgspec.json.decode(line.data)
    except UnicodeDecodeError:
        return msgspec.json.decode(decode_bytes(line.data)[0])


def _take_text(record: Meta, field: str) -> str:
    """Take the text out of a record; what is left is its meta."""
    if field not in record:
        fields = ", ".join(sorted(record)[:8]) or "none"
        message = (
            f"The record has no field {field!r}. Name the one that holds the text with --text-field; it has: {fields}."
        )
        raise RecordError(message)
    text = record[field]
    if not isinstance(text, str):
        message = f"The field {field!r} is no string. Name one that is with --text-field, or mend the record."
        raise RecordError(message)
    if _depth(record) > MAX_DEPTH:
        raise RecordError(_TOO_DEEP)
    del record[field]
    return text


def _depth(value: object) -> int:
    """Measure nesting level by level, without recursion."""
    depth = 0
    level: list[Any] = [value]
    while level := [v for v in level if isinstance(v, (dict, list))]:
        depth += 1
        level = [inner for v in level for inner in (v.values() if isinstance(v, dict) else v)]
    return depth


def _document(name: str, text: str, meta: Meta) -> Document:
    return Document(id=identify_text(text), source=name, text=text, meta=meta)


def _reject(line: Line, reason: str) -> Reject:
    """Tell where a record stands and why it is none, with its beginning as text, or as base64 where it is not text."""
    head = line.data[:HEAD]
    truncated = line.length > len(head)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=not truncated)
        packed = None
    except UnicodeDecodeError:
        text, packed = None, base64.b64encode(head).decode()
    return Reject(
        source=line.name,
        offset=line.offset,
        reason=reason,
        length=line.length,
        text=text,
        base64=packed,
        truncated=truncated,
    )
