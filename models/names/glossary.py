"""Pair words of Swedish and Indonesian with their English for `pipeline/translate/words`: `glossary.py CORPORA OUT`.

CORPORA is a folder of `<language>-en.tsv.xz` (origin, source, English). OUT gets `glossary_<language>.txt.gz`, a line a
word: `word=English/English`, the likeliest first. Words are paired where a text is one word on both sides, or where two
words stand together in more than a third of the texts that have either (Dice's coefficient), or in more than half where
a word never stands alone.
"""

from __future__ import annotations

import gzip
import lzma
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

LANGUAGES = ("sv", "id")
MIN_DICE = 0.35
MIN_DICE_ALONE = 0.5
"""For a word that is no text of its own."""
MIN_TOGETHER = 4
MOST_ENGLISH = 4
LONGEST_LINE = 25
"""Words of a line that is counted: long ones say little about single words."""
WORD = re.compile(r"[^\W\d_]{2,}")
SOURCE = re.compile(r"[^\W\d_]{3,30}")
ENGLISH = re.compile(r"[a-z]{2,20}(?:[ -][a-z]{2,20})?")


def read_pairs(corpora: Path, lang: str) -> list[tuple[str, str]]:
    """Read a language's pairs in small letters."""
    with lzma.open(corpora / f"{lang}-en.tsv.xz", "rt", encoding="utf-8") as file:
        return [(row[1], row[2]) for row in (line.rstrip("\n").lower().split("\t") for line in file)]


def pair_words(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Give the English of each word, the likeliest first."""
    sources: Counter[str] = Counter()
    english: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    alone: dict[str, Counter[str]] = defaultdict(Counter)
    for source, target in pairs:
        word, said = source.strip(" .:!"), target.strip(" .:!").removeprefix("to ")
        if SOURCE.fullmatch(word) and ENGLISH.fullmatch(said):
            alone[word][said] += 1
        home, away = set(WORD.findall(source)), set(WORD.findall(target))
        if len(home) <= LONGEST_LINE and len(away) <= LONGEST_LINE:
            sources.update(home)
            english.update(away)
            together.update((one, other) for one in home for other in away)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for word, said in alone.items():
        for each, count in said.items():
            weight = 2 * together[word, each] / (sources[word] + english[each] or 1)
            found[word][each] = count + weight
    for (word, each), count in together.items():
        dice = 2 * count / (sources[word] + english[each])
        least = MIN_DICE if word in alone else MIN_DICE_ALONE
        if count >= MIN_TOGETHER and dice >= least and SOURCE.fullmatch(word) and ENGLISH.fullmatch(each):
            found[word][each] = max(found[word].get(each, 0), 3 * dice)
    return {word: sorted(said, key=lambda each: (-said[each], each))[:MOST_ENGLISH] for word, said in found.items()}


def main(corpora: Path, out: Path) -> None:
    """Write the glossaries."""
    for lang in LANGUAGES:
        rows = [f"{word}={'/'.join(said)}" for word, said in sorted(pair_words(read_pairs(corpora, lang)).items())]
        path = out / f"glossary_{lang}.txt.gz"
        path.write_bytes(gzip.compress("".join(f"{row}\n" for row in rows).encode(), mtime=0))
        print(path, path.stat().st_size, "bytes,", len(rows), "rows")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
