"""Amounts come out in English, short forms reach the model written out, and menus are translated cell by cell."""

from __future__ import annotations

import lzma
import re
import runpy
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from fakes import FakeEngine
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.check import Checking
from pipeline.translate.engine import PLACEHOLDERS, Decoding, Hypothesis
from pipeline.translate.faults import find_faults
from pipeline.translate.numbers.amounts import find_amounts
from pipeline.translate.numbers.lost import list_lost_numbers
from pipeline.translate.numbers.separators import write_number
from pipeline.translate.protect import Protecting
from pipeline.translate.words.spellings import spell_out

if TYPE_CHECKING:
    from collections.abc import Callable

GREEDY = Decoding()
AMOUNTS = [
    ("sv", "Priset är {} i dag.", "1 299 kr", "1,299 kr"),
    ("sv", "Priset är {} i dag.", "99:-", "99 kr"),
    ("sv", "Priset är {} i dag.", "99 kr/mån", "99 kr/month"),
    ("sv", "Priset är {} i dag.", "250 kr/st", "250 kr each"),
    ("sv", "Priset är {} i dag.", "100–200 kr", "100–200 kr"),
    ("sv", "Skulden är {}.", "2 miljarder kronor", "2 billion kronor"),
    ("sv", "Skulden är {}.", "3,5 miljoner euro", "3.5 million euros"),
    ("sv", "Skulden är {}.", "en miljon kronor", "one million kronor"),
    ("sv", "Skulden är {}.", "48 mkr", "48 million kronor"),
    ("sv", "Skulden är {}.", "48 Mkr", "48 million kronor"),
    ("sv", "Skulden är {}.", "1,5 milj. kr", "1.5 million kronor"),
    ("sv", "Staden har {} till.", "1,5 milj. euro", "1.5 million euros"),
    ("sv", "Avståndet är {} härifrån.", "4,2 mil", "42 km"),
    ("sv", "Ytan är {} stor.", "1 200 kvm", "1,200 m²"),
    ("sv", "Ytan är {} stor.", "35 m²", "35 m²"),
    ("sv", "Tag {} olja.", "2 msk", "2 tbsp"),
    ("sv", "Tag {} salt.", "½ tsk", "½ tsp"),
    ("sv", "Tag {} socker.", "1 1/2 dl", "1 1/2 dl"),
    ("sv", "Drick {} på kvällen.", "0,5 mg", "0.5 mg"),
    ("sv", "Baka den i {} till.", "35 min", "35 min"),
    ("sv", "Skärmen är {} bred.", "32 tum", "32 inches"),
    ("sv", "Han betalade {} för den.", "nittio kronor", "90 kronor"),
    ("sv", "Vägen är {} lång.", "tjugotvå mil", "220 km"),
    ("sv", "Skulden är {}.", "trettiofem miljoner euro", "35 million euros"),
    ("id", "Harganya {} saja.", "Rp5.000", "Rp5,000"),
    ("id", "Harganya {} saja.", "Rp 1.000.000,50", "Rp 1,000,000.50"),
    ("id", "Harganya {} saja.", "Rp35rb", "Rp35,000"),
    ("id", "Harganya {} saja.", "Rp 1,2jt", "Rp 1.2 million"),
    ("id", "Harganya {} saja.", "Rp15 M", "Rp15 billion"),
    ("id", "Harganya {} saja.", "Rp50.000/orang", "Rp50,000/person"),
    ("id", "Dana sebesar {} hilang.", "10 juta dolar AS", "10 million US dollars"),
    ("id", "Harganya {} saja.", "Rp 7.500,-", "Rp 7,500"),
    ("id", "Harganya {} saja.", "Rp80rb/org", "Rp80,000/person"),
    ("id", "Harganya {} saja.", "Rp3 m", "Rp3 billion"),
    ("id", "Gajinya {} bersih.", "60jt/thn", "60 million/year"),
    ("id", "Harganya {} saja.", "700rban", "700,000"),
    ("id", "Masak selama {} lagi.", "20 mnt", "20 min"),
    ("id", "Tambahkan {} gula.", "40 gr", "40 g"),
    ("id", "Tambahkan {} garam.", "1/4 sdt", "1/4 tsp"),
    ("id", "Denda sebesar {} dibayar.", "tiga puluh lima ribu rupiah", "35,000 rupiah"),
]
PLAIN = [
    ("sv", "2024-03-14 kl. 13.30, version 1.2.3, sidan 5, tel. 08-123 45 67"),
    ("sv", "5 kr/paket och 500 MB/s"),
    ("sv", "på 1960 s, Storgatan 7 A, ett par tusen kronor, 4g och Nova 7s"),
    ("id", "pasal 5 ayat 2, 15 M, pukul 14.05"),
]


