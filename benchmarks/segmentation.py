"""Sentence boundaries and speed, beside other splitters where they are installed: `segmentation.py FILE.jsonl…`.

A file holds `{"text": …, "sentences": [...]}` lines, the sentences joined by one space in the text, and begins with its
language: `sv_news.jsonl`. A boundary is the offset at which a sentence ends; a text's end is none.
`pip install sentencex pysbd` brings two to compare with; a language that one of them lacks is read as English.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from pipeline.records import Document
from pipeline.segment import segment_document
from pipeline.settings import Settings

Ends = set[int]
Splitter = Callable[[str], Ends]


class Case(NamedTuple):
    """A text and the offsets at which its sentences end, the last one left out."""

    text: str
    ends: Ends


class Result(NamedTuple):
    """What a splitter found in a file: right, too many, missed; and how fast."""

    right: int
    extra: int
    missed: int
    rate: float

    def __str__(self) -> str:
        """Precision, recall, F1 and megabytes a second."""
        precision = self.right / max(1, self.right + self.extra)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.4f}  {self.rate:7.2f} MB/s"


def read_cases(file: Path) -> list[Case]:
    """Read a file's texts and boundaries."""
    with file.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [Case(record["text"], _joined_ends(record["sentences"])) for record in records]


def _joined_ends(sentences: list[str]) -> Ends:
    ends: Ends = set()
    at = -1
    for sentence in sentences[:-1]:
        at += len(sentence) + 1
        ends.add(at)
    return ends


def measure(cases: list[Case], split: Splitter, rounds: int = 3) -> Result:
    """Score a splitter on a file's texts; the speed is its best round's, on one core."""
    seconds = []
    for _ in range(rounds):
        begun = time.process_time()
        found = [split(case.text) for case in cases]
        seconds.append(time.process_time() - begun)
    inner = [{end for end in ends if end < len(case.text.rstrip())} for case, ends in zip(cases, found, strict=True)]
    pairs = [(case.ends, ends) for case, ends in zip(cases, inner, strict=True)]
    megabytes = sum(len(case.text.encode()) for case in cases) / 1e6
    return Result(
        right=sum(len(gold & ends) for gold, ends in pairs),
        extra=sum(len(ends - gold) for gold, ends in pairs),
        missed=sum(len(gold - ends) for gold, ends in pairs),
        rate=megabytes / max(min(seconds), 1e-9),
    )


def _located_ends(text: str, parts: Iterable[str]) -> Ends:
    """Offsets at which parts end, for a splitter that gives strings."""
    ends: Ends = set()
    at = 0
    for part in map(str.strip, parts):
        begin = text.find(part, at)
        if part and begin >= 0:
            at = begin + len(part)
            ends.add(at)
    return ends


def tolk() -> Splitter:
    """Our own, records and all."""
    settings = Settings()

    def split(text: str) -> Ends:
        document = Document(id="0" * 16, source="benchmark", text=text)
        return {segment.end for segment in segment_document(document, settings)}

    return split


def sentencex(language: str) -> Splitter:
    """Wikimedia's splitter, which knows the language it is told."""
    module = importlib.import_module("sentencex")
    return lambda text: _located_ends(text, module.segment(language, text))


def pysbd(language: str) -> Splitter:
    """The pragmatic segmenter's Python port; it has neither Swedish nor Indonesian."""
    module = importlib.import_module("pysbd")
    known = importlib.import_module("pysbd.languages").LANGUAGE_CODES
    segmenter = module.Segmenter(language=language if language in known else "en", clean=False)
    return lambda text: _located_ends(text, segmenter.segment(text))


def main(files: list[str]) -> None:
    """Print a line for each file and splitter."""
    for file in map(Path, files):
        cases = read_cases(file)
        language = file.stem.split("_")[0]
        print(f"{file.stem:<14} tolk       {measure(cases, tolk())}")
        for make in (sentencex, pysbd):
            try:
                split = make(language)
            except ModuleNotFoundError:
                continue
            rounds = 1 if make is pysbd else 3
            print(f"{file.stem:<14} {make.__name__:<10} {measure(cases, split, rounds)}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: segmentation.py FILE.jsonl…, lines of a text and its sentences; names begin with the language")
    main(sys.argv[1:])
