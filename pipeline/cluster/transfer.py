"""Model packages sent to the nodes: packed once, unpacked once a node under the hash of their content, verified."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from pipeline.errors import PackageError
from pipeline.homes import CACHE, find_place
from pipeline.packages import model_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.packages.model_store import ModelPackage


class PackedPackage(msgspec.Struct, frozen=True):
    """A package's files, and the hash that they must have."""

    name: str
    sha256: str
    files: dict[str, bytes]


def pack(package: ModelPackage) -> PackedPackage:
    """Read the files that decide a translation."""
    names = model_store.list_content(package.path)
    return PackedPackage(package.label, package.sha256, {name: (package.path / name).read_bytes() for name in names})


def unpack(packed: PackedPackage, store: Path) -> ModelPackage:
    """Give the node's copy, which is made if it is not there or not what it should be.

    Raises:
        PackageError: if what arrived is not what was sent.
    """
    folder = store / packed.sha256
    if not _is_whole(folder, packed.sha256):
        _replace(folder, packed.files)
        if not _is_whole(folder, packed.sha256):
            shutil.rmtree(folder, ignore_errors=True)
            message = f"The package {packed.name} reached {os.uname().nodename} damaged or was changed on the way."
            raise PackageError(message + " Run the same command again.")
    return model_store.read_package(folder)


def node_store() -> Path:
    """Give the folder of a node's copies: `tolk/packages` in the cache folder of the user that Ray runs as."""
    return find_place(CACHE, "packages")


def _is_whole(folder: Path, sha256: str) -> bool:
    try:
        return model_store.hash_package(folder) == sha256
    except OSError:
        return False


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files beside the folder, then move them into its place; of two that do so at once, one is left over."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as aside:
        for name, content in files.items():
            path = Path(aside, "new", _inside(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists() and not _is_whole(folder, folder.name):
            folder.rename(Path(aside, "old"))
        try:
            Path(aside, "new").rename(folder)
        except OSError:
            if not folder.is_dir():
                raise


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        message = f"A package that was sent to the cluster holds the name {name!r}, which leads out of its folder."
        raise PackageError(message)
    return path
