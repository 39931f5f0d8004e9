"""Fuzz a stage, guided by coverage: `python benchmarks/fuzz.py STAGE [CORPUS] [-runs=1000000] [libFuzzer's options]`.

Needs atheris, which is no dependency of the project: `pip install atheris`. `fuzz_targets.py` holds each stage to what
it promises for any bytes whatsoever; a finding belongs into `tests/test_hostile.py`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
atheris: Any = importlib.import_module("atheris")

with atheris.instrument_imports(include=["pipeline"]):
    from fuzz_targets import TARGETS

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"Name a stage: {', '.join(TARGETS)}.")
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
