"""WARC and WET: an archive's pages, each a document that knows its address and date.

Records are cut out here, so that one with a wrong length costs no other; fastwarc takes each of them apart.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import DamageError, RecordError
from pipeline.read.entries import HEAD, SPLIT, Entry, make_documents, make_reject, refuse_long, reject_panics
from pipeline.read.formats.html import MAX_PAGE, Page, add_title, decode_page, read_page
from pipeline.read.formats.http_body import Body, read_whole, unpack_body
from pipeline.read.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.inputs import Source
    from pipeline.read.streams import Stream
    from pipeline.records import Document, Meta, Reject
    from pipeline.settings import Settings

MAX_HEADER: Final = 2**16
"""Bytes of the longest header."""
VERSION: Final = b"WARC/"
NEXT: Final = b"\nWARC/1."
"""Where reading goes on after what is no record."""
_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
_LENGTH: Final = re.compile(rb"^Content-Length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HTML: Final = ("text/html", "application/xhtml+xml")
_TEXT: Final = "text/plain"
_OK: Final = 200
_NAMES: Final = {b"warc-type": b"WARC-Type", b"content-length": b"Content-Length"}
_NAME: Final = re.compile(rb"^(?:WARC-Type|Content-Length)(?=:)", re.IGNORECASE | re.MULTILINE)
"""Fields that fastwarc knows in one spelling only, while the standard allows any."""


def read_entries(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read an archive's records in order; those that hold no page or text are passed over."""
    scanner = Scanner(iter(stream), settings.max_record_bytes)
    number = 0
    while _skip_blank(scanner):
        number += 1
        name = f"{source.name}#{number}"
        entry, fault = _cut_record(scanner, name, settings.max_record_bytes)
        if fault and stream.torn and not scanner.hold(1):
            yield make_reject(entry, stream.torn)
            return
        yield from [make_reject(entry, fault)] if fault else _read_record(entry, settings)
    if stream.torn:
        yield make_reject(Entry(source.name, stream.length, b"", 0), stream.torn)


def _skip_blank(scanner: Scanner) -> bool:
    """Pass over the empty lines between records; tell whether anything follows."""
    while scanner.hold(1) and (ahead := scanner.peek(HEAD)):
        if blank := len(ahead) - len(ahead.lstrip(b"\r\n")):
            scanner.skip(blank)
        if blank < len(ahead):
            return True
    return False


def _cut_record(scanner: Scanner, name: str, bound: int) -> tuple[Entry, RecordError | None]:
    """Take the next record by its length, or say what keeps it from being one."""
    offset, head = scanner.offset, scanner.peek(MAX_HEADER)
    header = _BLANK_LINE.search(head)
    length = _LENGTH.search(head, 0, header.end()) if header and head.startswith(VERSION) else None
    if header is None or length is None:
        reason = "What stands here is no WARC record: its header is damaged, or longer than 65536 bytes."
        return scanner.cut(name, NEXT), DamageError(f"{reason} Fetch the file again.")
    end = header.end() + int(length[1])
    if end > bound:
        entry = Entry(name, offset, head[:HEAD], scanner.skip(end))
        return entry, RecordError(f"The record is longer than {bound} bytes. {SPLIT}")
    data = scanner.take(end)
    if len(data) == end and _is_at_boundary(scanner):
        return Entry(name, offset, data, end), None
    reason = f"The record's Content-Length of {int(length[1])} does not lead to its end. Fetch the file again."
    fault = DamageError(reason)
    if scanner.give_back(data):
        return scanner.cut(name, NEXT), fault
    return Entry(name, offset, data[:HEAD], len(data) + scanner.cut(name, NEXT).length), fault


def _is_at_boundary(scanner: Scanner) -> bool:
    """Tell whether what follows a record is what follows one: empty lines, the next one, or nothing."""
    ahead = scanner.peek(HEAD)
    follows = ahead.lstrip(b"\r\n")
    return ahead.startswith((b"\r\n\r\n", b"\n\n")) or not follows or follows.startswith(VERSION)


