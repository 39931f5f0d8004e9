"""The same run on a cluster: two nodes on this machine, real raylets, real packages, and faults that are real too."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import victim
from argos_packages import SENTENCES, make_sentencepiece_package

from pipeline.cluster import open_cluster
from pipeline.run import run

ray = pytest.importorskip("ray", reason="needs tolk[ray]")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.manifest import Counts, Manifest

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]  # Ray's own warnings are no errors of ours

STORE = 100 * 2**20


class Nodes:
    """A head, on which the driver is, and one other node that may come and go."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self.cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": STORE})
        self.other: Any = None
        self.mend()

    def mend(self) -> None:
        """Let there be two nodes again."""
        if self.other is None:
            self.other = self.cluster.add_node(num_cpus=1, object_store_memory=STORE)
            self.cluster.wait_for_nodes()

    def lose(self) -> None:
        """Lose a whole node, as by a power cut."""
        self.cluster.remove_node(self.other, allow_graceful=False)
        self.other = None


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Start two nodes, and join them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        found = Nodes()
        ray.init(address=found.cluster.address, log_to_driver=False, logging_level="CRITICAL")
        yield found
        ray.shutdown()
        found.cluster.shutdown()


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make an input of some forty windows: texts that come again, rejects, an empty file."""
    make_sentencepiece_package(Path(os.environ["TOLK_MODELS"]) / "sv_en")
    folder = tmp_path / "in"
    folder.mkdir()
    swedish = SENTENCES[:6]
    lines = [
        json.dumps({"text": f"Rad {n} av {n * n}. {swedish[n % 6]} Rum {n % 3}. {swedish[n % 5]}", "n": n})
        for n in range(120)
    ]
    lines[4], lines[70] = "torn {", lines[3]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "b.txt").write_text("\n".join(f"Stycke {n} om {swedish[n % 4].lower()}" for n in range(60)), "utf-8")
    (folder / "c.txt").write_text("", encoding="utf-8")
    return folder


def translate(dump: Path, out: Path, memory: str, *, cluster: bool, **given: Any) -> Manifest:
    """Run with small windows and a memory of its own."""
    os.environ["TOLK_MEMORY"] = str(out.parent / memory)
    if cluster:
        given["open_crew"] = open_cluster("local")
    settings = victim.small_settings(languages=("sv",))
    return run([str(dump)], out, settings, **given)


def test_two_nodes_write_what_one_machine_writes(nodes: Nodes, dump: Path, tmp_path: Path) -> None:
    nodes.mend()
    alone = translate(dump, tmp_path / "alone", "alone.sqlite", cluster=False)
    together = translate(dump, tmp_path / "together", "together.sqlite", cluster=True)
    assert victim.outcome(tmp_path / "together") == victim.outcome(tmp_path / "alone")
    assert (together.counts, together.signature) == (alone.counts, alone.signature)
    assert alone.counts.rejects == 1


def kill_translator(_: Nodes) -> None:
    """Kill an actor of the pool."""
    pids = [actor["Pid"] for actor in living_actors() if "MapWorker" in actor["ActorClassName"]]
    assert pids
    os.kill(pids[-1], signal.SIGKILL)


def living_actors():
    from ray._private.state import state
    return [{"Pid": a["Address"].get("Pid") or a.get("Pid"), **a} for a in state.actor_table(None).values() if a["State"]=="ALIVE"]


def kill_worker(_: Nodes) -> None:
    """Kill the processes that prepare, hand on or wait."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            title = (process / "cmdline").read_bytes()
            if title.startswith((b"ray::IDLE", b"ray::MapBatches(serve)", b"ray::ReadTray")):
                os.kill(int(process.name), signal.SIGKILL)


def lose_node(nodes: Nodes) -> None:
    """Lose a node with all that is on it."""
    nodes.lose()


@pytest.mark.parametrize("strike", [kill_translator, kill_worker, lose_node])
def test_whatever_dies_no_pair_is_lost_or_doubled(
    nodes: Nodes, dump: Path, tmp_path: Path, strike: Callable[[Nodes], None]
) -> None:
    nodes.mend()
    struck = 0

    def watch(counts: Counts) -> None:
        nonlocal struck
        if struck == 0 and counts.records > 30:
            struck = counts.records
            strike(nodes)

    translate(dump, tmp_path / "alone", "alone.sqlite", cluster=False)
    translate(dump, tmp_path / "out", "out.sqlite", cluster=True, watch=watch)
    assert struck
    assert victim.outcome(tmp_path / "out") == victim.outcome(tmp_path / "alone")
