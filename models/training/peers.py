"""Processes that train one network together, each on batches of its own: gradients are summed before every step.

On shared cores two processes of one thread beat one process of two: threads wait for each other hundreds of times a
step, so that one held-up thread holds up all, while processes wait once.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import distributed, multiprocessing

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Peers", "train_together"]


@dataclass(frozen=True, slots=True)
class Peers:
    """Which of how many processes this is."""

    rank: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that keeps the clock and writes the files."""
        return self.rank == 0

    def add_up(self, network: torch.nn.Module, numbers: list[float]) -> list[float]:
        """Sum the gradients of all processes in place, and return the sums of the numbers."""
        if self.count == 1:
            return numbers
        gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients] + [torch.tensor(numbers)])
        distributed.all_reduce(flat)
        parts = torch.split(flat, [gradient.numel() for gradient in gradients] + [len(numbers)])
        for gradient, part in zip(gradients, parts, strict=False):
            gradient.copy_(part.view_as(gradient))
        sums: list[float] = parts[-1].tolist()
        return sums


def train_together(count: int, work: Callable[[Peers], None]) -> None:
    """Run `work` in this process and in `count - 1` others, which end when it ends; one thread each if several."""
    if count == 1:
        work(Peers())
        return
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as meeting:
        others = [
            context.Process(target=_join, args=(rank, count, meeting, work), daemon=True) for rank in range(1, count)
        ]
        for other in others:
            other.start()
        _join(0, count, meeting, work)
        for other in others:
            other.join()


def _join(rank: int, count: int, meeting: str, work: Callable[[Peers], None]) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}/peers", rank=rank, world_size=count)
    try:
        work(Peers(rank, count))
    finally:
        distributed.destroy_process_group()
