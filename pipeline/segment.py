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

_LINE: Final = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]++")
_STOP: Final = re.compile(r"""[.!?…‼⁇⁈⁉]++(["'”’»)\]}*_]*+)""")
_NEXT: Final = re.compile(r"""\s++([^\w\s]*+)(\w*+)""")
_INITIALS: Final = re.compile(r"(?:\w\.)*+\w")
_WORD_LOOK_BACK: Final = 24
_CLAUSE_END: Final = re.compile(r"[,;:)\]–—。，、；：]\s")
_OPENING: Final = "\"'“”‘’«»([{*_-–—"


def split_text(text: str, max_chars: int) -> list[Span]:
    """Find the segments of a text: spans that, with white-space gaps between them, tile it.

    >>> [text[a:b] for text in ["Kl. 8 kom Dr. Ek. Hon gick."] for a, b in split_text(text, 800)]
    ['Kl. 8 kom Dr. Ek.', 'Hon gick.']
    """
    return [
        piece
        for start, end in _lines(text)
        for sentence in _sentences(text, start, end)
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


def _lines(text: str) -> Iterator[Span]:
    """Lines without the white space at their edges; empty ones are left out."""
    for match in _LINE.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start < end:
            yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    for stop in _STOP.finditer(text, start, end):
        if (
            stop.end() < end
            and (following := _NEXT.match(text, stop.end(), end))
            and _is_end(text, start, stop, following)
        ):
            yield start, stop.end()
            start = following.start(1)
    if start < end:
        yield start, end


def _is_end(text: str, start: int, stop: re.Match[str], following: re.Match[str]) -> bool:
    opening, after = following.groups()
    dots = text[stop.start() : stop.start(1)]
    if "!" in dots or "?" in dots:
        return not after[:1].islower() or not (stop.group(1) or after in known.REPORTING)
    if len(dots) > 1 or dots == "…":
        return not after[:1].islower()
    before = text[max(start, stop.start() - _WORD_LOOK_BACK) : stop.start()]
    word = (before.split() or [""])[-1].lstrip(_OPENING)
    return _full_stop_ends(word, len(before) == stop.start() - start and word == before, opening, after)


def _full_stop_ends(word: str, first: bool, opening: str, after: str) -> bool:
    """Whether the full stop after a word ends a sentence, given the word after it."""
    low = word.lower()
    if first and word.isdigit() and len(word) <= 3:
        return False
    if after[:1].isdigit() and low in known.BEFORE_NUMBER:
        return False
    if low in known.NEVER_FINAL or word in known.NEVER_FINAL_CAPITAL:
        return False
    if after[:1].islower():
        return (
            not opening
            and len(word) > 2
            and "." not in word
            and low not in known.OFTEN_FINAL
            and low not in known.SELDOM_FINAL
            and low not in known.BEFORE_NUMBER
            and not word[-1:].isdigit()
        )
    if low in known.OFTEN_FINAL:
        return True
    if low in known.SELDOM_FINAL or (_INITIALS.fullmatch(word) and not word.isdigit()):
        return after in known.OPENERS
    return True


def _pieces(text: str, start: int, end: int, max_chars: int) -> Iterator[Span]:
    """Cut a span that is too long at a clause mark, else at a space, else anywhere."""
    while end - start > max_chars:
        cut = start + _cut(text[start : start + max_chars + 1], max_chars)
        yield start, start + len(text[start:cut].rstrip())
        rest = _NEXT.match(text, cut, end)
        start = rest.start(1) if rest else cut
    if start < end:
        yield start, end


def _cut(window: str, max_chars: int) -> int:
    marks = [m.end() - 1 for m in _CLAUSE_END.finditer(window, max_chars // 2)]
    if marks:
        return marks[-1]
    words = window.rsplit(None, 1)
    if len(words) == 2 or window[-1].isspace():
        return len(window) - len(words[-1]) if len(words) == 2 and not window[-1].isspace() else max_chars
    cut = max_chars
    while cut > max(1, max_chars - 16) and unicodedata.combining(window[cut]):
        cut -= 1
    return cut
