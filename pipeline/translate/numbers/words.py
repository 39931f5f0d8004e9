"""Numbers that Swedish and Indonesian spell out: small models read few of them, and each as some word that looks alike.

`Femtio` becomes *five* and `dua puluh` *two*, where no reader can see it; the same numbers in digits come through.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import Final

from pipeline.translate.numbers.spelled import SPELLED
from pipeline.translate.spans import search_back
from pipeline.translate.tables import fold, match_words, read_table

WordNumber = tuple[int, int, int]

ONES: Final = {
    "sv": "ett=1|två=2|tre=3|fyra=4|fem=5|sex=6|sju=7|åtta=8|nio=9",
    "id": "satu=1|dua=2|tiga=3|empat=4|lima=5|enam=6|tujuh=7|delapan=8|sembilan=9",
}
_ADDED: Final = {
    "sv": f"{ONES['sv']}|en=1|tio=10|elva=11|tolv=12|tretton=13|fjorton=14|femton=15|sexton=16|sjutton=17|arton=18|"
    "nitton=19|tjugo=20|trettio=30|fyrtio=40|femtio=50|sextio=60|sjuttio=70|åttio=80|nittio=90",
    "id": f"{ONES['id']}|se=1|belas=10",
}
_ZEROS: Final = {
    "sv": "hundra=2|tusen=3|miljoner=6|miljon=6|miljarder=9|miljard=9|biljoner=12|biljon=12",
    "id": "puluh=1|ratus=2|ribu=3|juta=6|miliar=9|milyar=9|triliun=12",
}
"""What words multiply by: tens of tens."""
_ONES: Final = {"sv": f"(?:{match_words(ONES['sv'])}|en)", "id": f"(?:{match_words(ONES['id'])})"}
_TENS: Final = {
    "sv": rf"(?:(?:tjugo|(?:tret|fyr|fem|sex|sjut|åt|nit)tio)(?:{_ONES['sv']})?"
    rf"|tio|elva|tolv|(?:tret|fjor|fem|sex|sjut|ar|nit)ton|{_ONES['sv']})",
    "id": rf"(?:(?:se|{_ONES['id']}\s?)(?:belas|puluh(?:\s{_ONES['id']}(?!\s?(?:belas|puluh|ratus)))?)|{_ONES['id']})",
}
_HUNDREDS: Final = {"sv": "hundra", "id": "ratus"}
_THOUSANDS: Final = {"sv": "tusen", "id": "ribu"}
_MILLIONS: Final = {"sv": "miljon(?:er)?", "id": "juta"}
_BILLIONS: Final = {"sv": "(?:miljard|biljon)(?:er)?", "id": "(?:miliar|milyar|triliun)"}
_JOIN: Final = {"sv": r"(?:\s(?!ett?\b|en\b))?", "id": r"\s"}
_PART: Final = {
    "sv": r"\s(?:och\s(?:ett?|en)\shalvt?|komma|\w{3,8}del|\w{3,8}delar|tack|ögon|och\sen)\b",
    "id": rf"\s(?:setengah|koma|kali\slipat|mata|per\s?(?:{_ONES['id']}|sepuluh|seratus))\b",
}
"""What makes a fraction of the number before it, or thanks of a thousand, or *in private* of four eyes."""
_BARE: Final = frozenset({"hundra", "tusen", "seratus", "seribu", "sejuta"})
_AMBIGUOUS: Final = frozenset({"sex", "Sex", "SEX", "Lima"})
"""Words that are also others, a city for one."""
_IDIOM: Final = re.compile(r"\b(?:kaki\slima|(?:vad|vem|hur|var|varför)\ssjutton)\Z", re.IGNORECASE)
"""Street vendors, and a curse."""
_FIRST: Final = {"sv": 4, "id": 7}
_FIRST_LETTERS: Final = {
    "sv": frozenset(
        read_table(
            "två|tvåh|tvåt|tre|treh|tret|fyra|fyrt|fem|femh|femt|sex|sexh|sext|sju|sjuh|sjut|åtta|åtti|nio|nioh|niot|tio|"
            "tiot|elva|tolv|fjor|arto|nitt|tjug|hund|tuse|etth|ettu"
        )
    ),
    "id": frozenset(
        read_table(
            "dua|tiga|empat|lima|enam|tujuh|delapan|sembila|sepuluh|sebelas|seratus|seribu|sejuta|juta|miliar|milyar|"
            "triliun|duapulu|duabela|duaratu|duaribu"
        )
    ),
}
"""What numbers begin with: to look for that is quick, and few words do."""
_SCALED_ONE: Final = {"sv": r"(?:ett|en)\s?(?:hundra|tusen|mil|bil)|ettusen", "id": r"satu\s(?:juta|mil|tri)"}
_AROUND_WORDS: Final = ".,:;!?…()[]”“\"'«»‘’*_"
_ONE_HUNDRED: Final = re.compile("ett ?(?:hun|t?us)")
"""A hundred or a thousand, within a compound too."""
_SOME: Final = re.compile(r"(?:\b(?:par|flera|några|många)|[0-9])\s\Z", re.IGNORECASE)
_HALF: Final = re.compile(r"\b(?:halv|setengah|per)\s\Z", re.IGNORECASE)
"""`Halv fyra` is half past three, and `dua per tiga` two thirds."""
_YEARS: Final = frozenset(range(1901, 2100)) - {2000}
_YEAR: Final = re.compile(r"\b(?:år|tahun)\s\Z", re.IGNORECASE)
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:…–—\n-])[^\w]*\Z")
"""Where a number may have a capital; a line end is such a place too, unlike for names."""
_ENGLISH: Final = tuple(words.split()[0] for words in SPELLED)
_LARGEST_READ: Final = 12
"""Up to here a model reads the words, as a rule, and English spells them."""
_LEAST_GROUPED: Final = 10000
_TEN: Final = 10
_HUNDRED: Final = 100
_NAMES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


@functools.lru_cache(maxsize=4096)  # several layers ask, and have some thousand texts under way
def find_number_words(text: str, lang: str) -> tuple[WordNumber, ...]:
    """Find the numbers that a text spells out: start, end and value of each; *one* and what may be a name are none.

    >>> find_number_words("Femtio av tvåhundra tjugofem, en till", "sv"), find_number_words("dua puluh ribu", "id")
    (((0, 6, 50), (10, 28, 225)), ((0, 14, 20000),))
    """
    if not _has_number_words(text, lang):
        return ()
    found: list[WordNumber] = []
    for begin in _beginning(lang).finditer(text):
        if found and begin.start() < found[-1][1]:
            continue
        match = _pattern(lang).match(text, begin.start())
        if match and (value := _read_number(match.group(), lang)) > 1 and not _is_other(match):
            found.append((*match.span(), value))
    return tuple(found)


def _has_number_words(text: str, lang: str) -> bool:
    """Tell quickly whether a text may spell a number out."""
    if lang not in _ADDED:
        return False
    first = _FIRST[lang]
    lower = text.lower()
    words = [word.strip(_AROUND_WORDS)[:first] for word in lower.replace("-", " ").split()]
    if not _FIRST_LETTERS[lang].isdisjoint(words):
        return True
    return lang == "sv" and ("milj" in lower or _ONE_HUNDRED.search(lower) is not None)


def _read_number(words: str, lang: str) -> int:
    """Read a number in words.

    >>> _read_number("tre miljoner tvåhundrafemtio tusen", "sv"), _read_number("seribu sembilan ratus dua belas", "id")
    (3250000, 1912)
    """
    added, zeros = read_table(_ADDED[lang]), read_table(_ZEROS[lang])
    total = part = last = 0
    for word in _atoms(lang).findall(fold(words).replace("ettusen", "tusen")):
        if word in added:
            last = int(added[word])
            part += last
            continue
        times = 10 ** int(zeros[word])
        if times == _TEN:
            part += last * (_TEN - 1)
        elif times == _HUNDRED:
            part = (part or 1) * times
        else:
            total, part = total + (part or 1) * times, 0
    return total + part


def write_digits(text: str, lang: str) -> str:
    """Write the numbers that a model cannot read in digits, as the language groups them.

    >>> write_digits("Femtio av fem", "sv"), write_digits("lima belas ribu orang", "id")
    ('50 av fem', '15.000 orang')
    """
    parts, at = [], 0
    for start, end, value in find_number_words(text, lang):
        words = fold(text[start:end])
        if value > _LARGEST_READ and words not in _BARE:
            may_be_year = value in _YEARS or _THOUSANDS[lang] not in words or search_back(_YEAR, text, start)
            is_year = may_be_year and value < _LEAST_GROUPED
            digits = str(value) if is_year else f"{value:,}".replace(",", " " if lang == "sv" else ".")
            parts += [text[at:start], digits]
            at = end
    return "".join((*parts, text[at:]))


def say_in_english(value: int, words: str) -> str:
    """Write a number as English does, with the capital that its words have.

    >>> say_in_english(12, "Tolv"), say_in_english(20000, ""), say_in_english(2500000, "")
    ('Twelve', '20,000', '2.5 million')
    """
    scale, name = next(
        ((scale, name) for scale, name in _NAMES if value >= scale and not value % (scale // 10)), (1, "")
    )
    if value <= _LARGEST_READ * scale and not value % scale:
        said = _ENGLISH[value // scale]
    elif name:
        said = f"{Decimal(value) / scale:f}"
    else:
        said = f"{value:,}" if value >= _LEAST_GROUPED else str(value)
    said = f"{said} {name}".rstrip()
    return said[0].upper() + said[1:] if words[:1].isupper() else said


def _is_other(match: re.Match[str]) -> bool:
    """Whether words are no number here: part of a name, as with a capital inside a sentence, or of *some thousand*."""
    words, text = match.group(), match.string
    if words in _AMBIGUOUS or search_back(_IDIOM, text, match.end()):
        return True
    if search_back(_HALF, text, match.start()):
        return True
    if fold(words) in _BARE and search_back(_SOME, text, match.start()):
        return True
    if not words[0].isupper() or words.isupper():
        return False
    is_one_word = words.isalpha()
    return not search_back(_SENTENCE_START, text, match.start()) or (
        is_one_word and text[match.end() + 1 : match.end() + 2].isupper()
    )


@functools.cache
def _beginning(lang: str) -> re.Pattern[str]:
    first = "|".join(sorted(_FIRST_LETTERS[lang]))
    return re.compile(rf"(?:(?<![\w-])|(?<=[a-zåäö]-))(?:{first}|{_SCALED_ONE[lang]})", re.IGNORECASE)


@functools.cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Make the pattern of a whole number in words, from tens to billions, with no word of a larger one after it."""
    ones, join = _ONES[lang], _JOIN[lang]
    scales = ["belas|puluh|" + _HUNDREDS[lang], _THOUSANDS[lang], f"{_MILLIONS[lang]}|{_BILLIONS[lang]}"]
    guards = [rf"(?!\s?(?:{'|'.join(scales[:count])}))" for count in (1, 2, 3)]
    tens = _TENS[lang]
    lead = rf"(?:{tens}\s?)?" if lang == "sv" else rf"(?:se|{ones}\s?)"
    hundreds = rf"(?:{lead}{_HUNDREDS[lang]}(?:{join}{tens}{guards[0]})?|{tens})"
    lead = rf"(?:et(?=t)|{hundreds}\s?)?" if lang == "sv" else rf"(?:se|{hundreds}\s?)"
    thousands = rf"(?:{lead}{_THOUSANDS[lang]}(?:{join}{hundreds}{guards[1]})?|{hundreds})"
    lead = rf"{hundreds}\s?" if lang == "sv" else rf"(?:se|{hundreds}\s?)"
    millions = f"{lead}{_MILLIONS[lang]}"
    millions = rf"(?:(?:{lead}{_BILLIONS[lang]}(?:\s{millions})?|{millions})(?:\s{thousands}{guards[2]})?|{thousands})"
    first = "|".join(sorted(_FIRST_LETTERS[lang]))
    return re.compile(rf"(?>{millions})(?!\w|-(?!{first}))(?!{_PART[lang]})", re.IGNORECASE)


@functools.cache
def _atoms(lang: str) -> re.Pattern[str]:
    return re.compile(match_words(f"{_ADDED[lang]}|{_ZEROS[lang]}"))
