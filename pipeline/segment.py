"""Document to segments: blocks, lines, sentences, with offsets into the document and nothing dropped."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline import abbreviations as known
from pipeline import marks
from pipeline.records import Document, Segment

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from pipeline.settings import Settings

Span = tuple[int, int]

_WORD_LOOK_BACK: Final = 24
_GRAPHEME_LOOK_BACK: Final = 16
_LIST_DIGITS: Final = 2
_LONG_WORD: Final = 7


class _Stop(NamedTuple):
    """A full stop, question or exclamation mark, or ellipsis, and what stands around it."""

    mark: str
    closed: bool
    """Whether a quote or bracket closes right after it."""
    word: str
    """The word before, without the marks that open it."""
    apart: bool
    """Whether white space parts that word from the stop."""
    first: bool
    """Whether that word is the first of the sentence."""
    label: bool
    """Whether that word stands where the number of a list item stands."""
    opening: str
    """Marks at the head of the word after."""
    after: str
    """The word after."""
    casual: bool
    """Whether the sentence is written without capital letters."""


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
    at = marks.SPACE.match(text, start, end)
    return at.end() if at else start


def _lines(text: str) -> Iterator[Span]:
    for line in marks.LINE.finditer(text):
        start, end = _trim(text, *line.span())
        if start < end:
            yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a line where a sentence ends."""
    for match in _candidates(text, start, end):
        for cut in _judge(text, start, match, end):
            if start < cut < end:
                yield _trim(text, start, cut)
                start = _skip_space(text, cut, end)
    yield start, end


def _candidates(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Places where a sentence may end, those inside a short quotation left out."""
    quotations = marks.QUOTATION.finditer(text, start, end)
    quotation = next(quotations, None)
    for match in marks.CANDIDATE.finditer(text, start, end):
        while quotation and quotation.end() <= match.start():
            quotation = next(quotations, None)
        if not (quotation and quotation.start() < match.start() and match.end() < quotation.end()):
            yield match


def _judge(text: str, start: int, match: re.Match[str], end: int) -> tuple[int, ...]:
    """Offsets at which the sentence from `start` ends, at the candidate or at its edges."""
    kind = match.lastgroup
    if kind == "rule":
        return match.span()
    if match.start() <= start and kind != "link":
        return ()
    if kind == "bullet":
        return (match.start(),)
    if kind == "glued":
        return (match.start(),) if _starts_anew(text, start, match) else ()
    following = marks.FOLLOWING.match(text, match.end(), end)
    if not following or (kind == "stop" and marks.SMILEY_FOLLOWS.match(text, match.end(), end)):
        return ()
    if kind == "stop":
        ends = _ends(_stop_at(text, start, match, following))
    else:
        ends = following[2][:1].isupper() or (kind == "smiley" and text[match.start() - 2] in ".!?…")
    return (match.end(),) if ends else ()


def _starts_anew(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a capitalised function word after a word without a stop begins a sentence, as after a heading."""
    word = match["glued"]
    if word not in known.OPENERS or word in known.NAME_LIKE:
        return False
    at = max(start, match.start() - _WORD_LOOK_BACK)
    *others, last = text[at : match.start()].split()
    if marks.LIST_LABEL.fullmatch(last):
        return False
    return (not last[0].isupper() or (at == start and not others)) and last not in known.FUNCTION_WORDS


def _stop_at(text: str, start: int, match: re.Match[str], following: re.Match[str]) -> _Stop:
    at = max(start, match.start() - _WORD_LOOK_BACK)
    before = text[at : match.start()]
    *others, word = before.split() or [""]
    first = at == start and not others
    return _Stop(
        mark=match["stop"],
        closed=match.end() > match.end("stop"),
        word=word.lstrip(marks.OPENING),
        apart=before[-1:].isspace(),
        first=first,
        label=first or bool(others and others[-1][-1] in ":.)"),
        opening=following[1],
        after=following[2],
        casual=text[start].islower(),
    )


def _ends(stop: _Stop) -> bool:
    """Whether a sentence ends at a stop."""
    goes_on = stop.after[:1].islower()
    if stop.opening.startswith(marks.CONTINUING):
        return False
    if goes_on and (stop.closed or stop.opening.startswith(marks.DASHES) or (stop.apart and not stop.casual)):
        return False
    if "?" in stop.mark or "!" in stop.mark:
        named = "?" not in stop.mark and stop.word[:1].isupper() and not stop.first
        return not goes_on or not (named or stop.after in known.REPORTING)
    if stop.mark != ".":
        return not goes_on
    if stop.label and stop.word.isdigit() and len(stop.word) <= _LIST_DIGITS:
        return False
    return _full_stop_ends(stop, stop.word.lower())


def _full_stop_ends(stop: _Stop, low: str) -> bool:
    """Whether a full stop is more than the dot of an abbreviation, an initial or an ordinal."""
    shouted = stop.word.isupper() and stop.word.isalpha() and len(low) > 1 and not stop.after.isupper()
    numbered = low in known.BEFORE_NUMBER or low.endswith("nr")
    if numbered and (stop.after[:1].isdigit() or marks.ROMAN.fullmatch(stop.after)):
        return False
    if stop.word in known.NEVER_FINAL_CAPITAL or (low in known.NEVER_FINAL and not shouted):
        return False
    if stop.after[:1].islower():
        return _is_full_word(low) and (stop.casual or not numbered) and _may_close(stop, low)
    if shouted or (low in known.OFTEN_FINAL and stop.word == low):
        return True
    if low in known.SELDOM_FINAL or (marks.INITIALS.fullmatch(low) and not low.isdigit()):
        return stop.after in known.OPENERS or stop.opening.startswith(marks.QUOTES)
    return True


def _may_close(stop: _Stop, low: str) -> bool:
    """Whether a sentence may well end here although the next word has no capital letter.

    Words are cut short at a consonant, so a word that ends in a vowel, or a long one, is whole.
    """
    return stop.casual or stop.after in known.FUNCTION_WORDS or low[-1] in marks.VOWELS or len(low) >= _LONG_WORD


def _is_full_word(low: str) -> bool:
    """Whether a word is none that is known to be cut short, and can be spoken.

    >>> [_is_full_word(word) for word in ("hus", "m.fl", "skr", "8")]
    [True, False, False, False]
    """
    return (
        low.isalpha()
        and len(low) > 1
        and low not in known.OFTEN_FINAL
        and low not in known.SELDOM_FINAL
        and any(letter in low for letter in marks.VOWELS)
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
