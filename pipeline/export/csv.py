"""CSV as RFC 4180 has it, with every field of a pair; no cell of text can act as a formula."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from pipeline.records import Pair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.export.files import Files

_ACTS: Final = re.compile(r"[\t\r\n']|[\s\x00-\x1f]*[=+\-@＝＋－＠]")
"""What a spreadsheet may take for a formula, and the apostrophe that says it is none."""
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def harmless(text: str) -> str:
    """Put an apostrophe before a text that would act, or that begins with one; take one away to have the text again.

    >>> harmless("=1+1"), harmless("'tis"), harmless("2-1")
    ("'=1+1", "''tis", '2-1')
    """
    return f"'{text}" if _ACTS.match(text) else text


class PairWriter:
    """One file with a heading; lists have spaces between, `meta` is JSON, null is an empty cell."""

    bitext: ClassVar[bool] = False

    def __init__(self, files: Files, langs: Sequence[str]) -> None:
        del langs
        self._file = files.open()
        self._row = io.StringIO()
        self._csv = csv.writer(self._row)
        self._write(Pair.__struct_fields__)

    def add(self, pair: Pair) -> bool:
        """Write a row."""
        self._write([_cell(value) for value in msgspec.structs.astuple(pair)])
        return True

    def close(self) -> None:
        """Nothing stands at the end."""

    def _write(self, cells: Sequence[object]) -> None:
        self._csv.writerow(cells)
        self._file.write(self._row.getvalue().encode())
        self._row.seek(0)
        self._row.truncate()


def _cell(value: Any) -> object:  # noqa: ANN401 - whatever a pair holds
    """Make a cell; numbers stay numbers, a minus before one included."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, dict):
        value = msgspec.json.encode(value).decode()
    text = value if isinstance(value, str) else " ".join(value)
    return harmless(_UNPRINTABLE.sub("\ufffd", text))
