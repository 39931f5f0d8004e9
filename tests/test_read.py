"""Every record of an input becomes a document or a reject, in order, in bounded memory."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import json
import lzma
import os
import threading
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.read import read_documents, split_text
from pipeline.records import Document, Reject
from pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}
SETTINGS = Settings()
packed = pytest.mark.parametrize("packing", list(PACKERS))


def read(*inputs: object, settings: Settings = SETTINGS) -> list[Document | Reject]:
    """Read inputs to the end."""
    return list(read_documents(map(str, inputs), settings))


def read_file(folder: Path, name: str, data: bytes, settings: Settings = SETTINGS) -> list[Document | Reject]:
    """Write a file and read it."""
    (folder / name).write_bytes(data)
    return read(folder / name, settings=settings)


def rejected(records: list[Document | Reject]) -> list[Reject]:
    """Give the rejects among records."""
    return [record for record in records if isinstance(record, Reject)]


def texts(records: list[Document | Reject]) -> list[str]:
    """Give the texts of the documents among records."""
    return [record.text for record in records if isinstance(record, Document)]


def noise_lines(count: int) -> bytes:
    """Make records that compress badly."""
    return b"".join(json.dumps({"text": os.urandom(20).hex()}).encode() + b"\n" for _ in range(count))


def test_a_text_file_is_a_document_named_by_its_file(tmp_path: Path) -> None:
    [document] = read_file(tmp_path, "page.txt", "Så här\n".encode())
    assert isinstance(document, Document)
    assert (document.source, document.text, document.meta, document.fixes) == ("page.txt", "Så här\n", {}, ())


def test_an_id_is_the_text_content_and_nothing_else(tmp_path: Path) -> None:
    [one] = read_file(tmp_path, "one.txt", b"same")
    [two] = read_file(tmp_path, "two.jsonl", b'{"text": "same", "other": 1}')
    assert isinstance(one, Document)
    assert isinstance(two, Document)
    assert one.id == two.id
    assert len(one.id) == 16
    assert int(one.id, 16) >= 0


def test_an_empty_file_is_an_empty_document(tmp_path: Path) -> None:
    assert texts(read_file(tmp_path, "empty.txt", b"")) == [""]


def test_a_record_keeps_its_other_fields_and_its_line_number(tmp_path: Path) -> None:
    fields = {"url": "https://example.org/å", "n": [1, 2.5, None, {"deep": True}], "big": 10**40, "id": "own"}
    line = json.dumps({"text": "hej", **fields}).encode()
    [document] = read_file(tmp_path, "dump.jsonl", b"\n  \n" + line + b"\n")
    assert isinstance(document, Document)
    assert (document.source, document.text, document.meta) == ("dump.jsonl#3", "hej", fields)


def test_another_field_can_hold_the_text(tmp_path: Path) -> None:
    [document] = read_file(tmp_path, "d.ndjson", b'{"body": "hej", "text": 1}', Settings(text_field="body"))
    assert isinstance(document, Document)
    assert (document.text, document.meta) == ("hej", {"text": 1})


def test_a_folder_is_walked_in_path_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.txt", "a/1.txt", "a/.hidden.txt", ".git/x.txt", "c.png", "Z.TXT"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [record.source for record in read(tmp_path)] == ["Z.TXT", "a/1.txt", "a/2.txt", "b.txt"]


def test_a_glob_names_sources_from_where_it_is_fixed(tmp_path: Path) -> None:
    for name in ("x/one.txt", "y/two.txt", "y/three.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [record.source for record in read(f"{tmp_path}/*/*.txt")] == ["x/one.txt", "y/two.txt"]
    assert [record.source for record in read(f"{tmp_path}/*")] == ["x/one.txt", "y/two.txt"]
    assert [record.source for record in read(f"{tmp_path}/**/*.txt")] == ["x/one.txt", "y/two.txt"]


def test_a_link_that_leads_back_does_not_lead_in_circles(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("x")
    (tmp_path / "again").symlink_to(tmp_path)
    assert len(read(tmp_path)) == 1


def test_a_file_name_that_is_not_utf8_does_not_stop_its_record(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/sm\xe5.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert [record.source for record in read(tmp_path)] == ["sm\ufffd.txt"]


@packed
def test_packed_files_are_read_like_plain_ones(tmp_path: Path, packing: str) -> None:
    data = b'{"text": "ett"}\n{"text": "tv\xc3\xa5"}\n'
    assert texts(read_file(tmp_path, f"d.jsonl{packing}", PACKERS[packing](data))) == ["ett", "två"]


@packed
def test_several_packed_streams_in_one_file_are_one_text(tmp_path: Path, packing: str) -> None:
    data = PACKERS[packing](b"one, ") + PACKERS[packing](b"two")
    assert texts(read_file(tmp_path, f"d.txt{packing}", data)) == ["one, two"]


@packed
def test_a_packed_file_whose_name_does_not_say_so_is_unpacked(tmp_path: Path, packing: str) -> None:
    assert texts(read_file(tmp_path, "a.txt", PACKERS[packing](b"en rad"))) == ["en rad"]
    assert texts(read_file(tmp_path, "a.txt", PACKERS[packing](b""))) == [""]


@pytest.mark.parametrize("packing", [".gz", ".xz", ".zst"])
def test_records_before_a_tear_are_kept_and_the_tear_is_told(tmp_path: Path, packing: str) -> None:
    lines = noise_lines(20_000)
    data = PACKERS[packing](lines)
    *documents, tear = read_file(tmp_path, f"d.jsonl{packing}", data[: len(data) // 2])
    assert len(documents) > 1000
    assert rejected(documents) == []
    assert [f'{{"text": "{text}"}}' for text in texts(documents)] == lines.decode().split("\n")[: len(documents)]
    assert isinstance(tear, Reject)
    assert "end too early" in tear.reason
    assert tear.offset == sum(len(text) + 13 for text in texts(documents))


@packed
def test_a_torn_text_is_kept_as_far_as_it_goes(tmp_path: Path, packing: str) -> None:
    data = PACKERS[packing](noise_lines(40_000))
    *kept, tear = read_file(tmp_path, f"d.txt{packing}", data[:-20])
    assert isinstance(tear, Reject)
    assert tear.offset == sum(len(text) for text in texts(kept)) > 0


@packed
def test_damaged_data_are_a_reject_and_the_next_file_is_read(tmp_path: Path, packing: str) -> None:
    data = bytearray(PACKERS[packing](noise_lines(20_000)))
    for at in range(len(data) // 2, len(data) // 2 + 64):
        data[at] ^= 0xFF
    (tmp_path / f"a.jsonl{packing}").write_bytes(data)
    (tmp_path / "b.txt").write_text("good")
    records = read(tmp_path)
    assert texts(records)[-1] == "good"
    assert len(rejected(records)) >= 1


@pytest.mark.parametrize("packing", [".gz", ".bz2", ".xz", ".zst"])
@pytest.mark.parametrize("at", [0, 1, 3, 4])
def test_a_later_stream_that_is_damaged_is_told_and_what_stands_before_it_is_kept(
    tmp_path: Path, packing: str, at: int
) -> None:
    first, second, third = (PACKERS[packing](b'{"text": "Inl\xc3\xa4gg %d"}\n' % n) for n in (1, 2, 3))
    damaged = second[:at] + bytes([second[at] ^ 0x55]) + second[at + 1 :]
    if (packing, at) == (".gz", 4):
        damaged = second[:20] + bytes(len(second) - 20)  # the time that a gzip was made is nobody's concern
    document, *rest = read_file(tmp_path, f"d.jsonl{packing}", first + damaged + third)
    assert texts([document]) == ["Inlägg 1"]
    assert rejected(rest)


@pytest.mark.parametrize("packing", [".gz", ".bz2", ".xz"])
def test_zeros_behind_a_packed_stream_are_padding(tmp_path: Path, packing: str) -> None:
    data = PACKERS[packing](b"one, ") + bytes(512) + PACKERS[packing](b"two") + bytes(70_000)
    assert texts(read_file(tmp_path, f"d.txt{packing}", data)) == ["one, two"]


@packed
def test_a_packed_file_of_no_bytes_is_a_tear(tmp_path: Path, packing: str) -> None:
    [reject] = read_file(tmp_path, f"d.jsonl{packing}", b"")
    assert isinstance(reject, Reject)
    assert "end too early" in reject.reason


@packed
def test_what_is_not_packed_at_all_is_a_reject(tmp_path: Path, packing: str) -> None:
    [reject] = read_file(tmp_path, f"d.jsonl{packing}", b"plain text, no archive, and long enough to be read")
    assert isinstance(reject, Reject)
    assert "damaged" in reject.reason or "cannot be read" in reject.reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"no json", "not valid JSON"),
        (b'{"text": "cut', "not valid JSON"),
        (b'{"text": NaN}', "not valid JSON"),
        (b'{"text": "x", "n": 1e999}', "not valid JSON"),
        (b'{"text": "\\ud800"}', "lone surrogate"),
        (b'{"text": "x"} {"text": "y"}', "not valid JSON"),
        (b"[1, 2]", "no object"),
        (b'{"body": "x"}', "no field 'text'"),
        (b'{"text": 5}', "no string"),
        (b'{"text": null}', "no string"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"text": "x", "deep": ' + b"[" * 300 + b"]" * 300 + b"}", "nested too deep"),
        (b'{"text": "x", "n": ' + b"9" * 5000 + b"}", "not valid JSON"),
    ],
)
def test_a_bad_line_is_a_reject_with_its_place_and_the_rest_goes_on(tmp_path: Path, line: bytes, reason: str) -> None:
    one, reject, two = read_file(tmp_path, "d.jsonl", b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n')
    assert isinstance(reject, Reject)
    assert (reject.source, reject.offset, reject.length) == ("d.jsonl#2", 14, len(line))
    assert reason in reject.reason
    assert reject.reason.endswith((".", ")"))
    assert reject.text == line.decode()[:4096]
    assert reject.truncated == (len(line) > 4096)
    assert texts([one, two]) == ["a", "b"]


def test_a_reject_that_is_not_text_is_kept_as_base64(tmp_path: Path) -> None:
    [reject] = read_file(tmp_path, "d.jsonl", b"\xff\xfa\x80 \xe5")
    assert isinstance(reject, Reject)
    assert reject.text is None
    assert reject.base64 == "//qAIOU="


@pytest.mark.parametrize("data", [b'[{"text": "a"}]', b'[\n{"text": "a"}\n]', b'{\n"text": "a"\n}'])
def test_json_that_is_no_json_lines_is_told_how_it_becomes_some(tmp_path: Path, data: bytes) -> None:
    reject = rejected(read_file(tmp_path, "a.jsonl", data))[0]
    assert (reject.source, reject.offset) == ("a.jsonl#1", 0)
    assert "jq" in reject.reason


def test_a_byte_order_mark_inside_a_file_made_of_several_is_passed_over(tmp_path: Path) -> None:
    one = b'\xef\xbb\xbf{"text": "Sk\xc3\xa5p"}\n'
    assert texts(read_file(tmp_path, "a.jsonl", one * 2)) == ["Skåp"] * 2


def test_the_last_of_two_equal_keys_counts(tmp_path: Path) -> None:
    assert texts(read_file(tmp_path, "d.jsonl", b'{"text": "a", "text": "b"}')) == ["b"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "mac-roman"])
def test_records_in_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    lines = "".join(f'{{"text": "Så här gör du på rad {n}, ਊਊ"}}\n' for n in range(9))
    data = lines.replace("ਊ", "" if "utf" not in encoding else "ਊ").encode(encoding)
    assert texts(read_file(tmp_path, "d.jsonl", data))[8].startswith("Så här gör du på rad 8")


def test_single_lines_that_are_not_utf8_are_decoded_by_themselves(tmp_path: Path) -> None:
    data = '{"text": "på"}\n'.encode() + '{"text": "så här"}\n'.encode("cp1252")
    assert texts(read_file(tmp_path, "d.jsonl", data)) == ["på", "så här"]


def test_a_record_over_the_limit_is_a_reject_and_the_next_is_read(tmp_path: Path) -> None:
    long = b'{"text": "' + b"x" * 300_000 + b'"}'
    settings = Settings(max_record_bytes=100_000)
    reject, document = read_file(tmp_path, "d.jsonl", long + b'\n{"text": "b"}', settings)
    assert isinstance(reject, Reject)
    assert (reject.length, reject.truncated, len(reject.text or "")) == (len(long), True, 4096)
    assert "longer than 100000 bytes. Split it, or read it from Python with Settings(max_record_bytes=" in reject.reason
    assert isinstance(document, Document)
    assert document.source == "d.jsonl#2"


def test_a_long_text_file_is_read_in_numbered_parts_cut_at_line_ends(tmp_path: Path) -> None:
    text = "en rad\n" * 100
    records = read_file(tmp_path, "big.txt", text.encode(), Settings(max_document_chars=50))
    assert [record.source for record in records][:2] == ["big.txt#1", "big.txt#2"]
    assert "".join(texts(records)) == text
    assert all(part.endswith("\n") and len(part) <= 50 for part in texts(records))


def test_a_long_record_is_split_into_numbered_parts_with_its_fields(tmp_path: Path) -> None:
    line = json.dumps({"text": "ord " * 30, "url": "u"}).encode()
    records = read_file(tmp_path, "d.jsonl", b"\n" + line, Settings(max_document_chars=50))
    assert [record.source for record in records] == ["d.jsonl#2.1", "d.jsonl#2.2", "d.jsonl#2.3"]
    assert "".join(texts(records)) == "ord " * 30
    assert all(isinstance(record, Document) and record.meta == {"url": "u"} for record in records)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab \r\n")), st.integers(2, 9))
def test_splitting_loses_nothing_and_keeps_to_the_limit(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert "".join(parts) == text
    assert all(len(part) <= limit for part in parts)
    assert not any(one.endswith("\r") and two.startswith("\n") for one, two in itertools.pairwise(parts))


@settings(deadline=None)
@given(lines=st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b" "))))
def test_every_line_that_is_not_blank_is_a_document_or_a_reject_in_order(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    data = b'{"text": "first, so that these are records"}\n' + b"\n".join(lines)
    records = read_file(tmp_path_factory.mktemp("in"), "d.jsonl", data)
    numbers = [int(record.source.rpartition("#")[2]) for record in records]
    assert numbers == sorted(set(numbers))
    full = {n for n, line in enumerate(lines, start=2) if line.strip(b" \t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0")}
    if all(line.isascii() and b"\0" not in line for line in lines):
        assert set(numbers) - {1} == full


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing.txt", "There is no file"), ("photo.png", "Known extensions: .txt"), ("empty", "holds no document")],
)
def test_an_input_that_cannot_be_read_is_told_before_anything_is(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "photo.png").write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=words):
        read_documents([str(tmp_path / name)], SETTINGS)


def test_no_input_at_all_is_an_error() -> None:
    with pytest.raises(InputError, match="No input was given"):
        read_documents([], SETTINGS)


def test_a_pattern_without_a_match_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no document"):
        read_documents([f"{tmp_path}/*.txt"], SETTINGS)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_an_error_by_itself_and_a_reject_among_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("secret")
    (tmp_path / "b.txt").write_text("open")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(InputError, match="permission denied"):
        read_documents([str(tmp_path / "a.txt")], SETTINGS)
    reject, document = read(tmp_path)
    assert "Permission denied" in getattr(reject, "reason", "")
    assert texts([document]) == ["open"]


def test_a_file_that_vanishes_after_it_was_listed_is_a_reject(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    records = read_documents([str(tmp_path)], SETTINGS)
    (tmp_path / "a.txt").unlink()
    reject, document = list(records)
    assert "cannot be read" in getattr(reject, "reason", "")
    assert texts([document]) == ["b"]


@pytest.mark.parametrize(
    ("data", "sources"),
    [
        (b'\n {"text": "a"}\n{"text": "b"}', ["stdin#2", "stdin#3"]),
        ("\ufeff{}".encode("utf-16-le"), ["stdin#1"]),
        (b"plain", ["stdin"]),
        (b"{hej} p\xc3\xa5 dig\nigen", ["stdin"]),
        (b'{"text": torn\n{"text": "b"}', ["stdin#1", "stdin#2"]),
        (b'[\n {"text": "a"}\n]', ["stdin#1", "stdin#2", "stdin#3"]),
        (b"[l\xc3\xa4nk](b.html)", ["stdin"]),
        (gzip.compress(b'{"text": "a"}', mtime=0), ["stdin#1"]),
        (b"", ["stdin"]),
    ],
)
def test_standard_input_is_taken_for_what_it_begins_like(
    monkeypatch: pytest.MonkeyPatch, data: bytes, sources: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert [record.source for record in read("-")] == sources


def test_a_named_pipe_is_read_without_an_extension(tmp_path: Path) -> None:
    pipe = tmp_path / "63"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b'{"text": "a"}\n'))
    writer.start()
    records = read(pipe)
    writer.join()
    assert texts(records) == ["a"]


def peak_of(work: Callable[[], Any]) -> int:
    """Measure the most memory that some work held."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@packed
def test_a_bomb_is_read_in_bounded_memory(tmp_path: Path, packing: str) -> None:
    data = PACKERS[packing](b"x" * 100 * 2**20)
    (tmp_path / f"bomb.jsonl{packing}").write_bytes(data)
    settings = Settings(max_record_bytes=2**20)
    peak = peak_of(lambda: read(tmp_path, settings=settings))
    assert peak < 40 * 2**20


@pytest.mark.slow
def test_a_line_of_fifty_megabytes_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes("Så här är det. ".encode() * (50 * 2**20 // 17))
    total = 0

    def count() -> None:
        nonlocal total
        for record in read_documents([str(path)], SETTINGS):
            assert isinstance(record, Document)
            total += len(record.text.encode())

    assert peak_of(count) < 40 * 2**20
    assert total == path.stat().st_size
