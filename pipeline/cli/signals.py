"""Signals that ask to stop, obeyed from the first moment on: nothing that takes its time is imported here."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import NoReturn

ASKING = (signal.SIGINT, signal.SIGTERM)
_MOMENT = 0.02
"""Seconds after which a signal that was lost comes again."""


class Stopped(BaseException):
    """A signal asked to stop."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.advice = "Nothing is kept to go on from: the same command begins anew."


def obey_at_once() -> None:
    """Let a signal end the process on the spot, without a word: nothing is begun that has to be brought in order."""
    for known in ASKING:
        signal.signal(known, _stop_at_once)


def obey_in_order() -> None:
    """Let a signal stop what is under way by a `Stopped`."""
    for known in ASKING:
        signal.signal(known, _stop)
    sys.unraisablehook = _ask_again


@contextlib.contextmanager
def going_on() -> Iterator[None]:
    """Say that what a signal stops goes on from what is kept: a run alone commits what it has done."""
    try:
        yield
    except Stopped as stopped:
        stopped.advice = "What is committed is kept: the same command goes on from there."
        raise


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """Stop in order; whoever asks again while that is under way is obeyed at once."""
    obey_at_once()
    raise Stopped(128 + number)


def _ask_again(lost: sys.UnraisableHookArgs) -> None:
    """Send a signal again, a moment later, whose `Stopped` came up where Python lets no exception out.

    Those are finalizers and the like; an import has some.
    """
    if not isinstance(lost.exc_value, Stopped):
        sys.__unraisablehook__(lost)
        return
    import threading

    obey_in_order()
    threading.Timer(_MOMENT, os.kill, (os.getpid(), lost.exc_value.code - 128)).start()


def _stop_at_once(number: int, _: FrameType | None) -> NoReturn:
    os._exit(128 + number)
