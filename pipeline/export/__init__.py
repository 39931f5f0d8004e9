"""Pairs in another tool's format: filtered, streamed, and written whole or not at all."""

from __future__ import annotations

import contextlib
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from pipeline.errors import OutputError
from pipeline.export.choice import Choice, Counted, Filter
from pipeline.export.files import Files
from pipeline.read.pairs import find_shards, read_pairs
from pipeline.write.guard import refuse_run_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.records import Pair

__all__ = ["FORMATS", "Choice", "Exported", "Writer", "export_pairs"]

FORMATS: Final = ("moses", "tmx", "hf", "parquet", "csv", "xliff")
"""Each a module of this package, imported when it is asked for: pyarrow takes its time."""


class Writer(Protocol):
    """One format: it is opened with the files to write to, given each pair, and told when there are no more."""

    bitext: bool
    """Whether it holds translations only; a table keeps pairs without English, and English beside itself."""

    def __init__(self, files: Files, langs: Sequence[str]) -> None: ...
    def add(self, pair: Pair) -> bool:
        """Write a pair, or say that it leaves nothing to write."""

    def close(self) -> None:
        """Write what stands at the end."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What an export did."""

    read: int
    written: int
    left_out: dict[str, int]
    """Pairs that were not written, by reason."""
    files: tuple[Path, ...]
    langs: tuple[str, ...]
    """Source languages that were written, by code."""


def export_pairs(inputs: Sequence[str], out: Path, to: str, choice: Choice | None = None) -> Exported:
    """Write the pairs that `choice` keeps to `out` in the format `to`; memory does not grow with their number.

    Raises:
        PipelineError: if an input holds no pairs, or the output cannot be written; nothing is left of it then.
    """
    make = open_format(to)
    choice = choice or Choice()
    pairs = read_pairs(inputs)
    _keep_apart(inputs, out)
    counted = Counted()
    with Files(out) as files, contextlib.closing(Filter(choice, bitext=make.bitext, counted=counted)) as chosen:
        writer = make(files, choice.langs)
        for pair in chosen.apply(pairs):
            if writer.add(pair):
                counted.written(pair)
            else:
                counted.leave("nothing left to write")
        writer.close()
        written = files.finish(sorted(counted.langs))
    return Exported(
        read=counted.read,
        written=counted.kept,
        left_out=dict(counted.left_out),
        files=tuple(written),
        langs=tuple(sorted(counted.langs)),
    )


def open_format(name: str) -> type[Writer]:
    """Find a format by its name."""
    if name not in FORMATS:
        message = f"There is no format {name!r}. Choose one of {', '.join(FORMATS)}."
        raise OutputError(message)
    writer: type[Writer] = importlib.import_module(f"pipeline.export.{name}").PairWriter
    return writer


def _keep_apart(inputs: Sequence[str], out: Path) -> None:
    """Refuse to write over what is read, or over what else a run has left."""
    place = out.resolve()
    for path in _paths(inputs):
        if path.resolve() == place:
            message = f"{out} is read and cannot be written at the same time. Choose another --out."
            raise OutputError(message)
    refuse_run_files(out)


def _paths(inputs: Sequence[str]) -> Iterator[Path]:
    return (Path(path) for given in inputs for path in find_shards(given) if path != "-")
