"""Single words and labels: what a glossary says where a model says something else."""

from __future__ import annotations

import pytest
from fakes import FakeEngine
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.engine import PLACEHOLDERS, Decoding
from pipeline.translate.protect import Protecting
from pipeline.translate.words.glossary import settle_words


def translate(text: str, said: str, lang: str) -> str:
    engine = Protecting(FakeEngine(lambda _: said), lambda: PLACEHOLDERS, lang)
    return engine.translate_texts([text], Decoding())[0].text


@pytest.mark.parametrize(
    ("lang", "text", "said", "english"),
    [
        ("sv", "Sjukhus", "Thesaurus", "Hospital"),
        ("sv", "SJUKHUS", "Thesaurus", "HOSPITAL"),
        ("sv", "sjukhus:", "thesaurus:", "hospital:"),
        ("sv", "• Granne", "• Grain", "• Neighbor"),
        ("id", "Kucing", "Coin", "Cat"),
        ("id", "Meja!", "Mesh!", "Desk!"),
    ],
)
def test_a_word_alone_is_said_as_the_glossary_has_it(lang: str, text: str, said: str, english: str) -> None:
    assert translate(text, said, lang) == english


def test_a_label_is_said_as_the_glossary_has_it_and_keeps_what_it_names() -> None:
    assert translate("Vikt: 39,8 kg", f"Visit: {PLACEHOLDERS[0]}", "sv") == "Weight: 39.8 kg"


@pytest.mark.parametrize(("text", "said"), [("Granne", "Neighbour"), ("Granne", "A neighbour"), ("Roti", "Loaf")])
def test_a_model_that_says_a_word_of_the_glossary_is_believed(text: str, said: str) -> None:
    assert translate(text, said, "id" if text == "Roti" else "sv") == said


@pytest.mark.parametrize(("lang", "text"), [("sv", "SVT"), ("id", "PLN"), ("sv", "Uppsala"), ("id", "Bandung")])
def test_acronyms_and_names_alone_stay(lang: str, text: str) -> None:
    assert translate(text, "nothing like it", lang) == text


@pytest.mark.parametrize("text", ["Sjukhus är stora", "Ett sjukhus", "qwrtz", "kl: 5"])
def test_sentences_and_unknown_words_are_the_models(text: str) -> None:
    assert settle_words(text, "So it is", "sv") == "So it is"


@given(st.text(), st.text())
def test_another_language_has_no_glossary(source: str, target: str) -> None:
    assert settle_words(source, target, "de") == target
