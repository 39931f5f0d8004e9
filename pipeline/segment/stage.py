"""Document to segments: blocks, lines, sentences, with offsets into the document and nothing dropped."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from pipeline.records import Document, Segment
from pipeline.segment import marks
from pipeline.segment.sentences import Span, find_sentences, skip_space, trim
from pipeline.segment.wrapped import find_continued

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.settings import Settings


_GRAPHEME_LOOK_BACK: Final = 16


def split_text(text: str, max_chars: int) -> list[Span]:
    """Find the segments of a text: spans that, with white-space gaps between them, tile it.

    >>> [text[a:b] for text in ["Kl. 8 kom Dr. Ek. Hon gick."] for a, b in split_text(text, 800)]
    ['Kl. 8 kom Dr. Ek.', 'Hon gick.']
    """
    return [
        piece
        for paragraph in _paragraphs(text)
        for sentence in find_sentences(text, *paragraph)
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
    for line in marks.LINE.finditer(text):
        start, end = trim(text, *line.span())
        if start < end:
            yield start, end


def _paragraphs(text: str) -> Iterator[Span]:
    """Lines, and the lines of a hard-wrapped paragraph as one."""
    for block in _blocks(text):
        start, end = block[0]
        joined = find_continued(text, block)
        for line in block[1:]:
            if line[0] not in joined:
                yield start, end
                start = line[0]
            end = line[1]
        yield start, end


def _blocks(text: str) -> Iterator[list[Span]]:
    """Lines with no empty line between them."""
    block: list[Span] = []
    for line in _lines(text):
        if block and not marks.LINE_BREAK.fullmatch(text, block[-1][1], line[0]):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _pieces(text: str, start: int, end: int, max_chars: int) -> Iterator[Span]:
    """Cut a span that is too long at a clause mark, else at a space, else anywhere."""
    while end - start > max_chars:
        cut = start + _longest_piece(text[start : start + max_chars + 1])
        yield trim(text, start, cut)
        start = skip_space(text, cut, end)
    if start < end:
        yield start, end


def _longest_piece(window: str) -> int:
    """How much of a window, one character longer than a segment may be, makes a segment.

    >>> [_longest_piece(w) for w in ("one two, three", "one two three", "onetwothree")]
    [8, 7, 10]
    """
    most = len(window) - 1
    clauses = [mark.end() for mark in marks.CLAUSE_END.finditer(window, most // 2)]
    if clauses:
        return clauses[-1]
    space = next((at for at in range(most, 0, -1) if window[at].isspace()), 0)
    return space or _between_graphemes(window, most)


def _between_graphemes(window: str, most: int) -> int:
    """The last offset that parts no letter from its marks; looks only so far back."""
    for at in range(most, max(0, most - _GRAPHEME_LOOK_BACK), -1):
        if unicodedata.category(window[at])[0] != "M" and "\u200d" not in window[at - 1 : at + 1]:
            return at
    return most
