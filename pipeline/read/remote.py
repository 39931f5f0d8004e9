"""Files on other machines: any address that fsspec opens; nothing is imported or connected to before one is named."""

from __future__ import annotations

import contextlib
import io
import re
from typing import TYPE_CHECKING, Any, Final

from pipeline.advice import advise_install
from pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRAS: Final = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "http": "aiohttp",
    "https": "aiohttp",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "az": "adlfs",
    "hf": "huggingface_hub",
    "sftp": "paramiko",
    "ssh": "paramiko",
}
"""What brings a scheme, as pip calls it."""
BLOCK: Final = 2**22
"""Bytes that are fetched at a time."""
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*(?:::[a-z0-9+.-]*)*://", re.IGNORECASE)
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*)(?:::|://)", re.IGNORECASE)
_LOGIN: Final = re.compile(r"(?<=://)[^/\s]*@")
_QUERY: Final = re.compile(r"(https?://[^?#\s]*)[?#]\S*")


def is_remote(given: str) -> bool:
    """Tell an address from a path.

    >>> is_remote("s3://bucket/dump"), is_remote("simplecache::s3://bucket"), is_remote("dump/a.txt"), is_remote("a::b")
    (True, True, False, False)
    """
    return _ADDRESS.match(given) is not None


def redact(text: str) -> str:
    """Take logins and signatures out of addresses.

    >>> redact("ftp://me:secret@host/a.txt"), redact("https://host/a.txt?sig=secret"), redact("s3://bucket/page?.txt")
    ('ftp://host/a.txt', 'https://host/a.txt', 's3://bucket/page?.txt')
    """
    return _QUERY.sub(r"\1", _LOGIN.sub("", text))


def find_remote(given: str) -> str | Iterator[tuple[str, str]]:
    """Name the file that an address is, or list the files in a folder or pattern: each its name there and its address.

    Raises:
        InputError: if there is nothing, or it cannot be looked at.
    """
    with _said(given):
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
        because = f" ({_explain(why)})" if why else ""
        message = (
            f"There is nothing at {redact(given)}{because}. Check the address, and that you may list what is there."
        )
        raise InputError(message)
    return _match(given, system, re.split(r"[^/]*[*?[]", path, maxsplit=1)[0].rstrip("/"), matches)


def _walk(given: str, system: Any, folder: str, root: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - fsspec has no types
    """List a folder's files in path order; hidden ones are left aside."""
    with _said(given):
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
    return redact(path).removeprefix(root).lstrip("/")


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


@contextlib.contextmanager
def open_remote(address: str) -> Iterator[io.BufferedReader[Any]]:
    """Open a file on another machine; whatever its library raises comes as an OSError, as from a disk."""
    with _told():
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
        with _told():
            return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        with _told():
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer
        with _told():
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def connect(address: str) -> tuple[Any, str]:
    """Find the file system that an address names, and the path there."""
    from fsspec.core import url_to_fs

    system, path = url_to_fs(address)
    return system, str(path)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise OSError(None, _explain(error)) from error


@contextlib.contextmanager
def _said(given: str) -> Iterator[None]:
    """Put whatever a library of another system raises into one sentence."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise InputError(phrase(given, error, "Reading", "look at")) from error


def phrase(given: str, error: Exception, doing: str, do: str) -> str:
    """Say what went wrong with an address."""
    if isinstance(error, ImportError):
        names = [EXTRAS[scheme] for scheme in map(str.lower, _SCHEME.findall(given)) if scheme in EXTRAS]
        how = f"Install it: {advise_install(names[0])}" if names else f"fsspec says: {_explain(error)}."
        return f"{doing} {redact(given)} needs a library that is not installed. {how}"
    return f"Cannot {do} {redact(given)}: {_explain(error)}. Check the address, your access and the network."


def _explain(error: BaseException) -> str:
    """Give the first line of what a library says, without credentials."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return redact(str(reason).strip().splitlines()[0].rstrip("."))[:300]
