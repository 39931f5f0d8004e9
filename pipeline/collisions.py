"""What a command must not write over: what it reads, and its own other output."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.addresses import strip_scheme
from pipeline.errors import InputError, OutputError
from pipeline.layout import list_own
from pipeline.read.inputs import find_sources
from pipeline.read.patterns import expand_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def check_inputs(inputs: Sequence[str], folder: Path) -> None:
    """Stop a run that has nothing to read, or was given its own folder, or files there which it would replace.

    In a folder around its own, a run leaves its output aside by itself.

    Raises:
        InputError: if there is no input, or a folder is both input and output.
        OutputError: if a file is both.
    """
    find_sources(inputs)
    paths = [strip_scheme(given) for given in inputs if given != "-"]
    if os.path.realpath(folder) in map(os.path.realpath, paths):
        message = f"The folder {folder} is both input and output. Choose another --out."
        raise InputError(message)
    if own := list_own(folder):
        refuse_overwriting((path for given in paths for path in _list_named(given)), own)


def refuse_overwriting(inputs: Iterable[str], outputs: Iterable[Path]) -> None:
    """Stop before a file that is to be read is replaced by what is made of it.

    Raises:
        OutputError: naming the file.
    """
    written = {_identify(path) for path in outputs} - {None}
    for path in inputs if written else ():
        if _identify(Path(path)) in written:
            message = f"{path} is both input and output, and would be overwritten. Choose another place to write to."
            raise OutputError(message)


def refuse_same(one: Path, other: Path) -> None:
    """Stop before two outputs replace each other."""
    if one.resolve() == other.resolve() and not (one.exists() and not one.is_file()):
        message = f"{one} cannot take both the documents and the rejects. Choose another --rejects."
        raise OutputError(message)


def _identify(path: Path) -> tuple[int, int] | None:
    """Tell a file by what it is, however it was named; None for what cannot be replaced, or is not there."""
    try:
        return (path.stat().st_dev, path.stat().st_ino) if path.is_file() else None
    except OSError:
        return None


def _list_named(given: str) -> list[str]:
    if os.path.exists(given):  # noqa: PTH110 - Path.exists raises for a name that is too long
        return [given]
    return list(expand_pattern(Path(given).parts))
