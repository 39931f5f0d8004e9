"""Segments to the same with their language."""

from __future__ import annotations

from pipeline.detect.stage import Detector, detect_document, detect_segments, load_detector

__all__ = ["Detector", "detect_document", "detect_segments", "load_detector"]
