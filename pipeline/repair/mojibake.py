"""Undo UTF-8 that was read as an 8-bit code page, once or up to three times over (layers).

Each layer is undone with the one page that gains most in the whole document. A run is a stretch of characters outside
ASCII; within it, only sequences that become clearly likelier are decoded.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from typing import Final

import msgspec

from pipeline.letters import context_score

PAGES: Final = ("cp1252", "cp850", "cp437", "mac-roman", "cp1250", "cp1251", "iso-8859-2", "cp1254", "cp1257")
LAYERS: Final = 3
LEADS: Final = ((0xC2, 0xE0), (0xE0, 0xF0), (0xF0, 0xF5))
"""First bytes of UTF-8 sequences of two, three and four bytes."""
LONGEST_RUN: Final = 32
"""Sequences that are decoded together."""
LEAST_GAIN: Final = 9.5
"""How much likelier a run must become to be believed; natural logarithm."""
PROVEN: Final = 40.0
"""A document that gained this much is known to be garbled: its doubtful runs are too."""

PLAUSIBLE: Final = re.compile(
    "[\u00a0-\u017f\u0218-\u021b\u02bc\u02c6-\u02dd\u0300-\u0304\u1e00-\u1eff\u2002-\u200d\u2010-\u2027\u202f-\u203a\u2044\u2060"
    "\u2070-\u209c\u20a0-\u20bf\u2100-\u214b\u2150-\u218b\u2190-\u21ff\u2200-\u22ff\u2300-\u23ff\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\ufb00-\ufb06\ufe0e\ufe0f\ufeff\U0001f000-\U0001faff]"
)
"""What a run may turn into: Latin letters, marks, signs and emoji. Other scripts are left to ftfy."""
_RUN: Final = re.compile(rf"(?<=(.))([^\x00-\x7f]{{2,{4 * LONGEST_RUN}}})(?=(.))", re.DOTALL)
"""A run, with the character before it and the one after it."""


class Page(msgspec.Struct, frozen=True, eq=False):
    """A code page, and what UTF-8 looks like that was read with it."""

    name: str
    bytes: dict[str, int]
    """The byte of each character."""
    run: re.Pattern[str]
    """Characters whose bytes are whole UTF-8 sequences."""


@functools.cache
def _pages() -> tuple[Page, ...]:
    return tuple(map(_make_page, PAGES))


def _make_page(name: str) -> Page:
    """Build a page's tables; bytes without a character stand for themselves, and cp1252 takes in Latin-1."""
    codes = {chr(byte): byte for byte in range(0x80, 0xA0)} if name == "cp1252" else {}
    codes |= {bytes([byte]).decode(name, "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
    follow = _make_class(codes, 0x80, 0xC0)
    leads = [_make_class(codes, *span) for span in LEADS]
    run = "|".join(f"{lead}{follow}{{{n}}}" for n, lead in enumerate(leads, start=1))
    return Page(name, codes, re.compile(f"(?:{run}){{1,{LONGEST_RUN}}}"))


def _make_class(codes: dict[str, int], first: int, stop: int) -> str:
    """Write the class of characters whose bytes are in a range."""
    return f"[{''.join(re.escape(char) for char, byte in codes.items() if first <= byte < stop)}]"


def undo_mojibake(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Undo layer by layer, and name the pages that the text was read with.

    >>> undo_mojibake("S├Ñ h├ñr f├Âr tv├Ñ")
    ('Så här för två', ('cp850',))
    """
    used: dict[str, None] = {}
    for _ in range(LAYERS):
        runs = Counter(_RUN.findall(f" {text} "))
        columns = zip(*([gain * count for gain in _gains(*run)] for run, count in runs.items()), strict=True)
        gains = [sum(column) for column in columns]
        if (best := max(gains, default=0.0)) <= 0:
            break
        page = _pages()[gains.index(best)]
        least = 0.0 if best >= PROVEN else LEAST_GAIN
        text = _RUN.sub(functools.partial(_decode_run, page=page, least=least), f" {text} ")[1:-1]
        used[page.name] = None
    return text, tuple(used)


@functools.lru_cache(2**15)
def _gains(before: str, run: str, after: str) -> tuple[float, ...]:
    """Add up, for every page, what the believable sequences of a run outside ASCII gain by being read."""
    return tuple(_gain(page, before, run, after) for page in _pages())


def _gain(page: Page, before: str, run: str, after: str) -> float:
    found = (_weigh_match(page, before, match, after) for match in page.run.finditer(run))
    return sum(gain for _, gain in found if gain > LEAST_GAIN)


def _decode_run(match: re.Match[str], *, page: Page, least: float) -> str:
    before, run, after = match.groups()
    return _decode_believable(page, before, run, after, least)


@functools.lru_cache(2**14)
def _decode_believable(page: Page, before: str, run: str, after: str, least: float) -> str:
    """Decode the sequences of a run that gain more than `least`."""

    def decode(match: re.Match[str]) -> str:
        decoded, gain = _weigh_match(page, before, match, after)
        return decoded if decoded and gain > least else match.group()

    return page.run.sub(decode, run)


def _weigh_match(page: Page, before: str, match: re.Match[str], after: str) -> tuple[str, float]:
    """Weigh a sequence between its neighbours, in the run or beside it."""
    run = match.string
    left = run[match.start() - 1] if match.start() else before
    right = run[match.end()] if match.end() < len(run) else after
    return _weigh(page, left, match.group(), right)


@functools.lru_cache(2**14)
def _weigh(page: Page, before: str, run: str, after: str) -> tuple[str, float]:
    """Decode once, twice and so on; give the likeliest result and what it gains, or `("", 0)` if none is plausible."""
    best, best_score = "", -math.inf
    deeper = run
    for _ in range(LAYERS):
        shallow, deeper = deeper, page.run.sub(functools.partial(_decode, page), deeper)
        if deeper == shallow:
            break
        if all(map(_plausible, deeper)) and (score := _score(before, deeper, after)) > best_score:
            best, best_score = deeper, score
    return (best, best_score - context_score(before, run, after)) if best else ("", 0.0)


def _score(before: str, text: str, after: str) -> float:
    """Score a reading, half as any language and half as one of ours: it tells å from ü where both are letters."""
    return (context_score(before, text, after) + context_score(before, text, after, home=True)) / 2


def _decode(page: Page, match: re.Match[str]) -> str:
    """Decode what the pattern found: well formed but for surrogates and the like, which stay as they are."""
    try:
        return bytes(page.bytes[char] for char in match.group()).decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


@functools.cache
def _plausible(char: str) -> bool:
    return bool(PLAUSIBLE.match(char))
