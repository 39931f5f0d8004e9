"""Install and remove model packages; nothing appears in the store that was not checked whole.

A package is unpacked beside its place, verified, and renamed. A killed installation leaves a folder whose name begins
with a dot, which nobody reads and the next installation removes.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import re
import secrets
import shutil
from typing import TYPE_CHECKING, Final

from pipeline.addresses import plain
from pipeline.errors import PackageError
from pipeline.files import sync_folder
from pipeline.packages import model_store
from pipeline.packages.provenance import Record, read_catalogue, read_record, write_record
from pipeline.packages.unpack import unpack_package
from pipeline.packages.verify import find_faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.packages.model_store import ModelPackage

LEFTOVER: Final = ".unpacked-"
LOCK_FILE: Final = ".lock"

_PAIR: Final = re.compile(r"(?:translate-)?([a-z]{2,3})_([a-z]{2,3})")


def install_file(path: Path) -> ModelPackage:
    """Install a package from an `.argosmodel` file; the store is unchanged unless all of it is sound."""
    if not path.is_file():
        message = (
            f"{path} is no file. Name an .argosmodel file, or a pair of the Argos index: tolk models install sv_en"
        )
        raise PackageError(message)
    with open_store() as store:
        return _install_archive(path, str(path.absolute()), store)


def install_pair(name: str) -> ModelPackage:
    """Install the newest package of a pair such as `sv_en` from the Argos index: the one use of the network."""
    from pipeline.packages.fetch import download_package

    pair = parse_pair(name)
    with open_store() as store:
        archive, address = download_package(*pair, store)
        try:
            return _install_archive(archive, address, store, pair)
        finally:
            archive.unlink()


def remove_package(name: str) -> list[Path]:
    """Remove all installed versions of a pair, or a broken folder by its name; give the folders that are gone."""
    with open_store() as store:
        found = [entry for entry in model_store.list_packages() if not entry.embedded and _is_named(entry, name)]
        gone = [entry.path for entry in found]
        broken = [entry.path for entry in model_store.list_broken() if not entry.embedded]
        gone += [path for path in broken if path.name == name]
        if not gone:
            message = f"No package {name!r} is installed in {store}. See which are: tolk models list"
            raise PackageError(message + _suggest_removal(broken))
        for path in gone:
            _remove(path)
    return gone


def _suggest_removal(broken: list[Path]) -> str:
    """Name the commands that remove what cannot be told to be a pair's any more."""
    commands = "; ".join(map(model_store.removal_command, broken))
    return f". A broken one is removed by its folder's name: {commands}" if broken else ""


def explain_origin(package: ModelPackage) -> str:
    """Say in a sentence where a package came from and whether anything vouches for it."""
    if package.embedded:
        return f"{package.label} came with Tolk."
    record = read_record(package.path)
    if record is None:
        return f"{package.label} was placed by hand; nothing is known about where it came from."
    known = "as the catalogue has it" if record.verified else "recorded as it came: the catalogue does not know it"
    return f"{package.label} is from {record.origin}, sha256 {record.archive_sha256} ({known})."


def parse_pair(name: str) -> tuple[str, str]:
    """Read a language pair.

    >>> parse_pair("translate-sv_en")
    ('sv', 'en')
    """
    match = _PAIR.fullmatch(name)
    if match is None:
        message = f"{name!r} is no language pair. Name one by its codes: tolk models install sv_en"
        raise PackageError(message)
    return match[1], match[2]


@contextlib.contextmanager
def open_store() -> Iterator[Path]:
    """Make the store if need be, hold it against other installations, and clear away what killed ones left."""
    store = model_store.store_folder()
    try:
        store.mkdir(parents=True, exist_ok=True)
        with (store / LOCK_FILE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for path in store.glob(f"{LEFTOVER}*"):
                _remove(path)
            yield store
    except BlockingIOError as error:
        message = f"Another installation is at work in {store}. Wait for its end and try again."
        raise PackageError(message) from error
    except OSError as error:
        where = error.filename or store
        message = f"{where} cannot be used: {error.strerror}. Name a folder that can: TOLK_MODELS=/path tolk models …"
        raise PackageError(message) from error


def _install_archive(path: Path, origin: str, store: Path, pair: tuple[str, str] | None = None) -> ModelPackage:
    """Unpack, verify and rename a package into an open store."""
    folder, origin = store / f"{LEFTOVER}{secrets.token_hex(4)}", plain(origin)
    folder.mkdir()
    try:
        digest = _unpack(path, folder)
        package = model_store.read_package(folder)
        known = _check_against_catalogue(package, digest)
        _check_package(package, pair)
        write_record(folder, Record(origin=origin, archive_sha256=digest, sha256=package.sha256, verified=known))
        return _move_in(package, store)
    except PackageError as error:
        reason = error.found.replace(str(folder), "its folder")
        message = f"{origin} was not installed: {reason}. Get the package anew from where it came."
        raise PackageError(message) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_package(package: ModelPackage, pair: tuple[str, str] | None) -> None:
    if pair not in {None, (package.from_code, package.to_code)}:
        message = f"it is {package.name}, which is not what the index says"
        raise PackageError(message)
    if faults := find_faults(package):
        raise faults[0]


def _unpack(path: Path, folder: Path) -> str:
    """Unpack a package's file, and give the file's hash."""
    try:
        archive = path.open("rb")
    except OSError as error:
        message = f"it cannot be read ({error.strerror})"
        raise PackageError(message) from error
    with archive:
        digest = hashlib.file_digest(archive, "sha256").hexdigest()
        unpack_package(archive, folder)
    return digest


def _check_against_catalogue(package: ModelPackage, digest: str) -> bool:
    """Tell whether the catalogue vouches for a file; if it knows another one of that name and version, refuse it."""
    entry = read_catalogue(model_store.models_folder()).find(package.name, package.version, embedded=False)
    if entry is None or not entry.archive_sha256:
        return False
    if entry.archive_sha256 != digest:
        message = (
            f"it is not the {package.name} {package.version} that the catalogue knows (its sha256 is {digest}, not "
            f"{entry.archive_sha256}); a package of your own needs a version of its own"
        )
        raise PackageError(message)
    return True


def _move_in(package: ModelPackage, store: Path) -> ModelPackage:
    """Rename an unpacked package to its place, then remove what it replaces: the same version with other content."""
    target = store / f"{package.name}-{package.version}-{package.sha256[:8]}"
    if target.exists() and _is_damaged(target, package):
        _remove(target)
    if not target.exists():
        package.path.rename(target)
        sync_folder(store)
    for found in model_store.list_packages():
        replaced = (found.name, found.version) == (package.name, package.version) and found.path != target
        if replaced and not found.embedded:
            _remove(found.path)
    return model_store.read_package(target)


def _is_damaged(path: Path, package: ModelPackage) -> bool:
    try:
        return model_store.read_package(path).sha256 != package.sha256
    except (PackageError, OSError):
        return True


def _is_named(package: ModelPackage, name: str) -> bool:
    return name in {package.name, package.name.removeprefix("translate-"), package.path.name}


def _remove(path: Path) -> None:
    """Take a folder out of sight in one step, then remove it; a link goes without what it points to."""
    if path.is_symlink():
        path.unlink()
        return
    hidden = path.with_name(f"{LEFTOVER}{secrets.token_hex(4)}")
    path.rename(hidden)
    shutil.rmtree(hidden)
