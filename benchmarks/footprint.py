"""What a run keeps in memory, whatever the size of its input: `footprint.py [--megabytes N,…] [--write FILE]`.

Prints the largest resident size of all processes of a run together, in MB, for pages of English with a Swedish line in
each hundredth (so that a package is loaded), for one line of 200 MB and for a million documents of a word or two.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from texts import make_lines, replace_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOLK = str(Path(sys.executable).with_name("tolk"))
PAGE = os.sysconf("SC_PAGE_SIZE")
PAGE_LINES = 10
SWEDISH_PAGES = 100


def write_pages(megabytes: int, path: Path) -> None:
    """Write pages of about so many MB."""
    english, swedish = make_lines(3000, "en"), make_lines(300, "sv")
    lines, others = itertools.cycle(english), itertools.cycle(swedish)
    with path.open("w", encoding="utf-8") as file:
        for page in itertools.count():
            text = [next(lines) for _ in range(PAGE_LINES)]
            if page % SWEDISH_PAGES == 0:
                text[0] = next(others)
            file.write("\\n".join(text).join(('{"text": "', '"}\n')))
            if file.tell() >= megabytes * 10**6:
                return


def write_line(path: Path) -> None:
    """Write a line of 200 MB."""
    sentences = " ".join(make_lines(500, "en"))
    with path.open("w", encoding="utf-8") as file:
        for _ in range(200_000_000 // len(sentences)):
            file.write(f"{sentences} ")


def write_documents(path: Path) -> None:
    """Write a million documents."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f'{{"text": "Page {number}"}}\n' for number in range(1_000_000))


def measure(text: Path, out: Path) -> tuple[float, float]:
    """Run Tolk; give the most MB that its processes held together, and its seconds."""
    command = [TOLK, "run", str(text), "--out", str(out), "--fresh", "--no-memory", "--no-progress"]
    began, most = time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(map(_resident, _family(process.pid))))
            time.sleep(0.1)
    if process.returncode:
        message = f"{' '.join(command)} ended with {process.returncode}"
        raise SystemExit(message)
    return most * PAGE / 1e6, time.perf_counter() - began


def _family(root: int) -> Iterator[int]:
    yield root
    for thread in Path(f"/proc/{root}/task").glob("*"):  # a child belongs to the thread that started it
        try:
            children = (thread / "children").read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in map(int, children):
            yield from _family(child)


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0


def main() -> None:
    """Measure, print, and write the table where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--megabytes", default="10,100", help="sizes of input, with commas between")
    parser.add_argument("--write", type=Path, help="Markdown file whose table is replaced")
    options = parser.parse_args()
    inputs: dict[str, Callable[[Path], None]] = {
        f"pages, {size} MB": functools.partial(write_pages, size) for size in map(int, options.megabytes.split(","))
    }
    inputs |= {"one line of 200 MB": write_line, "a million documents": write_documents}
    rows = ["| input | MB held at most | s |\n| --- | ---: | ---: |\n"]
    for name, write in inputs.items():
        with tempfile.TemporaryDirectory() as work:
            text = Path(work, "text.txt" if write is write_line else "text.jsonl")
            write(text)
            held, seconds = measure(text, Path(work, "out"))
        rows.append(f"| {name} | {held:.0f} | {seconds:.0f} |\n")
        sys.stderr.write(rows[-1])
    sys.stdout.write("".join(rows))
    if options.write:
        replace_table(options.write, "footprint", "".join(rows))


if __name__ == "__main__":
    main()
