"""Segments become pairs: in order, once each, and only where a translation is wanted."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.records import Segment
from pipeline.settings import Settings
from pipeline.translate import segment_weight, translate_batch, translate_segments, windows
from pipeline.translate.engine import Decoding, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Sequence


class Echo:
    """An engine that answers in capitals and remembers what it was asked."""

    label = "echo 1.0 00000000"

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        del decoding
        self.asked.append(list(texts))
        return [Hypothesis(text=text.upper(), score=-0.5) for text in texts]


def segment(src: str, lang: str = "sv", *, doc: str = "d", index: int = 0) -> Segment:
    return Segment(
        id=f"{doc}-{index}",
        doc=doc,
        source=f"{doc}.txt",
        index=index,
        start=0,
        end=len(src),
        src=src,
        src_lang=lang,
        lang_score=0.9,
        fixes=("unescape_html",),
        meta={"url": "x"},
    )


def test_a_supported_language_is_translated() -> None:
    (pair,) = translate_batch([segment("hej")], {"sv": Echo()}, Decoding())
    assert (pair.tgt, pair.model, pair.score, pair.flags) == ("HEJ", Echo.label, -0.5, ())


def test_english_passes_as_its_own_translation() -> None:
    engine = Echo()
    (pair,) = translate_batch([segment("hello", "en")], {"sv": engine}, Decoding())
    assert (pair.tgt, pair.model, pair.score, pair.flags) == ("hello", None, None, ())
    assert engine.asked == []


@pytest.mark.parametrize(("lang", "flag"), [("da", "unsupported_language"), ("und", "undetermined_language")])
def test_another_language_costs_nothing_and_the_flag_says_why(lang: str, flag: str) -> None:
    engine = Echo()
    (pair,) = translate_batch([segment("hej", lang)], {"sv": engine}, Decoding())
    assert (pair.tgt, pair.model, pair.flags) == (None, None, (flag,))
    assert engine.asked == []


def test_identical_segments_of_a_window_are_translated_once() -> None:
    engine = Echo()
    pairs = translate_batch(
        [segment("Läs mer", doc="a"), segment("Hem", doc="b"), segment("Läs mer", doc="c")], {"sv": engine}, Decoding()
    )
    assert engine.asked == [["Läs mer", "Hem"]]
    assert [pair.tgt for pair in pairs] == ["LÄS MER", "HEM", "LÄS MER"]


def test_a_pair_keeps_everything_its_segment_knew() -> None:
    given_segment = segment("hej", index=3)
    (pair,) = translate_batch([given_segment], {"sv": Echo()}, Decoding())
    for field in Segment.__struct_fields__:
        assert getattr(pair, field) == getattr(given_segment, field)


def test_a_segment_without_a_language_is_refused_with_the_command_that_mends_it() -> None:
    bare = Segment(id="d-0", doc="d", source="d.txt", index=0, start=0, end=3, src="hej")
    with pytest.raises(RecordError, match="tolk detect"):
        translate_batch([bare], {"sv": Echo()}, Decoding())


@given(
    st.lists(st.tuples(st.sampled_from(["sv", "id", "en", "da", "und"]), st.text(min_size=1, max_size=8)), max_size=30)
)
def test_every_segment_ends_as_one_pair_in_the_same_place(rows: list[tuple[str, str]]) -> None:
    segments = [segment(src, lang, doc=f"d{at // 3}", index=at) for at, (lang, src) in enumerate(rows)]
    pairs = list(translate_segments(segments, {"sv": Echo(), "id": Echo()}, Decoding(), Settings(window_chars=50)))
    assert [(pair.id, pair.src) for pair in pairs] == [(s.id, s.src) for s in segments]


def test_two_documents_of_one_name_and_text_are_two_documents() -> None:
    twins = [segment("x" * 50, index=at % 2) for at in range(4)]
    assert [len(window) for window in windows(twins, 60)] == [2, 2]


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 200))
def test_windows_cut_between_documents_once_they_are_full(lengths: list[int], size: int) -> None:
    segments = [segment("x" * n, doc=f"d{at // 2}", index=at % 2) for at, n in enumerate(lengths)]
    cut = list(windows(segments, size))
    assert [s for window in cut for s in window] == segments
    for window, following in pairwise(cut):
        assert window[-1].doc != following[0].doc
        assert sum(map(segment_weight, window)) >= size
