"""Undo one 8-bit code page taken for another: a document's lines are read again with the page that fits them."""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.letters import likelihood
from pipeline.repair.words import HOLE, fill_word, is_word

PAIRS: Final = (
    ("cp1252", "cp850"),
    ("cp1252", "mac-roman"),
    ("cp850", "cp1252"),
    ("mac-roman", "cp1252"),
    ("cp437", "cp1252"),
    ("cp1250", "cp1252"),
    ("cp1251", "cp1252"),
    ("iso-8859-2", "cp1252"),
)
"""The page that a text was read with, and the one it was written with."""
SUSPECT: Final = -9.0
"""A character less likely than this in its place is looked into. All scores are natural logarithms."""
LEAST_GAIN: Final = 3.0
"""How much likelier a line must become to be read again."""
PROVEN: Final = 40.0
"""A document that gains this much was misread: lines that gain a third of `LEAST_GAIN` were too."""
ABROAD: Final = -4.0
"""What a line in some other language starts with."""
COST: Final = 2.0
"""Taken off for each character that changes: another language's letters gain a little, misread ones a lot."""
STRANGE: Final = -13.0
STRANGER: Final = -6.0
"""Taken off for each character that the wrong page does not even have, or that becomes less likely than `STRANGE`."""
NEIGHBOURLY: Final = -7.0
"""Least score of a letter of a neighbouring language, wherever it stands in a line that is none of ours."""
FEW: Final = 2
"""A line in which no more letters, or words with such, come of reading it again must have a listed word among them."""
DOUBT: Final = -8.0
CONFIRMED: Final = 12.0
"""What a listed Swedish word adds to a line that gains no more than `LEAST_GAIN`, but more than `DOUBT`."""

_SWEDISH_LETTER: Final = re.compile("[åäöéÅÄÖÉ]")
_LETTER_SIGNS: Final = "ªºµΩπƒˆ"
"""Letters to Unicode, signs to their readers."""
_NEIGHBOURS: Final = "æøõðþÆØÐÞòÒ"
_HOME: Final = frozenset({
    "och", "att", "inte", "jag", "mycket", "the", "and", "with", "they", "from", "would", "been", "their", "which",
    "it", "yang", "dan", "dengan", "untuk", "dari", "itu", "dalam", "pada", "tidak", "adalah", "akan", "oleh",
})  # fmt: skip
"""Words that show a line to be Swedish, English or Indonesian, where other languages' letters are suspect."""
_WORD: Final = re.compile(r"[^\W\d_]{2,40}")
_LONG_WORD: Final = re.compile(r"[^\W\d_]{4,40}")
_SHORT_FORM: Final = re.compile(r"’(?:s|t|re|ve|ll|d|m|clock)\b")
"""The end of an English short form: `it’s`, `o’clock`."""
_OPENING_QUOTE: Final = re.compile("[“‘”]")
_CONTEXT: Final = re.compile(r"(?<=(.))([^\x00-\x7f])(?=(.))", re.DOTALL)
"""A character outside ASCII, with the one before it and the one after it."""
_LEADERS: Final = re.compile(r"([^\w\s])(?:[ \u00a0]?\1)++")
"""A sign that comes again at once, as from a heading to its page: no word has a letter so."""


