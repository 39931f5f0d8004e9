"""A pre-norm transformer (Vaswani et al. 2017, Xiong et al. 2020): deep encoder, shallow decoder, one embedding.

Kasai et al. 2021 found that encoder layers are cheap when decoding and decoder layers are not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

from models.training.loss import tied_cross_entropy
from models.training.positions import make_positions
from models.training.recipe import PAD

if TYPE_CHECKING:
    from torch import Tensor

    from models.training.recipe import Recipe

__all__ = ["Network"]

_MASKED = -1e4


class Attention(nn.Module):
    """Multi-head attention over the same states, or over those of `memory`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.inputs = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, states: Tensor, mask: Tensor, memory: Tensor | None = None) -> Tensor:
        """Attend from states (rows, length, width); the mask is added to the scores."""
        rows, length, width = states.shape
        if memory is None:
            parts = self.inputs(states).chunk(3, -1)
        else:
            weight, bias = self.inputs.weight, self.inputs.bias
            query = F.linear(states, weight[:width], bias[:width])
            parts = (query, *F.linear(memory, weight[width:], bias[width:]).chunk(2, -1))
        query, key, value = (part.view(rows, -1, self.heads, width // self.heads).transpose(1, 2) for part in parts)
        mixed = _attend(query, key, value, mask.to(query.dtype))
        merged: Tensor = self.output(mixed.transpose(1, 2).reshape(rows, length, width))
        return merged


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Use plain products on the CPU, where the fused backward pass is five times slower on short rows."""
    if query.device.type != "cpu":
        return F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    scores = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5 + mask
    return torch.softmax(scores, -1) @ value


class Layer(nn.Module):
    """Self-attention, cross-attention in a decoder, and a feed-forward step, each normalised first and added."""

    def __init__(self, recipe: Recipe, *, crossed: bool) -> None:
        super().__init__()
        width = recipe.width
        self.dropout = recipe.dropout
        self.self_norm, self.self_attention = nn.LayerNorm(width), Attention(width, recipe.heads)
        if crossed:
            self.cross_norm, self.cross_attention = nn.LayerNorm(width), Attention(width, recipe.heads)
        self.feed_norm = nn.LayerNorm(width)
        self.widen, self.narrow = nn.Linear(width, recipe.hidden), nn.Linear(recipe.hidden, width)

    def forward(
        self, states: Tensor, mask: Tensor, memory: Tensor | None = None, memory_mask: Tensor | None = None
    ) -> Tensor:
        """Return the new states (rows, length, width)."""
        states = states + self._drop(self.self_attention(self.self_norm(states), mask))
        if memory is not None:
            states = states + self._drop(self.cross_attention(self.cross_norm(states), memory_mask, memory))
        return states + self._drop(self.narrow(F.relu(self.widen(self.feed_norm(states)))))

    def _drop(self, states: Tensor) -> Tensor:
        return F.dropout(states, self.dropout, self.training) if self.dropout else states


class Network(nn.Module):
    """The whole model; its parameters' names are those of the weight files."""

    positions: Tensor

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.embedding = nn.Embedding(recipe.vocabulary_size, recipe.width)
        self.encoder = nn.ModuleList(Layer(recipe, crossed=False) for _ in range(recipe.encoder_layers))
        self.decoder = nn.ModuleList(Layer(recipe, crossed=True) for _ in range(recipe.decoder_layers))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(recipe.width), nn.LayerNorm(recipe.width)
        positions = torch.from_numpy(make_positions(recipe.lengths[-1] + 1, recipe.width))
        self.register_buffer("positions", positions, persistent=False)
        self.apply(_initialise)

    def _embed(self, ids: Tensor) -> Tensor:
        embedded: Tensor = self.embedding(ids) * math.sqrt(self.recipe.width) + self.positions[: ids.shape[1]]
        return embedded

    def encode(self, source: Tensor, mask: Tensor) -> Tensor:
        """Return the encoder's states (rows, length, width)."""
        states = self._embed(source)
        for layer in self.encoder:
            states = layer(states, mask)
        normed: Tensor = self.encoder_norm(states)
        return normed

    def decode(self, target: Tensor, memory: Tensor, memory_mask: Tensor) -> Tensor:
        """Return the decoder's states (rows, length, width), each seeing only the tokens up to its own."""
        length = target.shape[1]
        mask = torch.full((length, length), _MASKED, device=target.device).triu(1)
        states = self._embed(target)
        for layer in self.decoder:
            states = layer(states, mask, memory, memory_mask)
        normed: Tensor = self.decoder_norm(states)
        return normed

    def forward(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Return the summed loss in nats and the number of target tokens, for a batch as `batches.Batch` has it."""
        mask = torch.zeros(source.shape, device=source.device).masked_fill(source == PAD, _MASKED)[:, None, None]
        hidden = self.decode(target[:, :-1], self.encode(source, mask), mask)
        smoothing = self.recipe.label_smoothing if self.training else 0.0
        return tied_cross_entropy(
            hidden.flatten(0, 1),
            self.embedding.weight,
            target[:, 1:].flatten(),
            padding=PAD,
            smoothing=smoothing,
            rows=self.recipe.loss_rows,
        )


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)
    if isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=module.embedding_dim**-0.5)
