"""Count the words of each language and write `lexicon.txt`: `lexicon.py LINES… --bitext FILE…`.

LINES are folders as `train.py` reads them; a bitext is `<language>-en.tsv.xz` (origin, source, English). Needs a few
minutes; `calibrate.py` comes after it.
"""

from __future__ import annotations

import argparse
import lzma
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from train import read_lines, read_phrases, read_respelling, respell  # noqa: E402 — from this folder

from pipeline.detect.classifier import LEXICON_FILE, find_words  # noqa: E402 — from the checkout

SMOOTHING = 0.5
"""Added to every count of a word."""
VOCABULARY = 60_000
"""Words that a language is thought to have, seen or not."""
FAINTEST = 5
"""A word speaks against a language with no more than this (nats)."""
MIN_COUNT = 6
"""Words seen less often are left to the weights, which know their n-grams."""
PHRASE_COUNT = 3
"""How often a phrase counts: it was written down because it is frequent."""
INFORMAL = 3
"""Least that an informal Indonesian word speaks against the languages of its family (nats)."""
SHARED = 1
"""The same against those that have the word too."""
FAMILY = ("bjn", "jv", "min", "ms", "su")
MACHINE_MADE = ("_mt", "_ht")
"""Endings of a bitext's origins that are left out."""


def count_words(folders: list[Path], bitexts: list[Path]) -> dict[str, Counter[str]]:
    """How often each language's lines, phrases and half of the bitexts say each word."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    by_language = read_lines(folders)
    malay = respell(by_language["id"], read_respelling(HERE / "respell.tsv"))
    for language, lines in [*by_language.items(), ("ms", malay[: len(by_language["ms"])])]:
        for line in lines:
            counts[language].update(line.split())
    for language, phrases in read_phrases(HERE / "phrases").items():
        for phrase in phrases:
            for word in phrase.split():
                counts[language][word] += PHRASE_COUNT
    for path in bitexts:
        count_bitext(path, counts)
    return counts


def count_bitext(path: Path, counts: dict[str, Counter[str]]) -> None:
    """Add the words of a bitext, each once a line."""
    language = path.name.partition("-")[0]
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for row in file:
            origin, source, english = row.rstrip("\n").split("\t")[:3]
            if not origin.endswith(MACHINE_MADE):
                counts[language].update(set(find_words(source).split()))
                counts["en"].update(set(find_words(english).split()))


def rate_words(counts: dict[str, Counter[str]], languages: list[str]) -> dict[str, list[str]]:
    """Group the words by what they say against each language, a digit a language: nats below the likeliest."""
    size = {language: sum(counts[language].values()) + SMOOTHING * VOCABULARY for language in languages}
    total: Counter[str] = Counter()
    for language in languages:
        total.update(counts[language])
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(word for word, count in total.items() if count >= MIN_COUNT):
        likely = [math.log((counts[language][word] + SMOOTHING) / size[language]) for language in languages]
        most = max(likely)
        groups["".join(str(min(FAINTEST, round(most - value))) for value in likely)].append(word)
    return groups


def read_informal(path: Path) -> dict[str, list[str]]:
    """Informal Indonesian words, each with the languages of the family that have it too."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:])
    return {word: also.split() for words, also in rows for word in words.split()}


def rate_informal(groups: dict[str, list[str]], informal: dict[str, list[str]], languages: list[str]) -> None:
    """Let informal words speak for Indonesian.

    What there is to learn from is formal, and a word seen seldom looks likeliest where there is least text.
    """
    rated = {word: row for row, words in groups.items() for word in words if word in informal}
    for word, row in rated.items():
        groups[row].remove(word)
    for word, also in informal.items():
        row = dict(zip(languages, map(int, rated.get(word, str(FAINTEST) * len(languages))), strict=True))
        near = min(row[language] for language in languages if language not in (*FAMILY, "id"))
        row["id"] = SHARED if near == 0 else 0  # the word is as much another language's
        for language in FAMILY:
            row[language] = max(row[language], SHARED if language in also else INFORMAL)
        groups["".join(map(str, row.values()))].append(word)


def write_lexicon(groups: dict[str, list[str]], languages: list[str], path: Path) -> None:
    """Write the languages, then a line for each group of words."""
    rows = [" ".join([row, *sorted(words)]) for row, words in sorted(groups.items()) if words]
    path.write_text("\n".join([" ".join(languages), *rows]) + "\n", encoding="utf-8")


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lines", type=Path, nargs="+")
    parser.add_argument("--bitext", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=HERE)
    args = parser.parse_args()
    counts = count_words(args.lines, args.bitext)
    languages = sorted(counts)
    groups = rate_words(counts, languages)
    rate_informal(groups, read_informal(HERE / "informal.tsv"), languages)
    write_lexicon(groups, languages, args.out / LEXICON_FILE)


if __name__ == "__main__":
    main()
