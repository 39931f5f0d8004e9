"""What a message tells a person to type."""

from __future__ import annotations

import shlex
import sys


def advise_install(*libraries: str) -> str:
    """Give the command that brings libraries to the Python that runs Tolk; a `pip` on the path may be another's."""
    return shlex.join([sys.executable, "-m", "pip", "install", *libraries])
