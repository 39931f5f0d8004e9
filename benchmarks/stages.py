"""Each stage of preparation by itself, in MB a second a core, beside the library that it stands on or replaces.

usage: stages.py [--kilobytes N] [--runs N] [--write FILE]

Pages of ten lines, made of the example dump's sentences: English in ASCII, which takes every short way; English with
typographic quotes, which does not; Swedish; and Swedish that was read in the wrong encoding. The library and the stage
run in turn; a figure is the median of the runs. `pip install sentencex` brings the one that Tolk does not bring itself.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ftfy
from texts import make_lines, replace_table

from pipeline.detect import detect_segments
from pipeline.prepare import prepare_record
from pipeline.records import Document, identify_text
from pipeline.repair import repair_document
from pipeline.segment import segment_document
from pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PAGE_LINES = 10
SETTINGS = Settings()
Way = tuple[str, str, "Callable[[], object]"]
"""A stage, who does it, and its doing over all pages."""


def make_pages(lines: list[str]) -> list[Document]:
    """Make a document of every ten lines."""
    texts = ["\n".join(lines[at : at + PAGE_LINES]) for at in range(0, len(lines), PAGE_LINES)]
    return [Document(id=identify_text(text), source=f"page#{at}", text=text) for at, text in enumerate(texts, 1)]


def make_texts(kilobytes: int) -> dict[str, list[Document]]:
    """Make the kinds of pages."""
    english, swedish = ([*make_lines(kilobytes * 10, lang)] for lang in ("en", "sv"))
    plain = [line.encode("ascii", "ignore").decode() for line in english]
    quoted = [f"“{line}” – she’s said" for line in plain]
    misread = [line.encode().decode("cp1252", "replace") for line in swedish]
    kinds = {"English, ASCII": plain, "English, typographic": quoted, "Swedish": swedish, "Swedish, misread": misread}
    return {name: make_pages(_cut(lines, kilobytes * 1000)) for name, lines in kinds.items()}


def _cut(lines: list[str], size: int) -> list[str]:
    held = 0
    for at, line in enumerate(lines):
        held += len(line.encode()) + 1
        if held > size:
            return lines[:at]
    return lines


def list_ways(pages: list[Document]) -> list[Way]:
    """List the stages and their peers, each over what the stage before made of the pages."""
    repaired = [repair_document(page) for page in pages]
    segments = [list(segment_document(page, SETTINGS)) for page in repaired]
    ways: list[Way] = [
        ("repair", "Tolk", lambda: _all(repair_document(page) for page in pages)),
        ("repair", "ftfy", lambda: _all(ftfy.fix_text(page.text) for page in pages)),
        ("segment", "Tolk", lambda: _all(list(segment_document(page, SETTINGS)) for page in repaired)),
        ("detect", "Tolk", lambda: _all(list(detect_segments(page, SETTINGS)) for page in segments)),
        ("all three", "Tolk", lambda: _all(prepare_record(page, SETTINGS) for page in pages)),
    ]
    if importlib.util.find_spec("sentencex"):
        split = importlib.import_module("sentencex").segment
        ways.append(("segment", "sentencex", lambda: _all(list(split("en", page.text)) for page in repaired)))
    few = segments[: max(1, len(segments) // 20)]
    careful = Settings(detector="langdetect")
    ways.append(("detect", "langdetect", lambda: _all(list(detect_segments(page, careful)) for page in few)))
    return ways


def _all(made: Iterable[object]) -> None:
    for _ in made:
        pass


def measure(pages: list[Document], runs: int) -> dict[tuple[str, str], float]:
    """Give each way's MB a second of one core; langdetect, which is slow, gets a twentieth of the pages."""
    size = sum(len(page.text.encode()) for page in pages) / 1e6
    prepare_record(pages[0], SETTINGS)  # which loads what is loaded once
    seconds: dict[tuple[str, str], list[float]] = {}
    for _ in range(runs):
        for stage, who, work in list_ways(pages):
            began = time.process_time()
            work()
            seconds.setdefault((stage, who), []).append(time.process_time() - began)
    shares = {key: 0.05 if key[1] == "langdetect" else 1.0 for key in seconds}
    return {key: size * shares[key] / statistics.median(spent) for key, spent in seconds.items()}


def render(figures: dict[str, dict[tuple[str, str], float]]) -> str:
    """Draw the figures up as a Markdown table, a row a stage and its doer."""
    ways = sorted({key for column in figures.values() for key in column}, key=lambda key: (key[0], key[1] != "Tolk"))
    head = f"| stage | by | {' | '.join(figures)} |\n| --- | --- |{' ---: |' * len(figures)}\n"
    return head + "".join(
        f"| {stage} | {who} | {' | '.join(f'{column[stage, who]:.2f}' for column in figures.values())} |\n"
        for stage, who in ways
    )


def main() -> None:
    """Measure, print, and write the table where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kilobytes", type=int, default=300, help="text of each kind")
    parser.add_argument("--runs", type=int, default=5, help="times that each way is run")
    parser.add_argument("--write", type=Path, help="Markdown file whose table is replaced")
    options = parser.parse_args()
    table = render({name: measure(pages, options.runs) for name, pages in make_texts(options.kilobytes).items()})
    sys.stdout.write(table)
    if options.write:
        replace_table(options.write, "stages", table)


if __name__ == "__main__":
    main()