def undo_misreading(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Read lines again with another page where that makes them far likelier, and name the pages.

    >>> undo_misreading("D„r „r b„ttre „n h„r\n")
    ('Där är bättre än här\n', ('cp850',))
    """
    lines = text.split("\n")
    gains = {number: found for number, line in enumerate(lines) if (found := _weigh_line(line))}
    if not gains:
        return text, ()
    distinct = {lines[number]: found for number, found in gains.items()}  # a line proves no more for standing twice
    totals = [sum(gain for gain in column if gain > LEAST_GAIN) for column in zip(*distinct.values(), strict=True)]
    best = max(range(len(PAIRS)), key=totals.__getitem__)
    sound = {
        line: found[best]
        for line, found in distinct.items()
        if found[best] > LEAST_GAIN and _makes_sense(line, _read_again(line, best))
    }
    if sum(sound.values()) >= PROVEN:  # one page garbled them all, so what one line's words tell holds for all
        again = {number: _weigh_line(lines[number], home=True) for number in gains}
        chosen = [number for number, found in again.items() if found and found[best] > LEAST_GAIN / 3]
    else:
        chosen = [number for number in gains if lines[number] in sound]
    for number in chosen:
        lines[number] = _read_again(lines[number], best)
    return ("\n".join(lines), (PAIRS[best][1],)) if chosen else (text, ())


def _read_again(line: str, number: int) -> str:
    """Read a line with another page, all but its leaders.

    >>> _read_again("Fšrord …… 5", PAIRS.index(("cp1252", "mac-roman")))
    'Förord …… 5'
    """
    table = _table(number)
    parts, at = [], 0
    for leaders in _LEADERS.finditer(line):
        parts += [line[at : leaders.start()].translate(table), leaders.group()]
        at = leaders.end()
    return "".join((*parts, line[at:].translate(table)))


def _makes_sense(line: str, again: str) -> bool:
    """Spare foreign names and single signs: tell whether a reading is sound.

    A small letter that becomes a quotation mark after a letter must end an English short form or close a quotation. If
    only a few letters come of it, one must stand in a word that is listed or made like those, or in place of what no
    word holds. If none does, signs must become quotation marks, dashes or bullets that stand as such.
    """
    changed = [at for at, (old, new) in enumerate(zip(line, again, strict=True)) if old != new]
    for at in changed:
        if line[at].islower() and again[at] in "’”" and again[at - 1 : at].isalpha():
            inside = again[at + 1 : at + 2].isalpha()
            if not (_SHORT_FORM.match(again, at) if inside else _OPENING_QUOTE.search(again, 0, at)):
                return False
    letters = {at for at in changed if again[at].isalpha()}
    if not letters:
        return all(_is_in_word(line, at) or _stands_as_mark(again, at) or _was_sign(line, again, at) for at in changed)
    words = {word.group() for word in _WORD.finditer(again) if not letters.isdisjoint(range(word.start(), word.end()))}
    if min(len(letters), len(words)) > FEW or any(_breaks_word(line, at) for at in letters):
        return True
    return any(is_word(word) or _is_made_alike(word) for word in words)


def _is_letter(char: str) -> bool:
    return char.isalpha() and char not in _LETTER_SIGNS


def _is_in_word(line: str, at: int) -> bool:
    """Whether a letter has others beside it: one that stands alone may be the one that is spoken of."""
    return _is_letter(line[at]) and (line[at - 1 : at].isalpha() or line[at + 1 : at + 2].isalpha())


def _breaks_word(line: str, at: int) -> bool:
    """Whether a sign stands within a word, or after a small letter a capital or a mark that opens a quotation."""
    before, char, after = line[at - 1 : at], line[at], line[at + 1 : at + 2]
    if before.islower() and (char.isupper() or char in "„‚"):
        return True
    is_between = before.isalpha() and after.islower() and not _is_letter(char)
    return is_between and (line[at - 2 : at].isalpha() or line[at + 1 : at + 3].isalpha())


def _is_made_alike(word: str) -> bool:
    """Whether the letters of a word that is not listed are those that listed words have in its place."""
    return fill_word(_SWEDISH_LETTER.sub(HOLE, word)) == word


def _was_sign(line: str, again: str, at: int) -> bool:
    """Whether a letter that stands alone becomes a sign of money or of law, and has the number that goes with it."""
    if not _is_letter(line[at]):
        return False
    if again[at] in "€£$¥°½¼¾":
        return again[at - 1 : at].isdigit() or again[at + 1 : at + 2].isdigit()
    return again[at] in "©§" and again[at + 1 : at + 3].strip()[:1].isdigit()


def _stands_as_mark(text: str, at: int) -> bool:
    """Whether a quotation mark opens or closes something, a dash parts words, a bullet heads a line."""
    mark, before, after = text[at], text[at - 1 : at].strip(), text[at + 1 : at + 2].strip()
    if mark in "“«„‘":
        return not before and after.isalnum()
    if mark in "”»’…":
        return bool(before)
    if mark == "•":
        return at == 0 and text[1:].strip()[:1].isalpha()
    return mark in "–—" and bool(before) == bool(after) and text.strip() != mark


def _weigh_line(line: str, *, home: bool = False) -> tuple[float, ...] | None:
    """Tell what reading the line again gains under each pair of pages; None where no character is suspect."""
    if line.isascii():
        return None
    contexts = _CONTEXT.findall(f" {_LEADERS.sub(' ', line)} ")
    home = home or not _HOME.isdisjoint(_WORD.findall(line.lower()))
    if not any(_is_suspect(*context, home=home) for context in contexts):
        return None
    start = 0.0 if home else ABROAD
    gains = [sum(column, start) for column in zip(*(_gains(*c, home=home) for c in contexts), strict=True)]
    return tuple(
        gain + _confirm(line, number) if DOUBT < gain <= LEAST_GAIN else gain for number, gain in enumerate(gains)
    )


def _confirm(line: str, number: int) -> float:
    """Weigh a doubtful reading by whether a listed Swedish word comes of it."""
    again = _read_again(line, number)
    words = (match for match in _LONG_WORD.finditer(again) if line[match.start() : match.end()] != match.group())
    return CONFIRMED if any(is_word(match.group()) for match in words) else 0.0


@functools.lru_cache(2**14)
def _is_suspect(before: str, char: str, after: str, *, home: bool) -> bool:
    return likelihood(before, char, after, home=home) <= SUSPECT


@functools.lru_cache(2**14)
def _gains(before: str, char: str, after: str, *, home: bool) -> tuple[float, ...]:
    """Weigh one character in its place under each pair of pages, its neighbours read again with it."""
    now = likelihood(before, char, after, home=home)
    if not home and char in _NEIGHBOURS:
        now = max(now, NEIGHBOURLY)
    gains = []
    for number in range(len(PAIRS)):
        table = _table(number)
        again = char.translate(table)
        if ord(char) not in table:
            gains.append(STRANGER)
        elif again == char:
            gains.append(0.0)
        else:
            then = likelihood(before.translate(table), again, after.translate(table), home=True)
            gains.append(then - now - COST if then > STRANGE else STRANGER)
    return tuple(gains)


@functools.cache
def _table(number: int) -> dict[int, str]:
    """Map what the wrong page of a pair shows to what the right one shows; a byte without a character is its own."""
    wrong, right = PAIRS[number]
    table = {}
    for byte in range(0x80, 0x100):
        raw = bytes([byte])
        table[ord(raw.decode(wrong, "ignore") or chr(byte))] = raw.decode(right, "ignore") or chr(byte)
    return table
