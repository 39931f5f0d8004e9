"""Where the sentences of a line end, by one set of rules: no line's language is known before its sentences are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.segment import abbreviations as known
from pipeline.segment import marks
from pipeline.segment.rows import find_row, heads_item
from pipeline.segment.words import is_full_word

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

Span = tuple[int, int]

_WORD_LOOK_BACK: Final = 24
"""Characters before a candidate in which its word is looked for."""
_LONG_WORD: Final = 7
"""Letters from which a word is hardly cut short."""
_LABEL_LETTERS: Final = 6
"""A capitalised first word with fewer letters may be the label of the number after it: `Bilag. 3`."""
_TRAILING: Final = 3
"""More dots than these lead to the number of a page."""


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
    """Whether that word stands where the number or the letter of a list item stands."""
    amount: bool
    """Whether nothing but a number stands before that word."""
    opening: str
    """Marks at the head of the word after."""
    after: str
    """The word after."""
    casual: bool
    """Whether the sentence is written without capital letters."""


def trim(text: str, start: int, end: int) -> Span:
    """Leave the white space at a span's edges out."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def skip_space(text: str, start: int, end: int) -> int:
    """Find where the next word begins."""
    at = marks.SPACE.match(text, start, end)
    return at.end() if at else start


def find_sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a line where a sentence ends."""
    for match in _candidates(text, start, end):
        for cut in _judge(text, start, match, end):
            if start < cut < end:
                yield trim(text, start, cut)
                start = skip_space(text, cut, end)
    yield start, end


def _candidates(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Places where a sentence may end, those inside a short quotation left out."""
    quoted = marks.QUOTE.search(text, start, end)
    quotations = marks.QUOTATION.finditer(text, quoted.start(), end) if quoted else iter(())
    quotation = next(quotations, None)
    for match in marks.CANDIDATE.finditer(text, start, end):
        while quotation and quotation.end() <= match.start():
            quotation = next(quotations, None)
        if not (quotation and quotation.start() < match.start() and match.end() < quotation.end()):
            yield match


def _judge(text: str, start: int, match: re.Match[str], end: int) -> tuple[int, ...]:
    """Give the offsets at which the sentence from `start` ends; none if it goes on after the candidate."""
    kind = match.lastgroup
    if kind == "rule":
        return match.span()
    if match.start() <= start and kind != "link":
        return ()
    if kind == "bullet" or (kind == "glued" and _starts_anew(text, start, match)):
        return (match.start(),)
    if kind == "unspaced" and match[kind] in known.OPENERS:
        return (match.start(kind),)
    following = marks.FOLLOWING.match(text, match.end(), end)
    return _judge_mark(text, start, match, following) if following else ()


def _judge_mark(text: str, start: int, match: re.Match[str], following: re.Match[str]) -> tuple[int, ...]:
    """The same for a stop, a smiley or a link with something after it."""
    if match.lastgroup == "stop" and (row := find_row(text, start, match.start(), following[2])):
        return (row,)
    if match.lastgroup == "smiley" and heads_item(text, start, match.start(), following[2]):
        return (match.start(),)
    return (match.end(),) if _closes(text, start, match, following) else ()


def _closes(text: str, start: int, match: re.Match[str], following: re.Match[str]) -> bool:
    """Whether a stop, a smiley or a link closes its sentence."""
    capital = following[2][:1].isupper()
    if match.lastgroup == "link":
        return capital
    if match.lastgroup == "smiley":
        return capital or text[match.start() - 2] in marks.STOPS
    if match.lastgroup != "stop" or marks.SMILEY_FOLLOWS.match(text, match.end()):
        return False
    return _ends(_describe_stop(text, start, match, following))


