"""Nodes of a Ray cluster on this machine, one core each, and what their processes take of the cores, by kind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT: Final = 6391
STORE: Final = 200 * 2**20
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_SAMPLE_SECONDS: Final = 1.0


def pinned(first: int, cores: int = 1) -> list[str]:
    """Hold a command to some cores that are neighbours."""
    return ["taskset", "--cpu-list", f"{first}-{first + cores - 1}"]


class Cluster:
    """Raylets that are started and stopped as a user would, each held to its cores with all that it starts."""

    def __init__(self, work: Path, cores: int) -> None:
        # Workers are as nice as the local engine: not at all.
        quiet = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0", "RAY_AUTH_MODE": "disabled"}
        self._environment = {**os.environ, **quiet, "XDG_CACHE_HOME": str(work / "cache")}
        self._work = work
        self._cores = cores
        self.address = f"127.0.0.1:{PORT}"
        self.nodes: list[subprocess.Popen[bytes]] = []

    def grow(self) -> None:
        """Start a node on the next cores, and wait until it has joined."""
        number = len(self.nodes)
        where = [f"--address={self.address}"] if number else ["--head", f"--port={PORT}", "--include-dashboard=false"]
        size = [f"--num-cpus={self._cores}", f"--object-store-memory={STORE}", "--node-ip-address=127.0.0.1", "--block"]
        size += ["--include-log-monitor=false"]  # Tolk does not ask for the nodes' logs
        ray = str(Path(sys.executable).with_name("ray"))
        log = self._work / f"node{number}.log"
        with log.open("wb") as file:
            command = [*pinned(number * self._cores, self._cores), ray, "start", *where, *size]
            self.nodes.append(subprocess.Popen(command, env=self._environment, stdout=file, stderr=file))
        until = time.monotonic() + 60
        while b"Ray runtime started" not in log.read_bytes():
            if time.monotonic() > until or self.nodes[-1].poll() is not None:
                message = f"Node {number} did not start:\n{log.read_text('utf-8')}"
                raise SystemExit(message)
            time.sleep(0.2)
        time.sleep(3)  # until all know of it

    def stop(self) -> None:
        """Stop the nodes, and all that they have started."""
        for node in self.nodes:
            for pid in family({node.pid}):  # who asks Ray to stop waits for half a minute
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            node.wait()
        self.nodes.clear()


@contextlib.contextmanager
def started(work: Path, cores: int) -> Iterator[Cluster]:
    """Give a cluster of one node, and stop it with all that it has become."""
    cluster = Cluster(work, cores)
    try:
        cluster.grow()
        yield cluster
    finally:
        cluster.stop()


class Meter:
    """Notes each second what each process below some others has taken of the cores so far, and its kind.

    What the cores spent on anybody else is noted too: where that is much, the machine was not free to be measured on.
    """

    def __init__(self, roots: set[int], cores: int) -> None:
        self._roots = roots
        self._cores = cores
        self._busy: list[tuple[float, float]] = []
        self._kinds: dict[int, str] = {}
        self._notes: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self._ended = threading.Event()

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """Look, as long as something runs."""
        watcher = threading.Thread(target=self._look_on)
        watcher.start()
        try:
            yield
        finally:
            self._ended.set()
            watcher.join()

    def between(self, begin: float, end: float) -> dict[str, float]:
        """Give the processor seconds that each kind took between two times of the monotonic clock."""
        taken: dict[str, float] = defaultdict(float)
        for pid, notes in self._notes.items():
            taken[self._kinds[pid]] += _last(notes, end) - _last(notes, begin)
        taken["all"] = _last(self._busy, end) - _last(self._busy, begin)
        return taken

    def _look_on(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self._busy.append((time.monotonic(), busy_seconds(self._cores)))
            for pid in family(self._roots):
                with contextlib.suppress(OSError):
                    kind = kind_of(Path(f"/proc/{pid}/cmdline").read_text("utf-8"))
                    self._kinds[pid] = kind or self._kinds.get(pid, "Ray")
                    self._notes[pid].append((time.monotonic(), processor_seconds(pid)))


def _last(notes: list[tuple[float, float]], until: float) -> float:
    """Give what was noted last before a time."""
    return max((seconds for at, seconds in notes if at <= until), default=0.0)


def family(roots: set[int]) -> list[int]:
    """Give processes and all below them."""
    parents = {int(path.parent.name): _stat(path) for path in Path("/proc").glob("[0-9]*/stat")}
    members: list[int] = []
    below = roots
    while below:
        members += below
        below = {pid for pid, fields in parents.items() if fields and int(fields[1]) in below}
    return members


def _stat(path: Path) -> list[str]:
    """Read what the system knows of a process, after its name; nothing if it is gone."""
    try:
        return path.read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def kind_of(command: str) -> str:
    """Tell what a process of a node is for by what Ray calls it; empty where it does nothing, or is gone."""
    if command.startswith("ray::MapWorker"):
        return "translate" if "Translator" in command else "prepare"
    if command.startswith(("ray::ReadQueue", "ray::TaskQueue")):
        return "hand on"
    return "" if not command or command.startswith("ray::IDLE") else "Ray"


def processor_seconds(pid: int) -> float:
    """Give what a process has taken of the cores so far."""
    fields = _stat(Path(f"/proc/{pid}/stat"))
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def busy_seconds(cores: int) -> float:
    """Give what the first cores have spent on anything so far."""
    lines = Path("/proc/stat").read_text("utf-8").splitlines()[1 : 1 + cores]
    counts = [list(map(int, line.split()[1:9])) for line in lines]
    return sum(sum(count) - count[3] - count[4] for count in counts) / _TICKS  # all but idle, and waiting for disks
