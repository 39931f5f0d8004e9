"""Take a model package out of its zip file without trusting a byte of it.

Every entry is judged before the first one is written; what Tolk has no use for (pickles of sentence splitters, scripts,
anything unknown) stays in the zip.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, Final

from pipeline.errors import PackageError
from pipeline.packages.provenance import clean_line

if TYPE_CHECKING:
    from pathlib import Path

KEPT: Final = re.compile(
    r"metadata\.json|README\.md|sentencepiece\.model|bpe\.model|model/(model\.bin|[\w.-]{1,100}\.(json|txt))"
)
"""What is taken out of a package, relative to its one top-level folder."""

MAX_ENTRIES: Final = 1000
MAX_DIRECTORY_BYTES: Final = 2**20
"""Of the zip's table of contents, which zipfile holds in memory whole."""
MAX_TOTAL_BYTES: Final = 4 * 2**30 - 1
MAX_RATIO: Final = 100
"""Unpacked to packed: vocabularies reach 4, weights 2."""
SMALL_BYTES: Final = 2**20
"""Up to this size an entry may be packed as tightly as it likes."""
MAX_NAME_CHARS: Final = 255

_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_END_SIGNATURE: Final = b"PK\x05\x06"
_ZIP64_SIGNATURE: Final = b"PK\x06\x07"
_END_BYTES: Final = 22
_COPY_BYTES: Final = 2**20


def unpack_package(archive: BinaryIO, folder: Path) -> None:
    """Unpack a package's files into an empty folder, or raise PackageError with the first reason not to."""
    try:
        check_end(archive)
        with zipfile.ZipFile(archive) as opened:
            for name, info in check_entries(opened.infolist()).items():
                _write_entry(opened, info, folder / name)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError) as error:
        message = f"it is no sound zip file ({clean_line(error)})"
        raise PackageError(message) from error


def check_end(archive: BinaryIO) -> None:
    """Judge the zip's last record before zipfile reads the table of contents that it announces."""
    size = archive.seek(0, os.SEEK_END)
    archive.seek(max(0, size - 2**16 - 2 * _END_BYTES))
    tail = archive.read()
    at = len(tail) - _END_BYTES  # where zipfile looks first
    if at < 0 or tail[at : at + 4] != _END_SIGNATURE or tail[-2:] != b"\0\0":
        at = tail.rfind(_END_SIGNATURE)
    _refuse_if(at < 0, "it is no zip file, or one that was cut short")
    _refuse_if(_ZIP64_SIGNATURE in tail[max(0, at - 20) : at], "it is a zip64 file, larger than any model package")
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    _refuse_if(entries > MAX_ENTRIES or length > MAX_DIRECTORY_BYTES, f"it has more than {MAX_ENTRIES} entries")


def check_entries(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Judge all entries of a package; give those to unpack by their names inside the package's one folder."""
    _refuse_if(len(infos) > MAX_ENTRIES, f"it has more than {MAX_ENTRIES} entries")
    for info in infos:
        _check_name(info.orig_filename)
        _check_kind(info)
    _check_clashes(infos)
    _check_sizes(infos)
    tops = {info.filename.split("/")[0] for info in infos}
    _refuse_if(len(tops) != 1, f"it has {len(tops)} top-level folders instead of one")
    inside = {info.filename.partition("/")[2]: info for info in infos if not info.is_dir()}
    return {name: info for name, info in inside.items() if KEPT.fullmatch(name)}


def _check_name(name: str) -> None:
    parts = name.removesuffix("/").split("/")
    _refuse_if(name.startswith("/"), f"its entry {name!r} has an absolute path")
    _refuse_if(".." in parts, f"its entry {name!r} leads out of the package")
    _refuse_if("\\" in name or ":" in name, f"its entry {name!r} has a backslash or a colon in its name")
    _refuse_if(
        "" in parts or "." in parts or len(name) > MAX_NAME_CHARS, f"its entry {name[:80]!r} has an unclear name"
    )
    _refuse_if(not name.isprintable(), f"its entry {name!r} has control characters in its name")


def _check_kind(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    allowed = {0, stat.S_IFDIR} if info.is_dir() else {0, stat.S_IFREG}
    _refuse_if(kind == stat.S_IFLNK, f"its entry {info.filename!r} is a link")
    _refuse_if(kind not in allowed, f"its entry {info.filename!r} is neither a file nor a folder")
    _refuse_if(bool(info.flag_bits & _ENCRYPTED), f"its entry {info.filename!r} is encrypted")
    known = info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    _refuse_if(not known, f"its entry {info.filename!r} is packed by a method that model packages do not use")


def _check_clashes(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that some file system would write over each other."""
    files: set[str] = set()
    folders: set[str] = set()
    for info in infos:
        path = unicodedata.normalize("NFC", unicodedata.normalize("NFC", info.filename).casefold()).removesuffix("/")
        _refuse_if(path in files or (info.is_dir() and path in folders), f"its entry {info.filename!r} comes twice")
        (folders if info.is_dir() else files).add(path)
        folders.update(path[:at] for at, char in enumerate(path) if char == "/")
    _refuse_if(bool(files & folders), "it has a file and a folder of one name")


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse bombs: entries that claim to grow beyond reason, or that share their packed bytes."""
    for info in infos:
        _refuse_if(
            _is_bomb([info]), f"its entry {info.filename!r} grows more than {MAX_RATIO}-fold when it is unpacked"
        )
    _refuse_if(_is_bomb(infos), f"it grows more than {MAX_RATIO}-fold when it is unpacked")
    _refuse_if(sum(info.file_size for info in infos) > MAX_TOTAL_BYTES, "it is more than 4 GB when it is unpacked")
    ordered = sorted(infos, key=lambda info: info.header_offset)
    shared = any(one.header_offset + one.compress_size >= other.header_offset for one, other in pairwise(ordered))
    _refuse_if(shared, "its entries overlap")


def _is_bomb(infos: list[zipfile.ZipInfo]) -> bool:
    packed = sum(info.compress_size for info in infos)
    return sum(info.file_size for info in infos) > max(SMALL_BYTES, MAX_RATIO * packed)


def _write_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    """Write one entry, counting what really comes out of it."""
    target.parent.mkdir(exist_ok=True)
    written = 0
    with archive.open(info) as packed, target.open("xb") as file:
        while block := packed.read(_COPY_BYTES):
            written += len(block)
            _refuse_if(written > info.file_size, f"its entry {info.filename!r} holds more than it declares")
            file.write(block)
        _refuse_if(written < info.file_size, f"its entry {info.filename!r} holds less than it declares")
        file.flush()
        os.fsync(file.fileno())


def _refuse_if(refused: bool, reason: str) -> None:  # noqa: FBT001 - it reads as a sentence
    if refused:
        raise PackageError(reason)
