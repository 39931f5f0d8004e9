"""The faults that a translation can be seen to have, each found by looking at the pair alone."""

from __future__ import annotations

import re
from itertools import groupby
from operator import eq
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.translate.entities import find_entities
from pipeline.translate.entity_patterns import MARKS
from pipeline.translate.figures import list_lost
from pipeline.translate.function_words import FOREIGN_WORDS, FUNCTION_WORDS
from pipeline.translate.lengths import USUAL, give_bounds
from pipeline.translate.plain import list_doubts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.translate.engine import Hypothesis

FAULTS: Final = {
    "empty": (10, "Nothing was said, though the source has words."),
    "loop": (9, "Words or syllables come again and again, more often than in the source."),
    "copied_source": (8, "The source came back untranslated."),
    "wrong_language": (8, "The target is not English."),
    "cut_short": (6, "The target is shorter than sound ones are, or breaks off."),
    "length_limit": (5, "Decoding was stopped: the model did not come to an end by itself."),
    "lost_entity": (4, "An address, name of code, placeholder, emoji or tag is missing."),
    "lost_number": (3, "A digit string is missing and not spelled out either."),
    "too_long": (3, "The target is longer than sound ones are."),
    "low_score": (1, "The model finds its own answer unlikely."),
}
"""What a flag means, and how heavy it weighs when the better of two faulty answers is chosen."""

LOWEST_SCORE: Final = -2.5
"""Mean log-probability of a token; below it an answer is little more than a guess."""
_COPIES: Final = 3
_LONGEST_CYCLE: Final = 8
_POOR_WORDS: Final = 12
_POOR_SHARE: Final = 0.4
_LONG_WORD: Final = 20
_FEW_WORDS: Final = 4
_COPIED_SHARE: Final = 0.7
_DOUBTFUL: Final = 0.3
_HARDLY: Final = 0.05
"""A single word that both languages share, as many do, looks foreign easily."""
_BROKEN_OFF: Final = 0.75
_SHORTEST_CUT: Final = 24
_STUTTER: Final = re.compile(r"(\S{1,12}?)\1{4,}")
_AROUND_WORDS: Final = '.,;:!?()"”“„…–«»'
_END: Final = re.compile(r"[.!?…:;][^\w\s]*\s*\Z")
_WEIGHTS: Final = {flag: weight for flag, (weight, _) in FAULTS.items()}


class _View(msgspec.Struct, frozen=True):
    """A pair, with what several searches need of it."""

    source: str
    lang: str
    hypothesis: Hypothesis
    source_words: list[str]
    words: list[str]
    """The target's words, lower-case like the source's."""
    is_english: Callable[[str], float] | None

    @property
    def target(self) -> str:
        return self.hypothesis.text


def find_faults(
    source: str, lang: str, hypothesis: Hypothesis, is_english: Callable[[str], float] | None = None
) -> tuple[str, ...]:
    """Name the faults of a translation, sorted; none for one to trust.

    >>> from pipeline.translate.engine import Hypothesis
    >>> find_faults("Senaste nytt från Malmö", "sv", Hypothesis("news news news news", -0.4))
    ('loop',)
    """
    if not any(map(str.isalpha, hypothesis.text)):
        return ("empty",) if has_words(source) else ()
    if hypothesis.text == source and not has_words(source):
        return ()
    view = _View(source, lang, hypothesis, _split(source), _split(hypothesis.text), is_english)
    return tuple(flag for flag, is_faulty in _SEARCHES if is_faulty(view))


def has_words(text: str) -> bool:
    """Tell whether a text has anything to translate beside entities.

    >>> has_words("Se https://x.se"), has_words("https://x.se 🙂 12")
    (True, False)
    """
    at = 0
    for start, end, _ in find_entities(text):
        if any(map(str.isalpha, text[at:start])):
            return True
        at = end
    return any(map(str.isalpha, text[at:]))


def _split(text: str) -> list[str]:
    """Cut a text into lower-case words; a chain of replacements is twice as fast as a pattern.

    >>> _split("Nej, sade han: ”Nej!”")
    ['nej', 'sade', 'han', 'nej']
    """
    text = text.lower()
    for mark in _AROUND_WORDS:
        if mark in text:
            text = text.replace(mark, " ")
    return text.split()


