"""Repair mends what was garbled, says how, and leaves clean text as it came."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.records import Document
from pipeline.repair import repair_document, repair_documents, repair_text
from pipeline.repair.plain import is_plain
from pipeline.repair.words import HOLE, is_listed, is_word

CASES = Path(__file__).parent / "cases" / "repair"
CLEAN = [json.loads(line)["clean"] for line in (CASES / "negative.jsonl").read_text("utf-8").strip().split("\n")]
unhurried = settings(deadline=None)  # the first lost letter loads the words
LETTERS = st.sampled_from("abcdefgåäöéÅÄÖ SVT.,–”’“…0123\n&")
GARBAGE = st.sampled_from("aS ÃÂâ¤¥¶€™œ\x9d├ñÑΓÇŠšŒ„†”°\ufffd?&;#lt\r\n\x85\u2028\u0301ﬁ\xa0ĂĽŚðŸ˜ãéåö\x1b[m")


def cases(name: str) -> list[object]:
    """Give a file's cases, each named by its note."""
    rows = map(json.loads, (CASES / f"{name}.jsonl").read_text(encoding="utf-8").strip().split("\n"))
    return [pytest.param(row["garbled"], row["clean"], id=row["note"]) for row in rows]


@pytest.mark.parametrize(("garbled", "clean"), cases("wild"))
def test_garbled_text_from_the_wild_is_mended(garbled: str, clean: str) -> None:
    assert repair_text(garbled)[0] == clean


@pytest.mark.parametrize(("garbled", "clean"), cases("synthetic"))
def test_text_read_through_the_wrong_page_is_mended(garbled: str, clean: str) -> None:
    assert repair_text(garbled)[0] == clean


@pytest.mark.parametrize(("garbled", "clean"), cases("negative"))
def test_clean_text_comes_out_as_it_went_in(garbled: str, clean: str) -> None:
    assert repair_text(garbled) == (clean, ())


@pytest.mark.xfail(strict=True, reason="nothing in the text tells")
@pytest.mark.parametrize(("garbled", "clean"), cases("known_failure"))
def test_what_cannot_be_told_yet(garbled: str, clean: str) -> None:
    assert repair_text(garbled)[0] == clean


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("SÃ¥", "mojibake:cp1252"),
        ("S├Ñ", "mojibake:cp850"),
        ("pã¥ sã¤tt", "mojibake:lowered"),
        ("f&ouml;r", "unescape_html"),
        ("â€œciterâ€\ufffd", "lost-bytes"),
        ("10Â 000", "lost-spaces"),
        ("tr\ufffddg\ufffdrden", "lost-letters"),
        ("I don\ufffdt", "lost-marks"),
        ("Det Šr fšr sent", "misread:mac-roman"),
        ("ﬁnt", "fix_latin_ligatures"),
        ("a\u0308", "normalize"),
        ("a\r\nb", "fix_line_breaks"),
        ("a\x00b", "remove_control_chars"),
    ],
)
def test_every_step_that_acted_is_named(text: str, fix: str) -> None:
    assert fix in repair_text(text)[1]


def test_lines_of_a_document_share_one_page() -> None:
    lines = ["Så här är det.", "FĂśr mĂĽnga ĂĽr sedan.", "13-ĂĽring pĂĽ Ă\x96land."]
    assert repair_text("\n".join(lines))[0].split("\n")[1:] == ["För många år sedan.", "13-åring på Öland."]


def test_good_lines_between_bad_ones_stay_as_they_are() -> None:
    text = "\n".join(["Så här är det, ”säger” hon…", "SÃ¥ hÃ¤r Ã¤r det"] * 5)
    assert repair_text(text)[0].split("\n")[::2] == ["Så här är det, ”säger” hon…"] * 5


def test_stray_bytes_among_good_letters_are_no_lost_letters() -> None:
    text = "Det ställda\ufffd njuta är bliv\ufffdit allt.\nA cul\ufffdtural line."
    assert repair_text(text)[0] == text


def test_the_icons_of_a_page_stay_while_lost_letters_beside_them_come_back() -> None:
    text = "S\ufffd h\ufffdr g\ufffdr det till.\n\ue000 Nej\n\ue001 Meny \ue002"
    assert repair_text(text)[0] == "Så här gör det till.\n\ue000 Nej\n\ue001 Meny \ue002"


