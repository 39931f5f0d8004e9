"""Find the files and streams that an input names, and say at once where there are none."""

from __future__ import annotations

import glob
import itertools
import os
import re
import stat
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.addresses import is_remote, plain, strip_scheme
from pipeline.errors import InputError
from pipeline.layout import MANIFEST, RUN_LOG, WORK_FOLDER, is_own
from pipeline.read.archives import look_into, refuse_archive
from pipeline.read.kinds import find_extension, find_kind, list_known
from pipeline.read.patterns import ANY_DEPTH, expand_pattern, is_folder
from pipeline.read.remote import find_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MANIFEST: Final = re.compile(rb'\s*\{\s*"schema":\s*"tolk\.manifest/')


class Source(msgspec.Struct, frozen=True):
    """One file or stream to read."""

    name: str
    """Path relative to the input's root, as records carry it."""
    path: str
    """Where to open it; `-` is standard input."""
    kind: str | None
    """Its format; None where only its first bytes can tell."""
    packing: str | None
    """Extension of its compression, empty where it has none; None where only its first bytes can tell."""


def find_sources(inputs: Iterable[str]) -> Iterator[Source]:
    """Check every input at once, then walk them one by one, so that a million files need no list."""
    inputs = list(inputs)
    if inputs.count("-") > 1:
        message = "Standard input can be read only once. Give `-` once."
        raise InputError(message)
    found = [_find_input(given) for given in inputs]
    if not found:
        message = "No input was given. Name files, folders or globs, or `-` for standard input."
        raise InputError(message)
    return itertools.chain.from_iterable(found)


def _find_input(given: str) -> Iterator[Source]:
    """Resolve one input, or say at once why there is nothing to read in it."""
    if given == "-":
        return iter([Source(name="stdin", path="-", kind=None, packing=None)])
    if not given:
        message = "An input is empty. Name a file, a folder or a glob, or `-` for standard input."
        raise InputError(message)
    given = strip_scheme(given)
    if is_remote(given):
        return _list_remote(given)
    mode = _find_mode(given)
    if mode is not None and stat.S_ISDIR(mode):
        _check_folder(given)
        return _at_least_one(_walk(Path(given), Path(given)), f"The folder {plain(given)}")
    if mode is not None:
        return iter([_take_file(Path(given))])
    if glob.has_magic(given):
        return _at_least_one(_match(given), f"The pattern {plain(given)}")
    message = f"There is no file or folder {plain(given)}. Check the path; a pattern needs quotes in some shells."
    raise InputError(message)


def _list_remote(given: str) -> Iterator[Source]:
    """Resolve an input that is not on this machine."""
    found = find_remote(given)
    if isinstance(found, str):
        kind = find_kind(found)
        if kind is None:
            message = f"Tolk does not know the kind of {plain(given)}. Known extensions: {list_known()}."
            raise InputError(message)
        return iter([Source(found, given, *kind)])
    known = (Source(name, path, *kind) for name, path in found if (kind := find_kind(name)))
    return _at_least_one(known, f"The remote folder or pattern {plain(given)}")


def _find_mode(given: str) -> int | None:
    """Give a named input's mode; None where there is no such file or where it can only be a pattern."""
    try:
        return os.stat(given).st_mode  # noqa: PTH116 - Path gives nothing that this does not
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        if glob.has_magic(given):
            return None
        raise _make_closed_error(given, error) from error


def _check_folder(folder: str | Path) -> None:
    """Make sure that a folder that was named can be listed."""
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise _make_closed_error(str(folder), error) from error


def _make_closed_error(given: str, error: OSError | ValueError) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(f"Cannot look at {plain(given)}: {reason}. Check the path, and that you may read what is on it.")


def _at_least_one(sources: Iterator[Source], what: str) -> Iterator[Source]:
    """Look one ahead, since an input without a document is a mistake that should be known before the work starts."""
    first = next(sources, None)
    if first is None:
        known = f"Known extensions: {list_known()}. What a run has written is read only where its files are named."
        message = f"{what} holds no document that Tolk can read. {known}"
        raise InputError(message)
    return itertools.chain([first], sources)


