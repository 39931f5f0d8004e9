"""Find the files and streams that an input names, and say at once where there are none."""

from __future__ import annotations

import glob
import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KINDS: Final = {".txt": False, ".jsonl": True, ".ndjson": True}
"""Known extensions, and whether such a file holds a record a line."""
WORK_FOLDER: Final = ".tolk"
"""What marks the folder that a run is writing."""
PACKINGS: Final = ("", ".gz", ".bz2", ".xz", ".zst")


class Source(msgspec.Struct, frozen=True):
    """One file or stream to read."""

    name: str
    """Path relative to the input's root, as records carry it."""
    path: str
    """Where to open it; `-` is standard input."""
    lines: bool | None
    """Whether it holds a record a line; None where only its first bytes can tell."""
    packing: str | None
    """Extension of its compression, empty where it has none; None where only its first bytes can tell."""


def find_sources(inputs: Iterable[str]) -> Iterator[Source]:
    """Check every input at once, then walk them one by one, so that a million files need no list."""
    found = [_find_input(given) for given in inputs]
    if not found:
        message = "No input was given. Name files, folders or globs, or `-` for standard input."
        raise InputError(message)
    return itertools.chain.from_iterable(found)


def input_bytes(inputs: Iterable[str]) -> int | None:
    """Add up the inputs' sizes on disk, for a progress bar; None where a stream is among them."""
    total = 0
    for source in find_sources(inputs):
        if source.packing is None:
            return None
        try:
            total += Path(source.path).stat().st_size
        except OSError:
            continue
    return total


def _find_input(given: str) -> Iterator[Source]:
    """Resolve one input, or say at once why there is nothing to read in it."""
    path = Path(given)
    if given == "-":
        return iter([Source(name="stdin", path="-", lines=None, packing=None)])
    if path.is_dir():
        return _at_least_one(_walk(path, path), f"The folder {_plain(given)}")
    if path.exists():
        return iter([_direct(path)])
    if glob.has_magic(given):
        return _at_least_one(_match(given), f"The pattern {_plain(given)}")
    message = f"There is no file or folder {_plain(given)}. Check the path; a pattern needs quotes in some shells."
    raise InputError(message)


def _at_least_one(sources: Iterator[Source], what: str) -> Iterator[Source]:
    """Look one ahead, since an input without a document is a mistake that should be known before the work starts."""
    first = next(sources, None)
    if first is None:
        message = f"{what} holds no document that Tolk can read. Known extensions: {_known()}."
        raise InputError(message)
    return itertools.chain([first], sources)


def _direct(path: Path) -> Source:
    """Take a file that was named itself; a pipe may have any name, a file must have a known one."""
    if not os.access(path, os.R_OK):
        message = (
            f"The file {_plain(str(path))} cannot be read: permission denied. Run as a user who may, or `chmod +r` it."
        )
        raise InputError(message)
    kind = _kind(path.name)
    if kind is not None:
        return Source(_plain(path.name), str(path), *kind)
    if not path.is_file():
        return Source(_plain(path.name), str(path), None, None)
    message = f"Tolk does not know the kind of {_plain(str(path))}. Known extensions: {_known()}; or send it to `-`."
    raise InputError(message)


def _walk(folder: Path, root: Path) -> Iterator[Source]:
    """List a folder's known files in path order; hidden ones, links to folders and a run's output are left aside."""
    if folder != root and (folder / WORK_FOLDER).exists():
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # opening it will say why: it becomes a reject, not a gap
        yield Source(_plain(folder.relative_to(root).as_posix()), str(folder), lines=False, packing="")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), root)
        elif (kind := _kind(entry.name)) and entry.is_file():
            yield Source(_plain(Path(entry.path).relative_to(root).as_posix()), entry.path, *kind)


def _match(pattern: str) -> Iterator[Source]:
    """List what a pattern matches; folders among it are walked."""
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    root = Path(*parts[:fixed])
    for match in sorted(map(Path, glob.iglob(pattern, recursive=True)), key=lambda path: path.parts):  # noqa: PTH207 - Path.glob knows no absolute patterns
        if match.is_dir():
            if "**" not in parts:  # otherwise the pattern itself reaches what lies inside
                yield from _walk(match, root)
        elif (kind := _kind(match.name)) and match.is_file():
            yield Source(_plain(match.relative_to(root).as_posix()), str(match), *kind)


def _kind(name: str) -> tuple[bool, str] | None:
    """Tell a file's kind and packing by its extensions.

    >>> _kind("dump.JSONL.gz"), _kind("page.txt"), _kind("photo.png")
    ((True, '.gz'), (False, ''), None)
    """
    path = Path(name.lower())
    packing = path.suffix if path.suffix in PACKINGS else ""
    kind = KINDS.get(Path(path.stem).suffix if packing else path.suffix)
    return None if kind is None else (kind, packing)


def _known() -> str:
    return f"{', '.join(KINDS)}, each also with {', '.join(PACKINGS[1:])}"


def _plain(name: str) -> str:
    """Make a file name printable text: one that is not UTF-8 must not stop the record that carries it."""
    return os.fsencode(name).decode("utf-8", "replace")
