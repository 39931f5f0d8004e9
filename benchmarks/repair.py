"""Repair against plain ftfy, decoding against charset-normalizer, side by side in one run.

usage: repair.py DIR [--lines FILE] [--kinds] [--write FILE]

DIR holds `repair.jsonl` (`corrupted`, `clean`, `kind`), where kind `clean` must stay as it is, and `bytes/` with
`index.tsv` (file, encoding, digest, kind) and the right text of each file beside it as FILE.utf8. The lines of a clean
text are garbled here, for a measure on other text. A peer that is not installed is left out;
`pip install charset-normalizer chardet` brings them.
"""

from __future__ import annotations

import argparse
import csv
import functools
import importlib
import json
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ftfy
from texts import replace_table

from pipeline.read.decode import decode_bytes
from pipeline.repair import repair_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LINES = 20
"""Lines that make a document where speed is measured."""
SECONDS = 2.0
TUNED = ftfy.TextFixerConfig(unescape_html=True, uncurl_quotes=False, explain=False)
PAIRED = ("cp1252_x1", "cp850_x1", "half_line_start", "lost_removed")
"""Kinds that stand for bad text where speed is measured."""
PAGES = ("cp1252", "latin1", "macroman", "cp437", "cp850", "cp1250", "cp1251", "iso8859-2")
MISREAD = (("cp1252", "cp850"), ("cp1252", "mac-roman"), ("cp850", "cp1252"), ("mac-roman", "cp1252"))
"""The page that a text is written in, and the one that it is then read with."""
GROUPS = {
    "clean text untouched": ("clean",),
    "mojibake, eight pages, one to three layers": (*(f"{page}_x" for page in PAGES), "latin1_then", "nbsp"),
    "half of the line bad, or one letter": ("half_line", "one_letter"),
    "mojibake, then lower-cased": ("moj_lowercased",),
    "entities: named, numeric, twice, thrice, without semicolon": ("html",),
    "bytes lost to U+FFFD, `?` or nothing": ("lost",),
    "letters lost to U+FFFD": ("latin1_read_as_utf8",),
    "letters lost to `??`": ("utf8_to_question",),
    "one page read as another (four ways)": ("cp1252_as", "cp850_as", "macroman_as"),
    "letters in two parts": ("nfd",),
}
"""What a row sums up: kinds by how their names begin."""


