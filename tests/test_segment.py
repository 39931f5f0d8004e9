from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Document
from pipeline.segment import segment_document, segment_documents, split_text
from pipeline.settings import Settings

CASES = Path(__file__).parent / "cases" / "segment"
MAX_CHARS = 800
PASS_SECONDS = 30  # reading a text again for each of its stops would take many minutes

# Arbitrary Unicode seldom holds a stop before a space, so half of the texts are put together from what matters.
PIECES = st.sampled_from(
    [
        *(". ", "! ", "?", "…", ".", " ", "  ", "\n", "\r\n", "\t", "\u2028", "\xa0", "\u200b", "\u200d", "\u0301"),
        *(
            '"',
            "”",
            "»",
            "(",
            ")",
            "•",
            " • ",
            "----",
            " ---- ",
            ":)",
            " :) ",
            "🎉",
            "👩‍🚀",
            "http://a.se/x",
            "www.b.id ",
        ),
        *(
            "Det",
            "är",
            "the",
            "I",
            "Ini",
            "t.ex.",
            "kl. 8",
            "Dr.",
            "A. ",
            "1. ",
            "XII. ",
            "dll.",
            "Om",
            "hus",
            "ett.Det har",
        ),
    ]
)
TEXTS = st.text() | st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join)
BOUNDS = st.integers(min_value=1, max_value=60) | st.just(MAX_CHARS)


def segments_of(text: str, max_chars: int = MAX_CHARS) -> list[str]:
    return [text[start:end] for start, end in split_text(text, max_chars)]


def document_of(text: str, **fields: Any) -> Document:
    return Document(id="0123456789abcdef", source="pages.jsonl#3", text=text, **fields)


def read_cases(*kinds: str) -> list[Any]:
    return [
        pytest.param(case["segments"], id=f"{file.stem}: {case['why']}")
        for file in sorted(CASES.glob("*.jsonl"))
        for case in map(json.loads, file.read_text(encoding="utf-8").splitlines())
        if case["kind"] in kinds
    ]


class TestTiling:
    @given(TEXTS, BOUNDS)
    def test_segments_stand_in_order_and_do_not_overlap(self, text: str, max_chars: int) -> None:
        ends = [0, *(at for span in split_text(text, max_chars) for at in span)]
        assert ends == sorted(ends)

    @given(TEXTS, BOUNDS)
    def test_what_stands_in_no_segment_is_white_space(self, text: str, max_chars: int) -> None:
        spans = split_text(text, max_chars)
        starts = [start for start, _ in spans] + [len(text)]
        ends = [0] + [end for _, end in spans]
        assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))

    @given(TEXTS, BOUNDS)
    def test_no_segment_is_empty_or_has_white_space_at_its_edges(self, text: str, max_chars: int) -> None:
        assert all(segment and segment == segment.strip() for segment in segments_of(text, max_chars))

    @given(TEXTS, BOUNDS)
    def test_no_segment_is_longer_than_the_bound(self, text: str, max_chars: int) -> None:
        assert all(len(segment) <= max_chars for segment in segments_of(text, max_chars))

    @given(TEXTS)
    def test_the_same_text_is_cut_the_same_way(self, text: str) -> None:
        assert split_text(text, MAX_CHARS) == split_text("".join(text), MAX_CHARS)

    @given(TEXTS, TEXTS)
    def test_an_empty_line_parts_what_stands_before_it_from_what_follows(self, first: str, second: str) -> None:
        assert segments_of(f"{first}\n\n{second}") == segments_of(first) + segments_of(second)


