"""Files and streams to documents: the one room that opens inputs."""

from __future__ import annotations

from pipeline.read.stage import read_documents, split_text

__all__ = ["read_documents", "split_text"]
