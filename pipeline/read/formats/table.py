"""CSV and TSV: a row is a record, one column of it the text, the others its meta."""

from __future__ import annotations

import csv
import re
from collections import deque
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.errors import RecordError
from pipeline.read.decode import SAMPLE, decode_as, find_encoding
from pipeline.read.entries import (
    Entry,
    explain_missing_column,
    make_documents,
    make_names_unique,
    make_reject,
    refuse_long,
)
from pipeline.read.streams import find_line_encoding, newline_of, peek_lines, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.inputs import Source
    from pipeline.read.streams import Stream
    from pipeline.records import Document, Reject
    from pipeline.settings import Settings

DELIMITERS: Final = ",;\t|"
_DECLARED: Final = re.compile(r"sep=([^\w\s\"]|\t)(?:\r?\n|\r)")
"""A line before the header in which Excel says what stands between fields."""


class _Row(msgspec.Struct, frozen=True):
    entry: Entry
    cells: list[str]
    fault: str | None = None
    verbatim: list[str] = []
    """Of a row with a fault, the cells that there are if its quotation marks are text."""


class _EndlessError(Exception):
    """A quoted field has no end, or none before a record is too long."""


def read_entries(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read the rows of a table; one that does not fit its header is rejected, and the next one read."""
    lines = _Lines(stream, source, settings.max_record_bytes)
    usual = "\t" if source.kind == "tsv" else _find_delimiter(lines.head, settings.text_field)
    delimiter = lines.declared or usual
    rows = _read_rows(lines, delimiter, settings.max_record_bytes)
    header: list[str] | None = None
    for number, row in enumerate(rows, 0 if _has_header(settings.text_field, lines.head, delimiter) else 1):
        if header is None:
            header = _name_columns(row.cells, numbered=number > 0)
            if fault := _refuse(row) or explain_missing_column(header, settings.text_field):
                yield make_reject(_named(row.entry, source.name), fault)
                return
        if number:
            yield from _read_row(row, f"{source.name}#{number}", header, settings)
    if stream.torn:
        yield make_reject(lines.fragment or Entry(source.name, stream.length, b"", 0), stream.torn)


def _read_row(row: _Row, name: str, header: list[str], settings: Settings) -> Iterator[Document | Reject]:
    cells, fault = row.cells, row.fault
    if fault is not None and len(row.verbatim) == len(header):
        cells, fault = row.verbatim, None
    if fault is None and len(cells) != len(header):
        fault = f"The row has {len(cells)} fields, the header {len(header)}. Mend its commas or quotation marks."
    if fault is not None:
        yield make_reject(_named(row.entry, name), fault)
        return
    meta = dict(zip(header, cells, strict=True))
    text = meta.pop(settings.text_field)
    yield from make_documents(name, text, meta, settings)


def _refuse(row: _Row) -> str | None:
    """Say that a header's fault is the whole table's."""
    return row.fault and f"{row.fault} It is the header, so no row of the table was read."


def _named(entry: Entry, name: str) -> Entry:
    return msgspec.structs.replace(entry, name=name)


def _find_delimiter(head: str, field: str) -> str:
    """Choose what makes the first row a header with the text's column, else what cuts it into the most columns."""
    return max(DELIMITERS, key=lambda mark: (field in (cells := _first_row(head, mark)), len(cells)))


def _first_row(head: str, delimiter: str) -> list[str]:
    try:
        return next(filter(None, csv.reader(head.splitlines(keepends=True), delimiter=delimiter)), [])
    except csv.Error:
        return []


def _has_header(field: str, head: str, delimiter: str) -> bool:
    """A column that is named by its number is one of a table without a header."""
    return not field.isdecimal() or field in _first_row(head, delimiter)


def _name_columns(cells: list[str], *, numbered: bool) -> list[str]:
    return [str(number) for number in range(1, len(cells) + 1)] if numbered else make_names_unique(cells)


def _read_rows(lines: _Lines, delimiter: str, bound: int) -> Iterator[_Row]:
    """Read rows; where one has no end, its first line is a fault and reading goes on with the second.

    A quotation mark that opens a field and does not end it is text, which csv would drop; in a table with tabs, where
    few writers quote, one that is never closed is too.
    """
    csv.field_size_limit(max(csv.field_size_limit(), bound))  # the module has one limit, and rows are bounded here
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        cells, fault, is_text = [], None, False
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _EndlessError:
            fault = "The row has a quotation mark that is never closed, or is too long. Close or double the mark."
            is_text = delimiter == "\t"
        except RecordError as error:
            fault = str(error)
        except csv.Error as error:
            why = str(error).partition(" - ")[0]  # what follows is advice to programmers
            fault = f"The row is not valid CSV ({why}). Mend the program that wrote it, or the row."
            is_text = True
        if cells or fault:
            entry = lines.end(back=fault is not None)
            yield _Row(entry, cells, fault, lines.cut_verbatim(entry, delimiter) if is_text else [])


class _Lines:
    """Feeds the parser line by line, and remembers those of the row that it is at."""

    def __init__(self, stream: Stream, source: Source, bound: int) -> None:
        self.fragment: Entry | None = None
        self._stream = stream
        self._bound = bound
        self._encoding = find_line_encoding(stream)
        self.head = decode_as(stream.peek(), self._encoding)
        self._newline = newline_of(self._encoding, self.head)
        self._fresh = split_lines(stream, source.name, self._newline, bound)
        self.declared = ""
        if found := _DECLARED.match(self.head):
            self.declared, self.head = found[1], self.head[found.end() :]
            next(self._fresh)
        self._back: deque[Entry] = deque()
        self._taken: list[Entry] = []
        self._held = self._again = 0
        self._is_open = self._encoding == "utf-8" and peek_lines(stream).isascii()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._held > self._bound:
            raise _EndlessError
        line = self._back.popleft() if self._back else next(self._fresh, None)
        if line is not None and self._stream.torn and not line.ended:
            self.fragment, line = line, None
        if line is None and self._taken:
            raise _EndlessError
        if line is None:
            raise StopIteration
        self._taken.append(line)
        self._held += line.length
        refuse_long(line.length, self._bound)
        if self._is_open and not line.data.isascii():
            self._choose_encoding(line)
        return self._decode(line) + "\n" * line.ended

    def _choose_encoding(self, line: Entry) -> None:
        """Choose by the first lines that are not ASCII, which may come late: one alone may tell too little."""
        held = 0
        while held < SAMPLE and (more := next(self._fresh, None)):
            self._back.append(more)
            held += more.length
        telling = (entry.data for entry in (line, *self._back) if not entry.data.isascii())
        self._encoding = find_encoding(self._newline.join(telling))
        self._is_open = False

    def _decode(self, entry: Entry) -> str:
        return decode_as(entry.data, self._encoding, begun=entry.offset > 0)

    def cut_verbatim(self, line: Entry, delimiter: str) -> list[str]:
        """Cut a line at each delimiter, whatever is quoted; what is more than one line into nothing."""
        text = self._decode(line).removesuffix("\r")
        return [] if re.search("[\r\n]", text) else text.split(delimiter)

    def begin(self) -> None:
        """Begin a row."""
        self._taken.clear()
        self._held = 0

    def end(self, *, back: bool) -> Entry:
        """Give what a row stands in; of one with a fault, the lines after its first are read again.

        Unless so much has been read again already that a file of such rows would take the square of its length.
        """
        first, *rest = self._taken
        if back and self._again <= first.offset + self._bound:
            self._again += self._held - first.length
            self._back.extendleft(reversed(rest))
            rest = []
        if rest:
            length = rest[-1].offset + rest[-1].length - first.offset
            return Entry(first.name, first.offset, self._newline.join(line.data for line in self._taken), length)
        return first