class TestSentences:
    @pytest.mark.parametrize("segments", read_cases("wild"))
    def test_a_line_is_cut_where_its_sentences_end(self, segments: list[str]) -> None:
        assert segments_of(" ".join(segments)) == segments

    @pytest.mark.parametrize("segments", read_cases("negative"))
    def test_a_sentence_with_misleading_marks_stays_whole(self, segments: list[str]) -> None:
        assert segments_of(" ".join(segments)) == segments

    @pytest.mark.xfail(strict=True, reason="known failure")
    @pytest.mark.parametrize("segments", read_cases("known-failure"))
    def test_what_takes_understanding_is_not_cut_right(self, segments: list[str]) -> None:
        assert segments_of(" ".join(segments)) == segments

    def test_a_missing_space_between_sentences_is_no_obstacle(self) -> None:
        assert segments_of("Dörren stod öppen.Det var kallt.") == ["Dörren stod öppen.", "Det var kallt."]

    def test_short_quotations_stay_whole(self) -> None:
        assert segments_of("”Kom hit. Nu genast!” ropade han. Ingen kom.") == [
            "”Kom hit. Nu genast!” ropade han.",
            "Ingen kom.",
        ]

    def test_long_quotations_are_cut_like_other_text(self) -> None:
        sentence = "Det här är en mening som ingen människa skulle kalla för kort."
        assert segments_of(f"”{' '.join([sentence] * 5)}”") == [f"”{sentence}", *[sentence] * 3, f"{sentence}”"]

    def test_capitals_throughout_are_read_like_other_text(self) -> None:
        assert segments_of("DR. EK ÄR HÄR. KOM IN.") == ["DR. EK ÄR HÄR.", "KOM IN."]


class TestLines:
    def test_headings_and_menu_items_are_segments_of_their_own(self) -> None:
        assert segments_of("Hem\nOm oss\n\nVälkommen hit\nDet här är vår sida.") == [
            "Hem",
            "Om oss",
            "Välkommen hit",
            "Det här är vår sida.",
        ]

    def test_a_hard_wrapped_paragraph_is_read_as_one_line(self) -> None:
        text = (
            "Den här texten har någon brutit för hand, så att varje rad blev nästan lika\n"
            "lång som den förra. En mening kan därför gå från en rad till nästa, och en\n"
            "annan kan börja mitt i. Bara den sista raden är kort."
        )
        assert segments_of(text) == [
            "Den här texten har någon brutit för hand, så att varje rad blev nästan lika\nlång som den förra.",
            "En mening kan därför gå från en rad till nästa, och en\nannan kan börja mitt i.",
            "Bara den sista raden är kort.",
        ]

    def test_long_list_items_stay_apart_although_they_are_wrapped(self) -> None:
        text = (
            "- en första punkt som är så lång att den inte fick plats på en enda rad utan\n"
            "  fortsätter på nästa\n"
            "- en andra punkt"
        )
        assert [segment[:8] for segment in segments_of(text)] == ["- en för", "- en and"]

    def test_headlines_of_like_length_are_not_taken_for_a_paragraph(self) -> None:
        text = "Regeringen lägger fram nya regler för skolan\nOppositionen säger nej till förslaget i dag"
        assert segments_of(text) == text.split("\n")

    def test_short_lines_in_small_letters_are_not_taken_for_a_paragraph(self) -> None:
        assert segments_of("mjölk\nbröd och smör\nost") == ["mjölk", "bröd och smör", "ost"]

    def test_a_word_that_a_line_end_cuts_stays_whole_however_short_the_lines(self) -> None:
        assert segments_of("Kommu-\nnen bygger nytt.\nMeny") == ["Kommu-\nnen bygger nytt.", "Meny"]
        assert segments_of("under 1700-\ntalet") == ["under 1700-\ntalet"]
        assert segments_of("Stängt 10-\nonsdag") == ["Stängt 10-", "onsdag"]

    def test_the_lines_of_a_subtitle_are_read_as_one(self) -> None:
        cue = "4\n00:01:05,000 --> 00:01:08,900\nVet du inte ens\nvad hon heter?"
        assert segments_of(cue)[2:] == ["Vet du inte ens\nvad hon heter?"]
        assert segments_of(cue.replace("\nvad", "\n- Vad"))[2:] == ["Vet du inte ens", "- Vad hon heter?"]

    def test_a_narrow_column_is_read_as_one_line_and_a_poem_is_not(self) -> None:
        column = (
            "Kyrkan byggdes på en höjd\nsöder om ån, och den stod\nfärdig först när kriget\nvar över och byborna hade\n"
            "råd att köpa en klocka."
        )
        assert segments_of(column) == [column]
        poem = "och natten faller över mina fält\nsom snö\nmen jag går ensam genom alla dagar\nmot dig"
        assert len(segments_of(poem)) == 4

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
    def test_every_kind_of_line_end_ends_a_segment(self, end: str) -> None:
        assert segments_of(f"ett{end}två") == ["ett", "två"]


