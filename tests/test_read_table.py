"""A table's rows are records: what fits the header is read, the rest is told, no quotation mark swallows a file."""

from __future__ import annotations

import base64
import csv
import io
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_read import PACKERS, noise_lines, read, read_file, rejected, texts

from pipeline.records import Document, Reject
from pipeline.settings import Settings

HEADER = "url,text,n\n"


def test_a_row_is_a_document_and_its_other_columns_are_its_meta(tmp_path: Path) -> None:
    data = HEADER + 'u1,"Hej, du\nsa ""hon""",1.10\n\nu2,Då,\n'
    one, two = read_file(tmp_path, "a.csv", data.encode())
    assert isinstance(one, Document)
    assert (one.source, one.text, one.meta) == ("a.csv#1", 'Hej, du\nsa "hon"', {"url": "u1", "n": "1.10"})
    assert isinstance(two, Document)
    assert (two.source, two.text, two.meta) == ("a.csv#2", "Då", {"url": "u2", "n": ""})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "id;text\n1;Hej, du\n"),
        ("a.csv", "id\ttext\n1\tHej, du\n"),
        ("a.csv", "id|text\n1|Hej, du\n"),
        ("a.csv", 'id,text\r\n1,"Hej, du"\r\n'),
        ("a.csv", '"a;b;c;id",text\n1,"Hej, du"'),
        ("a.tsv", "id\ttext\n1\tHej, du\n"),
    ],
)
def test_the_delimiter_is_the_one_that_gives_the_header_a_text(tmp_path: Path, name: str, data: str) -> None:
    assert texts(read_file(tmp_path, name, data.encode())) == ["Hej, du"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "mac-roman"])
def test_tables_in_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    rows = "text,n\n" + "".join(f'"Så här gör du på rad {n},\nså är det",{n}\n' for n in range(9))
    documents = read_file(tmp_path, "a.csv", rows.encode(encoding))
    assert texts(documents)[8] == "Så här gör du på rad 8,\nså är det"


@pytest.mark.parametrize("packing", list(PACKERS))
def test_a_packed_table_is_read(tmp_path: Path, packing: str) -> None:
    assert texts(read_file(tmp_path, f"a.csv{packing}", PACKERS[packing](b"text\na\nb\n"))) == ["a", "b"]


def test_a_ragged_row_is_a_reject_with_its_place_and_the_rest_is_read(tmp_path: Path) -> None:
    records = read_file(tmp_path, "a.csv", (HEADER + "u,a,1\nu,b\nu,c,1,2\nu,d,1\n").encode())
    assert texts(records) == ["a", "d"]
    short, long = rejected(records)
    assert (short.source, short.offset, short.text, short.length) == ("a.csv#2", 17, "u,b", 3)
    assert "2 fields, the header 3" in short.reason
    assert (long.source, long.text) == ("a.csv#3", "u,c,1,2")


@pytest.mark.parametrize(
    ("name", "row", "text"),
    [
        ("a.csv", 'u,"Kaffe" är gott.,1\n', '"Kaffe" är gott.'),
        ("a.csv", 'u,"Han sa "nej" till oss",1\r\n', '"Han sa "nej" till oss"'),
        ("a.tsv", 'u\t"Kaffe" är gott.\t1\n', '"Kaffe" är gott.'),
        ("a.tsv", 'u\t"Öppet citat\t1\n', '"Öppet citat'),
    ],
)
def test_a_quotation_mark_that_encloses_no_field_is_text(tmp_path: Path, name: str, row: str, text: str) -> None:
    header = HEADER.replace(",", "\t") if name == "a.tsv" else HEADER
    records = read_file(tmp_path, name, (header + row + row.replace(text, "Slut")).encode())
    assert texts(records) == [text, "Slut"]
    assert not rejected(records)


