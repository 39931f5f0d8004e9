"""JSON Lines: a line is a record, one field of it the text, the others its meta."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.errors import RecordError
from pipeline.read.decode import MIXED, decode_as, decode_bytes
from pipeline.read.entries import TOO_DEEP, Entry, make_documents, make_reject, refuse_long, take_text
from pipeline.read.streams import find_line_encoding, newline_of, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.inputs import Source
    from pipeline.read.streams import Stream
    from pipeline.records import Document, Meta, Reject
    from pipeline.settings import Settings

_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_PAIR: Final = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SPREAD: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[|\{\s*\Z)")
"""How the first line of an array begins, or that of an object on several lines."""
SPREAD: Final = "Write each record as {...} on one line; `jq -c '.[]'` does that to an array, `jq -c .` to objects."


def read_entries(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read a stream of JSON Lines; a line that is no record is rejected, and the next one read."""
    encoding = find_line_encoding(stream)
    fragment: Entry | None = None
    for line in split_lines(stream, source.name, newline_of(encoding), settings.max_record_bytes):
        if stream.torn and not line.ended:
            fragment = line
        else:
            yield from _read_record(line, encoding, settings)
    if stream.torn:
        yield make_reject(fragment or Entry(source.name, stream.length, b"", 0), stream.torn)


def _read_record(line: Entry, encoding: str, settings: Settings) -> Iterator[Document | Reject]:
    try:
        record = _parse(line, encoding, settings.max_record_bytes)
        if record is None:
            return
        text = take_text(record, settings.text_field)
    except RecordError as fault:
        yield make_reject(line, fault)
        return
    yield from make_documents(line.name, text, record, settings)


def _parse(line: Entry, encoding: str, bound: int) -> Meta | None:
    """Parse a line, or say what keeps it from being a record; None where it is blank."""
    refuse_long(line.length, bound)
    try:
        record = _decode_json(line, encoding)
    except RecursionError:
        raise RecordError(TOO_DEEP) from None
    except msgspec.MsgspecError as error:
        if not decode_as(line.data, encoding, begun=line.offset > 0).strip():
            return None
        why = "a lone surrogate among its escapes" if _is_lone(line.data) else error
        mend = SPREAD if _SPREAD.match(line.data) else "Mend the program that wrote it, or the line."
        message = f"The line is not valid JSON ({why}). {mend}"
        raise RecordError(message) from None
    if not isinstance(record, dict):
        message = f"The line is JSON but no object. {SPREAD}"
        raise RecordError(message)
    return record


def _is_lone(data: bytes) -> bool:
    """Tell whether half a character keeps a line from being JSON, which the parser words as if it ended too early."""
    return bool(_SURROGATE.search(_PAIR.sub(b"", data)))


def _decode_json(line: Entry, encoding: str) -> object:
    """Parse the bytes as they are where they are UTF-8, which spares a copy of every line; else decode them first."""
    if encoding not in {"utf-8", "utf-8-sig", MIXED}:
        return msgspec.json.decode(decode_as(line.data, encoding, begun=line.offset > 0))
    data = line.data.removeprefix(BOM_UTF8)  # which stands before the first line, and inside a file made of several
    try:
        return msgspec.json.decode(data)
    except UnicodeDecodeError:
        return msgspec.json.decode(decode_bytes(data)[0])
