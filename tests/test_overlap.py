"""Parts of a window are worked on at the same time, and what comes out does not show it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from fakes import FakeEngine
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.overlap import PART_CHARS, Overlapping, share_out

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = [f"{number} {'å' * (PART_CHARS // 7 + number)}" for number in range(40)]


class _Rendezvous:
    """An engine whose first three calls wait for each other."""

    label = "rendezvous 1.0 00000000"

    def __init__(self) -> None:
        self._barrier = threading.Barrier(3, timeout=30)
        self.asked: list[list[str]] = []

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        del decoding
        self.asked.append(list(texts))
        if len(self.asked) <= self._barrier.parties:
            self._barrier.wait()
        return [Hypothesis(text=text.split()[0], score=-0.5) for text in texts]


class _Failing:
    """An engine that cannot."""

    label = "failing 1.0 00000000"

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        del texts, decoding
        message = "no more"
        raise RuntimeError(message)


@given(st.lists(st.text(max_size=30)), st.integers(1, 60))
def test_every_text_is_in_one_part_the_longest_first(texts: list[str], part_chars: int) -> None:
    places = [at for part in share_out(texts, part_chars) for at in part]
    assert sorted(places) == list(range(len(texts)))
    assert [len(texts[at]) for at in places] == sorted(map(len, texts), reverse=True)


def test_three_parts_are_worked_on_at_once_and_the_order_is_kept() -> None:
    found = Overlapping(_Rendezvous()).translate_texts(WINDOW, Decoding())
    assert [hypothesis.text for hypothesis in found] == [str(number) for number in range(40)]


def test_what_belongs_together_does_not_depend_on_the_order_of_texts_of_different_lengths() -> None:
    one, other = _Rendezvous(), _Rendezvous()
    Overlapping(one).translate_texts(WINDOW, Decoding())
    Overlapping(other).translate_texts(WINDOW[::-1], Decoding())
    assert sorted(one.asked) == sorted(other.asked)


def test_what_checks_need_is_loaded_while_there_is_something_to_decode() -> None:
    loaded = threading.Event()
    engine = FakeEngine(lambda text: f"{text} {loaded.wait(timeout=30)}")
    assert Overlapping(engine, loaded.set).translate_texts(["a"], Decoding())[0].text == "a True"


@pytest.mark.parametrize("texts", [["a", "b"], []])
def test_a_few_texts_do_not_wait_for_what_checks_might_have_needed(texts: list[str]) -> None:
    loaded = threading.Event()
    Overlapping(FakeEngine(str.upper), loaded.set).translate_texts(texts, Decoding())
    assert not loaded.is_set()


def test_a_part_that_fails_fails_the_whole() -> None:
    with pytest.raises(RuntimeError, match="no more"):
        Overlapping(_Failing()).translate_texts(WINDOW, Decoding())


def test_no_texts_ask_for_nothing() -> None:
    assert Overlapping(_Failing()).translate_texts([], Decoding()) == []
