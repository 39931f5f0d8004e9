"""Find and open Argos packages: those that were installed, else the embedded ones.

Only `metadata.json` tells which languages a package translates; the names of folders differ from maker to maker.
"""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import shlex
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from packaging.version import Version

from pipeline.errors import PackageError
from pipeline.homes import DATA, find_place
from pipeline.packages.argos import MERGES, PIECES, open_argos_tokenizer
from pipeline.packages.provenance import (
    METADATA_FILE,
    REINSTALL,
    read_metadata,
)
from pipeline.records import TARGET_LANG

if TYPE_CHECKING:
    from pipeline.packages.argos import Tokenizer
    from pipeline.settings import Settings

TOKENIZERS: Final = (PIECES, MERGES)
MODEL_FILE: Final = "model/model.bin"
_warned: Final[set[tuple[Path, str]]] = set()


class ModelPackage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A folder that translates one language into another."""

    version: str
    from_code: str
    from_name: str
    to_code: str
    to_name: str
    target_prefix: str = ""
    """A token that the decoder must be started with; empty for most packages."""
    path: Path
    embedded: bool
    """Whether it came with Tolk."""

    @property
    def name(self) -> str:
        """The package's name in a manifest, whatever its folder is called."""
        return f"translate-{self.from_code}_{self.to_code}"

    @functools.cached_property
    def sha256(self) -> str:
        """Hash of what decides a translation, read from the disk on first use (about a second for 500 MB)."""
        return hash_package(self.path)

    @property
    def label(self) -> str:
        """Name, version and short hash: what a pair says about where its English is from."""
        return f"{self.name} {self.version} {self.sha256[:8]}"


class PackageWarning(UserWarning):
    """An installed package is passed over, and another one translates."""


class BrokenPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that stands where packages stand and cannot be used as one."""

    path: Path
    found: str
    mend: str
    embedded: bool

    @property
    def problem(self) -> str:
        """What is wrong, and what to do about it."""
        return f"{self.found}. {self.mend}"


def models_folder() -> Path:
    """Give the folder of the embedded packages: the checkout's `models/`, or the copy inside an installed Tolk."""
    home = Path(__file__).resolve().parent.parent
    packed = home / "_models"
    return packed if packed.is_dir() else home.parent / "models"


def store_folder() -> Path:
    """Give the folder that packages are installed in; it is made by the first installation."""
    return find_place(DATA, "packages", "TOLK_MODELS")


def list_packages() -> list[ModelPackage]:
    """List the packages that look usable, the preferred one of each pair first: installed, then embedded."""
    return _read_folders()[0]


def list_broken() -> list[BrokenPackage]:
    """List the folders among the packages that cannot be used, with the reason."""
    return _read_folders()[1]


def find_package(from_code: str, to_code: str = "en") -> ModelPackage:
    """Give the package to translate with: an installed one before an embedded one, then the highest version."""
    packages, broken = _read_folders()
    for package in packages:
        if (package.from_code, package.to_code) == (from_code, to_code):
            _warn_once([found for found in broken if not found.embedded])
            return package
    problems = "".join(f"; {found.path} cannot be used: {found.problem}" for found in broken)
    message = (
        f"No package translates {from_code!r} into {to_code!r}, neither in {store_folder()} nor in {models_folder()}"
        f"{problems.rstrip('.')}"
    )
    raise PackageError(message, mend=f"Install one: tolk models install {from_code}_{to_code}")


def find_packages(settings: Settings) -> dict[str, ModelPackage]:
    """Find the package of each language to translate."""
    return {lang: find_package(lang) for lang in settings.languages if lang != TARGET_LANG}


def _warn_once(broken: list[BrokenPackage]) -> None:
    """Say of each broken folder once that it is passed over: what it would have translated cannot be known."""
    for found in broken:
        if (found.path, found.problem) not in _warned:
            _warned.add((found.path, found.problem))
            message = f"The package in {found.path} is passed over, and another is used: {found.problem}"
            warnings.warn(message, PackageWarning, stacklevel=3)


def removal_command(path: Path) -> str:
    """Give the command that removes a folder among the installed packages, whatever is wrong with it."""
    return f"tolk models remove {shlex.quote(path.name)}"


def read_package(path: Path, *, embedded: bool = False) -> ModelPackage:
    """Read a package's folder and check that its parts are there; nothing is loaded."""
    metadata = read_metadata(path / METADATA_FILE)
    for names in ((MODEL_FILE,), TOKENIZERS):
        if not any((path / name).is_file() for name in names):
            message = f"{path} holds no {' and no '.join(names)}"
            raise PackageError(message, mend=REINSTALL)
    return ModelPackage(
        version=metadata.package_version,
        from_code=metadata.from_code,
        from_name=metadata.from_name or metadata.from_code,
        to_code=metadata.to_code,
        to_name=metadata.to_name or metadata.to_code,
        target_prefix=metadata.target_prefix,
        path=path,
        embedded=embedded,
    )


def open_tokenizer(package: ModelPackage) -> Tokenizer:
    """Open Argos's own tokenizer for a package, SentencePiece or BPE with Moses."""
    return open_argos_tokenizer(package.path)


def hash_package(path: Path) -> str:
    """Hash the files that decide a translation (metadata, tokenizer, model; no README), names and bytes in order."""
    total = hashlib.sha256()
    for name in sorted(list_content(path)):
        with (path / name).open("rb") as file:
            total.update(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n".encode())
    return total.hexdigest()


def list_content(path: Path) -> list[str]:
    """Name the files that decide a translation, relative to the package's folder."""
    kept = {".bin", ".json", ".txt"}
    model = [f"model/{file.name}" for file in (path / "model").iterdir() if file.suffix in kept and file.is_file()]
    return [METADATA_FILE, *(name for name in TOKENIZERS if (path / name).is_file()), *model]


def _read_folders() -> tuple[list[ModelPackage], list[BrokenPackage]]:
    """Read every folder where packages stand: the usable ones in order of preference, and the broken ones."""
    packages: list[ModelPackage] = []
    broken: list[BrokenPackage] = []
    for folder, pattern, embedded in ((store_folder(), "[!.]*", False), (models_folder(), "translate-*", True)):
        for path in _list_folders(folder, pattern):
            try:
                packages.append(read_package(path, embedded=embedded))
            except (PackageError, OSError) as error:
                broken.append(_describe_broken(path, error, embedded=embedded))
    packages.sort(key=_rank, reverse=True)
    return sorted(packages, key=lambda package: (package.embedded, package.name)), broken


def _describe_broken(path: Path, error: PackageError | OSError, *, embedded: bool) -> BrokenPackage:
    found, mend = (error.found, error.mend) if isinstance(error, PackageError) else (str(error), REINSTALL)
    if not embedded:
        mend = f"{mend} Or remove it: {removal_command(path)}"
    return BrokenPackage(path=path, found=found, mend=mend, embedded=embedded)


def _list_folders(folder: Path, pattern: str) -> list[Path]:
    try:
        paths = sorted(folder.iterdir()) if folder.exists() else []
    except OSError as error:
        message = f"The packages in {folder} cannot be listed: {error.strerror}"
        raise PackageError(message, mend="Name another folder: TOLK_MODELS=/path") from error
    return [path for path in paths if fnmatch.fnmatch(path.name, pattern) and path.is_dir()]


def _rank(found: ModelPackage) -> tuple[Version, int]:
    """Order by version; of two with the same, the one that was unpacked last."""
    try:
        return Version(found.version), (found.path / METADATA_FILE).stat().st_mtime_ns
    except OSError:  # it was removed in the meantime
        return Version("0"), 0
