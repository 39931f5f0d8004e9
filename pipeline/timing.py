"""Where a run's time goes: a stage's account takes what its reader waits for, less what other stages take of that."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.write.progress import Progress

Step = TypeVar("Step")


def timed(steps: Iterable[Step], progress: Progress, stage: str) -> Iterator[Step]:
    """Add the time that a stream makes its reader wait to a stage's account, less what other stages took of it."""
    steps = iter(steps)
    while True:
        began, others = time.perf_counter(), sum(progress.seconds.values())
        step = next(steps, None)
        spend(progress, stage, began + sum(progress.seconds.values()) - others)
        if step is None:
            return
        yield step


def spend(progress: Progress, stage: str, began: float) -> None:
    """Add the time since a moment to a stage's account."""
    progress.seconds[stage] = progress.seconds.get(stage, 0.0) + time.perf_counter() - began
