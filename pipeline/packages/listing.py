"""The packages of this machine as records: what there is, and whether it is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pipeline.packages.model_store import list_broken, list_packages
from pipeline.packages.verify import verify_package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class ListedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A package that could translate."""

    name: str
    version: str
    sha256: str
    """Of its content, as pairs and manifests name it."""
    from_lang: str
    to_lang: str
    embedded: bool
    """Whether it came with Tolk."""
    path: Path

    @property
    def pair(self) -> str:
        """The pair as commands take it."""
        return f"{self.from_lang}_{self.to_lang}"

    @property
    def label(self) -> str:
        """What a pair of texts says about where its English is from."""
        return f"{self.name} {self.version} {self.sha256[:8]}"


class VerifiedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A folder among the packages, and all that is wrong with it."""

    path: Path
    label: str | None
    """Name, version and short hash; null where it cannot be read as a package."""
    embedded: bool
    problems: tuple[str, ...] = ()
    """Each a sentence that says what to do; none: it is sound."""


def list_entries() -> list[ListedPackage]:
    """Describe the packages that look usable, the preferred one of each pair first."""
    return [
        ListedPackage(
            name=package.name,
            version=package.version,
            sha256=package.sha256,
            from_lang=package.from_code,
            to_lang=package.to_code,
            embedded=package.embedded,
            path=package.path,
        )
        for package in list_packages()
    ]


def verify_packages() -> Iterator[VerifiedPackage]:
    """Check every folder among the packages, one by one."""
    for broken in list_broken():
        yield VerifiedPackage(path=broken.path, label=None, embedded=broken.embedded, problems=(broken.problem,))
    for package in list_packages():
        problems = tuple(verify_package(package))
        yield VerifiedPackage(path=package.path, label=package.label, embedded=package.embedded, problems=problems)
