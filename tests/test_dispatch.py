"""Windows on their way together: the next is begun while one ends, and the pairs are those of windows one by one."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from victim import BatchEngine, use_batch_engine

from pipeline import executor
from pipeline.dispatch import Dispatcher
from pipeline.prepare import Prepared
from pipeline.records import Segment
from pipeline.settings import Settings
from pipeline.translate import translate_batch
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.memory import Remembering, open_memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pytest

    from pipeline.dispatch import Request
    from pipeline.executor import Window
    from pipeline.records import Pair
    from pipeline.translate.engine import Engine

GREEDY = Decoding()


def make_window(number: int, texts: list[tuple[str, str]]) -> Window:
    """Make a window of one document, whose segments are languages and texts."""
    doc = f"{number:016x}"
    segments = tuple(
        Segment(id=f"{doc}-{at}", doc=doc, source=f"a#{number}", index=at, start=0, end=1, src=text, src_lang=lang,
                lang_score=1.0)
        for at, (lang, text) in enumerate(texts)
    )  # fmt: skip
    return [Prepared(source=f"a#{number}", doc=doc, segments=segments)]


@contextlib.contextmanager
def remembering(*, memory: bool) -> Iterator[dict[str, Remembering]]:
    """Give engines with an empty memory of their own, or no memory."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        if memory:
            book = stack.enter_context(open_memory(Path(folder) / "memory.sqlite", 2**30))
            yield {lang: Remembering(BatchEngine(), book, lang, ("salt",)) for lang in ("sv", "id")}
        else:
            yield {}


LINES = st.lists(st.tuples(st.sampled_from(["sv", "id", "en", "da"]), st.sampled_from("abcdefgh")), max_size=6)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(LINES, max_size=8), ahead=st.integers(1, 5), memory=st.booleans())
def test_windows_on_their_way_together_get_the_pairs_of_windows_one_by_one(
    texts: list[list[tuple[str, str]]], ahead: int, *, memory: bool
) -> None:
    windows = [make_window(number, lines) for number, lines in enumerate(texts)]
    engine = BatchEngine()  # whose scores tell what was batched together
    with remembering(memory=memory) as engines:
        here: Mapping[str, Engine] = engines or {"sv": engine, "id": engine}
        alone = [translate_batch(window[0].segments, here, GREEDY) for window in windows]
    with remembering(memory=memory) as memories:
        dispatcher = Dispatcher(memories, {"sv": engine.label, "id": engine.label}, GREEDY)
        together: list[list[Pair]] = []
        under_way: deque[Request] = deque()
        for window in windows:
            under_way.append(dispatcher.request(window))
            while len(under_way) >= ahead:
                together.append(complete(dispatcher, under_way.popleft(), engine))
        together += [complete(dispatcher, request, engine) for request in under_way]
    assert together == alone


def complete(dispatcher: Dispatcher, request: Request, engine: BatchEngine) -> list[Pair]:
    """Do what a node does with what is asked."""
    answers = {lang: engine.translate_texts(texts, GREEDY) for lang, texts in request.texts.items() if texts}
    return dispatcher.complete(request, answers)


def test_a_text_on_its_way_is_not_sent_again() -> None:
    with remembering(memory=True) as memories:
        dispatcher = Dispatcher(memories, {"sv": "batch"}, GREEDY)
        first, second = (
            dispatcher.request(make_window(0, [("sv", "a"), ("sv", "b")])),
            dispatcher.request(make_window(1, [("sv", "b")])),
        )
        assert (first.texts, second.texts) == ({"sv": ["a", "b"]}, {"sv": []})
        pairs = complete(dispatcher, first, BatchEngine())
        assert complete(dispatcher, second, BatchEngine())[0].score == pairs[1].score


class _Meeting(BatchEngine):
    """An engine whose first two calls wait for each other."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2, timeout=30)

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        self._barrier.wait()
        return super().translate_texts(texts, decoding)


def test_a_run_on_one_machine_begins_a_window_before_the_one_ahead_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    use_batch_engine(monkeypatch.setattr, _Meeting())
    with executor.open_local({}, Settings()) as here:
        done = list(here.translate(make_window(number, [("sv", f"rad {number}")]) for number in range(2)))
    assert [pair.tgt for _, pairs in done for pair in pairs] == ["0 dar", "1 dar"]
