"""Records survive the way from stage to stage, and a line that is none is named."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError, RecordError
from pipeline.read.lines import decode_lines, open_lines, read_records
from pipeline.records import Document, Pair, Segment
from pipeline.write import write_lines

if TYPE_CHECKING:
    from pathlib import Path

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
META = st.dictionaries(TEXT, st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT, st.lists))
DOCUMENTS = st.builds(Document, id=TEXT, source=TEXT, text=TEXT, fixes=st.lists(TEXT).map(tuple), meta=META)


@given(st.lists(DOCUMENTS))
def test_documents_come_out_as_they_went_in(documents: list[Any]) -> None:
    pipe = io.BytesIO()
    write_lines(documents, pipe)
    assert list(decode_lines(pipe.getvalue().splitlines(keepends=True), Document, "pipe")) == documents


def test_a_segment_without_a_language_has_no_such_field() -> None:
    pipe = io.BytesIO()
    write_lines([Segment(id="d-0", doc="d", source="d", index=0, start=0, end=1, src="x")], pipe)
    assert b"src_lang" not in pipe.getvalue()


def test_a_line_of_another_kind_is_named_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "segments.jsonl"
    path.write_text('\n{"id": "d", "source": "d", "text": "t"}\n', encoding="utf-8")
    with pytest.raises(RecordError, match=r"Line 2 of .*segments\.jsonl is not a segment"):
        list(read_records(str(path), Segment))


LINES = {
    "record": b'{"text": "t"}',
    "document": b'{"id": "d", "source": "d", "text": "t"}',
    "segment": b'{"id": "d-0", "doc": "d", "source": "d", "index": 0, "start": 0, "end": 1, "src": "t"}',
    "detected": b'{"id": "d-0", "doc": "d", "src": "t", "src_lang": "sv"}',
    "pair": b'{"id": "d-0", "doc": "d", "src": "t", "src_lang": "sv", "tgt": "t"}',
    "nothing": b'{"x": 1}',
}


@pytest.mark.parametrize(
    ("line", "kind", "advice"),
    [
        ("record", Document, r"record as it came: send the lines through `tolk repair -` first\."),
        ("segment", Document, r"It is a segment: send the lines to `tolk detect`\."),
        ("pair", Document, r"It is a pair: it is translated"),
        ("document", Segment, r"It is a document: send the lines through `tolk segment` first\."),
        ("pair", Segment, r"It is a pair: it is translated, and `tolk export` takes it\."),
        (
            "document",
            Pair,
            r"a document: send the lines through `tolk segment \| tolk detect \| tolk translate` first\.",
        ),
        ("segment", Pair, r"a segment: send the lines through `tolk detect \| tolk translate` first\."),
        ("detected", Pair, r"with its language: send the lines through `tolk translate` first\."),
        ("nothing", Segment, r"`x`\.$"),
    ],
)
def test_a_line_of_another_stage_is_named_with_what_to_do(line: str, kind: Any, advice: str) -> None:
    with pytest.raises(RecordError, match=advice):
        list(decode_lines([LINES[line]], kind, "pipe"))


def test_a_command_is_not_told_to_send_its_own_input_to_itself() -> None:
    torn = b'{"id": "d-0", "doc": "d", "src": "t", "src_lang": "sv"}'
    with pytest.raises(RecordError, match=r"missing required field `source`\.$"):
        list(decode_lines([torn], Segment, "pipe", detected=True))
    with pytest.raises(RecordError, match=r"through `tolk segment \| tolk detect` first\.$"):
        list(decode_lines([LINES["document"]], Segment, "pipe", detected=True))


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Cannot read .*nowhere"):
        list(read_records(str(tmp_path / "nowhere"), Segment))


def test_a_broken_pipe_is_not_laid_to_the_file_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"{}\n")
    with pytest.raises(BrokenPipeError), open_lines(str(tmp_path / "a.jsonl")):
        raise BrokenPipeError


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is no /proc")
def test_a_file_that_cannot_be_read_on_is_named() -> None:
    with pytest.raises(InputError, match="Cannot read /proc/self/mem"), open_lines("/proc/self/mem") as lines:
        list(lines)
