"""Documents to segments: blocks, lines, sentences."""

from __future__ import annotations

from pipeline.segment.stage import segment_document, segment_documents, split_text

__all__ = ["segment_document", "segment_documents", "split_text"]
