"""Names of people, places and firms, which small models spoil: *Uppsala* becomes *a problem*.

A name is known from a list, or is a word with a capital inside a sentence that the language does not have in small
letters. Models copy most names, so a name is looked for in the target, and hidden only where it was lost.
"""

from __future__ import annotations

import functools
import re
from typing import Final

import msgspec

from pipeline.translate import shape
from pipeline.translate.spans import look_back, search_back
from pipeline.translate.words.lists import LANGUAGES, is_word, read_names, read_words

WORD: Final = re.compile(r"(?<![\w@#_./\\&$%<{-])[^\W\d_]++(?:['’-][^\W\d_]++)*+(?![\w@\\/=(-]|\.\w)")
_SENTENCE_START: Final = frozenset(".!?:;–—-…•*|/>")
"""What a sentence, an item or a label ends with: a capital after it tells nothing."""
_OPENING: Final = " \n\"“”„'‘’(«»["
_PLACED: Final = "di|ke|dari|asal|kota|pak|bu|bapak|ibu|bernama|menurut|kata|ujar|oleh|harian|koran|maskapai|pt|bank"
_BEFORE: Final = {"id": re.compile(rf"(?<!\w)(?:{_PLACED}) $", re.IGNORECASE)}
"""What stands before names in a language that writes titles and offices with a capital too."""
_LONGEST: Final = 4
"""Words of the longest name that is listed."""
_SHORTEST: Final = 3
_FEW: Final = 3
_TITLE_SHARE: Final = 0.6


class Name(msgspec.Struct, frozen=True):
    """A name in a text."""

    start: int
    end: int
    forms: tuple[str, ...]
    """What the target may have for it, first what it is written as."""
    listed: bool = True


def find_names(text: str, lang: str) -> list[Name]:
    """Find a text's names, in order.

    >>> [name.forms[0] for name in find_names("I går kom Ridwan från Köpenhamn till Uppsala.", "sv")]
    ['Ridwan', 'Copenhagen', 'Uppsala']
    >>> [name.forms[0] for name in find_names("Rapat itu dihadiri Presiden dan Budi Santoso.", "id")]
    ['Budi', 'Santoso']
    """
    if lang not in LANGUAGES or text.islower() or shape.is_shouted(text):
        return []
    words = list(WORD.finditer(text))
    capitals = [at for at, word in enumerate(words) if text[word.start()].isupper()]
    titled = shape.is_titled(text) or (len(words) > _FEW and len(capitals) > _TITLE_SHARE * len(words))
    found: list[Name] = []
    after = 0
    for at in capitals:
        if at >= after:
            name, taken = _match_name(text, words, at, lang, titled=titled)
            found += [name] if name else []
            after = at + taken
    return found


def _match_name(text: str, words: list[re.Match[str]], at: int, lang: str, *, titled: bool) -> tuple[Name | None, int]:
    """Match a name at a word with a capital, the longest that is listed, and count its words."""
    names = read_names(lang)
    word = words[at].group()
    if word.isupper() and len(word) > 1:
        return None, 1
    start = words[at].start()
    longest = min(_LONGEST, len(words) - at) if word in _list_beginnings(lang) else 1
    for count in range(longest, 0, -1):
        end = words[at + count - 1].end()
        forms = _look_up(text[start:end], names, lang)
        if forms and (count > 1 or _is_name(text, words, at, lang, titled=titled)):
            return Name(start, end, forms), count
    is_likely = (not titled and _is_inside(text, start)) or _is_beside_name(text, words, at, lang)
    if not is_likely or len(word) < _SHORTEST or not _is_unknown(word, lang):
        return None, 1
    forms = (word, word[:-1]) if lang == "sv" and word[-1] == "s" else (word,)
    return Name(start, words[at].end(), forms, listed=False), 1


@functools.cache
def _list_beginnings(lang: str) -> frozenset[str]:
    """List the first words of listed names that have several."""
    first_words = ((name, WORD.match(name)) for name in read_names(lang))
    return frozenset(word.group() for name, word in first_words if word and word.end() < len(name))


def _look_up(name: str, names: dict[str, tuple[str, ...]], lang: str) -> tuple[str, ...]:
    """Give the English forms of a listed name, in the genitive too; none for another."""
    if name in names:
        return names[name]
    if lang == "sv" and name[-1] == "s" and name[:-1] in names:
        return tuple(f"{form}'s" for form in names[name[:-1]])
    return ()


def _is_name(text: str, words: list[re.Match[str]], at: int, lang: str, *, titled: bool) -> bool:
    """Tell whether a listed word is a name here, though it may be a word too: inside a sentence, or beside a name."""
    if words[at].group().lower() not in read_words(lang):
        return True
    start = words[at].start()
    if not titled and _is_inside(text, start) and (lang not in _BEFORE or search_back(_BEFORE[lang], text, start)):
        return True
    return _is_beside_name(text, words, at, lang)


def _is_beside_name(text: str, words: list[re.Match[str]], at: int, lang: str) -> bool:
    """Tell whether a word stands beside one that is a name and nothing else."""
    return any(_is_sure(text, words, at, beside, lang) for beside in (at - 1, at + 1))


def _is_sure(text: str, words: list[re.Match[str]], at: int, beside: int, lang: str) -> bool:
    """Tell whether the word beside another one is a name and nothing else."""
    if not 0 <= beside < len(words):
        return False
    first, second = sorted((at, beside))
    word = words[beside].group()
    touches = text[words[first].end() : words[second].start()] == " "
    return touches and word in read_names(lang) and word.lower() not in read_words(lang)


def _is_inside(text: str, start: int) -> bool:
    """Tell whether a word stands inside a sentence, where its capital tells something."""
    before = look_back(text, start).rstrip(_OPENING)
    return bool(before) and before[-1] not in _SENTENCE_START


def _is_unknown(word: str, lang: str) -> bool:
    """Tell whether no part of a word is written in small letters."""
    parts = re.split("['’-]", word)
    if any(part.islower() for part in parts[1:]):
        return False
    lower = [part.lower() for part in parts]
    if lang == "id" and word.endswith("nya"):
        return False  # `Prancisnya` is a word made of a name
    return not any(is_word(part, lang) or (lang == "sv" and is_word(part.rstrip("s"), lang)) for part in lower)