def weigh(flags: Iterable[str]) -> int:
    """Add up how heavy faults are."""
    return sum(_WEIGHTS.get(flag, 1) for flag in flags)


def _is_loop(view: _View) -> bool:
    words = view.words
    distinct = len(set(words))
    if len(words) - distinct >= _COPIES - 1:
        run = _longest_run(words)
        if run and run > _longest_run(view.source_words):
            return True
    if len(words) >= _POOR_WORDS and distinct < _POOR_SHARE * len(words):
        return distinct * len(view.source_words) < 0.75 * len(words) * len(set(view.source_words))
    stutters = [word for word in view.target.split() if len(word) > _LONG_WORD and _STUTTER.search(word)]
    return bool(stutters) and not _STUTTER.search(view.source)


def _longest_run(words: Sequence[str]) -> int:
    """Count the words of the longest stretch that says one thing three times or more.

    >>> _longest_run("a b c b c b c b".split()), _longest_run("very very good".split())
    (7, 0)
    """
    longest = 0
    most = (len(words) - len(set(words))) // (_COPIES - 1)
    for cycle in range(1, min(_LONGEST_CYCLE, most) + 1):
        echoes = list(map(eq, words, words[cycle:]))
        if sum(echoes) >= cycle * (_COPIES - 1):
            runs = (len(list(group)) for same, group in groupby(echoes) if same)
            longest = max(longest, *(run + cycle for run in runs if run >= cycle * (_COPIES - 1)), 0)
    return longest


def _is_copy(view: _View) -> bool:
    """Compare words; names and loan words are shared by sound pairs too, so few words prove nothing."""
    english = FUNCTION_WORDS["en"]
    given, wanted = set(view.words), set(view.source_words)
    if 2 * len(given & wanted) < len(wanted):
        return False
    native = [word for word in view.source_words if word.isalpha() and word not in english]
    shared = sum(word in given for word in native)
    if not native or shared < _COPIED_SHARE * len(native):
        return False
    if not FOREIGN_WORDS.get(view.lang, frozenset()).isdisjoint(given):
        return len(native) > 1
    if view.source_words != view.words or not _has_small_words(view.source):
        return False
    if len(native) >= _FEW_WORDS or view.is_english is None:
        return len(native) >= _FEW_WORDS
    return view.is_english(view.target) < (_DOUBTFUL if len(view.words) > 1 else _HARDLY)


def _has_small_words(text: str) -> bool:
    """Whether a text has words that are no names."""
    return text.islower() or any(word.islower() for word in text.split()[1:])


def _is_foreign(view: _View) -> bool:
    given = set(view.words)
    home, away = len(given & FUNCTION_WORDS["en"]), len(given & FOREIGN_WORDS.get(view.lang, frozenset()))
    if home > away or len(view.words) < _FEW_WORDS:
        return False
    if away > home + 1:
        return True
    return view.is_english is not None and view.is_english(view.target) < _DOUBTFUL


def _is_cut_short(view: _View) -> bool:
    length = len(view.source)
    shortest, _ = give_bounds(view.lang, length)
    if len(view.target) < shortest:
        return True
    if length < _SHORTEST_CUT or len(view.target) > _BROKEN_OFF * USUAL.get(view.lang, 1.0) * length:
        return False
    return bool(_END.search(view.source)) and not _END.search(view.target)


def _is_too_long(view: _View) -> bool:
    return len(view.target) > give_bounds(view.lang, len(view.source))[1] + 2


def _lacks_entity(view: _View) -> bool:
    target = view.target
    source = view.source
    wanted = [source[a:b] for a, b, kind in find_entities(source) if kind != "symbol" or source[a] not in MARKS]
    doubts = list_doubts(source)
    return any(target.count(each) < strings.count(each) for strings in (wanted, doubts) for each in strings)


_SEARCHES: Final[tuple[tuple[str, Callable[[_View], bool]], ...]] = (
    ("copied_source", _is_copy),
    ("cut_short", _is_cut_short),
    ("length_limit", lambda view: view.hypothesis.cut),
    ("loop", _is_loop),
    ("lost_entity", _lacks_entity),
    ("lost_number", lambda view: bool(list_lost(view.source, view.target))),
    ("low_score", lambda view: view.hypothesis.score < LOWEST_SCORE),
    ("too_long", _is_too_long),
    ("wrong_language", _is_foreign),
)
