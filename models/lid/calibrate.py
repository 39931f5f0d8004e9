"""Fit how far the weights and the lexicon are trusted, and write `calibration.json`: `calibrate.py LINES.tsv`.

The lines are new to both: TSV of language, kind, text, with a header. Printed are how many lines their words settle,
and the kinds' macro-F1 over sv, id, en and other, each half of the lines scored with what was fitted on the other half.
Needs NumPy and a minute.
"""

from __future__ import annotations

import argparse
import bisect
import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from train import CODES, CORE  # noqa: E402 — from this folder

from pipeline.detect.classifier import (  # noqa: E402 — from the checkout
    CALIBRATION_FILE,
    LABEL_PREFIX,
    LEXICON_FILE,
    MIN_WEIGHT,
    SHORT_CHARS,
    WEIGHTS_FILE,
    Calibration,
    find_words,
    needs_lexicon,
    open_weights,
)
from pipeline.detect.lexicon import Lexicon  # noqa: E402

LETTERS = (5, 8, 12, 17, 25, 40, 70, 120)
LONG = 70
INDONESIAN = 1.8
"""How many times its due Indonesian counts in lines of more than `LONG` letters: to lose it costs more than to take in
a Malay sentence, which seldom stands alone.
"""
STEPS = 120


def read_labelled(path: Path) -> list[tuple[str, str, str]]:
    """Language, kind and words of the lines to fit on."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:])
    return [(language, kind, find_words(text)) for language, kind, text in rows]


class Fit:
    """What the weights and the words say of labelled lines, and what makes the best of both."""

    def __init__(self, folder: Path, lines: list[tuple[str, str, str]]) -> None:
        predict, lexicon = open_weights(folder / WEIGHTS_FILE), Lexicon(folder / LEXICON_FILE)
        self.labels = sorted(label.removeprefix(LABEL_PREFIX) for _, label in predict("a\n", -1, 0.0, "strict"))
        column = {label: n for n, label in enumerate(self.labels)}
        self.weights = np.full((len(lines), len(self.labels)), math.log(MIN_WEIGHT), dtype=np.float32)
        self.words = np.zeros_like(self.weights)
        self.leaders: list[str | None] = []
        for n, (_, _, words) in enumerate(lines):
            found = predict(words + "\n", -1, MIN_WEIGHT, "strict")
            for probability, label in found:
                self.weights[n, column[label.removeprefix(LABEL_PREFIX)]] = math.log(probability)
            against, unknown = lexicon.look_up(words)
            self.leaders.append(lexicon.find_leader(against, unknown) if len(words) > SHORT_CHARS else None)
            if against and needs_lexicon(words, found):
                self.words[n] = [-against[lexicon.columns.get(label, -1)] for label in self.labels]
        self.gold = np.array([column[language] for language, _, _ in lines])
        self.bucket = np.array([bisect.bisect_left(LETTERS, len(words)) for _, _, words in lines])
        self.core = np.array([label in CORE for label in self.labels])
        self.open = np.array([leader is None for leader in self.leaders])

    def share_out(self, chosen: np.ndarray) -> np.ndarray:
        """How much each line counts: in a bucket, each core language a quarter, all the others together another."""
        weight = np.zeros(len(self.gold))
        for bucket in range(len(LETTERS) + 1):
            here = chosen & (self.bucket == bucket)
            size = np.bincount(self.gold[here], minlength=len(self.labels)).astype(float)
            share = np.where(self.core, 1.0, 1 / max(1, (size[~self.core] > 0).sum()))
            if bucket > LETTERS.index(LONG):
                share[self.labels.index("id")] *= INDONESIAN
            weight[here] = (share / np.maximum(size, 1))[self.gold[here]]
        return weight / weight.sum()

    def score(self, constants: tuple[np.ndarray, np.ndarray, np.ndarray], rows: np.ndarray | slice) -> np.ndarray:
        """The logarithm of each language's weight."""
        sharpness, trust, bias = (part[self.bucket[rows]] for part in constants)
        return sharpness[:, None] * self.weights[rows] + trust[:, None] * self.words[rows] + bias

    def run(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Find the sharpness, the trust in words and the bias under which the chosen lines are likeliest (Adam)."""
        chosen = chosen & self.open
        rows = np.flatnonzero(chosen)
        weight, bucket, gold = self.share_out(chosen)[rows], self.bucket[rows], self.gold[rows]
        size = len(LETTERS) + 1
        constants = (np.ones(size), np.full(size, 0.3), np.zeros((size, len(self.labels))))
        means, squares = [np.zeros_like(c) for c in constants], [np.zeros_like(c) for c in constants]
        for step in range(1, STEPS + 1):
            scores = self.score(constants, rows)
            scores -= scores.max(axis=1, keepdims=True)
            wrong = np.exp(scores)
            wrong /= wrong.sum(axis=1, keepdims=True)
            wrong[np.arange(len(rows)), gold] -= 1
            wrong *= weight[:, None]
            slopes = (
                np.bincount(bucket, (wrong * self.weights[rows]).sum(axis=1), size),
                np.bincount(bucket, (wrong * self.words[rows]).sum(axis=1), size),
                np.stack([wrong[bucket == n].sum(axis=0) for n in range(size)]) * self.core,
            )
            rate = 0.08 * (1 - step / (STEPS + 1)) ** 0.5
            for constant, slope, mean, square in zip(constants, slopes, means, squares, strict=True):
                mean[...] += 0.1 * (slope - mean)
                square[...] += 0.02 * (slope * slope - square)
                constant[...] -= rate * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.98**step)) + 1e-9)
        return constants

    def decide(self, constants: tuple[np.ndarray, np.ndarray, np.ndarray], rows: np.ndarray) -> list[str]:
        """The likeliest language of each line."""
        likeliest = self.score(constants, rows).argmax(axis=1)
        return [self.leaders[row] or self.labels[n] for row, n in zip(rows, likeliest, strict=True)]

    def check_leaders(self) -> None:
        """Print how many long lines the words settle, and how many of them rightly."""
        settled = [(leader, self.labels[n]) for leader, n in zip(self.leaders, self.gold, strict=True) if leader]
        right = sum(CODES.get(leader, leader) == language for leader, language in settled)
        core = [leader == language for leader, language in settled if {leader, language} & {*CORE}]
        print(
            f"{len(settled)} of {len(self.gold)} lines are clear from their words, {100 * right / len(settled):.2f} % "
            f"of them right; {100 * sum(core) / len(core):.2f} % where a core language was said or should have been"
        )

    def table(self, constants: tuple[np.ndarray, np.ndarray, np.ndarray]) -> dict[str, object]:
        """The constants as `calibration.json` holds them."""
        sharpness, trust, bias = constants
        named = [n for n, label in enumerate(self.labels) if label in CORE]
        return {
            "letters": LETTERS,
            "sharpness": [round(float(value), 3) for value in sharpness],
            "trust": [round(float(value), 3) for value in trust],
            "prior": [{self.labels[n]: round(math.exp(row[n]), 3) for n in named} for row in bias],
            "codes": CODES,
        }


def macro_f1(cases: list[tuple[str, str]]) -> float:
    """Macro-F1 in percent of (language, found) over the core languages and the rest, which weigh the same."""
    size = Counter(language for language, _ in cases)
    core = sum(n for language, n in size.items() if language in CORE) / len(CORE)
    scale = core / sum(n for language, n in size.items() if language not in CORE)
    hits: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for language, found in cases:
        wanted, got = (code if code in CORE else "other" for code in (language, found))
        for one in (wanted, got):
            hits[wanted == got][one] += scale if wanted == "other" else 1.0
    scores = [hits[True][one] / (hits[True][one] + hits[False][one]) for one in (*CORE, "other")]
    return 100 * sum(scores) / len(scores)


def check_halves(fit: Fit, lines: list[tuple[str, str, str]]) -> None:
    """Print what a fit on one half of the sentences does on the other."""
    seen: Counter[str] = Counter()
    halves = []
    for language, kind, _ in lines:
        seen[language] += kind == "sentence"
        halves.append(seen[language] % 2)
    half = np.array(halves)
    cases: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in (0, 1):
        rows = np.flatnonzero(half != one)
        for n, found in zip(rows, fit.decide(fit.run(half == one), rows), strict=True):
            cases[lines[n][1]].append((lines[n][0], found))
    for kind, found in cases.items():
        malay = [got for language, got in found if language == "ms"]
        lost = [got for language, got in found if language == "id"]
        print(
            f"{kind:10} {macro_f1(found):6.2f}, ms taken for id {100 * malay.count('id') / max(1, len(malay)):.1f} %, "
            f"id for ms {100 * sum(got in {'ms', *CODES} for got in lost) / max(1, len(lost)):.1f} %"
        )


def main() -> None:
    """Read, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lines", type=Path)
    parser.add_argument("--out", type=Path, default=HERE, help=f"a folder that holds {WEIGHTS_FILE} and {LEXICON_FILE}")
    args = parser.parse_args()
    lines = [line for line in read_labelled(args.lines) if line[2]]
    fit = Fit(args.out, lines)
    fit.check_leaders()
    check_halves(fit, lines)
    table = fit.table(fit.run(np.ones(len(lines), dtype=bool)))
    Calibration(**table)
    (args.out / CALIBRATION_FILE).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
