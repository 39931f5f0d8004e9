"""Who writes to an address: a marker beside its files, which a run renews as long as it lives.

A store has no locks, and anything may change between a look and a step. So this is no lock: it keeps runs that behave
from working for nothing, and lets whoever has lost its place change nothing more.
"""

from __future__ import annotations

import contextlib
import os
import platform
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.errors import OutputError
from pipeline.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARKER: Final = ".tolk.json"
RENEW_SECONDS: Final = 300.0
WATCH_SECONDS: Final = 30.0
"""How often a long step looks whether a sign of life is due."""
LEASE_SECONDS: Final = 3600.0
"""Without a sign of life for so long, a run counts as dead: far more than clocks differ, or a window takes."""
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """The marker: which shards may stand there, whose they are, and who is at work."""

    writer: str
    shards: list[str]
    host: str = ""
    boot: str = ""
    """Tells machines of one name apart."""
    process: int = 0
    seen: float = 0.0
    """When it was last alive, in seconds since 1970; 0 where nobody is at work."""

    def is_held(self) -> bool:
        """Whether somebody is at work who is not known to be dead."""
        if time.time() - self.seen > LEASE_SECONDS:
            return False
        return not (self.boot and (self.host, self.boot) == _name_machine()) or _lives(self.process)

    def describe(self) -> str:
        """Say who is at work."""
        seen = datetime.fromtimestamp(self.seen, UTC).isoformat(timespec="seconds")
        return f"process {self.process} on {self.host or 'another machine'} (last sign of life {seen})"


class Lease:
    """The marker at an address, as this run reads and writes it."""

    def __init__(self, system: Any, folder: str, address: str) -> None:  # noqa: ANN401 - fsspec has no types
        self._system = system
        self._path = f"{folder}/{MARKER}"
        self._address = address
        self._mine: Mark | None = None

    def look(self) -> Mark | None:
        """Read the marker; one that a crash has torn names nobody."""
        try:
            return msgspec.json.decode(self._system.cat_file(self._path), type=Mark)
        except FileNotFoundError:
            return None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return Mark(writer="", shards=[])

    def refuse_held(self, found: Mark | None, writer: str) -> None:
        """Stop where another run is at work.

        Raises:
            OutputError: saying who, and what to do.
        """
        if found is not None and found.writer != writer and found.is_held():
            message = (
                f"Another run is writing to {self._address}: {found.describe()}. Wait for its end. If it is dead, the "
                f"address is free {LEASE_SECONDS / 60:.0f} minutes after that sign, or at once by starting over with "
                "--fresh."
            )
            raise OutputError(message)

    def write(self, writer: str, shards: Iterable[str]) -> None:
        """Write the marker: that this run is at work, that it is alive now, and which shards may stand there."""
        host, boot = _name_machine()
        self._mine = Mark(
            writer=writer, shards=sorted(shards), host=host, boot=boot, process=os.getpid(), seen=time.time()
        )
        put_small(self._system, self._path, msgspec.json.encode(self._mine))

    def check(self) -> None:
        """Make sure that nobody has taken over: asked before whatever changes the address.

        Raises:
            OutputError: saying who has.
        """
        found = self.look()
        if self._mine is None or found is None or found.writer != self._mine.writer:
            who = f"was taken over by {found.describe()}" if found and found.seen else "was cleared or taken over"
            message = (
                f"{self._address} {who} while this run was at work, so this run leaves it alone. When nobody writes "
                "there any more, run the same command again."
            )
            raise OutputError(message)

    def renew(self) -> None:
        """Give a sign of life, where the last one is some minutes old; that the line is dead now is no trouble."""
        if self._mine is None or time.time() - self._mine.seen < RENEW_SECONDS:
            return
        try:
            self.check()
            self.write(self._mine.writer, self._mine.shards)
        except OutputError:
            raise
        except Exception:  # noqa: BLE001 - whatever a library of another system raises
            self._mine = msgspec.structs.replace(self._mine, seen=time.time())  # the next try is due as much later

    @contextlib.contextmanager
    def renewing(self) -> Iterator[None]:
        """Give signs of life from a thread while one step goes on: a large file on a slow line takes hours."""
        over = threading.Event()
        thread = threading.Thread(target=self._renew_until, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _renew_until(self, over: threading.Event) -> None:
        with contextlib.suppress(OutputError):  # taken over: whoever looks before the next step is told
            while not over.wait(WATCH_SECONDS):
                self.renew()

    def leave(self, *, done: bool) -> None:
        """Say that nobody is at work any more; remove the marker where the run is done."""
        found, mine, self._mine = self.look(), self._mine, None
        if mine is None or found is None or found.writer != mine.writer:
            return
        if done:
            self._system.rm_file(self._path)
        else:
            put_small(self._system, self._path, msgspec.json.encode(msgspec.structs.replace(found, seen=0.0)))


def put_small(system: Any, path: str, data: bytes) -> None:  # noqa: ANN401 - fsspec has no types
    """Write a small file, whole or not at all where the system can: stores do so anyway, a disk has to be asked."""
    if getattr(system, "local_file", False):
        replace_file(Path(path), data)
    else:
        system.pipe_file(path, data)


def _name_machine() -> tuple[str, str]:
    try:
        boot = _BOOT.read_text("ascii").strip()
    except OSError:
        boot = ""
    return platform.node(), boot


def _lives(process: int) -> bool:
    """Whether a process of this machine lives; its number may be one's own by now, and then it does not."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
