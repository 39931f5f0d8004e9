"""Make clean pairs look like scraped text: case, missing stops, wrappings, and things that must be copied.

The English side keeps its natural case whatever the source looks like, since that is what a reader of the output wants.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from models.training.recipe import PLACEHOLDERS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

__all__ = ["Renamer", "roughen_pair", "shuffle_placeholders"]

_WORD = re.compile(r"[^\W_]{2,}(?:[-'’][^\W_]+)*")
_PLACEHOLDER = re.compile(f"[{PLACEHOLDERS[0]}-{PLACEHOLDERS[-1]}]")
_DIGIT = re.compile(r"\d")
_SEVERAL = re.compile(r"[1-9][0-9]{1,8}")
_STOPS = ".!?…"
_EMOJI = "😀😂😍😊😉👍🙏🔥❤🎉😭🤔👏💪😎🙌✨📢👉✅⚽🎶😅🥰☀🌍🚀📷⭐🇸🇪🇮🇩"
_TOP_LEVELS = ("com", "org", "se", "id", "co.id", "net", "io", "nu", "go.id")
_SYLLABLES = ("ba", "ka", "lin", "ti", "mo", "ser", "da", "nor", "ri", "sa", "an", "ma", "den", "ko", "blog", "news")
_NAMES_KEPT = 5000
"""Names to choose from; later ones take the place of earlier ones."""
_WRAPPINGS = ("- |", "• |", "* |", "– |", "» |", "1. |", '"|"', "“|”", "”|”", "(|)")


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))


def _make_url(rng: random.Random) -> str:
    host = f"{rng.choice(('', 'www.'))}{_name(rng)}.{rng.choice(_TOP_LEVELS)}"
    path = "".join(f"/{_name(rng)}" for _ in range(rng.randint(0, 2)))
    return f"{rng.choice(('https://', 'http://'))}{host}{path}"


def _make_email(rng: random.Random) -> str:
    return f"{_name(rng)}{rng.choice(('', '.', '_'))}{_name(rng)}@{_name(rng)}.{rng.choice(_TOP_LEVELS)}"


def _make_number(rng: random.Random) -> str:
    return f"{rng.randint(1, 10 ** rng.randint(1, 7))}{rng.choice(('', '', '%', f'.{rng.randint(0, 9)}'))}"


def make_entity(rng: random.Random) -> str:
    """Make something that is the same in every language; half the time a placeholder symbol."""
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(PLACEHOLDERS)
    if kind < 0.62:
        return _make_url(rng)
    if kind < 0.72:
        return _make_email(rng)
    if kind < 0.82:
        return rng.choice("@#") + _name(rng)
    return _make_number(rng) if kind < 0.9 else rng.choice(_EMOJI)


def shuffle_placeholders(source: str, english: str, rng: random.Random) -> tuple[str, str]:
    """Put other placeholder symbols for those in a pair, so that all of them get learnt."""
    present = sorted(set(_PLACEHOLDER.findall(source)))
    if not present:
        return source, english
    table = str.maketrans(dict(zip(present, rng.sample(PLACEHOLDERS, len(present)), strict=True)))
    return source.translate(table), english.translate(table)


class Renamer:
    """Puts other names and numbers for those that both sides of a pair share.

    A corpus has few names, each of them often, and a model learns to expect these instead of to copy what is there.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._names: list[str] = []

    def rename(self, source: str, english: str) -> tuple[str, str]:
        """Change every shared name and number of two or more digits, and remember the names for other pairs."""
        for word in _list_shared(source, english):
            new = str(self._rng.randint(10, int(word))) if word[0].isdecimal() else self._choose(word)
            source, english = (re.sub(rf"\b{re.escape(word)}(?=s?\b)", new, text) for text in (source, english))
        return source, english

    def _choose(self, word: str) -> str:
        """Give a name seen before, or one that begins like one and ends like another; keep this one."""
        if len(self._names) < _NAMES_KEPT:
            self._names.append(word)
        else:
            self._names[self._rng.randrange(_NAMES_KEPT)] = word
        first, second = self._rng.choices(self._names, k=2)
        if self._rng.random() < 0.5:
            return first
        return first[: (len(first) + 1) // 2] + second[len(second) // 2 :].lower()


def _list_shared(source: str, english: str) -> list[str]:
    """List the capitalised words and the numbers that a source has and its English too, possibly in the genitive.

    >>> _list_shared("Toms bil kostade 4500 kronor i Malmö.", "Tom's car was 4500 kronor in Malmö.")
    ['Tom', '4500', 'Malmö']
    """
    theirs = set(_WORD.findall(english)) | {word.removesuffix("'s") for word in _WORD.findall(english)}
    ours = (word if word in theirs else word.removesuffix("s") for word in _WORD.findall(source))
    known = (word for word in dict.fromkeys(ours) if word in theirs)
    return [word for word in known if (word[0].isupper() and not _DIGIT.search(word)) or _SEVERAL.fullmatch(word)]


def _capitals(source: str, english: str, _: random.Random) -> tuple[str, str]:
    return source.upper(), english


def _lower(source: str, english: str, _: random.Random) -> tuple[str, str]:
    return source.lower(), english


def _title(source: str, english: str, _: random.Random) -> tuple[str, str]:
    return _WORD.sub(lambda word: word.group()[0].upper() + word.group()[1:], source), english


def _drop_stop(source: str, english: str, _: random.Random) -> tuple[str, str]:
    if source[-1:] in _STOPS and english[-1:] in _STOPS:
        return source.rstrip(_STOPS).rstrip() or source, english.rstrip(_STOPS).rstrip() or english
    return source, english


def _wrap(source: str, english: str, rng: random.Random) -> tuple[str, str]:
    before, after = rng.choice(_WRAPPINGS).split("|")
    return before + source + after, before + english + after


def _append_entity(source: str, english: str, rng: random.Random) -> tuple[str, str]:
    entity = " ".join(make_entity(rng) for _ in range(rng.choice((1, 1, 1, 2, 3))))
    if rng.random() < 0.35:
        return f"{entity} {source}", f"{entity} {english}"
    return f"{source} {entity}", f"{english} {entity}"


def _replace_shared(source: str, english: str, rng: random.Random) -> tuple[str, str]:
    """Put an entity for one word that both sides have once, such as a name: copies inside a sentence."""
    counts = [word for word in _WORD.findall(source) if source.count(word) == 1 and english.count(word) == 1]
    shared = [word for word in counts if word[0].isupper() or word[0].isdigit()]
    if not shared or " " not in source:
        return _append_entity(source, english, rng)
    word, entity = rng.choice(shared), make_entity(rng)
    return source.replace(word, entity), english.replace(word, entity)


def _copy_english(_: str, english: str, __: random.Random) -> tuple[str, str]:
    return english, english


def _copy_entity(_: str, __: str, rng: random.Random) -> tuple[str, str]:
    entity = " ".join(make_entity(rng) for _ in range(rng.choice((1, 1, 2))))
    return entity, entity


_WAYS: tuple[tuple[float, Callable[[str, str, random.Random], tuple[str, str]]], ...] = (
    (0.13, _capitals),
    (0.13, _lower),
    (0.07, _title),
    (0.20, _drop_stop),
    (0.09, _wrap),
    (0.12, _append_entity),
    (0.15, _replace_shared),
    (0.09, _copy_english),
    (0.02, _copy_entity),
)
_CHANCES = tuple(accumulate(chance for chance, _ in _WAYS))


def roughen_pair(source: str, english: str, rng: random.Random) -> tuple[str, str]:
    """Change a pair in one way, drawn by chance."""
    (way,) = rng.choices([way for _, way in _WAYS], cum_weights=_CHANCES)
    return way(source, english, rng)
