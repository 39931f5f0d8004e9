"""What a pattern names: as `glob` expands it, but `**` follows no link to a folder, for one may lead in a circle."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ANY_DEPTH: Final = "**"
"""The part of a pattern that stands for folders in folders, however deep, and for none."""


def expand_pattern(parts: Sequence[str], *, folders: bool = False) -> Iterator[str]:
    """Name what a pattern's parts match, perhaps more than once; only folders where these are asked for."""
    for path in _expand("", parts):
        if not folders or os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a folder is closed
            yield path


def _expand(base: str, parts: Sequence[str]) -> Iterator[str]:
    """Match part after part, each in the folders that those before it have named."""
    if not parts:
        yield base
        return
    part, *rest = parts
    while part == ANY_DEPTH and rest[:1] == [ANY_DEPTH]:
        rest.pop(0)  # a second one adds nothing but every folder again
    for path in _match_part(base, part, last=not rest):
        yield from _expand(path, rest)


def _match_part(base: str, part: str, *, last: bool) -> Iterator[str]:
    """Match one part in a folder: a name, a pattern of names, or folders at any depth."""
    if part == ANY_DEPTH:
        yield from _list_deep(base, files=last)
    elif glob.has_magic(part):
        for name in glob.iglob(part, root_dir=base):  # noqa: PTH207 - Path.glob tells hidden names otherwise
            yield os.path.join(base, name)  # noqa: PTH118 - a path that is as the pattern has it
    elif os.path.lexists(path := os.path.join(base, part)):  # noqa: PTH118
        yield path


def _list_deep(base: str, *, files: bool) -> Iterator[str]:
    """Name a folder and all folders in it, with their files where these are asked for; hidden names are left aside."""
    waiting = [base]
    while waiting:
        folder = waiting.pop()
        yield folder
        for entry in _list_entries(folder):
            path = os.path.join(folder, entry.name)  # noqa: PTH118
            if is_folder(entry):
                waiting.append(path)
            elif files:
                yield path


def _list_entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder or os.curdir) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]
    except OSError:  # a closed folder is told of by whoever asked
        return []


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell a folder from a link to one."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
