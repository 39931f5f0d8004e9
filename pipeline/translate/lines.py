"""A line of a text taken apart: its outer form, what must stay whole in it, and what is left to translate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.translate import shape
from pipeline.translate.dates.find import find_dates
from pipeline.translate.entities.find import find_entities
from pipeline.translate.names.lone import find_lone_names
from pipeline.translate.numbers.find import find_numbers
from pipeline.translate.numbers.separators import find_grouped, is_one_number
from pipeline.translate.numbers.words import find_number_words, say_in_english
from pipeline.translate.spans import keep_apart
from pipeline.translate.wording import find_wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.translate.names.find import Name
    from pipeline.translate.spans import Span, Wording

Groups = tuple[tuple[int, int], ...]

_BESIDE: Final = frozenset({"symbol", "tag", "emoticon", "footnote"})
"""Kinds that add nothing to a sentence where they stand before or after it."""
_STOPS: Final = frozenset(".!?…")
"""What a sentence ends with before a hashtag that is no part of it."""


class Line(msgspec.Struct, frozen=True):
    """A line of a text, taken apart."""

    head: str
    core: str
    """What is translated; empty where nothing in the line needs it."""
    tail: str
    groups: Groups = ()
    """Entities and amounts in the core, those side by side as one."""
    shouted: bool = False
    lang: str = ""
    wordings: tuple[Wording, ...] = ()
    """Amounts in the core, with their English."""

    @property
    def text(self) -> str:
        """The line as it was."""
        return self.head + self.core + self.tail

    def write(self, start: int, end: int) -> str:
        """Write a stretch of the core as it is to stand in the target: amounts in English, all else as it is."""
        parts, at = [], start
        for first, last, english in self.wordings:
            if start <= first and last <= end:
                parts += [self.core[at:first], english]
                at = last
        return "".join((*parts, self.core[at:end]))


def plan_line(text: str, lang: str = "", row: str = "") -> Line:
    """Take a line apart: outer form, entities, amounts, and what is left to translate.

    Numbers alone are written in English where the line is part of a `row` with words, or has but one and is no part:
    elsewhere they may be a list.

    >>> plan_line("– Se user_name! 🙂")
    Line(head='– ', core='Se user_name!', tail=' 🙂', groups=((3, 12),), shouted=False, lang='', wordings=())
    >>> plan_line("🙂 123").core
    ''
    """
    head, core, tail = shape.cut_edges(text)
    spans, wordings = _find_groups(core, lang)
    if not spans and (names := find_lone_names(core, lang)):
        wordings = tuple((name.start, name.end, name.forms[0]) for name in names)
        spans = [(start, end, "names") for start, end, _ in wordings]
    if spans:
        start, end, spans = _peel(core, spans)
        end -= len(shape.find_more_marks(core[start:end]))
        head, core, tail = head + core[:start], core[start:end], core[end:] + tail
        wordings = tuple((a - start, b - start, english) for a, b, english in wordings)
    groups = _merge(core, ((a, b) for a, b, _ in spans))
    strands = "".join(cut_strands(core, groups)[::2]) if groups else core
    line = Line(head, core, tail, groups, shape.is_shouted(strands), lang, wordings)
    if any(map(str.isalpha, strands)):
        return line
    if any(map(str.isalpha, row)) or (row in {"", text} and is_one_number(core, lang)):
        line = _write_grouped(line)
    return Line(head + line.write(0, len(core)) + tail, "", "")


def _find_groups(core: str, lang: str) -> tuple[list[Span], tuple[Wording, ...]]:
    """Find entities and amounts; no amount has an entity in it, unless that is a symbol of its own, as in m²."""
    spans, wordings = list(find_entities(core)), find_wording(core, lang)
    if not wordings:
        return spans, ()
    within = {span for span in spans for a, b, _ in wordings if a <= span[0] and span[1] <= b and span[2] == "symbol"}
    spans = [span for span in spans if span not in within]
    apart = keep_apart(wordings, [(a, b) for a, b, _ in spans])
    return sorted([*spans, *((a, b, "amount") for a, b, _ in apart)]), tuple(apart)


def _peel(core: str, spans: list[Span]) -> tuple[int, int, list[Span]]:
    """Leave out entities before and after the sentence that are no part of it."""
    start, end, first, last = 0, len(core), 0, len(spans)
    while first < last and spans[first][2] in _BESIDE and not core[start : spans[first][0]].strip():
        start, first = spans[first][1], first + 1
    while last > first and _is_beside(core, spans[last - 1]) and not core[spans[last - 1][1] : end].strip():
        end, last = spans[last - 1][0], last - 1
    start += len(core[start:end]) - len(core[start:end].lstrip())
    end -= len(core[start:end]) - len(core[start:end].rstrip())
    return start, end, [(a - start, b - start, kind) for a, b, kind in spans[first:last]]


def _is_beside(core: str, span: Span) -> bool:
    """Whether an entity at the end is no part of the sentence: a hashtag may be its object."""
    return span[2] in _BESIDE or (span[2] == "hashtag" and core[: span[0]].rstrip()[-1:] in _STOPS)


def _merge(core: str, spans: Iterable[tuple[int, int]]) -> Groups:
    """Make one group of spans that touch, overlap or have only white space between them."""
    groups: list[tuple[int, int]] = []
    for start, end in spans:
        if groups and not core[groups[-1][1] : start].strip():
            groups[-1] = (groups[-1][0], max(end, groups[-1][1]))
        else:
            groups.append((start, end))
    return tuple(groups)


def hide_numbers(line: Line) -> Line:
    """Treat a line's numbers as entities too, in digits or words; those with separators are written in English."""
    words = keep_apart(
        ((a, b, say_in_english(value, line.core[a:b])) for a, b, value in find_number_words(line.core, line.lang)),
        line.groups,
    )
    line = _hide(_write_grouped(line), words)
    return msgspec.structs.replace(line, groups=_merge(line.core, sorted([*line.groups, *find_numbers(line.core)])))


def _write_grouped(line: Line) -> Line:
    """Have the numbers with separators outside a line's groups written in English."""
    grouped = keep_apart(find_grouped(line.core, line.lang), line.groups)
    return msgspec.structs.replace(line, wordings=tuple(sorted([*line.wordings, *grouped])))


def hide_dates(line: Line) -> Line:
    """Treat a line's dates, weekdays and months as amounts, which are written in English.

    >>> line = plan_line("Kurs fre–sön 3–5 mars", "sv")
    >>> line.wordings, hide_dates(line).wordings[1:]
    (((5, 12, 'Friday–Sunday'),), ((13, 21, '3–5 March'),))
    """
    strands = cut_strands(line.core, line.groups)
    strands[1::2] = ["\0" * len(group) for group in strands[1::2]]
    return _hide(line, find_dates("".join(strands), line.lang))


def hide_names(line: Line, names: Iterable[Name]) -> Line:
    """Treat names as entities too, written as English does."""
    return _hide(line, keep_apart([(name.start, name.end, name.forms[0]) for name in names], line.groups))


def _hide(line: Line, wordings: Iterable[Wording]) -> Line:
    """Add to a line's groups what is written in English."""
    more = list(wordings)
    groups = _merge(line.core, sorted([*line.groups, *((start, end) for start, end, _ in more)]))
    return msgspec.structs.replace(line, groups=groups, wordings=tuple(sorted([*line.wordings, *more])))


def cut_strands(core: str, groups: Groups) -> list[str]:
    """Cut a core into text, group, text, group, …, text."""
    strands, at = [], 0
    for start, end in groups:
        strands += [core[at:start], core[start:end]]
        at = end
    return [*strands, core[at:]]
