"""Batches made by processes beside the training, for a GPU that would otherwise wait for subwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import multiprocessing

from models.training.batches import make_batches
from models.training.filter import read_bitext
from models.training.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.queues import Queue
    from pathlib import Path

    from models.training.batches import Batch
    from models.training.recipe import Recipe

__all__ = ["feed_batches", "open_batches"]

_WAITING = 4
"""Batches a loader may be ahead."""


def open_batches(bitext: Path, vocabulary: Path, recipe: Recipe, seed: int) -> Iterator[Batch]:
    """Return batches made in this process, for ever."""
    return make_batches(read_bitext(bitext), load_vocabulary(vocabulary), recipe, seed)


def feed_batches(bitext: Path, vocabulary: Path, recipe: Recipe, seed: int, loaders: int) -> Iterator[Batch]:
    """Yield batches for ever, made in this process if there are no loaders; these end with the process."""
    if not loaders:
        yield from open_batches(bitext, vocabulary, recipe, seed)
    context = multiprocessing.get_context("spawn")
    queue: Queue[Batch] = context.Queue(_WAITING * loaders)
    for loader in range(loaders):
        own_seed = seed * loaders + loader
        context.Process(target=_load, args=(queue, bitext, vocabulary, recipe, own_seed), daemon=True).start()
    while True:
        yield queue.get()


def _load(queue: Queue[Batch], bitext: Path, vocabulary: Path, recipe: Recipe, seed: int) -> None:
    for batch in open_batches(bitext, vocabulary, recipe, seed):
        queue.put(batch)
