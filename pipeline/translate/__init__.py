"""Segments to pairs, and the engines that do it: a package, and the layers around it."""

from __future__ import annotations

from pipeline.translate.stage import (
    UNDETERMINED,
    UNSUPPORTED,
    cut_windows,
    segment_weight,
    translate_batch,
    translate_segments,
    wanted_texts,
    windows,
)

__all__ = [
    "UNDETERMINED",
    "UNSUPPORTED",
    "cut_windows",
    "segment_weight",
    "translate_batch",
    "translate_segments",
    "wanted_texts",
    "windows",
]
