"""The patterns that `segment` looks for: line ends, marks that may end a sentence, marks to cut a long one at.

Every repetition is possessive or bounded, and no pattern looks ahead over more than a character or a word: whatever the
text, each is read once.
"""

from __future__ import annotations

import re
from typing import Final

_SMILEY: Final = r"(?:[:;=8][-'o]?[()DPp]++|[☀-❣❥-➿🀀-🫿\ufe0f\u200d]++)(?!\S)"
_BULLETS: Final = "•▪◦●►‣■➢✓✔"

LINE: Final = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]++")
LINE_BREAK: Final = re.compile(r"[^\S\n\v\f\x1c-\x1e\x85\u2028\u2029]*+\n[^\S\n\v\f\x1c-\x1e\x85\u2028\u2029]*+")
"""One line end and the white space around it."""
UNBULLETED: Final = re.compile(rf"(?![-–—*+>#|{_BULLETS}]|\(?\w{{1,3}}[.)]\s)\S{{1,100}}+")
"""The first word of a line that is no list item."""
SPACE: Final = re.compile(r"\s*+")

CANDIDATE: Final = re.compile(
    r"""(?<=[a-zåäöéü][a-zåäöéü])[.!?](?P<unspaced>[A-ZÅÄÖ][a-zåäö]*+)(?=[ ,][a-zåäö])"""
    r"""|(?P<stop>[.!?…‼⁇⁈⁉]++)["'”’»)\]}*_]*+"""
    r"""|(?<=[a-zåäöéü)])[ \t\xa0](?P<glued>[A-ZÅÄÖ][a-zåäö]*+)(?=[ ,][a-zåäö])"""
    rf"""|(?<=\s)(?P<bullet>[{_BULLETS}])(?=\s)"""
    rf"""|(?<=\s)(?P<smiley>{_SMILEY})"""
    r"""|(?<!\S)(?P<link>(?:https?://|www\.)\S++)"""
    r"""|(?<!\S)(?P<rule>-{4,}+|_{4,}+|={4,}+|\*{4,}+)(?!\S)"""
)
"""Where a sentence may end: a stop with what closes after it, a capital letter after a word, a bullet, a smiley, a
link, a drawn rule."""

FOLLOWING: Final = re.compile(r"\s++([^\w\s]*+)(\w*+)")
"""What comes after a candidate: marks and the word they stand at."""
SMILEY_FOLLOWS: Final = re.compile(rf"\s++(?![{_BULLETS}]){_SMILEY}")
QUOTATION: Final = re.compile(
    r"""(?<![^\s(])(?:"[^"]{1,200}+"|[“”][^“”]{1,200}+”|[“„][^“”„]{1,200}+“|»[^«»]{1,200}+[«»]|«[^«»]{1,200}+»)(?!\w)"""
)
"""A short quotation: a remark that is quoted inside a sentence stays whole."""

INITIALS: Final = re.compile(r"(?:[^\W\d]\.)*+[^\W\d]")
LIST_LABEL: Final = re.compile(r"\(?\w{1,3}\)")
NUMBER: Final = re.compile(r"\d|[IVXLCDM]++\b|[A-ZÅÄÖ]\b")
"""A number, Roman too, or a letter in its place."""
CLAUSE_END: Final = re.compile(r"[,;:)\]–—。，、；：](?=\s)")

STOPS: Final = tuple(".!?…")
OPENING: Final = "\"'“”‘’«»([{*_-–—"
DASHES: Final = tuple("-–—")
QUOTES: Final = tuple("\"'“”‘’«»„")
CONTINUING: Final = tuple(".,;:!?)]}>|=/\\%")
"""Marks that go on with a sentence, so that a stop before them ends nothing."""
VOWELS: Final = "aeiouyåäöé"
