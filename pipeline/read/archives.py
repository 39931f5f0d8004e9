"""Archives and documents in packings of their own, told by their first bytes: read as text, they would be garbage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.errors import InputError
from pipeline.read.unpack import sniff_packing, unpack

if TYPE_CHECKING:
    from pathlib import Path

ARCHIVES: Final = (
    ("a ZIP archive, or a document that is one", 0, (b"PK\x03\x04", b"PK\x05\x06")),
    ("a 7z archive", 0, (b"7z\xbc\xaf\x27\x1c",)),
    ("a RAR archive", 0, (b"Rar!\x1a\x07",)),
    ("a tar archive", 257, (b"ustar",)),
    ("packed with lz4", 0, (b"\x04\x22\x4d\x18",)),
    ("packed with lzip", 0, (b"LZIP\x01",)),
    ("packed with compress", 0, (b"\x1f\x9d",)),
    ("packed twice", 0, (b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")),
    ("a PDF", 0, (b"%PDF-",)),
)
"""What is no text once its packing is undone, where its mark stands, and the mark."""


def find_archive(head: bytes) -> str | None:
    """Tell by the first bytes, unpacked, what must be unpacked or converted before it is sent.

    >>> find_archive(b"%PDF-1.7"), find_archive(b"PK is short for a name")
    ('a PDF', None)
    """
    return next((what for what, at, marks in ARCHIVES if head.startswith(marks, at)), None)


def refuse_archive(head: bytes, name: str) -> None:
    """Stop at what is no text, by its first bytes.

    Raises:
        InputError: saying what it is.
    """
    if archive := find_archive(head):
        message = (
            f"{name} is {archive}, and no text. Unpack it first and name what is in it, or take its text out with "
            "another tool."
        )
        raise InputError(message)


def look_into(path: Path) -> bytes:
    """Give the first bytes of a file below its packing; of one that cannot be unpacked, none."""
    try:
        with path.open("rb") as raw:
            return next(unpack(raw, sniff_packing(raw)), b"")
    except Exception:  # noqa: BLE001 - each packing's library has errors of its own, and all mean the same here
        return b""
