"""Tolk against Argos's own loop and against CTranslate2's limit, as whole processes, pair by pair in one run.

usage: speed.py [--lines N] [--runs N] [--eval FOLDER] [--plot FILE] [--write FILE]
"""

from __future__ import annotations

import argparse
import html
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from texts import make_lines, replace_table

from pipeline.packages.model_store import find_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
TOLK = str(Path(sys.executable).with_name("tolk"))
CORES = os.cpu_count() or 1


class Bench:
    """One text, one package, and the ways to translate it; each way gives its seconds."""

    def __init__(self, lines: list[str], package: Path, work: Path) -> None:
        self.lines = lines
        self.package = package
        self.work = work
        self.text = work / "text.txt"
        self.text.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
        for part in range(CORES):
            (work / f"part{part}.txt").write_text("\n".join(lines[part::CORES]) + "\n", encoding="utf-8")
        (work / "lines.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def tolk(self, beam: int = 1, *options: str) -> float:
        """Run `tolk run` from file to JSONL, remembering nothing."""
        command = [TOLK, "run", str(self.text), "--out", str(self.work / "out"), "--source-lang", "sv", "--fresh"]
        return _seconds([[*command, "--beam", str(beam), "--no-memory", *options]])

    def argos_as_shipped(self) -> float:
        """Run Argos's loop with its own settings: as many threads in one decode as the machine has cores."""
        return _seconds([self._argos("lines.txt")], {"ARGOS_INTRA_THREADS": "0"})

    def argos_at_best(self) -> float:
        """Run one Argos loop a core, each with one thread and its share of the lines."""
        return _seconds([self._argos(f"part{part}.txt") for part in range(CORES)], {"ARGOS_INTRA_THREADS": "1"})

    def limit(self, beam: int = 1) -> float:
        """Decode what is tokenised and sorted beforehand; nothing else is counted."""
        command = [sys.executable, str(HERE / "limit.py"), str(self.package), str(self.work / "lines.txt"), str(beam)]
        done = subprocess.run([*command, str(CORES)], capture_output=True, text=True, check=True)
        return float(done.stdout)

    def _argos(self, name: str) -> list[str]:
        out = str(self.work / f"{name}.en")
        return [sys.executable, str(HERE / "argos_loop.py"), str(self.package), str(self.work / name), out]


class Row(NamedTuple):
    """A comparison: Tolk's seconds, the other's, and how many times Tolk is faster."""

    name: str
    tolk: float
    other: float
    ratio: float


def compare(name: str, tolk: Callable[[], float], other: Callable[[], float], runs: int) -> Row:
    """Run two ways in turn; give the medians of each and of the ratios."""
    pairs = [(tolk(), other()) for _ in range(runs)]
    ours, theirs = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    return Row(name, ours, theirs, statistics.median(b / a for a, b in pairs))


def measure(options: argparse.Namespace, package: Path) -> Iterator[Row]:
    """Measure every comparison."""
    count, runs = options.lines, options.runs
    with tempfile.TemporaryDirectory() as work:

        def prepare(lines: int, boilerplate: float = 0.0) -> Bench:
            text = make_lines(lines, "sv", options.eval, boilerplate=boilerplate)
            return Bench(text, package, Path(tempfile.mkdtemp(dir=work)))

        few, quarter, whole, fourfold = (prepare(lines) for lines in (count // 8, count // 4, count, 4 * count))
        half = prepare(2 * count, boilerplate=0.5)  # as many are left to decode as everywhere else
        yield compare(f"Argos as shipped, beam 4, {count // 8} lines", lambda: few.tolk(4), few.argos_as_shipped, runs)
        yield compare("Argos at its best, beam 4", lambda: whole.tolk(4), whole.argos_at_best, runs)
        yield compare("Argos at its best, Tolk's default", whole.tolk, whole.argos_at_best, runs)
        yield compare(f"Argos at its best, half of {2 * count} lines boilerplate", half.tolk, half.argos_at_best, runs)
        yield compare("CTranslate2's limit, beam 4", lambda: whole.tolk(4), lambda: whole.limit(4), runs)
        yield compare("CTranslate2's limit, greedy", whole.tolk, whole.limit, runs)
        yield compare("Tolk with a beam of 2", whole.tolk, lambda: whole.tolk(2), runs)
        yield compare("Tolk with a beam of 4", whole.tolk, lambda: whole.tolk(4), runs)
        yield compare("Tolk with one worker", whole.tolk, lambda: whole.tolk(1, "--workers", "1"), runs)
        for more in (whole, fourfold):
            times = sum(map(len, more.lines)) / sum(map(len, quarter.lines))
            yield compare(f"Tolk on {times:.1f} times the text", quarter.tolk, more.tolk, runs)


def render(rows: list[Row]) -> str:
    """Draw the rows up as a Markdown table."""
    head = "| Tolk compared with | Tolk, s | other, s | Tolk is faster by |\n| --- | ---: | ---: | ---: |\n"
    return head + "".join(f"| {r.name} | {r.tolk:.2f} | {r.other:.2f} | {r.ratio:.2f} × |\n" for r in rows)


def draw(rows: list[Row]) -> str:
    """Draw the ratios as bars, on a logarithmic scale with a line where both are equally fast."""
    low, high = (f(min(1.0, *(r.ratio for r in rows)), max(1.0, *(r.ratio for r in rows))) for f in (min, max))
    scale = 300 / math.log(high / low)
    zero = 330 + scale * math.log(1 / low)
    bars = []
    for at, row in enumerate(rows):
        y, end = 24 * at + 8, 330 + scale * math.log(row.ratio / low)
        bars.append(f'<text x="320" y="{y + 12}" text-anchor="end">{html.escape(row.name)}</text>')
        bars.append(
            f'<rect x="{min(zero, end):.1f}" y="{y}" width="{abs(end - zero):.1f}" height="16" fill="#3b7dd8"/>'
        )
        bars.append(f'<text x="{max(zero, end) + 6:.1f}" y="{y + 12}">{row.ratio:.2f} ×</text>')
    height = 24 * len(rows) + 16
    said = html.escape("; ".join(f"{row.name}: {row.ratio:.2f} times" for row in rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 {height}" role="img" aria-label="{said}" '
        f'font-family="sans-serif" font-size="12" fill="#777">{"".join(bars)}'
        f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="2" y2="{height - 6}" stroke="#777"/></svg>\n'
    )


def _seconds(commands: list[list[str]], environment: dict[str, str] | None = None) -> float:
    began = time.perf_counter()
    running = [
        subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        for command in commands
    ]
    for command, process in zip(commands, running, strict=True):
        _, talk = process.communicate()
        if process.returncode:
            message = f"{' '.join(command)} failed:\n{talk.decode()}"
            raise SystemExit(message)
    return time.perf_counter() - began


def main() -> None:
    """Measure, print, and write the table where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=1200, help="lines of the large text")
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs of each comparison")
    parser.add_argument("--eval", type=Path, help="folder with LANG/*.tsv to take lines from")
    parser.add_argument("--plot", type=Path, help="SVG file to draw the ratios in")
    parser.add_argument("--write", type=Path, help="Markdown file whose table is replaced")
    options = parser.parse_args()
    rows = []
    for row in measure(options, find_package("sv").path):
        rows.append(row)
        sys.stderr.write(f"{row.name}: {row.ratio:.2f} times\n")
    table = render(rows)
    sys.stdout.write(table)
    if options.plot:
        options.plot.write_text(draw(rows), encoding="utf-8")
    if options.write:
        replace_table(options.write, "speed", table)


if __name__ == "__main__":
    main()
