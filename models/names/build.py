"""List names and words of Swedish and Indonesian for `pipeline/translate/words`: `build.py CORPORA LINES OUT`.

CORPORA is a folder of `<language>-en.tsv.xz` (origin, source, English), LINES one of `<language>.txt`. OUT gets
`names_<language>.txt.gz` (`name` or `name=English/other English`) and `words_<language>.txt.gz`, which holds what is
written in small letters. Names are those of the tables beside this file, written by hand, and those that the texts have
with a capital inside sentences and the English side has too; words are what the texts have in small letters, and those
of `words_<language>.txt`. No sentence is kept.
"""

from __future__ import annotations

import gzip
import lzma
import re
import sys
from collections import Counter
from pathlib import Path

LANGUAGES = ("sv", "id")
MIN_COUNT = 2
"""How often the texts have a word in small letters."""
MIN_NAME = 2
"""How often they have a name inside a sentence."""
LIKE_ENGLISH = 0.7
"""Share of these places where the English side has it letter by letter."""
RARELY = 20
"""A name is so many times as often with a capital as in small letters."""
NO_NAME, MIN_NO_NAME = 0.05, 5
"""A word that is written with a capital, but so seldom in the English too, is none of either: `Anda`, you."""
SHORTEST = 3
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
OPENING, STARTS = " \"'“”‘’(«", ("", *".!?:;–—-…•*|/>")


class Cases:
    """How often words stand in small letters, and with a capital inside a sentence, by their small letters."""

    def __init__(self) -> None:
        self.low: Counter[str] = Counter()
        self.high: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        """How often the English side has the word with its capital too."""

    def count(self, text: str, english: str) -> None:
        """Count a text's words."""
        given = set(WORD.findall(english))
        for match in WORD.finditer(text):
            word = match.group()
            if word.islower():
                self.low[word] += 1
            elif word[1:].islower() and text[: match.start()].rstrip(OPENING)[-1:] not in STARTS:
                self.high[word.lower()] += 1
                self.kept[word.lower()] += word in given


def count_cases(corpora: Path, lines: Path, lang: str) -> Cases:
    """Count the words of a language's texts."""
    cases = Cases()
    with lzma.open(corpora / f"{lang}-en.tsv.xz", "rt", encoding="utf-8") as file:
        for row in file:
            _, source, english, *_ = row.rstrip("\n").split("\t")
            cases.count(source, english)
    for text in (lines / f"{lang}.txt").read_text(encoding="utf-8").split("\n"):
        for match in WORD.finditer(text):
            cases.low[match.group()] += match.group().islower()
    return cases


def list_words(cases: Cases, names: dict[str, str], lang: str) -> list[str]:
    """List what is written in small letters."""
    low, high = cases.low, cases.high
    counted = {word for word, count in low.items() if word.isalpha() and count >= MIN_COUNT and 2 * count > high[word]}
    capital = {word for word, count in high.items() if count >= MIN_NO_NAME and cases.kept[word] <= NO_NAME * count}
    counted |= {word for word in capital if word.isalpha() and word.capitalize() not in names}
    single = {name.lower() for name in names if low[name.lower()] <= max(1, high[name.lower()])}
    return sorted((counted - single) | set(read_beside(f"words_{lang}.txt").split()))


def list_names(cases: Cases, lang: str) -> dict[str, str]:
    """List names, each with its English forms, none where it is written alike."""
    found = {
        word.capitalize(): ""
        for word, count in cases.high.items()
        if word.isalpha() and len(word) >= SHORTEST and count >= MIN_NAME and cases.kept[word] >= LIKE_ENGLISH * count
        if count >= RARELY * cases.low[word]
    }
    for file in ("world.txt", f"{lang}.txt"):
        table = read_beside(file).replace("\n", "|").strip("|")
        found |= {name: english for name, _, english in (each.partition("=") for each in table.split("|"))}
    words = set(read_beside(f"words_{lang}.txt").split())
    return {name: english for name, english in found.items() if name.lower() not in words}


def read_beside(name: str) -> str:
    """Read a table beside this file."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def main(corpora: Path, lines: Path, out: Path) -> None:
    """Write the lists."""
    for lang in LANGUAGES:
        cases = count_cases(corpora, lines, lang)
        names = list_names(cases, lang)
        rows = [f"{name}={english}" if english else name for name, english in sorted(names.items())]
        for kind, lines_of in (("words", list_words(cases, names, lang)), ("names", rows)):
            path = out / f"{kind}_{lang}.txt.gz"
            path.write_bytes(gzip.compress("".join(f"{row}\n" for row in lines_of).encode(), mtime=0))
            print(path, path.stat().st_size, "bytes,", len(lines_of), "rows")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
