"""One node against two of one core each, the cluster against the local engine, and what 1 TB would take: `--plan`.

A node is a raylet held to one core by its affinity, and whatever it starts with it; the driver, which reads and writes,
shares the first node's, so that two nodes have two cores for everything. Every run is a process of its own from file to
pairs, without its memory. Its speed is that of its commits, by the line that fits their times best, from the one on
with which all is under way to the last behind which as much is: neither start nor end grow with the text. Ratios are
those of neighbours, and their medians are printed.

With `--cores N` one node of so many cores is compared with the local engine on as many, and nothing else.

usage: cluster.py [--lines N] [--window CHARACTERS] [--cores N] [--runs N] [--rounds FILE] [--write FILE] [--plan]
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cluster_nodes import Meter, pinned, started
from scaling_plan import WINDOW, print_plan
from texts import make_lines, replace_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cluster_nodes import Cluster

HERE = Path(__file__).resolve().parent
KINDS = ("driver", "translate", "prepare", "hand on", "Ray")
FIRST = 7
"""Windows that two translators have under way: with this commit a run is in full swing."""
LAST = 2
"""Translators at most: what is committed last was begun before, and nothing is begun behind it."""
PAGE_LINES = 10
ENGLISH_LINES = 60_000
Kept = TypeVar("Kept")


class Run(NamedTuple):
    """What a million characters took."""

    seconds: float
    taken: dict[str, float]
    """Processor seconds by kind of process."""

    @property
    def own(self) -> float:
        """Processor seconds of the run itself, whatever others took of the cores."""
        return sum(self.taken.get(kind, 0.0) for kind in KINDS)


class Bench:
    """A text of many documents, since windows are cut between them, and where to write."""

    def __init__(self, lines: list[str], window: int, text: Path, cores: int = 1) -> None:
        self.cores = cores
        self._window, self._text, self._out = window, text, text.with_suffix(".out")
        self._pages = [" ".join(lines[at : at + PAGE_LINES]) for at in range(0, len(lines), PAGE_LINES)]
        self._text.write_text("".join(json.dumps({"text": page}) + "\n" for page in self._pages), encoding="utf-8")

    def run(self, cluster: Cluster | None = None) -> Run:
        """Run over the text on this machine's first cores or on a cluster."""
        command = [*pinned(0, self.cores), sys.executable, str(HERE / "cluster_run.py"), str(self._text)]
        command += [str(self._out), str(self._window), str(self.cores), *([cluster.address] if cluster else [])]
        nodes = {node.pid for node in cluster.nodes} if cluster else set()
        meter = Meter(nodes, self.cores * max(1, len(nodes)))
        with meter.watch():
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        commits = [tuple(map(float, line.split())) for line in done.stdout.splitlines()][FIRST - 1 : -LAST]
        return self._weigh(commits, meter)

    def _weigh(self, commits: list[tuple[float, ...]], meter: Meter) -> Run:
        times, processor, documents = zip(*commits, strict=True)
        millions = [sum(map(len, self._pages[: int(number)])) / 1e6 for number in documents]
        each = millions[-1] - millions[0]
        taken = {kind: seconds / each for kind, seconds in meter.between(times[0], times[-1]).items()}
        taken["driver"] = (processor[-1] - processor[0]) / each
        taken["others"] = max(0.0, taken.pop("all") - sum(taken[kind] for kind in KINDS if kind in taken))
        return Run(statistics.linear_regression(millions, times).slope, taken)


class Round(NamedTuple):
    """Neighbours."""

    here: Run
    one: Run
    two: Run
    passed: Run
    """Of English on two nodes in windows as a run has them: it only passes, and so shows what a driver can do."""


class Pair(NamedTuple):
    """Neighbours of several cores."""

    here: Run
    one: Run


def measure_node(bench: Bench, work: Path) -> Pair:
    """Run on the local engine and on a node, of as many cores each."""
    here = bench.run()
    with started(work, bench.cores) as cluster:
        return Pair(here, bench.run(cluster))


def measure(bench: Bench, english: Bench, work: Path) -> Round:
    """Run on the local engine, on a node, and on two."""
    here = bench.run()
    with started(work, bench.cores) as cluster:
        one = bench.run(cluster)
        cluster.grow()
        return Round(here, one, bench.run(cluster), english.run(cluster))


def render_runs(rounds: Sequence[tuple[Run, ...]], names: Sequence[str]) -> list[str]:
    """Draw up the speed and processor seconds of each way."""
    kinds = (*KINDS, "others")
    rows = ["| | characters/s | " + " | ".join(kinds) + " |", "| --- " + "| ---: " * (1 + len(kinds)) + "|"]
    for at, name in enumerate(names):
        runs = [each[at] for each in rounds]
        speed = 1e6 / statistics.median(run.seconds for run in runs)
        taken = " | ".join(f"{statistics.median(run.taken.get(kind, 0.0) for run in runs):.2f}" for kind in kinds)
        rows.append(f"| {name} | {speed:,.0f} | {taken} |")
    return rows


