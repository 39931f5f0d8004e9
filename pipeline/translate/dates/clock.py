"""Times of day in words as English writes them: `halv åtta` is 7:30, and `jam 3 sore` 3 pm.

A model that knows `halv` says *half eight*, an hour later to a reader in London and nothing to one in New York.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pipeline.translate.dates.words import PARTS, STOPS
from pipeline.translate.numbers.words import ONES
from pipeline.translate.spans import look_back
from pipeline.translate.tables import fold, match_words, read_table

if TYPE_CHECKING:
    from pipeline.translate.spans import Wording

_HOURS: Final = {
    "sv": f"{ONES['sv']}|tio=10|elva=11|tolv=12",
    "id": f"{ONES['id']}|sepuluh=10|sebelas=11|dua belas=12",
}
_MINUTES: Final = {
    "sv": "fem=5|tio=10|kvart=15|en kvart=15|tjugo=20|tjugofem=25",
    "id": "lima=5|sepuluh=10|seperempat=15|lima belas=15|dua puluh=20|dua puluh lima=25",
}
_HALF: Final = 30
_HOUR: Final = 60
_NOON: Final = 12
_DAY: Final = 24 * _HOUR
_PARTS: Final = f"{PARTS['id']}|subuh=morning|dini hari=morning"
_TODAY: Final = {"morning": "this morning", "afternoon": "this afternoon", "night": "tonight"}
_FORENOON: Final = 10
_EVENING: Final = 5
"""`Siang` before ten is after noon, and `malam` before five is the night that ends."""
_HINTS: Final = {
    "sv": ("halv ", "kvart ", "fem ", "tio ", "tjugo", "min"),
    "id": ("jam ", "pukul ", "pkl", "setengah "),
}
_AHEAD: Final = 60
_NO_AT: Final = read_table(
    "till|från|vid|omkring|runt|kring|före|efter|innan|sedan|är|var|blir|blev|mellan|och|eller|mot|strax|ungefär|cirka|ca|"
    "dari|sampai|hingga|sejak|sekitar|antara|dan|atau|mulai|sebelum|setelah|menjelang|lewat|kira-kira|sekarang|baru|sudah|"
    "masih|s/d"
)
"""Words after which English says no `at`, or the model says it."""


def find_clocks(text: str, lang: str) -> list[Wording]:
    """Find a text's times of day in words: start, end and English of each.

    >>> [english for _, _, english in find_clocks("Vi ses halv åtta, filmen slutar kvart i tio.", "sv")]
    ['at 7:30', 'at 9:45']
    >>> [english for _, _, english in find_clocks("Buka dari jam 7 pagi sampai jam setengah tiga sore", "id")]
    ['7 am', '2:30 pm']
    """
    if lang not in _HOURS:
        return []
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS[lang]):
        return []
    say = _say_swedish if lang == "sv" else _say_indonesian
    found = ((match, say(match)) for match in (_swedish() if lang == "sv" else _indonesian()).finditer(text))
    return [(*match.span(), _add_at(match, english)) for match, english in found if english]


def _add_at(match: re.Match[str], english: str) -> str:
    """Write `at` before a time where no other word does its work."""
    before = look_back(match.string, match.start())
    words = before.split()
    if not words or before.rstrip()[-1] in STOPS:
        return f"At {english}" if match.string[match.end() : match.end() + _AHEAD].strip(f" {STOPS}") else english
    is_bare = fold(words[-1]) in _NO_AT or before.rstrip()[-1] in ":;(-–—/|" or english.startswith("around")
    return english if is_bare else f"at {english}"


@functools.cache
def _swedish() -> re.Pattern[str]:
    """Make the search for `klockan`, minutes before or after, `halv`, hour."""
    end = (
        r"\s*(?:[.,;:!?)–-]|$)|-?tiden| (?:i (?:morse|kväll|natt|går)|på (?:morgonen|kvällen|natten|dagen|\w+middagen))"
    )
    minutes = rf"(?P<minutes>{match_words(_MINUTES['sv'])}|[0-9]{{1,2}})(?: min(?:uter|\b\.?))? (?P<side>i|över) "
    return re.compile(
        rf"(?<![\w@/.-])(?<!\ben )(?:vid )?(?P<klockan>(?:klockan|kl\b\.?) )?"
        rf"(?:{minutes}(?P<late>halv )?|(?P<half>halv ))(?P<hour>{match_words(_HOURS['sv'])}|1?[0-9])\b"
        rf"(?P<end>(?={end}))?(?:(?P<around>-?tiden)|(?![\w/%]|[.:,-]\w))",
        re.IGNORECASE,
    )


def _say_swedish(match: re.Match[str]) -> str:
    """Write a time of day: the half hour before the hour named, minutes more or less."""
    minutes = fold(match["minutes"] or "")
    is_half = bool(match["half"] or match["late"])
    if not (is_half or "kvart" in minutes or match["klockan"] or match["end"] is not None):
        return ""
    time = _HOUR * int(_read(_HOURS["sv"], match["hour"])) - _HALF * is_half
    if minutes:
        time += int(_read(_MINUTES["sv"], minutes)) * (1 if fold(match["side"]) == "över" else -1)
    hour, minute = divmod(time, _HOUR)
    return ("around " if match["around"] else "") + f"{(hour - 1) % _NOON + 1}:{minute:02}"


@functools.cache
def _indonesian() -> re.Pattern[str]:
    """Make the search for `jam`, `setengah`, hour, minutes after or before, part of the day; and until when."""
    hour = rf"{match_words(_HOURS['id'])}|[0-9]{{1,2}}(?:[.:][0-9]{{2}})?"
    parts = match_words(_PARTS)
    minutes = rf"(?P<minutes>{match_words(_MINUTES['id'])}|[0-9]{{1,2}})(?: menit)?"
    return re.compile(
        rf"(?<![\w@/.-])(?:(?P<jam>(?:pada )?(?:jam|pukul|pkl\b\.?) )(?P<half>setengah )?|(?P<bare>setengah ))"
        rf"(?P<hour>{hour})\b(?: (?P<side>lewat|lebih|kurang) {minutes})?(?: (?P<part>{parts})(?P<today> ini)?)?"
        rf"(?:(?P<to> ?[–-] ?| sampai | hingga | s/d )(?:(?:jam|pukul) )?(?P<until>{hour}) (?P<late>{parts}))?"
        r"(?! (?:menit|ribu|ratus|puluh|juta|jam|meter|kilo|persen))(?![\w/%]|[.:,-]\w)",
        re.IGNORECASE,
    )


def _say_indonesian(match: re.Match[str]) -> str:
    """Write a time of day, before noon or after it as its part of the day says."""
    half, part = match["half"] or match["bare"], _read(_PARTS, match["part"] or match["late"] or "")
    words = look_back(match.string, match.start()).lower().split()
    if words and (words[-1].isdigit() or words[-1] in read_table(_HOURS["id"])):
        return ""
    hour = match["hour"]
    if not (part or match["side"] or half or hour.replace(" ", "").isalpha() or hour.isdigit()):
        return ""
    time = _read_time(hour) - (_HALF if half else 0)
    if not 0 <= time <= _DAY:
        return ""
    if match["side"]:
        time += int(_read(_MINUTES["id"], match["minutes"])) * (-1 if fold(match["side"]) == "kurang" else 1)
    if match["until"]:
        first = _name_time(time, part) if match["part"] else _write_time(time)
        to = match["to"] if match["to"].strip() in {"-", "–"} else " to "
        return f"{first}{to}{_name_time(_read_time(match['until']), _read(_PARTS, match['late']))}"
    if hour.isdigit() and not (part or half or match["side"]):
        return hour
    return f"{_write_time(time)} {_TODAY[part]}" if match["today"] else _name_time(time, part)


def _read(table: str, word: str) -> str:
    return read_table(table).get(fold(word), word) if word else ""


def _read_time(text: str) -> int:
    """Give the minutes since midnight of an hour, in words or in digits, with its minutes or without."""
    hour, _, minutes = _read(_HOURS["id"], text).replace(".", ":").partition(":")
    return int(hour) * _HOUR + int(minutes or 0)


def _write_time(time: int) -> str:
    hour, minute = divmod(time, _HOUR)
    return f"{(hour - 1) % _NOON + 1}" + (f":{minute:02}" if minute else "")


def _name_time(time: int, part: str) -> str:
    """Write a time in a part of the day.

    >>> _name_time(7 * 60, "morning"), _name_time(60, "night"), _name_time(1170, "night"), _name_time(720, "afternoon")
    ('7 am', '1 am', '7:30 pm', '12 noon')
    """
    hour, minute = divmod(time, _HOUR)
    if not part:
        return _write_time(time) if minute else f"{_write_time(time)} o'clock"
    if hour == _NOON and not minute and part != "morning":
        return "12 noon" if part == "afternoon" else "12 midnight"
    late = {"morning": range(0), "afternoon": (*range(1, _FORENOON), _NOON), "night": range(_EVENING, _NOON)}[part]
    return f"{_write_time(time)} {'pm' if hour > _NOON or hour in late else 'am'}"
