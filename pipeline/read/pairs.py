"""Pairs of a finished run, or of files of pairs, as one stream; a shard may be packed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import InputError
from pipeline.manifest import read_manifest
from pipeline.read.kinds import find_packing
from pipeline.read.lines import read_records
from pipeline.records import Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KINDS: Final = (".jsonl", ".ndjson", ".json")


def read_pairs(inputs: Iterable[str]) -> Iterator[Pair]:
    """Read pairs of runs' folders, of files, and of `-`, in order.

    Raises:
        InputError: if an input holds no pairs, before the first one is given.
        RecordError: naming the line that is no pair.
    """
    paths = [path for given in inputs for path in find_shards(given)]
    return (pair for path in paths for pair in read_records(path, Pair))


def find_shards(given: str) -> list[str]:
    """Name the files of pairs that an input stands for: a folder's shards in order, or the file itself."""
    path = Path(given)
    if path.is_dir():
        return [str(path / name) for name in read_manifest(path).shards]
    if given != "-" and not path.exists():
        message = f"There is no file or folder {given}. Name a run's folder, its pairs-* files, or -."
        raise InputError(message)
    if given != "-" and path.is_file() and not _kind(path):
        message = f"{given} is not a file of pairs: known are {', '.join(_KINDS)}, packed or not. Name a run's folder."
        raise InputError(message)
    return [given]


def _kind(path: Path) -> bool:
    name = path.name.lower()
    return name.removesuffix(find_packing(name)).endswith(_KINDS)
