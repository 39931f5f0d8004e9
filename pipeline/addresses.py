"""Addresses of files on other machines: told from paths, shown without credentials, opened through fsspec."""

from __future__ import annotations

import os
import re
from typing import Any, Final

from pipeline.advice import advise_install

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


def strip_scheme(given: str) -> str:
    """Give the path of an address that is a file on this machine; any other, and a path, stays.

    >>> strip_scheme("file:///dump/a.txt"), strip_scheme("s3://bucket/a.txt")
    ('/dump/a.txt', 's3://bucket/a.txt')
    """
    return given.removeprefix("file://")


def redact(text: str) -> str:
    """Take logins and signatures out of addresses.

    >>> redact("ftp://me:secret@host/a.txt"), redact("https://host/a.txt?sig=secret"), redact("s3://bucket/page?.txt")
    ('ftp://host/a.txt', 'https://host/a.txt', 's3://bucket/page?.txt')
    """
    return _QUERY.sub(r"\1", _LOGIN.sub("", text))


def plain(name: str) -> str:
    """Make a name printable, without credentials: one that is not UTF-8 must not stop the record that carries it."""
    return os.fsencode(redact(name)).decode("utf-8", "replace")


def connect(address: str, *, shared: bool = True) -> tuple[Any, str]:
    """Find the file system that an address names, and the path there; not `shared`, it has a line of its own."""
    from fsspec.core import url_to_fs

    system, path = url_to_fs(address, skip_instance_cache=not shared)
    return system, str(path)


def explain_failure(given: str, error: Exception, doing: str, do: str) -> str:
    """Say what went wrong with an address."""
    if isinstance(error, ImportError):
        names = [EXTRAS[scheme] for scheme in map(str.lower, _SCHEME.findall(given)) if scheme in EXTRAS]
        how = f"Install it: {advise_install(names[0])}" if names else f"fsspec says: {first_line_of(error)}."
        return f"{doing} {redact(given)} needs a library that is not installed. {how}"
    return f"Cannot {do} {redact(given)}: {first_line_of(error)}. Check the address, your access and the network."


def first_line_of(error: BaseException) -> str:
    """Give the first line of what a library says, without credentials."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return redact(str(reason).strip().splitlines()[0].rstrip("."))[:300]
