"""One part of the texts is checked while others are decoded, so that the decoding threads never wait for Python."""

from __future__ import annotations

import contextlib
import functools
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from pipeline.translate.engine import Decoding, Engine, Hypothesis

PART_CHARS: Final = 40_000
"""Text of a part: some dozens of batches, so that those at a part's end, which are not full, weigh little."""
_FIRST: Final = 4
"""The first part is so many times smaller, and with the decoding threads the sooner."""
_AT_ONCE: Final = 3
"""While one part is tried again, which takes few texts at a time, two others keep the decoding threads busy."""
_SHORTLY: Final = 0.5
"""Seconds in which a few texts are decoded: they need not wait for what a check might have needed."""


@contextlib.contextmanager
def open_pool() -> Iterator[ThreadPoolExecutor]:
    """Give the threads that parts are worked on in; what is still waiting for one at the end is never begun."""
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


class Overlapping:
    """An Engine around an Engine, used from several threads; how texts are divided depends on their lengths alone."""

    def __init__(self, engine: Engine, get_ready: Callable[[], object] = lambda: None) -> None:
        """Wrap an engine; `get_ready` loads what some check will need, while there is still something to decode."""
        self.label = engine.label
        self._engine = engine
        self._get_ready = get_ready

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give the best hypothesis of each text, in order."""
        with open_pool() as pool:
            return self.begin(texts, decoding, pool)()

    def begin(
        self, texts: Sequence[str], decoding: Decoding, pool: ThreadPoolExecutor
    ) -> Callable[[], list[Hypothesis]]:
        """Queue texts behind what the pool has to do, and give what waits for their hypotheses."""
        translate = functools.partial(self._engine.translate_texts, decoding=decoding)
        parts = share_out(texts)
        answers = [pool.submit(translate, [texts[at] for at in part]) for part in parts]
        return functools.partial(self._gather, parts, answers)

    def _gather(self, parts: list[list[int]], answers: list[Future[list[Hypothesis]]]) -> list[Hypothesis]:
        if wait(answers, timeout=_SHORTLY).not_done:
            self._get_ready()
        found: dict[int, Hypothesis] = {}
        for part, answer in zip(parts, answers, strict=True):
            found.update(zip(part, answer.result(), strict=True))
        return [found[at] for at in sorted(found)]


def share_out(texts: Sequence[str], part_chars: int = PART_CHARS) -> list[list[int]]:
    """Cut the texts' places, those of the longest first, into parts of about as many characters, after a small one.

    >>> share_out(["aa", "aaaa", "a", "aaa"], part_chars=5)
    [[1], [3, 0], [2]]
    """
    parts: list[list[int]] = []
    room = 0
    for at in sorted(range(len(texts)), key=lambda at: -len(texts[at])):
        if room <= 0:
            parts.append([])
            room = part_chars if parts[1:] else part_chars // _FIRST
        parts[-1].append(at)
        room -= len(texts[at])
    return parts
