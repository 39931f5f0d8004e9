"""Weights → a CTranslate2 model in int8, that computes what `network.Network` computes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec

from models.training.positions import make_positions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.training.checkpoint import Weights
    from models.training.recipe import Recipe

__all__ = ["convert_weights"]

_POSITIONS = 1024
_SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "decoder_start_token": "<s>"}


def convert_weights(
    weights: Weights, recipe: Recipe, pieces: Sequence[str], folder: Path, quantization: str | None = "int8"
) -> None:
    """Write the model to `folder`; `pieces` are the vocabulary in the order of its ids."""
    layers = (recipe.encoder_layers, recipe.decoder_layers)
    spec = transformer_spec.TransformerSpec.from_config(
        layers, recipe.heads, pre_norm=True, activation=common_spec.Activation.RELU
    )
    for side, part in (("encoder", spec.encoder), ("decoder", spec.decoder)):
        _fill_side(part, weights, side)
    spec.decoder.projection.weight = weights["embedding.weight"]
    spec.decoder.projection.bias = np.zeros(recipe.vocabulary_size, np.float32)
    spec.register_source_vocabulary(list(pieces))
    spec.register_target_vocabulary(list(pieces))
    spec.config.add_source_bos = spec.config.add_source_eos = False
    for name, token in _SPECIAL.items():
        setattr(spec.config, name, token)
    spec.validate()
    spec.optimize(quantization=quantization)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec.save(str(folder))


def _fill_side(part: Any, weights: Weights, side: str) -> None:  # noqa: ANN401 (specs have no static types)
    embedding = weights["embedding.weight"]
    embeddings = part.embeddings[0] if isinstance(part.embeddings, list) else part.embeddings
    embeddings.weight = embedding
    part.scale_embeddings = True
    part.position_encodings.encodings = make_positions(_POSITIONS, embedding.shape[1])
    _fill_norm(part.layer_norm, weights, f"{side}_norm")
    for number, layer in enumerate(part.layer):
        prefix = f"{side}.{number}"
        _fill_norm(layer.self_attention.layer_norm, weights, f"{prefix}.self_norm")
        _fill_linear(layer.self_attention.linear[0], weights, f"{prefix}.self_attention.inputs")
        _fill_linear(layer.self_attention.linear[1], weights, f"{prefix}.self_attention.output")
        if side == "decoder":
            _fill_cross_attention(layer.attention, weights, prefix)
        _fill_norm(layer.ffn.layer_norm, weights, f"{prefix}.feed_norm")
        _fill_linear(layer.ffn.linear_0, weights, f"{prefix}.widen")
        _fill_linear(layer.ffn.linear_1, weights, f"{prefix}.narrow")


def _fill_cross_attention(part: Any, weights: Weights, prefix: str) -> None:  # noqa: ANN401
    """The query comes from the decoder, key and value from the encoder: CTranslate2 keeps them apart."""
    weight, bias = (weights[f"{prefix}.cross_attention.inputs.{leaf}"] for leaf in ("weight", "bias"))
    width = weight.shape[1]
    _fill_norm(part.layer_norm, weights, f"{prefix}.cross_norm")
    part.linear[0].weight, part.linear[0].bias = weight[:width], bias[:width]
    part.linear[1].weight, part.linear[1].bias = weight[width:], bias[width:]
    _fill_linear(part.linear[2], weights, f"{prefix}.cross_attention.output")


def _fill_linear(part: Any, weights: Weights, name: str) -> None:  # noqa: ANN401
    part.weight, part.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _fill_norm(part: Any, weights: Weights, name: str) -> None:  # noqa: ANN401
    part.gamma, part.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
