"""Names come out as they are or as English calls them, and words of lists are not taken for names."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from pipeline.translate.check import Checking
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.faults import find_faults
from pipeline.translate.names.find import find_names
from pipeline.translate.names.lone import find_lone_names
from pipeline.translate.names.lost import list_lost_names, mend_names
from pipeline.translate.protect import Protecting
from pipeline.translate.words.items import lower_item
from pipeline.translate.words.lists import is_word, read_names

GREEDY = Decoding()
MARKS = tuple(map(chr, range(0xE000, 0xE010)))


def translate(text: str, lang: str, answers: dict[str, str]) -> tuple[str, list[str]]:
    """Translate a text with an engine that has these answers and repeats all else; give what it was asked too."""
    engine = FakeEngine(lambda text: answers.get(text, text))
    found = Protecting(engine, lambda: MARKS, lang).translate_texts([text], GREEDY)
    return found[0].text, [text for asked in engine.asked for text in asked]


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("sv", "Tåget till Västerås var sent.", ["Västerås"]),
        ("sv", "Hon reste från Warszawa.", ["Warsaw"]),
        ("sv", "Jag mötte Sixtensson.", ["Sixtensson"]),
        ("sv", "Det är Görans bil.", ["Göran's"]),
        ("sv", "Hon badade i Medelhavet.", ["the Mediterranean"]),
        ("sv", "Han seglade över Stilla havet.", ["the Pacific"]),
        ("sv", "Boken heter Skogen.", []),
        ("sv", "Lära Barn Att Läsa Bättre", []),
        ("id", "Kami pergi ke Surabaya.", ["Surabaya"]),
        ("id", "Dia bekerja di Jawa Tengah.", ["Central Java"]),
        ("id", "Rapat pada hari Senin dengan Menteri.", []),
    ],
)
def test_a_name_is_told_from_a_word(lang: str, text: str, names: list[str]) -> None:
    assert [name.forms[0] for name in find_names(text, lang)] == names


def test_other_languages_have_no_names() -> None:
    assert find_names("Elle habite à Paris.", "fr") == []
    assert find_lone_names("Paris", "fr") == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [("sv", "Norrtälje"), ("sv", "Greta Holm"), ("id", "Makassar"), ("id", "Bambang Wijaya"), ("sv", "Örebro, Lund")],
)
def test_a_line_of_names_is_not_translated(lang: str, text: str) -> None:
    assert translate(text, lang, {}) == (text, [])


@pytest.mark.parametrize(
    ("lang", "label", "name", "english"),
    [
        ("sv", "Fotograf", "Greta Holm", "Photographer"),
        ("sv", "Ort", "Kalmar", "City"),
        ("id", "Penulis", "Dian Wijaya", "Author"),
        ("id", "Kota", "Medan", "City"),
    ],
)
def test_a_name_after_a_label_is_hidden_at_once(lang: str, label: str, name: str, english: str) -> None:
    hidden = f"{label}: {MARKS[0]}"
    assert translate(f"{label}: {name}", lang, {hidden: f"{english}: {MARKS[0]}"}) == (f"{english}: {name}", [hidden])


def test_a_word_after_a_label_is_no_name() -> None:
    assert find_lone_names("Foto: Privat", "sv") == []
    assert find_lone_names("Källa: Regeringen", "sv") == []


def test_a_name_that_was_lost_is_hidden_and_asked_for_again() -> None:
    text = "Hon flyttade till Kiruna."
    answers = {text: "She moved to a corner.", f"Hon flyttade till {MARKS[0]}.": f"She moved to {MARKS[0]}."}
    assert translate(text, "sv", answers)[0] == "She moved to Kiruna."


def test_a_name_that_came_through_is_asked_for_once() -> None:
    text = "Hon flyttade till Kiruna."
    assert translate(text, "sv", {text: "She moved to Kiruna."}) == ("She moved to Kiruna.", [text])


def test_a_first_name_is_hidden_with_the_family_name_that_was_lost() -> None:
    text = "Saya bertemu Dian Wijaya."
    answers = {text: "I met Dian yesterday.", f"Saya bertemu {MARKS[0]}.": f"I met {MARKS[0]}."}
    assert translate(text, "id", answers)[0] == "I met Dian Wijaya."


def test_where_a_symbol_does_not_come_through_a_known_name_stands_in() -> None:
    text = "Hon flyttade till Kiruna."
    answers = {
        text: "She moved to a corner.",
        f"Hon flyttade till {MARKS[0]}.": "She moved.",
        "Hon flyttade till Google.": "She moved to Google.",
    }
    assert translate(text, "sv", answers)[0] == "She moved to Kiruna."


def test_the_first_try_stays_where_no_other_keeps_the_name() -> None:
    text = "Hon flyttade till Kiruna."
    answers = {
        text: "She moved to a corner.",
        f"Hon flyttade till {MARKS[0]}.": "She moved.",
        "Hon flyttade till Google.": "She left.",
    }
    assert translate(text, "sv", answers)[0] == "She moved to a corner."


def test_a_misspelt_name_is_mended_without_another_try() -> None:
    text = "Hon flyttade till Kiruna."
    assert translate(text, "sv", {text: "She moved to Kirna."}) == ("She moved to Kiruna.", [text])


def test_a_name_that_stays_as_the_source_has_it_is_written_in_english_without_another_try() -> None:
    text = "Stilla havet når Nordkoreas kust."
    answer = "Stilla havet reaches Nordkorea's coast."
    assert translate(text, "sv", {text: answer}) == ("The Pacific reaches North Korea's coast.", [text])


def test_no_other_name_of_the_source_is_written_over() -> None:
    text = "I går kom Marita och Marit."
    names = find_names(text, "sv")
    assert mend_names(text, "Marita came.", [name for name in names if name.forms == ("Marit",)]) == "Marita came."


def test_what_english_calls_a_name_counts_as_kept() -> None:
    names = find_names("Hon bor i Aten, inte i Göteborg.", "sv")
    assert list_lost_names(names, "She lives in Athens, not in Gothenburg.") == []


def test_a_name_of_a_line_is_not_asked_for_in_small_letters() -> None:
    engine = FakeEngine(lambda text: {"kiruna": "corner"}.get(text, text))
    found = Checking(Protecting(engine, lambda: MARKS, "sv"), "sv").translate_texts(["Kiruna"], GREEDY)
    assert found[0].text == "Kiruna"


@pytest.mark.parametrize("text", ["Gurka", "GURKA", "gurka"])
def test_a_word_of_a_list_reaches_the_model_in_small_letters(text: str) -> None:
    assert translate(text, "sv", {"gurka": "cucumber"})[0].lower() == "cucumber"


def test_an_item_gets_its_capitals_back() -> None:
    assert translate("Färska Grönsaker", "sv", {"färska grönsaker": "fresh vegetables"})[0] == "Fresh Vegetables"
    assert translate("GURKA", "sv", {"gurka": "cucumber"})[0] == "CUCUMBER"


@pytest.mark.parametrize("text", ["Gurkan är grön och god.", "Hej.", "Uppsala"])
def test_sentences_and_names_keep_their_capitals(text: str) -> None:
    assert lower_item(text, "sv") == text


def test_a_target_that_stops_at_the_colon_is_cut_short() -> None:
    assert "cut_short" in find_faults("Utgivare: Bokförlaget", "sv", Hypothesis("Publisher:", -0.4))
    assert "cut_short" not in find_faults("Utgivare:", "sv", Hypothesis("Publisher:", -0.4))


def test_what_a_label_names_is_asked_for_by_itself() -> None:
    engine = FakeEngine(
        lambda text: {"Utgivare: Förlaget": "Publisher:", "Utgivare": "Publisher", "Förlaget": "The press"}.get(
            text, text
        )
    )
    assert Checking(engine, "sv").translate_texts(["Utgivare: Förlaget"], GREEDY)[0].text == "Publisher: The press"


@pytest.mark.parametrize("lang", ["sv", "id"])
def test_the_lists_are_in_order_and_say_something(lang: str) -> None:
    names = read_names(lang)
    assert list(names) == sorted(names)
    assert all(form and form == form.strip() for forms in names.values() for form in forms)


def test_a_swedish_compound_is_a_word() -> None:
    assert is_word("sommarskola", "sv")
    assert not is_word("sommarskola", "id")
