"""The command line."""

from __future__ import annotations

from pipeline.cli.process import ending, obey_signals, open_streams

__all__ = ["main"]


def main() -> None:
    """Run the command line; every failure that is not a bug ends in one sentence and a documented exit code."""
    obey_signals()
    open_streams()
    with ending():
        from pipeline.cli.app import run_app  # takes its time, in which a signal may come

        run_app()
