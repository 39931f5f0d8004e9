"""Find, verify and open Argos packages: those that were installed, else the embedded ones.

Only `metadata.json` tells which languages a package translates; the names of folders differ from maker to maker.
"""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from packaging.version import Version

from pipeline.errors import PackageError
from pipeline.packages.argos import open_argos_tokenizer
from pipeline.packages.provenance import (
    METADATA_FILE,
    REINSTALL,
    clean_line,
    read_catalogue,
    read_metadata,
    read_record,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.packages.argos import Tokenizer

TOKENIZERS: Final = ("sentencepiece.model", "bpe.model")
MODEL_FILE: Final = "model/model.bin"


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


def models_folder() -> Path:
    """Give the folder of the embedded packages: the checkout's `models/`, or the copy inside an installed Tolk."""
    home = Path(__file__).resolve().parent.parent
    packed = home / "_models"
    return packed if packed.is_dir() else home.parent / "models"


def store_folder() -> Path:
    """Give the folder that packages are installed in; it is made by the first installation."""
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    if not data.is_absolute():  # which the XDG rules say to ignore
        data = Path("~/.local/share")
    try:
        return Path(os.environ.get("TOLK_MODELS") or data / "tolk" / "packages").expanduser().absolute()
    except RuntimeError as error:
        message = f"No home folder to keep packages in: {error} Name a folder for them: TOLK_MODELS=/path tolk …"
        raise PackageError(message) from error


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
    for names in ((MODEL_FILE,), TOKENIZERS):
        if not any((path / name).is_file() for name in names):
            message = f"{path} holds no {' and no '.join(names)}. {REINSTALL}"
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


def open_tokenizer(package: ModelPackage) -> Tokenizer:
    """Open Argos's own tokenizer for a package, SentencePiece or BPE with Moses."""
    return open_argos_tokenizer(package.path)


def verify_package(package: ModelPackage) -> list[str]:
    """Look for whatever is wrong with a package; each problem is a sentence, and none means that it is sound."""
    return find_faults(package) or find_doubts(package)


def find_faults(package: ModelPackage) -> list[str]:
    """Look for what makes a package unusable, or other than it was."""
    try:
        read_package(package.path)
    except PackageError as error:
        return [str(error)]
    return [*_find_differences(package), *_try_tokenizer(package), *_try_model(package)]


def find_doubts(package: ModelPackage) -> list[str]:
    """Look for weights that open and mean nothing: no sound model is wholly certain of all its words, or of none.

    Weights that were quantised twice do that, and nothing else shows it.
    """
    tokens = open_tokenizer(package).encode("A test.")
    result = _open_model(package).translate_batch([tokens], beam_size=1, max_decoding_length=16, return_scores=True)
    if math.isfinite(result[0].scores[0]) and result[0].scores[0] != 0:
        return []
    return [f"The model in {package.path} opens, but its weights seem damaged. Get the package anew from its maker."]


def _find_differences(package: ModelPackage) -> Iterator[str]:
    try:
        expected = _expected_hash(package)
        found = hash_package(package.path)
    except (PackageError, OSError) as error:
        yield str(error)
        return
    if expected not in {"", found}:
        yield (
            f"{package.path} has changed since it was installed: the sha256 of its content is {found} and should be "
            f"{expected}. {'Install Tolk anew.' if package.embedded else REINSTALL}"
        )


def _expected_hash(package: ModelPackage) -> str:
    """Give the hash that the catalogue or the installation's record knows; empty where nothing is known."""
    if not package.embedded:
        record = read_record(package.path)
        return record.sha256 if record else ""
    entry = read_catalogue(models_folder()).find(package.name, package.version, embedded=True)
    return entry.sha256 if entry else ""


def _try_tokenizer(package: ModelPackage) -> Iterator[str]:
    try:
        open_tokenizer(package)
    except PackageError as error:
        yield str(error)


def _try_model(package: ModelPackage) -> Iterator[str]:
    try:
        _open_model(package).translate_batch([["a"]], beam_size=1, max_decoding_length=1)
    except Exception as error:  # noqa: BLE001 - CTranslate2 raises whatever its parser trips over
        yield f"CTranslate2 cannot read the model in {package.path}: {clean_line(error)}. {REINSTALL}"


def _open_model(package: ModelPackage) -> Any:  # noqa: ANN401 - ctranslate2 has no types
    import ctranslate2

    return ctranslate2.Translator(str(package.path / "model"), device="cpu", intra_threads=1)


def hash_package(path: Path) -> str:
    """Hash the files that decide a translation (metadata, tokenizer, model; no README), names and bytes in order."""
    total = hashlib.sha256()
    for name in sorted(_list_content(path)):
        with (path / name).open("rb") as file:
            total.update(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n".encode())
    return total.hexdigest()


def _list_content(path: Path) -> list[str]:
    kept = {".bin", ".json", ".txt"}
    model = [f"model/{file.name}" for file in (path / "model").iterdir() if file.suffix in kept and file.is_file()]
    return [METADATA_FILE, *(name for name in TOKENIZERS if (path / name).is_file()), *model]


def _read_folders() -> list[ModelPackage | BrokenPackage]:
    installed = [_read_or_blame(path, embedded=False) for path in _list_folders(store_folder(), "[!.]*")]
    embedded = [_read_or_blame(path, embedded=True) for path in _list_folders(models_folder(), "translate-*")]
    preferred = sorted(installed + embedded, key=_rank, reverse=True)
    return sorted(preferred, key=lambda found: (found.embedded, getattr(found, "name", "~")))


def _list_folders(folder: Path, pattern: str) -> list[Path]:
    try:
        paths = sorted(folder.iterdir()) if folder.exists() else []
    except OSError as error:
        message = f"The packages in {folder} cannot be listed: {error.strerror}. Name another folder: TOLK_MODELS=/path"
        raise PackageError(message) from error
    return [path for path in paths if fnmatch.fnmatch(path.name, pattern) and path.is_dir()]


def _read_or_blame(path: Path, *, embedded: bool) -> ModelPackage | BrokenPackage:
    try:
        return read_package(path, embedded=embedded)
    except (PackageError, OSError) as error:
        return BrokenPackage(path=path, problem=str(error), embedded=embedded)


def _rank(found: ModelPackage | BrokenPackage) -> tuple[Version, int]:
    """Order by version; of two with the same, the one that was unpacked last."""
    if isinstance(found, BrokenPackage):
        return Version("0"), 0
    try:
        return Version(found.version), (found.path / METADATA_FILE).stat().st_mtime_ns
    except OSError:  # it was removed in the meantime
        return Version("0"), 0
