"""The command line."""

from __future__ import annotations

import gc
from typing import Final

from pipeline.cli.signals import obey_at_once

__all__ = ["main"]

_OBJECTS: Final = 100_000
"""New ones before cycles are looked for: the few hundred of Python's default cost a twentieth of a start."""


def main() -> None:
    """Run the command line; every failure that is not a bug ends in one sentence and a documented exit code."""
    obey_at_once()
    gc.set_threshold(_OBJECTS)
    from pipeline.cli.process import ending, replace_closed_streams  # takes its time, in which a signal may come

    replace_closed_streams()
    with ending():
        from pipeline.cli.app import run_app

        try:
            run_app()
        finally:
            gc.freeze()  # nothing that is left needs to be looked through: the system takes it all
