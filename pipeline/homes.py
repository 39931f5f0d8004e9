"""Where Tolk keeps what outlives a run: the place that a variable names, else one among the user's own folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from pipeline.errors import PipelineError

CACHE: Final = ("XDG_CACHE_HOME", "~/.cache")
DATA: Final = ("XDG_DATA_HOME", "~/.local/share")


def find_place(kind: tuple[str, str], below: str, variable: str = "") -> Path:
    """Give the place that `variable` names, else `tolk` and `below` in the user's folder of a kind.

    Raises:
        PipelineError: if that leads to a home folder and there is none, as may be for a service or in a container.
    """
    owner, default = kind
    root = os.environ.get(owner, "")
    if not Path(root).is_absolute():  # which the XDG rules say to ignore
        root = default
    try:
        return Path(os.environ.get(variable) or Path(root, "tolk", below)).expanduser().absolute()
    except RuntimeError as error:
        wanted = variable or owner
        message = f"No home folder is found for the {below}: {f'{error}'.rstrip('.')}"
        raise PipelineError(message, mend=f"Name another place for it: {wanted}=/path tolk …") from error
