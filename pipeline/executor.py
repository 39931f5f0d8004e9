"""What does the work of a run: the processes and threads of this machine, or a cluster behind the same two methods."""

from __future__ import annotations

import contextlib
import functools
from collections import deque
from typing import TYPE_CHECKING, Final, Protocol

from pipeline.prepare import Prepared, prepare_records
from pipeline.translate.overlap import open_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from concurrent.futures import Future

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


class _LocalExecutor:
    """This machine's processes and threads; what translates is got ready while the first texts are prepared."""

    def __init__(self, packages: Mapping[str, ModelPackage], settings: Settings, stack: contextlib.ExitStack) -> None:
        self._packages = packages
        self._settings = settings
        self._stack = stack
        self._pool = stack.enter_context(open_pool())

    def prepare(self, records: Iterable[Document | Reject]) -> Generator[Prepared]:
        return prepare_records(self._open_for(records), self._settings)

    def translate(self, windows: Iterable[Window]) -> Iterator[tuple[Window, list[Pair]]]:
        under_way: deque[_UnderWay] = deque()
        for window in windows:
            under_way.append(self._begin(window))
            if len(under_way) > _AHEAD:
                yield self._complete(under_way.popleft())
        while under_way:
            yield self._complete(under_way.popleft())

    def _begin(self, window: Window) -> _UnderWay:
        engines, dispatcher = self._opening.result(), self._dispatcher
        request = dispatcher.request(window)
        answers = {
            lang: engines[lang].begin(texts, dispatcher.decoding, self._pool) for lang, texts in request.texts.items()
        }
        return request, answers

    def _complete(self, under_way: _UnderWay) -> tuple[Window, list[Pair]]:
        request, answers = under_way
        return request.window, self._dispatcher.complete(request, {lang: wait() for lang, wait in answers.items()})

    def _open_for(self, records: Iterable[Document | Reject]) -> Iterator[Document | Reject]:
        """Begin to open the engines with the first record: a night without news needs none."""
        for record in records:
            _ = self._opening
            yield record

    @functools.cached_property
    def _opening(self) -> Future[Mapping[str, Overlapping]]:
        return self._pool.submit(_open_engines, self._packages, self._settings)

    @functools.cached_property
    def _dispatcher(self) -> Dispatcher:
        from pipeline.dispatch import open_dispatcher

        return self._stack.enter_context(open_dispatcher(self._packages, self._settings))


def _open_engines(packages: Mapping[str, ModelPackage], settings: Settings) -> Mapping[str, Overlapping]:
    """Make the engines: what they import takes as long as to prepare a hundred pages, so it is done beside that."""
    from pipeline.engines import make_engines

    return make_engines(packages, settings)


@contextlib.contextmanager
def open_local(packages: Mapping[str, ModelPackage], settings: Settings) -> Iterator[Executor]:
    """Work on this machine alone."""
    with contextlib.ExitStack() as stack:
        yield _LocalExecutor(packages, settings, stack)
