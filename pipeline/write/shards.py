"""Pairs of a finished run, or of files of pairs, as one stream; a shard may be packed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.errors import InputError
from pipeline.exchange import decode_lines
from pipeline.manifest import Manifest
from pipeline.read.inputs import PACKINGS, Source
from pipeline.read.streams import read_blocks
from pipeline.records import Pair
from pipeline.write.progress import MANIFEST

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
    return (pair for path in paths for pair in _read_file(path))


def find_shards(given: str) -> list[str]:
    """Name the files of pairs that an input stands for: a folder's shards in order, or the file itself."""
    path = Path(given)
    if path.is_dir():
        return [str(path / name) for name in read_manifest(path).shards]
    if given != "-" and not path.exists():
        message = f"There is no file or folder {given}. Name a run's folder, its pairs-*.jsonl files, or -."
        raise InputError(message)
    if given != "-" and path.is_file() and not _kind(path):
        message = f"{given} is not a file of pairs: known are {', '.join(_KINDS)}, packed or not. Name a run's folder."
        raise InputError(message)
    return [given]


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a finished run.

    Raises:
        InputError: if there is none, because the folder holds no run or one that is not finished.
    """
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except OSError as error:
        message = (
            f"{folder} holds no finished run: its {MANIFEST} cannot be read ({error.strerror}). "
            f"Finish the run first: tolk run INPUT --out {folder}"
        )
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"{folder / MANIFEST} is not a run's manifest ({error}). Translate anew with tolk run --fresh."
    raise InputError(message)


def read_lines(path: str) -> Iterator[bytes]:
    """Give a file's lines, unpacked where it is packed; only one line and a block are held."""
    rest = bytearray()
    for block in read_blocks(Source(name=path, path=path, lines=True, packing=_packing(path))):
        *lines, tail = block.split(b"\n")
        for line in lines:
            rest += line
            yield bytes(rest)
            rest.clear()
        rest += tail
    if rest:
        yield bytes(rest)


def _read_file(path: str) -> Iterator[Pair]:
    return decode_lines(_not_blank(path), Pair, "standard input" if path == "-" else path)


def _not_blank(path: str) -> Iterator[bytes]:
    """Give lines as `decode_lines` wants them: an empty one as a line end, so that the numbers stay right."""
    return (line or b"\n" for line in read_lines(path))


def _packing(path: str) -> str | None:
    """Tell by the name; a stream's packing only its first bytes can tell."""
    return None if not Path(path).is_file() else next((p for p in PACKINGS[1:] if path.lower().endswith(p)), "")


def _kind(path: Path) -> bool:
    name = path.name.lower()
    return any(name.endswith(kind + packing) for kind in _KINDS for packing in PACKINGS)
