"""Parquet's rows are records, whatever their columns hold; a damaged file is told, and a missing library too."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from test_read import PACKERS, peak_of, read, read_file, rejected, texts

from pipeline.errors import InputError, OutputError
from pipeline.records import Document
from pipeline.settings import Settings

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
pytestmark = pytest.mark.consumers


def write(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    parquet.write_table(pa.table(columns), path, **options)
    return path


def test_a_row_is_a_document_and_its_other_columns_are_its_meta(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"url": ["u1", None], "text": ["Hej", "Då"], "n": [1, 2]})
    one, two = read(tmp_path)
    assert isinstance(one, Document)
    assert isinstance(two, Document)
    assert (one.source, one.text, one.meta) == ("a.parquet#1", "Hej", {"url": "u1", "n": 1})
    assert (two.source, two.text, two.meta) == ("a.parquet#2", "Då", {"url": None, "n": 2})


EPOCH = "1970-01-01 00:00:00.00000000"
VALUES = {
    "a list": (pa.array([["a", None]]), ["a", None]),
    "a struct": (pa.array([{"a": {"b": 1.5}}]), {"a": {"b": 1.5}}),
    "a map": (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int8())), [["k", 1]]),
    "bytes": (pa.array([b"\xff\x00"]), "/wA="),
    "a date": (pa.array([dt.date(2024, 1, 2)]), "2024-01-02"),
    "a time": (pa.array([dt.datetime(2024, 1, 2, 3, 4, 5)]), "2024-01-02T03:04:05"),  # noqa: DTZ001 - as files hold it
    "a nanosecond": (pa.array([1], pa.timestamp("ns")), "1970-01-01 00:00:00.000000001"),
    "nanoseconds in a list": (pa.array([[1, None]], pa.list_(pa.timestamp("ns"))), [f"{EPOCH}1", None]),
    "a nanosecond in a struct": (pa.array([{"a": 1}], pa.struct([("a", pa.timestamp("ns"))])), {"a": f"{EPOCH}1"}),
    "a nanosecond in a map": (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.timestamp("ns"))), [["k", f"{EPOCH}1"]]),
    "a time zone that is not known": (pa.array([1], pa.timestamp("us", tz="Mars/Base")), "1"),
    "a category of nanoseconds": (pa.array([1], pa.timestamp("ns")).dictionary_encode(), f"{EPOCH}1"),
    "a decimal": (pa.array([decimal.Decimal("1.10")]), "1.10"),
    "a category": (pa.array(["x"]).dictionary_encode(), "x"),
    "a big number": (pa.array([2**64 - 1], pa.uint64()), 2**64 - 1),
    "nothing": (pa.array([None], pa.null()), None),
    "a year beyond the calendar": (pa.array([10**12], pa.timestamp("s")), "1000000000000000"),
}


@pytest.mark.parametrize(("column", "value"), VALUES.values(), ids=VALUES)
def test_a_column_of_any_type_becomes_a_value_of_json(tmp_path: Path, column: Any, value: object) -> None:
    write(tmp_path / "a.parquet", {"text": ["Hej"], "x": column})
    [document] = read(tmp_path)
    assert isinstance(document, Document)
    assert document.meta == {"x": value}
    assert msgspec.json.decode(msgspec.json.encode(document.meta)) == document.meta


def test_a_text_of_bytes_is_decoded_like_a_files(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"text": ["Så här".encode(), "Så här gör du".encode("cp1252")]})
    assert texts(read(tmp_path)) == ["Så här", "Så här gör du"]


def test_a_row_without_text_is_a_reject_and_the_next_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"text": ["a", None, "b"], "url": ["x", "y", "z"]})
    records = read(tmp_path)
    assert texts(records) == ["a", "b"]
    [reject] = rejected(records)
    assert (reject.source, reject.text) == ("a.parquet#2", '{"text":null,"url":"y"}')
    assert "no string" in reject.reason


def test_another_column_can_hold_the_text(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"body": ["Hej"]})
    assert texts(read(tmp_path, settings=Settings(text_field="body"))) == ["Hej"]


def test_a_file_without_the_column_is_one_reject_that_names_those_there_are(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"url": ["u"] * 9, "body": ["Hej"] * 9})
    [reject] = rejected(read(tmp_path))
    assert (reject.source, reject.offset) == ("a.parquet", 0)
    assert "no column 'text'" in reject.reason
    assert "url, body" in reject.reason


def test_columns_of_one_name_are_all_kept(tmp_path: Path) -> None:
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    parquet.write_table(table, tmp_path / "a.parquet")
    [document] = read(tmp_path)
    assert isinstance(document, Document)
    assert (document.text, document.meta) == ("a", {"text_2": "b"})


def test_rows_are_numbered_through_groups(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"text": [str(n) for n in range(1000)]}, row_group_size=70)
    assert [record.source for record in read(tmp_path)] == [f"a.parquet#{n}" for n in range(1, 1001)]


@pytest.mark.parametrize("packing", list(PACKERS))
def test_a_packed_file_is_read(tmp_path: Path, packing: str) -> None:
    data = write(tmp_path / "a.parquet", {"text": ["Hej"]}).read_bytes()
    (tmp_path / "a.parquet").unlink()
    assert texts(read_file(tmp_path, f"b.parquet{packing}", PACKERS[packing](data))) == ["Hej"]
    (tmp_path / f"b.parquet{packing}").write_bytes(PACKERS[packing](data)[:-30])
    assert len(rejected(read(tmp_path))) == 1


@pytest.mark.parametrize("keep", [0, 4, 100, -8, -4])
def test_a_torn_file_is_a_reject_and_the_next_is_read(tmp_path: Path, keep: int) -> None:
    path = write(tmp_path / "a.parquet", {"text": ["Hej"] * 100})
    path.write_bytes(path.read_bytes()[:keep])
    (tmp_path / "b.txt").write_text("good")
    records = read(tmp_path)
    assert texts(records) == ["good"]
    [reject] = rejected(records)
    assert "no whole Parquet file" in reject.reason
    assert reject.length == path.stat().st_size


def test_a_damaged_group_is_a_reject_and_the_next_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.parquet", {"text": [f"rad {n}" for n in range(300)]}, row_group_size=100, use_dictionary=False
    )
    data = bytearray(path.read_bytes())
    about = parquet.ParquetFile(path).metadata.row_group(1).column(0)
    start = about.data_page_offset
    data[start : start + about.total_compressed_size] = b"\xff" * about.total_compressed_size
    path.write_bytes(data)
    records = read(path)
    assert texts(records) == [f"rad {n}" for n in (*range(100), *range(200, 300))]
    [reject] = rejected(records)
    assert (reject.source, reject.offset) == ("a.parquet#101", start)
    assert "Rows 101 to 200" in reject.reason
    assert reject.length == about.total_compressed_size
    assert base64.b64decode(reject.base64 or "") == b"\xff" * min(4096, reject.length)


def test_a_file_with_a_damaged_index_is_a_reject_with_its_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", {"text": ["Hej"] * 9})
    data = path.read_bytes()
    path.write_bytes(data[:-100] + b"\xff" * 92 + data[-8:])
    [reject] = rejected(read(path))
    assert "no whole Parquet file" in reject.reason
    assert (reject.offset, reject.length) == (0, len(data))
    assert base64.b64decode(reject.base64 or "").startswith(b"PAR1")


@pytest.mark.slow
def test_a_large_group_is_read_in_bounded_memory(tmp_path: Path) -> None:
    writer = parquet.ParquetWriter(tmp_path / "a.parquet", pa.schema([("text", pa.string())]), compression="zstd")
    rows = pa.record_batch({"text": ["ord " * 25_000] * 1000})
    writer.write_batch(rows, row_group_size=10**6)
    writer.close()
    del rows
    before = pa.total_allocated_bytes()
    most = 0

    def work() -> None:
        nonlocal most
        for _ in read_one_by_one(tmp_path):
            most = max(most, pa.total_allocated_bytes() - before)

    assert peak_of(work) < 40 * 2**20
    assert most < 40 * 2**20


def read_one_by_one(path: Path) -> Any:
    from pipeline.read import read_documents

    return read_documents([str(path)], Settings())


def test_a_missing_library_is_named_with_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.parquet", {"text": ["Hej"]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install pyarrow$"):
        read(tmp_path)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_text_that_is_not_utf8_is_decoded_like_a_file(tmp_path: Path, kind: Any) -> None:
    stored = [text.encode(page) for text, page in (("Fjällräven", "utf-8"), ("Kött på gården", "cp1252"))]
    raw = pa.array(stored, pa.large_binary() if kind == pa.large_string() else pa.binary())
    column = pa.Array.from_buffers(kind, len(stored), raw.buffers())
    write(tmp_path / "a.parquet", {"text": column, "note": column, "list": pa.array([[], []])})
    records = read(tmp_path)
    assert texts(records) == ["Fjällräven", "Kött på gården"]
    assert [record.meta["note"] for record in records if isinstance(record, Document)] == texts(records)


def test_a_full_disk_is_not_blamed_on_the_file_that_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.parquet", {"text": ["Hej"]})
    (tmp_path / "a.parquet.gz").write_bytes(PACKERS[".gz"]((tmp_path / "a.parquet").read_bytes()))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Path("/dev/full").open("r+b", buffering=0))  # noqa: SIM115
    with pytest.raises(OutputError, match=r"Cannot unpack a\.parquet\.gz .*No space left.*TMPDIR"):
        read(tmp_path / "a.parquet.gz")
