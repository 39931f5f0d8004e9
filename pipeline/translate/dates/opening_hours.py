"""Opening hours and date stamps as English writes them: `Monday–Friday 10–18`, `Tuesday 14 May 2013 22:07`.

Small models get half of these wrong, and hardly a sentence is around them that would suffer where they are hidden.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, Final

from pipeline.translate.dates.find import find_dates, settle_english
from pipeline.translate.dates.words import CLOCK, DAYS, MONTHS, PARTS, SHORT_DAYS, STOPS, may_have_dates, read_days
from pipeline.translate.tables import fold, match_words, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.translate.spans import Wording

_CLOCK: Final = r"[0-9]{1,2}(?:[.:][0-9]{2})?(?![0-9])"
_JOINS: Final = {
    "sv": "och=and|samt=and|till=to|t.o.m.=to|t o m=to|&",
    "id": "dan=and|sampai=to|hingga=to|s/d=to|s.d.=to|sd=to|&",
}
_ENDS: Final = {"sv": "(?:arna|ar|en)?", "id": ""}
_OF_DAY: Final = {"sv": "på (?:morgon|kväll)", "id": f"{match_words(PARTS['id'])}|subuh|dini"}
"""What makes an hour a time of day rather than an opening hour."""
_DASHES: Final = frozenset("-–—")
_LONGEST_STAMP: Final = 60
_LONGEST_LABEL: Final = 4


def find_hours(text: str, lang: str) -> list[Wording]:
    """Find weekdays that are a range or have hours, and a date that is all of a text.

    >>> [english for _, _, english in find_hours("Öppet mån–tors kl. 8.30–18, fre och lör 10–15", "sv")]
    ['Monday–Thursday 8:30–18', 'Friday and Saturday 10–15']
    >>> [english for _, _, english in find_hours("tis 14 maj 2013 22:07", "sv")]
    ['Tuesday 14 May 2013 22:07']
    """
    if not may_have_dates(text, lang) and not _has_short_days(text, lang):
        return []
    if len(text) <= _LONGEST_STAMP and (stamps := list(_find_stamps(text, lang))):
        return stamps
    found = ((match, _say_hours(match, lang)) for match in _hours(lang).finditer(text))
    return [(*match.span(), settle_english(match, english)) for match, english in found if english]


def _has_short_days(text: str, lang: str) -> bool:
    words = text.lower().replace("–", " ").replace("-", " ").split()
    return lang in DAYS and not read_table(SHORT_DAYS[lang]).keys().isdisjoint(words)


def _find_stamps(text: str, lang: str) -> Iterator[Wording]:
    """Find what is dates and no more, but for times of day: all of a text, or the end of one after a label.

    >>> list(_find_stamps("Kamis, 05 Mei 2016 | pukul 10.15 WIB", "id"))
    [(0, 36, 'Thursday, 5 May 2016 | 10:15 WIB')]
    >>> list(_find_stamps("1 maj–30 juni", "sv")), list(_find_stamps("Uppdaterad den 3 mars 2024", "sv"))
    ([(0, 13, '1 May–30 June')], [(11, 26, '3 March 2024')])
    """
    dates = find_dates(text, lang)
    begin = dates[0][0] if dates else 0
    label = text[:begin].split()
    if not dates or (label and (len(dates) > 1 or len(label) > _LONGEST_LABEL or not dates[0][2][-4:].isdigit())):
        return
    parts, at = [], begin
    for start, end, english in [*dates, (len(text), len(text), "")]:
        between = _stamp_rest(lang).fullmatch(text, at, start)
        if not between or (label and between.group().startswith(tuple(STOPS))):
            return
        parts += [_write_time(between.group(), lang), english]
        at = end
    yield begin, len(text), "".join(parts)


def _write_time(text: str, lang: str) -> str:
    """Write what stands beside dates: `kl. 14.22` as 14:22, and `kl 9` as `at 9`."""
    text = re.sub(rf"(?i:{CLOCK[lang]})(?=[0-9]{{1,2}}(?![0-9.:]))", "at ", text)
    return re.sub(rf"(?i:{CLOCK[lang]})|(?<![0-9.])([0-9]{{1,2}})\.(?=[0-9]{{2}}(?![0-9.]))", _put_colon, text)


def _put_colon(match: re.Match[str]) -> str:
    return f"{match[1]}:" if match[1] else ""


@functools.cache
def _stamp_rest(lang: str) -> re.Pattern[str]:
    """Make the pattern of what may stand beside dates: digits, `kl.`, zones, marks."""
    return re.compile(rf"(?:[^\w@#]++|[0-9]++|{CLOCK[lang]}|(?:WIB|WITA|WIT|CET|CEST|UTC|GMT)\b)*+", re.IGNORECASE)


@functools.cache
def _hours(lang: str) -> re.Pattern[str]:
    """Make the search: weekdays, what joins them, and one time of day or from when to when."""
    day = rf"(?:(?:{match_words(DAYS[lang])}){_ENDS[lang]}|(?:{match_words(SHORT_DAYS[lang])})\b\.?)(?!\w)"
    join = rf"(?: ?[-–—/] ?|,? (?:{match_words(_JOINS[lang])}) |, ?)"
    no_hour = rf"[\w/%]|[.:,-]\w| ?[-–—] ?[0-9]| (?:{_OF_DAY[lang]}|{match_words(MONTHS[lang])})"
    hours = rf"(?P<time>{_CLOCK})(?: ?[-–—] ?(?P<until>{_CLOCK}))?(?!{no_hour})"
    return re.compile(
        rf"(?<![\w@#/.-])(?P<days>{day}(?:{join}{day}){{0,6}}+)(?![/-]\w)"
        rf"(?:(?P<gap>[:,]? )(?P<at>{CLOCK[lang]})?{hours})?",
        re.IGNORECASE,
    )


def _say_hours(match: re.Match[str], lang: str) -> str:
    """Write weekdays and hours; nothing where there is neither a range nor a list or a span of hours."""
    days = list(_one_day(lang).finditer(match["days"]))
    joins = [match["days"][one.end() : other.start()] for one, other in itertools.pairwise(days)]
    words = [read_table(_JOINS[lang]).get(fold(join.strip(" ,")), "") for join in joins]
    is_range = "to" in words or any(join.strip() in _DASHES for join in joins)
    is_hour = match["until"] or (match["time"] and (match["at"] or not match["time"].isdigit()))
    if not is_range and not (is_hour and (joins or _is_certain(match, lang))):
        return ""
    said = [_say_day(day, lang) for day in days]
    if len(set(said)) < len(said):
        return ""
    between = [f" {word} " if word else join for join, word in zip(joins, words, strict=True)]
    times = match.string[match.start("time") : match.end()].replace(".", ":") if match["time"] else ""
    at = "at " if match["at"] and not match["until"] else ""
    return "".join(map("".join, zip(said, [*between, ""], strict=True))) + (match["gap"] + at + times if times else "")


def _is_certain(match: re.Match[str], lang: str) -> bool:
    """Whether a single word before hours is a weekday: from when to when, and nothing else that the word may mean."""
    if lang == "id" and fold(match["days"].rstrip(".")) in {"minggu", *read_table(SHORT_DAYS["id"])}:
        return bool(match["until"]) and match["days"][0].isupper() and not match["until"].isdigit()
    return bool(match["until"])


@functools.cache
def _one_day(lang: str) -> re.Pattern[str]:
    words = f"{match_words(DAYS[lang])}|{match_words(SHORT_DAYS[lang])}"
    return re.compile(rf"(?P<day>{words})(?P<ending>arna|ar|en)?\b\.?", re.IGNORECASE)


def _say_day(match: re.Match[str], lang: str) -> str:
    return read_days(lang)[fold(match["day"])] + ("s" if fold(match["ending"] or "").startswith("ar") else "")
