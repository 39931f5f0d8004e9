"""Document to segments: blocks, lines, sentences, with offsets into the document and nothing dropped."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from pipeline import abbreviations as known
from pipeline.records import Document, Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.settings import Settings

Span = tuple[int, int]

# Every repetition is possessive, and what follows a match is looked at afterwards: nothing is read twice.
_LINE: Final = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]++")
_CANDIDATE: Final = re.compile(
    r"""(?P<stop>[.!?…‼⁇⁈⁉]++)["'”’»)\]}*_]*+"""
    r"""|(?<=[a-zåäöéü)])[ \t\xa0](?P<glued>[A-ZÅÄÖ][a-zåäö]*+)(?=[ ,][a-zåäö])"""
    r"""|(?<=\s)(?P<smiley>[:;=8][-'o]?[()DPp]++)(?!\S)"""
    r"""|(?<!\S)(?P<link>(?:https?://|www\.)\S++)"""
    r"""|(?<=\s)(?P<bullet>[•▪◦●►‣■➢✓✔])(?=\s)"""
    r"""|(?<!\S)(?P<rule>-{4,}+|_{4,}+|={4,}+|\*{4,}+)(?!\S)"""
)
_SPACE: Final = re.compile(r"\s*+")
_NEXT: Final = re.compile(r"""\s++([^\w\s]*+)(\w*+)""")
_SMILEY_NEXT: Final = re.compile(r"\s++[:;=8][-'o]?[()DPp]++(?!\S)")
_QUOTATION: Final = re.compile(r"""(?<![^\s(])(?:"[^"]{1,240}+"|[“”][^“”]{1,240}+”|“[^“”]{1,240}+“)(?!\w)""")
_INITIALS: Final = re.compile(r"(?:\w\.)*+\w")
_ROMAN: Final = re.compile(r"[IVXLCDM]{2,}+")
_CLAUSE_END: Final = re.compile(r"[,;:)\]–—。，、；：](?=\s)")
_OPENING: Final = "\"'“”‘’«»([{*_-–—"
_VOWELS: Final = "aeiouyåäöé"
_WORD_LOOK_BACK: Final = 24
_GRAPHEME_LOOK_BACK: Final = 16
_LIST_DIGITS: Final = 2
_RETURN: Final = "\r\n"


def split_text(text: str, max_chars: int) -> list[Span]:
    """Find the segments of a text: spans that, with white-space gaps between them, tile it.

    >>> [text[a:b] for text in ["Kl. 8 kom Dr. Ek. Hon gick."] for a, b in split_text(text, 800)]
    ['Kl. 8 kom Dr. Ek.', 'Hon gick.']
    """
    return [
        piece
        for line in _lines(text)
        for sentence in _sentences(text, *line)
        for piece in _pieces(text, *sentence, max_chars)
    ]


def segment_document(document: Document, settings: Settings) -> list[Segment]:
    """Cut a document into the segments that are translated one by one."""
    text = document.text
    return [
        Segment(
            id=f"{document.id}-{index}",
            doc=document.id,
            source=document.source,
            index=index,
            start=start,
            end=end,
            src=text[start:end],
            fixes=document.fixes,
            meta=document.meta,
        )
        for index, (start, end) in enumerate(split_text(text, settings.max_segment_chars))
    ]


def segment_documents(documents: Iterable[Document], settings: Settings) -> Iterator[Segment]:
    """Cut document after document, in their order."""
    for document in documents:
        yield from segment_document(document, settings)


def _trim(text: str, start: int, end: int) -> Span:
    """Leave the white space at a span's edges out."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _skip_space(text: str, start: int, end: int) -> int:
    at = _SPACE.match(text, start, end)
    return at.end() if at else start


def _lines(text: str) -> Iterator[Span]:
    for line in _LINE.finditer(text):
        start, end = _trim(text, *line.span())
        if start < end:
            yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a line where a sentence ends."""
    for cut in _cuts(text, start, end):
        if start < cut < end:
            yield _trim(text, start, cut)
            start = _skip_space(text, cut, end)
    yield start, end


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    casual = text[start].islower()
    quotations = _QUOTATION.finditer(text, start, end)
    quotation = next(quotations, None)
    for match in _CANDIDATE.finditer(text, start, end):
        while quotation and quotation.end() <= match.start():
            quotation = next(quotations, None)
        if match.start() < start or (quotation and quotation.start() < match.start() and match.end() < quotation.end()):
            continue
        for cut in _judge(text, start, match, end, casual):
            yield cut
            start = cut


