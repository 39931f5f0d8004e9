"""What is freed while decoding stays with the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

_COUNT_FAULTS = """
import resource, sys
from pipeline.translate.allocator import keep_freed_memory

kept = keep_freed_memory() if sys.argv[1] == "kept" else False
for turn in range(60):
    if turn == 10:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    blocks = [b"x" * (16 << 20) for _ in range(3)]
    del blocks
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before, kept)
"""


def count_faults(how: str) -> tuple[int, bool]:
    """Count the pages that the kernel gives a process which frees and asks for the same large blocks."""
    done = subprocess.run([sys.executable, "-c", _COUNT_FAULTS, how], capture_output=True, text=True, check=True)
    faults, kept = done.stdout.split()
    return int(faults), kept == "True"


def test_blocks_that_are_freed_and_asked_for_again_cost_no_new_pages() -> None:
    faults, kept = count_faults("kept")
    if not kept:
        pytest.skip("this C library has no mallopt")
    assert faults < 1000
    assert count_faults("returned")[0] > 100 * 1000
