"""Lists by language: names of people and places, words written in small letters, and the English of single words.

`names_*.txt.gz` holds a name a line, with its English forms where those differ; `words_*.txt.gz` a word a line, and
`glossary_*.txt.gz` a word with its English. `models/names/` has what writes them.
"""

from __future__ import annotations

import functools
import gzip
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("sv", "id")
_SHORTEST_PART: Final = 4
"""Letters of a part of a compound: shorter ones are found in any name."""


def is_word(word: str, lang: str) -> bool:
    """Tell whether a language has a word in small letters, or makes one of two such.

    >>> is_word("bröd", "sv"), is_word("uppsala", "sv"), is_word("hujan", "id"), is_word("vinterskola", "sv")
    (True, False, True, True)
    """
    words = read_words(lang)
    return word in words or (lang == "sv" and any(word[:at] in words and word[at:] in words for at in _cuts(word)))


def _cuts(word: str) -> range:
    return range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)


@functools.cache
def read_words(lang: str) -> frozenset[str]:
    """Read a language's words; another language has none."""
    return frozenset(_read("words", lang))


@functools.cache
def read_names(lang: str) -> dict[str, tuple[str, ...]]:
    """Read a language's names, each with what English calls it, the usual form first.

    >>> read_names("sv")["Wien"], read_names("id")["Medan"]
    (('Vienna',), ('Medan',))
    """
    rows = (row.partition("=") for row in _read("names", lang))
    return {name: tuple((english or name).split("/")) for name, _, english in rows}


@functools.cache
def read_glossary(lang: str) -> dict[str, str]:
    """Read what English has for a language's words, the likeliest first, with a slash between.

    >>> read_glossary("id")["kucing"]
    'cat/cats'
    """
    return dict(row.split("=") for row in _read("glossary", lang))


def _read(kind: str, lang: str) -> list[str]:
    if lang not in LANGUAGES:
        return []
    packed = (files("pipeline.translate.words") / f"{kind}_{lang}.txt.gz").read_bytes()
    return gzip.decompress(packed).decode().split("\n")[:-1]
