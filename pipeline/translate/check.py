"""Neural translation fails quietly: a layer that finds faulty hypotheses, tries to better them, and flags the rest.

A faulty text is translated again clause by clause, then as a whole with a wider beam, both without repeating n-grams;
the best hypothesis stays. Emoji and capitals, which lead models astray, never reach them: `protect` takes them out.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.translate.clauses import cut_clauses, halve
from pipeline.translate.engine import Decoding, Engine, Hypothesis
from pipeline.translate.faults import find_faults, weigh
from pipeline.translate.masks import join_parts
from pipeline.translate.names.lone import find_lone_names
from pipeline.translate.shape import continue_case, settle_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

VERSION: Final = 7
"""Raised when other faults are found or mended: what was remembered before then counts no more."""
_CLAUSE_DECODING: Final = Decoding(beam=1, no_repeat_ngram=3, shortlist=False)
"""Clauses come first: a model that fails at a long text rarely fails at its parts, and those need no beam."""
_WHOLE_DECODING: Final = Decoding(beam=4, no_repeat_ngram=3, shortlist=False)
_SURE_SCORE: Final = -0.6
"""Least score of a translation that replaces a word which came back as it was."""
_ALIKE: Final = 0.7
"""Share of letters in common from which two words are spellings of one name."""
_SHORTEST_ECHO: Final = 2
_FEW_WORDS: Final = 3
_LONGEST_WORD: Final = 100
_MANY_WORDS: Final = 12
"""A text without clauses is halved if it has as many."""
_LIGHTEST: Final = weigh(["low_score"])
"""Faults that weigh no more are flagged, but not worth another attempt."""
_LABEL: Final = re.compile(r"([^\W\d_][\w/ ]{0,30}+)(:\s++)(?=\w)")


class _Attempt(msgspec.Struct, frozen=True):
    """A text put to the engine in another way."""

    at: int
    """The text's place among those that are translated together."""
    parts: tuple[str, ...]
    """Piece, gap, piece, …: the pieces are translated, the gaps stay."""
    bare: bool = False
    """Whether a full stop was added to it, which the target must not keep."""