def test_quotation_marks_of_two_rows_do_not_make_them_one(tmp_path: Path) -> None:
    data = 'id\ttext\n1\t"bara början\n2\toch slutet" av den\n'
    assert texts(read_file(tmp_path, "a.tsv", data.encode())) == ['"bara början', 'och slutet" av den']


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "cp437", "mac-roman"])
@pytest.mark.parametrize("end", ["\n", "\r"])
def test_an_encoding_that_shows_late_is_found_by_the_first_rows_that_show_it(
    tmp_path: Path, encoding: str, end: str
) -> None:
    plain = [f"Row {number} has no letter that tells anything." for number in range(3_000)]
    telling = ["Färjan går från kajen", "Hon köpte bröd på torget", "Båten låg kvar i sjön", "Äpplen växer på träd"]
    texts_given = [*plain, *telling, *plain[:5], *telling]
    data = end.join(["n;text", *(f"{n};{text}" for n, text in enumerate(texts_given))]) + end
    assert texts(read_file(tmp_path, "a.csv", data.encode(encoding))) == texts_given


def test_rows_that_stand_where_an_encoding_shows_late_are_each_read_once_though_one_is_torn(tmp_path: Path) -> None:
    rows = [b"text,n", *[b"plain words,1"] * 6_000, '"öppen rad,2'.encode("cp850"), *[b"sju,7"] * 3]
    *documents, reject, a, b, c = read_file(tmp_path, "a.csv", b"\n".join(rows) + b"\n")
    assert len(documents) == 6_000
    assert isinstance(reject, Reject)
    assert reject.source == "a.csv#6001"
    assert texts([a, b, c]) == ["sju"] * 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_in_which_excel_names_the_delimiter_is_obeyed(tmp_path: Path, encoding: str, end: str) -> None:
    data = end.join(["sep=;", "a,b;text", "1;Räksmörgås, på ön", ""])
    [document] = read_file(tmp_path, "a.csv", data.encode(encoding))
    assert isinstance(document, Document)
    assert (document.source, document.text, document.meta) == ("a.csv#1", "Räksmörgås, på ön", {"a,b": "1"})


def test_a_table_whose_lines_end_in_carriage_returns_is_read(tmp_path: Path) -> None:
    records = read_file(tmp_path, "a.csv", b'id,text\r1,"a\rb"\r2\r3,c')
    assert texts(records) == ["a\nb", "c"]
    assert [(reject.offset, reject.text) for reject in rejected(records)] == [(16, "2")]


def test_a_ragged_row_of_two_lines_is_told_in_the_bytes_of_its_encoding(tmp_path: Path) -> None:
    row = 'u,"två\nrader"'
    [reject] = rejected(read_file(tmp_path, "a.csv", f"{HEADER}{row}\n".encode("utf-16-le")))
    assert (base64.b64decode(reject.base64 or ""), reject.truncated) == (row.encode("utf-16-le"), False)


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_alone(tmp_path: Path) -> None:
    rows = "".join(f"u,rad {n},1\n" for n in range(1000))
    records = read_file(tmp_path, "a.csv", (HEADER + 'u,"öppen,1\n' + rows).encode())
    [reject] = rejected(records)
    assert "never closed" in reject.reason
    assert reject.text == 'u,"öppen,1'
    assert texts(records) == [f"rad {n}" for n in range(1000)]
    assert records[1].source == "a.csv#2"


def test_rows_without_an_end_are_bounded_in_time_and_all_are_told(tmp_path: Path) -> None:
    data = (HEADER + 'x",",z\n' * 40_000).encode()
    began = time.process_time()
    records = read_file(tmp_path, "a.csv", data, Settings(max_record_bytes=10_000))
    assert time.process_time() - began < 20
    rejects = rejected(records)
    assert len(rejects) == len(records)
    assert sum(reject.length + 1 for reject in rejects) == len(data) - len(HEADER)


