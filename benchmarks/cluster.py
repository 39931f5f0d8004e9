"""One node against two of one core each, the cluster against the local engine, and what 1 TB would take: `--plan`.

A node is a raylet held to one core by its affinity, and whatever it starts with it; the driver has the first node's.
Every run is the whole command from files to pairs, without its memory; what it takes to start is measured by a run over
one line and taken off, since it does not grow with the text. Runs are paired, and the medians of the ratios printed:
only ratios travel from one machine to another.

usage: cluster.py [--lines N] [--runs N] [--plan]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scaling_plan import print_plan
from texts import make_lines

if TYPE_CHECKING:
    from collections.abc import Callable

BIN = Path(sys.executable).parent
PORT = 6391


class Cluster:
    """Nodes on this machine, one core each, that are started and stopped as a user would."""

    def __init__(self, nodes: int, work: Path) -> None:
        quiet = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}  # as nice as the local engine: not at all
        self._environment = {**os.environ, **quiet, "XDG_CACHE_HOME": str(work / "cache")}
        self._processes = [self._start(node, work) for node in range(nodes)]
        time.sleep(10)  # until all have joined

    def _start(self, node: int, work: Path) -> subprocess.Popen[bytes]:
        where = ["--head", f"--port={PORT}"] if node == 0 else [f"--address=127.0.0.1:{PORT}"]
        size = ["--num-cpus=1", f"--object-store-memory={200 * 2**20}", "--include-dashboard=false"]
        command = [*pinned(node), str(BIN / "ray"), "start", *where, *(size if node == 0 else size[:2]), "--block"]
        with (work / f"node{node}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--node-ip-address=127.0.0.1"], env=self._environment, stdout=log, stderr=log
            )
        if node == 0:
            time.sleep(10)  # until there is something to join
        return process

    def stop(self) -> None:
        """Stop the nodes; what they have started ends with them."""
        for process in reversed(self._processes):
            process.terminate()
            process.wait(60)


def pinned(core: int) -> list[str]:
    """Hold a command to a core."""
    return ["taskset", "--cpu-list", str(core)]


def run_seconds(text: Path, work: Path, options: list[str]) -> float:
    """Time the whole command on the first core."""
    command = [*pinned(0), str(BIN / "tolk"), "run", str(text), "--out", str(work / "out"), "--fresh", "--no-memory"]
    began = time.perf_counter()
    subprocess.run([*command, "--source-lang", "sv", *options], check=True, capture_output=True)
    return time.perf_counter() - began


def net_seconds(text: Path, line: Path, work: Path, options: list[str]) -> float:
    """Time a text, less what it takes to start."""
    return run_seconds(text, work, options) - run_seconds(line, work, options)


def on_nodes(nodes: int, work: Path, measure: Callable[[list[str]], float]) -> float:
    """Measure on a cluster of so many nodes."""
    cluster = Cluster(nodes, work)
    try:
        return measure(["--ray", f"127.0.0.1:{PORT}"])
    finally:
        cluster.stop()


def main() -> None:
    """Measure the ratios, or print the plan."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=24_000, help="lines of the text; 2,000 fill a window")
    parser.add_argument("--runs", type=int, default=3, help="pairs of runs")
    parser.add_argument("--plan", action="store_true", help="print nodes, hours and cost for 1 TB, and measure nothing")
    options = parser.parse_args()
    if options.plan:
        print_plan([])
        return
    scaling, overhead = [], []
    with tempfile.TemporaryDirectory(prefix="tolk-") as folder:
        work = Path(folder)
        text, line = work / "text.txt", work / "line.txt"
        lines = make_lines(options.lines, "sv")
        text.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
        line.write_text(lines[0] + "\n", encoding="utf-8")
        for _ in range(options.runs):
            here = net_seconds(text, line, work, ["--workers", "1"])
            one = on_nodes(1, work, lambda ray: net_seconds(text, line, work, ray))
            two = on_nodes(2, work, lambda ray: net_seconds(text, line, work, ray))
            scaling.append(one / two)
            overhead.append(one / here - 1)
    print(f"two nodes against one: {statistics.median(scaling):.2f} × (target 1.8 ×)")
    print(f"one node against the local engine: {statistics.median(overhead):+.1%} (target at most +10 %)")


if __name__ == "__main__":
    main()