@pytest.mark.parametrize("case", AMOUNTS, ids=[each[2] for each in AMOUNTS])
@pytest.mark.parametrize("answer", [str, lambda _: "something else", lambda text: re.sub(r"\W", " ", text)])
@pytest.mark.parametrize("placeholders", [(), PLACEHOLDERS], ids=["no placeholders", "placeholders"])
def test_an_amount_comes_out_in_english_whatever_the_model_does(
    case: tuple[str, str, str, str], answer: Callable[[str], str], placeholders: tuple[str, ...]
) -> None:
    lang, frame, amount, english = case
    layers = Protecting(FakeEngine(answer), lambda: placeholders, lang)
    assert english in layers.translate_texts([frame.format(amount)], GREEDY)[0].text


@pytest.mark.parametrize(("lang", "_frame", "amount", "english"), AMOUNTS, ids=[each[2] for each in AMOUNTS])
def test_an_amount_alone_is_written_without_a_model(lang: str, _frame: str, amount: str, english: str) -> None:
    engine = FakeEngine(lambda _: "nonsense")
    (found,) = Checking(Protecting(engine, tuple, lang), lang).translate_texts([amount], GREEDY)
    assert (found.text, found.flags, engine.asked) == (english, (), [])


@pytest.mark.parametrize(("lang", "text"), PLAIN)
def test_what_is_no_amount_is_left_to_the_model(lang: str, text: str) -> None:
    assert find_amounts(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "unit"), [("sv", "kr"), ("sv", "miljoner kronor"), ("sv", "kvm"), ("id", "juta rupiah")]
)
@given(st.integers(0, 10**9), st.sampled_from([" ", ".", "\u00a0", ""]), st.sampled_from(["", ",5", ",25"]))
def test_no_amount_loses_its_number(lang: str, unit: str, number: int, gap: str, decimals: str) -> None:
    written = f"{number:,}".replace(",", gap) + decimals
    ((start, end, english),) = find_amounts(f"{written} {unit}", lang)
    assert (start, end) == (0, len(written) + 1 + len(unit))
    assert not list_lost_numbers(f"{written} {unit}", english)


@given(st.integers(0, 10**12), st.sampled_from(["", ",5", ",25"]))
def test_a_number_is_grouped_as_english_groups_it(number: int, decimals: str) -> None:
    assert write_number(f"{number:,}".replace(",", ".") + decimals).replace(",", "") == f"{number}{decimals}".replace(
        ",", "."
    )


def test_a_number_that_the_model_copies_gets_english_separators() -> None:
    layers = Protecting(FakeEngine(lambda text: text.replace("orang", "people")), tuple, "id")
    assert layers.translate_texts(["Ada 1.245 orang"], GREEDY)[0].text == "Ada 1,245 people"


@pytest.mark.parametrize(
    ("lang", "text", "asked"),
    [
        ("id", "Saya tdk tahu.", "Saya tidak tahu."),
        ("sv", "Stängt fre 12 april", "Stängt fredag 12 april"),
        ("sv", "Kom 12 apr, sade hon", "Kom 12 april, sade hon"),
        ("sv", "kostnads\u00adfri råd\u00adgivning", "kostnadsfri rådgivning"),
        ("sv", "Den nya rap-\nporten", "Den nya rapporten"),
        ("sv", "Det är Greta´s bok", "Det är Greta's bok"),
        ("sv", "Mötet hålls kl. 14.30 i dag", "Mötet hålls klockan 14:30 i dag"),
        ("id", "Rapat dibuka pkl. 08.00 hari ini", "Rapat dibuka pukul 08:00 hari ini"),
    ],
)
def test_the_model_is_given_short_forms_written_out(lang: str, text: str, asked: str) -> None:
    engine = FakeEngine(str)
    Protecting(engine, tuple, lang).translate_texts([text], GREEDY)
    assert engine.asked[0] == [asked]


