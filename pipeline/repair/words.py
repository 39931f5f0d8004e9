"""Swedish words that hold å, ä, ö or é, to tell which letter each hole in a word was.

`words.txt.xz` lists them with their frequency. Words that are the same but for these letters share a skeleton: the word
in lower case, with holes. `pairs.txt.xz` lists what their neighbours tell. `models/letters/build.py` writes both.
"""

from __future__ import annotations

import functools
import lzma
import re
from collections import Counter, defaultdict
from importlib.resources import files
from typing import Final

HOLE: Final = "\ufdd0"
"""Stands for one lost letter; no character at all, while pages have private ones for their icons."""
MARGIN: Final = 11
"""How much commoner the likeliest word must be than the next: scores are four times the binary logarithm of a count."""
FRAMES: Final = ((4, 4), (3, 4), (4, 3), (3, 3), (2, 4), (4, 2), (2, 3), (3, 2))
"""Letters to the left and right that make a neighbourhood, widest first."""
SHARE: Final = 0.92
"""Share of the words with the same neighbourhood that must agree on a letter."""
EVIDENCE: Final = 8
"""Weight of words that a neighbourhood needs, each counting by the logarithm of its frequency."""
LEAST_PART: Final = 4
"""Shortest part of a compound that is looked up by itself."""
_RIVAL: Final = 60
"""Words rarer than the likeliest by more than this are no rivals, whatever stands beside them."""
_LETTER: Final = re.compile("[åäöé]")
"""A letter that may be lost."""


def fold_neighbour(token: str) -> str:
    """Fold a word's neighbour so that it reads the same where its own letters are lost."""
    if not token or token.isdigit():
        return token[:1] and "0"
    return _LETTER.sub(HOLE, token.lower()) if token.isalpha() or HOLE in token else "."


@functools.cache
def _lexicon() -> dict[str, list[tuple[int, str]]]:
    """Load the words by their skeleton, commonest first."""
    lexicon = defaultdict(list)
    for row in _read_words().splitlines():
        word, score = row.split("\t")
        lexicon[_LETTER.sub(HOLE, word.lower())].append((int(score), word))
    return {skeleton: sorted(words, reverse=True) for skeleton, words in lexicon.items()}


@functools.cache
def _listed() -> frozenset[str]:
    """Load the words alone, in lower case: most texts need no more, and their skeletons take five times as long."""
    return frozenset(_read_words().lower().replace("\t", "\n").split("\n")[:-1:2])


def _read_words() -> str:
    """Read the list: a line for each word, with its score."""
    return lzma.decompress((files("pipeline.repair") / "words.txt.xz").read_bytes()).decode()


@functools.cache
def _neighbourhoods() -> dict[tuple[str, str], Counter[str]]:
    """Count which letters the listed words have between the same neighbours, up to four on either side."""
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for skeleton, words in _lexicon().items():
        for score, word in words:
            for match in _LETTER.finditer(word.lower()):
                for left, right in _frames(skeleton, match.start()):
                    counts[left, right][match.group()] += score + 4
    return dict(counts)


def _frames(skeleton: str, at: int) -> list[tuple[str, str]]:
    """Give the neighbourhoods of a place in a word, widest first; word ends are part of them."""
    padded = f"^{skeleton}$"
    at += 1
    return [(padded[max(0, at - n) : at], padded[at + 1 : at + 1 + m]) for n, m in FRAMES]


def is_listed(holed: str) -> bool:
    """Tell whether any listed word fits, be it one or several."""
    return holed.lower() in _lexicon()


def is_word(word: str) -> bool:
    """Tell whether a word with å, ä, ö or é is listed."""
    return word.lower() in _listed()


@functools.cache
def _pairs() -> dict[tuple[str, str], int]:
    """Load what neighbours say for a word against those that share its skeleton."""
    pairs: dict[tuple[str, str], int] = {}
    packed = (files("pipeline.repair") / "pairs.txt.xz").read_bytes()
    for row in lzma.decompress(packed).decode().split("\n")[:-1]:
        word, *found = row.split("\t")
        pairs |= {(word, beside): int(gain) for beside, gain in zip(found[::2], found[1::2], strict=True)}
    return pairs


@functools.lru_cache(2**12)
def fill_word(
    holed: str, before: str = "", after: str = "", *, guess: bool = True, parts_only: bool = False
) -> str | None:
    """Fill the holes of a word where one letter each fits, or its neighbours decide; None where they do not.

    What is not listed is guessed by like words, or by the listed parts of a compound: with `parts_only` by those alone.

    >>> fill_word("tr\ufdd0dg\ufdd0rd"), fill_word("l\ufdd0n", "x", "x"), fill_word("\ufdd0r", "flera")
    ('trädgård', None, 'år')
    """
    low = holed.lower()
    found = _look_up(low, "<" + fold_neighbour(before), ">" + fold_neighbour(after))
    if guess and not found and low not in _lexicon():
        found = (None if parts_only else _fill_by_neighbourhood(low)) or _fill_compound(low)
    if not found:
        return None
    in_capitals = holed.isupper() and any(
        len(word) > 1 and word.isupper() for word in (holed.replace(HOLE, ""), before, after)
    )
    letters = [char.upper() if in_capitals else char for char in found]
    return "".join(new if old == HOLE else old for old, new in zip(holed, letters, strict=True))


def _look_up(skeleton: str, before: str = "", after: str = "") -> str | None:
    """Find the listed word of a skeleton; of several, the likeliest between its neighbours, if by `MARGIN`."""
    words = _lexicon().get(skeleton, [])
    pairs = _pairs()
    scored = sorted(
        (
            (score + pairs.get((word.lower(), before), 0) + pairs.get((word.lower(), after), 0), word)
            for score, word in words
            if score > words[0][0] - _RIVAL
        ),
        reverse=True,
    )
    if not scored or (len(scored) > 1 and scored[0][0] - scored[1][0] < MARGIN):
        return None
    return scored[0][1]


def _fill_compound(skeleton: str) -> str | None:
    """Fill a compound part by part, the longest listed last part first."""
    for at in range(1, len(skeleton) - LEAST_PART + 1):
        first, last = skeleton[:at], skeleton[at:]
        if last[0] == HOLE and len(last) <= LEAST_PART:
            continue  # what looks like a short word is more often an ending
        filled = last if HOLE not in last else _look_up(last)
        if filled is None or (HOLE not in last and HOLE not in first):
            continue
        if HOLE not in first:
            return first + filled
        if at >= LEAST_PART and (head := _look_up(first) or _look_up(first.removesuffix("s"))):
            return head + ("s" if len(head) < len(first) else "") + filled
    return None


def _fill_by_neighbourhood(skeleton: str) -> str | None:
    """Fill each hole with the letter that listed words have between the same letters."""
    letters = list(skeleton)
    for at, char in enumerate(skeleton):
        if char == HOLE:
            counts = next((c for f in _frames(skeleton, at) if (c := _neighbourhoods().get(f))), None)
            if not counts:
                return None
            letter, count = counts.most_common(1)[0]
            if count < SHARE * counts.total() or count < EVIDENCE:
                return None
            letters[at] = letter
    return "".join(letters)
