"""Weights as half-precision `.npz` (no pickle), and the means to average them and to grow a shallow model deeper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Weights = dict[str, npt.NDArray[np.float32]]

__all__ = ["average_weights", "deepen_weights", "find_snapshots", "load_weights", "save_weights"]

_LAYER = re.compile(r"(encoder|decoder)\.(\d+)\.(.+)")
_WRITES = ("self_attention.output", "cross_attention.output", "narrow")


def save_weights(weights: Weights, path: Path, *, compact: bool = False) -> None:
    """Write the weights as float16, whole or not at all; compact files keep eight bits and are deflated."""
    partial = path.with_name(path.name + ".partial")
    arrays = {name: (_shorten(value) if compact else value).astype(np.float16) for name, value in weights.items()}
    save = np.savez_compressed if compact else np.savez
    with partial.open("wb") as out:
        save(out, **arrays)  # type: ignore[arg-type]
    partial.replace(path)


def _shorten(value: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Round to eight significant bits, as many as bfloat16 has, so that the rest packs well."""
    mantissa, exponent = np.frexp(value)
    return np.ldexp(np.round(mantissa * 256) / 256, exponent).astype(np.float32)


def load_weights(path: Path) -> Weights:
    """Read weights by name, as float32."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def find_snapshots(folder: Path) -> list[Path]:
    """Return the snapshots of a training, oldest first."""
    return sorted(folder.glob("step-*.npz"))


def average_weights(paths: list[Path]) -> Weights:
    """Return the mean of several snapshots, which does what a falling rate does (Junczys-Dowmunt et al. 2016)."""
    total = load_weights(paths[0])
    for path in paths[1:]:
        for name, value in load_weights(path).items():
            total[name] += value
    return {name: value / np.float32(len(paths)) for name, value in total.items()}


def _count_layers(weights: Weights, side: str) -> int:
    return 1 + max(int(match[2]) for name in weights if (match := _LAYER.match(name)) and match[1] == side)


def deepen_weights(weights: Weights, encoder_layers: int, decoder_layers: int) -> Weights:
    """Spread the layers over a deeper model that computes the same: each new one copies the one below it, idle.

    What a layer writes goes through its output projections; where these are zero, it adds nothing.
    """
    deeper = {name: value for name, value in weights.items() if not _LAYER.match(name)}
    for side, wanted in (("encoder", encoder_layers), ("decoder", decoder_layers)):
        had = _count_layers(weights, side)
        origins = [layer * had // wanted for layer in range(wanted)]
        for layer, origin in enumerate(origins):
            idle = layer > 0 and origins[layer - 1] == origin
            prefix = f"{side}.{origin}."
            for name in (name for name in weights if name.startswith(prefix)):
                rest = name.removeprefix(prefix)
                silent = idle and rest.startswith(_WRITES)
                deeper[f"{side}.{layer}.{rest}"] = np.zeros_like(weights[name]) if silent else weights[name].copy()
    return deeper
