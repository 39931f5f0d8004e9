"""Engines that no package is needed for, each with one way of behaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.translate.engine import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.translate.engine import Decoding


class FakeEngine:
    """Answers with a function of the text, and notes what it was asked."""

    label = "fake 1.0 00000000"

    def __init__(self, answer: Callable[[str], str], score: float = -0.5) -> None:
        self._answer = answer
        self._score = score
        self.asked: list[list[str]] = []
        self.decodings: list[Decoding] = []

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give each text's answer."""
        self.asked.append(list(texts))
        self.decodings.append(decoding)
        return [Hypothesis(self._answer(text), self._score) for text in texts]
