"""Files and streams to documents: the one room that opens inputs."""

from __future__ import annotations

from pipeline.read.stage import input_bytes, read_documents, split_text

__all__ = ["input_bytes", "read_documents", "split_text"]
