"""What runs on the nodes: a row in, its task's result or error out."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any

import pipeline
from pipeline.cluster.stream import make_row, read_row
from pipeline.errors import ClusterError
from pipeline.workers import answer

if TYPE_CHECKING:
    from collections.abc import Callable


class Server:
    """An actor of the pool, which opens its function with its first task."""

    def __init__(self, open_function: Callable[[], Callable[[Any], Any]], version: str) -> None:
        self._open = open_function
        self._version = version
        self._function: Callable[[Any], Any] | None = None

    def __call__(self, rows: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Answer a row."""
        return serve(rows, self._call, self._version)

    def _call(self, task: object) -> Any:  # noqa: ANN401 - whatever the function gives
        if self._function is None:
            self._function = self._open()
        return self._function(task)


def serve(rows: Any, function: Callable[[Any], Any], version: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Answer a row with a function's result; a process short of memory leaves, and Ray gives its task to another."""

    def call(task: object) -> Any:  # noqa: ANN401 - whatever the function gives
        _check_version(version)
        return function(task)

    number, task = read_row(rows)
    try:
        return make_row(number, pickle.dumps(answer(call, task), protocol=5))
    except MemoryError:
        os._exit(1)


def _check_version(version: str) -> None:
    if version != pipeline.__version__:
        message = (
            f"A node of the cluster has Tolk {pipeline.__version__}, and this machine {version}. Install the same on all."
        )
        raise ClusterError(message)
