"""How often a driver looks for results: Ray Data, ten times a second, as long as it is left to itself.

A look costs milliseconds of the driver's core, and minutes may pass between results. Translators have a task at hand
while they work at another, so that they do not wait for it.
"""

from __future__ import annotations

import time
from typing import ClassVar, Final

PAUSE_SECONDS: Final = 0.25
"""Time between two looks, at most, beside the tenth of a second that each of them waits."""
_SLOWING: Final = 0.02
"""Time by which a pause is longer than the one before, as long as nothing happens."""


class Pace:
    """Slows a stream down, step by step, until something happens again."""

    def __init__(self) -> None:
        self.idle = 0
        """Steps since something happened."""

    def reset(self) -> None:
        """Note that a task has been sent, or its result come in."""
        self.idle = 0

    def callback(self) -> type[Slowing]:
        """Give what Ray Data calls at each step: a class, since it makes the object itself."""
        return type("Slowing", (Slowing,), {"pace": self})


class Slowing:
    """Ray Data's callback of a stream; it travels to the nodes too, where nothing calls it."""

    pace: ClassVar[Pace]

    def on_execution_step(self, _: object) -> None:
        """Pause, the longer the more steps nothing has happened in."""
        pause = min(PAUSE_SECONDS, self.pace.idle * _SLOWING)
        self.pace.idle += 1
        time.sleep(pause)

    def before_execution_starts(self, *_: object) -> None:
        """Do nothing, as at the other times of which Ray Data tells."""

    after_execution_succeeds = after_execution_fails = before_execution_starts
