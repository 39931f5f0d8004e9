"""How much faster the embedded packages' shape is than that of a common large one: 6 + 6 layers of width 512.

The large model has weights of chance, and both write as many tokens a line as they are told, so that only the shape
counts: beam 4, one thread, the same lines and vocabulary, in turn. The embedded package decodes as in a run, with its
shortlist, and once without it.

usage: python -m benchmarks.shapes [--runs N]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ctranslate2
import numpy as np

from models.training.checkpoint import load_weights
from models.training.convert import convert_weights
from models.training.recipe import Recipe
from pipeline.packages.argos import open_argos_tokenizer
from pipeline.packages.instructions import choose_instructions
from pipeline.packages.model_store import find_package

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.checkpoint import Weights

HERE = Path(__file__).resolve().parent.parent
TRAINED = HERE / "models" / "training" / "weights.npz"
EXAMPLE = HERE / "tests" / "golden" / "example.jsonl"
MIN_WORDS = 6
LARGE = Recipe(width=512, heads=8, hidden=2048, encoder_layers=6, decoder_layers=6)
BEAM = 4
TOKENS = 24
"""Target tokens of each line: an ordinary sentence."""


def make_weights(small: Weights, recipe: Recipe) -> Weights:
    """Draw weights for another shape; names and proportions are those of a trained model."""
    chance = np.random.default_rng(1)
    grown: Weights = {}
    for name, value in small.items():
        side, _, leaf = name.partition(".0.")
        depth = recipe.encoder_layers if side == "encoder" else recipe.decoder_layers
        names = [f"{side}.{layer}.{leaf}" for layer in range(depth)] if leaf else [name]
        if not leaf and name.split(".")[1].isdigit():
            continue  # the layers after the first are made from it
        factor = recipe.width // Recipe().width
        shape = [length if length == recipe.vocabulary_size else length * factor for length in value.shape]
        grown |= {each: chance.normal(0, 0.02, shape).astype(np.float32) for each in names}
    return grown


def decode(translator: ctranslate2.Translator, sources: Sequence[list[str]], *, shortlist: bool) -> float:
    """Decode every line, and give the processor's seconds."""
    began = time.process_time()
    translator.translate_batch(
        sources,
        beam_size=BEAM,
        max_batch_size=1024,
        batch_type="tokens",
        use_vmap=shortlist,
        min_decoding_length=TOKENS,
        max_decoding_length=TOKENS,
    )
    return time.process_time() - began


def main() -> None:
    """Measure, and print the medians of the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=3, help="times that each decodes the lines")
    options = parser.parse_args()
    package = find_package("sv").path
    pieces = json.loads((package / "model" / "shared_vocabulary.json").read_text(encoding="utf-8"))
    tokenizer = open_argos_tokenizer(package)
    pairs = map(json.loads, EXAMPLE.read_text(encoding="utf-8").splitlines())
    lines = [pair["src"] for pair in pairs if pair["src_lang"] == "sv" and len(pair["src"].split()) >= MIN_WORDS]
    sources = sorted(map(tokenizer.encode, lines), key=len, reverse=True)
    choose_instructions()
    with tempfile.TemporaryDirectory() as work:
        convert_weights(make_weights(load_weights(TRAINED), LARGE), LARGE, pieces, Path(work, "large"))
        large, small = (
            ctranslate2.Translator(str(folder), inter_threads=1, intra_threads=1)
            for folder in (Path(work, "large"), package / "model")
        )
        with_list, without = [], []
        for _ in range(options.runs):
            slow = decode(large, sources, shortlist=False)
            with_list.append(slow / decode(small, sources, shortlist=True))
            without.append(slow / decode(small, sources, shortlist=False))
    sys.stdout.write(
        f"Beam {BEAM}, {TOKENS} tokens a line: the embedded package is {statistics.median(with_list):.1f} times as "
        f"fast as 6 + 6 layers of width 512, {statistics.median(without):.1f} times without its shortlist.\n"
    )


if __name__ == "__main__":
    main()