class TestLongSegments:
    def test_a_long_sentence_is_cut_at_a_clause_mark(self) -> None:
        assert segments_of("de gick hem, de åt soppa och de sov", 20) == ["de gick hem,", "de åt soppa och de", "sov"]

    def test_without_a_clause_mark_it_is_cut_at_a_space(self) -> None:
        assert segments_of("ett två tre fyra", 9) == ["ett två", "tre fyra"]

    def test_without_a_space_it_is_cut_at_the_bound(self) -> None:
        assert segments_of("a" * 10, 4) == ["aaaa", "aaaa", "aa"]

    def test_a_letter_and_its_accent_stay_together(self) -> None:
        text = unicodedata.normalize("NFD", "é" * 6)
        assert segments_of(text, 5) == [unicodedata.normalize("NFD", "éé")] * 3

    def test_an_emoji_put_together_from_several_stays_together(self) -> None:
        assert segments_of("👩‍🚀👩‍🚀", 5) == ["👩‍🚀", "👩‍🚀"]


class TestHostileText:
    @pytest.mark.parametrize(
        "piece",
        [
            *(
                ".",
                " ",
                ". ",
                '"',
                '." ',
                " :) ",
                " ----",
                "\u0301",
                "\u200d",
                "A. ",
                "1. ",
                "! ? ",
                " •",
                "((",
                "a\n",
                "\xa0",
            ),
            *("http://", "ord. ", "Det ", "a Det ", ",", "x", "🎉", " 🎉", "»", " “"),
        ],
    )
    def test_a_hundred_thousand_repetitions_take_no_more_than_a_pass(self, piece: str) -> None:
        text = f"x {piece * 100_000} y"
        begun = time.process_time()
        segments = segments_of(text)
        assert time.process_time() - begun < PASS_SECONDS
        assert "".join("".join(segments).split()) == "".join(text.split())

    def test_four_million_letters_without_a_space_are_cut_at_the_bound(self) -> None:
        assert {len(segment) for segment in segments_of("a" * 4_000_000)} == {MAX_CHARS}


class TestRecords:
    def test_a_segment_is_the_documents_text_from_start_to_end(self) -> None:
        document = document_of("  Ett hus. Två hus.\n\nSlut ")
        assert [(s.start, s.end, s.src) for s in segment_document(document, Settings())] == [
            (2, 10, "Ett hus."),
            (11, 19, "Två hus."),
            (21, 25, "Slut"),
        ]

    def test_a_segments_id_is_its_documents_and_its_place(self) -> None:
        segments = segment_document(document_of("Ett. Två."), Settings())
        assert [(s.id, s.doc, s.index) for s in segments] == [
            ("0123456789abcdef-0", "0123456789abcdef", 0),
            ("0123456789abcdef-1", "0123456789abcdef", 1),
        ]

    def test_source_fixes_and_meta_are_handed_on(self) -> None:
        document = document_of("Hej.", fixes=("decode",), meta={"url": "https://a.se"})
        (segment,) = segment_document(document, Settings())
        assert (segment.source, segment.fixes, segment.meta) == (document.source, document.fixes, document.meta)

    def test_the_bound_is_the_settings(self) -> None:
        segments = segment_document(document_of("a" * 25), Settings(max_segment_chars=10))
        assert [len(segment.src) for segment in segments] == [10, 10, 5]

    def test_white_space_alone_makes_no_segment(self) -> None:
        assert segment_document(document_of(" \n\t\u3000\n"), Settings()) == []

    def test_documents_are_cut_in_their_order(self) -> None:
        documents = [document_of("Ett. Två."), document_of(""), document_of("Tre.")]
        assert [s.src for s in segment_documents(iter(documents), Settings())] == ["Ett.", "Två.", "Tre."]
