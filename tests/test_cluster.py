"""The same run on a cluster: two nodes on this machine, real raylets, real packages, and faults that are real too."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import victim
from argos_packages import SENTENCES, make_sentencepiece_package

from pipeline.cluster import open_cluster
from pipeline.cluster.actors import Preparer
from pipeline.cluster.executor import actor_pool
from pipeline.cluster.stream import map_on_cluster
from pipeline.errors import ClusterError, InputError
from pipeline.run import run

ray = pytest.importorskip("ray", reason="Ray is not installed: make cluster")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Tolk

    from pipeline.manifest import Counts, Manifest

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]  # Ray's own warnings are no errors of ours

STORE = 100 * 2**20
HERE = str(Path(__file__).parent)
PATHS = os.pathsep.join((HERE, str(Path(HERE).parent)))


class Nodes:
    """A head, on which the driver is, and one other node that may come and go."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self._cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": STORE})
        self._other: Any = None
        self.address = str(self._cluster.address)
        self.mend()

    def mend(self) -> None:
        """Let there be two nodes again."""
        if self._other is None:
            self._other = self._cluster.add_node(num_cpus=1, object_store_memory=STORE)
            self._cluster.wait_for_nodes()

    def lose(self) -> None:
        """Lose a whole node, as by a power cut."""
        self._cluster.remove_node(self._other, allow_graceful=False)
        self._other = None

    def stop(self) -> None:
        """Stop what is left."""
        self._cluster.shutdown()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Start two nodes, and join them; their processes may import this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))  # where whoever tests may keep a token of Ray's
        patch.setenv("PYTHONPATH", PATHS)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # for the benefit of busy machines
        started = Nodes()
        ray.init(address=started.address, log_to_driver=False, logging_level="CRITICAL")
        yield started
        ray.shutdown()
        started.stop()


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


def translate(dump: Path, out: Path, *, cluster: bool, **given: Any) -> Manifest:
    """Run with small windows and a translation memory of its own."""
    os.environ["TOLK_MEMORY"] = f"{out}.sqlite"
    if cluster:
        given["open_executor"] = open_cluster("local")  # which is what this process has joined
    return run([str(dump)], out, victim.small_settings(languages=("sv",)), **given)


def test_two_nodes_write_what_one_machine_writes(nodes: Nodes, dump: Path, tmp_path: Path) -> None:
    nodes.mend()
    alone = translate(dump, tmp_path / "alone", cluster=False)
    together = translate(dump, tmp_path / "together", cluster=True)
    assert victim.outcome(tmp_path / "together") == victim.outcome(tmp_path / "alone")
    assert (together.counts, together.signature) == (alone.counts, alone.signature)
    assert (alone.counts.rejects, len(alone.shards) > 2) == (1, True)


def kill_translator(_: Nodes) -> None:
    """Kill an actor of the pool at work."""
    assert kill("ray::MapWorker(MapBatches(Translator))", most=1) == 1


def kill_workers(_: Nodes) -> None:
    """Kill the processes that prepare, hand on or wait for work."""
    assert kill("ray::MapWorker(MapBatches(Preparer))", "ray::Read", "ray::IDLE", most=9) >= 1


def lose_node(nodes: Nodes) -> None:
    """Lose a node with all that is on it."""
    nodes.lose()


def kill(*titles: str, most: int) -> int:
    """Kill processes of these nodes by what Ray calls them; give how many."""
    killed = 0
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/cmdline").read_text("utf-8").startswith(titles) and killed < most:
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed


def descendants(process: int) -> Iterator[int]:
    """Name the processes that a process has started, and those that they have."""
    with contextlib.suppress(OSError):
        for child in victim.children_of(process):
            yield child
            yield from descendants(child)


