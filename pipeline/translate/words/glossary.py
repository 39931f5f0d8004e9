"""Single words and labels as a glossary has them: models of sentences guess at most words that stand alone.

The glossary decides only where the model says none of the words that it lists.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.translate.words.lists import LANGUAGES, is_word, read_glossary, read_names, read_words

_ALONE: Final = re.compile(r"[^\W\d_]{3,30}+(?=[.:!?…]?\Z)")
_LABEL: Final = re.compile(r"[^\W\d_]{3,30}+(?=:\s)")
_SAID: Final = re.compile(r"[^:\n]{1,60}?(?=:\s)")
_SAID_ALONE: Final = re.compile(r".{0,60}?(?=[.:!?…\s]*\Z)")
_MAX_ACRONYM: Final = 4
_ARTICLE: Final = re.compile(r"(?:the|an?|to) ")


def settle_words(source: str, target: str, lang: str) -> str:
    """Say a word that stands alone, or before a colon, as the glossary has it.

    >>> settle_words("Kyrka", "Kirka", "sv"), settle_words("Berat: X1", "Bers: X1", "id")
    ('Church', 'Weight: X1')
    >>> settle_words("Hem", "Homepage", "sv"), settle_words("En kyrka", "A kirk", "sv")
    ('Home', 'A kirk')
    """
    if lang not in LANGUAGES:
        return target
    for pattern, counterpart in ((_ALONE, _SAID_ALONE), (_LABEL, _SAID)):
        word = pattern.match(source)
        if word and (said := counterpart.match(target)):
            return _choose(word.group(), said.group(), lang) + target[said.end() :]
    return target


def _choose(word: str, said: str, lang: str) -> str:
    """Give what the model said, if that is among what the glossary has for a word, or the first of that.

    >>> _choose("Moln", "Clouds", "sv"), _choose("MOLN", "MOON", "sv"), _choose("AIK", "II", "sv")
    ('Clouds', 'CLOUDS', 'AIK')
    """
    low = word.lower()
    if word.isupper() and len(word) <= _MAX_ACRONYM and not is_word(low, lang):
        return word
    english = list(filter(None, read_glossary(lang).get(low, "").split("/")))
    is_name = word in read_names(lang) and low not in read_words(lang)
    if not english or is_name or _ARTICLE.sub("", said.lower()) in english:
        return said
    best = english[0]
    return best.upper() if word.isupper() else best[0].upper() + best[1:] if word[0].isupper() else best
