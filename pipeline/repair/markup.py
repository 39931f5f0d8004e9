"""Undo what web pages leave in text: entities without their semicolon, and mojibake that was lower-cased afterwards."""

from __future__ import annotations

import html
import re
from typing import Final

_LETTERS: Final = (
    "aring|auml|ouml|eacute|egrave|agrave|uuml|aelig|oslash|ccedil|ntilde|aacute|iacute|oacute|uacute|acirc|ecirc|icirc"
    "|ocirc|ucirc|euml|iuml|szlig|atilde|otilde"
)
_MARKS: Final = "rdquo|ldquo|bdquo|rsquo|lsquo|ndash|mdash|hellip|bull|euro|nbsp|raquo|laquo|copy|reg|trade|middot|deg"
_CAPITALS: Final = "|".join(f"{name.capitalize()}|{name.upper()}" for name in _LETTERS.split("|"))
"""Entities of letters come with capitals too: `&Auml` and, on some pages, `&AUML`."""
_ENTITY: Final = re.compile(f"&((?:{_LETTERS}|{_CAPITALS})(?![;=])|(?:{_MARKS})(?![\\w;=]))")
_LOWERED: Final = re.compile(
    "ã[\xa1-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf]|(?<![^\\W\\d_])ã[„…–•†](?=[^\\W\\d_])|â[\xa0£§°·½¼«»©®²³µ±]"
    "|ðÿ[€‚ƒ„…†‡ˆ‰š‹œž‘’“”•–—˜™›\xa0-\xbf]{2}"
)
"""Mojibake in lower case: of small letters, of capitals before a letter, of typographic signs, of emoji."""
_BYTES: Final = {"ã": 0xC3, "â": 0xC2, "ð": 0xF0, "ÿ": 0x9F, "š": 0x8A, "œ": 0x8C, "ž": 0x8E}
"""What the lower-cased characters were, where cp1252 has them as other bytes."""


def close_entities(text: str) -> str:
    """Read entities that lost their semicolon, but not parameters of a link.

    >>> close_entities("f&oumlr &aringret, ?a=1&auml=2")
    'för året, ?a=1&auml=2'
    """
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: html.unescape(f"&{_spell(match[1])};"), text)


def _spell(name: str) -> str:
    """Write an entity's name as HTML does: `Auml` for `AUML`, but `AElig`."""
    if name in {"AELIG", "Aelig"}:
        return "AElig"
    return name.capitalize() if name.isupper() else name


def undo_lowered(text: str) -> str:
    """Read UTF-8 that was seen as cp1252 and lower-cased; the capitals are gone for good.

    >>> undo_lowered("pã¥ sã¤tt, ã–ver â£11")
    'på sätt, över £11'
    """
    if "ã" not in text and "â" not in text and "ðÿ" not in text:
        return text
    return _LOWERED.sub(_read_lowered, text)


def _read_lowered(match: re.Match[str]) -> str:
    """Turn the characters back into bytes, and these into text; what is no UTF-8 stays."""
    codes = (bytes([_BYTES[char]]) if char in _BYTES else char.encode("cp1252", "replace") for char in match.group())
    return b"".join(codes).decode("utf-8", "ignore").lower() or match.group()
