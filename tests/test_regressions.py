"""What users of other Argos programs complain about does not happen here: embedded packages, all layers.

The weights are trained anew now and then, so these tests promise structure (nothing lost, sound or flagged), not words.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.packages import model_store
from pipeline.settings import Settings
from pipeline.translate.check import Checking
from pipeline.translate.engine import Decoding, Engine, Hypothesis, PackageEngine
from pipeline.translate.faults import find_faults
from pipeline.translate.numbers.lost import list_lost_numbers
from pipeline.translate.protect import Protecting

GREEDY = Decoding()
SYMBOLS = "".join(map(chr, range(0xE000, 0xE010)))


@pytest.fixture(scope="module", params=["sv", "id"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def engine(lang: str) -> Engine:
    package = PackageEngine(model_store.find_package(lang), Settings(workers=2))
    return Checking(Protecting(package, package.find_placeholders), lang)


@pytest.fixture(scope="module")
def swedish() -> Engine:
    package = PackageEngine(model_store.find_package("sv"), Settings(workers=2))
    return Checking(Protecting(package, package.find_placeholders), "sv")


def translate(engine: Engine, text: str) -> Hypothesis:
    return engine.translate_texts([text], GREEDY)[0]


def assert_sound_or_flagged(source: str, lang: str, said: Hypothesis) -> None:
    words = said.text.lower().split()
    is_loop = any(words[at : at + 3] == [words[at]] * 3 for at in range(len(words) - 2))
    assert said.text.strip()
    assert said.flags or not (is_loop or find_faults(source, lang, Hypothesis(said.text, said.score)))


@pytest.mark.parametrize("word", ["Nyheter", "nyheter", "NYHETER", "Sport", "Väder", "Läs mer", "Logga in", "Sök"])
def test_a_word_of_a_menu_does_not_loop_unseen(swedish: Engine, word: str) -> None:
    """LibreTranslate 322, 46, 167, 183; Argos Translate 318, 428, 444."""
    said = translate(swedish, word)
    assert_sound_or_flagged(word, "sv", said)
    assert len(said.text) < 40 or said.flags


TEXT_BY_LANG = {
    "sv": ("Tekniskt fel i systemet", "vi är tillbaka i morgon"),
    "id": ("Gangguan teknis di sistem", "kami kembali besok pagi"),
}


@pytest.mark.parametrize("emoji", ["😂😂", "👍🏽", "👨‍👩‍👧‍👦", "🇸🇪", "❤️", "1️⃣"])
def test_text_before_and_after_an_emoji_is_translated(engine: Engine, lang: str, emoji: str) -> None:
    """LibreTranslate 439, 33, 733."""
    before, after = TEXT_BY_LANG[lang]
    for source in (f"{before} {emoji} {after}", f"{emoji} {before}", f"{before} {emoji}", f"{before}{emoji}"):
        said = translate(engine, source)
        assert said.text.count(emoji) == 1
        assert_sound_or_flagged(source, lang, said)
        head, tail = said.text.split(emoji)
        wanted_head, wanted_tail = source.split(emoji)
        assert any(map(str.isalpha, head)) == any(map(str.isalpha, wanted_head))
        assert any(map(str.isalpha, tail)) == any(map(str.isalpha, wanted_tail))


@pytest.mark.parametrize("name", ["user_name", "__init__", "MAX_VALUE_2", "a_b_c", "____", "snake_case.py"])
def test_underscores_stay(engine: Engine, lang: str, name: str) -> None:
    """Softcatala nmt-softcatala 33."""
    source = {"sv": f"Skriv {name} i fältet.", "id": f"Tulis {name} di kolom itu."}[lang]
    assert name in translate(engine, source).text


@pytest.mark.parametrize(
    "entity", ["%1$s", "%s", "{0}", "info@example.com", "https://example.com/a_b?c=1", "112 35 77 88 99"]
)
def test_placeholders_and_addresses_are_not_altered(engine: Engine, lang: str, entity: str) -> None:
    """LibreTranslate 123; Argos Translate 276."""
    source = {"sv": f"Du hittar {entity} i listan.", "id": f"Anda menemukan {entity} di daftar."}[lang]
    assert entity in translate(engine, source).text


def test_an_angle_bracket_is_no_word(engine: Engine, lang: str) -> None:
    """Argos Translate 319."""
    source = {"sv": "Välj Arkiv > Spara", "id": "Pilih Berkas > Simpan"}[lang]
    assert translate(engine, source).text.count(">") == 1


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n\n", "\r\n\r\n", " \n \n ", "\t", "\t\t"])
def test_runs_of_line_ends_and_tabs_stay(swedish: Engine, gap: str) -> None:
    """Argos Translate 237; LibreTranslate 288."""
    said = translate(swedish, f"Det regnar.{gap}Solen skiner.")
    assert gap in said.text


def test_leading_and_trailing_line_ends_stay(swedish: Engine) -> None:
    said = translate(swedish, "\n\nDet regnar.\n\n\n")
    assert said.text.startswith("\n\n")
    assert said.text.endswith("\n\n\n")


def test_capitals_come_out_as_capitals(engine: Engine, lang: str) -> None:
    """LibreTranslate 710, 917, 20."""
    source = {"sv": "LÄS MER OM KOMMUNENS NYA SKOLA", "id": "BACA BERITA TENTANG SEKOLAH BARU"}[lang]
    said = translate(engine, source)
    assert said.text.isupper()
    assert_sound_or_flagged(source, lang, said)


def test_a_sentence_of_three_thousand_words_is_translated_to_its_end(engine: Engine, lang: str) -> None:
    """CTranslate2 533, 1646: input and output are cut silently elsewhere."""
    clause = {"sv": "mannen nummer {} kom hem till sitt hus", "id": "orang nomor {} pulang ke rumahnya"}[lang]
    count = 3000 // len(clause.split())
    source = ", ".join(clause.format(number) for number in range(1000, 1000 + count))
    said = translate(engine, source)
    assert not list_lost_numbers(source, said.text) or "lost_number" in said.flags
    assert any(str(number) in said.text for number in range(1000 + count * 3 // 4, 1000 + count))


@pytest.mark.parametrize("text", ["!!!", "…", "– – –", "?!?!", "“”", "***", "-----", "(…)", "1", "12 345,67", "§ 12"])
def test_punctuation_and_numbers_stay_as_they_are(engine: Engine, text: str) -> None:
    assert translate(engine, text) == Hypothesis(text, 0.0)


@pytest.mark.parametrize("text", ["😀", "👍🏽👍🏽", "🇸🇪 🇮🇩", "👨‍👩‍👧‍👦", "1️⃣ 2️⃣", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_emoji_alone_stay_as_they_are(engine: Engine, text: str) -> None:
    assert translate(engine, text) == Hypothesis(text, 0.0)


@pytest.mark.parametrize("plane", range(17))
def test_characters_of_every_plane_come_through(swedish: Engine, plane: int) -> None:
    odd = chr(plane * 0x10000 + (0x5317 if plane == 0 else 0x0123))
    said = translate(swedish, f"Tecknet {odd} står i texten.")
    assert odd in said.text


@pytest.mark.parametrize("mark", "\u200e\u200f\u202a\u202b\u202c\u202e\u2066\u2069")
def test_marks_of_direction_come_through(swedish: Engine, mark: str) -> None:
    said = translate(swedish, f"Ordet {mark}شکر{mark} står i texten.")
    assert said.text.count(mark) == 2
    assert "شکر" in said.text


@pytest.mark.parametrize("text", [SYMBOLS, "X1 X2 Q1", "\ue000", "\ue003 \ue001 \ue003", "⟦1⟧", "<ent0>", "@@@"])
def test_symbols_that_stand_for_entities_can_be_entities(engine: Engine, lang: str, text: str) -> None:
    source = {
        "sv": f"Du ser {text} och https://example.com här.",
        "id": f"Anda melihat {text} dan https://example.com di sini.",
    }
    said = translate(engine, source[lang])
    assert "https://example.com" in said.text
    assert all(symbol in said.text for symbol in text.split() if not symbol[0].isalpha())
    assert not any(symbol in said.text for symbol in SYMBOLS if symbol not in text)


def test_one_word_costs_no_more_than_a_few_words(engine: Engine, lang: str) -> None:
    """Argos Translate 315: a word becomes `login` or a site map."""
    for word in {"sv": ["hund", "Kontakt", "bil", "hej"], "id": ["anjing", "Kontak", "mobil", "halo"]}[lang]:
        said = translate(engine, word)
        assert_sound_or_flagged(word, lang, said)
        assert len(said.text.split()) <= 6 or said.flags


NOISE = [
    "yg gk tau bgt sih gaes wkwkwkwk",
    "anjirr lu knp sihhh hahahaha",
    "otw skrg yaaa bsk ktmu dmn",
    "gpp kok santuy",
]


@pytest.mark.parametrize("text", NOISE)
def test_noisy_chat_does_not_loop_unseen(text: str) -> None:
    """EasyNMT 38: the same apology again and again."""
    package = PackageEngine(model_store.find_package("id"), Settings(workers=2))
    said = translate(Checking(Protecting(package, package.find_placeholders), "id"), text)
    words = said.text.lower().split()
    most = max(words.count(word) for word in words)
    assert most <= max(4, len(words) // 3) or said.flags


def test_a_sentence_does_not_come_back_as_it_was(engine: Engine, lang: str) -> None:
    """LibreTranslate 567; Argos Translate 496, 279."""
    source = {
        "sv": "Vi gick hem när det började regna, och sedan åt vi middag.",
        "id": "Kami pulang ketika hujan mulai turun, lalu kami makan malam.",
    }[lang]
    said = translate(engine, source)
    assert said.text != source or "copied_source" in said.flags


def test_no_sentence_of_several_goes_missing_unseen(engine: Engine, lang: str) -> None:
    """LibreTranslate 136; Argos Translate 409."""
    source = {
        "sv": "Huset byggdes 1911. Skolan öppnade 1954. Bron revs 1987. Parken kom till 2016.",
        "id": "Rumah itu dibangun 1911. Sekolah dibuka 1954. Jembatan dibongkar 1987. Taman dibuat 2016.",
    }[lang]
    said = translate(engine, source)
    assert said.flags or not [year for year in ("1911", "1954", "1987", "2016") if year not in said.text]


def test_a_window_is_translated_alike_in_any_order(swedish: Engine) -> None:
    """Texts do not leak into each other, whatever stands beside them."""
    texts = ["Nyheter", "Läs mer på https://example.com i dag.", "LÄS MER HÄR", "😀", "Skriv user_name i fältet."]
    there = swedish.translate_texts(texts, GREEDY)
    back = swedish.translate_texts(texts[::-1], GREEDY)[::-1]
    assert [said.text for said in there] == [said.text for said in back]


def test_numbers_of_a_list_stay_in_order(engine: Engine, lang: str) -> None:
    items = {"sv": "Köp bröd", "id": "Beli roti"}[lang]
    found = engine.translate_texts([f"{number}. {items}" for number in range(1, 6)], GREEDY)
    numbers = [int(said.text.split(".")[0]) for said in found]
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
