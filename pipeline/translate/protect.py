"""Addresses, names of code, emoji and numbers come through translation whole, whatever the model makes of them.

A line is translated with placeholders for its entities. Where these do not come through, the pieces around the entities
are translated one by one, and joined. Where a number or a date is lost, the line is asked for again with placeholders
for these too, and so it is with names, and the first answer stays if that fails.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.translate import masks
from pipeline.translate.dates.lost import list_lost_dates
from pipeline.translate.engine import Decoding, Engine, Hypothesis
from pipeline.translate.lines import hide_dates, hide_names, hide_numbers, plan_line
from pipeline.translate.names.find import find_names
from pipeline.translate.names.lost import STAND_INS, group_lost, list_lost_names, mend_names, settle_articles
from pipeline.translate.numbers.lost import list_lost_numbers
from pipeline.translate.words.spellings import spell_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.translate.lines import Line

VERSION: Final = 15
"""Raised when the same model would give another target: what was remembered before then counts no more."""
_LINE_END: Final = re.compile(
    r"(?:[\n\r\v\f\t\x1c-\x1f\x85\u2028\u2029]|<(?i:br)\s{0,3}/?>)\s*+"
    r"|[ \u00a0]?(?:(?:[.·_] ?){6,}+|(?:… ?){2,}+)[ \u00a0]?"
    r"|(?<=[^\s`] )(?:[|»›·]|::|>(?= [A-ZÅÄÖ]))\s++(?=[^\s`])"
)
"""Ends of lines, leaders and blanks to be filled in, and what stands between the parts of a menu.

Parts are no sentence, and a model drops some of them, or counts the dots anew.
"""
_GAP_HINT: Final = re.compile(
    r"[\n\r\v\f\t\x1c-\x1f\x85\u2028\u2029<|»›·>_….:](?:(?<![.:])|(?<=\.)(?= ?[.·_])|(?<=::))"
)
"""What every gap has; to look for this is quick, and few texts have any."""
_CODE: Final = re.compile("[`{}$<]")
_WRAP: Final = re.compile(r"(?:\r?\n|\r)[^\S\n\r]*+")


class Protecting:
    """An Engine around an Engine: entities and outer form of a text come out as they went in."""

    def __init__(self, engine: Engine, find_placeholders: Callable[[], Sequence[str]] = tuple, lang: str = "") -> None:
        """Wrap an engine; `find_placeholders` lists what its model copies, and is not called before one is needed.

        Amounts and abbreviations of the source language `lang` are written out, where it is known.
        """
        self.label = engine.label
        self._lang = lang
        self._engine = engine
        self._find_placeholders = find_placeholders
        self._planning = threading.Lock()
        """For threads to plan in turn: Python runs one at a time, and the first part is decoded the sooner."""

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give the best hypothesis of each text, in order, with the entities of its source."""
        with self._planning:
            cut = [_cut_lines(text) for text in texts]
            lines = [
                plan_line(line, self._lang, text) for text, parts in zip(texts, cut, strict=True) for line in parts[::2]
            ]
        found = iter(self._translate_lines(lines, decoding))
        return [
            masks.join_parts([part if at % 2 else next(found) for at, part in enumerate(parts)])
            if parts[1:]
            else next(found)
            for parts in cut
        ]

    def _translate_lines(self, lines: Sequence[Line], decoding: Decoding) -> list[Hypothesis]:
        """Try each way that is needed."""
        done = {at: Hypothesis(line.text, 0.0) for at, line in enumerate(lines) if not line.core}
        first = self._translate_hidden({at: line for at, line in enumerate(lines) if line.core}, decoding)
        lossy = {at: hidden for at, found in first.items() if (hidden := _hide_lost(lines[at], found.text))}
        second = self._translate_hidden(lossy, decoding)
        done |= first
        done |= {at: found for at, found in second.items() if _hide_lost(lines[at], found.text) is None}
        plans = {at: lossy.get(at, lines[at]) for at in sorted(done) if lines[at].core}
        done |= self._restore_names(plans, done, decoding)
        done |= self._translate_pieces({at: line for at, line in enumerate(lines) if at not in done}, decoding)
        return [done[at] for at in range(len(lines))]

    def _restore_names(
        self, lines: Mapping[int, Line], done: Mapping[int, Hypothesis], decoding: Decoding
    ) -> dict[int, Hypothesis]:
        """Mend names that were misspelt, and translate lines that lost some again with placeholders for them."""
        given, hidden, named = {}, {}, {}
        for at, line in lines.items():
            names = named[at] = [] if line.shouted else find_names(line.core, line.lang)
            lost = list_lost_names(names, done[at].text)
            if not lost:
                continue
            text = settle_articles(line.core, mend_names(line.core, done[at].text, lost))
            given[at] = msgspec.structs.replace(done[at], text=text)
            if still := list_lost_names(lost, text):
                hidden[at] = hide_names(line, group_lost(line.core, names, still))
        shown = self._translate_hidden(hidden, decoding)
        again = {at: line for at, line in hidden.items() if at not in shown}
        shown |= self._translate_hidden(again, decoding, STAND_INS)
        for at, found in shown.items():
            text = settle_articles(lines[at].core, found.text)
            fewer = len(list_lost_names(named[at], text)) < len(list_lost_names(named[at], given[at].text))
            if fewer and _hide_lost(lines[at], text) is None:
                given[at] = msgspec.structs.replace(found, text=text)
        return given

    def _translate_hidden(
        self, lines: Mapping[int, Line], decoding: Decoding, known: Sequence[str] | None = None
    ) -> dict[int, Hypothesis]:
        """Translate lines with a placeholder for each group, and give those where every one came through."""
        if known is None:
            known = self._find_placeholders() if any(line.groups for line in lines.values()) else ()
        placeholders = {at: masks.choose_placeholders(line, known) for at, line in lines.items()}
        hidden = {at: masks.hide(line, placeholders[at]) for at, line in lines.items()}
        answers = self._ask([text for text in hidden.values() if text is not None], decoding)
        given = {}
        for at, text in hidden.items():
            if text is None:
                continue
            line, answer = lines[at], answers[text]
            target = masks.show(line, text, answer.text, placeholders[at])
            if target is not None:
                given[at] = msgspec.structs.replace(answer, text=f"{line.head}{target}{line.tail}")
        return given

    def _translate_pieces(self, lines: Mapping[int, Line], decoding: Decoding) -> dict[int, Hypothesis]:
        """Translate what stands between the groups, and join it with the groups as they are."""
        cut = {at: masks.cut_pieces(line) for at, line in lines.items()}
        answers = self._ask(
            [spell_out(piece, self._lang) for pieces in cut.values() for piece in pieces[1::2]], decoding
        )
        return {at: _join_pieces(lines[at], pieces, answers) for at, pieces in cut.items()}

    def _ask(self, texts: Sequence[str], decoding: Decoding) -> dict[str, Hypothesis]:
        """Have each text translated once."""
        unique = list(dict.fromkeys(texts))
        found = self._engine.translate_texts(unique, decoding) if unique else []
        return dict(zip(unique, found, strict=True))


