"""Undo UTF-8 that was read as an 8-bit code page: one page a document and layer, run by run, up to three layers."""

from __future__ import annotations

import functools
import math
import re
from typing import Final

import msgspec

from pipeline.letters import context_score

PAGES: Final = ("cp1252", "cp850", "cp437", "mac-roman", "cp1250", "cp1251", "iso-8859-2", "cp1254", "cp1257")
LAYERS: Final = 3
SAMPLE: Final = 2**16
"""Characters with runs in them that a page is chosen by."""
LEAST_GAIN: Final = 12.0
"""How much likelier a run must become to be believed; natural logarithm."""
PROVEN: Final = 40.0
"""A document that gained this much is known to be garbled: its doubtful runs are too."""

PLAUSIBLE: Final = re.compile(
    "[\u00a0-\u017f\u0218-\u021b\u02bc\u02c6-\u02dd\u0300-\u0304\u1e00-\u1eff\u2002-\u200d\u2010-\u2027\u202f-\u203a\u2044\u2060"
    "\u2070-\u209c\u20a0-\u20bf\u2100-\u214b\u2150-\u218b\u2190-\u21ff\u2200-\u22ff\u2300-\u23ff\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\ufb00-\ufb06\ufe0e\ufe0f\ufeff\U0001f000-\U0001faff]"
)
"""What a run may turn into: Latin letters, marks, signs and emoji. Other scripts are left to ftfy."""


class Page(msgspec.Struct, frozen=True, eq=False):
    """A code page as the wrong glasses: what UTF-8 looks like through it."""

    name: str
    bytes: dict[str, int]
    run: re.Pattern[str]
    """Characters that are whole UTF-8 sequences, seen through the page."""


@functools.cache
def _pages() -> tuple[Page, ...]:
    return tuple(map(_make_page, PAGES))


def _make_page(name: str) -> Page:
    """Build a page's tables; bytes it leaves open, and C1 controls for all, stand for themselves as in Latin-1."""
    codes = {chr(byte): byte for byte in range(0x80, 0xA0)}
    codes |= {bytes([byte]).decode(name, "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
    follow = _set_of(codes, 0x80, 0xC0)
    leads = [_set_of(codes, *span) for span in ((0xC2, 0xE0), (0xE0, 0xF0), (0xF0, 0xF5))]
    run = "|".join(f"{lead}{follow}{{{n}}}" for n, lead in enumerate(leads, start=1))
    return Page(name, codes, re.compile(f"(?:{run})+"))


def _set_of(codes: dict[str, int], first: int, stop: int) -> str:
    return f"[{''.join(re.escape(char) for char, byte in codes.items() if first <= byte < stop)}]"


@functools.cache
def _any_run() -> re.Pattern[str]:
    """Find any character that begins a sequence under some page, followed by one that goes on with it."""
    leads = {char for page in _pages() for char, byte in page.bytes.items() if 0xC2 <= byte < 0xF5}
    follows = {char for page in _pages() for char, byte in page.bytes.items() if byte < 0xC0}
    return re.compile(f"[{''.join(map(re.escape, sorted(leads)))}][{''.join(map(re.escape, sorted(follows)))}]")


def undo_mojibake(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Undo layer by layer, and name the pages that the text was seen through.

    >>> undo_mojibake("S├Ñ h├ñr f├Âr tv├Ñ")
    ('Så här för två', ('cp850',))
    """
    used = []
    for _ in range(LAYERS):
        if not _any_run().search(text):
            break
        page, proven = _choose_page(text)
        if page is None:
            break
        text = page.run.sub(functools.partial(_decode_match, page=page, least=0.0 if proven else LEAST_GAIN), text)
        used.append(page.name)
    return text, tuple(dict.fromkeys(used))


def _choose_page(text: str) -> tuple[Page | None, bool]:
    """Choose the page under which the text gains most, and tell whether that leaves no doubt."""
    gains = [(_gain_of(text, page), -number) for number, page in enumerate(_pages())]
    best, number = max(gains)
    return (_pages()[-number] if best > 0 else None), best >= PROVEN


def _gain_of(text: str, page: Page) -> float:
    """Add up what the believable runs gain, over a sample that is spread by nothing but the order of the text."""
    total, seen = 0.0, 0
    for match in page.run.finditer(text):
        fixed, gain = _weigh(page, _before(match), match.group(), _after(match))
        seen += len(match.group())
        if fixed and gain > LEAST_GAIN:
            total += gain
        if seen > SAMPLE:
            break
    return total


def _decode_match(match: re.Match[str], *, page: Page, least: float) -> str:
    fixed, gain = _weigh(page, _before(match), match.group(), _after(match))
    return fixed if fixed and gain > least else match.group()


def _before(match: re.Match[str]) -> str:
    return match.string[match.start() - 1 : match.start()] or " "


def _after(match: re.Match[str]) -> str:
    return match.string[match.end() : match.end() + 1] or " "


@functools.lru_cache(2**14)
def _weigh(page: Page, before: str, run: str, after: str) -> tuple[str, float]:
    """Decode a run as deep as it goes and tell what its likeliest reading gains; nothing where none is plausible."""
    best, best_score = "", -math.inf
    deeper = run
    for _ in range(LAYERS):
        shallow, deeper = deeper, page.run.sub(functools.partial(_decode, page), deeper)
        if deeper == shallow:
            break
        if all(map(_plausible, deeper)) and (score := context_score(before, deeper, after)) > best_score:
            best, best_score = deeper, score
    return (best, best_score - context_score(before, run, after)) if best else ("", 0.0)


def _decode(page: Page, match: re.Match[str]) -> str:
    """Decode what the pattern found: well formed but for surrogates and the like, which stay as they are."""
    try:
        return bytes(page.bytes[char] for char in match.group()).decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


@functools.cache
def _plausible(char: str) -> bool:
    return bool(PLAUSIBLE.match(char))