def test_a_vertical_tab_ends_a_line_and_a_separator_parts_words() -> None:
    text = "Rubriken här\x0bDet här är\x1ctexten, \x1csa hon\x1d."
    assert repair_text(text)[0] == "Rubriken här\nDet här är texten, sa hon."


def test_a_document_keeps_its_id_and_names_its_fixes_once() -> None:
    document = Document(id="0" * 16, source="a.txt", text="SÃ¥ hÃ¤r", fixes=("mojibake:cp1252",), meta={"n": 1})
    mended = repair_document(document)
    assert (mended.id, mended.source, mended.meta) == (document.id, document.source, document.meta)
    assert (mended.text, mended.fixes) == ("Så här", ("mojibake:cp1252",))


def test_a_clean_document_is_handed_on_as_it_is() -> None:
    document = Document(id="0" * 16, source="a.txt", text="Så här", meta={"n": 1})
    assert list(repair_documents([document])) == [document]


@unhurried
@given(st.text(LETTERS))
def test_a_plain_line_holds_nothing_that_ftfy_would_tidy(text: str) -> None:
    import ftfy

    config = ftfy.TextFixerConfig(unescape_html=True, uncurl_quotes=False, fix_encoding=False)
    for line in text.split("\n"):
        if is_plain(line):
            assert ftfy.fix_and_explain(line, config).text == line


@unhurried
@given(st.text(st.characters(max_codepoint=0x7F, exclude_categories=["Cc"], exclude_characters="&?")))
def test_ascii_without_escapes_is_left_alone(text: str) -> None:
    assert repair_text(text) == (text, ())


@unhurried
@given(st.lists(st.sampled_from(CLEAN), max_size=8))
def test_clean_lines_stay_clean_in_any_company(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert repair_text(text) == (text, ())


@unhurried
@given(st.text(GARBAGE))
@example("Ã\u00a0Â\r\n\x85&amp;#10;")
def test_repair_is_idempotent(text: str) -> None:
    once, _ = repair_text(text)
    assert repair_text(once) == (once, ())


@unhurried
@given(st.text(st.characters()))
def test_any_text_is_repaired_without_an_error(text: str) -> None:
    mended, fixes = repair_text(text)
    assert (mended == text) == (not fixes)


@unhurried
@given(st.text(GARBAGE))
def test_line_ends_are_neither_added_nor_lost(text: str) -> None:
    normal = text.replace("\r\n", "\n")
    if not any(mark in normal for mark in "\r\x85\u2028â"):
        assert repair_text(text)[0].count("\n") == normal.count("\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301\u0316" * 250_000,
        "Ã¥" * 250_000,
        "å" * 500_000,
        "\ufffd" * 500_000,
        "a\ufffd" * 250_000,
        "f??r " * 100_000,
        "?" * 500_000,
        "&amp;" * 100_000,
        "&" * 500_000,
        "<" * 500_000,
        "â€" * 250_000,
        "ﬁ" * 500_000,
        "Š" * 500_000,
        "x" * 500_000 + "å”ä",
        "„ ” " * 250_000,
        "\r" * 250_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_a_hostile_line_of_half_a_megabyte_takes_seconds_at_most(text: str) -> None:
    began = time.process_time()
    repair_text(text)
    assert time.process_time() - began < 30  # seconds; a step that took the square would take hours


@pytest.mark.parametrize("word", ["trädgård", "Trädgård", "TRÄDGÅRD", "trxdgård", "trädgår", "36", ""])
def test_a_word_is_known_as_a_whole_in_any_case(word: str) -> None:
    assert is_word(word) == (word.lower() == "trädgård")


def test_a_word_with_a_hole_is_listed_and_is_no_word() -> None:
    assert (is_listed(f"tr{HOLE}dg{HOLE}rd"), is_word(f"tr{HOLE}dg{HOLE}rd")) == (True, False)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Vänta\x85 sa han.", "Vänta… sa han."),
        ("Jag vet inte\x85", "Jag vet inte…"),
        ("\x93Vänta\x85Nu\x94", "“Vänta…Nu”"),
        ("Ã\x85ke och Ã\x85sa bor i Ã\x85re.", "Åke och Åsa bor i Åre."),
    ],
)
def test_u0085_is_the_ellipsis_of_cp1252_or_half_of_a_letter(text: str, mended: str) -> None:
    assert repair_text(text)[0] == mended
