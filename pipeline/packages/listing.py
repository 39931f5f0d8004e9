"""The packages of this machine as records: what there is, and whether it is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pipeline.manifest import PackageEntry, describe_package
from pipeline.packages.model_store import list_broken, list_packages
from pipeline.packages.verify import verify_package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class ListedPackage(PackageEntry, frozen=True, kw_only=True):
    """A package that could translate."""

    path: Path

    @property
    def pair(self) -> str:
        """The pair as commands take it."""
        return f"{self.from_lang}_{self.to_lang}"


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
    return [ListedPackage(**describe_package(package), path=package.path) for package in list_packages()]


def verify_packages() -> Iterator[VerifiedPackage]:
    """Check every folder among the packages, one by one."""
    for broken in list_broken():
        yield VerifiedPackage(path=broken.path, label=None, embedded=broken.embedded, problems=(broken.problem,))
    for package in list_packages():
        problems = tuple(map(str, verify_package(package)))
        yield VerifiedPackage(path=package.path, label=package.label, embedded=package.embedded, problems=problems)
