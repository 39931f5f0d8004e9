"""What does the work of a run: the processes and threads of this machine, or a cluster behind the same two methods."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from pipeline.dispatch import open_dispatcher
from pipeline.engines import make_engines
from pipeline.prepare import Prepared, prepare_records
from pipeline.translate.engine import Decoding
from pipeline.translate.overlap import open_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from concurrent.futures import ThreadPoolExecutor

    from pipeline.dispatch import Dispatcher, Request
    from pipeline.packages.model_store import ModelPackage
    from pipeline.records import Document, Pair, Reject
    from pipeline.settings import Settings
    from pipeline.translate.engine import Hypothesis
    from pipeline.translate.overlap import Overlapping

    _UnderWay = tuple[Request, Mapping[str, Callable[[], list[Hypothesis]]]]
    """A window, and what waits for its translations."""
    OpenExecutor = Callable[[Mapping[str, ModelPackage], Settings], contextlib.AbstractContextManager["Executor"]]

Window = list[Prepared]
"""Records that are translated and committed together."""
_AHEAD: Final = 1
"""Windows that wait behind the one that is translated, so that no thread is idle at its end."""


class Executor(Protocol):
    """What does a run's work, wherever that is; order is kept."""

    def prepare(self, records: Iterable[Document | Reject]) -> Generator[Prepared]:
        """Repair, segment and detect."""
        ...

    def translate(self, windows: Iterable[Window]) -> Iterable[tuple[Window, list[Pair]]]:
        """Give each window with its pairs."""
        ...


class _LocalExecutor(msgspec.Struct, frozen=True):
    """This machine's processes and threads."""

    engines: Mapping[str, Overlapping]
    dispatcher: Dispatcher
    pool: ThreadPoolExecutor
    settings: Settings

    def prepare(self, records: Iterable[Document | Reject]) -> Generator[Prepared]:
        return prepare_records(records, self.settings)

    def translate(self, windows: Iterable[Window]) -> Iterator[tuple[Window, list[Pair]]]:
        under_way: deque[_UnderWay] = deque()
        for window in windows:
            under_way.append(self._begin(window))
            if len(under_way) > _AHEAD:
                yield self._complete(under_way.popleft())
        while under_way:
            yield self._complete(under_way.popleft())

    def _begin(self, window: Window) -> _UnderWay:
        decoding = Decoding(beam=self.settings.beam)
        request = self.dispatcher.request(window)
        answers = {lang: self.engines[lang].begin(texts, decoding, self.pool) for lang, texts in request.texts.items()}
        return request, answers

    def _complete(self, under_way: _UnderWay) -> tuple[Window, list[Pair]]:
        request, answers = under_way
        return request.window, self.dispatcher.complete(request, {lang: wait() for lang, wait in answers.items()})


@contextlib.contextmanager
def open_local(packages: Mapping[str, ModelPackage], settings: Settings) -> Iterator[Executor]:
    """Work on this machine alone."""
    engines = make_engines(packages, settings)
    with open_dispatcher(packages, settings) as dispatcher, open_pool() as pool:
        yield _LocalExecutor(engines, dispatcher, pool, settings)
