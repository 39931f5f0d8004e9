"""Count where letters and marks outside ASCII stand, and Swedish words that hold one: `build.py TEXTS OUT`.

TEXTS is a folder of `<language>.txt`, one line of clean text a line. OUT, the import package, gets `letters.txt`
(contexts) and `repair/words.txt.xz` (Swedish words by frequency, and the names of `names.txt`, which few texts have),
of which `undotted.py` makes one more list. Counts of letters and words are facts; no sentence is kept.
"""

from __future__ import annotations

import lzma
import math
import random
import re
import sys
from collections import Counter
from pathlib import Path

from pipeline.letters import fold
from pipeline.repair.words import fold_neighbour

WEIGHTS = {"sv": 6.0, "id": 3.0, "en": 3.0}
OTHERS = 3.0
"""How much a language's lines count, so that the three that matter outweigh their neighbours."""
LINES = 150_000
CURLED, CAPITALS = 0.4, 0.05
"""Shares of lines whose quotes are curled and that are repeated in capitals."""
EXTRA_WEIGHT = 100.0
MARKS, MARKS_WEIGHT = "’‘“”–—…", 5.0
"""Typographic marks, of which documentation has fewer than news."""
CONTEXT = re.compile(r"(?<=(.))([^\x00-\x7f])(?=(.))", re.DOTALL)
LONGEST, COMMON, TELLING = 30, 8, 6
TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
WORD = re.compile(r"[A-Za-zÅÄÖåäöÉé]*[ÅÄÖåäöÉé][A-Za-zÅÄÖåäöÉé]*")
GARBLED = re.compile(r"[ÃÂ][\x80-\xbf¤¥¶]|â€|\ufffd|Ð.Ð")
QUOTES = {
    "sv": "””’",
    "de": "„“’",
    "da": "»«’",
    "nb": "«»’",
    "nn": "«»’",
    "fr": "«»’",
    "et": "„”’",
    "is": "„“’",
    "pl": "„”’",
    "fo": "„“’",
    "fi": "””’",
}


EXTRA = """\
costs £125m|for £11 million|(£500)|up to £2.8bn|£5 / €6|€20.|(€6)|20 €|5€ |pris: 20 €,|¥500|¢|$5–£6|"£5"|”£5|£5”
10\u00a0000 kr|100\u00a0000\u00a0000|25\u00a0%|5\u00a0km|5\u00a0°C|30 °C|90°|§\u00a012|§ 12|(§ 3)|ord\u00a0– ord
text\u00a0… text|kl.\u00a012|© 2024|©2024|Copyright © Bolag|®|Bolag® säljer|Bolag®,|™ |Bolag™ |Bolag™,|½ dl|1½ |¼ dl
¾ dl|5 m² |5 m²,|m³ |±5|± 5|5×6|5 × 6|µm|5 µm|à la carte|5 à 6|Läs mer »|« Tillbaka|» mer|• punkt|· punkt|ord · ord
ord • ord|→ mer|mer →|1990–1991|Malmö–Lund|A–Ö|mån–fre|9–17|– Hej|—Hello|word—word|word — word|S:t|”Hej|”Å|”Ä|”Ö|‘ya’
“Hello|’tis|’90|the 1990s’ end|“free”…|word’…|he said,’ she|‘“Yes|yes”’|boys’ room|”–|”,|(“A|“£5|word…”|”?|’?|”!
1¼ |(¼|(½|2½,|1¾ |(¾|¼-|½-|† note|word†|word† and|‡ note|(†)|word‡
""".replace("|", "\n").split("\n")
"""Marks that typewritten training text lacks."""
NAMES = Path(__file__).with_name("names.txt").read_text(encoding="utf-8").split()
"""Places and people, beside those of the texts."""
NAME_COUNT = 16
"""How often each counts as seen, at least."""


def main(texts: Path, out: Path) -> None:
    """Count, and write both tables."""
    contexts: Counter[tuple[str, str, str]] = Counter()
    home: Counter[tuple[str, str, str]] = Counter()
    words: Counter[tuple[str, str, str]] = Counter()
    for path in sorted(texts.glob("*.txt")):
        chance = random.Random(path.stem)  # noqa: S311 - the same lines every time
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not GARBLED.search(line)]
        if path.stem == "sv":
            words.update(word for line in lines for word in _words(line))
        chance.shuffle(lines)
        counted: Counter[tuple[str, str, str]] = Counter()
        for line in lines[:LINES]:
            curled = _curl(line, path.stem) if chance.random() < CURLED else line
            _count(counted, curled, WEIGHTS.get(path.stem, OTHERS))
            if chance.random() < CAPITALS:
                _count(counted, curled.upper(), WEIGHTS.get(path.stem, OTHERS))
        contexts.update(counted)
        if path.stem in WEIGHTS:
            home.update(counted)
    for line in EXTRA:
        _count(contexts, line, EXTRA_WEIGHT)
        _count(home, line, EXTRA_WEIGHT)
    _write_contexts(contexts, out / "letters.txt")
    _write_contexts(home, out / "letters_home.txt")
    _write_words(words, out)


