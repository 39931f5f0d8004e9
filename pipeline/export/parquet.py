"""Parquet with every field of a pair, a column each, packed with zstd; needs pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from pipeline.advice import advise_install
from pipeline.errors import OutputError
from pipeline.records import PAIR_SCHEMA, Pair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.export.files import Files

GROUP_ROWS: Final = 20_000
GROUP_CHARS: Final = 2**24
"""A row group is written once it has so many rows, or so much text: it is what is held in memory."""


class PairWriter:
    """One file; `meta` is a column of JSON, since every dump has other fields."""

    bitext: ClassVar[bool] = False

    def __init__(self, files: Files, langs: Sequence[str]) -> None:
        del langs
        self._arrow, parquet = _load()
        self._schema = self._columns()
        self._writer = parquet.ParquetWriter(files.open(), self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self._chars = 0

    def add(self, pair: Pair) -> bool:
        """Put a row into the group."""
        row = {name: getattr(pair, name) for name in Pair.__struct_fields__}
        row["meta"] = msgspec.json.encode(pair.meta).decode()
        self._rows.append(row)
        self._chars += len(pair.src) + len(pair.tgt or "") + len(row["meta"])
        if len(self._rows) >= GROUP_ROWS or self._chars >= GROUP_CHARS:
            self._flush()
        return True

    def close(self) -> None:
        """Write the last group and the index of them all."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_batch(self._arrow.RecordBatch.from_pylist(self._rows, schema=self._schema))
        self._rows, self._chars = [], 0

    def _columns(self) -> Any:  # noqa: ANN401 - pyarrow is not always there
        arrow = self._arrow
        kinds = {
            **dict.fromkeys(("index", "start", "end"), arrow.int64()),
            **dict.fromkeys(("lang_score", "score"), arrow.float64()),
            **dict.fromkeys(("fixes", "flags"), arrow.list_(arrow.string())),
        }
        columns = [
            arrow.field(name, kinds.get(name, arrow.string()), nullable=name in {"tgt", "model", "score"})
            for name in Pair.__struct_fields__
        ]
        return arrow.schema(columns, metadata={"schema": PAIR_SCHEMA})


def _load() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        message = f"Parquet needs pyarrow, which is not installed. Install it: {advise_install('pyarrow')}"
        raise OutputError(message) from error
    return pa, parquet
