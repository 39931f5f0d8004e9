"""The faults that a translation can be seen to have, each found by looking at the pair alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.translate.dates.lost import list_lost_dates
from pipeline.translate.entities.find import find_entities
from pipeline.translate.entities.patterns import MARKS
from pipeline.translate.entities.plain import list_doubts
from pipeline.translate.lengths import USUAL, give_bounds
from pipeline.translate.loops import is_loop
from pipeline.translate.numbers.lost import list_lost_numbers
from pipeline.translate.numbers.words import find_number_words, write_digits
from pipeline.translate.spans import blank_out
from pipeline.translate.wording import find_wording
from pipeline.translate.words.function_words import FOREIGN_WORDS, FUNCTION_WORDS
from pipeline.translate.words.spellings import write_twice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.translate.engine import Hypothesis

FAULTS: Final = {
    "empty": (10, "Nothing was said, though the source has words."),
    "loop": (9, "Words or syllables come again and again, more often than in the source."),
    "copied_source": (8, "The source came back untranslated."),
    "wrong_language": (8, "The target is not English."),
    "broken_text": (7, "A letter came out broken, or a symbol that nobody asked for."),
    "cut_short": (6, "The target is shorter than sound ones are, or breaks off."),
    "length_limit": (5, "Decoding was stopped: the model did not come to an end by itself."),
    "lost_entity": (4, "An address, name of code, placeholder, emoji or tag is missing."),
    "lost_date": (3, "A month or a weekday is missing, or is another one."),
    "lost_number": (3, "A number is missing, in digits and in words."),
    "too_long": (3, "The target is longer than sound ones are."),
    "low_score": (1, "The model finds its own answer unlikely."),
}
"""What a flag means, and how heavy it weighs when the better of two faulty answers is chosen."""

LOWEST_SCORE: Final = -2.5
"""Mean log-probability of a token; below it an answer is little more than a guess."""
_FEW_WORDS: Final = 4
_LEAST_WORDS: Final = 3
_COPIED_SHARE: Final = 0.7
"""Share of a source's words that come again in a copy of it."""
_DOUBTFUL: Final = 0.3
"""A target that is less likely English than this is not."""
_HARDLY: Final = 0.05
"""The same for a single word: one that both languages share, as many do, looks foreign easily."""
_BROKEN_OFF: Final = 0.75
"""A target without a full stop is cut short if it has less than this of the usual length."""
_SHORTEST_CUT: Final = 24
_LONGEST_AMOUNT: Final = 40
"""Characters beyond which a source is not looked through for nothing but amounts."""
_AROUND_WORDS: Final = '.,;:!?()"”“„…–«»'
_END: Final = re.compile(r"[.!?…:;][^\w\s]*\s*\Z")
"""How a whole sentence ends."""
_BROKEN: Final = re.compile("[\ufffd\ue000-\uf8ff]")
"""U+FFFD, or a character for private use such as a placeholder."""
_WEIGHTS: Final = {flag: weight for flag, (weight, _) in FAULTS.items()}


class _View(msgspec.Struct, frozen=True):
    """A source and its hypothesis, with what several searches need of them."""

    source: str
    lang: str
    hypothesis: Hypothesis
    source_words: list[str]
    words: list[str]
    """The target's words, lower-case like the source's."""
    english_share: Callable[[str], float] | None

    @property
    def target(self) -> str:
        return self.hypothesis.text


def find_faults(
    source: str, lang: str, hypothesis: Hypothesis, english_share: Callable[[str], float] | None = None
) -> tuple[str, ...]:
    """Name the faults of a translation, sorted; none for one to trust.

    >>> from pipeline.translate.engine import Hypothesis
    >>> find_faults("Senaste nytt från Malmö", "sv", Hypothesis("news news news news", -0.4))
    ('loop',)
    """
    if not any(map(str.isalpha, hypothesis.text)):
        return ("empty",) if _has_words(source, lang) else ()
    if (hypothesis.text == source or len(source) <= _LONGEST_AMOUNT) and not _has_words(source, lang):
        return ()
    view = _View(source, lang, hypothesis, _split(source), _split(hypothesis.text), english_share)
    return tuple(flag for flag, is_faulty in _SEARCHES if is_faulty(view))


def _has_words(text: str, lang: str = "") -> bool:
    """Tell whether a text has anything to translate beside entities and, where its language is known, numbers.

    >>> _has_words("Se https://x.se"), _has_words("https://x.se 🙂 12"), _has_words("1 299 kr", "sv")
    (True, False, False)
    """
    numbers = (*find_wording(text, lang), *find_number_words(text, lang))
    spans = [(start, end) for start, end, _ in (*find_entities(text), *numbers)]
    return any(map(str.isalpha, blank_out(text, sorted(spans))))


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


