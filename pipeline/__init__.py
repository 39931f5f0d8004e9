"""Tolk: dumps of scraped web text in, parallel bilingual JSONL out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.errors import PipelineError
from pipeline.records import Document, Pair, Reject, Segment
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.api import Translation, translate_file, translate_texts

__all__ = [
    "Document",
    "Pair",
    "PipelineError",
    "Reject",
    "Segment",
    "Settings",
    "Translation",
    "__version__",
    "translate_file",
    "translate_texts",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import what translates when it is asked for: `tolk --help` shall not wait for it."""
    if name not in {"Translation", "translate_file", "translate_texts"}:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from pipeline import api

    return getattr(api, name)