def _read_record(entry: Entry, settings: Settings) -> Iterator[Document | Reject]:
    """Make a record's document; a record that is neither HTML nor text makes none."""
    bound = settings.max_record_bytes
    try:
        with reject_panics():
            record = _open(entry.data)
            found = _find_type(record)
            if found is None:
                return
            media, charset = found
            body = _read_payload(record, bound)
            page = read_page(body.data, charset, min(bound, MAX_PAGE)) if media in _HTML else None
        page = page or Page(_decode_text(body.data, charset, bound), "")
    except RecordError as fault:
        yield make_reject(entry, fault)
        return
    if page.text or not body.torn:
        yield from make_documents(entry.name, page.text, add_title(_describe_record(record), page), settings)
    if body.torn:
        yield make_reject(entry, body.torn)


def _open(data: bytes) -> Any:  # noqa: ANN401 - fastwarc's record, imported late
    from fastwarc.warc import ArchiveIterator

    data = _spell_names(data)
    try:
        return next(iter(ArchiveIterator(io.BytesIO(data), parse_http=False, stream_detect=False, quirks_mode=True)))
    except (OSError, ValueError, StopIteration) as error:
        message = f"The record's header is damaged ({error}). Fetch the file again."
        raise DamageError(message) from None


def _spell_names(data: bytes) -> bytes:
    """Spell the fields of a record's header as fastwarc expects them."""
    end = _BLANK_LINE.search(data)
    header = data[: end.end() if end else len(data)]
    spelled = _NAME.sub(lambda name: _NAMES[name[0].lower()], header)
    return data if spelled == header else spelled + data[len(header) :]


def _find_type(record: Any) -> tuple[str, str | None] | None:  # noqa: ANN401
    """Give the media type and declared encoding of a record that holds a page or text; None for another."""
    from fastwarc.warc import WarcRecordType

    if record.record_type == WarcRecordType.response:
        declared = _find_http_type(record)
    elif record.record_type in (WarcRecordType.resource, WarcRecordType.conversion):
        declared = record.headers.get("Content-Type") or (
            _TEXT if record.record_type == WarcRecordType.conversion else ""
        )
    else:
        return None
    media, _, rest = (declared or "").partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest, re.IGNORECASE)
    media = media.strip().lower()
    return (media, charset[1] if charset else None) if media in {*_HTML, _TEXT} else None


def _find_http_type(record: Any) -> str | None:  # noqa: ANN401
    """Give the type that a server declared, or else the crawler found; None for what is no page that it served."""
    if not record.is_http:
        return None
    try:
        record.parse_http("none", strict_mode=False)
    except (OSError, ValueError) as error:
        message = f"The record's HTTP header is damaged ({error}). Fetch the file again."
        raise DamageError(message) from None
    served = record.http_headers.status_code
    if served is None:
        message = "The record's HTTP header has no status. Fetch the file again."
        raise DamageError(message)
    if not _OK <= served < _OK + 100:
        return None
    declared: str | None = record.http_headers.get("Content-Type") or record.headers.get("WARC-Identified-Payload-Type")
    return declared


def _read_payload(record: Any, bound: int) -> Body:  # noqa: ANN401
    """Read what a record holds, unpacked where its server packed it and the crawler did not unpack it."""
    held = read_whole(record.reader, bound)
    if not record.is_http:
        return Body(held)
    content, transfer = (record.http_headers.get(f"{what}-Encoding") or "" for what in ("Content", "Transfer"))
    return unpack_body(held, content, transfer, bound)


def _decode_text(payload: bytes, charset: str | None, bound: int) -> str:
    refuse_long(len(payload), bound)
    return decode_page(payload, charset or "utf-8")


def _describe_record(record: Any) -> Meta:  # noqa: ANN401
    about = {"url": record.headers.get("WARC-Target-URI"), "date": record.headers.get("WARC-Date")}
    return {name: value.strip("<>") for name, value in about.items() if value}
