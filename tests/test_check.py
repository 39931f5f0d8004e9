"""Faults are found, tried again, and named where they stay."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fakes import FakeEngine
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.check import Checking
from pipeline.translate.clauses import cut_clauses
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.faults import FAULTS, find_faults
from pipeline.translate.stage import UNDETERMINED, UNSUPPORTED

CASES = Path(__file__).parent / "cases" / "check"
GREEDY = Decoding()


def read_cases() -> list[dict[str, str]]:
    lines = [line for name in ("wild", "synthetic", "negative") for line in _lines(name)]
    return [json.loads(line) for line in lines]


def _lines(name: str) -> list[str]:
    return (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case["why"])
def test_a_pair_has_the_faults_that_a_reader_finds(case: dict[str, str]) -> None:
    found = find_faults(case["source"], case["lang"], Hypothesis(case["target"], -0.5))
    assert " ".join(found) == case["flags"]


def test_every_fault_has_a_case() -> None:
    named = {flag for case in read_cases() for flag in case["flags"].split()}
    assert named | {"length_limit", "low_score"} == set(FAULTS)


def test_the_documentation_says_what_every_flag_means() -> None:
    text = (Path(__file__).parent.parent / "docs" / "output-format.md").read_text(encoding="utf-8")
    table = text.partition("\n### Flags\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE))
    untranslated = {flag: rows.pop(flag) for flag in (UNDETERMINED, UNSUPPORTED)}
    assert all(meaning.endswith("not translated.") for meaning in untranslated.values())
    assert rows == {flag: meaning for flag, (_, meaning) in FAULTS.items()}


def test_a_hypothesis_that_was_cut_or_unlikely_is_flagged() -> None:
    assert find_faults("Hej på dig", "sv", Hypothesis("Hello there", -9.0, cut=True)) == ("length_limit", "low_score")


@pytest.mark.parametrize(
    ("source", "lang", "target"),
    [
        ("I TV4:an sades det i går", "sv", "On TV4 it was said yesterday"),
        ("Högst 2 500 kr.", "sv", "Högst 2,500 kr."),
        ("c) 1844", "sv", "c) 1844"),
        ("Kadang2 mereka pulang malam", "id", "Sometimes they come home late"),
    ],
)
def test_endings_amounts_letters_and_words_said_twice_are_no_faults(source: str, lang: str, target: str) -> None:
    assert find_faults(source, lang, Hypothesis(target, -0.2), lambda _: 0.0) == ()


def test_flags_are_sorted_and_known() -> None:
    found = find_faults(
        "Han har 12 hästar på @gården", "sv", Hypothesis("och och och och att att att att som", -9.0, cut=True)
    )
    assert list(found) == sorted(found)
    assert set(found) <= set(FAULTS)


def test_a_formula_that_the_model_spoils_is_flagged_and_one_that_it_copies_is_not() -> None:
    source = "Ämnet skrivs C(C(=O)O)NCP(=O)(O)O i tabellen"
    kept, spoilt = (
        "The substance is written C(C(=O)O)NCP(=O)(O)O in the table",
        "The substance is written C(O)O in the table",
    )
    assert find_faults(source, "sv", Hypothesis(kept, -0.5)) == ()
    assert find_faults(source, "sv", Hypothesis(spoilt, -0.5)) == ("lost_entity",)


def test_the_detector_is_asked_about_doubtful_texts_only() -> None:
    asked: list[str] = []

    def english_share(text: str) -> float:
        asked.append(text)
        return 0.0

    sound = Hypothesis("He came home and went to bed.", -0.5)
    doubtful = Hypothesis("Tom suka kucing hitam", -0.5)
    assert find_faults("Han kom hem och gick till sängs.", "sv", sound, english_share) == ()
    assert find_faults("Tom gillar svarta katter", "sv", doubtful, english_share) == ("wrong_language",)
    assert asked == ["suka kucing hitam"]  # Tom is of no language


@pytest.mark.parametrize(
    ("source", "share", "flags"),
    [
        ("logga in", 0.1, ("copied_source",)),
        ("bruksanvisning", 0.01, ("copied_source",)),
        ("hotell", 0.2, ()),
        ("Stockholm", 0.0, ()),
    ],
)
def test_a_copied_word_or_two_is_a_fault_where_the_detector_says_so(
    source: str, share: float, flags: tuple[str]
) -> None:
    assert find_faults(source, "sv", Hypothesis(source, -0.5), lambda _: share) == flags


@given(st.text(), st.text())
def test_any_pair_can_be_checked(source: str, target: str) -> None:
    found = find_faults(source, "sv", Hypothesis(target, -0.5))
    assert set(found) <= set(FAULTS)


@given(st.text())
def test_a_text_without_words_that_is_copied_has_no_fault(text: str) -> None:
    bare = "".join(letter for letter in text if not letter.isalpha())
    assert find_faults(bare, "sv", Hypothesis(bare, 0.0)) == ()


def test_a_clean_window_costs_one_decode() -> None:
    engine = FakeEngine(lambda _: "The government wants to raise the tax.")
    found = Checking(engine, "sv").translate_texts(
        ["Regeringen vill höja skatten nu.", "Regeringen vill höja den."], GREEDY
    )
    assert len(engine.asked) == 1
    assert [hypothesis.flags for hypothesis in found] == [(), ()]


def test_only_faulty_texts_are_tried_again_all_together() -> None:
    good, bad = "Regeringen vill höja skatten nu.", "Kommunen bygger en ny skola i staden."

    def answer(text: str) -> str:
        return "The government wants to raise the tax." if text == good else "the the the the the"

    engine = FakeEngine(answer)
    found = Checking(engine, "sv").translate_texts([bad, good, f"{bad} Igen."], GREEDY)
    assert engine.asked[1] == [bad, f"{bad} Igen."]
    assert [bool(hypothesis.flags) for hypothesis in found] == [True, False, True]


def test_a_retry_has_a_wider_beam_and_may_not_repeat_itself() -> None:
    engine = FakeEngine(lambda _: "news news news news")
    Checking(engine, "sv").translate_texts(["Nyheter"], GREEDY)
    assert engine.decodings[0] == GREEDY
    assert engine.decodings[1].beam >= 4
    assert engine.decodings[1].no_repeat_ngram > 0


def test_a_retry_keeps_a_beam_that_was_wider_already() -> None:
    engine = FakeEngine(lambda _: "news news news news")
    Checking(engine, "sv").translate_texts(["Nyheter"], Decoding(beam=8))
    assert engine.decodings[1].beam == 8


def test_a_heading_of_one_word_is_tried_as_part_of_a_sentence() -> None:
    engine = FakeEngine(lambda text: "News." if text == "Nyheter." else "news news news news")
    found = Checking(engine, "sv").translate_texts(["Nyheter"], GREEDY)
    assert (found[0].text, found[0].flags) == ("News", ())


def test_a_text_that_fails_as_a_whole_is_said_clause_by_clause() -> None:
    """Clauses come first: they are quicker, and nothing more is asked where they are sound."""
    clauses = {"Först kom det regn": "First came rain", "sedan kom solen fram": "Then the sun came out"}
    engine = FakeEngine(lambda text: clauses.get(text, "rain rain rain rain"))
    found = Checking(engine, "sv").translate_texts(["Först kom det regn, sedan kom solen fram"], GREEDY)
    assert (found[0].text, found[0].flags) == ("First came rain, then the sun came out", ())
    assert engine.asked[1:] == [list(clauses)]


def test_a_text_that_fails_clause_by_clause_is_said_as_a_whole() -> None:
    text = "Först kom det regn, sedan kom solen fram"
    engine = FakeEngine(lambda _: "rain rain rain rain")
    Checking(engine, "sv").translate_texts([text], GREEDY)
    assert engine.asked[1:] == [["Först kom det regn", "sedan kom solen fram"], [text]]


def test_what_stays_faulty_is_kept_and_flagged() -> None:
    engine = FakeEngine(lambda _: "rain rain rain rain")
    found = Checking(engine, "sv").translate_texts(["Det regnar"], GREEDY)
    assert found[0].text == "rain rain rain rain"
    assert "loop" in found[0].flags


def test_the_better_of_two_faulty_answers_is_kept() -> None:
    answers = iter(["rain rain rain rain", *["It costs 12 or 14 kronor here"] * 9])
    engine = FakeEngine(lambda _: next(answers))
    found = Checking(engine, "sv").translate_texts(["Det kostar 12 eller 14 eller 16 kr"], GREEDY)
    assert found[0].flags == ("lost_number",)


def test_a_low_score_alone_is_not_tried_again() -> None:
    engine = FakeEngine(lambda _: "The government wants to raise the tax.", score=-9.0)
    found = Checking(engine, "sv").translate_texts(["Regeringen vill höja skatten nu."], GREEDY)
    assert len(engine.asked) == 1
    assert found[0].flags == ("low_score",)


@given(st.text())
def test_clauses_join_to_the_text(text: str) -> None:
    assert "".join(cut_clauses(text)) == text
