"""A run's work on a Ray cluster: Ray Data schedules, scales and repairs; the functions are those of one machine."""

from __future__ import annotations

import contextlib
import functools
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import msgspec

import pipeline
from pipeline.cluster.actors import Preparer, Translator
from pipeline.cluster.connect import Capacity, connect
from pipeline.cluster.stream import map_on_cluster
from pipeline.cluster.transfer import node_store, pack, unpack
from pipeline.dispatch import open_dispatcher
from pipeline.engines import make_engines
from pipeline.prepare import batched_by_size, prepare_task
from pipeline.translate.engine import Decoding

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

    from pipeline.dispatch import Answers, Dispatcher, Request, Texts
    from pipeline.executor import OpenExecutor, Window
    from pipeline.packages.model_store import ModelPackage
    from pipeline.prepare import Prepared
    from pipeline.records import Document, Pair, Reject
    from pipeline.settings import Settings
    from pipeline.translate.engine import Engine

AHEAD: Final = 3
"""Tasks under way for each translator: one at work, one at hand, one to show that there is work for more."""


class _ClusterExecutor(msgspec.Struct, frozen=True):
    """A cluster's nodes: a pool of actors that prepare, beside one of actors that translate."""

    packages: Mapping[str, Any]
    """References to the packed packages, by language."""
    dispatcher: Dispatcher
    settings: Settings
    capacity: Capacity

    def prepare(self, records: Iterable[Document | Reject]) -> Generator[Prepared]:
        for done in map_on_cluster(batched_by_size(records), self._add_preparers, self._ahead):
            yield from done

    def translate(self, windows: Iterable[Window]) -> Iterator[tuple[Window, list[Pair]]]:
        under_way: deque[Request] = deque()

        def tasks() -> Iterator[Texts]:
            for window in windows:
                under_way.append(self.dispatcher.request(window))
                yield under_way[-1].texts

        for answers in map_on_cluster(tasks(), self._add_translators, self._ahead):
            request = under_way.popleft()
            yield request.window, self.dispatcher.complete(request, answers)

    def _add_preparers(self, rows: Any, queue: Any) -> Any:  # noqa: ANN401 - ray has no types
        """Add a pool that begins with one actor, and grows where there is little to translate.

        They ask for no share of a core: it would be one that translators wait for, or that waits for them. Who prepares
        takes a tenth of their time or less, and shares their cores as on one machine.
        """
        opened = functools.partial(open_preparer, self.settings)
        return rows.map_batches(Preparer, num_cpus=0, **actor_pool(opened, queue, 1, self.capacity.slots()))

    def _add_translators(self, rows: Any, queue: Any) -> Any:  # noqa: ANN401 - ray has no types
        """Add a pool of as many as there is room for, and grow and shrink with it."""
        opened = functools.partial(open_translator, dict(self.packages), self.settings)
        pool = actor_pool(opened, queue, self.capacity.slots(), self.capacity.most)
        return rows.map_batches(Translator, **self.capacity.share(), **pool)

    def _ahead(self) -> int:
        return AHEAD * self.capacity.slots() + 1


def actor_pool(opened: Callable[[], Any], queue: Any, initial: int, most: int | None) -> dict[str, Any]:  # noqa: ANN401
    """Say how large a pool of actors is, and how each is given what it works on: row by row, as it comes.

    Actors, since a task of Ray's would be a process of its own: Ray ends those that are idle for a second while others
    hold the cores, and one takes longer to start than to prepare what it is given.
    """
    from ray.data import ActorPoolStrategy

    return {
        "fn_constructor_kwargs": {"open_function": opened, "version": pipeline.__version__, "queue": queue},
        "compute": ActorPoolStrategy(min_size=1, initial_size=initial, max_size=most, max_tasks_in_flight_per_actor=2),
        "batch_size": None,
        "batch_format": "pyarrow",
        "zero_copy_batch": True,
    }


def open_cluster(address: str, most: int | None = None) -> OpenExecutor:
    """Give what opens an executor on the cluster at an address, of so many translators at most."""

    @contextlib.contextmanager
    def open_executor(packages: Mapping[str, ModelPackage], settings: Settings) -> Iterator[_ClusterExecutor]:
        with connect(address, settings, most) as capacity, open_dispatcher(packages, settings) as dispatcher:
            import ray

            packed = {lang: ray.put(pack(package)) for lang, package in packages.items()}
            yield _ClusterExecutor(packed, dispatcher, settings, capacity)

    return open_executor


def open_preparer(settings: Settings) -> Callable[[list[Document | Reject]], list[Prepared]]:
    """Give what prepares, as a worker of one machine does."""
    return functools.partial(prepare_task, settings=settings)


def open_translator(packed: Mapping[str, Any], settings: Settings) -> Callable[[Texts], Answers]:
    """Open the engines of a node, as a run on one machine does, but with one thread and without a memory."""
    import ray

    packages = {lang: unpack(ray.get(reference), node_store()) for lang, reference in packed.items()}
    alone = msgspec.structs.replace(settings, workers=1)
    engines = make_engines(packages, alone)
    return functools.partial(translate_by_language, engines=engines, decoding=Decoding(beam=settings.beam))


def translate_by_language(wanted: Texts, engines: Mapping[str, Engine], decoding: Decoding) -> Answers:
    """Translate a window's texts, a language at a time."""
    return {lang: engines[lang].translate_texts(texts, decoding) for lang, texts in wanted.items() if texts}
