"""Find and open Argos packages: those that were installed, else the embedded ones.

Only `metadata.json` tells which languages a package translates; the names of folders differ from maker to maker.
"""

from __future__ import annotations

import functools
import hashlib
import os
from pathlib import Path
from typing import Annotated, Final

import msgspec
from packaging.version import InvalidVersion, Version

from pipeline.errors import PackageError

TOKENIZERS: Final = ("sentencepiece.model", "bpe.model")
MODEL_FILE: Final = "model/model.bin"
METADATA_FILE: Final = "metadata.json"
MAX_METADATA_BYTES: Final = 2**20

_Code = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")]
_Name = Annotated[str, msgspec.Meta(max_length=80)]


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


class BrokenPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that stands where packages stand and cannot be used as one."""

    path: Path
    problem: str
    embedded: bool


class _Metadata(msgspec.Struct):
    """What Tolk reads of a package's `metadata.json`."""

    package_version: Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z.+_-]{1,40}$")]
    from_code: _Code
    to_code: _Code
    from_name: _Name = ""
    to_name: _Name = ""
    type: str = "translate"
    target_prefix: _Name = ""


def models_folder() -> Path:
    """Give the folder of the embedded packages: the checkout's `models/`, or the copy inside an installed Tolk."""
    home = Path(__file__).resolve().parent
    packed = home / "_models"
    return packed if packed.is_dir() else home.parent / "models"


def store_folder() -> Path:
    """Give the folder that packages are installed in; it is made by the first installation."""
    if folder := os.environ.get("TOLK_MODELS"):
        return Path(folder).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME", "")
    # The XDG rules: a relative path is to be ignored.
    root = Path(data) if os.path.isabs(data) else Path("~/.local/share").expanduser()  # noqa: PTH117
    return root / "tolk" / "packages"


def list_packages() -> list[ModelPackage]:
    """List the packages that look usable, the preferred one of each pair first: installed, then embedded."""
    return [found for found in _read_folders() if isinstance(found, ModelPackage)]


def list_broken() -> list[BrokenPackage]:
    """List the folders among the packages that cannot be used, with the reason."""
    return [found for found in _read_folders() if isinstance(found, BrokenPackage)]


def find_package(from_code: str, to_code: str = "en") -> ModelPackage:
    """Give the package to translate with: an installed one before an embedded one, then the highest version."""
    for package in list_packages():
        if (package.from_code, package.to_code) == (from_code, to_code):
            return package
    broken = "".join(f"; {found.path} cannot be used: {found.problem}" for found in list_broken())
    message = (
        f"No package translates {from_code!r} into {to_code!r}, neither in {store_folder()} nor in {models_folder()}"
        f"{broken}. Install one: tolk models install {from_code}_{to_code}"
    )
    raise PackageError(message)


def read_package(path: Path, *, embedded: bool = False) -> ModelPackage:
    """Read a package's folder and check that its parts are there; nothing is loaded."""
    metadata = read_metadata(path / METADATA_FILE)
    if not (path / MODEL_FILE).is_file():
        message = f"{path} holds no {MODEL_FILE}, so it is no translation package. Install it anew from its file."
        raise PackageError(message)
    if not any((path / tokenizer).is_file() for tokenizer in TOKENIZERS):
        message = f"{path} holds neither {' nor '.join(TOKENIZERS)}. Install it anew from its file."
        raise PackageError(message)
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


def read_metadata(path: Path) -> _Metadata:
    """Read and check a `metadata.json`: what it says becomes folder names and terminal output."""
    try:
        with path.open("rb") as file:
            metadata = msgspec.json.decode(file.read(MAX_METADATA_BYTES), type=_Metadata)
        Version(metadata.package_version)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}. Install the package anew from its file."
        raise PackageError(message) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, InvalidVersion) as error:
        message = f"{path} is not the metadata of an Argos package: {error}. Install the package anew from its file."
        raise PackageError(message) from error
    if metadata.type != "translate":
        message = f"{path} describes a package of type {metadata.type!r}; Tolk uses 'translate' packages only."
        raise PackageError(message)
    if not f"{metadata.from_name}{metadata.to_name}{metadata.target_prefix}".isprintable():
        message = f"{path} has control characters in its names. Get the package anew from where it came."
        raise PackageError(message)
    return metadata


def hash_package(path: Path) -> str:
    """Hash the files that decide a translation (metadata, tokenizer, model; no README), names and bytes in order."""
    total = hashlib.sha256()
    for name in sorted(_list_content(path)):
        with (path / name).open("rb") as file:
            total.update(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n".encode())
    return total.hexdigest()


def _list_content(path: Path) -> list[str]:
    model = [f"model/{file.name}" for file in (path / "model").iterdir() if file.suffix in {".bin", ".json", ".txt"}]
    return [METADATA_FILE, *(name for name in TOKENIZERS if (path / name).is_file()), *model]


def _read_folders() -> list[ModelPackage | BrokenPackage]:
    installed = [_read_or_blame(path, embedded=False) for path in _list_folders(store_folder(), "[!.]*")]
    embedded = [_read_or_blame(path, embedded=True) for path in _list_folders(models_folder(), "translate-*")]
    return sorted(installed, key=_prefer, reverse=True) + sorted(embedded, key=_prefer, reverse=True)


def _list_folders(folder: Path, pattern: str) -> list[Path]:
    return [path for path in folder.glob(pattern) if path.is_dir()]


def _read_or_blame(path: Path, *, embedded: bool) -> ModelPackage | BrokenPackage:
    try:
        return read_package(path, embedded=embedded)
    except PackageError as error:
        return BrokenPackage(path=path, problem=str(error), embedded=embedded)


def _prefer(found: ModelPackage | BrokenPackage) -> tuple[Version, str]:
    version = found.version if isinstance(found, ModelPackage) else "0"
    return Version(version), found.path.name
