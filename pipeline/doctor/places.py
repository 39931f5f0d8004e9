"""The places that Tolk writes to: whether it may, how much room there is, and who holds them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shlex
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.doctor.finding import Finding
from pipeline.errors import PipelineError
from pipeline.layout import MANIFEST, PROGRESS, WORK_FOLDER
from pipeline.memory_care import memory_stats
from pipeline.packages.install import LEFTOVER, LOCK_FILE
from pipeline.packages.model_store import store_folder
from pipeline.translate.memory import memory_file
from pipeline.write.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

LITTLE_BYTES: Final = 500 * 2**20
"""Less room than this is used up by a night's run, or by one package."""
PATIENCE_SECONDS: Final = 2.0
"""Nobody who is well holds the memory for longer than this."""


def look_at_places() -> Iterator[Finding]:
    """Look at the package store, the translation memory, and the folder for what is temporary."""
    yield _look_at_place("package store", store_folder(), "TOLK_MODELS=/path names another place for packages")
    memory = memory_file()
    yield _look_at_place("memory", memory, "TOLK_MEMORY=/path/memory.sqlite names another file")
    if memory.exists():
        yield _look_into_memory(memory)
    yield _look_at_place("temporary", Path(tempfile.gettempdir()), "TMPDIR=/path names another folder")


def _look_at_place(name: str, path: Path, other: str) -> Finding:
    """Look at a file or folder that is there or will be made."""
    there = next(place for place in (path, *path.parents) if place.exists())
    if not os.access(there, os.W_OK | (os.X_OK if there.is_dir() else 0)):
        mend = f"chown or chmod {there}, or choose: {other}."
        return Finding(subject="places", name=name, state="broken", found=f"{path} cannot be written", mend=mend)
    free = shutil.disk_usage(there).free
    found = f"{path}, {_size(free)} free{'' if there == path else '; made when it is needed'}"
    if free >= LITTLE_BYTES:
        return Finding(subject="places", name=name, state="ok", found=found, value=free)
    mend = f"Make room on that disk, or choose: {other}."
    return Finding(subject="places", name=name, state="broken", found=found, mend=mend, value=free)


def _look_into_memory(path: Path) -> Finding:
    """Open the memory as a run does."""
    try:
        stats = memory_stats(path)
    except PipelineError as error:
        mend = f"Move it away, and the next run begins a new one: mv {path} {path}.old"
        return Finding(subject="places", name="memory file", state="broken", found=str(error), mend=mend)
    return Finding(subject="places", name="memory file", state="ok", found=f"{stats.pairs} pairs, {_size(stats.bytes)}")


def look_at_locks() -> Iterator[Finding]:
    """Look for what others hold, or have left: locks die with their process, so one that stays has one that hangs."""
    yield _look_at_store(store_folder())
    if (memory := memory_file()).is_file():
        yield _look_at_memory_lock(memory)


def _look_at_store(store: Path) -> Finding:
    lock = store / LOCK_FILE
    if lock.exists() and is_held(lock):
        found, mend = "an installation is at work", f"Wait for its end. If nothing moves: {_end_holder(lock)}"
        return Finding(subject="locks", name="package store", state="note", found=found, mend=mend)
    left = sorted(path.name for path in store.glob(f"{LEFTOVER}*")) if store.is_dir() else []
    if left:
        mend = "The next `tolk models install` or `remove` clears it away."
        return Finding(subject="locks", name="package store", state="note", found=f"left over: {left[0]}", mend=mend)
    return Finding(subject="locks", name="package store", state="ok", found="free")


def _look_at_memory_lock(path: Path) -> Finding:
    """Try to begin a write; it is taken back at once."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        mend = f"Find who holds it, and end that if it hangs: fuser {path}"
        return Finding(subject="locks", name="memory", state="broken", found=f"{error}", mend=mend)
    except sqlite3.Error as error:
        return Finding(
            subject="locks", name="memory", state="note", found=f"{error}", mend="See the memory file above."
        )
    return Finding(subject="locks", name="memory", state="ok", found="free")


def look_at_output(folder: Path) -> Iterator[Finding]:
    """Look at an output folder: whether it can be written, is being written, or waits for a run to go on."""
    place = _look_at_place(str(folder), folder, "another --out")
    yield msgspec.structs.replace(place, subject="output")
    if folder.is_dir():
        yield _look_at_run(folder)


def look_at_staging() -> Iterator[Finding]:
    """Look for runs to an address that have not ended: what they have done stands on this machine, and takes room."""
    from pipeline.staging import staging_folder  # which imports all that a run does

    root = staging_folder()
    there = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    left = [finding for folder in there if (finding := _look_at_staged(folder))]
    yield from left
    if not left:
        yield Finding(subject="staging", name="addresses", state="ok", found=f"{root}, nothing left over")


def _look_at_staged(folder: Path) -> Finding | None:
    """Look at the folder of one address; one that only waits for its next night is no trouble."""
    work = folder / WORK_FOLDER
    if not work.exists() or ((folder / MANIFEST).exists() and not (work / PROGRESS).exists()):
        return None
    files = [path.stat() for path in folder.rglob("*") if path.is_file()]
    size, age = sum(file.st_size for file in files), time.time() - max((file.st_mtime for file in files), default=0)
    found = f"{folder}: {_size(size)}, last written {age / 3600:.0f} hours ago"
    mend = f"The command that began it goes on. If nobody shall: rm -r {shlex.quote(str(folder))}"
    if is_held(folder):
        found, mend = f"{found}, by a run that is at work", "Wait for its end."
    return Finding(subject="staging", name=folder.name, state="note", found=found, mend=mend, value=size)


def _look_at_run(folder: Path) -> Finding:
    name, progress = str(folder), folder / WORK_FOLDER / PROGRESS
    if is_held(folder):
        mend = f"Wait for its end. If nothing moves: {_end_holder(folder)}"
        return Finding(subject="output", name=name, state="note", found="a run is writing it", mend=mend)
    if progress.exists():
        try:
            left = msgspec.json.decode(progress.read_bytes(), type=Progress)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            mend = "Start over: the same command with --fresh."
            return Finding(subject="output", name=name, state="broken", found=f"{progress} is torn", mend=mend)
        found = f"a run was interrupted after {left.counts.records} records"
        command = shlex.join(["tolk", "run", *left.inputs, "--out", str(folder), *["--incremental"] * left.incremental])
        mend = f"The command that began it goes on, with its options: {command}"
        return Finding(subject="output", name=name, state="note", found=found, mend=mend)
    finished = (folder / MANIFEST).exists()
    return Finding(subject="output", name=name, state="ok", found="a finished run" if finished else "no run yet")


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock on a file or folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _end_holder(path: Path) -> str:
    """Say how to end the process that holds a lock: by its number, where the system lists locks."""
    inode = path.stat().st_ino
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5].endswith(f":{inode}"):
                return f"kill {fields[4]}"
    return f"end what `fuser {path}` names"


def _size(amount: float) -> str:
    """Say a number of bytes.

    >>> _size(1536 * 2**20), _size(512)
    ('1.5 GiB', '0 MiB')
    """
    return f"{amount / 2**30:.1f} GiB" if amount >= 2**30 else f"{amount / 2**20:.0f} MiB"
