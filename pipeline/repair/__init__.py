"""Documents as they should have been written."""

from __future__ import annotations

from pipeline.repair.stage import repair_document, repair_documents, repair_text

__all__ = ["repair_document", "repair_documents", "repair_text"]