def _hide_lost(line: Line, target: str) -> Line | None:
    """Hide the dates or the numbers of a line of which a target lacks any, or give None where it lacks none."""
    lost_date = list_lost_dates(line.text, target, line.lang)
    lost_number = list_lost_numbers(line.text, target, line.lang)
    if lost_date:
        line = hide_dates(line)
    return hide_numbers(line) if lost_number else line if lost_date else None


def _join_pieces(line: Line, pieces: Sequence[str], answers: Mapping[str, Hypothesis]) -> Hypothesis:
    parts: list[str | Hypothesis] = [line.head]
    for at, piece in enumerate(pieces):
        if at % 2:
            answer = answers[spell_out(piece, line.lang)]
            text = masks.settle_piece(line, piece, answer.text, first=at == 1 and not pieces[0])
            parts.append(msgspec.structs.replace(answer, text=text))
        else:
            parts.append(piece)
    return masks.join_parts([*parts, line.tail])


def _cut_lines(text: str) -> list[str]:
    r"""Cut a text into line, gap, line, gap, …, line: no model keeps a run of line ends or a tab.

    A single line end is where a sentence was wrapped, and cuts nothing; nor does a bar or the like in code.

    >>> _cut_lines("En rad,\nbruten.\n\nEn till.")
    ['En rad,\nbruten.', '\n\n', 'En till.']
    >>> _cut_lines("Hem › Böcker › Barn")
    ['Hem ', '› ', 'Böcker ', '› ', 'Barn']
    """
    if not _GAP_HINT.search(text):
        return [text]
    lines, at, is_code = [], 0, bool(_CODE.search(text))
    for gap in _LINE_END.finditer(text):
        if not _WRAP.fullmatch(gap.group()) and not (is_code and gap.group()[0] in "|»›·:>"):
            lines += [text[at : gap.start()], gap.group()]
            at = gap.end()
    return [*lines, text[at:]]
