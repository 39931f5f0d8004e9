"""Windows that are translated while earlier ones still are: what each asks for, and what the memory knows.

The translation memory stays with who asks, also where a cluster answers. A window's texts that it knows are not asked
for, nor those that an earlier window is already having translated. So each window asks for exactly the texts that it
would ask for if it were alone, and the pairs are the same to the last digit of their scores.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from pipeline.engines import remember
from pipeline.translate import translate_batch, wanted_texts
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.memory import Remembering, memory_file, open_memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.executor import Window
    from pipeline.packages.model_store import ModelPackage
    from pipeline.records import Pair, Segment
    from pipeline.settings import Settings

Texts = dict[str, list[str]]
"""Texts to translate, by language."""
Answers = dict[str, list[Hypothesis]]


class Request(msgspec.Struct, eq=False):
    """A window on its way: what it asks for, and where the rest of its translations comes from."""

    window: Window
    segments: list[Segment]
    texts: Texts = {}
    """What is to be translated."""
    known: dict[str, dict[str, Hypothesis]] = {}
    """What the memory knows, by language and text."""
    awaited: dict[str, dict[str, Request]] = {}
    """Texts that an earlier window, still on its way, asks for."""


class Dispatcher:
    """Turns windows into requests, and answers, which come in the same order, into pairs."""

    def __init__(self, memories: Mapping[str, Remembering], labels: Mapping[str, str], decoding: Decoding) -> None:
        self._memories = memories
        self._labels = labels
        self.decoding = decoding
        self._requested: dict[tuple[str, str], Request] = {}

    def request(self, window: Window) -> Request:
        """Find out which of a window's texts are to be translated."""
        request = Request(window, [segment for record in window for segment in record.segments])
        for lang, texts in wanted_texts(request.segments, self._labels).items():
            known = self._memories[lang].recall(texts, self.decoding) if lang in self._memories else {}
            awaited = {
                text: self._requested[lang, text]
                for text in texts
                if text not in known and (lang, text) in self._requested
            }
            request.known[lang], request.awaited[lang] = known, awaited
            request.texts[lang] = [text for text in texts if text not in known and text not in awaited]
            if lang in self._memories:
                self._requested |= {(lang, text): request for text in request.texts[lang]}
        return request

    def complete(self, request: Request, answers: Answers) -> list[Pair]:
        """Remember a window's translations, and pair its segments with them."""
        engines = {}
        for lang, texts in request.texts.items():
            known = request.known[lang]
            known |= self._keep(lang, dict(zip(texts, answers.get(lang, ()), strict=True)))
            known |= {text: earlier.known[lang][text] for text, earlier in request.awaited.pop(lang).items()}
            engines[lang] = _Answered(self._labels[lang], known)
        return translate_batch(request.segments, engines, self.decoding)

    def _keep(self, lang: str, new: dict[str, Hypothesis]) -> dict[str, Hypothesis]:
        """Remember what has come in, where there is a memory; nobody waits for it any more."""
        if lang not in self._memories or not new:
            return new
        for text in new:
            del self._requested[lang, text]
        return self._memories[lang].keep(new, self.decoding)


class _Answered:
    """An engine whose translations are there already."""

    def __init__(self, label: str, found: Mapping[str, Hypothesis]) -> None:
        self.label = label
        self._found = found

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        del decoding
        return [self._found[text] for text in texts]


@contextlib.contextmanager
def open_dispatcher(packages: Mapping[str, ModelPackage], settings: Settings) -> Iterator[Dispatcher]:
    """Open the memory, where there is to be one, and make the dispatcher that asks it."""
    labels = {lang: package.label for lang, package in packages.items()}
    with contextlib.ExitStack() as stack:
        memories = {}
        if settings.memory_bytes:
            memory = stack.enter_context(open_memory(memory_file(), settings.memory_bytes))
            for lang, package in packages.items():
                memories[lang] = remember(_Answered(package.label, {}), memory, lang, package, settings)
        yield Dispatcher(memories, labels, Decoding(beam=settings.beam))
