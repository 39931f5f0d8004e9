"""The one door to CTranslate2's translators: the first that a process opens decides the instructions of all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.packages.instructions import choose_instructions

if TYPE_CHECKING:
    from pathlib import Path


def open_weights(package: Path, **options: object) -> Any:  # noqa: ANN401 - ctranslate2 has no types
    """Open the model in a package's folder, with the widest instructions that the processor has."""
    choose_instructions()
    import ctranslate2

    return ctranslate2.Translator(str(package / "model"), intra_threads=1, **options)