def main() -> None:
    """Print the tables, and write them where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=Path, help="clean text, a line a text, to garble")
    parser.add_argument("--kinds", action="store_true", help="print each kind by itself, and no rates")
    parser.add_argument("--write", type=Path, help="Markdown file whose tables are replaced")
    options = parser.parse_args()
    cases = [json.loads(line) for line in (options.folder / "repair.jsonl").read_text("utf-8").strip().split("\n")]
    repairers: dict[str, Callable[[str], str]] = {
        "Tolk": lambda text: repair_text(text)[0],
        "ftfy, quotes kept, entities read": lambda text: ftfy.fix_text(text, TUNED),
        "ftfy as it comes": ftfy.fix_text,
    }
    groups: dict[str, tuple[str, ...]] = GROUPS
    if options.kinds:
        groups = {kind: (kind,) for kind in sorted({case["kind"] for case in cases})}
    decoders: dict[str, Callable[[bytes], str]] = {"Tolk": lambda data: decode_bytes(data)[0], **guessers()}
    tables: dict[str, Callable[[], str]] = {
        "texts": functools.partial(table_of_texts, cases, repairers, groups),
        "files": functools.partial(table_of_files, options.folder / "bytes", decoders),
    }
    if not options.kinds:
        tables["rates"] = functools.partial(table_of_rates, cases, repairers)
    if options.lines:
        lines = options.lines.read_text("utf-8").strip().split("\n")
        garbled = [*garble([line for line in lines if not line.isascii()])]
        made: dict[str, tuple[str, ...]] = {kind: (kind,) for kind in dict.fromkeys(case["kind"] for case in garbled)}
        tables["garbled"] = functools.partial(table_of_texts, garbled, repairers, made)
    for name, make in tables.items():
        table = make()
        sys.stdout.write(f"{table}\n")
        if options.write:
            replace_table(options.write, name, table)


def garble(lines: Sequence[str]) -> Iterator[dict[str, str]]:
    """Garble clean lines in ways that leave a trace: a line that a way does not change is none of its cases."""
    yield from ({"kind": "clean", "clean": line, "corrupted": line} for line in lines)
    ways: dict[str, Callable[[str], str]] = {}
    for written, read in [*(("utf-8", page) for page in PAGES), *MISREAD]:
        ways[f"{written} read as {read}"] = functools.partial(misread, written=written, read=read)
    ways["letters lost to U+FFFD"] = lose_letters
    ways["letters lost to `??`"] = functools.partial(
        re.sub, "[^\x00-\x7f]", lambda letter: "?" * len(letter[0].encode())
    )
    for kind, way in ways.items():
        for line in lines:
            try:
                garbled = way(line)
            except UnicodeEncodeError:
                continue
            if garbled != line:
                yield {"kind": kind, "clean": line, "corrupted": garbled}


def misread(line: str, *, written: str, read: str) -> str:
    """Write a line in one page and read it with another; bytes that this one lacks stand for themselves."""
    return "".join(bytes([byte]).decode(read, "ignore") or chr(byte) for byte in line.encode(written))


def lose_letters(line: str) -> str:
    """Take cp1252 for UTF-8."""
    return line.encode("cp1252").decode("utf-8", "replace")


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


def table_of_texts(
    cases: Sequence[dict[str, str]], repairers: dict[str, Callable[[str], str]], groups: dict[str, tuple[str, ...]]
) -> str:
    """Draw up the share of texts restored exactly, by what was done to them."""
    hits: defaultdict[str, Counter[str]] = defaultdict(Counter)
    totals = Counter(case["kind"] for case in cases)
    for case in cases:
        for name, repair in repairers.items():
            hits[name][case["kind"]] += repair(case["corrupted"]).strip() == case["clean"].strip()
    table = head("texts restored", repairers)
    bad = tuple(kind for kind in totals if kind != "clean")
    for title, starts in {**groups, "**all garbled texts**": bad}.items():
        kinds = [kind for kind in totals if kind.startswith(starts)]
        total = sum(totals[kind] for kind in kinds)
        if total:
            table += row(title, total, [share(sum(hits[name][kind] for kind in kinds), total) for name in repairers])
    return table


def table_of_files(folder: Path, decoders: dict[str, Callable[[bytes], str]]) -> str:
    """Draw up the share of files decoded exactly, by encoding; repaired by nobody."""
    with (folder / "index.tsv").open(encoding="utf-8") as file:
        rows = [(line[0], line[1]) for line in csv.reader(file, delimiter="\t")][1:]
    hits: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, encoding in rows:
        right = (folder / f"{name}.utf8").read_text("utf-8").strip()
        for peer, decode in decoders.items():
            hits[peer][encoding] += decode((folder / name).read_bytes()).replace("\r\n", "\n").strip() == right
    totals = Counter(encoding for _, encoding in rows)
    table = head("files decoded", decoders)
    for encoding in sorted(totals):
        table += row(encoding, totals[encoding], [share(hits[peer][encoding], totals[encoding]) for peer in decoders])
    every = totals.total()
    return table + row("**all**", every, [share(hits[peer].total(), every) for peer in decoders])


def table_of_rates(cases: Sequence[dict[str, str]], repairers: dict[str, Callable[[str], str]]) -> str:
    """Draw up megabytes a second of processor time, on documents of a few lines."""
    table = head("MB a second", repairers)
    for title, kinds in (("clean", {"clean"}), ("bad, usual kinds", set(PAIRED)), ("bad, all kinds", None)):
        documents = gather(cases, kinds)
        size = sum(len(document.encode()) for document in documents)
        speeds = [f"{speed_of(repair, documents, size):.2f}" for repair in repairers.values()]
        table += row(title, len(documents), speeds)
    return table


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


def share(hits: int, total: int) -> str:
    """Give a share in percent."""
    return f"{100 * hits / total:.1f} %"


def head(title: str, names: Sequence[str] | dict[str, Any]) -> str:
    """Draw a table's first lines."""
    return f"| {title} | of | {' | '.join(names)} |\n| --- | ---: |{' ---: |' * len(names)}\n"


def row(title: str, total: int, figures: Sequence[str]) -> str:
    """Draw a line of figures."""
    return f"| {title} | {total} | {' | '.join(figures)} |\n"


if __name__ == "__main__":
    main()