def _take_file(path: Path) -> Source:
    """Take a file that was named itself; a pipe may have any name, a file must have a known one."""
    if not os.access(path, os.R_OK):
        message = (
            f"The file {plain(str(path))} cannot be read: permission denied. Run as a user who may, or `chmod +r` it."
        )
        raise InputError(message)
    kind = find_kind(path.name)
    if kind is not None:
        return Source(plain(path.name), str(path), *kind)
    if not path.is_file():
        return Source(plain(path.name), str(path), None, None)
    refuse_archive(look_into(path), plain(str(path)))
    message = f"Tolk does not know the kind of {plain(str(path))}. Known extensions: {list_known()}; or send it to `-`."
    raise InputError(message)


def count_left_aside(inputs: Iterable[str]) -> Counter[str]:
    """Count by extension the files in the folders among inputs that are of no known kind; hidden ones count nothing."""
    paths = (given for given in map(strip_scheme, inputs) if given and not is_remote(given))
    folders = (Path(given) for given in paths if os.path.isdir(given))  # noqa: PTH112
    return Counter(found for folder in folders for found in _walk_all(folder, folder) if isinstance(found, str))


def _walk(folder: Path, root: Path) -> Iterator[Source]:
    """List a folder's known files in path order; hidden ones, links to folders and a run's output are left aside."""
    return (found for found in _walk_all(folder, root) if isinstance(found, Source))


def _walk_all(folder: Path, root: Path) -> Iterator[Source | str]:
    """List a folder's known files, and of others the extension."""
    open_folders = [_list_folder(folder, root)]
    while open_folders:  # folders lie deeper in each other than a function may call itself
        found = next(open_folders[-1], None)
        if found is None:
            open_folders.pop()
        elif isinstance(found, Path):
            open_folders.append(_list_folder(found, root))
        else:
            yield found


def _list_folder(folder: Path, root: Path) -> Iterator[Source | Path | str]:
    """List what stands in one folder, by name: files to read, folders to list, extensions of what is left aside."""
    own = _is_output(folder)
    if own and folder != root:
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # opening it will say why: it becomes a reject, not a gap
        yield _take_closed(folder, root)
        return
    for entry in entries:
        if entry.name.startswith(".") or (own and _is_left(entry.name)):
            continue
        if is_folder(entry):
            yield Path(entry.path)
            continue
        kind = find_kind(entry.name)
        if kind and _is_file(entry.path):
            yield Source(plain(Path(entry.path).relative_to(root).as_posix()), entry.path, *kind)
        elif not (kind or own) and entry.is_file():
            yield find_extension(entry.name)


def _match(pattern: str) -> Iterator[Source]:
    """List what a pattern matches; folders among it are walked, and those that cannot be looked into become rejects."""
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    root = Path(*parts[:fixed])
    if _find_mode(str(root)) is not None:
        _check_folder(root)
    closed = set(_list_closed(parts, fixed))
    matches = closed.union(map(Path, expand_pattern(parts, folders=pattern.endswith(os.sep))))
    for match in sorted(matches, key=lambda path: path.parts):
        if match in closed:
            yield _take_closed(match, root)
        elif os.path.isdir(match):  # noqa: PTH112 - Path.is_dir raises where a folder is closed
            if ANY_DEPTH not in parts:  # otherwise the pattern itself reaches what lies inside
                yield from _walk(match, root)
        elif _is_left(match.name) and _is_output(match.parent):
            continue
        elif (kind := find_kind(match.name)) and _is_file(match):
            yield Source(plain(match.relative_to(root).as_posix()), str(match), *kind)


def _list_closed(parts: tuple[str, ...], fixed: int) -> Iterator[Path]:
    """Find the folders on a pattern's way that cannot be listed: a glob passes over them without a word."""
    for end in range(fixed + 1, len(parts) + 1):
        for name in expand_pattern(parts[:end], folders=True):
            try:
                os.scandir(name).close()
            except OSError:
                yield Path(name)


def _take_closed(folder: Path, root: Path) -> Source:
    return Source(plain(folder.relative_to(root).as_posix()), str(folder), kind="text", packing="")


def _is_file(path: str | Path) -> bool:
    """Tell whether there is a file to open; where it cannot be seen, or is gone, opening it will say why."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - one call for names and paths
    except OSError:
        return True


def _is_left(name: str) -> bool:
    """Whether a file in an output folder is what a run left there, which could be taken for input."""
    return is_own(name) or name == RUN_LOG


def _is_output(folder: Path) -> bool:
    """Tell whether a run has written this folder, or is writing it."""
    if os.path.lexists(folder / WORK_FOLDER):
        return True
    try:
        with (folder / MANIFEST).open("rb") as file:
            return _MANIFEST.match(file.read(256)) is not None
    except OSError:
        return False
