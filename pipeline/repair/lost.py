"""Put back letters and marks that were lost to U+FFFD or to question marks, where one reading fits."""

from __future__ import annotations

import functools
import re
from typing import Final

import msgspec

from pipeline.repair.slots import EITHER, MARK, make_slots_of_run, settle_marks
from pipeline.repair.words import HOLE, LEAST_PART, fill_word, is_listed

LONGEST_WORD: Final = 60
_SLOTS: Final = f"{HOLE}{MARK}{EITHER}"
_SLOT: Final = re.compile(f"[{_SLOTS}]")
_WORD: Final = rf"(?:[^\W\d_]|[{_SLOTS}])++"
_TOKEN: Final = re.compile(_WORD)
"""A word, with its slots and those beside it."""
_LAST: Final = re.compile(rf"{_WORD}|\d+|[^\w\s](?=\s*$)")
_FIRST: Final = re.compile(rf"{_WORD}|\d+|[^\w\s]")
"""The neighbours of a word: what may stand last before it, and first after it."""
_SHORT_ENDS: Final = {"s", "t", "re", "ll", "ve", "d", "m", "clock"}
"""What follows an apostrophe in English."""
_SWEDISH: Final = re.compile(
    r"[åäöÅÄÖ]|\b(?:och|att|som|det|inte|jag|den|har|med|av|ett|han|hon|sig|ska|efter|eller|mot|var)\b",
    re.IGNORECASE,
)
"""Letters and words that show a line to be Swedish."""
_SHORTEST: Final = {"p", "s", "r"}
"""What is left of `på`, `så` and `är`."""
_DEGREES: Final = re.compile(f"[{HOLE}{EITHER}][CF]")
"""`°C` or `°F`, its sign lost."""
_RESTORED: Final = re.compile("[åäöéÅÄÖÉ]")
_SENTENCE_START: Final = re.compile(f'(?:^|[.!?:]\\s|[–•*-]\\s)[\\s”“"{MARK}]*$')
"""What stands before the first word of a sentence."""
_TELLING: Final = re.compile("[^\\W\\d_]\ufffd|[.,!?]\ufffd|\ufffd[^\\W\\d_]")
"""U+FFFD beside a letter, or after a punctuation mark; one that stands by itself tells nothing."""
_FOREIGN: Final = re.compile(
    r"\b(?:the|and|of|to|is|was|with|this|they|he|she|it|that|yang|dan|dengan|dari|ini|itu|kata|untuk|saya|di)\b",
    re.IGNORECASE,
)
"""English and Indonesian words: a line that has one, and none of Swedish, is not Swedish."""
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f\ufffd]")
_LOST_MARK: Final = re.compile(
    r"(?:^|[\s(])\?{3}(?=[^\W\d_])|[^\W\d_?][.,]\?{3}(?!\?)|[^\W\d_]\?{3}(?:s|t|re|ll|ve|d|m)\b"
    r"|\b[ps]\?\?(?= [a-z?])"
)
"""Question marks where no text has them: before a word, after its comma or full stop, in an English short form, and
after what is left of `på` or `så`.
"""
_OPENING: Final = re.compile(rf"(?<![^\W\d_])[{MARK}{EITHER}](?=[^\W\d_])")
_CLOSING: Final = re.compile(rf"(?<=[^\W_.,!?])[.,!?]?[{MARK}{EITHER}](?![^\W\d_])")
_HOLED: Final = re.compile(r"(?<![\w?])[^\W\d_]*+(?:\?\?[^\W\d_]++)++")
"""What may be a word that lost letters, two bytes each; or two words with a question between them."""


class _Context(msgspec.Struct, frozen=True):
    """What stands around a word whose slots are to be settled."""

    before: str
    after: str
    swedish: bool
    """Whether its line may be Swedish."""
    quoted: bool
    """Whether slots at its edges may be quotation marks."""
    initial: bool
    """Whether a sentence begins with it."""


