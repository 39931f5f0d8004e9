"""One run from file to pairs, as the command does it without its memory; it notes when each window was committed.

Prints for each the monotonic clock, the processor seconds of this process so far, and the documents so far.

usage: cluster_run.py TEXT OUT WINDOW CORES [ADDRESS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cluster import open_cluster
from pipeline.executor import open_local
from pipeline.run import run
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.manifest import Counts


def note(counts: Counts) -> None:
    """Print a commit."""
    print(time.monotonic(), time.process_time(), counts.documents)


def main(text: str, out: str, window: str, cores: str, address: str = "") -> None:
    """Run on a cluster, where an address is given, else on some cores of this machine."""
    settings = Settings(window_chars=int(window), memory_bytes=0, workers=int(cores))
    executor = open_cluster(address) if address else open_local
    run([text], Path(out), settings, fresh=True, watch=note, open_executor=executor)


if __name__ == "__main__":
    main(*sys.argv[1:])
