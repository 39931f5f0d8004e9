"""A segment's outer form: its bullet, quotes, dashes and capitals, which a model may lose and a reader would miss."""

from __future__ import annotations

import re
from typing import Final

from pipeline.translate.quotes import settle_quotes
from pipeline.translate.words.function_words import FUNCTION_WORDS

_PAIRS: Final = {
    '"': '"',
    "“": "”",
    "”": "”",
    "„": "“”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "'": "'",
    "‘": "’",
    "’": "’",
    "(": ")",
    "[": "]",
}
_BULLET: Final = re.compile(
    r"\s*+(?:(?:[-‐‑–—−*•·◦‣▪▸►●○■□➤➔✓✔✗#>]{1,6}+|\d{1,3}(?:\.\d{1,3}){0,3}[.)]|\(\d{1,2}\)|\(?(?:[A-Za-z]|[ivxIVX]{2,5})[.)]|o(?=\s++[A-ZÅÄÖ]))\s++"
    r"|[–—−](?=[^\W\d_])|-(?=[A-ZÅÄÖ][a-zåäö]*+(?:\s|[,.!?]))|\d{1,2}[.)](?=[A-ZÅÄÖ][a-zåäö]))?+"
)
_TRAILER: Final = re.compile(r"\s(?:[-‐‑–—−•·|]{1,3}+)\s*+\Z|\s++\Z")
_MARKS_MORE: Final = re.compile(r"(?<=\w[?!])[?!]++\Z")
"""What stands after a first mark, of which models make one."""
_OPENERS: Final = FUNCTION_WORDS["en"] - {"i", "may", "will"}
_SPACED_DASH: Final = re.compile(r"[-‐‑–—−](?<=\s.)(?:(?<=-)-)?(?=\s)")
_DASH: Final = re.compile("[–—−]")
_TYPED_DASH: Final = re.compile(r"\s{0,2}(?<!-)--(?!-)\s{0,2}")
_WORD: Final = re.compile(r"[^\W\d_]++(?:['’-][^\W\d_]++)*+")
_SHOUT_LETTERS: Final = 5
_TITLE_WORDS: Final = 3
_TITLE_SHARE: Final = 0.7
_LONG_WORD: Final = 4


def cut_edges(text: str) -> tuple[str, str, str]:
    """Cut a text into what opens it, what is to be translated, and what closes it; joined they give the text.

    >>> cut_edges("– Det är bra. ")
    ('– ', 'Det är bra.', ' ')
    >>> cut_edges("2. ”Vi ses!”")
    ('2. ”', 'Vi ses!', '”')
    >>> cut_edges("”Vi ses”, sade hon."), cut_edges("Va?!!")
    (('', '”Vi ses”, sade hon.', ''), ('', 'Va?', '!!'))
    """
    opening = _BULLET.match(text)
    start = opening.end() if opening else 0
    end = len(text)
    while closing := _TRAILER.search(text[max(start, end - 40) : end]):
        end -= len(closing.group())
    while end - start > 2 and _wraps(text, start, end):  # noqa: PLR2004 - the pair and something in it
        start, end = start + 1, end - 1
    end -= len(find_more_marks(text[start:end]))
    return text[:start], text[start:end], text[end:]


def find_more_marks(text: str) -> str:
    """Give the exclamation and question marks at a text's end but for the first.

    >>> find_more_marks("Kom hit nu!?!")
    '?!'
    """
    marks = _MARKS_MORE.search(text) if text.endswith(("?", "!")) else None
    return marks.group() if marks else ""


def _wraps(text: str, start: int, end: int) -> bool:
    """Whether one pair of quotes or brackets holds the whole text."""
    closers = _PAIRS.get(text[start], "")
    inner = text[start + 1 : end - 1]
    return bool(closers) and text[end - 1] in closers and not any(mark in inner for mark in closers + text[start])


def is_shouted(text: str) -> bool:
    """Tell whether a text is in capitals only; a model reads capitals badly.

    >>> is_shouted("LÄS MER OM EU"), is_shouted("SVT"), is_shouted("Läs mer")
    (True, False, False)
    """
    return text.isupper() and sum(map(str.isalpha, text)) >= _SHOUT_LETTERS


