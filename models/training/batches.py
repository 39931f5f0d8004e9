"""Draw pairs by weight, roughen some, split them into subwords, and fill batches of a few fixed shapes."""

from __future__ import annotations

import random
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.training.recipe import BOS, EOS, LANGUAGES, PAD
from models.training.robustness import Renamer, roughen_pair, shuffle_placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt
    import sentencepiece as spm

    from models.training.filter import Pair
    from models.training.recipe import Recipe

__all__ = ["Batch", "choose_rows", "draw_pairs", "fill_batches", "make_batches", "pad_rows", "split_pairs"]

_DRAWN_AT_ONCE = 64
"""Few enough that every batch holds all languages."""


class Batch(NamedTuple):
    """Token ids: source (rows, length), target (rows, length + 1) with its begin and end symbols, both padded."""

    source: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]


def draw_pairs(bitext: list[Pair], recipe: Recipe, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield (source, English) for ever: each language half the time, pairs by weight, a share of them roughened."""
    shelves = [[pair for pair in bitext if pair.language == language] for language in LANGUAGES]
    renamer = Renamer(rng)
    filled = [(shelf, list(accumulate(pair.weight for pair in shelf))) for shelf in shelves if shelf]
    while True:
        for shelf, weights in filled:
            previous: tuple[str, str] | None = None
            for pair in rng.choices(shelf, cum_weights=weights, k=_DRAWN_AT_ONCE):
                sides = shuffle_placeholders(pair.source, pair.english, rng)
                if rng.random() < recipe.renamed_share:
                    sides = renamer.rename(*sides)
                if rng.random() < recipe.rough_share:
                    sides = roughen_pair(*sides, rng)
                if previous and rng.random() < recipe.joined_share:
                    sides = (f"{previous[0]} {sides[0]}", f"{previous[1]} {sides[1]}")
                yield sides
                previous = sides


def split_pairs(
    pairs: Iterable[tuple[str, str]], tokenizer: spm.SentencePieceProcessor, recipe: Recipe, rng: random.Random
) -> Iterator[tuple[list[int], list[int]]]:
    """Turn text into subword ids; what does not fit the longest shape is left out."""
    longest = recipe.lengths[-1]
    for source, english in pairs:
        if rng.random() < recipe.subword_noise:
            ids = tokenizer.encode(source, enable_sampling=True, alpha=0.3, nbest_size=-1)
        else:
            ids = tokenizer.encode(source)
        target = [BOS, *tokenizer.encode(english), EOS]
        if ids and len(target) > 2 and len(ids) <= longest and len(target) <= longest + 1:
            yield ids, target


def choose_rows(length: int, batch_tokens: int) -> int:
    """Return how many rows of `length` tokens make a batch: a multiple of 8, so that shapes suit the matrix units.

    >>> choose_rows(32, 4096), choose_rows(48, 4096), choose_rows(128, 256)
    (128, 80, 8)
    """
    return max(8, batch_tokens // length // 8 * 8)


def pad_rows(rows: list[list[int]], length: int) -> npt.NDArray[np.int64]:
    """Return the rows as one array (rows, length), padded at the end."""
    array = np.full((len(rows), length), PAD, np.int64)
    for row, ids in zip(array, rows, strict=True):
        row[: len(ids)] = ids
    return array


def fill_batches(rows: Iterable[tuple[list[int], list[int]]], recipe: Recipe) -> Iterator[Batch]:
    """Sort rows into buckets by length and yield each bucket as it fills."""
    buckets: dict[int, list[tuple[list[int], list[int]]]] = {length: [] for length in recipe.lengths}
    for source, target in rows:
        longest = max(len(source), len(target) - 1)
        length = next(length for length in recipe.lengths if length >= longest)
        buckets[length].append((source, target))
        if len(buckets[length]) == choose_rows(length, recipe.batch_tokens):
            sources, targets = zip(*buckets[length], strict=True)
            yield Batch(pad_rows(list(sources), length), pad_rows(list(targets), length + 1))
            buckets[length] = []


def make_batches(
    bitext: list[Pair], tokenizer: spm.SentencePieceProcessor, recipe: Recipe, seed: int
) -> Iterator[Batch]:
    """Yield batches for ever; the same seed gives the same batches but for the sampled subwords."""
    rng = random.Random(seed)  # noqa: S311 (not for secrets)
    return fill_batches(split_pairs(draw_pairs(bitext, recipe, rng), tokenizer, recipe, rng), recipe)
