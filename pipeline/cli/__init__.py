"""The command line."""

from __future__ import annotations

from pipeline.cli.signals import obey_at_once

__all__ = ["main"]


def main() -> None:
    """Run the command line; every failure that is not a bug ends in one sentence and a documented exit code."""
    obey_at_once()
    from pipeline.cli.process import ending, open_streams  # takes its time, in which a signal may come

    open_streams()
    with ending():
        from pipeline.cli.app import run_app

        run_app()
