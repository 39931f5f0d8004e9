"""Parquet: a row is a record, one column of it the text, the others its meta; needs pyarrow."""

from __future__ import annotations

import contextlib
from io import SEEK_END
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec

from pipeline.addresses import first_line_of
from pipeline.advice import advise_install
from pipeline.errors import DamageError, InputError, RecordError
from pipeline.read.decode import decode_bytes
from pipeline.read.entries import (
    HEAD,
    Entry,
    explain_missing_column,
    make_documents,
    make_names_unique,
    make_reject,
    refuse_long,
    take_text,
)
from pipeline.read.streams import open_seekable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.inputs import Source
    from pipeline.read.streams import Stream
    from pipeline.records import Document, Reject
    from pipeline.settings import Settings

ROWS: Final = 64
"""Rows that are unpacked at a time."""
BUFFER: Final = 2**20
"""Bytes of each column that are read ahead."""


class _GroupError(Exception):
    """A group of rows is damaged."""


_encode: Final = msgspec.json.Encoder(enc_hook=str).encode


def read_entries(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read the rows of a file, group by group; a group that cannot be read is a reject, and the next one is read."""
    arrow, parquet = _load(source.name)
    try:
        with open_seekable(stream, source) as file:
            if stream.torn:
                yield make_reject(Entry(source.name, stream.length, b"", 0), stream.torn)
                return
            try:
                opened = parquet.ParquetFile(file, pre_buffer=False, buffer_size=BUFFER)
            except (OSError, ValueError, arrow.ArrowException) as error:
                yield make_reject(_take_head(file, source.name, 0, file.seek(0, SEEK_END)), _not_whole(error))
                return
            yield from _read_groups(opened, file, source, settings)
    except (OSError, InputError) as error:
        yield make_reject(Entry(source.name, 0, b"", 0), _not_whole(error))


def _read_groups(opened: Any, file: IO[bytes], source: Source, settings: Settings) -> Iterator[Document | Reject]:  # noqa: ANN401 - pyarrow has no types
    names = make_names_unique(opened.schema_arrow.names)
    if fault := explain_missing_column(names, settings.text_field):
        yield make_reject(_take_head(file, source.name, 0, file.seek(0, SEEK_END)), fault)
        return
    number = 0
    for group in range(opened.num_row_groups):
        about = opened.metadata.row_group(group)
        columns = [about.column(n) for n in range(about.num_columns)]
        offset = min((c.dictionary_page_offset or c.data_page_offset for c in columns), default=0)
        last = number + about.num_rows
        try:
            for values in _list_rows(opened, group):
                number += 1
                row = dict(zip(names, values, strict=True))
                yield from _read_row(row, Entry(f"{source.name}#{number}", offset, b"", 0), settings)
        except _GroupError as error:
            reason = f"Rows {number + 1} to {last} cannot be read ({error}). Fetch or write the file again."
            packed = sum(column.total_compressed_size for column in columns)
            yield make_reject(_take_head(file, f"{source.name}#{number + 1}", offset, packed), DamageError(reason))
        number = last


def _list_rows(opened: Any, group: int) -> Iterator[list[Any]]:  # noqa: ANN401 - pyarrow has no types
    """List the rows of a group, some at a time.

    Raises:
        _GroupError: where it is damaged.
    """
    import pyarrow as pa

    try:
        for batch in opened.iter_batches(batch_size=ROWS, row_groups=[group], use_threads=False):
            columns = batch.columns
            yield from ([column[row] for column in columns] for row in range(batch.num_rows))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _GroupError(first_line_of(error)) from error


def _read_row(row: dict[str, Any], entry: Entry, settings: Settings) -> Iterator[Document | Reject]:
    data = b""
    try:
        record = {name: _take_value(value) for name, value in row.items()}
        if isinstance(raw := record.get(settings.text_field), bytes):
            record[settings.text_field] = decode_bytes(raw)[0]
        data = _encode(record)
        refuse_long(len(data), settings.max_record_bytes)
        record = msgspec.json.decode(data)  # as if it had come as JSON, whatever types its columns have
        text = take_text(record, settings.text_field)
    except RecordError as fault:
        yield make_reject(msgspec.structs.replace(entry, data=data, length=len(data)), fault)
        return
    yield from make_documents(entry.name, text, record, settings)


def _take_value(value: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    """Turn a value into Python's; one that Python has no exact type for, a nanosecond say, is spelled out."""
    try:
        return _spell(value) if "[ns" in str(value.type) else value.as_py()
    except (ValueError, OverflowError, NotImplementedError):
        return _spell(value)


def _spell(value: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    """Turn what a value is made of into Python's, and what is made of nothing else into text."""
    import pyarrow as pa

    if not value.is_valid:
        return None
    match value:
        case pa.DictionaryScalar():
            return _take_value(value.value)
        case pa.StructScalar():
            return {name: _take_value(inner) for name, inner in value.items()}
        case pa.MapScalar():
            return [list(map(_take_value, pair.values())) for pair in value.values]
        case pa.ListScalar():
            return list(map(_take_value, value.values))
        case _:
            return _spell_one(value)


def _spell_one(value: Any) -> str:  # noqa: ANN401 - whatever the column holds
    """Write a nanosecond out; of another value, or one in an unknown time zone, give the number that it is."""
    if hasattr(value, "as_buffer"):  # text that is not UTF-8, though it should be
        return decode_bytes(value.as_buffer().to_pybytes())[0]
    for kind in ("string", "int64") if "[ns" in str(value.type) else ("int64",):
        with contextlib.suppress(ValueError, NotImplementedError):
            return str(value.cast(kind))
    message = f"The record holds a value of the type {value.type}, which cannot be read. Leave its column out."
    raise RecordError(message)


def _take_head(file: IO[bytes], name: str, offset: int, length: int) -> Entry:
    """Take the first bytes of what cannot be read as it stands."""
    file.seek(offset)
    return Entry(name, offset, file.read(min(length, HEAD)), length)


def _not_whole(error: Exception) -> DamageError:
    return DamageError(f"The file is no whole Parquet file ({first_line_of(error)}). Fetch or write it again.")


def _load(name: str) -> tuple[Any, Any]:
    """Import pyarrow, or say how to get it."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        message = f"{name} is Parquet, which needs pyarrow. Install it: {advise_install('pyarrow')}"
        raise InputError(message) from error
    return pa, parquet
