"""A run's work on a Ray cluster: the same stages, tasks for two pools of actors, which prepare and translate."""

from __future__ import annotations

from pipeline.cluster.executor import open_cluster

__all__ = ["open_cluster"]
