"""Tolk: dumps of scraped web text in, parallel bilingual JSONL out."""

from __future__ import annotations

from pipeline.errors import PipelineError
from pipeline.records import Document, Pair, Reject, Segment
from pipeline.settings import Settings

__all__ = ["Document", "Pair", "PipelineError", "Reject", "Segment", "Settings", "__version__"]

__version__ = "0.1.0"
