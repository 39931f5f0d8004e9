"""What a shell is offered when a person asks it to complete a word; a completion that fails offers nothing."""

from __future__ import annotations

from typing import get_args


def complete_language(incomplete: str) -> list[str]:
    """Offer the languages that packages translate; behind a comma, those that are not named yet."""
    named, comma, begun = incomplete.rpartition(",")
    known = _source_languages()
    return [named + comma + lang for lang in known if lang.startswith(begun) and lang not in named.split(",")]


def complete_pair(incomplete: str) -> list[str]:
    """Offer the pairs that Tolk knows of, installed or not."""
    from pipeline.packages.model_store import models_folder
    from pipeline.packages.provenance import read_catalogue

    pairs = {entry.name.removeprefix("translate-") for entry in read_catalogue(models_folder()).packages}
    return [pair for pair in sorted(pairs) if pair.startswith(incomplete)]


def complete_installed(incomplete: str) -> list[str]:
    """Offer the pairs that were installed: what can be removed."""
    from pipeline.packages.model_store import list_packages

    pairs = {f"{p.from_code}_{p.to_code}" for p in list_packages() if not p.embedded}
    return [pair for pair in sorted(pairs) if pair.startswith(incomplete)]


def complete_detector(incomplete: str) -> list[str]:
    """Offer the detectors."""
    from pipeline.settings import DetectorName

    return [name for name in get_args(DetectorName) if name.startswith(incomplete)]


def complete_device(incomplete: str) -> list[str]:
    """Offer what can decode."""
    from pipeline.settings import DeviceName

    return [name for name in get_args(DeviceName) if name.startswith(incomplete)]


def complete_format(incomplete: str) -> list[str]:
    """Offer the formats of an export."""
    from pipeline.export import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def complete_flag(incomplete: str) -> list[str]:
    """Offer the flags that a pair may have."""
    return [name for name in list_flags() if name.startswith(incomplete)]


def list_flags() -> tuple[str, ...]:
    """List the flags that a pair may have: the faults of a translation, and why there is none."""
    from pipeline.translate.faults import FAULTS
    from pipeline.translate.stage import UNDETERMINED, UNSUPPORTED

    return (*FAULTS, UNDETERMINED, UNSUPPORTED)


def _source_languages() -> list[str]:
    from pipeline.packages.model_store import list_packages

    return sorted({package.from_code for package in list_packages()})
