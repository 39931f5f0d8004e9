"""Memory that one step of a decode gives back is kept for the next one."""

from __future__ import annotations

import ctypes
import functools
import sys
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGEST_BLOCK: Final = 32 * 2**20
_KEPT: Final = 256 * 2**20
"""Bytes at the end of the heap that are not given back to the system; a decode's buffers need a fraction of it."""


@functools.cache
def keep_freed_memory() -> bool:
    """Have glibc keep what is freed; give whether it will. Where there is another C library, nothing changes.

    CTranslate2 asks for new buffers at each layer of each step. By default glibc hands the larger of them back at once
    and gets them again page by page, each cleared by the kernel: up to a fifth of the time of a greedy decode.
    """
    if sys.platform != "linux":
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    return bool(set_option(_M_MMAP_THRESHOLD, _LARGEST_BLOCK) and set_option(_M_TRIM_THRESHOLD, _KEPT))
