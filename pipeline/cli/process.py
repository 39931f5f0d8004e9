"""The process around a command: its standard streams, whatever state they come in, and its end."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from typing import TYPE_CHECKING, Final

from pipeline.cli.signals import Stopped, obey_in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import ReadableBuffer as Buffer

STREAMS: Final = ("stdin", "stdout", "stderr")
NOBODY_READS: Final = 141
"""What a shell shows for a program that SIGPIPE has ended."""


class _ClosedInput(io.RawIOBase):
    """Stands in for a standard input that is closed: it is empty, and the first read says so."""

    told = False

    def readable(self) -> bool:
        return True

    def readinto(self, _: object) -> int:
        if not self.told:
            _say("Standard input is closed, so it is read as empty. Name a file, or send something to it.")
        self.told = True
        return 0


class _ClosedOutput(io.RawIOBase):
    """Stands in for a standard output that is closed: the first write fails."""

    refused = False

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        if self.refused:  # at its end the interpreter tries once more
            return memoryview(data).nbytes
        self.refused = True
        raise OSError(errno.EBADF, "it is closed", "standard output")


def replace_closed_streams() -> None:
    """Put something in the place of a standard stream that is closed: no file that is opened may take its number."""
    for number in range(len(STREAMS)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # which takes the lowest number that is free
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_ClosedInput()))
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_ClosedOutput()), encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - stays open to the end
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # as standard error does: names hold any character


@contextlib.contextmanager
def ending() -> Iterator[None]:
    """End in one sentence where a signal stops the work, memory is short, or a standard stream takes no more."""
    try:
        try:
            obey_in_order()
            yield
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):  # which Typer makes a plain failure of
                raise end.__context__ from None
            sys.stdout.flush()
            raise
    except BrokenPipeError:  # who was reading has gone, and knows
        _drop_output()
        sys.exit(NOBODY_READS)
    except OSError as error:
        _drop_output()
        where = error.filename or "a standard stream"
        _say(f"Cannot go on with {where}: {error.strerror or error}. Mend that or make room, then run it again.")
        sys.exit(1)
    except MemoryError:
        _drop_output()
        _say("There is not enough memory. What is committed is kept: make room, and run it again with fewer --workers.")
        sys.exit(1)
    except Stopped as stopped:
        _say(f"Stopped. {stopped.advice}")
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(stopped.code)  # an orderly exit would first decode the batches that are still queued


def _drop_output() -> None:
    """Let what is left in the buffer go nowhere, or the interpreter would try to write it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"tolk: {os.fsencode(sentence).decode('utf-8', 'replace')}\n")
        sys.stderr.flush()