@pytest.mark.parametrize(
    "text",
    ["GA", "Dr. Andi", "i mån av plats", "www.tdk.example", "@yg", "Det är min mån", "5 km", "Boken i kl 3 är 14.30"],
)
def test_what_only_looks_like_a_short_form_is_left_alone(text: str) -> None:
    assert spell_out(text, "id") == spell_out(text, "sv") == text


def test_the_words_that_need_their_dots_and_rings_can_be_listed_anew() -> None:
    listing = runpy.run_path(str(ROOT / "models" / "letters" / "undotted.py"))
    package = ROOT / "pipeline"
    rows = lzma.decompress((package / "repair" / "words.txt.xz").read_bytes()).decode().splitlines()
    listed = (package / "translate" / "words" / "undotted.txt").read_text(encoding="utf-8").split()
    assert listing["list_undotted"](rows) == listed


def test_swedish_without_dots_and_rings_is_given_to_the_model_with_them() -> None:
    assert spell_out("Vi har manga fragor pa fredag.", "sv") == "Vi har många frågor på fredag."
    assert spell_out("Hon ar 12 ar och bor pa landet nara oss.", "sv") == "Hon är 12 år och bor på landet nära oss."


def test_a_swedish_text_with_a_dot_or_with_one_such_word_alone_stays_as_it_is() -> None:
    for text in (
        "Pa mandag kör vi, sa Mahler.",
        "Kom pa torsdag.",
        "Ta bort cd:ar och dvd:ar.",
        "Los colores están aqui, pa.",
    ):
        assert spell_out(text, "sv") == text
    assert spell_out("Dia pa mandag manga.", "id") == "Dia pa mandag manga."


def test_a_hyphen_that_belongs_to_a_word_outlives_the_end_of_its_line() -> None:
    assert spell_out("kupu-\nkupu itu", "id") == "kupu-kupu itu"
    assert spell_out("på 1600-\ntalet", "sv") == "på 1600-talet"
    assert spell_out("sol-\noch vindkraft", "sv") == "sol-\noch vindkraft"


def test_the_cells_of_a_menu_are_translated_each_by_itself() -> None:
    engine = FakeEngine(str.upper)
    (found,) = Protecting(engine, tuple, "sv").translate_texts(["Hem › Böcker › Barn | Kundvagn"], GREEDY)
    assert (found.text, engine.asked) == ("Home › Books › Children | Cart", [["hem", "böcker", "barn", "kundvagn"]])


def test_a_bar_in_code_cuts_nothing() -> None:
    engine = FakeEngine(str)
    Protecting(engine, tuple, "sv").translate_texts(["Kör `ls | wc` nu"], GREEDY)
    assert len(engine.asked[0]) == 1


@pytest.mark.parametrize("name", ["Ibrahimović", "Wałęsa", "Nguyễn", "Škoda", "Čapek-Řehoř"])
def test_a_name_with_letters_that_no_model_here_can_spell_is_kept(name: str) -> None:
    layers = Protecting(FakeEngine(lambda _: "something else"), lambda: PLACEHOLDERS, "sv")
    assert name in layers.translate_texts([f"Han heter {name} och är snäll"], GREEDY)[0].text


def test_a_word_that_comes_back_is_asked_for_in_small_letters() -> None:
    engine = FakeEngine(lambda text: "cat" if text == "katt" else text)
    found = Checking(Protecting(engine, tuple, "sv"), "sv").translate_texts(["Katt", "Malmö"], GREEDY)
    assert [each.text for each in found] == ["Cat", "Malmö"]


def test_a_number_on_another_scale_is_lost() -> None:
    assert find_faults("Det kostar 2 miljarder", "sv", Hypothesis("It costs 2 million", -0.4)) == ("lost_number",)


def test_repeated_end_marks_come_back_whatever_the_model_makes_of_them() -> None:
    engine = FakeEngine(lambda text: text.rstrip("?!"))
    assert Protecting(engine, tuple, "sv").translate_texts(["Vad gör du?!!"], GREEDY)[0].text == "Vad gör du!!"
    assert engine.asked == [["Vad gör du?"]]


def test_small_words_of_a_title_reach_the_model_in_small_letters() -> None:
    engine = FakeEngine(lambda text: text.replace("oss", "us"))
    assert Protecting(engine, tuple, "sv").translate_texts(["Kontakta Oss"], GREEDY)[0].text == "Kontakta Us"
    assert engine.asked == [["kontakta oss"]]
