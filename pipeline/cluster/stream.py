"""An iterator of the driver's through Ray Data and back, in order and never far ahead.

Ray Data reads in tasks, on the nodes, and whatever dies there is done again from its beginning; an iterator of the
driver's is not on the nodes and cannot begin again. So the driver puts its tasks into a queue, which one read task
reads, and a task stays there until its result is in: whoever dies can take it once more.
"""

from __future__ import annotations

import contextlib
import itertools
import pickle
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final

from pipeline.cluster.failures import explain_cluster_errors
from pipeline.cluster.pace import Pace
from pipeline.cluster.task_queue import TaskQueue

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator


READ_BYTES: Final = 16 * 2**20
"""Memory that the read task asks for."""


def map_on_cluster(
    tasks: Iterable[Any], add_stage: Callable[[Any, Any], Any], ahead: Callable[[], int]
) -> Generator[Any]:
    """Let a stage of Ray Data answer tasks; results keep their order, and `ahead()` tasks are under way at most.

    Raises:
        ClusterError: if the cluster cannot do a task.
        PipelineError: whatever the stage itself raises.
    """
    with _open_feed(add_stage) as feed:
        for task in tasks:
            feed.put(task)
            while feed.under_way >= ahead():
                yield feed.next_result()
        feed.end()
        while feed.under_way:
            yield feed.next_result()


class _Feed:
    """The driver's ends of a stream through the cluster."""

    def __init__(self, queue: Any, rows: Iterator[Any], pace: Pace) -> None:  # noqa: ANN401 - an actor's handle
        self._queue = queue
        self._rows = rows
        self._pace = pace
        self._sent = self._done = 0

    @property
    def under_way(self) -> int:
        return self._sent - self._done

    def put(self, task: object) -> None:
        import ray

        self._queue.put.remote(self._sent, [ray.put(pickle.dumps(task, protocol=5))])
        self._sent += 1
        self._pace.reset()

    def end(self) -> None:
        self._queue.put.remote(self._sent, None)
        self._pace.reset()

    def next_result(self) -> Any:  # noqa: ANN401 - whatever the stage gives
        with explain_cluster_errors():
            number, (succeeded, result) = read_row(next(self._rows))
        if number != self._done:
            message = f"The cluster gave result {number} in place of {self._done}: this is a fault, please report it."
            raise AssertionError(message)
        self._done += 1
        self._pace.reset()
        self._queue.remove.remote(number)
        if not succeeded:
            raise result
        return result


@contextlib.contextmanager
def _open_feed(add_stage: Callable[[Any, Any], Any]) -> Iterator[_Feed]:
    """Build the stream: queue, read task, stage, rows. Nothing of it outlives the feed."""
    import ray
    from ray.data import DataContext

    here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
    queue = ray.remote(num_cpus=0, label_selector=here)(TaskQueue).remote()
    pace = Pace()
    try:
        with DataContext.current(_context(pace)):
            rows = add_stage(_make_dataset(queue), queue)
        results = iter(rows.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0))
        yield _Feed(queue, _start_early(results), pace)
    finally:
        ray.kill(queue)  # with which the read task ends, and all that waits for it


def _context(pace: Pace) -> Any:  # noqa: ANN401 - ray has no types
    """Give Ray Data's settings for a stream whose end and pace nobody knows."""
    from ray.data import DataContext

    context = DataContext.get_current().copy()
    context.execution_options.preserve_order = True
    context.target_max_block_size = 1  # bytes: a row is a block of its own, and never waits for others
    context.execution_no_progress_timeout_s = -1  # whoever resumes a large run passes over its input for hours
    # A pool shrinks when it has nothing to do at all: one that is still filling would be cut to its least.
    context.autoscaling_config.actor_pool_util_downscaling_threshold = 0.0
    context.enable_progress_bars = context.print_on_execution_start = False
    context.custom_execution_callback_classes = [*context.custom_execution_callback_classes, pace.callback()]
    return context


def _start_early(results: Iterator[Any]) -> Iterator[Any]:
    """Let an iterator begin at once: Ray Data starts nothing before its first result is asked for."""
    first: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            first.set_result(list(itertools.islice(results, 1)))
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is read
            first.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()

    def rest() -> Iterator[Any]:
        yield from first.result()
        yield from results

    return rest()


def _make_dataset(queue: Any) -> Any:  # noqa: ANN401 - ray has no types
    """Give the dataset of a queue's tasks, read by one task beside the driver."""
    import ray.data
    from ray.data.block import BlockMetadata

    class QueueSource(ray.data.Datasource):  # type: ignore[misc]  # ray has no types
        """What makes the read task; that is quick, since it only hands on."""

        supports_distributed_reads = False  # it is done on the driver's node

        def estimate_inmemory_data_size(self) -> None:
            """Say that nobody knows how much will come."""

        def get_read_tasks(self, *_: object, **__: object) -> list[Any]:
            unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
            return [ray.data.ReadTask(lambda: read_queue(queue), unknown)]

    # Its share of memory is what no stage behind it asks for, or Ray Data would make one task of the two.
    return ray.data.read_datasource(QueueSource(), override_num_blocks=1, num_cpus=0, memory=READ_BYTES)


def read_queue(queue: Any) -> Iterator[Any]:  # noqa: ANN401 - an actor's handle
    """Give a queue's tasks, a row each; one whose result is in is an empty row that nobody looks at."""
    import ray

    for number in itertools.count():
        task = ray.get(queue.get.remote(number))
        if task is None:
            return
        yield make_row(number, ray.get(task[0]) if task else b"")


def make_row(number: int, packed: bytes) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Make a table of one numbered row."""
    import pyarrow as pa

    return pa.table({"number": [number], "packed": pa.array([packed], pa.large_binary())})


def read_row(rows: Any) -> tuple[int, Any]:  # noqa: ANN401 - pyarrow has no types
    """Read such a table; what is in it was packed by this run's own processes."""
    return rows["number"][0].as_py(), pickle.loads(rows["packed"][0].as_py())  # noqa: S301 - by our own processes