def _count(contexts: Counter[tuple[str, str, str]], line: str, weight: float) -> None:
    for left, char, right in CONTEXT.findall(f" {line} "):
        found = (fold(left), char, fold(right))
        contexts[found] += weight * (MARKS_WEIGHT if char in MARKS else 1)  # type: ignore[assignment]


def _curl(line: str, lang: str) -> str:
    """Set typewriter marks as typographers would: training text has few of them, real pages many."""
    opening, closing, apostrophe = tuple(QUOTES.get(lang, "“”’"))
    line = re.sub(r"(^|[\s(])\"(?=\S)", rf"\1{opening}", line).replace('"', closing)
    line = re.sub(r"(?<=[A-Za-z])'(?=[A-Za-z])", apostrophe, line)
    line = re.sub(r"(^|[\s(])'(?=\w)", r"\1‘", line)
    line = re.sub(r"(?<=[\w.,!?])'(?=\W|$)", "’", line)
    line = re.sub(r"(?<=\d)-(?=\d)", "–", line)
    return re.sub(r"\.\.\.+", "…", re.sub(r" --? ", " – " if len(line) % 3 else " — ", line))


def _words(line: str) -> list[tuple[str, str, str]]:
    """Take the line's words with their neighbours; a first word's capital says nothing, so it is lowered."""
    found = []
    tokens = [(match.start(), match.group()) for match in TOKEN.finditer(line)]
    for number, (start, word) in enumerate(tokens):
        if not WORD.fullmatch(word):
            continue
        first = not line[:start].strip(" -–•*\"”'(") or line[:start].rstrip()[-1:] in ".!?:"
        before = fold_neighbour(tokens[number - 1][1]) if number else ""
        after = fold_neighbour(tokens[number + 1][1]) if number + 1 < len(tokens) else ""
        found.append((word.lower() if word.isupper() or first else word, before, after))
    return found


def _write_contexts(contexts: Counter[tuple[str, str, str]], path: Path) -> None:
    """Write a character a line with the contexts it was met in, each with ten times the logarithm of its share."""
    total = sum(contexts.values())
    rows: dict[str, list[str]] = {}
    for (left, char, right), count in sorted(contexts.items()):
        if count >= 2 and (char.isprintable() or char.isspace()):
            rows.setdefault(char, []).append(f"{left}{right}{round(-10 * math.log(count / total))}")
    kept = {char: row for char, row in rows.items() if len(row) > 1}
    path.write_text("".join("\t".join((char, *row)) + "\n" for char, row in kept.items()), encoding="utf-8")
    print(path, path.stat().st_size, "bytes,", len(kept), "characters")


def _write_words(found: Counter[tuple[str, str, str]], out: Path) -> None:
    """Write words with the logarithm of their count, other cases of a word added to its commonest, and their pairs."""
    words: Counter[str] = Counter()
    for (word, _, _), count in found.items():
        words[word] += count
    best: dict[str, tuple[str, int]] = {}
    for word, count in words.most_common():
        name, so_far = best.get(word.lower(), (word, 0))
        best[word.lower()] = (name, so_far + count)
    for name in NAMES:
        best[name.lower()] = (name, max(NAME_COUNT, best.get(name.lower(), (name, 0))[1]))
    kept = {name: n for name, n in sorted(best.values()) if len(name) < LONGEST and (n > 1 or name.islower())}
    _write_packed(out / "repair" / "words.txt.xz", [f"{name}\t{round(4 * math.log2(n))}" for name, n in kept.items()])
    _write_packed(out / "repair" / "pairs.txt.xz", _pairs(found, kept))


def _pairs(found: Counter[tuple[str, str, str]], words: dict[str, int]) -> list[str]:
    """List which neighbours tell words apart that differ in a letter outside ASCII alone."""
    groups: dict[str, list[str]] = {}
    for word, count in words.items():
        if count >= COMMON:
            groups.setdefault(fold_neighbour(word), []).append(word.lower())
    rivals = {word: group for group in groups.values() if len(group) > 1 for word in group}
    counts: Counter[tuple[str, str]] = Counter()
    totals: Counter[str] = Counter()
    for (word, before, after), count in found.items():
        if word.lower() in rivals:
            totals[word.lower()] += count
            counts[word.lower(), "<" + before] += count
            counts[word.lower(), ">" + after] += count
    rows: dict[str, list[str]] = {}
    for word, beside in sorted(counts):
        share = (counts[word, beside] + 0.3) / totals[word]
        others = [(counts[rival, beside] + 0.3) / max(1, totals[rival]) for rival in rivals[word] if rival != word]
        gain = round(4 * math.log2(share / max(others)))
        if gain >= TELLING and counts[word, beside] >= 2:
            rows.setdefault(word, []).append(f"{beside}\t{gain}")
    return ["\t".join([word, *row]) for word, row in rows.items()]


def _write_packed(path: Path, lines: list[str]) -> None:
    path.write_bytes(lzma.compress("".join(f"{line}\n" for line in lines).encode(), preset=9))
    print(path, path.stat().st_size, "bytes,", len(lines), "lines")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
