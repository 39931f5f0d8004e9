"""What the first stage promises for any bytes whatsoever: decoders, and readers of each kind of file."""

from __future__ import annotations

import io
import string
from typing import TYPE_CHECKING, Final

import msgspec
from fuzz_words import PAGES, hold, to_text

from pipeline.errors import DamageError
from pipeline.read.decode import decode_bytes
from pipeline.read.formats import html, jsonl, table, warc, wiki
from pipeline.read.inputs import Source
from pipeline.read.kinds import guess_kind
from pipeline.read.streams import Stream, split_lines
from pipeline.records import Document, Reject
from pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.stage import Reader

SETTINGS: Final = Settings(max_record_bytes=4000)
ROWS: Final = Settings(max_record_bytes=4000, text_field="1")
ALNUM: Final = frozenset((string.ascii_letters + string.digits).encode())


class Blocks(Stream):
    """A stream of bytes that are at hand, in small blocks; torn where they say so."""

    def __init__(self, data: bytes, step: int, torn: str | None = None) -> None:
        self.torn = None
        self.length = 0
        self._ahead: list[bytes] = []
        self._blocks = self._cut(data, step, torn)

    def _cut(self, data: bytes, step: int, torn: str | None) -> Iterator[bytes]:
        file = io.BytesIO(data)
        yield from iter(lambda: file.read(step), b"")
        self.torn = DamageError(torn) if torn else None


def fuzz_decode(data: bytes) -> None:
    """Any bytes become text that can be written."""
    text, encoding = decode_bytes(data)
    text.encode("utf-8")
    hold(encoding)


def fuzz_kinds(data: bytes) -> None:
    """Any bytes are of some kind."""
    hold(guess_kind(data))


def fuzz_read(data: bytes) -> None:
    """Any lines become documents and rejects that can be written, none lost."""
    lines = list(split_lines([data[n : n + 7] for n in range(0, len(data), 7)], "a", b"\n", 60))
    hold(sum(line.length + line.ended for line in lines) == len(data))
    for line in lines:
        for record in jsonl._read_record(line, "utf-8", SETTINGS):  # noqa: SLF001 - the stage for one line
            hold(isinstance(record, (Document, Reject)))
            msgspec.json.encode(record)


def fuzz_jsonl(data: bytes) -> None:
    """Any file of records becomes documents and rejects in order, each reject with its place."""
    _read_all(jsonl.read_entries, data, "jsonl", SETTINGS)


def fuzz_table(data: bytes) -> None:
    """No letter of any table is lost, whichever rows are sound."""
    kind = "tsv" if data[:1] > b"\x7f" else "csv"
    data = data[1:]
    found = _read_all(table.read_entries, data, kind, ROWS)
    if not data.isascii() or b"\0" in data or b"1" in data or b"sep=" in data[:9]:
        return  # not UTF-8, or a header
    if any(each.truncated for each in found if isinstance(each, Reject)):
        return
    if found and isinstance(found[0], Reject) and "#" not in found[0].source:
        return  # a table without a header is refused as a whole
    told = "".join(
        each.text + "".join(each.meta.values()) if isinstance(each, Document) else each.text or "" for each in found
    )
    hold(sorted(_letters(told.encode())) == sorted(_letters(data)))


def fuzz_html(data: bytes) -> None:
    """Any page gives text that can be written, or a reject."""
    _read_all(html.read_entries, data, "html", SETTINGS)


def fuzz_warc(data: bytes) -> None:
    """Any archive becomes pages and rejects in order; also one whose records are sound, whatever is in them."""
    if data[:1] > b"\x7f":
        kind, media, head = PAGES[data[0] % len(PAGES)]
        page = head + data[1:]
        sound = b"WARC/1.0\r\nWARC-Type: %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
        data = sound % (kind, media, len(page), page) + data
    _read_all(warc.read_entries, data, "warc", SETTINGS)


def fuzz_wiki(data: bytes) -> None:
    """Any dump becomes pages and rejects in order; also one whose pages are sound, whatever is in them."""
    wrapped = data[:1] > b"\x7f"
    body = data[1:]
    if wrapped:
        text = to_text(body).encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b"\0", b"")
        body = b"<page><title>a</title><ns>0</ns><revision><text>%b</text></revision></page>" % text
    found = _read_all(wiki.read_entries, b"<mediawiki>" + body, "wiki", SETTINGS)
    hold(found or not wrapped)


def _read_all(reader: Reader, data: bytes, kind: str, settings: Settings) -> list[Document | Reject]:
    """Read to the end, whole or torn; what comes can be written, and rejects stand in order, inside the file."""
    torn = "torn" if data[-1:] == b"~" else None
    found = list(reader(Blocks(data, 1 + len(data) // 5, torn), Source("a", "a", kind, ""), settings))
    at = 0
    for record in found:
        msgspec.json.encode(record)
        if isinstance(record, Reject):
            hold(at <= record.offset <= record.offset + record.length <= len(data))
            at = record.offset
    refused = len(found) == 1 and isinstance(found[0], Reject) and "#" not in found[0].source
    hold(not torn or refused or any(isinstance(record, Reject) and record.reason == "torn" for record in found))
    return found


def _letters(data: bytes) -> list[int]:
    return [byte for byte in data if byte in ALNUM]