def settle_case(source: str, target: str) -> str:
    """Give a target the capitals of its source where the model lost them.

    >>> settle_case("Senaste nytt", "latest news")
    'Latest news'
    >>> settle_case("Cara Membuat Kue Lapis", "How to make layer cake")
    'How to Make Layer Cake'
    >>> settle_case("Tentang Kami", "About us"), settle_case("BARN", "Children")
    ('About Us', 'CHILDREN')
    """
    if len(source) > 1 and source.isupper():
        return target.upper()
    if source[:1].isupper() and target[:1].islower():
        target = target[0].upper() + target[1:]
    if is_titled(source) and not is_titled(target):
        words = list(_WORD.finditer(target))
        target = _WORD.sub(_capitalise, target)
        at = words[-1].start() if words else 0
        return target[:at] + target[at : at + 1].upper() + target[at + 1 :]
    return target


def undouble(source: str, target: str) -> str:
    """Say a word once where a model says it twice of one word.

    >>> undouble("barn", "children children"), undouble("hela hela dagen", "all all day")
    ('children', 'all all day')
    """
    words = target.split()
    twice = len(words) == 2 and words[0].lower() == words[1].lower()  # noqa: PLR2004 - the word and its double
    return words[0] if twice and len(source.split()) == 1 and "-" not in source else target


def is_titled(text: str) -> bool:
    """Tell whether a text is written like a title: every longer word with a capital.

    >>> is_titled("Presiden Resmikan Jalan Tol di Jawa"), is_titled("Presiden resmikan jalan")
    (True, False)
    >>> is_titled("Så Gör Du En Bulle")
    True
    """
    titled = 0
    words = text.split()
    for word in words:
        if len(word) >= _LONG_WORD and word[0].isalpha():
            if not word[0].isupper():
                return False
            titled += 1
    capitals = sum(word[0].isupper() for word in words)
    if capitals == len(words) > 1 and not text.isupper():
        return True
    return titled >= _TITLE_WORDS and capitals >= _TITLE_SHARE * len(words)


def lower_small_words(text: str, lang: str) -> str:
    """Write the small words of a title in small letters, since a model takes those with a capital for names.

    >>> lower_small_words("Kontakta Oss", "sv"), lower_small_words("Kontakta Anna På SVT", "sv")
    ('Kontakta oss', 'Kontakta Anna på SVT')
    """
    if lang == "en" or not is_titled(text):
        return text
    small = FUNCTION_WORDS.get(lang, frozenset())
    first, *rest = text.split(" ")
    return " ".join([first, *(word.lower() if word.lower() in small else word for word in rest)])


def _capitalise(match: re.Match[str]) -> str:
    word = match.group()
    return word if word in FUNCTION_WORDS["en"] else word[0].upper() + word[1:]


def continue_case(source: str, target: str) -> str:
    """Give a piece from the middle of a sentence no capital that its source has not.

    >>> continue_case("om du vill", "If you want."), continue_case("och", "And"), continue_case("maj", "May")
    ('if you want', 'and', 'May')
    """
    if source[:1].islower() and target[:1].isupper() and target.split(maxsplit=1)[0].lower() in _OPENERS:
        target = target[0].lower() + target[1:]
    if target.endswith(".") and not source.endswith("."):
        target = target[:-1]
    return target


def settle_marks(source: str, target: str) -> str:
    """Write dashes, dots and outer quotes as the source writes them.

    >>> settle_marks("”Ja” – sade han", '"Yes" - he said'), settle_marks("Malmö–Lund", "Malmö --Lund")
    ('”Yes” – he said', 'Malmö–Lund')
    """
    target = _settle_dashes(source, target)
    if "…" in source and "..." not in source:
        target = target.replace("...", "…")
    return settle_quotes(source, target)


def _settle_dashes(source: str, target: str) -> str:
    """Write spaced dashes as the source does, whatever their number where it has one kind; `--` is the model's own."""
    wanted = _SPACED_DASH.findall(source)
    if len(set(wanted)) == 1:
        target = _SPACED_DASH.sub(wanted[0], target)
    elif wanted and len(wanted) == len(_SPACED_DASH.findall(target)):
        dashes = iter(wanted)
        target = _SPACED_DASH.sub(lambda _: next(dashes), target)
    if "--" in target and "--" not in source and (dash := _DASH.search(source)):
        target = _TYPED_DASH.sub(f" {dash.group()} " if wanted else dash.group(), target)
    return target
