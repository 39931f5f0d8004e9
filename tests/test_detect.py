"""What `detect` promises: an answer for any text, the same each time, that listens to the rest of the page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.detect import detect_document
from pipeline.detect.classifier import Classifier, find_words
from pipeline.detect.context import decide_together
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.short_lines import doubt_short_lines
from pipeline.detect.stage import MAX_TOGETHER, detect_segments, load_detector
from pipeline.errors import PackageError
from pipeline.packages.model_store import models_folder
from pipeline.records import Segment
from pipeline.settings import DetectorName, Settings

CASES = Path(__file__).parent / "cases" / "detect"
CODE = re.compile(r"[a-z]{2}|und")
WESTERN = st.characters(max_codepoint=0xFF, exclude_characters="ªºµ")
PUNCTUATION = st.characters(min_codepoint=0x2000, max_codepoint=0x206F)


def as_segments(texts: list[str], doc: str = "a") -> list[Segment]:
    segments, at = [], 0
    for index, text in enumerate(texts):
        end = at + len(text)
        segments.append(Segment(id=f"{doc}-{index}", doc=doc, source="x", index=index, start=at, end=end, src=text))
        at = end + 1
    return segments


def languages_of(texts: list[str], detector: DetectorName = "tolk") -> list[Any]:
    found = detect_document(as_segments(texts), load_detector(detector))
    return [segment.src_lang for segment in found]


def read_cases() -> list[Any]:
    params = []
    for file in sorted(CASES.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            case = json.loads(line)
            marks = [pytest.mark.xfail(strict=True, reason=case["why"])] if file.stem == "known_failures" else []
            params.append(pytest.param(case["lines"], id=f"{file.stem}:{number}", marks=marks))
    return params


@pytest.mark.parametrize("lines", read_cases())
def test_each_line_of_a_page_gets_its_language(lines: list[list[str]]) -> None:
    assert languages_of([text for _, text in lines]) == [language for language, _ in lines]


@given(st.lists(st.text(max_size=80), max_size=12))
def test_any_text_gets_a_code_and_a_probability(texts: list[str]) -> None:
    for segment in detect_document(as_segments(texts), load_detector("tolk")):
        assert CODE.fullmatch(str(segment.src_lang))
        assert isinstance(segment.lang_score, float)
        assert 0.0 <= segment.lang_score <= 1.0


@given(st.lists(st.text(max_size=60), max_size=8))
def test_the_same_document_gets_the_same_answer(texts: list[str]) -> None:
    segments = as_segments(texts)
    fresh = detect_document(segments, load_detector("tolk"))
    assert detect_document(segments, load_detector("tolk")) == fresh


@given(st.lists(st.text(max_size=40), max_size=8))
def test_nothing_but_the_language_is_changed(texts: list[str]) -> None:
    segments = as_segments(texts)
    found = detect_document(segments, load_detector("tolk"))
    bare = [msgspec.structs.replace(s, src_lang=msgspec.UNSET, lang_score=msgspec.UNSET) for s in found]
    assert bare == segments


@pytest.mark.parametrize(
    "text", ["", " ", "1 234,50", "→ ★ 🎉", "---", "2026-11-22 08:15", "٣٤", "\x00\x80", "\ud800", "½", "10 %"]
)
def test_text_without_letters_is_undetermined(text: str) -> None:
    assert languages_of(["Läs hela artikeln om vädret i Göteborg.", text, "Senaste nytt"])[1] == "und"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Добрый день, дорогие друзья", "ru"),
        ("Καλημέρα σας", "el"),
        ("שלום עולם", "he"),
        ("مرحبا بالعالم", "ar"),
        ("สวัสดีครับ", "th"),
        ("안녕하세요", "ko"),
        ("こんにちは世界", "ja"),
        ("日本語の文章です", "ja"),
        ("人人生而自由", "zh"),
        ("नमस्ते दुनिया", "hi"),
        ("ᚠᚢᚦᚨᚱᚲ", "und"),
    ],
)
def test_other_scripts_are_never_taken_for_a_latin_language(text: str, language: str) -> None:
    assert languages_of([text]) == [language]


def test_two_documents_of_one_name_and_text_are_decided_apart() -> None:
    page = as_segments(["Hej", "Läs mer om oss och våra tjänster", "Hem"])
    alone = list(detect_segments(page, Settings()))
    assert list(detect_segments([*page, *page], Settings())) == [*alone, *alone]


def test_case_does_not_change_the_language() -> None:
    text = "Så här ansöker du om bygglov"
    assert languages_of([text.upper(), text.title(), text.lower()]) == ["sv", "sv", "sv"]


def test_decomposed_letters_count_as_composed_ones() -> None:
    assert languages_of(["A\u030angpanneföreningen firar hundra a\u030ar"]) == ["sv"]


@given(st.text(WESTERN | PUNCTUATION))
def test_the_quick_way_to_the_words_is_only_quicker(text: str) -> None:
    assume(not re.search(r"@|www\.|://", text))  # an address is left out where another word is there
    assert find_words(text) == find_words(f"{text} ŋ").removesuffix("ŋ").strip()


def test_a_known_source_language_skips_detection() -> None:
    known = Settings(source_lang="id", detector="langdetect")
    found = list(detect_segments(as_segments(["The quick brown fox", "123"]), known))
    assert [(segment.src_lang, segment.lang_score) for segment in found] == [("id", 1.0), ("id", 1.0)]


def test_documents_of_a_stream_are_decided_apart() -> None:
    first = as_segments(["Kontakta oss", "Om våra tjänster", "Alla barn har rätt till skola."], "a")
    second = as_segments(["Hubungi kami", "Menu", "Semua anak berhak atas pendidikan."], "b")
    alone = [*detect_document(first, load_detector("tolk")), *detect_document(second, load_detector("tolk"))]
    assert list(detect_segments([*first, *second], Settings())) == alone


def test_documents_of_the_same_text_in_two_files_are_decided_apart() -> None:
    first = as_segments(["Menu", "Vi ses i morgon."])
    second = [msgspec.structs.replace(segment, source="y") for segment in first]
    found = list(detect_segments([*first, *second], Settings()))
    assert [segment.source for segment in found] == ["x", "x", "y", "y"]
    assert [segment.src_lang for segment in found[:2]] == [segment.src_lang for segment in found[2:]]


def test_a_stream_is_read_no_further_than_one_part_of_a_document() -> None:
    read = 0

    def endless() -> Any:
        nonlocal read
        for segment in as_segments(["Om oss"]) * (3 * MAX_TOGETHER):
            read += 1
            yield segment

    next(iter(detect_segments(endless(), Settings())))
    assert read <= MAX_TOGETHER + 1


def test_a_long_document_gets_the_same_from_a_stream_as_at_once() -> None:
    segments = as_segments(["Om oss", "About us", "Tentang kami"] * (MAX_TOGETHER // 3 + 10))
    assert list(detect_segments(segments, Settings())) == detect_document(segments, load_detector("tolk"))


def test_an_empty_stream_gives_nothing() -> None:
    assert list(detect_segments([], Settings())) == []


def test_a_short_line_follows_the_page_it_stands_on() -> None:
    swedish = ["Regeringen vill höja skatten på flygresor nästa år.", "Hem", "Vi ses på torsdag klockan åtta."]
    danish = ["Regeringen vil hæve skatten på flyrejser næste år.", "Hjem", "Vi ses på torsdag klokken otte."]
    assert languages_of(swedish)[1] == "sv"
    assert languages_of(danish)[1] == "da"


@pytest.mark.parametrize("word", ["Jan", "Oj", "Hai", "Siti Nurhaliza", "Kos"])
def test_a_short_line_is_doubted_on_no_page_but_one_of_a_language_that_is_translated(word: str) -> None:
    danish = [
        "Regeringen vil hæve skatten på flyrejser næste år.",
        word,
        "Vi ses på torsdag klokken otte ved stationen.",
    ]
    weights = [load_detector("tolk").weigh(text) for text in danish]
    assert doubt_short_lines(danish, weights) == weights
    assert doubt_short_lines([word], weights[1:2]) == weights[1:2]


@given(st.lists(st.dictionaries(st.sampled_from(["sv", "id", "en", "it", "ms"]), st.floats(0.01, 1)), max_size=8))
def test_doubt_takes_no_weight_from_a_line(lines: list[dict[str, float]]) -> None:
    texts = ["Jan" if n % 2 else "Kommunen bygger en ny skola vid ån." for n in range(len(lines))]
    for before, after in zip(lines, doubt_short_lines(texts, lines), strict=True):
        assert sum(after.values()) == pytest.approx(sum(before.values()))


def test_letters_of_another_language_are_not_doubted() -> None:
    swedish = [
        "Regeringen vill höja skatten på flygresor nästa år.",
        "Über uns",
        "Vi ses på torsdag klockan åtta vid ån.",
    ]
    assert languages_of(swedish) == ["sv", "de", "sv"]


def test_a_page_with_a_line_in_each_of_many_languages_has_them_all() -> None:
    languages = ["sv", "id", "en", "de", "fr", "es", "it", "nl", "pl", "pt", "cs", "tr", "fi", "hu"]
    page = [{language: 0.99, "et": 0.01} for language in languages]
    assert [language for language, _ in decide_together(page)] == languages


def test_a_line_alone_keeps_its_own_probability() -> None:
    assert decide_together([{}, {"sv": 0.7, "da": 0.3}]) == [("und", 1.0), ("sv", 0.7)]


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["sv", "id", "en", "da", "ms"]), st.floats(1e-6, 1), max_size=5).map(
            lambda weights: {code: weight / sum(weights.values()) for code, weight in weights.items()}
        ),
        max_size=30,
    )
)
def test_what_is_decided_was_heard_and_has_a_probability(lines: list[dict[str, float]]) -> None:
    heard = {language for line in lines for language in line}
    for line, (language, score) in zip(lines, decide_together(lines), strict=True):
        assert (language in heard) if line else (language == "und")
        assert 0.0 < score <= 1.0


def test_thousands_of_lines_do_not_run_out_of_numbers() -> None:
    found = languages_of(["Den svenska skolan öppnar igen i augusti."] * 3000 + ["Read more"])
    assert (set(found[:-1]), found[-1]) == ({"sv"}, "en")


def test_the_detector_is_opened_once_a_process() -> None:
    assert load_detector("tolk") is load_detector("tolk")


def test_words_speak_against_the_languages_that_do_not_use_them(tmp_path: Path) -> None:
    (tmp_path / "lexicon.txt").write_text("id ms\n05 karena bisa\n50 kerana\n11 apa\n")
    lexicon = Lexicon(tmp_path / "lexicon.txt")
    assert lexicon.look_up("karena apa apa") == (bytes([1, 6, 4]), 0)
    assert lexicon.look_up("kerana tidak") == (bytes([5, 0, 2]), 1)
    assert lexicon.look_up("tidak") == (b"", 1)


def test_words_leave_no_doubt_where_the_next_language_is_far_behind(tmp_path: Path) -> None:
    (tmp_path / "lexicon.txt").write_text("id ms\n05 karena bisa\n50 kerana\n")
    lexicon = Lexicon(tmp_path / "lexicon.txt")
    found = [lexicon.find_leader(*lexicon.look_up(words)) for words in ("karena bisa", "karena bisa itu", "karena", "")]
    assert found == ["id", None, None, None]


def test_a_long_text_of_clear_words_asks_for_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Classifier(models_folder() / "lid")
    monkeypatch.setattr(model, "_predict", None)
    assert max(model.weigh("The minister said that they had been told about the new school.")) == "en"
    assert max(model.weigh("Jag vet inte varför han aldrig frågade oss om det här huset.")) == "sv"


def test_a_missing_lexicon_names_the_file_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"lexicon\.txt.*Install Tolk again"):
        Lexicon(tmp_path / "lexicon.txt")


def test_malay_and_indonesian_pages_of_one_content_are_told_apart() -> None:
    indonesian = ["Berita", "Kantor kami tutup pada hari Jumat karena rapat.", "Tarif baru", "Anda bisa naik mobil."]
    malay = [
        "Berita",
        "Pejabat kami tutup pada hari Jumaat kerana mesyuarat.",
        "Kadar baharu",
        "Anda boleh naik kereta.",
    ]
    assert languages_of(indonesian) == ["id"] * 4
    assert languages_of(malay) == ["ms"] * 4


def test_missing_weights_name_the_file_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"calibration\.json.*Install Tolk again"):
        Classifier(tmp_path)


def test_broken_weights_name_the_file_and_the_remedy(tmp_path: Path) -> None:
    calibration = {"letters": [], "sharpness": [1.0], "trust": [0.0], "prior": [{}], "codes": {}}
    (tmp_path / "calibration.json").write_text(json.dumps(calibration))
    (tmp_path / "lid.ftz").write_bytes(b"no weights")
    with pytest.raises(PackageError, match=r"lid\.ftz.*Install Tolk again"):
        Classifier(tmp_path)


@settings(max_examples=25, deadline=None)  # opening its 55 profiles takes a while
@given(st.lists(st.text(max_size=40), max_size=4))
def test_langdetect_survives_any_text(texts: list[str]) -> None:
    for segment in detect_document(as_segments(texts), load_detector("langdetect")):
        assert CODE.fullmatch(str(segment.src_lang))
        assert 0.0 <= float(str(segment.lang_score)) <= 1.0


def test_langdetect_gives_the_same_answer_every_time() -> None:
    texts = ["Ta kontakt med oss", "Baca juga", "Privacy policy", "Log in", "Kundtjänst och öppettider"]
    assert len({tuple(languages_of(texts, "langdetect")) for _ in range(5)}) == 1


def test_langdetect_calls_both_kinds_of_chinese_by_one_code() -> None:
    assert languages_of(["人人生而自由，在尊严和权利上一律平等。"], "langdetect") == ["zh"]