class Checking:
    """An Engine around an Engine: what is faulty is tried again, what stays faulty is flagged."""

    def __init__(self, engine: Engine, lang: str, english_share: Callable[[str], float] | None = None) -> None:
        """Wrap an engine for a source language; `english_share` gives the probability that a text is English."""
        self.label = engine.label
        self._engine = engine
        self._lang = lang
        self._english_share = english_share

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give the best hypothesis of each text, in order, with the faults that it has."""
        found = self._engine.translate_texts(texts, decoding)
        best = {at: self._flag(text, each) for at, (text, each) in enumerate(zip(texts, found, strict=True))}
        self._retry_echoes(texts, best, decoding)
        whole = msgspec.structs.replace(_WHOLE_DECODING, beam=max(_WHOLE_DECODING.beam, decoding.beam))
        for rewrite, way in ((_attempt_clauses, _CLAUSE_DECODING), (_attempt_whole, whole)):
            faulty = [at for at, each in best.items() if weigh(each.flags) > _LIGHTEST and _is_worth_it(texts[at])]
            attempts = [attempt for at in faulty for attempt in rewrite(at, texts[at])]
            self._improve(texts, best, attempts, way)
        return [best[at] for at in range(len(texts))]

    def _retry_echoes(self, texts: Sequence[str], best: dict[int, Hypothesis], decoding: Decoding) -> None:
        """Translate words that came back unchanged again, in lower case: with a capital, models take them for names."""
        echoes = {
            at: texts[at].lower()
            for at, each in best.items()
            if _is_echo(texts[at], each) and not find_lone_names(texts[at], self._lang)
        }
        if not echoes:
            return
        asked = list(dict.fromkeys(echoes.values()))
        answers = dict(zip(asked, self._engine.translate_texts(asked, decoding), strict=True))
        for at, text in echoes.items():
            answer = self._flag(text, answers[text])
            if answer.score >= _SURE_SCORE and not answer.flags and _differs(text, answer.text.lower()):
                best[at] = msgspec.structs.replace(answer, text=settle_case(texts[at], answer.text))

    def _flag(self, text: str, hypothesis: Hypothesis) -> Hypothesis:
        flags = find_faults(text, self._lang, hypothesis, self._english_share)
        return msgspec.structs.replace(hypothesis, flags=flags) if flags != hypothesis.flags else hypothesis

    def _improve(
        self, texts: Sequence[str], best: dict[int, Hypothesis], attempts: Sequence[_Attempt], decoding: Decoding
    ) -> None:
        """Translate the parts of all attempts together, and keep results that are better than the best so far."""
        pieces = list(dict.fromkeys(piece for attempt in attempts for piece in attempt.parts[::2]))
        if not pieces:
            return
        answers = dict(zip(pieces, self._engine.translate_texts(pieces, decoding), strict=True))
        for attempt in attempts:
            text = texts[attempt.at]
            answer = self._flag(text, _assemble(text, attempt, answers))
            if _rank(answer) < _rank(best[attempt.at]):
                best[attempt.at] = answer


def _is_echo(text: str, hypothesis: Hypothesis) -> bool:
    """Tell whether a word with a capital came back as it is."""
    return (
        text.isalpha() and len(text) > _SHORTEST_ECHO and not text.islower() and hypothesis.text.lower() == text.lower()
    )


def _differs(text: str, answer: str) -> bool:
    """Tell whether an answer is another word, of about that length, rather than a name misspelt.

    >>> _differs("katt", "cat"), _differs("svensson", "sensson"), _differs("start", "start start start")
    (True, False, False)
    """
    alike = SequenceMatcher(None, text, answer).ratio()
    return alike < _ALIKE and len(answer.split()) <= 2  # noqa: PLR2004 - a word may be two in English


def _rank(hypothesis: Hypothesis) -> tuple[int, float]:
    """Order hypotheses, the better one first: by the weight of their faults, then by score."""
    return weigh(hypothesis.flags), -hypothesis.score if hypothesis.flags else 0.0


def _attempt_clauses(at: int, text: str) -> Iterator[_Attempt]:
    """Cut a text into its clauses; if it has but one, into a label and what it names, or if it is long, into halves."""
    parts = cut_clauses(text)
    if len(parts) > 1:
        yield _Attempt(at, tuple(parts))
    elif label := _LABEL.match(text):
        yield _Attempt(at, (label[1], label[2], text[label.end() :]))
    elif len(text.split()) >= _MANY_WORDS:
        first, second = halve(text)
        yield _Attempt(at, (first, " ", second))


def _attempt_whole(at: int, text: str) -> Iterator[_Attempt]:
    """Give a text as it is; one of few words in lower case too, and with a full stop, as if it were a sentence."""
    yield _Attempt(at, (text,))
    if len(text.split()) <= _FEW_WORDS:
        yield _Attempt(at, (text.lower(),))
        if text[-1:].isalpha():
            yield _Attempt(at, (f"{text}.",), bare=True)


def _is_worth_it(text: str) -> bool:
    """Tell whether a text may be language: no other decoding makes sense of noise, and noise is slow to decode.

    >>> _is_worth_it("Läs mer"), _is_worth_it("a" + "\u0301" * 799), _is_worth_it("å" * 1500)
    (True, False, False)
    """
    letters = sum(map(str.isalpha, text))
    return 2 * letters >= len(text) and max(map(len, text.split()), default=0) <= _LONGEST_WORD


def _assemble(text: str, attempt: _Attempt, answers: Mapping[str, Hypothesis]) -> Hypothesis:
    """Join the answers to an attempt's parts into a hypothesis of the whole text."""
    parts: list[str | Hypothesis] = []
    for number, part in enumerate(attempt.parts):
        if number % 2:
            parts.append(part)
            continue
        answer = answers[part]
        target = continue_case(part, answer.text) if number else settle_case(text, answer.text)
        if attempt.bare or (number + 1 < len(attempt.parts) and not part.endswith(".")):
            target = target.rstrip(".")
        parts.append(msgspec.structs.replace(answer, text=target))
    return join_parts(parts)
