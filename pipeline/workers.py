"""A pool of processes that apply a function to tasks: fed through pipes, they end when their parent does.

A process pool of the standard library outlives a parent that was killed, and gives up when one of its processes dies.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from concurrent.futures import Future

Task = TypeVar("Task")
Result = TypeVar("Result")

ATTEMPTS: Final = 3
"""Processes that a task may cost before the run gives up on it."""
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_CODE: Final = "import sys; sys.path[:] = sys.argv[2:]; from pipeline.workers import serve; serve(int(sys.argv[1]))"


def map_in_processes(function: Callable[[Task], Result], tasks: Iterable[Task], count: int) -> Generator[Result]:
    """Apply a function of a module to tasks; results keep their order, and two tasks a process are under way at most.

    Raises:
        PipelineError: if a task's process was killed again and again, or whatever the function itself raises.
    """
    pool = _Pool(function, count)
    under_way: deque[Future[Result]] = deque()
    try:
        for task in tasks:
            under_way.append(pool.submit(task))
            if len(under_way) >= 2 * count:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.close()


class _Pool(Generic[Task, Result]):
    """As many threads as processes; each thread waits for one process at a time."""

    def __init__(self, function: Callable[[Task], Result], count: int) -> None:
        self._workers = [_Worker(function) for _ in range(count)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(count, "prepare", initializer=_leave_signals)

    def submit(self, task: Task) -> Future[Result]:
        """Queue a task for the next process that is free."""
        return self._threads.submit(self._call, task)

    def close(self) -> None:
        """End the processes at once; what they were doing is dropped."""
        for worker in self._workers:
            worker.end()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.clear()

    def _call(self, task: Task) -> Result:
        worker = self._idle.get()
        try:
            succeeded, value = worker.call(task)
        finally:
            self._idle.put(worker)
        if not succeeded:
            raise value
        result: Result = value
        return result


class _Worker:
    """One process and the pipe to it, started with its first task and again if it is killed."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._ended = False

    def call(self, task: object) -> tuple[bool, Any]:
        """Send a task and wait; give whether it succeeded, and its result or its error."""
        for _ in range(ATTEMPTS):
            try:
                pipe = self._pipe or self._start()
                pipe.send(task)
                answer: tuple[bool, Any] = pipe.recv()
            except (EOFError, OSError):
                self.clear()
                if self._ended:
                    break
            else:
                return answer
        message = (
            "A process that prepares text was killed from outside time and again, most likely for want of memory. "
            "What is done is kept: run the same command again with fewer --workers."
        )
        raise PipelineError(message)

    def end(self) -> None:
        """Kill the process, and start no other."""
        self._ended = True
        if self._process is not None:
            self._process.kill()

    def clear(self) -> None:
        """Close the pipe of a process that is dead or dying, and wait for its end."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._pipe = self._process = None

    def _start(self) -> Connection:
        """Start a process; it inherits its end of the pipe and nothing else, so that our end closes with us."""
        ours, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-c", _CODE, str(theirs.fileno()), *sys.path],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._pipe = ours
        if self._ended:
            self._process.kill()
        ours.send(self._function)
        return ours


def serve(descriptor: int) -> None:
    """Answer tasks until the other end of the pipe closes; a process short of memory leaves, and is started anew."""
    with Connection(descriptor) as pipe:
        try:
            function = pipe.recv()
            while True:
                pipe.send(answer(function, pipe.recv()))
        except (EOFError, OSError):
            return
        except MemoryError:
            os._exit(1)


def answer(function: Callable[[Any], Any], task: object) -> tuple[bool, Any]:
    """Apply a function; give whether it succeeded, and its result or its error."""
    try:
        return True, function(task)
    except PipelineError as error:
        return False, error
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - it is raised again on the other side
        error.add_note("".join(traceback.format_exception(error)))
        return False, error


def _leave_signals() -> None:
    """Leave Ctrl-C and SIGTERM to the thread that commits; processes started from here inherit the blocked signals."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
