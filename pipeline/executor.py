"""What does the work of a run: the processes and threads of this machine, or a cluster behind the same two methods."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Protocol

import msgspec

from pipeline.engines import open_engines
from pipeline.prepare import Prepared, prepare_records
from pipeline.translate import translate_batch
from pipeline.translate.engine import Decoding

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

    from pipeline.packages.model_store import ModelPackage
    from pipeline.records import Document, Pair, Reject
    from pipeline.settings import Settings
    from pipeline.translate.engine import Engine

    OpenExecutor = Callable[[Mapping[str, ModelPackage], Settings], contextlib.AbstractContextManager["Executor"]]

Window = list[Prepared]
"""Records that are translated and committed together."""


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

    engines: Mapping[str, Engine]
    settings: Settings

    def prepare(self, records: Iterable[Document | Reject]) -> Generator[Prepared]:
        return prepare_records(records, self.settings)

    def translate(self, windows: Iterable[Window]) -> Iterator[tuple[Window, list[Pair]]]:
        for window in windows:
            segments = [segment for record in window for segment in record.segments]
            yield window, translate_batch(segments, self.engines, Decoding(beam=self.settings.beam))


@contextlib.contextmanager
def open_local(packages: Mapping[str, ModelPackage], settings: Settings) -> Iterator[Executor]:
    """Work on this machine alone."""
    with open_engines(packages, settings) as engines:
        yield _LocalExecutor(engines, settings)
