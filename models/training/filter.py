"""Corpora (origin, source, English; one `<language>-en.tsv.xz` each) → one weighted, filtered bitext."""

from __future__ import annotations

import lzma
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from models.training.origins import weigh_pair
from models.training.recipe import LANGUAGES, PLACEHOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Pair", "filter_corpora", "find_fault", "hide_fields", "read_bitext", "read_corpus"]

_FIELD = re.compile(r"%(?:\d+\$|\(\w+\))?[sd@]|%\d|%?\{\w+\}|\$\d\b(?![\d.,])")
_MARKUP = re.compile(
    r"<[^>]+>|%(?=\w)|%\(|\{\w*\}|\$[A-Za-z_]|&\w+;|&(?=\w)|\\[nt\"]|[_=<>|{}\[\]^~`]|::|https?://|\bwww\."
)
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff\uf900-\ufaff\ufe70-\ufeff]")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_NOT_LETTER = re.compile(r"[\W\d_]+")


class Pair(NamedTuple):
    """A source sentence and its English, with its language, where it is from, and how often to draw it."""

    language: str
    origin: str
    weight: float
    source: str
    english: str


def find_fault(source: str, english: str, max_words: int) -> str | None:
    """Name the first rule that a pair breaks, or None.

    >>> find_fault("Hunden sover på soffan.", "The dog sleeps on the sofa.", 80)
    >>> find_fault("Hunden sover på soffan.", "Dog", 80)
    'ratio'
    >>> find_fault("<b>Hunden</b> sover", "The dog sleeps", 80)
    'markup'
    """
    words, english_words = source.split(), english.split()
    if not words or not english_words or max(len(words), len(english_words)) > max_words:
        return "length"
    if _MARKUP.search(source) or _MARKUP.search(english):
        return "markup"
    if _OTHER_SCRIPT.search(source) or _OTHER_SCRIPT.search(english) or _letters(source) < 0.6 * len(source):
        return "script"
    if not 0.4 < (len(source) + 6) / (len(english) + 6) < 2.4:
        return "ratio"
    return _find_untranslated(source, english) or _find_number_fault(source, english)


def hide_fields(source: str, english: str) -> tuple[str, str]:
    """Put placeholder symbols for the fields of a message, where both sides hold the same ones.

    >>> hide_fields("Öppna %s", "Open %s") == ("Öppna \ue000", "Open \ue000")
    True
    """
    fields = _FIELD.findall(source)
    if not fields or sorted(fields) != sorted(_FIELD.findall(english)) or len(fields) > 4:
        return source, english
    symbols = dict(zip(dict.fromkeys(fields), PLACEHOLDERS, strict=False))
    hidden = (_FIELD.sub(lambda field: symbols[field.group()], side) for side in (source, english))
    return next(hidden), next(hidden)


def _letters(text: str) -> int:
    return sum(character.isalpha() or character == " " for character in text)


def _find_untranslated(source: str, english: str) -> str | None:
    words, english_words = _WORD.findall(source.casefold()), set(_WORD.findall(english.casefold()))
    shared = sum(word in english_words for word in words)
    if not words:
        return "script"
    return "untranslated" if len(words) > 3 and shared > 0.7 * len(words) else None


def _find_number_fault(source: str, english: str) -> str | None:
    numbers, others = set(_NUMBER.findall(source)), set(_NUMBER.findall(english))
    return "numbers" if max(len(numbers), len(others)) > 1 and not numbers & others else None


def read_corpus(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (origin, source, English) from an xz-packed file of three columns."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            if len(columns) == 3:
                yield columns[0], columns[1].strip(), columns[2].strip()


def _filter_language(
    language: str, rows: Iterable[tuple[str, str, str]], max_words: int, faults: Counter[str]
) -> Iterator[Pair]:
    """Drop faulty pairs and near-duplicates: pairs whose sources have the same letters in the same order."""
    seen: set[int] = set()
    for origin, *sides in rows:
        source, english = hide_fields(*sides)
        key = hash(_NOT_LETTER.sub("", source.casefold()))
        fault = "duplicate" if key in seen else find_fault(source, english, max_words)
        faults[f"{language} {fault or 'kept'}"] += 1
        if not fault:
            seen.add(key)
            yield Pair(language, origin, weigh_pair(language, origin, len(source.split())), source, english)


def filter_corpora(corpora: Path, bitext: Path, max_words: int) -> Counter[str]:
    """Write the bitext (language, origin, weight, source, English) and return what was kept and dropped, by rule."""
    faults: Counter[str] = Counter()
    partial = bitext.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as out:
        for language in LANGUAGES:
            rows = read_corpus(corpora / f"{language}-en.tsv.xz")
            for pair in _filter_language(language, rows, max_words, faults):
                out.write(f"{pair.language}\t{pair.origin}\t{pair.weight:g}\t{pair.source}\t{pair.english}\n")
    partial.replace(bitext)
    return faults


def read_bitext(path: Path) -> list[Pair]:
    """Read what `filter_corpora` wrote."""
    with path.open(encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return [Pair(row[0], row[1], float(row[2]), row[3], row[4]) for row in rows]