@pytest.mark.parametrize("strike", [kill_translator, kill_workers, lose_node])
def test_whatever_dies_no_pair_is_lost_or_doubled(
    nodes: Nodes, dump: Path, tmp_path: Path, strike: Callable[[Nodes], None]
) -> None:
    struck = 0

    def watch(counts: Counts) -> None:
        nonlocal struck
        if struck == 0 and counts.records > 30:
            struck = counts.records
            strike(nodes)

    nodes.mend()
    translate(dump, tmp_path / "alone", cluster=False)
    counts = translate(dump, tmp_path / "out", cluster=True, watch=watch).counts
    assert 30 < struck < counts.records
    assert victim.outcome(tmp_path / "out") == victim.outcome(tmp_path / "alone")


def start_driver(nodes: Nodes, dump: Path, out: Path) -> subprocess.Popen[bytes]:
    """Start the command with small windows, as a user would."""
    code = "import sys, victim; sys.argv[0] = 'tolk'; victim.run_command_line('real', victim.WINDOW)"
    command = [sys.executable, "-c", code, "run", str(dump), "--out", str(out), "--ray", nodes.address]
    options = ["--source-lang", "sv", "--languages", "sv", "--no-progress"]
    environment = {**os.environ, "PYTHONPATH": PATHS, "TOLK_MEMORY": f"{out}.sqlite"}
    return subprocess.Popen([*command, *options], env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE)


def count_windows(out: Path) -> int:
    """Count the windows that are committed."""
    with contextlib.suppress(OSError, ValueError):
        return int(json.loads((out / ".tolk/progress.json").read_bytes())["windows"])
    return 0


def wait_for_windows(out: Path, number: int) -> None:
    """Wait until so many windows are committed."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if count_windows(out) >= number:
            return
        time.sleep(0.002)
    pytest.fail("No window was committed")


def test_a_driver_that_dies_goes_on_from_what_is_committed(nodes: Nodes, dump: Path, tmp_path: Path) -> None:
    nodes.mend()
    translate(dump, tmp_path / "alone", cluster=False)
    with start_driver(nodes, dump, tmp_path / "out") as driver:
        wait_for_windows(tmp_path / "out", 3)
        driver.kill()
    with start_driver(nodes, dump, tmp_path / "out") as driver:
        wait_for_windows(tmp_path / "out", count_windows(tmp_path / "out") + 2)
        driver.send_signal(signal.SIGINT)
        said, told = driver.communicate(timeout=60)
    stopped = "tolk: Stopped. What is committed is kept: the same command goes on from there.\n"
    assert (driver.returncode, said, told.decode()) == (130, b"", stopped)
    assert not (tmp_path / "out/manifest.json").exists()
    translate(dump, tmp_path / "out", cluster=False)  # on one machine, for a change
    assert victim.outcome(tmp_path / "out") == victim.outcome(tmp_path / "alone")


def test_a_night_on_a_cluster_takes_only_what_is_new(nodes: Nodes, dump: Path, tmp_path: Path) -> None:
    del nodes
    for out, cluster in ((tmp_path / "alone", False), (tmp_path / "out", True)):
        (dump / "d.txt").unlink(missing_ok=True)
        translate(dump, out, cluster=False, incremental=True)
        (dump / "d.txt").write_text("\n".join(f"Nytt stycke {n}." for n in range(30)), encoding="utf-8")
        manifest = translate(dump, out, cluster=cluster, incremental=True)
        assert (manifest.last_run.counts.documents, manifest.last_run.unchanged) == (1, 122)
    assert victim.outcome(tmp_path / "out") == victim.outcome(tmp_path / "alone")


def on_cluster(function: Callable[[Any], Any], tasks: Any, ahead: int = 3) -> Iterator[Any]:
    """Answer tasks with a function in two actors that hold no core."""

    def stage(rows: Any, queue: Any) -> Any:
        return rows.map_batches(Preparer, num_cpus=0, **actor_pool(functools.partial(give, function), queue, 2, 2))

    return map_on_cluster(tasks, stage, lambda: ahead)


def give(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Open a function that needs no opening."""
    return function


