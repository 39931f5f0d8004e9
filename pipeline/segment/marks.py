"""The patterns that `segment` looks for: line ends, marks that may end a sentence, marks to cut a long one at.

Every repetition is possessive or bounded, and no pattern looks ahead over more than a character or a word: whatever the
text, each is read once.
"""

from __future__ import annotations

import re
from typing import Final

_STOPS: Final = ".!?…‼⁇⁈⁉"
"""Marks that may end a sentence."""
_EMOJI: Final = "☀-❣❥-➿🀀-🫿\ufe0f\u200d"
"""Without the heart, which is a verb as often as not."""
_BULLETS: Final = "•▪◦●►‣■➢✓✔"
BOXES: Final = "☐☑☒□"

LINE: Final = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]++")
"""A line, by all line ends that `str.splitlines` knows."""
LINE_BREAK: Final = re.compile(r"[^\S\n\v\f\x1c-\x1e\x85\u2028\u2029]*+\n[^\S\n\v\f\x1c-\x1e\x85\u2028\u2029]*+")
"""One line end and the white space around it."""
UNBULLETED: Final = re.compile(rf"(?![-–—*+>#|{_BULLETS}]|\(?\w{{1,3}}[.)]\s)\S{{1,100}}+")
"""The first word of a line that is no list item."""
CUT_WORD: Final = re.compile("(?<=[a-zåäöé])[-\u2010\xad]\\s*+(?=[a-zåäöé])|(?<=\\d)-\\s*+(?=tal|års|åri)")
"""A hyphen at the end of a line, and that it cuts a word: `rege-` `ringen`, `1800-` `talet`."""
CUE_TIME: Final = re.compile(r"(?:\d{1,2}:){1,2}\d\d[.,]\d{1,3}\s?--?>")
"""The line that says when a subtitle is shown."""
SPACE: Final = re.compile(r"\s*+")

CANDIDATE: Final = re.compile(
    rf"""[{_STOPS}{_BULLETS}{_EMOJI}:;=8 \t\xa0hw_*-](?:"""
    # a capitalised word after a word without a stop
    rf"""(?<=[a-zåäöéü)][ \t\xa0])(?P<glued>[A-ZÅÄÖ][a-zåäö]*+)(?=[ ,][a-zåäö])"""
    # a capitalised word after a stop without a space
    rf"""|(?<=[a-zåäöéü][a-zåäöéü][.!?])(?P<unspaced>[A-ZÅÄÖ][a-zåäö]*+)(?=[ ,][a-zåäö])"""
    # stops, and the quotes and brackets that close after them
    rf"""|(?<=[{_STOPS}])(?P<stop>[{_STOPS}]*+)["'”’»)\]}}*_]*+"""
    # a bullet within a line
    rf"""|(?<=\s[{_BULLETS}])(?P<bullet>)(?=\s)"""
    # a smiley or emoji
    rf"""|(?:(?<=\s[:;=8])[-'o]?[()DPp]++|(?<=\s[{_EMOJI}])[{_EMOJI}]*+)(?P<smiley>)(?!\S)"""
    # a web address
    rf"""|(?<!\S.)(?:(?<=h)ttps?://|(?<=w)ww\.)(?P<link>)\S++"""
    # a rule drawn with hyphens and the like
    rf"""|(?<!\S.)(?:(?<=-)-{{3,}}+|(?<=_)_{{3,}}+|(?<==)={{3,}}+|(?<=\*)\*{{3,}}+)(?P<rule>)(?!\S))"""
)
"""Where a sentence may end. All begin with one of a few characters, since that lets the search skip the others."""

FOLLOWING: Final = re.compile(r"\s++([^\w\s]*+)(\w*+)")
"""What comes after a candidate: marks and the word they stand at."""
SMILEY_FOLLOWS: Final = re.compile(rf"\s++(?![{_BULLETS}])(?:[:;=8][-'o]?[()DPp]++|[{_EMOJI}]++)(?!\S)")
QUOTE: Final = re.compile('["“”„»«]')
QUOTATION: Final = re.compile(
    r"""(?<![^\s(])(?:"[^"]{1,200}+"|[“”][^“”]{1,200}+”|[“„][^“”„]{1,200}+“|»[^«»]{1,200}+[«»]|«[^«»]{1,200}+»)(?!\w)"""
)
"""A short quotation: a remark that is quoted inside a sentence stays whole."""

INITIALS: Final = re.compile(r"(?:[^\W\d]\.)*+[^\W\d]")
"""Initials without their last full stop: `J.R.R`."""
ROW: Final = re.compile(r"(?:[^:.]{1,60}+:\s|[^\W\d_]{2,20}+\s)?+(\d{1,2}|[a-zA-Z])\.\s")
"""The number or letter that a row of a table begins with, the first one perhaps after its heading."""
ROW_END: Final = re.compile(r"\s(?:\d{1,2}|[a-zA-Z])\Z")
LABEL: Final = re.compile(r"\d{1,2}|[a-zA-Z]|[IVXLC]{1,6}")
"""What numbers an item of a list."""
MARK: Final = re.compile(rf"[{_EMOJI}]++\s")
"""An emoji that stands by itself."""
FACE: Final = re.compile("[😀-🙏🤐-🤯🥰-🥺☹☺]")
"""An emoji that closes a sentence rather than heads an item."""
LIST_LABEL: Final = re.compile(r"\(?\w{1,3}\)")
NUMBER: Final = re.compile(r"\d|[IVXLCDM]++\b|[A-ZÅÄÖ]\d{0,3}+\b")
"""A number, Roman too, or a letter in its place, or both: `B4`."""
PRICE: Final = re.compile(r"[$€£¥]|(?:rp|idr|usd|sek|eur)\d*+$")
"""How a price begins, in lower case."""
PAGE: Final = re.compile(r"[IVXLC]++$")
"""The number of a page before the first."""
CLAUSE_END: Final = re.compile(r"[,;:)\]–—。，、；：](?=\s)")

STOPS: Final = tuple(".!?…")
"""Those of the marks that are typed before a smiley."""
OPENING: Final = "\"'“”‘’«»([{*_-–—"
DASHES: Final = tuple("-–—")
QUOTES: Final = tuple("\"'“”‘’«»„")
CONTINUING: Final = tuple(".,;:!?)]}>|=/\\%")
"""Marks that go on with a sentence, so that a stop before them ends nothing."""
VOWELS: Final = "aeiouyåäöé"
CUT_SHORT: Final = re.compile(r"\w[a-zåäö]*+(?:(?<=[bdfgkpv][rl])|(?<=[bdfkptv]n))|[A-Z][b-df-hj-np-tv-xz]{3,}")
"""A word that ends as no word of the three languages does, or a name without a vowel: `beskr.`, `Sthlm.`"""
