"""Files on other machines: any address that fsspec opens; nothing is imported or connected to before one is named."""

from __future__ import annotations

import contextlib
import io
import re
from typing import TYPE_CHECKING, Any, Final

from pipeline.addresses import connect, explain_failure, first_line_of, redact
from pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK: Final = 2**22
"""Bytes that are fetched at a time."""


def find_remote(given: str) -> str | Iterator[tuple[str, str]]:
    """Name the file that an address is, or list the files in a folder or pattern: each its name there and its address.

    Raises:
        InputError: if there is nothing, or it cannot be looked at.
    """
    with _explaining(given):
        system, path = connect(given)
        try:
            found, why = system.info(path), None
        except FileNotFoundError as error:
            found, why = None, error.__cause__
        if found is not None and found["type"] != "directory":
            return _last(redact(path))
        if found is not None:
            root = path.rstrip("/")
            return _walk(given, system, root, root)
        matches = sorted(system.glob(path, detail=True).items()) if re.search(r"[*?[]", path) else []
    if not matches:
        because = f" ({first_line_of(why)})" if why else ""
        message = (
            f"There is nothing at {redact(given)}{because}. Check the address, and that you may list what is there."
        )
        raise InputError(message)
    return _match(given, system, re.split(r"[^/]*[*?[]", path, maxsplit=1)[0].rstrip("/"), matches)


def _walk(given: str, system: Any, folder: str, root: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - fsspec has no types
    """List a folder's files in path order; hidden ones are left aside."""
    with _explaining(given):
        listed = sorted(system.ls(folder, detail=True), key=lambda entry: str(entry["name"]))
    for entry in listed:
        path = str(entry["name"]).rstrip("/")
        if path == folder or _last(path).startswith("."):
            continue
        if entry["type"] == "directory":
            yield from _walk(given, system, path, root)
        else:
            yield _name(path, root), system.unstrip_protocol(path)


def _match(given: str, system: Any, root: str, matches: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    for path, entry in matches:
        if any(part.startswith(".") for part in _name(path, root).split("/")):
            continue
        if entry["type"] != "directory":
            yield _name(path, root), system.unstrip_protocol(path)
        elif "**" not in given:  # otherwise the pattern itself reaches what lies inside
            yield from _walk(given, system, path.rstrip("/"), root)


def _name(path: str, root: str) -> str:
    return redact(path).removeprefix(redact(root)).lstrip("/")


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


@contextlib.contextmanager
def open_remote(address: str) -> Iterator[io.BufferedReader[Any]]:
    """Open a file on another machine; whatever its library raises comes as an OSError, as from a disk."""
    with _raising_os_errors():
        system, path = connect(address)
        file = system.open(path, "rb", block_size=BLOCK)
    with contextlib.closing(file), io.BufferedReader(_Remote(file)) as reader:
        yield reader


class _Remote(io.RawIOBase):
    """A remote file whose errors are those of a file."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - fsspec has no types
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        with _raising_os_errors():
            return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        with _raising_os_errors():
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer
        with _raising_os_errors():
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@contextlib.contextmanager
def _raising_os_errors() -> Iterator[None]:
    """Turn whatever a library of another system raises into an OSError, as a file on a disk would raise."""
    try:
        yield
    except Exception as error:
        raise OSError(None, first_line_of(error)) from error


@contextlib.contextmanager
def _explaining(given: str) -> Iterator[None]:
    """Turn whatever a library of another system raises into an InputError about an address."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise InputError(explain_failure(given, error, "Reading", "look at")) from error
