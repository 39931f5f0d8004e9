"""Kill runs at random moments, let the same command go on, and compare what they end with: `make torture`.

The windows are small, so that much of the time goes into commits. The victims: the run itself, one of its workers, its
whole process group, by SIGKILL, SIGTERM and SIGINT. Every run must end with the bytes of an undisturbed one, leave no
process behind, and print no traceback.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import itertools
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import victim

WAYS = ("run", "run", "run", "worker", "group", "SIGTERM", "SIGINT")
ENDS = {0, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, 130, 143}


def main() -> None:
    """Kill until enough have died."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=["batch", "real", "both"], default="both")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - nothing to keep secret
    engines = ["batch", "real"] if asked.engine == "both" else [asked.engine]
    kinds = [Kind(*kind) for kind in itertools.product(engines, ["1", "2"], [(), ("--incremental",)])]
    kills: collections.Counter[str] = collections.Counter()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        dump = make_dump(Path(folder) / "in")
        for number, kind in enumerate(itertools.cycle(kinds)):
            if kills.total() >= asked.kills:
                break
            kills += kind.torture(dump, Path(folder) / str(number), chance)
            print(f"\r{kills.total()} kills", end="", file=sys.stderr, flush=True)
    ways = ", ".join(f"{way} {n}" for way, n in sorted(kills.items()))
    print(f"\n{kills.total()} kills ({ways}) over {number} runs in {time.monotonic() - began:.0f} s: bytes identical")


class Kind:
    """One way to run: its undisturbed outcome, and trials against it."""

    def __init__(self, engine: str, workers: str, options: tuple[str, ...]) -> None:
        self.engine, self.options = engine, ("--workers", workers, *options)
        self.expected: dict[str, bytes] = {}
        self.span = 0.0

    def torture(self, dump: Path, out: Path, chance: random.Random) -> collections.Counter[str]:
        """Kill one run again and again until it is through; give the kills by victim."""
        out.mkdir()
        if not self.expected:
            began = time.monotonic()
            self._finish(self._start(dump, out / "whole"), out)
            self.expected, self.span = victim.outcome(out / "whole"), time.monotonic() - began
        kills: collections.Counter[str] = collections.Counter()
        while True:
            process = self._start(dump, out / "killed")
            time.sleep(chance.uniform(0, 1.1) * self.span)
            way = chance.choice(WAYS)
            kills[way] += kill(process, way, chance)
            if self._finish(process, out) == 0:
                break
        self._compare(out / "killed")
        return kills

    def _compare(self, out: Path) -> None:
        if victim.outcome(out) != self.expected:
            sys.exit(f"\n{out} differs from an undisturbed run {self.options}")
        counts = json.loads((out / "manifest.json").read_bytes())["counts"]
        if counts["pairs"] != sum(data.count(b"\n") for name, data in self.expected.items() if "pairs" in name):
            sys.exit(f"\nThe counts in {out} do not add up")

    def _start(self, dump: Path, out: Path) -> int:
        os.environ["TOLK_MEMORY"] = f"{out}.sqlite"
        command = ["run", str(dump), "--out", str(out), "--source-lang", "sv", "--no-progress", *self.options]
        return victim.start(out.parent / "said", *command, engine=self.engine, window=1000)

    def _finish(self, process: int, out: Path) -> int:
        code = victim.finish(process)
        said = (out / "said").read_text("utf-8") if (out / "said").exists() else ""
        if code not in ENDS or "Traceback" in said:
            sys.exit(f"\n{self.options} ended with {code}:\n{said}")
        return code


def kill(process: int, way: str, chance: random.Random) -> bool:
    """Kill one way; say whether there was still somebody to kill."""
    if os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        return False
    if way == "worker":
        pids = victim.children_of(process)
        if pids:
            os.kill(chance.choice(pids), signal.SIGKILL)
        return bool(pids)
    if way == "run":
        os.kill(process, signal.SIGKILL)
    else:
        with contextlib.suppress(ProcessLookupError):  # it has only just been forked, and leads no group yet
            os.killpg(process, signal.SIGKILL if way == "group" else signal.Signals[way])
    return True


def make_dump(folder: Path) -> Path:
    """Write an input of several files, with rejects, a copy and an empty document among them."""
    folder.mkdir()
    words = ("regnet", "föll", "över", "staden", "medan", "hamnen", "vaknade", "och", "båtarna", "lade", "ut", "mot")
    chance = random.Random(0)  # noqa: S311 - nothing to keep secret

    def sentence() -> str:
        return " ".join(chance.choices(words, k=9)).capitalize() + "."

    lines = [json.dumps({"text": " ".join(sentence() for _ in range(chance.randrange(6))), "n": n}) for n in range(70)]
    lines[7], lines[40], lines[60] = "torn {", '{"text": 5}', lines[59]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "b.txt").write_text("\n".join(sentence() for _ in range(90)), encoding="utf-8")
    (folder / "c.txt").write_text("\n".join(sentence() for _ in range(90)), encoding="utf-8")
    (folder / "d.txt").write_text("", encoding="utf-8")
    return folder


if __name__ == "__main__":
    main()
