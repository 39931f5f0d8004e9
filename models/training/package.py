"""One model → an Argos package for each language it reads: metadata, model, vocabulary, card."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from models.training.recipe import LANGUAGES

__all__ = ["ARGOS_VERSION", "build_package", "package_name"]

ARGOS_VERSION = "1.9"
"""The oldest Argos Translate that reads such a package."""


def package_name(language: str) -> str:
    """Return the folder's name, as Argos names its own.

    >>> package_name("sv")
    'translate-sv_en'
    """
    return f"translate-{language}_en"


def build_package(
    language: str, folder: Path, *, version: str, model: Path, vocabulary: Path, shortlist: Path, card: str
) -> Path:
    """Make the package `folder/translate-<language>_en` beside what is there, then put it in its place.

    Without a file of that name, the package gets no shortlist.
    """
    target = folder / package_name(language)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".package-") as scratch:
        fresh = Path(scratch, "fresh")
        shutil.copytree(model, fresh / "model")
        shutil.copyfile(vocabulary, fresh / "sentencepiece.model")
        if shortlist.exists():
            shutil.copyfile(shortlist, fresh / "model" / "vmap.txt")
        (fresh / "metadata.json").write_text(_render_metadata(language, version), encoding="utf-8")
        (fresh / "README.md").write_text(card, encoding="utf-8")
        if target.exists():
            target.rename(Path(scratch, "old"))
        fresh.rename(target)
    return target


def _render_metadata(language: str, version: str) -> str:
    metadata = {
        "package_version": version,
        "argos_version": ARGOS_VERSION,
        "from_code": language,
        "from_name": LANGUAGES[language],
        "to_code": "en",
        "to_name": "English",
    }
    return json.dumps(metadata, indent=4) + "\n"
