"""A run's work on a Ray cluster: the same stages, prepared by tasks and translated by a pool of actors."""

from __future__ import annotations

from pipeline.cluster.crew import open_cluster

__all__ = ["open_cluster"]
