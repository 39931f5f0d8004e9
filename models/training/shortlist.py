"""Bitext → a shortlist: for each source subword, the target subwords that a translation of it may need.

A decoder that weighs a few thousand candidates instead of the whole vocabulary says nearly the same in less time (Jean
et al. 2015, section 3.3). The probabilities that it is cut from are those of IBM model 1 (Brown et al. 1993).
"""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from models.training.batches import draw_pairs, split_pairs
from models.training.recipe import PLACEHOLDERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt
    import sentencepiece as spm

    from models.training.filter import Pair
    from models.training.recipe import Recipe

    Ids = npt.NDArray[np.int64]
    Pairs = Sequence[tuple[list[int], list[int]]]
    Counts = npt.NDArray[np.float64]

__all__ = ["choose_candidates", "count_links", "draw_ids", "learn_shortlist", "link_pairs", "list_always"]

PAIRS = 250_000
"""Drawn as in training, roughened ones among them."""
ITERATIONS = 8
LONGEST = 60
"""Subwords of a side: in longer pairs, most links are wrong ones."""
CANDIDATES = 32
"""Target subwords of a source subword, at most."""
LEAST_CHANCE = 0.002
LEAST_COUNT = 2.0
"""Expected links: what is rarer was left over for a rare subword to explain."""
FREQUENT = 1000
"""Target subwords that every sentence may need, so that one decoded by itself lacks none of them."""


def learn_shortlist(
    bitext: list[Pair], tokenizer: spm.SentencePieceProcessor, recipe: Recipe, path: Path, pairs: int = PAIRS
) -> None:
    """Write CTranslate2's `vmap.txt`: a source subword, a tab, its candidates; first, those of every source."""
    size = tokenizer.get_piece_size()
    drawn = draw_ids(bitext, tokenizer, recipe, pairs)
    always = list_always(drawn, tokenizer)
    pieces = [tokenizer.id_to_piece(number) for number in range(size)]
    lines = ["\t" + " ".join(pieces[number] for number in always)]
    for source, candidates in choose_candidates(count_links(drawn, size)).items():
        wanted = sorted({source, *candidates}.difference(always))
        if wanted:
            lines.append(f"{pieces[source]}\t{' '.join(pieces[number] for number in wanted)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def draw_ids(
    bitext: list[Pair], tokenizer: spm.SentencePieceProcessor, recipe: Recipe, count: int
) -> list[tuple[list[int], list[int]]]:
    """Draw pairs as training does, as subword ids; long ones are left out."""
    rng = random.Random(11)  # noqa: S311 (not for secrets)
    drawn = split_pairs(draw_pairs(bitext, recipe, rng), tokenizer, recipe, rng)
    return list(islice((pair for pair in drawn if max(map(len, pair)) <= LONGEST), count))


def link_pairs(pairs: Pairs, size: int) -> tuple[Ids, Ids]:
    """Return all links of the pairs, each source · size + target, and how many there are for each target subword."""
    links: list[Ids] = []
    lengths: list[int] = []
    for source, target in pairs:
        rows = np.asarray(source, np.int64) * size
        links.append((np.asarray(target, np.int64)[:, None] + rows[None, :]).ravel())
        lengths += [len(source)] * len(target)
    return np.concatenate(links), np.asarray(lengths, np.int64)


def count_links(pairs: Pairs, size: int, iterations: int = ITERATIONS) -> tuple[Ids, Ids, Counts]:
    """Return source, target and expected count of each link, after so many rounds of expectation and maximisation."""
    links, lengths = link_pairs(pairs, size)
    known, links = np.unique(links, return_inverse=True)
    begins, sources = np.cumsum(lengths) - lengths, known // size
    chances, counts = np.ones(len(known)), np.zeros(len(known))
    for _ in range(iterations):
        shares = chances[links]
        shares /= np.repeat(np.add.reduceat(shares, begins), lengths)
        counts = np.bincount(links, shares, len(known))
        chances = counts / np.maximum(np.bincount(sources, counts, size)[sources], 1e-12)
    return sources, known % size, counts


def choose_candidates(linked: tuple[Ids, Ids, Counts]) -> dict[int, list[int]]:
    """Return each source subword's likeliest targets, by source.

    >>> links = (np.array([5, 5, 5]), np.array([7, 8, 9]), np.array([90.0, 10.0, 0.5]))
    >>> choose_candidates(links)
    {5: [7, 8]}
    """
    sources, targets, counts = linked
    chances = counts / np.bincount(sources, counts)[sources]
    kept = (chances >= LEAST_CHANCE) & (counts >= LEAST_COUNT)
    chosen: dict[int, list[int]] = {}
    for at in np.lexsort((targets, -counts, sources)):
        if kept[at] and len(row := chosen.setdefault(int(sources[at]), [])) < CANDIDATES:
            row.append(int(targets[at]))
    return chosen


def list_always(pairs: Pairs, tokenizer: spm.SentencePieceProcessor) -> list[int]:
    """Return what every sentence may need: bytes, placeholders and other symbols, and the most frequent subwords."""
    size = tokenizer.get_piece_size()
    counts = np.bincount(np.concatenate([target for _, target in pairs]), minlength=size)
    frequent = np.argsort(-counts, kind="stable")[:FREQUENT].tolist()
    symbols = [n for n in range(size) if tokenizer.is_control(n) or tokenizer.is_unknown(n) or tokenizer.is_byte(n)]
    return sorted({*frequent, *symbols, *map(tokenizer.piece_to_id, PLACEHOLDERS)})
