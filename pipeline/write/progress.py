"""How far a run has come, and whether what was left in a folder may be continued."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.errors import OutputError
from pipeline.layout import MANIFEST, PROGRESS, REJECTS, WORK_FOLDER, is_shard, shard_name
from pipeline.manifest import Counts, LastRun, Manifest

if TYPE_CHECKING:
    from pathlib import Path

START_OVER: Final = "start over with --fresh"


class Progress(msgspec.Struct, kw_only=True):
    """What is safely on the disk of a run that is not finished."""

    signature: str
    inputs: list[str]
    started: str
    incremental: bool = False
    compress: bool = False
    """Whether shards are packed."""
    digest: str = ""
    """Running hash over the records that were taken in: a changed input is noticed."""
    windows: int = 0
    """Windows committed; an incremental run goes on counting where the last one stopped."""
    first_shard: int = 0
    """Shards that finished runs have left, which this one follows."""
    before: Counts = msgspec.field(default_factory=Counts)
    """What those runs have entered."""
    rejects_before: int = 0
    """Bytes of rejects that they have left."""
    stale: list[str] = []
    """Shards of an earlier run that give way when this one is finished."""
    shards: list[int] = []
    """Bytes of each shard; the last one is open."""
    rejects: int = 0
    """Bytes of rejects."""
    lines: int = 0
    counts: Counts = msgspec.field(default_factory=Counts)
    unchanged: int = 0
    """Records that an incremental run passed over."""
    removed: int = 0
    """Documents that earlier runs have taken in and the input does not hold any more."""
    seconds: dict[str, float] = {}
    complete: bool = False
    """Whether all input is in and only the renaming is left."""

    def forget_empty(self) -> None:
        """Take documents without a segment out of the books, where nothing else knows of them: they come in anew."""
        self.before, self.counts = self.before.without_empty(), self.counts.without_empty()

    def describe_run(self) -> LastRun:
        """Give what this run alone has done."""
        return LastRun(
            incremental=self.incremental,
            counts=self.counts,
            unchanged=self.unchanged,
            removed=self.removed,
            shards=tuple(self.shard_names()),
        )

    def shard_names(self) -> list[str]:
        """Name this run's shards."""
        return self.all_names()[self.first_shard :]

    def all_names(self) -> list[str]:
        """Name the shards of the output: those that it follows, and its own."""
        return self.names_before() + [self._name(self.first_shard + at) for at in range(len(self.shards))]

    def names_before(self) -> list[str]:
        """Name the shards that finished runs have left."""
        return [self._name(at) for at in range(self.first_shard)]

    def _name(self, number: int) -> str:
        return shard_name(number, compress=self.compress)


def choose_progress(folder: Path, begun: Progress, *, start_over: bool) -> Progress:
    """Give what an interrupted run has left, or what this one begins with.

    Raises:
        OutputError: if a different run was interrupted there, or pairs of a different kind stand there.
    """
    if start_over:
        with contextlib.suppress(OutputError):  # one that cannot be read is forgotten all the same
            begun.stale += _list_moved(_read_progress(folder / WORK_FOLDER / PROGRESS))
    interrupted = None if start_over else _read_progress(folder / WORK_FOLDER / PROGRESS)
    if interrupted is not None:
        _refuse_other(folder, interrupted, begun)
        return interrupted
    if begun.incremental and not start_over:
        _follow(folder, begun)
    else:
        _clear(folder / WORK_FOLDER)
    return begun


def _read_progress(path: Path) -> Progress | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Progress)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"{path} is not a run's progress ({error}). What it stood for is lost: {START_OVER}."
        raise OutputError(message) from error


def _list_moved(left: Progress | None) -> list[str]:
    """List the shards that a finish which was cut short may have left, without a manifest that names them."""
    return [] if left is None else left.stale + left.all_names() * left.complete


def _refuse_other(folder: Path, interrupted: Progress, begun: Progress) -> None:
    """Make sure that an interrupted run may be continued by this one; only an incremental one may meet new inputs."""
    same = (interrupted.signature, interrupted.incremental) == (begun.signature, begun.incremental)
    if same and (begun.incremental or interrupted.inputs == begun.inputs):
        return
    message = (
        f"{folder} holds a run that was interrupted and had other settings, packages or inputs "
        f"({interrupted.signature}; {' '.join(interrupted.inputs)}{'; --incremental' * interrupted.incremental}). "
        f"Finish that one with the command that began it, or {START_OVER}."
    )
    raise OutputError(message)


def _follow(folder: Path, begun: Progress) -> None:
    """Go on behind what finished runs have left in the folder."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        if any(is_shard(path.name) for path in folder.iterdir()):
            message = f"{folder} holds pairs without a {MANIFEST} that says what they are. Choose another --out, or "
            raise OutputError(message + START_OVER + ".") from None
        _clear(folder / WORK_FOLDER)
        return
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"{folder / MANIFEST} is no manifest ({error}). Choose another --out, or {START_OVER}."
        raise OutputError(message) from error
    if manifest.signature != begun.signature:
        message = (
            f"The pairs in {folder} were made with other settings or packages ({manifest.signature}; now "
            f"{begun.signature}). Use those again, choose another --out, or {START_OVER}."
        )
        raise OutputError(message)
    begun.first_shard, begun.before = len(manifest.shards), manifest.counts
    with contextlib.suppress(FileNotFoundError):
        begun.rejects_before = (folder / REJECTS).stat().st_size
    for left in (folder / WORK_FOLDER).glob("*.jsonl*"):
        left.unlink()


def _clear(work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