def wait_a_while(number: int) -> int:
    """Work the longer the smaller the number."""
    time.sleep(0.3 / (1 + number))
    return 2 * number


def complain(number: int) -> int:
    """Fail as the pipeline does."""
    message = f"Task {number} cannot be."
    raise InputError(message)


def run_short(_: object) -> None:
    """Run out of memory, whichever process it is."""
    raise MemoryError


def test_results_keep_the_order_of_tasks_that_are_not_read_ahead(nodes: Nodes) -> None:
    del nodes
    taken = given = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        while taken < 12:
            taken += 1
            yield taken - 1

    for given, result in enumerate(on_cluster(wait_a_while, tasks())):
        assert result == 2 * given
        assert taken - given <= 4
    assert given == 11


def name_process(_: int) -> int:
    """Tell which process works."""
    time.sleep(0.5)
    return os.getpid()


def test_tasks_are_done_side_by_side(nodes: Nodes) -> None:
    del nodes
    assert len(set(on_cluster(name_process, range(8), ahead=8))) > 1


def test_errors_of_the_pipeline_come_through_as_they_are(nodes: Nodes) -> None:
    del nodes
    with pytest.raises(InputError, match="Task 5 cannot be"):
        list(on_cluster(complain, [5]))


def test_a_task_that_kills_every_process_ends_the_run_with_advice(nodes: Nodes) -> None:
    del nodes
    with pytest.raises(ClusterError, match=r"killed time and again over the same task.*goes on from there"):
        list(on_cluster(run_short, [1]))


def die_once(mark: Path) -> int:
    """End the process that is the first to come here."""
    if not mark.exists():
        mark.touch()
        os._exit(1)
    return os.getpid()


def test_who_prepares_is_replaced_when_it_dies(nodes: Nodes, tmp_path: Path) -> None:
    del nodes
    assert len(list(on_cluster(die_once, [tmp_path / str(number % 2) for number in range(6)]))) == 6


def stumble(_: object) -> None:
    """Fail outside of whatever catches errors on a node."""
    message = "no such luck"
    raise KeyError(message)


def test_what_only_ray_can_raise_is_one_sentence(nodes: Nodes) -> None:
    del nodes
    with pytest.raises(ClusterError, match=r"The cluster could not do its part .*no such luck.*goes on from there"):
        list(map_on_cluster([1], lambda rows, _: rows.map_batches(stumble, batch_size=None), lambda: 1))


def test_a_cluster_of_this_machine_alone_says_and_writes_what_a_run_does(tolk: Tolk, tmp_path: Path) -> None:
    os.environ["TMPDIR"] = "/tmp"  # noqa: S108 - sockets have short names
    outcomes = []
    for name, options in (("here", []), ("ray", ["--ray", "local", "--workers", "1"])):
        os.environ["TOLK_MEMORY"] = str(tmp_path / f"{name}.sqlite")
        done = tolk("run", Path(HERE).parent / "docs/example", "--out", tmp_path / name, *options)
        told = re.sub(r"\(prepare .*\)", "", done.stderr.decode()).replace(str(tmp_path / name), "OUT")
        outcomes.append((done.returncode, done.stdout, told, victim.outcome(tmp_path / name)))
    assert outcomes[0] == outcomes[1]
    assert not Path("~/.ray").expanduser().exists()  # a token there would shut others out of later clusters


def test_the_cluster_file_is_one_that_ray_takes() -> None:
    from jsonschema import validate
    from ray.autoscaler._private.util import prepare_config, validate_config

    yaml = pytest.importorskip("yaml")
    root = Path(HERE).parent
    config = yaml.safe_load((root / "deploy/cluster.yaml").read_text("utf-8"))
    validate(config, json.loads((Path(ray.__file__).parent / "autoscaler/ray-schema.json").read_text("utf-8")))
    validate_config(prepare_config(config))
    paths = [part for command in config["setup_commands"] for part in re.findall(r"-r (\S+)", command)]
    assert paths
    assert all((root / path).is_file() for path in paths)
