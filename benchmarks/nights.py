"""What a night costs beside the first: `nights.py [--kilobytes N] [--runs N] [--write FILE]`.

A dump of Swedish and English pages is run with `--incremental`, then again unchanged, then with one page in a hundred
new. Printed are the seconds of each, medians, and their share of the first run's.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from texts import make_lines, replace_table

TOLK = str(Path(sys.executable).with_name("tolk"))
PAGE_LINES = 10


def make_pages(kilobytes: int) -> list[str]:
    """Make pages of one language each, in turn."""
    lines = [make_lines(kilobytes * 8, lang) for lang in ("sv", "en")]
    pages = ["\n".join(some[at : at + PAGE_LINES]) for at in range(0, len(lines[0]), PAGE_LINES) for some in lines]
    held = 0
    for number, page in enumerate(pages):
        held += len(page.encode())
        if held > kilobytes * 1000:
            return pages[:number]
    return pages


def run_nights(pages: list[str]) -> tuple[float, float, float]:
    """Run three nights; give the seconds of each."""
    known, fresh = pages[: len(pages) * 100 // 101], pages[len(pages) * 100 // 101 :]
    with tempfile.TemporaryDirectory() as work:
        dump = Path(work, "dump.jsonl")
        environment = {**os.environ, "TOLK_MEMORY": str(Path(work, "memory.sqlite"))}
        command = [TOLK, "run", str(dump), "--out", str(Path(work, "out")), "--incremental", "--no-progress"]

        def spend(given: list[str]) -> float:
            dump.write_text("".join(json.dumps({"text": page}) + "\n" for page in given), encoding="utf-8")
            began = time.perf_counter()
            subprocess.run(command, env=environment, check=True, capture_output=True)
            return time.perf_counter() - began

        return spend(known), spend(known), spend(known + fresh)


def main() -> None:
    """Measure, print, and write the table where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kilobytes", type=int, default=5000, help="size of the dump")
    parser.add_argument("--runs", type=int, default=1, help="times that the three nights are run")
    parser.add_argument("--write", type=Path, help="Markdown file whose table is replaced")
    options = parser.parse_args()
    pages = make_pages(options.kilobytes)
    nights = [run_nights(pages) for _ in range(options.runs)]
    rows = ["| night | s | of the first |\n| --- | ---: | ---: |\n"]
    for name, spent in zip(("first", "nothing new", "1 % new"), zip(*nights, strict=True), strict=True):
        share = statistics.median(seconds / night[0] for seconds, night in zip(spent, nights, strict=True))
        rows.append(f"| {name} | {statistics.median(spent):.1f} | {share:.1%} |\n")
    sys.stdout.write("".join(rows))
    if options.write:
        replace_table(options.write, "nights", "".join(rows))


if __name__ == "__main__":
    main()
