"""What waits between the driver and the cluster: an actor on the driver's node, which only lays, gives and forgets."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any


class Tray:
    """References by number; what they refer to is in the cluster's object store."""

    def __init__(self) -> None:
        self._first = 0
        self._items: dict[int, list[Any] | None] = {}
        self._begun: Counter[int] = Counter()
        self._laid = asyncio.Condition()

    async def lay(self, number: int, item: list[Any] | None) -> None:
        """Lay down an item; None stands for the end."""
        async with self._laid:
            self._items[number] = item
            self._laid.notify_all()

    async def take(self, number: int) -> list[Any] | None:
        """Give an item as soon as it is there, and an empty one where the result is in already."""
        async with self._laid:
            await self._laid.wait_for(lambda: number < self._first or number in self._items)
        return self._items.get(number, [])

    async def begin(self, number: int) -> int:
        """Note that a process begins with an item; give how many have."""
        self._begun[number] += 1
        return self._begun[number]

    async def is_waiting(self) -> bool:
        """Tell whether the result of anything that was laid here is still to come."""
        return any(item is not None for item in self._items.values())

    async def clear(self, number: int) -> None:
        """Forget an item whose result is in."""
        self._items.pop(number, None)
        self._begun.pop(number, None)
        self._first = number + 1
