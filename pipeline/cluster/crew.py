"""A crew on a Ray cluster: Ray Data schedules, scales and repairs; what is done is what is done on one machine."""

from __future__ import annotations

import contextlib
import functools
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import msgspec

import pipeline
from pipeline.cluster.connect import Capacity, connect
from pipeline.cluster.parcels import pack, parcel_store, unpack
from pipeline.cluster.recall import open_desk
from pipeline.cluster.server import Preparer, Translator
from pipeline.cluster.stream import map_on_cluster
from pipeline.engines import open_engines
from pipeline.prepare import batched_by_size, prepare_task
from pipeline.translate.engine import Decoding

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

    from pipeline.cluster.recall import Answers, Asked, Desk, Errand
    from pipeline.crew import OpenCrew, Window
    from pipeline.packages.model_store import ModelPackage
    from pipeline.prepare import Prepared
    from pipeline.records import Document, Pair, Reject
    from pipeline.settings import Settings
    from pipeline.translate.engine import Engine

AHEAD: Final = 3
"""Tasks under way for each translator: one at work, one at hand, one to show that there is work for more."""


class _ClusterCrew(msgspec.Struct, frozen=True):
    """A cluster's nodes: a pool of actors that prepare, beside one of actors that translate."""

    parcels: Mapping[str, Any]
    """References to the packed packages, by language."""
    desk: Desk
    settings: Settings
    capacity: Capacity

    def prepare(self, records: Iterable[Document | Reject]) -> Generator[Prepared]:
        for done in map_on_cluster(batched_by_size(records), self._add_preparers, self._ahead):
            yield from done

    def translate(self, windows: Iterable[Window]) -> Iterator[tuple[Window, list[Pair]]]:
        out: deque[Errand] = deque()

        def sent() -> Iterator[Asked]:
            for window in windows:
                out.append(self.desk.send(window))
                yield out[-1].asked

        for answers in map_on_cluster(sent(), self._add_translators, self._ahead):
            errand = out.popleft()
            yield errand.window, self.desk.receive(errand, answers)

    def _add_preparers(self, rows: Any, tray: Any) -> Any:  # noqa: ANN401 - ray has no types
        """Add a pool that begins with one actor, and grows where there is little to translate.

        They ask for no share of a core: it would be one that translators wait for, or that waits for them. Who prepares
        takes a tenth of their time or less, and shares their cores as on one machine.
        """
        opened = functools.partial(open_preparer, self.settings)
        return rows.map_batches(Preparer, num_cpus=0, **actor_pool(opened, tray, 1, self.capacity.slots()))

    def _add_translators(self, rows: Any, tray: Any) -> Any:  # noqa: ANN401 - ray has no types
        """Add a pool of as many as there is room for, and grow and shrink with it."""
        opened = functools.partial(open_translator, dict(self.parcels), self.settings)
        pool = actor_pool(opened, tray, self.capacity.slots(), self.capacity.most)
        return rows.map_batches(Translator, **self.capacity.share(), **pool)

    def _ahead(self) -> int:
        return AHEAD * self.capacity.slots() + 1


def actor_pool(opened: Callable[[], Any], tray: Any, initial: int, most: int | None) -> dict[str, Any]:  # noqa: ANN401
    """Say how large a pool of actors is, and how each is given what it works on: row by row, as it comes.

    Actors, since a task of Ray's would be a process of its own: Ray ends those that are idle for a second while others
    hold the cores, and one takes longer to start than to prepare what it is given.
    """
    from ray.data import ActorPoolStrategy

    return {
        "fn_constructor_kwargs": {"open_function": opened, "version": pipeline.__version__, "tray": tray},
        "compute": ActorPoolStrategy(min_size=1, initial_size=initial, max_size=most, max_tasks_in_flight_per_actor=2),
        "batch_size": None,
        "batch_format": "pyarrow",
        "zero_copy_batch": True,
    }


def open_cluster(address: str, most: int | None = None) -> OpenCrew:
    """Give what opens a crew on the cluster at an address, of so many translators at most."""

    @contextlib.contextmanager
    def open_crew(packages: Mapping[str, ModelPackage], settings: Settings) -> Iterator[_ClusterCrew]:
        with connect(address, settings, most) as capacity, open_desk(packages, settings) as desk:
            import ray

            parcels = {lang: ray.put(pack(package)) for lang, package in packages.items()}
            yield _ClusterCrew(parcels, desk, settings, capacity)

    return open_crew


def open_preparer(settings: Settings) -> Callable[[list[Document | Reject]], list[Prepared]]:
    """Give what prepares, as a worker of one machine does."""
    return functools.partial(prepare_task, settings=settings)


def open_translator(parcels: Mapping[str, Any], settings: Settings) -> Callable[[Asked], Answers]:
    """Open the engines of a node, as a run on one machine does, but with one thread and without a memory."""
    import ray

    packages = {lang: unpack(ray.get(parcel), parcel_store()) for lang, parcel in parcels.items()}
    alone = msgspec.structs.replace(settings, workers=1, memory_bytes=0)
    with open_engines(packages, alone) as engines:  # which outlive this, since there is no memory to close
        return functools.partial(translate_asked, engines=engines, decoding=Decoding(beam=settings.beam))


def translate_asked(asked: Asked, engines: Mapping[str, Engine], decoding: Decoding) -> Answers:
    """Translate a window's texts, a language at a time."""
    return {lang: engines[lang].translate_texts(texts, decoding) for lang, texts in asked.items() if texts}
