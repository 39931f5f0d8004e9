"""The widest instructions that a processor has are the ones to decode with, whoever made it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "CT2_FORCE_CPU_ISA"
"""CTranslate2's own; it is read once, when the first model is opened."""
PROCESSOR: Final = Path("/proc/cpuinfo")
_MAKER: Final = "AuthenticAMD"
_NEEDED: Final = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni"})


def choose_instructions(processor: Path = PROCESSOR) -> str | None:
    """Have CTranslate2 use AVX-512 on an AMD processor that has all of it; give what it is told, None for nothing.

    Left to itself it does so on Intel's only, and takes a tenth longer with AVX2. A variable that is set stays.
    """
    if VARIABLE not in os.environ and sys.platform == "linux" and _has_all(processor):
        os.environ[VARIABLE] = "AVX512"
    return os.environ.get(VARIABLE)


def _has_all(processor: Path) -> bool:
    """Read the first processor's maker and flags; other systems and architectures state neither."""
    try:
        first = processor.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    except OSError:
        return False
    stated = {name.strip(): value.split() for name, _, value in (line.partition(":") for line in first.splitlines())}
    return stated.get("vendor_id") == [_MAKER] and set(stated.get("flags", ())) >= _NEEDED
