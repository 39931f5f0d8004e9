"""Parquet: a row is a record, one column of it the text, the others its meta; needs pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.errors import InputError, RecordError
from pipeline.read.decode import decode_bytes
from pipeline.read.entries import Entry, make_documents, make_reject, refuse_long, take_text
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
_encode: Final = msgspec.json.Encoder(enc_hook=str).encode


def read_entries(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read the rows of a file, group by group; a group that cannot be read is a reject, and the next one is read."""
    arrow, parquet = _load(source.name)
    try:
        with open_seekable(stream, source) as file:
            if stream.torn:
                yield make_reject(Entry(source.name, stream.length, b"", 0), stream.torn)
                return
            opened = parquet.ParquetFile(file, pre_buffer=False, buffer_size=BUFFER)
            number = 0
            for group in range(opened.num_row_groups):
                yield from _read_group(opened, group, number, source, settings)
                number += opened.metadata.row_group(group).num_rows
    except (OSError, ValueError, InputError, arrow.ArrowException) as error:
        reason = f"The file is no whole Parquet file ({_first_line(error)}). Fetch or write it again."
        yield make_reject(Entry(source.name, 0, b"", 0), reason)


def _read_group(
    opened: Any,  # noqa: ANN401 - pyarrow has no types
    group: int,
    number: int,
    source: Source,
    settings: Settings,
) -> Iterator[Document | Reject]:
    import pyarrow as pa

    about = opened.metadata.row_group(group)
    columns = [about.column(n) for n in range(about.num_columns)]
    offset = min((c.dictionary_page_offset or c.data_page_offset for c in columns), default=0)
    last = number + about.num_rows
    try:
        for batch in opened.iter_batches(batch_size=ROWS, row_groups=[group], use_threads=False):
            for row in range(batch.num_rows):
                number += 1
                yield from _read_row(batch, row, Entry(f"{source.name}#{number}", offset, b"", 0), settings)
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = f"Rows {number + 1} to {last} cannot be read ({_first_line(error)}). Fetch or write the file again."
        yield make_reject(Entry(f"{source.name}#{number + 1}", offset, b"", about.total_byte_size), reason)


def _read_row(batch: Any, row: int, entry: Entry, settings: Settings) -> Iterator[Document | Reject]:  # noqa: ANN401 - pyarrow has no types
    names = batch.schema.names
    record = {name: _take_value(column[row]) for name, column in zip(names, batch.columns, strict=True)}
    data = b""
    try:
        if isinstance(raw := record.get(settings.text_field), bytes):
            record[settings.text_field] = decode_bytes(raw)[0]
        data = _encode(record)
        refuse_long(len(data), settings.max_record_bytes)
        record = msgspec.json.decode(data)  # as if it had come as JSON, whatever types its columns have
        text = take_text(record, settings.text_field)
    except RecordError as fault:
        yield make_reject(msgspec.structs.replace(entry, data=data, length=len(data)), str(fault))
        return
    yield from make_documents(entry.name, text, record, settings)


def _take_value(value: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    """Turn a value into Python's; one that Python has no exact type for, a nanosecond say, is spelled out."""
    kind = str(value.type)
    try:
        return str(value.cast("string")) if "[ns" in kind and value.is_valid else value.as_py()
    except (ValueError, OverflowError, NotImplementedError):
        return str(value.cast("int64"))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:300]


def _load(name: str) -> tuple[Any, Any]:
    """Import pyarrow, or say how to get it."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        message = f"{name} is Parquet, which needs pyarrow. Install it: pip install 'tolk[parquet]'"
        raise InputError(message) from error
    return pa, parquet