def restore_lost(text: str, whole: str = "") -> tuple[str, tuple[str, ...]]:
    r"""Put back letters and marks where one reading fits, and name what was put back: `lost-letters`, `lost-marks`.

    `whole` is the text that these lines are from; it helps to tell the language.

    >>> restore_lost("S\ufffd h\ufffdr, don\ufffdt \ufffdask\ufffd.")[0]
    'Så här, don’t ”ask”.'
    """
    kinds: dict[str, None] = {}
    if _SLOT.search(text):
        return text, ()  # what stands for slots here stands in the text already
    if _TELLING.search(text) and not _has_stray_bytes(text):
        text = _restore(text, whole, "\ufffd", kinds)
    if "??" in text and any("??" in line and _lost_to_question_marks(line) for line in text.split("\n")):
        text = _restore(text, whole, "?", kinds)
    return text, tuple(kinds)


def _has_stray_bytes(text: str) -> bool:
    """Tell whether a line with U+FFFD has other characters outside ASCII: then U+FFFD stands for no letter of it."""
    return any("\ufffd" in line and _NOT_ASCII.search(line) for line in text.split("\n"))


def _lost_to_question_marks(line: str) -> bool:
    """Tell whether question marks stand for what a line lost: such a line has nothing outside ASCII left."""
    if not line.isascii():
        return False
    words = (match.group().replace("??", HOLE) for match in _HOLED.finditer(line))
    return bool(_LOST_MARK.search(line)) or any(fill_word(word, guess=word.count(HOLE) > 1) for word in words)


def _restore(text: str, whole: str, lost: str, kinds: dict[str, None]) -> str:
    """Restore lines whose losses show as the character `lost`; add what was put back to `kinds`.

    A lost letter left one such character, or one for each of its two bytes; it is the same for the whole text.
    """
    inside = [len(run) for run in re.findall(rf"(?<=[^\W\d_]){re.escape(lost)}+(?=[^\W\d_])", text)]
    single = lost != "?" and inside.count(1) >= len(inside) - inside.count(1)
    make_slots = functools.partial(make_slots_of_run, single=single, lost=lost)
    run = re.compile(rf"(?<=(.))({re.escape(lost)}+)(?=(.))", re.DOTALL)
    lines = [
        run.sub(make_slots, f" {line} ")[1:-1] if lost in line and (lost != "?" or line.isascii()) else line
        for line in text.split("\n")
    ]
    swedish = bool(_SWEDISH.search(whole or text)) or any(_reads_swedish(line) for line in lines)
    is_swedish = [swedish and bool(_SWEDISH.search(line) or not _FOREIGN.search(line)) for line in lines]
    settled = [
        _settle(line, swedish=own, quoted=_may_quote(line, swedish=swedish)) if _SLOT.search(line) else line
        for line, own in zip(lines, is_swedish, strict=True)
    ]
    if any(_RESTORED.search(new) for old, new in zip(lines, settled, strict=True) if new != old):
        kinds["lost-letters"] = None
    if any(MARK in line for line in settled):
        kinds["lost-marks"] = None
    marked = [
        settle_marks(line, swedish=own) if MARK in line else line for line, own in zip(settled, is_swedish, strict=True)
    ]
    return "\n".join(marked).replace(HOLE, lost if single else lost * 2)


def _may_quote(line: str, *, swedish: bool) -> bool:
    """Tell whether marks at the edges of words may be quotation marks: they come in pairs, or the text is foreign.

    >>> _may_quote(f"{EITHER}Ja{EITHER}, sa hon", swedish=True), _may_quote(f"Malm{EITHER} FF", swedish=False)
    (True, False)
    """
    opening = _OPENING.search(line)
    return bool(opening and _CLOSING.search(line, opening.end())) or (not swedish and bool(_FOREIGN.search(line)))


def _reads_swedish(line: str) -> bool:
    """Tell whether a word of the line is a listed Swedish one, its losses filled, and no English short form."""
    for word in _TOKEN.findall(line.replace(EITHER, HOLE)):
        rest = word.lower().strip(HOLE)
        if HOLE not in word or len(word) > LONGEST_WORD or word.rpartition(HOLE)[2] in _SHORT_ENDS:
            continue
        if rest in _SHORTEST or ((rest == word.lower() or len(rest) >= LEAST_PART) and fill_word(word, guess=False)):
            return True
    return False