def _judge(text: str, start: int, match: re.Match[str], end: int, casual: bool) -> tuple[int, ...]:
    kind = match.lastgroup
    if kind == "bullet":
        return (match.start(),)
    if kind == "rule":
        return match.span()
    if kind == "glued":
        return (match.start(),) if match.start() > start and _starts_anew(text, start, match) else ()
    following = _NEXT.match(text, match.end(), end)
    if not following:
        return ()
    if kind == "stop":
        ends = _stop_ends(text, start, match, following, casual)
    elif kind == "link":
        ends = following[2][:1].isupper()
    else:
        ends = following[2][:1].isupper() or text[match.start() - 2] in ".!?…"
    return (match.end(),) if ends else ()


def _starts_anew(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a capitalised function word after a word without a stop begins a sentence, as after a heading."""
    word = match["glued"]
    if word not in known.OPENERS or word in known.NAME_LIKE:
        return False
    at = max(start, match.start() - _WORD_LOOK_BACK)
    *others, last = text[at : match.start()].split()
    first = at == start and not others
    return (first or not last[0].isupper()) and last not in known.FUNCTION_WORDS


def _stop_ends(text: str, start: int, stop: re.Match[str], following: re.Match[str], casual: bool) -> bool:
    opening, after = following.groups()
    dots = stop["stop"]
    if _SMILEY_NEXT.match(text, stop.end()):
        return False
    if "!" in dots or "?" in dots:
        return not after[:1].islower() or (
            not opening and stop.end() == stop.end("stop") and after not in known.REPORTING
        )
    if len(dots) > 1 or dots == "…":
        return not after[:1].islower()
    at = max(start, stop.start() - _WORD_LOOK_BACK)
    *others, word = text[at : stop.start()].split() or [""]
    listed = (not others and at == start) or (others and others[-1][-1] in ":.)")
    word = word.lstrip(_OPENING)
    if listed and word.isdigit() and len(word) <= _LIST_DIGITS:
        return False
    return _full_stop_ends(word, opening, after, casual)


def _full_stop_ends(word: str, opening: str, after: str, casual: bool) -> bool:
    """Whether the full stop after a word ends a sentence, given the word after it."""
    low = word.lower()
    shouted = word.isupper() and len(word) > 1 and "." not in word and not after.isupper()
    if (after[:1].isdigit() or _ROMAN.fullmatch(after)) and low in known.BEFORE_NUMBER:
        return False
    if word in known.NEVER_FINAL_CAPITAL or (low in known.NEVER_FINAL and not shouted):
        return False
    if after[:1].islower():
        return not opening and _full_word(word, low) and (casual or after in known.FUNCTION_WORDS or low[-1] in _VOWELS)
    if shouted or (low in known.OFTEN_FINAL and word == low):
        return True
    if low in known.SELDOM_FINAL or (_INITIALS.fullmatch(word) and not word.isdigit()):
        return after in known.OPENERS or bool(opening)
    return True


def _full_word(word: str, low: str) -> bool:
    return (
        len(word) > 1
        and word.isalpha()
        and low not in known.OFTEN_FINAL
        and low not in known.SELDOM_FINAL
        and any(letter in low for letter in _VOWELS)
    )


def _pieces(text: str, start: int, end: int, max_chars: int) -> Iterator[Span]:
    """Cut a span that is too long at a clause mark, else at a space, else anywhere."""
    while end - start > max_chars:
        cut = start + _longest_piece(text[start : start + max_chars + 1])
        yield _trim(text, start, cut)
        start = _skip_space(text, cut, end)
    if start < end:
        yield start, end


def _longest_piece(window: str) -> int:
    """How much of a window, one character longer than a segment may be, makes a segment.

    >>> [_longest_piece(w) for w in ("one, two three", "one two three", "onetwothree")]
    [4, 7, 10]
    """
    most = len(window) - 1
    marks = [mark.end() for mark in _CLAUSE_END.finditer(window, most // 2)]
    if marks:
        return marks[-1]
    space = next((at for at in range(most, 0, -1) if window[at].isspace()), 0)
    return space or _between_graphemes(window, most)


def _between_graphemes(window: str, most: int) -> int:
    """The last offset that parts no letter from its marks; looks only so far back."""
    for at in range(most, max(0, most - _GRAPHEME_LOOK_BACK), -1):
        if unicodedata.category(window[at])[0] != "M" and "\u200d" not in window[at - 1 : at + 1]:
            return at
    return most
