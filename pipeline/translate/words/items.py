"""Items of lists, menus and tables: a word or three, which a model of sentences takes for names by their capitals."""

from __future__ import annotations

import re
from typing import Final

from pipeline.translate.words.lists import LANGUAGES, read_names, read_words

_ITEM: Final = re.compile(r"[^\W\d_]++(?:[ /&-]{1,3}[^\W\d_]++){0,2}:?")
_WORD: Final = re.compile(r"[^\W\d_]++")


def lower_item(text: str, lang: str) -> str:
    """Write the words of an item in small letters where the language has them so; names keep their capitals.

    >>> lower_item("Bröd", "sv"), lower_item("Nya Skor", "sv"), lower_item("Karta Uppsala", "sv")
    ('bröd', 'nya skor', 'karta Uppsala')
    >>> lower_item("Bröd är gott att äta.", "sv"), lower_item("Ridwan", "id")
    ('Bröd är gott att äta.', 'Ridwan')
    """
    if lang not in LANGUAGES or text.islower() or not _ITEM.fullmatch(text):
        return text
    words, names = read_words(lang), read_names(lang)

    def lower(match: re.Match[str]) -> str:
        word = match.group()
        is_name = word.capitalize() in names and word.lower() not in words
        return word.lower() if word.lower() in words and not is_name else word

    return _WORD.sub(lower, text)
