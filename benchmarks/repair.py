"""Repair against plain ftfy, decoding against charset-normalizer, side by side in one run: `repair.py DIR`.

DIR holds `repair.jsonl` (`corrupted`, `clean`, `kind`), where kind `clean` must stay as it is, and `bytes/` with
`index.tsv` (file, encoding, digest, kind) and the right text of each file beside it as FILE.utf8. A peer that is not
installed is left out; `pip install charset-normalizer chardet` brings them.
"""

from __future__ import annotations

import csv
import functools
import importlib
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ftfy

from pipeline.read.decode import decode_bytes
from pipeline.repair import repair_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINES = 20
"""Lines that make a document where speed is measured."""
SECONDS = 2.0
TUNED = ftfy.TextFixerConfig(unescape_html=True, uncurl_quotes=False, explain=False)
PAIRED = ("cp1252_x1", "cp850_x1", "half_line_start", "lost_removed")
"""Kinds that stand for bad text where speed is measured."""


def main(folder: Path) -> None:
    """Print the three tables."""
    cases = [json.loads(line) for line in (folder / "repair.jsonl").read_text("utf-8").strip().split("\n")]
    repairers: dict[str, Callable[[str], str]] = {
        "tolk": lambda text: repair_text(text)[0],
        "ftfy tuned": lambda text: ftfy.fix_text(text, TUNED),
        "ftfy": ftfy.fix_text,
    }
    print_texts(cases, repairers)
    print_files(folder / "bytes", {"tolk": lambda data: decode_bytes(data)[0], **guessers()})
    print_speeds(cases, repairers)


def guessers() -> dict[str, Callable[[bytes], str]]:
    """Load the peers that guess a file's page, each behind strict UTF-8."""
    found: dict[str, Callable[[bytes], str]] = {}
    for name in ("charset_normalizer", "chardet"):
        try:
            detect = importlib.import_module(name).detect
        except ImportError:
            continue
        found[name.replace("_", "-")] = functools.partial(guess, detect=detect)
    return found


def guess(data: bytes, detect: Callable[[bytes], Any]) -> str:
    """Decode as UTF-8 where that is valid, else as a peer says."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(detect(data)["encoding"] or "utf-8", "replace")


def print_texts(cases: Sequence[dict[str, str]], repairers: dict[str, Callable[[str], str]]) -> None:
    """Print the share of texts restored exactly, by kind."""
    hits: defaultdict[str, Counter[str]] = defaultdict(Counter)
    totals = Counter(case["kind"] for case in cases)
    for case in cases:
        for name, repair in repairers.items():
            hits[name][case["kind"]] += repair(case["corrupted"]).strip() == case["clean"].strip()
    print_head("text", repairers)
    for kind in sorted(totals):
        print_row(kind, [100 * hits[name][kind] / totals[kind] for name in repairers], totals[kind])
    bad = totals.total() - totals["clean"]
    shares = [100 * (hits[name].total() - hits[name]["clean"]) / bad for name in repairers]
    print_row("all but clean", shares, bad)


def print_files(folder: Path, decoders: dict[str, Callable[[bytes], str]]) -> None:
    """Print the share of files decoded exactly, by encoding; repaired by nobody."""
    with (folder / "index.tsv").open(encoding="utf-8") as file:
        rows = [(row[0], row[1]) for row in csv.reader(file, delimiter="\t")][1:]
    hits: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, encoding in rows:
        right = (folder / f"{name}.utf8").read_text("utf-8").strip()
        for peer, decode in decoders.items():
            hits[peer][encoding] += decode((folder / name).read_bytes()).replace("\r\n", "\n").strip() == right
    totals = Counter(encoding for _, encoding in rows)
    print_head("file", decoders)
    for encoding in sorted(totals):
        print_row(encoding, [100 * hits[peer][encoding] / totals[encoding] for peer in decoders], totals[encoding])
    print_row("all", [100 * hits[peer].total() / totals.total() for peer in decoders], totals.total())


def print_speeds(cases: Sequence[dict[str, str]], repairers: dict[str, Callable[[str], str]]) -> None:
    """Print megabytes a second of processor time, on documents of a few lines."""
    print_head("MB/s", repairers)
    for title, kinds in (("clean", {"clean"}), ("bad, usual", set(PAIRED)), ("bad, all kinds", None)):
        documents = gather(cases, kinds)
        size = sum(len(document.encode()) for document in documents)
        print_row(title, [speed_of(repair, documents, size) for repair in repairers.values()], len(documents))


def gather(cases: Sequence[dict[str, str]], kinds: set[str] | None) -> list[str]:
    """Join the texts of one kind to documents, since one page garbles a document."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for case in cases:
        if case["kind"] in kinds if kinds else case["kind"] != "clean":
            texts[case["kind"]].append(case["corrupted"])
    return ["\n".join(found[at : at + LINES]) for found in texts.values() for at in range(0, len(found), LINES)]


def speed_of(repair: Callable[[str], str], documents: Sequence[str], size: int) -> float:
    """Measure one repairer for a moment, after a first round that fills its caches."""
    for document in documents:
        repair(document)
    rounds, began = 0, time.process_time()
    while time.process_time() - began < SECONDS:
        for document in documents:
            repair(document)
        rounds += 1
    return rounds * size / 1e6 / (time.process_time() - began)


def print_head(title: str, names: Sequence[str] | dict[str, Any]) -> None:
    """Print a table's first line."""
    print(f"\n{title:<24}" + "".join(f"{name:>20}" for name in names) + f"{'of':>8}")


def print_row(title: str, figures: Sequence[float], total: int) -> None:
    """Print a line of figures."""
    print(f"{title:<24}" + "".join(f"{figure:>20.2f}" for figure in figures) + f"{total:>8}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
