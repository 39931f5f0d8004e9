"""Cross-entropy of a tied output layer, without ever holding the logits of a whole batch.

On a CPU the usual `cross_entropy(hidden @ embedding.T)` takes more time than all layers of a small model together,
since the logits (tokens × vocabulary, float32) pass through memory six times. Here they are made in blocks that stay
in the cache, padding is left out, and the gradient is worked out on the way forward, as in Liger (Hsu et al. 2024) and
"cut your losses" (Wijmans et al. 2024).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["tied_cross_entropy"]


class _TiedCrossEntropy(torch.autograd.Function):
    """Forward keeps the gradients by hidden (tokens, width) and embedding (vocabulary, width), backward scales them."""

    @staticmethod
    def forward(  # noqa: PLR0917 (torch passes them by position)
        ctx: Any,  # noqa: ANN401
        hidden: Tensor,
        embedding: Tensor,
        targets: Tensor,
        smoothing: float,
        rows: int,
    ) -> Tensor:
        """Return the summed loss in nats; hidden must be a multiple of `rows` long, targets < 0 do not count."""
        kind = torch.bfloat16 if torch.is_autocast_enabled(hidden.device.type) else hidden.dtype
        weight, states = embedding.to(kind), hidden.to(kind)
        by_hidden, by_embedding = torch.empty_like(states), torch.zeros_like(embedding, dtype=torch.float32)
        mean = embedding.float().mean(0)
        loss = hidden.new_zeros((), dtype=torch.float32)
        for block, target, out in zip(*(torch.split(each, rows) for each in (states, targets, by_hidden)), strict=True):
            counts = target >= 0
            index = target.clamp_min(0)[:, None]
            logits = block @ weight.t()
            chances = torch.softmax(logits, -1)
            hit = chances.gather(1, index).float().clamp_min(1e-30).log()
            average = logits.gather(1, index).float() - (block.float() @ mean)[:, None]
            loss += ((smoothing * average - hit).squeeze(1) * counts).sum()
            chances.scatter_add_(1, index, torch.full_like(hit, smoothing - 1).to(kind))
            chances *= counts[:, None]
            torch.mm(chances, weight, out=out)
            by_embedding += chances.t() @ block
        counts = targets >= 0
        by_hidden = (by_hidden.float() - smoothing * mean) * counts[:, None]
        by_embedding -= smoothing / len(embedding) * (states.float() * counts[:, None]).sum(0)
        ctx.save_for_backward(by_hidden.to(hidden.dtype), by_embedding.to(embedding.dtype))
        return loss

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401
        """Scale what forward has worked out."""
        by_hidden, by_embedding = ctx.saved_tensors
        return by_hidden * outer[0], by_embedding * outer[0], None, None, None


def tied_cross_entropy(
    hidden: Tensor, embedding: Tensor, targets: Tensor, *, padding: int, smoothing: float, rows: int
) -> tuple[Tensor, Tensor]:
    """Return the summed label-smoothed loss in nats, and how many targets it counts.

    Args:
        hidden: the decoder's last states (tokens, width).
        embedding: the tied embedding (vocabulary, width).
        targets: token ids (tokens,); those that equal `padding` do not count.
        padding: the id of the padding.
        smoothing: the probability spread over the vocabulary (Szegedy et al. 2016).
        rows: tokens a block.
    """
    kept = (targets != padding).nonzero().squeeze(1)
    missing = -len(kept) % rows
    states = F.pad(hidden.index_select(0, kept), (0, 0, 0, missing))
    labels = F.pad(targets.index_select(0, kept), (0, missing), value=-1)
    loss: Tensor = _TiedCrossEntropy.apply(states, embedding, labels, smoothing, rows)  # type: ignore[no-untyped-call]
    return loss, torch.tensor(len(kept))
