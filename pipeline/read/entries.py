"""What every format's reader makes of what it finds: documents, cut where they are too long, and rejects."""

from __future__ import annotations

import base64
import codecs
import contextlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.errors import DamageError, RecordError
from pipeline.records import DamageReject, Document, Meta, Reject, identify_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.settings import Settings

HEAD: Final = 4096
"""Bytes that are kept of a record that cannot be read."""
MAX_DEPTH: Final = 100
"""Deeper JSON is rejected: no page's fields need it, and what writes the record later must not run out of stack."""
TOO_DEEP: Final = f"The JSON is nested too deep. Flatten it to {MAX_DEPTH} levels or fewer."

SPLIT: Final = "Split it, or read it from Python with Settings(max_record_bytes=…)."
"""What helps with a record that is too long; no option of a command does."""


class Entry(msgspec.Struct, frozen=True):
    """A record as it stands in its file; `data` is its beginning where it is longer than a record may be."""

    name: str
    offset: int
    data: bytes
    length: int
    ended: bool = True


def make_documents(name: str, text: str, meta: Meta, settings: Settings) -> Iterator[Document]:
    """Make a record's document, or its numbered parts where its text is too long for one."""
    parts = split_text(text, settings.max_document_chars)
    names = [name] if len(parts) == 1 else [f"{name}{'.' if '#' in name else '#'}{n}" for n in range(1, len(parts) + 1)]
    for part_name, part in zip(names, parts, strict=True):
        yield make_document(part_name, part, meta)


def make_document(name: str, text: str, meta: Meta) -> Document:
    """Make one document."""
    return Document(id=identify_text(text), source=name, text=text, meta=meta)


def make_reject(entry: Entry, fault: RecordError | str) -> Reject:
    """Tell where a record stands and why it is none, with its beginning as text, or as base64 where it is not text."""
    head = entry.data[:HEAD]
    truncated = entry.length > len(head)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=not truncated)
        packed = None
    except UnicodeDecodeError:
        text, packed = None, base64.b64encode(head).decode()
    make = DamageReject if isinstance(fault, DamageError) else Reject
    return make(
        source=entry.name,
        offset=entry.offset,
        reason=str(fault),
        length=entry.length,
        text=text,
        base64=packed,
        truncated=truncated,
    )


def refuse_long(length: int, bound: int) -> None:
    """Stop at a record that is longer than one may be.

    Raises:
        RecordError: if it is.
    """
    if length > bound:
        message = f"The record is longer than {bound} bytes. {SPLIT}"
        raise RecordError(message)


@contextlib.contextmanager
def reject_panics() -> Iterator[None]:
    """Take a panic in a library written in Rust for a fault of the record that brought it about.

    Raises:
        RecordError: where a library has panicked.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        message = f"The record cannot be taken apart ({error}). Take its text out with another tool."
        raise RecordError(message) from None


def take_text(record: Meta, field: str) -> str:
    """Take the text out of a record; what is left is its meta."""
    if field not in record:
        fields = ", ".join(sorted(record)[:8]) or "none"
        message = (
            f"The record has no field {field!r}. Name the one that holds the text with --text-field; it has: {fields}."
        )
        raise RecordError(message)
    text = record[field]
    if not isinstance(text, str):
        message = f"The field {field!r} is no string. Name one that is with --text-field, or mend the record."
        raise RecordError(message)
    if _depth(record) > MAX_DEPTH:
        raise RecordError(TOO_DEEP)
    del record[field]
    return text


def make_names_unique(names: Iterable[str]) -> list[str]:
    """Give each column a name of its own; where two have one, the second gets a number.

    >>> make_names_unique(["n", "text", "n"])
    ['n', 'text', 'n_2']
    """
    apart: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for given in names:
        name, number = given, numbers.get(given, 1)
        while name in apart:
            number += 1
            name = f"{given}_{number}"
        numbers[given] = number
        apart[name] = None
    return list(apart)


def explain_missing_column(columns: list[str], field: str) -> str | None:
    """Say what is wrong with a table that has no column for the text."""
    if field in columns:
        return None
    known = ", ".join(columns[:8])[:200] or "none"
    return (
        f"The table has no column {field!r}, so no row of it was read. Name the one that holds the text with "
        f"--text-field, by its number (1, 2, …) where the table has no header; it has: {known}."
    )


def _depth(value: object) -> int:
    """Measure nesting level by level, without recursion."""
    depth = 0
    level: list[Any] = [value]
    while level := [v for v in level if isinstance(v, (dict, list))]:
        depth += 1
        level = [inner for v in level for inner in (v.values() if isinstance(v, dict) else v)]
    return depth


def split_text(text: str, limit: int) -> list[str]:
    r"""Cut a long text into parts: after a line end, else after a space, else anywhere but inside CRLF.

    >>> split_text("one two\nthree four", 10)
    ['one two\n', 'three four']
    >>> split_text("onetwothree four", 8)
    ['onetwoth', 'ree four']
    """
    parts, start = [], 0
    while len(text) - start > limit:
        cut = _cut_before(text, start, start + limit)
        parts.append(text[start:cut])
        start = cut
    parts.append(text[start:])
    return parts


def _cut_before(text: str, start: int, end: int) -> int:
    cut = text.rfind("\n", start, end) + 1 or text.rfind(" ", start, end) + 1 or end
    inside = text[cut - 1] == "\r" and text[cut] == "\n"
    return cut - 1 if inside and cut - 1 > start else cut
