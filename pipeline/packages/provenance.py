"""Where a package is from: its own metadata, the catalogue's entry, the record of its installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from packaging.version import InvalidVersion, Version

from pipeline.errors import PackageError

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE_FILE: Final = "catalogue.json"
METADATA_FILE: Final = "metadata.json"
RECORD_FILE: Final = "installed.json"
MAX_METADATA_BYTES: Final = 2**20
REINSTALL: Final = "Install the package anew from its file."

_Code = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}\\Z")]
_Name = Annotated[str, msgspec.Meta(max_length=80)]


class Metadata(msgspec.Struct, frozen=True):
    """What Tolk reads of a package's `metadata.json`."""

    package_version: Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z.+_-]{1,40}\\Z")]
    from_code: _Code
    to_code: _Code
    from_name: _Name = ""
    to_name: _Name = ""
    type: _Name = "translate"
    target_prefix: _Name = ""


class CatalogueEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a package that Tolk knows."""

    name: str
    version: str
    embedded: bool = False
    licence: str
    origin: str
    sha256: str = ""
    """Hash of the unpacked content, as `tolk models list` shows it; empty where it is not known."""
    archive_sha256: str = ""
    """Hash of the `.argosmodel` file; empty where it is not known."""


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The packages that Tolk knows."""

    schema: Literal["tolk.catalogue/1"]
    packages: tuple[CatalogueEntry, ...]

    def find(self, name: str, version: str, *, embedded: bool) -> CatalogueEntry | None:
        """Give the entry of a package that came with Tolk, or of one that did not."""
        wanted = (name, version, embedded)
        return next((entry for entry in self.packages if (entry.name, entry.version, entry.embedded) == wanted), None)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation leaves beside the package, for `tolk models verify` to compare with."""

    origin: str
    """The file's path, or the address that it was downloaded from."""
    archive_sha256: str
    sha256: str
    """Hash of the unpacked content."""
    verified: bool
    """Whether the catalogue knew the file's hash; where it did not, the hash is merely what came."""


def clean_line(text: object) -> str:
    r"""Make what came from a package or a server fit for a terminal: one line without control characters.

    >>> clean_line("it is\n\x1b[2Jbroken")
    'it is �[2Jbroken'
    """
    return "".join(char if char.isprintable() else "�" for char in " ".join(str(text).split()))


def read_metadata(path: Path) -> Metadata:
    """Read and check a `metadata.json`: what it says becomes folder names and terminal output."""
    try:
        with path.open("rb") as file:
            metadata = msgspec.json.decode(file.read(MAX_METADATA_BYTES), type=Metadata)
        Version(metadata.package_version)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise PackageError(message, mend=REINSTALL) from error
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, InvalidVersion) as error:
        message = f"{path} is not the metadata of an Argos package: {clean_line(error)}"
        raise PackageError(message, mend=REINSTALL) from error
    if metadata.type != "translate":
        message = f"{path} describes a package of type {metadata.type!r}; Tolk uses 'translate' packages only"
        raise PackageError(message, mend="Choose another package.")
    if not f"{metadata.from_name}{metadata.to_name}{metadata.target_prefix}".isprintable():
        message = f"{path} has control characters in its names"
        raise PackageError(message, mend="Get the package anew from where it came.")
    return metadata


def read_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue in the folder of the embedded packages."""
    path = folder / CATALOGUE_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Catalogue)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"The catalogue {path} cannot be read: {error}"
        raise PackageError(message, mend="Install Tolk anew.") from error


def read_record(package: Path) -> Record | None:
    """Read what was recorded at a package's installation; None where it was placed by hand."""
    path = package / RECORD_FILE
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Record)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"The record {path} cannot be read: {error}"
        raise PackageError(message, mend=REINSTALL) from error


def write_record(package: Path, record: Record) -> None:
    """Write what was seen at a package's installation beside its content."""
    (package / RECORD_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