def test_a_field_past_the_bound_is_a_reject_and_the_next_row_is_read(tmp_path: Path) -> None:
    data = HEADER + f"u,{'x' * 300_000},1\nu,b,1\n"
    records = read_file(tmp_path, "a.csv", data.encode(), Settings(max_record_bytes=100_000))
    [reject] = rejected(records)
    assert (reject.source, reject.truncated, reject.length) == ("a.csv#1", True, 300_004)
    assert texts(records) == ["b"]


def test_long_fields_under_the_bound_are_read(tmp_path: Path) -> None:
    assert texts(read_file(tmp_path, "a.csv", b"text\n" + b"x" * 500_000)) == ["x" * 500_000]


def test_nul_bytes_are_text_like_any(tmp_path: Path) -> None:
    assert texts(read_file(tmp_path, "a.csv", b"text,n\na\0b,1\n")) == ["a\0b"]


def test_a_table_without_the_column_is_one_reject_that_names_those_there_are(tmp_path: Path) -> None:
    [reject] = rejected(read_file(tmp_path, "a.csv", b"url,body\nu,Hej\nu,D\xc3\xa5\n"))
    assert reject.source == "a.csv"
    assert "no column 'text'" in reject.reason
    assert "url, body" in reject.reason
    assert "--text-field" in reject.reason


def test_another_column_can_hold_the_text(tmp_path: Path) -> None:
    [document] = read_file(tmp_path, "a.csv", b"text,body\n1,Hej\n", Settings(text_field="body"))
    assert isinstance(document, Document)
    assert (document.text, document.meta) == ("Hej", {"text": "1"})


def test_a_table_without_a_header_is_read_by_the_columns_number(tmp_path: Path) -> None:
    one, two = read_file(tmp_path, "a.csv", b"u1,Hej\nu2,D\xc3\xa5\n", Settings(text_field="2"))
    assert isinstance(one, Document)
    assert isinstance(two, Document)
    assert (one.source, one.text, one.meta) == ("a.csv#1", "Hej", {"1": "u1"})
    assert (two.source, two.text) == ("a.csv#2", "Då")


def test_columns_of_one_name_are_all_kept(tmp_path: Path) -> None:
    [document] = read_file(tmp_path, "a.csv", b",n,n,text,\n1,2,3,Hej,4\n")
    assert isinstance(document, Document)
    assert document.meta == {"": "1", "n": "2", "n_2": "3", "_2": "4"}


def test_a_table_without_rows_holds_nothing(tmp_path: Path) -> None:
    assert read_file(tmp_path, "a.csv", b"") == []
    assert read_file(tmp_path, "b.csv", b"text,n\n") == []


def test_a_torn_row_is_told_and_the_rows_before_it_are_kept(tmp_path: Path) -> None:
    data = PACKERS[".gz"](b"text,n\n" + b"".join(line[10:30] + b",1\n" for line in noise_lines(20_000).splitlines()))
    *documents, tear = read_file(tmp_path, "a.csv.gz", data[: len(data) // 2])
    assert len(texts(documents)) > 1000
    assert len(texts(documents)) == len(documents)
    assert "end too early" in rejected([tear])[0].reason


def test_a_long_text_is_read_in_numbered_parts(tmp_path: Path) -> None:
    records = read_file(tmp_path, "a.csv", b"text\n" + b"ord " * 30, Settings(max_document_chars=50))
    assert [record.source for record in records] == ["a.csv#1.1", "a.csv#1.2", "a.csv#1.3"]


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(st.text(), st.text()), max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_writer_of_csv_wrote_is_read_back(rows: list[tuple[str, str]], delimiter: str, end: str) -> None:
    """Quoting everything keeps a lone carriage return from being taken for a row's end."""
    clean = [(text.replace("\ufeff", ""), note) for text, note in rows]
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "anmärkning"), *clean])
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.csv").write_bytes(file.getvalue().encode())
        documents = [record for record in read(folder) if isinstance(record, Document)]
    assert [(document.text, document.meta["anmärkning"]) for document in documents] == clean
