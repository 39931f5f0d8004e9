"""Lines of names alone, and names after a label: `Foto: Karin Ek`; models of sentences make words of most of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.translate.names.find import WORD, Name, find_names
from pipeline.translate.tables import read_table
from pipeline.translate.words.lists import LANGUAGES, is_word, read_names

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL: Final = re.compile(r"[^\W\d_][\w/ ]{0,30}+:\s++(?=\S)")
_PROSE: Final = re.compile(r"(?:\s[a-zåäö]\S*+){4}")
"""As many words in small letters as no name has: most texts are known by them at once."""
_LONGEST_NAMES: Final = 120
_LABELS: Final = {
    "sv": "foto|bild|text|källa|av|skribent|författare|redaktör|fotograf|reporter|krönika|ansvarig|namn|text/"
    "foto|översättning|illustration|arkivfoto|regi|manus|musik|ordförande|ort|plats|stad|hemort|kommun",
    "id": "foto|gambar|teks|sumber|oleh|penulis|editor|reporter|wartawan|fotografer|penyunting|redaktur|pewarta|nama|"
    "penerjemah|ilustrasi|laporan|sutradara|ketua|pengarang|narasumber|lokasi|kota|tempat|asal",
}
"""What a name of a person, a paper or a place follows."""


def find_lone_names(text: str, lang: str) -> list[Name]:
    """Find the names of a text that has nothing else, or nothing else after a label; models take those for words.

    >>> [name.forms for name in find_lone_names("Foto: Karin Ek", "sv")], find_lone_names("Karin bor i Lund.", "sv")
    ([('Karin',), ('Ek',)], [])
    """
    if lang not in LANGUAGES:
        return []
    label = _LABEL.match(text)
    begin = label.end() if label else 0
    if not text[begin : begin + 1].isupper() or len(text) - begin > _LONGEST_NAMES or _PROSE.search(text, begin):
        return []
    found = [name for name in find_names(text, lang) if name.start >= begin]
    words = [word for word in WORD.finditer(text, begin) if not _covers(found, word.start())]
    if words and all(word.group()[0].isupper() for word in words):
        is_byline = text[:begin].partition(":")[0].lower() in read_table(_LABELS[lang])
        found += _take_words(words, lang, is_byline=is_byline, beside=bool(found))
        found.sort(key=lambda name: name.start)
    rest, at = "", begin
    for name in found:
        rest, at = rest + text[at : name.start], name.end
    return [] if any(map(str.isalpha, rest + text[at:])) else found


def _covers(names: list[Name], at: int) -> bool:
    return any(name.start <= at < name.end for name in names)


def _take_words(words: Sequence[re.Match[str]], lang: str, *, is_byline: bool, beside: bool) -> list[Name]:
    """Take words with a capital for names that are listed or that the language has not; in a byline all, if one is."""
    known = read_names(lang)
    likely = [word.group() in known or not is_word(word.group().lower(), lang) for word in words]
    if not (beside or any(likely) if is_byline else all(likely) and (beside or len(words) > 1)):
        return []
    return [Name(*word.span(), known.get(word.group(), (word.group(),)), word.group() in known) for word in words]
