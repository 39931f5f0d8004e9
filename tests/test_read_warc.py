"""An archive's pages are documents that know their address; a record that is damaged costs no other."""

from __future__ import annotations

import gzip
import io
import tempfile
import time
import zlib
from hashlib import sha256
from pathlib import Path

import pytest
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from test_read import PACKERS, read, read_file, rejected, texts

from pipeline.records import Document
from pipeline.settings import Settings

HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=%s\r\n%s\r\n"


def record(kind: str, body: bytes, media: str = "application/http; msgtype=response", length: object = None) -> bytes:
    size = len(body) if length is None else length
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"WARC-Target-URI: https://example.org/sida\r\nContent-Type: {media}\r\nContent-Length: {size}\r\n\r\n"
    ).encode() + (body + b"\r\n\r\n")


def page(text: str, charset: str = "utf-8", extra: bytes = b"", length: object = None) -> bytes:
    body = f"<title>Sida</title><main><p>{text}</p></main>".encode(charset)
    return record("response", HTTP % (charset.encode(), extra) + body, length=length)


FIRST, LAST = page("Först."), page("Sist.")


def test_a_page_gives_its_main_text_and_knows_its_address_date_and_title(tmp_path: Path) -> None:
    [document] = read_file(tmp_path, "crawl.warc", page("Så här gör du.", "iso-8859-1"))
    assert isinstance(document, Document)
    assert (document.source, document.text) == ("crawl.warc#1", "Så här gör du.")
    assert document.meta == {"url": "https://example.org/sida", "date": "2024-01-02T03:04:05Z", "title": "Sida"}


def test_extracted_text_is_read_as_it_stands(tmp_path: Path) -> None:
    info = record("warcinfo", b"Software-Info: x\r\n", "application/warc-fields")
    data = info + record("conversion", "Rad ett\nRad två <b>\n".encode(), "text/plain")
    [document] = read_file(tmp_path, "CC-MAIN-1.warc.wet.gz", gzip.compress(data))
    assert isinstance(document, Document)
    assert (document.source, document.text) == ("CC-MAIN-1.warc.wet.gz#2", "Rad ett\nRad två <b>\n")
    assert document.meta == {"url": "https://example.org/sida", "date": "2024-01-02T03:04:05Z"}


