"""Pairs to files that are whole or not there."""

from __future__ import annotations

from pipeline.write.stage import Output, open_output, open_stage_output, write_lines

__all__ = ["Output", "open_output", "open_stage_output", "write_lines"]