def _is_copy(view: _View) -> bool:
    """Whether the source came back; sound pairs share names and loan words too, so few words prove nothing."""
    english = FUNCTION_WORDS["en"]
    given, wanted = set(view.words), set(view.source_words)
    if 2 * len(given & wanted) < len(wanted):
        return False
    amounts = [(start, end) for start, end, _ in find_wording(view.source, view.lang)]
    rest = blank_out(view.source, amounts) if amounts else view.source
    native = [word for word in _split(rest) if word.isalpha() and len(word) > 1 and word not in english]
    shared = sum(word in given for word in native)
    if not native or shared < _COPIED_SHARE * len(native):
        return False
    if not FOREIGN_WORDS.get(view.lang, frozenset()).isdisjoint(given):
        return len(native) > 1
    if view.source_words != view.words or not _has_small_words(rest):
        return False
    if len(native) >= _FEW_WORDS or view.english_share is None:
        return len(native) >= _FEW_WORDS
    return view.english_share(view.target) < (_DOUBTFUL if len(view.words) > 1 else _HARDLY)


def _has_small_words(text: str) -> bool:
    """Whether a text has words that are no names."""
    return text.islower() or any(word.islower() for word in text.split()[1:])


def _is_foreign(view: _View) -> bool:
    """Whether the target is not English, by its words alone: names and numbers are of no language."""
    given = set(view.words)
    home, away = len(given & FUNCTION_WORDS["en"]), len(given & FOREIGN_WORDS.get(view.lang, frozenset()))
    if home > away or len(view.words) < _FEW_WORDS:
        return False
    if away > home + 1:
        return True
    capitals = [word for word in view.source.split() if word[:1].isupper()] if view.words != view.source_words else []
    names = {name for word in capitals for name in _split(word)}
    words = [word for word in view.words if word.isalpha() and word not in names]
    return (
        view.english_share is not None
        and len(words) >= _LEAST_WORDS
        and view.english_share(" ".join(words)) < _DOUBTFUL
    )


def _is_cut_short(view: _View) -> bool:
    length = len(write_digits(view.source, view.lang))
    shortest, _ = give_bounds(view.lang, length)
    if len(view.target) < shortest or _stops_at_colon(view):
        return True
    if length < _SHORTEST_CUT or len(view.target) > _BROKEN_OFF * USUAL.get(view.lang, 1.0) * length:
        return False
    return bool(_END.search(view.source)) and not _END.search(view.target)


def _stops_at_colon(view: _View) -> bool:
    """Whether a label came through without what it names."""
    if not view.target.rstrip().endswith(":"):
        return False
    _, colon, rest = view.source.rpartition(":")
    return bool(colon) and _has_words(rest, view.lang)


def _is_too_long(view: _View) -> bool:
    return len(view.target) > give_bounds(view.lang, len(view.source))[1] + 2


def _lacks_entity(view: _View) -> bool:
    target = view.target
    source = view.source
    spans = [span for span in find_entities(source) if span[2] != "symbol" or source[span[0]] not in MARKS]
    wanted = [source[a:b] for a, b, _ in spans]
    # A letter stands for each, so that the ending of `TV4:an` does not look like `:kundnamn`.
    rest = blank_out(source, ((a, b) for a, b, _ in spans), "x") if spans else source
    doubts = list_doubts(write_twice(rest, view.lang))
    return any(target.count(each) < strings.count(each) for strings in (wanted, doubts) for each in strings)


def _is_broken(view: _View) -> bool:
    return any(view.target.count(each) > view.source.count(each) for each in set(_BROKEN.findall(view.target)))


# In the order of the alphabet, so that the flags are sorted.
_SEARCHES: Final[tuple[tuple[str, Callable[[_View], bool]], ...]] = (
    ("broken_text", _is_broken),
    ("copied_source", _is_copy),
    ("cut_short", _is_cut_short),
    ("length_limit", lambda view: view.hypothesis.cut),
    ("loop", lambda view: is_loop(view.source, view.target, view.source_words, view.words)),
    ("lost_date", lambda view: bool(list_lost_dates(view.source, view.target, view.lang))),
    ("lost_entity", _lacks_entity),
    ("lost_number", lambda view: bool(list_lost_numbers(view.source, view.target, view.lang))),
    ("low_score", lambda view: view.hypothesis.score < LOWEST_SCORE),
    ("too_long", _is_too_long),
    ("wrong_language", _is_foreign),
)
