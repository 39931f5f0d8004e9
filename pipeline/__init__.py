"""Tolk: dumps of scraped web text in, parallel bilingual JSONL out."""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own takes its time, in which a signal may come
if TYPE_CHECKING:
    from pipeline.api import Translation, translate_file, translate_texts
    from pipeline.errors import PipelineError
    from pipeline.records import Document, Pair, Reject, Segment
    from pipeline.settings import Settings

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

_HOMES = {
    "pipeline.api": {"Translation", "translate_file", "translate_texts"},
    "pipeline.errors": {"PipelineError"},
    "pipeline.records": {"Document", "Pair", "Reject", "Segment"},
    "pipeline.settings": {"Settings"},
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is: the command must obey signals before anything takes its time."""
    for home, names in _HOMES.items():
        if name in names:
            import importlib

            return getattr(importlib.import_module(home), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
