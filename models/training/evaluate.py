"""BLEU, chrF and plain faults of a package on every `*.tsv` (source TAB English) of a folder, through CTranslate2."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ctranslate2
import sacrebleu
import sentencepiece as spm

from models.training.recipe import PLACEHOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Score", "evaluate_package", "find_loop", "measure_copies", "read_set", "translate_lines"]

_LOOP = re.compile(r"(\b\S+(?:\s+\S+){0,3})(?:\s+\1){3,}|(.{1,4}?)\2{9,}")
_LONGEST = 256


@dataclass(frozen=True, slots=True)
class Score:
    """What a package does on one set: scores in points, faults in lines, ratio in words, speed in words a second."""

    name: str
    beam: int
    lines: int
    bleu: float
    chrf: float
    empty: int
    loops: int
    ratio: float
    speed: float
    signatures: tuple[str, str]

    def __str__(self) -> str:
        return (
            f"{self.name:<20} beam {self.beam}  BLEU {self.bleu:5.1f}  chrF {self.chrf:5.1f}  {self.lines} lines  "
            f"empty {self.empty}  loops {self.loops}  length {self.ratio:.2f}  {self.speed:.0f} words/s"
        )


def find_loop(text: str) -> bool:
    """Tell whether a few words, or a few characters, come again and again.

    >>> find_loop("the the the the end"), find_loop("ha ha, he said again and again")
    (True, False)
    """
    return bool(_LOOP.search(text))


def translate_lines(package: Path, lines: list[str], beam: int, threads: int = 1) -> list[str]:
    """Translate lines with a package as it lies on the disk: as Argos decodes, but with its shortlist, as Tolk does."""
    tokenizer = spm.SentencePieceProcessor(model_file=str(package / "sentencepiece.model"))
    translator = ctranslate2.Translator(str(package / "model"), device="cpu", inter_threads=threads, intra_threads=1)
    results = translator.translate_batch(
        tokenizer.encode(lines, out_type=str),
        beam_size=beam,
        length_penalty=0.2,
        replace_unknowns=True,
        use_vmap=(package / "model" / "vmap.txt").exists(),
        max_batch_size=1024,
        batch_type="tokens",
        max_decoding_length=_LONGEST,
    )
    return [tokenizer.decode(result.hypotheses[0]) for result in results]


def read_set(path: Path) -> tuple[list[str], list[str]]:
    """Read sources and references."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [row[0] for row in rows], [row[1] for row in rows]


def score_set(package: Path, path: Path, beam: int, limit: int | None = None) -> Score:
    """Translate (the first `limit` lines of) one set and score it."""
    sources, references = (side[:limit] for side in read_set(path))
    began = time.monotonic()
    outputs = translate_lines(package, sources, beam)
    seconds = time.monotonic() - began
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    words, wanted = (sum(len(line.split()) for line in lines) for lines in (sources, references))
    return Score(
        name=f"{path.parent.name}/{path.stem}",
        beam=beam,
        lines=len(sources),
        bleu=bleu.corpus_score(outputs, [references]).score,
        chrf=chrf.corpus_score(outputs, [references]).score,
        empty=sum(not line.strip() for line in outputs),
        loops=sum(find_loop(line) and not find_loop(source) for line, source in zip(outputs, sources, strict=True)),
        ratio=sum(len(line.split()) for line in outputs) / max(wanted, 1),
        speed=words / seconds,
        signatures=(str(bleu.get_signature()), str(chrf.get_signature())),
    )


def hide_word(line: str, symbol: str) -> str:
    """Put a symbol for the word in the middle of a line.

    >>> hide_word("Anna bor i Lund.", "\ue000") == "Anna bor \ue000 Lund."
    True
    """
    words = line.split()
    words[len(words) // 2] = symbol
    return " ".join(words)


def measure_copies(package: Path, lines: list[str]) -> float:
    """Return the share of lines whose middle word, a placeholder, comes out once and whole, greedily."""
    symbols = [PLACEHOLDERS[number % len(PLACEHOLDERS)] for number in range(len(lines))]
    hidden = [hide_word(line, symbol) for line, symbol in zip(lines, symbols, strict=True)]
    outputs = translate_lines(package, hidden, beam=1)
    return sum(output.count(symbol) == 1 for output, symbol in zip(outputs, symbols, strict=True)) / len(lines)


def evaluate_package(package: Path, folder: Path, beams: tuple[int, ...], limit: int | None = None) -> Iterator[Score]:
    """Score a package on each `folder/<its language>/*.tsv` at each beam."""
    language = json.loads((package / "metadata.json").read_text(encoding="utf-8"))["from_code"]
    for path in sorted((folder / language).glob("*.tsv")):
        for beam in beams:
            yield score_set(package, path, beam, limit)