def render_ratios(ratios: Mapping[str, list[float]]) -> list[str]:
    """Draw up the medians of ratios."""
    count = len(next(iter(ratios.values())))
    told = [f"| {name} | {statistics.median(values):.{2 if '×' in name else 0}f} |" for name, values in ratios.items()]
    return ["", f"| rounds: {count} | median |", "| --- | ---: |", *told, ""]


def overheads(rounds: Sequence[Round] | Sequence[Pair], whose: str) -> dict[str, list[float]]:
    """Compare a node with the local engine, by the clock and by the processor."""
    return {
        "One node takes longer than the local engine by, % (10 at most is wanted)": [
            100 * (each.one.seconds / each.here.seconds - 1) for each in rounds
        ],
        f"and by what the run itself took of {whose}, %": [100 * (each.one.own / each.here.own - 1) for each in rounds],
        "Driver, handing on and Ray, however many translators a node has, % of one core": [
            100 * (each.one.own - each.one.taken["translate"] - each.one.taken["prepare"]) / each.one.seconds
            for each in rounds
        ],
    }


def render(rounds: list[Round]) -> str:
    """Draw up one node, two, and the local engine, of one core each."""
    ratios = {
        "Two nodes are faster than one by, × (1.80 is wanted)": [
            each.one.seconds / each.two.seconds for each in rounds
        ],
        "and by what the run itself took of the cores, ×": [2 * each.one.own / each.two.own for each in rounds],
        **overheads(rounds, "the core"),
        f"Driver for a window of {WINDOW:,} characters, ms": [
            each.passed.taken["driver"] * WINDOW / 1e3 for each in rounds
        ],
    }
    names = ("local engine", "one node", "two nodes", "two nodes, English")
    return "\n".join(render_runs(rounds, names) + render_ratios(ratios))


def render_node(pairs: list[Pair], cores: int) -> str:
    """Draw up one node and the local engine, of several cores each."""
    names = (f"local engine, {cores} cores", f"one node, {cores} cores")
    return "\n".join(render_runs(pairs, names) + render_ratios(overheads(pairs, "the cores")))


def read_rounds(path: Path | None) -> list[Round]:
    """Read the rounds of earlier calls, where there are such."""
    if path is None or not path.exists():
        return []
    return [Round(*(Run(*run) for run in runs)) for runs in json.loads(path.read_bytes())]


def repeat(
    options: argparse.Namespace,
    marker: str,
    rounds: list[Kept],
    measure_one: Callable[[], Kept],
    render_all: Callable[[list[Kept]], str],
) -> None:
    """Measure round after round, keep them where asked to, and draw up the medians of all."""
    for _ in range(options.runs):
        rounds.append(measure_one())
        sys.stderr.write(render_all(rounds[-1:]))
        if options.rounds:
            options.rounds.write_text(json.dumps(rounds), encoding="utf-8")
    table = render_all(rounds)
    sys.stdout.write(table)
    if options.write:
        replace_table(options.write, marker, table)


def main() -> None:
    """Measure the ratios, or print the plan."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=16_000, help="lines of the text, of some 65 characters")
    parser.add_argument("--window", type=int, default=50_000, help="characters of a window; a run's own has 200,000")
    parser.add_argument("--cores", type=int, default=1, help="cores of a node, and of the local engine beside it")
    parser.add_argument("--runs", type=int, default=3, help="rounds")
    parser.add_argument("--rounds", type=Path, help="JSON file that rounds are added to, and medians taken of")
    parser.add_argument("--write", type=Path, help="Markdown file whose table is replaced")
    parser.add_argument("--plan", action="store_true", help="print nodes, hours and cost for 1 TB, and measure nothing")
    options = parser.parse_args()
    if options.plan:
        print_plan([])
        return
    if options.cores > 1 and options.rounds:
        parser.error("--rounds keeps rounds of nodes of one core: leave --cores out, or it")
    with tempfile.TemporaryDirectory(prefix="tolk-") as folder:
        work = Path(folder)
        bench = Bench(make_lines(options.lines, "sv"), options.window, work / "sv.jsonl", options.cores)
        if options.cores > 1:
            draw = functools.partial(render_node, cores=options.cores)
            repeat(options, "node", [], lambda: measure_node(bench, work), draw)
            return
        english = Bench(make_lines(ENGLISH_LINES, "en"), WINDOW, work / "en.jsonl")
        rounds = read_rounds(options.rounds)
        repeat(options, "cluster", rounds, lambda: measure(bench, english, work), render)


if __name__ == "__main__":
    main()