def _settle(line: str, *, swedish: bool, quoted: bool) -> str:
    """Settle a line's slots, word by word."""
    return _TOKEN.sub(functools.partial(_settle_token, swedish=swedish, quoted=quoted), line)


def _settle_token(match: re.Match[str], *, swedish: bool, quoted: bool) -> str:
    """Settle the slots of one word: as letters where a listed word comes of it, else as marks."""
    token, lead = match.group(), match.string[max(0, match.start() - 40) : match.start()]
    if not _SLOT.search(token) or len(token) > LONGEST_WORD:
        return token
    if not token.strip(_SLOTS):
        return token.replace(EITHER, MARK)
    before = (_LAST.findall(lead) or [""])[-1].replace(EITHER, HOLE)
    after = (_FIRST.search(match.string[match.end() : match.end() + 40]) or [""])[0].replace(EITHER, HOLE)
    if before.isdigit() and _DEGREES.fullmatch(token):
        return f"°{token[-1]}"
    initial = _SENTENCE_START.search(lead + MARK * (len(token) - len(token.lstrip(MARK)))) is not None
    pieces = re.split(f"({MARK}+)", token)
    context = _Context(before=before, after=after, swedish=swedish, quoted=quoted, initial=initial)
    return "".join(_settle_piece(piece, context) if _SLOT.search(piece) else piece for piece in pieces)


def _settle_piece(piece: str, context: _Context) -> str:
    """Settle what stands between marks: as a listed word if it can be one, else as its parts or neighbourhood say."""
    if MARK in piece:
        return piece
    readings = _readings(piece)
    if not context.swedish and EITHER in (piece[0], piece[-1]):
        readings = readings[-1:]
    for reading in readings:
        core = reading.strip(MARK)
        if HOLE in core and (word := fill_word(core, context.before, context.after, guess=False)):
            return _put(reading, core, word, initial=context.initial)
    if EITHER in piece:
        return _settle_doubtful(piece, context)
    word = fill_word(piece, parts_only=piece[-1] == HOLE)  # question marks at its end may be a question
    return _put(piece, piece, word, initial=context.initial) if word else piece


def _readings(piece: str) -> list[str]:
    """List what a word with doubtful slots can be: all letters first, then marks at its ends."""
    letters = piece.replace(EITHER, HOLE)
    readings = [letters]
    if piece[-1] == EITHER:
        readings.append(letters[:-1] + MARK)
    if piece[0] == EITHER:
        readings += [MARK + reading[1:] for reading in readings]
    return readings


def _put(reading: str, core: str, word: str, *, initial: bool) -> str:
    """Set a found word into its reading, with a capital where a sentence begins with a lost letter."""
    if initial and core[0] == HOLE:
        word = word[0].upper() + word[1:]
    return reading.replace(core, word)


def _settle_doubtful(piece: str, context: _Context) -> str:
    """Settle a word that is not listed: by the words around it in a Swedish text, else as marks where marks can be."""
    if context.swedish and any(is_listed(reading.strip(MARK)) for reading in _readings(piece)[:2]):
        return piece.replace(EITHER, HOLE)  # two words fit: better a mark of the loss than a wrong one
    head, _, end = piece.rpartition(EITHER)
    if head and end.lower() in _SHORT_ENDS:
        return f"{head.replace(EITHER, HOLE)}{MARK}{end}"
    for reading in _readings(piece) if context.swedish else ():
        core = reading.strip(MARK)
        guessable = HOLE in core and reading[-1] != HOLE and not (context.quoted and reading[0] == HOLE)
        if guessable and (word := fill_word(core)):
            return _put(reading, core, word, initial=context.initial)
    if context.quoted:
        piece = re.sub(f"^{EITHER}|{EITHER}$", MARK, piece)
    return piece.replace(EITHER, HOLE)
