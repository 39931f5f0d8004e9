"""Numbers that Swedish and Indonesian spell out are read as what they are, said for the model, and missed."""

from __future__ import annotations

import pytest
from fakes import FakeEngine
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.faults import find_faults
from pipeline.translate.numbers.lost import list_lost_numbers
from pipeline.translate.numbers.spelled import read_spelled
from pipeline.translate.numbers.words import find_number_words, say_in_english
from pipeline.translate.protect import Protecting

GREEDY = Decoding()
MARKS = tuple(map(chr, range(0xE000, 0xE010)))
ONES = {
    "sv": ["", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"],
    "id": ["", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
}
TEENS = ["tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"]
TENS = ["", "", "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"]
SCALES = (
    (10**9, "miljarder", "miliar"),
    (10**6, "miljoner", "juta"),
    (1000, "tusen", "ribu"),
    (100, "hundra", "ratus"),
)


def spell_swedish(number: int) -> str:
    for scale, name, _ in SCALES:
        if number >= scale:
            gap = " " if scale > 1000 else ""
            return f"{spell_swedish(number // scale)}{gap}{name}{gap}{spell_swedish(number % scale)}".strip()
    if number < 20:
        return TEENS[number - 10] if number >= 10 else ONES["sv"][number]
    return TENS[number // 10] + ONES["sv"][number % 10]


def spell_indonesian(number: int) -> str:
    ones = ONES["id"]
    for scale, _, name in SCALES:
        if number >= scale:
            many = (
                f"se{name}" if number // scale == 1 and scale <= 1000 else f"{spell_indonesian(number // scale)} {name}"
            )
            return f"{many} {spell_indonesian(number % scale)}".strip()
    if number >= 20:
        return f"{ones[number // 10]} puluh {ones[number % 10]}".strip()
    teens = {10: "sepuluh", 11: "sebelas"}
    return ones[number] if number < 10 else teens.get(number, f"{ones[number - 10]} belas")


@given(st.one_of(st.integers(2, 3000), st.integers(2, 10**11)).filter(lambda number: number != 6))
def test_a_swedish_number_is_read(number: int) -> None:
    text = f"Vi såg {spell_swedish(number)} djur"
    assert find_number_words(text, "sv") == ((7, len(text) - 5, number),)


@given(st.one_of(st.integers(2, 3000), st.integers(2, 10**11)))
def test_an_indonesian_number_is_read(number: int) -> None:
    text = f"Kami lihat {spell_indonesian(number)} ekor"
    assert find_number_words(text, "id") == ((11, len(text) - 5, number),)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("sv", "hundratals femåringar på sextiotalet, en till och ett sexmästerskap, tusen tack, en halv"),
        ("sv", "tre fjärdedelar av två och en halv, ett par tusen, vad sjutton, I Tjugo Tusen Tårar"),
        ("id", "puluhan orang, dua puluhan, tiga perempat, dua setengah, pedagang kaki lima, Kepulauan Seribu"),
        ("id", "Lima adalah ibu kota, Dua Lipa, satu lagi, sebagai, setengah empat, dua per tiga"),
    ],
)
def test_what_only_looks_like_a_number_is_none(lang: str, text: str) -> None:
    assert find_number_words(text, lang) == ()


def test_numbers_side_by_side_stay_apart() -> None:
    assert [value for *_, value in find_number_words("lima ribu dua puluh ribu, dua-tiga", "id")] == [5000, 20000, 2, 3]
    assert [value for *_, value in find_number_words("hundra två hundra, tjugo-trettio", "sv")] == [100, 200, 20, 30]


@given(st.one_of(st.integers(2, 10**5), st.integers(1, 10**6).map(lambda number: number * 10**5)))
def test_what_english_says_is_the_number(number: int) -> None:
    said = say_in_english(number, "")
    digits, _, scale = said.partition(" ")
    if digits[0].isdigit():
        scales = {"": 1, "million": 10**6, "billion": 10**9, "trillion": 10**12}
        assert round(float(digits.replace(",", "")) * scales[scale]) == number
    else:
        assert number in list(read_spelled(said))


@pytest.mark.parametrize(
    ("lang", "text", "asked"),
    [
        ("sv", "Femtiotvå får betade där.", "52 får betade där."),
        ("sv", "Där bor tolvtusen fåglar.", "Där bor 12 000 fåglar."),
        ("sv", "De är fyra.", "De är fyra."),
        ("sv", "Hästen såldes år nittonhundratolv.", "Hästen såldes år 1912."),
        ("id", "Ada tujuh belas kambing.", "Ada 17 kambing."),
        ("id", "Pasar dua ribu dua puluh satu.", "Pasar 2021."),
        ("id", "Dua Puluh Kambing Kecil", "20 Kambing Kecil"),
        ("id", "Ada dua ratus tiga ekor sapi.", "Ada 203 ekor sapi."),
        ("id", "Ada tiga perempat lagi.", "Ada tiga perempat lagi."),
    ],
)
def test_the_model_is_given_large_numbers_in_digits(lang: str, text: str, asked: str) -> None:
    engine = FakeEngine(str)
    Protecting(engine, tuple, lang).translate_texts([text], GREEDY)
    assert engine.asked[0] == [asked]


@pytest.mark.parametrize(
    ("lang", "source", "english"),
    [("sv", "Sju får betade.", "Seven"), ("id", "Kami punya sembilan kambing.", "nine")],
)
def test_a_small_number_that_a_model_does_not_read_is_said_for_it(lang: str, source: str, english: str) -> None:
    engine = FakeEngine(lambda text: text if set(MARKS) & set(text) else "Sheep were grazing.")
    (found,) = Protecting(engine, lambda: MARKS, lang).translate_texts([source], GREEDY)
    assert english in found.text


@pytest.mark.parametrize(
    ("lang", "source", "target", "lost"),
    [
        ("sv", "Sextio får betade", "Sixteen sheep were grazing", ["Sextio"]),
        ("sv", "Tolv får betade", "A dozen sheep were grazing", []),
        ("sv", "Ett får och en get", "The sheep and the goat", []),
        ("sv", "Halv fyra kom de", "They came at 3:30", []),
        ("sv", "Kvart över tre kom de", "They came at 3:15", []),
        ("sv", "Det var −14 grader", "It was 14 degrees", ["−14"]),
        ("sv", "Det var -14 grader", "It was 14 degrees below zero", []),
        ("sv", "En Opel -98 med drag", "An Opel 98 with a tow bar", []),
        ("sv", "Bilen har gått 21 400 mil", "The car has done 214,000 km", []),
        ("id", "Dua puluh kambing", "Two goats", ["Dua puluh"]),
        ("id", "Naik dua kali lipat", "It doubled", []),
        ("id", "Kepulauan Seribu indah", "The islands are beautiful", []),
    ],
)
def test_a_number_in_words_or_below_zero_is_missed(lang: str, source: str, target: str, lost: list[str]) -> None:
    assert list_lost_numbers(source, target, lang) == lost


def test_what_digits_shorten_is_not_cut_short() -> None:
    source = "Delapan ratus enam puluh tujuh rusa"
    assert find_faults(source, "id", Hypothesis("867 deer", -0.4)) == ()
