"""Sinusoidal position encodings (Vaswani et al. 2017), the same for training and for the converted model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["make_positions"]


def make_positions(count: int, width: int) -> npt.NDArray[np.float32]:
    """Return encodings (count, width), sines and cosines alternating.

    >>> make_positions(2, 2).round(2).tolist()
    [[0.0, 1.0], [0.8399999737739563, 0.5400000214576721]]
    """
    angles = np.arange(count)[:, None] * np.exp(np.arange(0, width, 2) * (-np.log(10000.0) / width))
    return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(count, width).astype(np.float32)
