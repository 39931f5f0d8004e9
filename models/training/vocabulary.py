"""One SentencePiece vocabulary for all languages: unigram (Kudo 2018), bytes for rare letters, whole placeholders."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import sentencepiece as spm

from models.training.recipe import BOS, EOS, PAD, PLACEHOLDERS, UNKNOWN

if TYPE_CHECKING:
    from pathlib import Path

    from models.training.filter import Pair
    from models.training.recipe import Recipe

__all__ = ["load_vocabulary", "train_vocabulary"]


def train_vocabulary(bitext: list[Pair], recipe: Recipe, path: Path, lines: int = 600_000) -> None:
    """Learn subwords from `lines` pairs drawn by weight and write the model to `path`."""
    rng = random.Random(7)  # noqa: S311 (not for secrets)
    drawn = rng.choices(bitext, weights=[pair.weight for pair in bitext], k=lines)
    partial = path.with_name("vocabulary-partial")
    spm.SentencePieceTrainer.train(
        sentence_iterator=(side for pair in drawn for side in (pair.source, pair.english)),
        model_prefix=str(partial),
        vocab_size=recipe.vocabulary_size,
        model_type="unigram",
        normalization_rule_name="nmt_nfkc",
        character_coverage=0.9999,
        byte_fallback=True,
        user_defined_symbols=list(PLACEHOLDERS),
        unk_id=UNKNOWN,
        bos_id=BOS,
        eos_id=EOS,
        pad_id=PAD,
        minloglevel=1,
    )
    partial.with_name("vocabulary-partial.vocab").unlink()
    partial.with_name("vocabulary-partial.model").replace(path)


def load_vocabulary(path: Path) -> spm.SentencePieceProcessor:
    """Open a SentencePiece model."""
    return spm.SentencePieceProcessor(model_file=str(path))
