"""Tasks that wait between the driver and the cluster: an actor on the driver's node, which holds references."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any


class TaskQueue:
    """References to tasks by number; the tasks are in the cluster's object store.

    A task can be taken more than once: it stays until its result is in.
    """

    def __init__(self) -> None:
        self._first = 0
        self._tasks: dict[int, list[Any] | None] = {}
        self._attempts: Counter[int] = Counter()
        self._changed = asyncio.Condition()

    async def put(self, number: int, task: list[Any] | None) -> None:
        """Add a task, as a reference in a list, which Ray leaves as it is; None stands for the end."""
        async with self._changed:
            self._tasks[number] = task
            self._changed.notify_all()

    async def get(self, number: int) -> list[Any] | None:
        """Give a task as soon as it is there, and an empty list where the result is in already."""
        async with self._changed:
            await self._changed.wait_for(lambda: number < self._first or number in self._tasks)
        return self._tasks.get(number, [])

    async def count_attempt(self, number: int) -> int:
        """Note that a process begins with a task; give how many have."""
        self._attempts[number] += 1
        return self._attempts[number]

    async def is_waiting(self) -> bool:
        """Tell whether the result of any task is still to come."""
        return any(task is not None for task in self._tasks.values())

    async def remove(self, number: int) -> None:
        """Forget a task whose result is in."""
        self._tasks.pop(number, None)
        self._attempts.pop(number, None)
        self._first = number + 1
