"""What is installed: Tolk, the Python under it, the libraries that it needs and those that it could use."""

from __future__ import annotations

import importlib
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.requirements import Requirement

import pipeline
from pipeline.advice import advise_install
from pipeline.doctor.finding import SET_UP, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST: Final = (3, 11)
IMPORTED: Final = ("ctranslate2", "sentencepiece", "fasttext", "ftfy", "zstandard")
"""Libraries with compiled parts, or without which nothing goes: that they are installed says little."""
FOR_DEVELOPERS: Final = frozenset({"docs", "downstream", "lint", "test", "train"})
"""Extras that no user lacks."""


def list_installed() -> Iterator[Finding]:
    """Look at Tolk, Python, and every library that Tolk must have."""
    yield Finding(
        subject="tolk", name="tolk", state="ok", found=f"{pipeline.__version__}, {Path(__file__).parent.parent}"
    )
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST:
        mend = "Set Tolk up with a newer one: make setup PYTHON=python3.12"
        yield Finding(subject="tolk", name="python", state="broken", found=f"{python} is too old", mend=mend)
    else:
        yield Finding(subject="tolk", name="python", state="ok", found=f"{python}, {sys.executable}")
    for needed in _requirements(""):
        yield _look_at(needed, "tolk", absent="broken", mend=SET_UP)
    for name in IMPORTED:
        try:
            importlib.import_module(name)
        except ImportError as error:
            yield Finding(subject="tolk", name=name, state="broken", found=f"cannot be loaded: {error}", mend=SET_UP)


def list_extras() -> Iterator[Finding]:
    """Look at the libraries that only some formats and commands need."""
    for extra in sorted(set(_metadata().get_all("Provides-Extra") or ()) - FOR_DEVELOPERS):
        asked = list(_requirements(extra))
        # Not by the extra's name: pip would install all that argostranslate asks for, torch among it.
        mend = f"If you need it: {advise_install(*map(_name, asked))}"
        found = [_look_at(needed, "extras", absent="note", mend=mend) for needed in asked]
        missing = [finding for finding in found if finding.state != "ok"]
        told = "; ".join(f"{finding.name} {finding.found}" for finding in missing or found)
        if missing:
            yield Finding(subject="extras", name=extra, state="note", found=told, mend=mend)
        else:
            yield Finding(subject="extras", name=extra, state="ok", found=told)


def _metadata() -> metadata.PackageMetadata:
    return metadata.metadata("tolk")


def _requirements(extra: str) -> Iterator[Requirement]:
    """Give what Tolk asks for, always or with an extra, on this machine."""
    for line in _metadata().get_all("Requires-Dist") or ():
        needed = Requirement(line)
        if needed.name == "tolk":
            continue
        applies = needed.marker is None or needed.marker.evaluate({"extra": extra})
        if applies and ("extra" in str(needed.marker or "")) == bool(extra):
            yield needed


def _name(needed: Requirement) -> str:
    """Name a library as pip wants it."""
    return str(needed).partition(";")[0].strip()


def _look_at(needed: Requirement, subject: str, *, absent: str, mend: str) -> Finding:
    try:
        version = metadata.version(needed.name)
    except metadata.PackageNotFoundError:
        return _finding(subject, needed.name, absent, "is not installed", mend)
    if not needed.specifier.contains(version, prereleases=True):
        return _finding(subject, needed.name, absent, f"{version} is not {needed.specifier}", mend)
    return _finding(subject, needed.name, "ok", version, "")


def _finding(subject: str, name: str, state: str, found: str, mend: str) -> Finding:
    return Finding(subject=subject, name=name, state=state, found=found, mend=mend)  # type: ignore[arg-type]
