"""Dates, weekdays, opening hours and times of day reach the reader, whatever the model makes of them."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from pipeline.translate.check import Checking
from pipeline.translate.dates.find import find_dates
from pipeline.translate.dates.lost import list_lost_dates
from pipeline.translate.dates.words import DAYS, MONTHS, SHORT_DAYS, SHORT_MONTHS
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.faults import find_faults
from pipeline.translate.protect import Protecting
from pipeline.translate.tables import read_table
from pipeline.translate.wording import find_wording
from pipeline.translate.words.spellings import SHORT_FORMS, spell_out

GREEDY = Decoding()
MARKS = tuple(map(chr, range(0xE000, 0xE010)))
DATES = [
    ("sv", "Bron invigdes {}.", "den 8 april 1993", "on 8 April 1993"),
    ("sv", "Bron invigdes {}.", "på lördag", "on Saturday"),
    ("sv", "Bron invigdes {}.", "i onsdags kväll", "on Wednesday evening"),
    ("sv", "Bron invigdes {}.", "torsdagen den 3 maj", "on Thursday 3 May"),
    ("sv", "Bron invigdes {}.", "i augusti 1987", "in August 1987"),
    ("sv", "Bron är öppen {} i år.", "1–5 juni", "1–5 June"),
    ("sv", "Vi minns {} drama.", "tisdagens", "Tuesday's"),
    ("sv", "Bron är öppen från {} i år.", "den 2 juli", "2 July"),
    ("id", "Jembatan dibuka {} lalu.", "pada tanggal 8 April 1993", "on 8 April 1993"),
    ("id", "Jembatan dibuka {} itu.", "pada hari Sabtu", "on Saturday"),
    ("id", "Jembatan dibuka {} itu.", "Rabu malam", "Wednesday night"),
    ("id", "Jembatan dibuka {} itu.", "Kamis, 3 Mei", "Thursday, 3 May"),
    ("id", "Jembatan dibuka {} itu.", "pada bulan Agustus 1987", "in August 1987"),
    ("id", "Jembatan dibuka sejak {} itu.", "tanggal 2 Juli", "2 July"),
]
WORDING = [
    ("sv", "Fiket är öppet {} här.", "måndag–torsdag 10–18", "Monday–Thursday 10–18"),
    ("sv", "Fiket är öppet {} här.", "tis & fre kl. 8.30-16", "Tuesday & Friday 8:30-16"),
    ("sv", "Fiket är öppet {} här.", "lör till sön", "Saturday to Sunday"),
    ("sv", "Fiket är öppet {} här.", "fredagar och lördagar kl 19", "Fridays and Saturdays at 19"),
    ("sv", "Larmet gick {} i natt.", "klockan halv åtta", "at 7:30"),
    ("sv", "Larmet gick {} i natt.", "kvart i ett", "at 12:45"),
    ("sv", "Larmet gick {} i natt.", "fem över halv tre", "at 2:35"),
    ("sv", "Larmet gick {} i natt.", "vid halv elva-tiden", "around 10:30"),
    ("sv", "Larmet gick strax före {} i natt.", "kl. tjugo över sex", "6:20"),
    ("sv", "Hon kom på {} plats.", "3:e", "3rd"),
    ("sv", "Hon gjorde mål i {} minuten.", "22:a", "the 22nd"),
    ("id", "Warung buka {} di sini.", "Senin-Kamis 08.00-16.00", "Monday-Thursday 08:00-16:00"),
    ("id", "Warung buka {} di sini.", "Sel s/d Jum pukul 09.00 - 15.30", "Tuesday to Friday 09:00 - 15:30"),
    ("id", "Warung buka {} di sini.", "Sabtu dan Minggu pukul 10.00", "Saturday and Sunday at 10:00"),
    ("id", "Mereka tiba {} tadi.", "jam 3 sore", "at 3 pm"),
    ("id", "Mereka tiba {} tadi.", "pada pukul 10 siang", "at 10 am"),
    ("id", "Mereka tiba {} tadi.", "jam 2 malam", "at 2 am"),
    ("id", "Mereka tiba {} tadi.", "jam 12 siang", "at 12 noon"),
    ("id", "Mereka tiba {} tadi.", "jam setengah tiga", "at 2:30"),
    ("id", "Mereka tiba {} tadi.", "pukul setengah delapan malam", "at 7:30 pm"),
    ("id", "Mereka tiba {} tadi.", "jam delapan kurang seperempat", "at 7:45"),
    ("id", "Warung buka dari {} di sini.", "jam 8 pagi sampai 5 sore", "8 am to 5 pm"),
]
STAMPS = [
    ("sv", "tis 14 maj 2013 22:07", "Tuesday 14 May 2013 22:07"),
    ("sv", "1 maj–30 juni", "1 May–30 June"),
    ("sv", "Oktober", "October"),
    ("sv", "mån–fre 9–17", "Monday–Friday 9–17"),
    ("id", "Kamis, 05 Mei 2016, pukul 10.15 WIB", "Thursday, 5 May 2016, 10:15 WIB"),
    ("id", "Sabtu & Minggu 10.00 - 14.00", "Saturday & Sunday 10:00 - 14:00"),
]
NO_DATES = [
    ("sv", "Maj Lindgren och Mars är namn, sönderfall och sensommar är ord"),
    ("sv", "Tio i åtta veckor, fem i två lag, en halv tio minuter senare"),
    ("sv", "Filen mars/juni.txt och www.exempel.se/lördag"),
    ("id", "Selama tiga minggu sel-sel itu tumbuh"),
    ("id", "Layanan 24 jam 7 hari, tiga jam lima menit"),
    ("id", "Mei Ling bekerja setengah hari"),
]


@pytest.mark.parametrize(("lang", "frame", "date", "english"), DATES, ids=[each[2] for each in DATES])
def test_a_date_is_written_in_english_with_its_preposition(lang: str, frame: str, date: str, english: str) -> None:
    assert [found[2] for found in find_dates(frame.format(date), lang)] == [english]


@pytest.mark.parametrize(("lang", "frame", "date", "english"), DATES, ids=[each[2] for each in DATES])
@pytest.mark.parametrize("marks", [(), MARKS], ids=["no symbols", "symbols"])
def test_a_date_that_the_model_lost_is_said_all_the_same(
    lang: str, frame: str, date: str, english: str, marks: tuple[str, ...]
) -> None:
    hidden = marks[0] if marks else "X1"
    engine = FakeEngine(lambda text: f"It was {hidden} then" if hidden in text else "It was then")
    (found,) = Protecting(engine, lambda: marks, lang).translate_texts([frame.format(date)], GREEDY)
    assert found.text == f"It was {english} then"


def test_a_date_that_the_model_says_is_left_as_the_model_says_it() -> None:
    engine = FakeEngine(lambda _: "It opens on March 3rd")
    (found,) = Protecting(engine, lambda: MARKS, "sv").translate_texts(["Det öppnar den 3 mars"], GREEDY)
    assert (found.text, engine.asked) == ("It opens on March 3rd", [["Det öppnar den 3 mars"]])


@pytest.mark.parametrize(("lang", "frame", "words", "english"), WORDING, ids=[each[2] for each in WORDING])
def test_hours_times_and_ordinals_come_out_in_english_whatever_the_model_does(
    lang: str, frame: str, words: str, english: str
) -> None:
    layers = Protecting(FakeEngine(str), lambda: MARKS, lang)
    assert frame.format(english) == layers.translate_texts([frame.format(words)], GREEDY)[0].text


@pytest.mark.parametrize(("lang", "text", "english"), STAMPS, ids=[each[1] for each in STAMPS])
def test_what_is_dates_and_hours_alone_is_written_without_a_model(lang: str, text: str, english: str) -> None:
    engine = FakeEngine(lambda _: "nonsense")
    (found,) = Checking(Protecting(engine, tuple, lang), lang).translate_texts([text], GREEDY)
    assert (found.text, found.flags, engine.asked) == (english, (), [])


@pytest.mark.parametrize("text", ["Visning av en 4:a vid ån", "Hunden är en 6:a i kullen", "En 2:a med kakelugn"])
def test_a_number_that_names_a_flat_or_a_mark_is_no_ordinal(text: str) -> None:
    ((start, _, english),) = find_wording(text, "sv")
    assert english == text[start]


@pytest.mark.parametrize("text", ["Den 1:a gången", "En 2:a chans", "kom 2:a på banan", "slutade 1:a, igen"])
def test_a_number_that_ends_in_one_or_two_is_an_ordinal_with_an_a(text: str) -> None:
    ((_, _, english),) = find_wording(text, "sv")
    assert english in {"1st", "2nd"}


@pytest.mark.parametrize(("lang", "text"), NO_DATES)
def test_words_that_look_like_dates_and_times_are_none(lang: str, text: str) -> None:
    assert (find_wording(text, lang), find_dates(text, lang), list_lost_dates(text, "", lang)) == ((), [], [])


@pytest.mark.parametrize("letter", ["ſ", "İ", "ı", "K"])
@pytest.mark.parametrize("lang", ["sv", "id"])
def test_a_letter_that_a_search_takes_for_another_is_taken_so_throughout(lang: str, letter: str) -> None:
    """Searches without regard to case find `onſdag` and `APRİL`, and the tables must know them too."""
    usual = {"ſ": "s", "K": "k"}.get(letter, "i")
    frames = [each.format(word) for lang_, each, word, _ in WORDING + DATES if lang_ == lang]
    frames += [f"3 {each} 2024" for table in (MONTHS, SHORT_MONTHS) for each in read_table(table[lang])]
    frames += [f"{each} 9–17, {each} 5/3" for table in (DAYS, SHORT_DAYS) for each in read_table(table[lang])]
    frames += [f"nu {each} då" for each in read_table(SHORT_FORMS[lang])]
    for frame in frames:
        odd = frame.replace(usual, letter)
        spell_out(odd, lang)
        list_lost_dates(odd, "", lang)
        find_wording(odd, lang)
        assert [each[2].lower() for each in find_dates(odd, lang)] == [
            each[2].lower() for each in find_dates(frame, lang)
        ]


@pytest.mark.parametrize(
    ("lang", "frame", "word", "english"),
    [
        (lang, frame, word, english)
        for table, frames in (
            (DAYS, {"sv": "Festen är på {}.", "id": "Pestanya hari {}."}),
            (MONTHS, {"sv": "Festen är den 7 {}.", "id": "Pestanya tanggal 7 {}."}),
        )
        for lang, frame in frames.items()
        for word, english in read_table(table[lang]).items()
    ],
)
def test_every_weekday_and_month_is_missed_where_the_target_lacks_it(
    lang: str, frame: str, word: str, english: str
) -> None:
    source = frame.format(word if lang == "sv" else word.capitalize())
    said = [list_lost_dates(source, target, lang) for target in (f"On {english} 7", f"On {english[:3]} 7", "On 7")]
    assert said == [[], [], [english]]


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("sv", "Mötet flyttas till onsdag.", "The meeting is moved to Thursday."),
        ("sv", "Född 30 september 1966", "Born February 30th, 1966"),
        ("sv", "Stängt tis och tors 12–13", "Closed Thursday & Thursday 12–13"),
        ("id", "Rapat pindah ke Rabu depan.", "The meeting moves to next Monday."),
        ("id", "Terbit 3 Mei 2019", "Published 3, 2019"),
    ],
)
def test_a_month_or_weekday_that_is_lost_or_another_one_is_flagged(lang: str, source: str, target: str) -> None:
    assert find_faults(source, lang, Hypothesis(target, -0.4)) == ("lost_date",)


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("sv", "Sista dag är den 4 oktober 2019.", "The last day is 04/10/2019."),
        ("sv", "ÖPPET FREDAG", "OPEN FRIDAY"),
        ("sv", "Vi ses på lördagskvällen.", "See you Sat evening."),
        ("id", "Kami bertemu malam Minggu.", "We meet on Saturday night."),
        ("id", "Dia pulang minggu depan.", "She comes home next week."),
    ],
)
def test_a_month_or_weekday_said_in_another_form_is_not_flagged(lang: str, source: str, target: str) -> None:
    assert list_lost_dates(source, target, lang) == []


@pytest.mark.parametrize(
    ("answer", "shown"), [("In 3th place", "In 3rd place"), ("The 21:th", "The 21st"), ("The 12th", "The 12th")]
)
def test_an_ordinal_of_the_model_gets_the_ending_of_its_number(answer: str, shown: str) -> None:
    layers = Protecting(FakeEngine(lambda _: answer), tuple, "id")
    assert layers.translate_texts(["Dia juara"], GREEDY)[0].text == shown


@pytest.mark.parametrize(
    ("lang", "text", "asked"),
    [
        ("sv", "Nytt fre 3/5", "Nytt fredag 3/5"),
        ("sv", "Dans sön den 12 maj", "Dans söndag den 12 maj"),
        ("id", "Terbit Kam, 5 Mei", "Terbit Kamis, 5 Mei"),
        ("id", "Di sel-sel itu", "Di sel-sel itu"),
    ],
)
def test_a_short_weekday_beside_a_date_is_written_out(lang: str, text: str, asked: str) -> None:
    assert spell_out(text, lang) == asked
