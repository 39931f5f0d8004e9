"""The actors that run on the nodes: a row in, its task's result or error out."""

from __future__ import annotations

import math
import os
import pickle
import threading
import time
from typing import TYPE_CHECKING, Any, Final

import pipeline
from pipeline.cluster.stream import make_row, read_row
from pipeline.errors import ClusterError
from pipeline.workers import answer

if TYPE_CHECKING:
    from collections.abc import Callable


ATTEMPTS: Final = 5
"""Processes that a task may cost before the run gives up on it."""
IDLE_SECONDS: Final = 20.0


class Actor:
    """One of a pool; it opens its function with its first task and keeps it."""

    def __init__(self, open_function: Callable[[], Callable[[Any], Any]], version: str, queue: Any) -> None:  # noqa: ANN401
        self._open = open_function
        self._version = version
        self._queue = queue
        self._function: Callable[[Any], Any] | None = None

    def __call__(self, rows: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Answer a row."""
        return serve(rows, self._call, self._version, self._queue)

    def _call(self, task: object) -> Any:  # noqa: ANN401 - whatever the function gives
        if self._function is None:
            self._function = self._open()
        return self._function(task)


class Preparer(Actor):
    """One that prepares, and holds no core."""


class Translator(Actor):
    """One that translates, and holds a core or a GPU.

    What a lost node was to do waits for its actor, and that for room on another node. So whoever has nothing to do
    while others' results are awaited gives up its place: the actor that waits takes it, and this one the next.
    """

    def __init__(self, open_function: Callable[[], Callable[[Any], Any]], version: str, queue: Any) -> None:  # noqa: ANN401
        super().__init__(open_function, version, queue)
        self._idle_since = time.monotonic()
        threading.Thread(target=self._give_way, daemon=True).start()

    def __call__(self, rows: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Answer a row, and be idle from then on."""
        self._idle_since = math.inf
        try:
            return super().__call__(rows)
        finally:
            self._idle_since = time.monotonic()

    def _give_way(self) -> None:
        import ray

        while time.monotonic() - self._idle_since < IDLE_SECONDS or not ray.get(self._queue.is_waiting.remote()):
            time.sleep(1)
        os._exit(1)  # Ray starts it again, where and when there is room


def serve(rows: Any, function: Callable[[Any], Any], version: str, queue: Any) -> Any:  # noqa: ANN401
    """Answer a row with a function's result; a process short of memory leaves, and Ray gives its task to another."""
    number, task = read_row(rows)

    def call(task: object) -> Any:  # noqa: ANN401 - whatever the function gives
        _check_version(version)
        _check_attempts(queue, number)
        return function(task)

    try:
        return make_row(number, pickle.dumps(answer(call, task), protocol=5))
    except MemoryError:
        os._exit(1)


def _check_version(version: str) -> None:
    if version != pipeline.__version__:
        message = (
            f"A node of the cluster has Tolk {pipeline.__version__}, and this machine {version}. "
            "Install the same on all."
        )
        raise ClusterError(message)


def _check_attempts(queue: Any, number: int) -> None:  # noqa: ANN401 - an actor's handle
    """Give up on a task that has killed one process after the other, which Ray would try for ever."""
    import ray

    if ray.get(queue.count_attempt.remote(number)) > ATTEMPTS:
        message = (
            "A process of the cluster was killed time and again over the same task, most likely for want of memory. "
            "Give the nodes more memory for each core. What is committed is kept: the same command goes on from there."
        )
        raise ClusterError(message)
