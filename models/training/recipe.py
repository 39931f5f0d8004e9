"""Every tunable of the training in one frozen record, kept beside the weights as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BOS", "EOS", "LANGUAGES", "PAD", "PLACEHOLDERS", "UNKNOWN", "Recipe"]

LANGUAGES = {"sv": "Swedish", "id": "Indonesian"}
"""The languages that one model reads, by ISO 639-1 code."""

PLACEHOLDERS = tuple(chr(0xE000 + i) for i in range(16))
"""Private-use symbols that the model copies as they are, so that a caller can hide what must stay whole."""

UNKNOWN, BOS, EOS, PAD = range(4)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Sizes count scalars, lengths count subword tokens, rates are a step, shares are probabilities."""

    vocabulary_size: int = 8000
    width: int = 256
    heads: int = 4
    hidden: int = 1024
    encoder_layers: int = 6
    decoder_layers: int = 2
    dropout: float = 0.0
    lengths: tuple[int, ...] = (8, 16, 24, 32, 40, 48, 64, 96, 128)
    """Each batch is padded to one of these: a new shape costs a CPU ten times the step."""
    batch_tokens: int = 4096
    loss_rows: int = 512
    label_smoothing: float = 0.1
    matrix_rate: float = 2e-3
    vector_rate: float = 1e-3
    weight_decay: float = 0.02
    warmup: int = 200
    snapshot_steps: int = 200
    snapshots_kept: int = 12
    validate_steps: int = 1000
    rough_share: float = 0.25
    """Pairs that are made to look like scraped text before the model sees them."""
    renamed_share: float = 0.5
    """Pairs whose names and numbers are changed, as far as both sides share any."""
    joined_share: float = 0.04
    """Pairs that get the next pair of their language appended, so that long lines are no surprise."""
    subword_noise: float = 0.1
    """Sources that are split into subwords at random (Kudo 2018, subword regularisation)."""
    max_words: int = 80

    def save(self, path: Path) -> None:
        """Write it as indented JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def change(self, values: dict[str, Any]) -> Recipe:
        """Return the recipe with these settings put in, as JSON has them."""
        changes: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
        return replace(self, **changes)

    @classmethod
    def load(cls, path: Path) -> Recipe:
        """Read it back; names that this version does not know are an error, missing ones take their default."""
        values = json.loads(path.read_text(encoding="utf-8"))
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            message = f"{path}: unknown settings {', '.join(unknown)}; remove them"
            raise ValueError(message)
        return cls().change(values)
