"""The processor: what of it this process may use, and whether it knows the instructions that int8 decoding lives on."""

from __future__ import annotations

import contextlib
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

VECTORS: Final = ("avx2", "avx512f", "asimd")
"""Any of them is wide enough for int8; the last is what ARM calls it."""
DOT_PRODUCTS: Final = ("avx512_vnni", "avx_vnni", "asimddp")
"""Instructions made for int8."""
SHARES: Final = (("cpu.max", None), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"))
"""Where the two kinds of control groups say what a container may use."""


def look_at_processor() -> Iterator[Finding]:
    """Look at CTranslate2's compute types, the processor's instructions, and the cores that this process may use."""
    yield _look_at_types()
    yield _look_at_instructions(_read_flags(Path("/proc/cpuinfo")))
    yield _look_at_cores()
    yield _look_at_devices()


def _look_at_types() -> Finding:
    import ctranslate2

    types = sorted(ctranslate2.get_supported_compute_types("cpu"))
    found = ", ".join(types)
    if "int8" in types:
        return Finding(subject="processor", name="compute types", state="ok", found=found)
    mend = "The packages are decoded without int8, some times slower: choose a machine with AVX2 or ARM's asimd."
    return Finding(subject="processor", name="compute types", state="note", found=found, mend=mend)


def _look_at_instructions(flags: set[str]) -> Finding:
    vectors, products = (" ".join(name for name in names if name in flags) for names in (VECTORS, DOT_PRODUCTS))
    machine = f"{platform.machine()} {platform.system()}"
    if not flags:
        return Finding(subject="processor", name="instructions", state="ok", found=f"{machine}, not listed here")
    found = f"{machine}: {vectors or 'no vectors'}, {products or 'no int8 dot products'}"
    if vectors:
        return Finding(subject="processor", name="instructions", state="ok", found=found)
    mend = "Decoding is slow without AVX2 (or ARM's asimd): choose another machine, or another kind of virtual one."
    return Finding(subject="processor", name="instructions", state="note", found=found, mend=mend)


def _read_flags(path: Path) -> set[str]:
    with contextlib.suppress(OSError):
        for line in path.read_text("ascii", "replace").splitlines():
            name, _, flags = line.partition(":")
            if name.strip().lower() in {"flags", "features"}:
                return set(flags.split())
    return set()


def _look_at_cores() -> Finding:
    there, usable = os.cpu_count() or 1, count_cores()
    share = read_share(Path("/sys/fs/cgroup"))
    allowed = min(usable, share) if share else usable
    found = f"{allowed:g} of {there} for this process"
    if allowed >= there:
        return Finding(subject="processor", name="cores", state="ok", found=found, value=allowed)
    mend = f"Runs start a process and a thread for each core of the machine: tolk run --workers {max(1, int(allowed))}"
    return Finding(subject="processor", name="cores", state="note", found=found, mend=mend, value=allowed)


def _look_at_devices() -> Finding:
    """Count the GPUs that CTranslate2 could decode on; none is no trouble."""
    import ctranslate2

    count = ctranslate2.get_cuda_device_count()
    found = f"{count}, used with --device cuda" if count else "none, and none is needed"
    return Finding(subject="processor", name="gpus", state="ok", found=found, value=count)


def count_cores() -> int:
    """Count the cores that this process may use."""
    with contextlib.suppress(AttributeError):  # not every system can say
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_share(groups: Path) -> float | None:
    """Read how many cores' time a container may use; None where there is no limit."""
    for quota, period in SHARES:
        with contextlib.suppress(OSError, ValueError):
            given = (groups / quota).read_text("ascii").split()
            given += (groups / period).read_text("ascii").split() if period else []
            share = float(given[0]) / float(given[1])
            return share if share > 0 else None
    return None
