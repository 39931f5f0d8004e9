"""What must not be replaced in an output folder: somebody else's files, what incremental runs gathered, a run's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import msgspec

from pipeline.errors import OutputError
from pipeline.layout import MANIFEST, METRICS, RUN_LOG, WORK_FOLDER, is_own, is_shard, list_own


class _Claim(msgspec.Struct):
    """What tells a run's manifest, of this version or another, from somebody else's."""

    schema: str
    shards: list[str]


class _LastRun(msgspec.Struct):
    incremental: bool = False


class _Kind(msgspec.Struct):
    """What of a manifest tells whether incremental runs have filled its folder."""

    last_run: _LastRun = msgspec.field(default_factory=_LastRun)


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


def refuse_dangling(folder: Path) -> None:
    """Stop at a link to a folder that is not there, which the system would take for a file in the way.

    Raises:
        OutputError: naming both.
    """
    if folder.is_symlink() and not os.path.exists(folder):  # noqa: PTH110 - Path.exists raises for a closed folder
        message = (
            f"{folder} is a link to {os.path.realpath(folder)}, which is not there. Make that folder, or choose "
            "another --out."
        )
        raise OutputError(message)


def refuse_run_files(*outputs: Path | None) -> None:
    """Stop before a command that is no run replaces what a run has left, or is making; None stands for no file.

    Raises:
        OutputError: naming the file.
    """
    for out in outputs:
        if out is not None and _is_of_run(Path(os.path.realpath(out))):
            message = f"{out} belongs to the run in its folder and would be replaced. Choose another place for it."
            raise OutputError(message)


def _is_of_run(place: Path) -> bool:
    if WORK_FOLDER in place.parts[:-1]:
        return True
    named = is_own(place.name) or place.name in {RUN_LOG, METRICS}
    return named and any(os.path.lexists(place.parent / mark) for mark in (MANIFEST, WORK_FOLDER))


def refuse_foreign(found: Path | str) -> NoReturn:
    """Stop before something is replaced that no run has left.

    Raises:
        OutputError: naming it.
    """
    message = f"{found} is not from a finished run of Tolk and would be replaced. Move it, or choose another --out."
    raise OutputError(message)