def test_what_is_no_page_is_passed_over_and_numbers_count_all_records(tmp_path: Path) -> None:
    other = [
        record("warcinfo", b"x", "application/warc-fields"),
        record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        record("response", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
        record("response", b"HTTP/1.1 200 OK\r\n\r\nwho knows"),
        record("response", b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>Borta</p>"),
        record("response", b"HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\nLocation: /\r\n\r\n<p>Flyttat</p>"),
        record("response", b"20240101 1.2.3.4", "text/dns"),
        record("metadata", b"fetchTimeMs: 5", "application/warc-fields"),
        record("revisit", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        record("resource", b"{}", "application/json"),
        record("tulip", b"x", "text/html"),
    ]
    records = read_file(tmp_path, "a.warc", b"".join([*other, FIRST, record("resource", b"<p>Fil</p>", "text/html")]))
    assert [(r.source, t) for r, t in zip(records, texts(records), strict=True)] == [
        ("a.warc#12", "Först."),
        ("a.warc#13", "Fil"),
    ]


@pytest.mark.parametrize("packing", list(PACKERS))
def test_archives_packed_record_by_record_or_as_a_whole_are_read(tmp_path: Path, packing: str) -> None:
    pack = PACKERS[packing]
    assert texts(read_file(tmp_path, f"a.warc{packing}", pack(FIRST) + pack(LAST))) == ["Först.", "Sist."]
    assert texts(read_file(tmp_path, f"b.warc{packing}", pack(FIRST + LAST))) == ["Först.", "Sist."]


def test_line_ends_without_carriage_returns_are_read(tmp_path: Path) -> None:
    body = b"text body\n"
    data = record("conversion", body, "text/plain").replace(b"\r\n", b"\n")
    assert texts(read_file(tmp_path, "a.wet", data * 2)) == ["text body\n"] * 2


DAMAGED = {
    "a length that is too short": page("Mellan.", length=100),
    "a length that is too long": page("Mellan.", length=400),
    "a length below nothing": page("Mellan.", length=-5),
    "a length beyond all numbers": page("Mellan.", length=10**30),
    "a length beyond the file": page("Mellan.", length=10**7),
    "a length in words": page("Mellan.", length="ett"),
    "no length": page("Mellan.").replace(b"Content-Length", b"Content-Langd"),
    "no header": b"some junk\r\nmore junk\r\n\r\n",
    "an endless header": b"WARC/1.0\r\nWARC-Type: " + b"x" * 200_000 + b"\r\n\r\n",
    "zeros": b"\0" * 100_000 + b"\r\n",
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_is_a_reject_with_its_place_and_the_next_is_read(tmp_path: Path, damage: bytes) -> None:
    records = read_file(tmp_path, "a.warc", FIRST + damage + LAST)
    assert texts(records) == ["Först.", "Sist."]
    [reject] = rejected(records)
    assert (reject.source, reject.offset) == ("a.warc#2", len(FIRST))
    assert abs(reject.length - len(damage)) <= 4


PACKED = gzip.compress(b"<p>Hej du.</p>")
NOISE = "".join(f"<p>Rad {sha256(bytes([n % 256, n // 256])).hexdigest()}.</p>" for n in range(1_000)).encode()
"""What takes several steps to unpack, and packs badly."""
BODIES = {
    "chunks": (b"Transfer-Encoding: chunked\r\n", b"9\r\n<p>Hej du\r\n5\r\n.</p>\r\n0\r\n\r\n", "Hej du."),
    "chunks with extensions": (b"Transfer-Encoding: chunked\r\n", b"e;a=1\r\n<p>Hej du.</p>\r\n0\r\n\r\n", "Hej du."),
    "chunks with fields behind them": (
        b"Transfer-Encoding: chunked\r\n",
        b"e\r\n<p>Hej du.</p>\r\n0\r\nExpires: 0\r\n\r\n",
        "Hej du.",
    ),
    "chunks of gzip": (
        b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
        b"a;x\r\n%b\r\n%x\r\n%b\r\n0\r\nX: y\r\n\r\n" % (PACKED[:10], len(PACKED) - 10, PACKED[10:]),
        "Hej du.",
    ),
    "gzip in gzip": (b"Content-Encoding: gzip, gzip\r\n", gzip.compress(PACKED), "Hej du."),
    "gzip by its old name": (b"Content-Encoding: x-gzip\r\n", PACKED, "Hej du."),
    "gzip in two streams": (
        b"Content-Encoding: gzip\r\n",
        gzip.compress(b"<p>Hej ") + gzip.compress(b"du.</p>"),
        "Hej du.",
    ),
    "deflate": (b"Content-Encoding: deflate\r\n", zlib.compress(b"<p>Hej du.</p>"), "Hej du."),
    "deflate without a head": (b"Content-Encoding: deflate\r\n", zlib.compress(b"<p>Hej du.</p>")[2:-4], "Hej du."),
    "zstd": (b"Content-Encoding: zstd\r\n", PACKERS[".zst"](b"<p>Hej du.</p>"), "Hej du."),
    "no deflate": (b"Content-Encoding: deflate\r\n", b"<p>Hej du.</p>", "Hej du."),
    "an unknown coding": (b"Content-Encoding: none\r\n", b"<p>Hej du.</p>", "Hej du."),
    "no chunks, and a number first": (b"Transfer-Encoding: chunked\r\n", b"0\n<p>Hej du.</p>", "0\n\nHej du."),
    "no chunks": (b"Transfer-Encoding: chunked\r\n", b"<p>Hej du.</p>", "Hej du."),
    "gzip": (b"Content-Encoding: gzip\r\n", gzip.compress(b"<p>Hej du.</p>"), "Hej du."),
    "no gzip": (b"Content-Encoding: gzip\r\n", b"<p>Hej du.</p>", "Hej du."),
    "no brotli": (b"Content-Encoding: br\r\n", b"<p>Hej du.</p>", "Hej du."),
    "broken gzip": (b"Content-Encoding: gzip\r\n", b"\x1f\x8b\x08\0garbage garbage", None),
    "broken brotli": (b"Content-Encoding: br\r\n", b"\x8b\x07\x80<p>garbage", None),
}


@pytest.mark.parametrize(("header", "body", "text"), BODIES.values(), ids=BODIES)
def test_a_page_is_unpacked_as_its_server_packed_it(
    tmp_path: Path, header: bytes, body: bytes, text: str | None
) -> None:
    records = read_file(tmp_path, "a.warc", record("response", HTTP % (b"utf-8", header) + body) + LAST)
    assert texts(records) == ([text] if text else []) + ["Sist."]
    assert len(records) == 2


TORN = {
    "chunks without a last one": (b"Transfer-Encoding: chunked\r\n", b"9\r\n<p>Hej du\r\n2\r\n. \r\n"),
    "a chunk that is cut": (b"Transfer-Encoding: chunked\r\n", b"9\r\n<p>Hej du\r\n50\r\n. "),
    "a first chunk that is cut": (b"Transfer-Encoding: chunked\r\n", b"90\r\n<p>Hej du. "),
    "a chunk with a wrong size": (b"Transfer-Encoding: chunked\r\n", b"9\r\n<p>Hej du\r\n1\r\n.</p>\r\n0\r\n\r\n"),
    "gzip that is cut": (b"Content-Encoding: gzip\r\n", gzip.compress(b"<p>Hej du.</p>" + NOISE)[:-8_000]),
    "gzip with a damaged spot": (
        b"Content-Encoding: gzip\r\n",
        gzip.compress(b"<p>Hej du.</p>" + NOISE)[:-8_000] + b"\xff" * 8_000,
    ),
    "gzip with a wrong checksum": (b"Content-Encoding: gzip\r\n", gzip.compress(b"<p>Hej du.</p>")[:-8] + b"\1" * 8),
    "deflate that is cut": (b"Content-Encoding: deflate\r\n", zlib.compress(b"<p>Hej du.</p>" + NOISE)[:-8_000]),
}


@pytest.mark.parametrize(("header", "body"), TORN.values(), ids=TORN)
def test_of_a_page_that_is_torn_the_beginning_is_kept_and_the_tear_is_told(
    tmp_path: Path, header: bytes, body: bytes
) -> None:
    records = read_file(tmp_path, "a.warc", record("response", HTTP % (b"utf-8", header) + body) + LAST)
    text, last = texts(records)
    assert (text.startswith("Hej du"), last) == (True, "Sist.")
    [tear] = rejected(records)
    assert tear.source == "a.warc#1"
    assert "What stood before is kept" in tear.reason


@pytest.mark.parametrize("block", [b"", b"no header at all"])
def test_a_response_without_a_status_is_a_reject(tmp_path: Path, block: bytes) -> None:
    records = read_file(tmp_path, "a.warc", record("response", block) + LAST)
    assert texts(records) == ["Sist."]
    assert "no status" in rejected(records)[0].reason


def test_the_fields_of_a_header_may_be_spelled_in_any_case(tmp_path: Path) -> None:
    data = FIRST.replace(b"WARC-Type", b"warc-type").replace(b"Content-Length", b"CONTENT-length", 1)
    assert texts(read_file(tmp_path, "a.warc", data + LAST)) == ["Först.", "Sist."]


def test_a_page_that_unpacks_past_the_bound_is_a_reject(tmp_path: Path) -> None:
    bomb = record("response", HTTP % (b"utf-8", b"Content-Encoding: gzip\r\n") + gzip.compress(b"x" * 10**8))
    records = read_file(tmp_path, "a.warc", bomb + LAST, Settings(max_record_bytes=10**6))
    assert texts(records) == ["Sist."]
    assert "longer than 1000000 bytes" in rejected(records)[0].reason


def test_a_record_over_the_bound_is_a_reject_and_the_next_is_read(tmp_path: Path) -> None:
    records = read_file(tmp_path, "a.warc", page("x" * 300_000) + LAST, Settings(max_record_bytes=100_000))
    assert texts(records) == ["Sist."]
    [reject] = rejected(records)
    assert "longer than 100000 bytes" in reject.reason
    assert (reject.length > 300_000, reject.truncated) == (True, True)


@pytest.mark.parametrize("cut", [60, 200, 330])
def test_a_torn_archive_is_told_and_the_records_before_it_are_kept(tmp_path: Path, cut: int) -> None:
    data = PACKERS[".gz"](FIRST) + PACKERS[".gz"](page("".join(map(str, range(300)))))
    *documents, tear = read_file(tmp_path, "a.warc.gz", data[:-cut])
    assert texts(documents) == ["Först."]
    assert "end too early" in rejected([tear])[0].reason


def test_an_archive_that_ends_inside_a_record_is_told(tmp_path: Path) -> None:
    records = read_file(tmp_path, "a.warc", FIRST + LAST[:-30])
    assert texts(records) == ["Först."]
    assert len(rejected(records)) == 1


def test_lengths_that_lie_all_along_are_bounded_in_time(tmp_path: Path) -> None:
    data = record("conversion", b"x", "text/plain", length=20_000) * 2_000
    began = time.process_time()
    records = read_file(tmp_path, "a.wet", data, Settings(max_record_bytes=100_000))
    assert time.process_time() - began < 20
    assert len(rejected(records)) == len(records)
    assert sum(reject.length for reject in rejected(records)) + 4 * len(records) >= len(data)


def test_an_empty_archive_holds_nothing(tmp_path: Path) -> None:
    assert read_file(tmp_path, "a.warc", b"") == []
    assert read_file(tmp_path, "b.warc.gz", gzip.compress(b"")) == []


@settings(deadline=None, max_examples=50)
@given(
    pages=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")), max_size=4), packed=st.booleans()
)
def test_what_a_writer_of_archives_wrote_is_read_back(pages: list[str], *, packed: bool) -> None:
    file = io.BytesIO()
    writer = GzipWriter(file) if packed else file
    for number, text in enumerate(pages):
        written = WarcRecord()
        written.init_headers(WarcRecordType.conversion)
        written.headers["WARC-Target-URI"] = f"https://example.org/{number}"
        written.headers["Content-Type"] = "text/plain"
        written.set_bytes_content(("﻿" + text).encode())
        written.write(writer)
    if packed:
        writer.close()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"a.wet{'.gz' * packed}").write_bytes(file.getvalue())
        documents = [found for found in read(folder) if isinstance(found, Document)]
    assert [document.text for document in documents] == pages
    assert [document.meta["url"] for document in documents] == [f"https://example.org/{n}" for n in range(len(pages))]
