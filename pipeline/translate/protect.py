"""Addresses, names of code, emoji and numbers come through translation whole, whatever the model makes of them.

Three rungs, each for the texts that failed on the one before: entities as symbols in their sentence; numbers as symbols
too; the pieces around the entities one by one, joined. After each rung the target is searched anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.translate import masks
from pipeline.translate.engine import Decoding, Engine, Hypothesis
from pipeline.translate.figures import list_lost
from pipeline.translate.lines import hide_numbers, plan_line
from pipeline.translate.spellings import spell_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.translate.lines import Line

VERSION: Final = 10
"""Raised when the same model would give another target: what was remembered before then counts no more."""
_LINE_END: Final = re.compile(
    r"(?:[\n\r\v\f\t\x1c-\x1f\x85\u2028\u2029]|<(?i:br)\s{0,3}/?>)\s*+"
    r"|(?<=[^\s`] )(?:[|»›·]|::|>(?= [A-ZÅÄÖ]))\s++(?=[^\s`])"
)
"""Ends of lines, and what stands between the parts of a menu: those are no sentence, and a model drops some of them."""
_CODE: Final = re.compile("[`{}$<]")
_WRAP: Final = re.compile(r"(?:\r?\n|\r)[^\S\n\r]*+")


class Protecting:
    """An Engine around an Engine: entities and outer form of a text come out as they went in."""

    def __init__(self, engine: Engine, find_marks: Callable[[], Sequence[str]] = tuple, lang: str = "") -> None:
        """Wrap an engine; `find_marks` gives symbols that its model copies, and is not called before one is needed.

        Amounts and abbreviations of the source language `lang` are written out, where it is known.
        """
        self.label = engine.label
        self._lang = lang
        self._engine = engine
        self._find_marks = find_marks

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give the best hypothesis of each text, in order, with the entities of its source."""
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
        """Climb the three rungs."""
        done = {at: Hypothesis(line.text, 0.0) for at, line in enumerate(lines) if not line.core}
        first = self._translate_hidden({at: line for at, line in enumerate(lines) if line.core}, decoding)
        lossy = {at for at, found in first.items() if list_lost(lines[at].text, found.text, self._lang)}
        second = self._translate_hidden({at: hide_numbers(lines[at]) for at in sorted(lossy)}, decoding)
        done |= first
        done |= {at: found for at, found in second.items() if not list_lost(lines[at].text, found.text, self._lang)}
        done |= self._translate_pieces({at: line for at, line in enumerate(lines) if at not in done}, decoding)
        return [done[at] for at in range(len(lines))]

    def _translate_hidden(self, lines: Mapping[int, Line], decoding: Decoding) -> dict[int, Hypothesis]:
        """Translate lines with a symbol for each group, and give those where every symbol came through."""
        known = self._find_marks() if any(line.groups for line in lines.values()) else ()
        marks = {at: masks.choose_marks(line, known) for at, line in lines.items()}
        hidden = {at: masks.hide(line, marks[at]) for at, line in lines.items()}
        answers = self._ask([text for text in hidden.values() if text is not None], decoding)
        given = {}
        for at, text in hidden.items():
            if text is not None and (target := masks.show(lines[at], text, answers[text].text, marks[at])) is not None:
                answer = answers[text]
                given[at] = Hypothesis(
                    f"{lines[at].head}{target}{lines[at].tail}", answer.score, answer.cut, answer.flags
                )
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
    if not _LINE_END.search(text):
        return [text]
    lines, at, is_code = [], 0, bool(_CODE.search(text))
    for gap in _LINE_END.finditer(text):
        if not _WRAP.fullmatch(gap.group()) and not (is_code and gap.group()[0] in "|»›·:>"):
            lines += [text[at : gap.start()], gap.group()]
            at = gap.end()
    return [*lines, text[at:]]
