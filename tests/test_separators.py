"""Numbers get the separators of English, in sentences as in cells."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from pipeline.translate.engine import Decoding
from pipeline.translate.numbers.separators import settle_numbers
from pipeline.translate.protect import Protecting

GREEDY = Decoding()


@pytest.mark.parametrize(
    ("lang", "source", "copied", "english"),
    [
        ("id", "Indeks berada di 8.214,35", "8.214.35", "8,214.35"),
        ("id", "Indeks berada di 8.214,35", "8,214,35", "8,214.35"),
        ("id", "Ada 2.500-3.500 kursi", "2,500-3.500", "2,500-3,500"),
        ("id", "Ada 500-1.500 kursi", "500-1.500", "500-1,500"),
        ("id", "Emas naik (+4.000)", "(+4.000)", "(+4,000)"),
        ("sv", "Publik: 21 640.", "21 640.", "21,640."),
        ("sv", "Runt 1 800–2 400 bilar", "1 800–2400", "1,800–2,400"),
        ("sv", "Antal 12 och 1,2", "12 och 1,2", "12 och 1,2"),
        ("sv", "Rum 201 202 203", "201 202 203", "201 202 203"),
    ],
)
def test_numbers_are_settled_by_their_digits(lang: str, source: str, copied: str, english: str) -> None:
    assert settle_numbers(source, f"It says {copied} there", lang) == f"It says {english} there"


@pytest.mark.parametrize(
    ("lang", "row", "english"),
    [
        ("id", "Jumlah\t3.456\t7,5", "Number\t3,456\t7.5"),
        ("sv", "Summa\t2 345,50", "Sum\t2,345.50"),
        ("sv", "7 654,5", "7,654.5"),
        ("id", "3.456\t192.168.100.200\tserver", "3,456\t192.168.100.200\tserver"),
        ("id", "3.456\t7,5", "3.456\t7,5"),
    ],
)
def test_cells_beside_words_get_english_separators_and_lists_of_numbers_none(lang: str, row: str, english: str) -> None:
    (found,) = Protecting(FakeEngine(str), tuple, lang).translate_texts([row], GREEDY)
    assert found.text == english
