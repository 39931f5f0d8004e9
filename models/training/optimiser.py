"""Muon for the matrices (Jordan et al. 2024, scaled as in Liu et al. 2025), AdamW for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer

    from models.training.network import Network
    from models.training.recipe import Recipe

__all__ = ["find_rate", "make_optimisers", "set_rates"]


def make_optimisers(network: Network, recipe: Recipe) -> list[Optimizer]:
    """Return the two optimisers; each group remembers its highest rate as `peak`."""
    matrices: list[Tensor] = []
    vectors: list[Tensor] = []
    for name, parameter in network.named_parameters():
        inner = parameter.ndim == 2 and not name.startswith("embedding")
        (matrices if inner else vectors).append(parameter)
    muon = torch.optim.Muon(
        matrices, lr=recipe.matrix_rate, weight_decay=recipe.weight_decay, adjust_lr_fn="match_rms_adamw"
    )
    adam = torch.optim.AdamW(vectors, lr=recipe.vector_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    optimisers: list[Optimizer] = [muon, adam]
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["peak"] = group["lr"]
    return optimisers


def find_rate(step: int, warmup: int, cooling: float | None) -> float:
    """Return the share of the peak rate: rising, level, and falling to nothing while `cooling` goes from 0 to 1.

    A level rate lets a run be cut and resumed at any moment; the fall is the decay of "WSD" (Hu et al. 2024).

    >>> find_rate(0, 4, None), find_rate(9, 4, None), find_rate(9, 4, 0.75)
    (0.25, 1.0, 0.25)
    """
    return min(1.0, (step + 1) / warmup) * (1.0 if cooling is None else max(0.0, 1.0 - cooling))


def set_rates(optimisers: list[Optimizer], share: float) -> None:
    """Set every group's rate to this share of its peak."""
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * share