def _starts_anew(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a capitalised function word after a word without a stop begins a sentence, as after a heading."""
    word = match["glued"]
    if word not in known.OPENERS or word in known.NAME_LIKE:
        return False
    at = max(start, match.start() - _WORD_LOOK_BACK)
    *others, last = text[at : match.start()].split()
    if marks.LIST_LABEL.fullmatch(last) or last.lower() in known.LEADING:
        return False
    return not last[0].isupper() or (at == start and not others) or word in known.CONNECTIVES


def _describe_stop(text: str, start: int, match: re.Match[str], following: re.Match[str]) -> _Stop:
    """Look at what stands around a stop, in the sentence that begins at `start`."""
    at = max(start, match.start() - _WORD_LOOK_BACK)
    before = text[at : match.start()]
    *others, word = before.split() or [""]
    first = at == start and not others
    return _Stop(
        mark=text[match.start() : match.end("stop")],
        closed=match.end() > match.end("stop"),
        word=word.lstrip(marks.OPENING),
        apart=before[-1:].isspace(),
        first=first,
        label=first or _leads_to_label(others, begins=at == start),
        amount=at == start and len(others) == 1 and others[0].isdigit(),
        opening=following[1],
        after=following[2],
        casual=text[start].islower(),
    )


def _leads_to_label(others: list[str], *, begins: bool) -> bool:
    """Whether what stands after these words may be the number of an item."""
    if not others:
        return False
    return others[-1].endswith(":") or (begins and len(others) == 1 and others[0].lower().rstrip(".") in known.SECTIONS)


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
        return not goes_on and not _leads_to_number(stop)
    if stop.label and marks.LABEL.fullmatch(stop.word):
        return False
    return _full_stop_ends(stop, stop.word.lower())


def _leads_to_number(stop: _Stop) -> bool:
    """Whether dots lead to a price, or to the number of a page."""
    if stop.mark.strip(".…") or stop.mark == "..":
        return False
    if len(stop.mark) > _TRAILING and marks.PAGE.match(stop.after) and stop.after not in known.OPENERS:
        return True
    return stop.after[:1].isdigit() or bool(marks.PRICE.match(stop.opening + stop.after.lower()))


def _full_stop_ends(stop: _Stop, low: str) -> bool:
    """Whether a full stop is more than the dot of an abbreviation, an initial or an ordinal."""
    shouted = stop.word.isupper() and stop.word.isalpha() and len(low) > 1 and not stop.after.isupper()
    numbered = _takes_number(stop, low)
    if numbered and (marks.NUMBER.match(stop.after) and stop.after not in known.OPENERS):
        return False
    if (low in known.NEVER_FINAL and not shouted) or _goes_with_next(stop, low):
        return False
    if stop.after[:1].islower():
        return is_full_word(low) and not numbered and _may_close(stop, low)
    if shouted or (low in known.OFTEN_FINAL and stop.word == low and not stop.amount):
        return True
    if (
        low in known.SELDOM_FINAL
        or marks.CUT_SHORT.fullmatch(stop.word)
        or (stop.amount and low in known.MEASURES)
        or marks.INITIALS.fullmatch(low)
    ):
        return stop.after in known.OPENERS or stop.opening.startswith(marks.QUOTES)
    return True


def _goes_with_next(stop: _Stop, low: str) -> bool:
    """Whether a word, as it is written and where it stands, belongs to the one after its full stop."""
    return (
        stop.word in known.NEVER_FINAL_CAPITAL
        or (stop.first and stop.word != low and low in known.HEADS)
        or (low in known.PAIRS and stop.after.lower() in known.PAIRS[low])
    )


def _takes_number(stop: _Stop, low: str) -> bool:
    """Whether a number after a word's full stop belongs to it."""
    if low in known.BEFORE_NUMBER:
        return low != "no" or not stop.first
    if low.endswith(("nr", "avg")) or stop.word in known.BEFORE_NUMBER_CAPITAL:
        return True
    if stop.word.isupper() or not low.isalpha() or not stop.after[:1].isdigit():
        return False
    capital = stop.word[0].isupper()
    if capital and low.endswith(known.STREETS):
        return True
    if low in known.OFTEN_FINAL or low[-1] in marks.VOWELS:
        return False
    return not any(letter in low for letter in marks.VOWELS) or (
        capital and stop.first and len(low) < _LABEL_LETTERS and low not in known.REPLIES
    )


def _may_close(stop: _Stop, low: str) -> bool:
    """Whether a sentence may well end here although the next word has no capital letter.

    Words are cut short at a consonant, so a word that ends in a vowel, or a long one, is whole.
    """
    return stop.casual or stop.after in known.FUNCTION_WORDS or low[-1] in marks.VOWELS or len(low) >= _LONG_WORD
