"""Tolk against Argos's own loop and against CTranslate2's limit, as whole processes, pair by pair in one run.

usage: speed.py [--lines N] [--runs N] [--eval FOLDER] [--package FOLDER] [--write FILE]
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

from texts import make_lines

from pipeline.packages.model_store import find_package

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def tolk(self, beam: int, *options: str) -> float:
        """Run `tolk run` from file to JSONL, remembering nothing."""
        command = [TOLK, "run", str(self.text), "--out", str(self.work / "out"), "--source-lang", "sv", "--fresh"]
        return _seconds([[*command, "--beam", str(beam), "--no-memory", *options]])

    def argos_as_shipped(self) -> float:
        """Run Argos's loop with its own settings: as many threads in one decode as the machine has cores."""
        return _seconds([self._argos("lines.txt")], {"ARGOS_INTRA_THREADS": "0"})

    def argos_at_best(self) -> float:
        """Run one Argos loop a core, each with one thread and its share of the lines."""
        return _seconds([self._argos(f"part{part}.txt") for part in range(CORES)], {"ARGOS_INTRA_THREADS": "1"})

    def limit(self, beam: int) -> float:
        """Decode what is tokenised and sorted beforehand; nothing else is counted."""
        command = [sys.executable, str(HERE / "limit.py"), str(self.package), str(self.work / "lines.txt"), str(beam)]
        done = subprocess.run([*command, str(CORES)], capture_output=True, text=True, check=True)
        return float(done.stdout)

    def _argos(self, name: str) -> list[str]:
        out = str(self.work / f"{name}.en")
        return [sys.executable, str(HERE / "argos_loop.py"), str(self.package), str(self.work / name), out]


def paired(first: Callable[[], float], second: Callable[[], float], runs: int) -> tuple[float, float, float]:
    """Run two ways in turn; give the medians of each and of the ratios second to first."""
    rows = [(first(), second()) for _ in range(runs)]
    return (
        statistics.median(a for a, _ in rows),
        statistics.median(b for _, b in rows),
        statistics.median(b / a for a, b in rows),
    )


def measure(options: argparse.Namespace, package: Path) -> list[tuple[str, float, float, float]]:
    """Measure every comparison; a row is its name, Tolk's seconds, the other's, and how many times Tolk is faster."""
    rows = []
    with tempfile.TemporaryDirectory() as work:
        few = Bench(make_lines(options.lines // 4, "sv", options.eval), package, Path(work))
        row = paired(lambda: few.tolk(4), few.argos_as_shipped, options.runs)
        rows.append((f"Argos as shipped, beam 4, {len(few.lines)} lines", *row))
        many = Bench(make_lines(options.lines, "sv", options.eval), package, Path(work))
        rows.append(
            (
                f"Argos at its best, beam 4, {options.lines} lines",
                *paired(lambda: many.tolk(4), many.argos_at_best, options.runs),
            )
        )
        rows.append(
            ("Argos at its best, Tolk's default", *paired(lambda: many.tolk(1), many.argos_at_best, options.runs))
        )
        rows.append(("CTranslate2's limit, greedy", *paired(lambda: many.tolk(1), lambda: many.limit(1), options.runs)))
        rows.append(("CTranslate2's limit, beam 4", *paired(lambda: many.tolk(4), lambda: many.limit(4), options.runs)))
        half = Bench(make_lines(options.lines, "sv", options.eval, boilerplate=0.5), package, Path(work))
        rows.append(
            ("Argos at its best, half boilerplate", *paired(lambda: half.tolk(1), half.argos_at_best, options.runs))
        )
        for factor in (1, 4, 16):
            sized = Bench(make_lines(options.lines * factor // 4, "sv", options.eval), package, Path(work))
            spent = statistics.median(sized.tolk(1) for _ in range(options.runs))
            rows.append((f"Tolk alone, {len(sized.lines)} lines", spent, spent, 1.0))
    return rows


def render(rows: list[tuple[str, float, float, float]]) -> str:
    """Draw the rows up as a Markdown table."""
    head = "| compared with | Tolk, s | other, s | Tolk is faster by |\n| --- | ---: | ---: | ---: |\n"
    return head + "".join(f"| {name} | {a:.2f} | {b:.2f} | {ratio:.2f} × |\n" for name, a, b, ratio in rows)


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
    parser.add_argument("--write", type=Path, help="Markdown file whose table is replaced")
    options = parser.parse_args()
    table = render(measure(options, find_package("sv").path))
    sys.stdout.write(table)
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        head, _, rest = text.partition("<!-- speed -->\n")
        tail = rest.partition("<!-- /speed -->\n")[2]
        options.write.write_text(f"{head}<!-- speed -->\n{table}<!-- /speed -->\n{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
