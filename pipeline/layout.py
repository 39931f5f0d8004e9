"""The names of what stands in an output folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST: Final = "manifest.json"
REJECTS: Final = "rejects.jsonl"
REMOVED: Final = "removed.jsonl"
REPORT: Final = "report.html"
RUN_LOG: Final = "runs.jsonl"
METRICS: Final = "tolk.prom"
WORK_FOLDER: Final = ".tolk"
"""Folder inside the output folder; it is there while a run is at work, and after an interrupted or incremental one."""
PROGRESS: Final = "progress.json"
"""In the work folder."""
PACKED: Final = ".zst"
_SHARD: Final = re.compile(r"pairs-\d{5,}\.jsonl(\.zst)?")


def shard_name(number: int, *, compress: bool = False) -> str:
    """Name a shard.

    >>> shard_name(3), shard_name(4, compress=True)
    ('pairs-00003.jsonl', 'pairs-00004.jsonl.zst')
    """
    return f"pairs-{number:05d}.jsonl{PACKED * compress}"


def is_shard(name: str) -> bool:
    """Whether a run may have given a file this name.

    >>> is_shard("pairs-00012.jsonl"), is_shard("pairs-00012.jsonl.zst"), is_shard("pairs-2024-gold.jsonl")
    (True, True, False)
    """
    return _SHARD.fullmatch(name) is not None


def is_own(name: str) -> bool:
    """Whether a run writes files of this name."""
    return name in {MANIFEST, REJECTS, REMOVED, REPORT} or is_shard(name)


def list_own(folder: Path) -> list[Path]:
    """List what stands in a folder under the names that a run writes."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if is_own(path.name))
