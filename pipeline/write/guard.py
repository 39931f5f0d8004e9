"""What a command must not write over: what it reads, and what is somebody else's."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import msgspec

from pipeline.errors import InputError, OutputError
from pipeline.manifest import MANIFEST
from pipeline.read.inputs import WORK_FOLDER, find_sources
from pipeline.read.patterns import expand_pattern
from pipeline.write.progress import REJECTS, REMOVED, REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OWN: Final = {MANIFEST, REJECTS, REMOVED, REPORT}
_SHARD: Final = re.compile(r"pairs-\d{5,}\.jsonl(\.zst)?")


class _Claim(msgspec.Struct):
    """What tells a run's manifest, of this version or another, from somebody else's."""

    schema: str
    shards: list[str]


class _LastRun(msgspec.Struct):
    incremental: bool = False


class _Kind(msgspec.Struct):
    """What of a manifest tells whether incremental runs have filled its folder."""

    last_run: _LastRun = msgspec.field(default_factory=_LastRun)


def list_own(folder: Path) -> list[Path]:
    """List what stands in a folder under the names that a run writes."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if is_own(path.name))


def is_own(name: str) -> bool:
    """Whether a run writes files of this name."""
    return name in _OWN or is_shard(name)


def is_shard(name: str) -> bool:
    """Whether a run may have given a file this name.

    >>> is_shard("pairs-00012.jsonl"), is_shard("pairs-00012.jsonl.zst"), is_shard("pairs-2024-gold.jsonl")
    (True, True, False)
    """
    return _SHARD.fullmatch(name) is not None


def list_shards(folder: Path) -> list[str]:
    """List the shards of the finished run in a folder: all that a new one may remove.

    Raises:
        OutputError: if files stand there that a run would replace and that no run has left.
    """
    path = folder / MANIFEST
    try:
        claimed = read_claim(path.read_bytes())
    except FileNotFoundError:
        claimed = []
        if not (folder / WORK_FOLDER).exists() and (own := list_own(folder)):
            refuse_foreign(own[0])
    if claimed is None:
        refuse_foreign(path)
    return claimed


def read_claim(manifest: bytes) -> list[str] | None:
    """List the shards that a manifest names; None if it is not a run's."""
    try:
        claim = msgspec.json.decode(manifest, type=_Claim)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return list(filter(is_shard, claim.shards)) if claim.schema.startswith("tolk.manifest/") else None


def refuse_discarding(folder: Path) -> None:
    """Stop a plain run before it replaces what incremental runs have gathered, which may be more than the input holds.

    Raises:
        OutputError: if the last run that was finished in the folder was incremental.
    """
    try:
        gathered = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=_Kind).last_run.incremental
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return
    if gathered:
        message = (
            f"{folder} holds what incremental runs have gathered, and a plain run would replace all of it. Add what is "
            "new with --incremental, choose another --out, or start over with --fresh."
        )
        raise OutputError(message)


def refuse_foreign(found: Path | str) -> NoReturn:
    """Stop before something is replaced that no run has left.

    Raises:
        OutputError: naming it.
    """
    message = f"{found} is not from a finished run of Tolk and would be replaced. Move it, or choose another --out."
    raise OutputError(message)


def check_inputs(inputs: Sequence[str], folder: Path) -> None:
    """Stop a run that has nothing to read, or was given its own folder, or files there which it would replace.

    In a folder around its own, a run leaves its output aside by itself.

    Raises:
        InputError: if there is no input, or a folder is both input and output.
        OutputError: if a file is both.
    """
    find_sources(inputs)
    if os.path.realpath(folder) in {os.path.realpath(given) for given in inputs if given != "-"}:
        message = f"The folder {folder} is both input and output. Choose another --out."
        raise InputError(message)
    if own := list_own(folder):
        refuse_overwriting((path for given in inputs for path in _list_named(given)), own)


def refuse_overwriting(inputs: Iterable[str], outputs: Iterable[Path]) -> None:
    """Stop before a file that is to be read is replaced by what is made of it.

    Raises:
        OutputError: naming the file.
    """
    written = {_identify(path) for path in outputs} - {None}
    for path in inputs if written else ():
        if _identify(Path(path)) in written:
            message = f"{path} is both input and output, and would be overwritten. Choose another place to write to."
            raise OutputError(message)


def refuse_same(one: Path, other: Path) -> None:
    """Stop before two outputs replace each other."""
    if one.resolve() == other.resolve() and not (one.exists() and not one.is_file()):
        message = f"{one} cannot take both the documents and the rejects. Choose another --rejects."
        raise OutputError(message)


def _identify(path: Path) -> tuple[int, int] | None:
    """Tell a file by what it is, however it was named; None for what cannot be replaced, or is not there."""
    try:
        return (path.stat().st_dev, path.stat().st_ino) if path.is_file() else None
    except OSError:
        return None


def _list_named(given: str) -> list[str]:
    if given == "-" or os.path.exists(given):  # noqa: PTH110 - Path.exists raises for a name that is too long
        return [given]
    return list(expand_pattern(Path(given).parts))
