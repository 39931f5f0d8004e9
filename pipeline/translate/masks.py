"""A line with its entities and amounts hidden behind placeholders, shown again, or cut out of it: no model here."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pipeline.translate import shape
from pipeline.translate.engine import Hypothesis
from pipeline.translate.entities.find import list_entities
from pipeline.translate.lines import cut_strands
from pipeline.translate.numbers.ordinals import settle_ordinals
from pipeline.translate.numbers.separators import settle_numbers
from pipeline.translate.words.glossary import settle_words
from pipeline.translate.words.items import lower_item
from pipeline.translate.words.spellings import spell_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.translate.lines import Line

_CORE: Final = re.compile(r"\W*+(.*\w)?", re.DOTALL)
"""A stretch of text from its first letter or digit to its last."""
_CODE_LETTERS: Final = "XQZKJ"
_MOST_CODES: Final = 9
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_LITTLE: Final = frozenset({"at", "in", "on", "the"})
"""What tables write before a date, a time or an ordinal."""


def choose_placeholders(line: Line, known: Sequence[str]) -> Sequence[str]:
    """Give placeholders for a line's groups, too few if there are no more.

    They are those that the model knows; if it knows none, codes such as `X1`, which models copy best.
    """
    if not line.groups or known:
        return known[: len(line.groups)]
    upper = line.core.upper()
    letter = next((letter for letter in _CODE_LETTERS if letter not in upper), "")
    return [f"{letter}{number}" for number in range(1, 1 + _MOST_CODES)][: len(line.groups)] if letter else []


def hide(line: Line, placeholders: Sequence[str]) -> str | None:
    """Write a line with a placeholder for each group, or give None where there are too few.

    >>> from pipeline.translate.lines import plan_line
    >>> hide(plan_line("Se user_name!"), ["X1"])
    'Se X1!'
    """
    if len(placeholders) < len(line.groups):
        return None
    strands = cut_strands(line.core, line.groups)
    lower = str.lower if line.shouted else functools.partial(shape.lower_small_words, lang=line.lang)
    strands[::2] = [spell_out(lower(strand), line.lang) for strand in strands[::2]]
    strands[1::2] = placeholders
    text = "".join(strands)
    if not line.groups and (item := lower_item(line.core, line.lang)) != line.core:
        return spell_out(item, line.lang)
    return text[0].upper() + text[1:] if line.shouted else text


def show(line: Line, hidden: str, target: str, placeholders: Sequence[str]) -> str | None:
    """Put the groups back where their placeholders stand in the target.

    Gives None where that cannot be trusted: one is missing or out of order, or words or entities are.

    >>> from pipeline.translate.lines import plan_line
    >>> line = plan_line("Se user_name!")
    >>> show(line, "Se X1!", "See X1!", ["X1"]), show(line, "Se X1!", "See!", ["X1"])
    ('See user_name!', None)
    """
    target = shape.undouble(hidden, target)
    target = target.upper() if line.shouted else shape.settle_case(hidden if line.groups else line.core, target)
    target = settle_numbers(hidden, shape.settle_marks(hidden, target), line.lang)
    target = settle_words(line.core, settle_ordinals(line.core, target), line.lang)
    if not line.groups:
        return target
    parts = _placeholder_pattern(tuple(placeholders)).split(target)
    if (
        parts[1::2] != list(placeholders)
        or _leaks("".join(parts[::2]), placeholders[0])
        or _lost_text(cut_strands(line.core, line.groups)[::2], parts[::2])
    ):
        return None
    shown = _fill_in(line, parts)
    return shown if list_entities(shown) == list_entities(line.write(0, len(line.core))) else None


@functools.lru_cache(maxsize=256)
def _placeholder_pattern(placeholders: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"({'|'.join(re.escape(each) for each in placeholders)})(?![0-9])")


def _leaks(text: str, placeholder: str) -> bool:
    """Whether there are placeholders of this kind that nobody asked for."""
    return bool(re.search(f"{placeholder[0]}[0-9]", text) if len(placeholder) > 1 else _PRIVATE.search(text))


def _lost_text(wanted: Sequence[str], given: Sequence[str]) -> bool:
    """Whether words between two placeholders, or beside one, have no counterpart: models fall silent after an emoji."""
    return any(
        len(source.split()) > 1 and any(map(str.isalpha, source)) and not any(map(str.isalpha, target))
        for source, target in zip(wanted, given, strict=True)
    )


def _fill_in(line: Line, parts: list[str]) -> str:
    """Put the groups in their places, with a space between them and words that they did not touch in the source."""
    core = line.core
    for at, (start, end) in enumerate(line.groups):
        before, after = parts[2 * at], parts[2 * at + 2]
        left = " " if before[-1:].isalnum() and not core[:start][-1:].isalnum() else ""
        right = " " if after[:1].isalnum() and not core[end:][:1].isalnum() else ""
        parts[2 * at + 1] = left + _join_word(before, line.write(start, end)) + right
    return "".join(parts)


def _join_word(before: str, written: str) -> str:
    """Leave out the first word of what is filled in where the model has said it too.

    >>> _join_word("It opens at ", "at 7:30"), _join_word("It opens ", "at 7:30")
    ('7:30', 'at 7:30')
    """
    word, gap, rest = written.partition(" ")
    is_said = gap and word in _LITTLE and before.endswith(f" {word} ")
    return rest if is_said else written


def cut_pieces(line: Line) -> list[str]:
    """Cut a core into verbatim, piece, verbatim, piece, …, verbatim; the pieces are to be translated.

    >>> from pipeline.translate.lines import plan_line
    >>> cut_pieces(plan_line("Se user_name (ny)!"))
    ['', 'Se', ' user_name (', 'ny', ')!']
    """
    pieces = [""]
    for at, strand in enumerate(cut_strands(line.core, line.groups)):
        core = _CORE.match(strand)
        if at % 2 or core is None or not _has_words(core[1] or ""):
            pieces[-1] += line.write(*line.groups[at // 2]) if at % 2 else strand
            continue
        pieces[-1] += strand[: core.start(1)]
        text = core[1].lower() if line.shouted else core[1]
        pieces += [text, strand[core.end(1) :]]
    return pieces


def _has_words(text: str) -> bool:
    """Whether there is something to translate: a lone letter is a name, but for the Swedish `i`."""
    return sum(map(str.isalpha, text)) > 1 or text.lower() == "i"


def settle_piece(line: Line, piece: str, target: str, *, first: bool) -> str:
    """Give a translated piece the form of its source; where the model had nothing to say, the source stays."""
    if not target.strip():
        target = piece
    if line.shouted:
        return target.upper()
    return shape.settle_case(piece, target.rstrip(".") or target) if first else shape.continue_case(piece, target)


def join_parts(parts: Sequence[str | Hypothesis]) -> Hypothesis:
    """Make one hypothesis of parts, some of them verbatim; its score is the mean of the others, weighted by length."""
    found = [part for part in parts if isinstance(part, Hypothesis)]
    weight = sum(len(part.text) for part in found) or 1
    return Hypothesis(
        text="".join(part if isinstance(part, str) else part.text for part in parts),
        score=round(sum(part.score * len(part.text) for part in found) / weight, 4),
        cut=any(part.cut for part in found),
        flags=tuple(sorted({flag for part in found for flag in part.flags})),
    )
