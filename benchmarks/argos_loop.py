"""Argos's own translation loop over a file of lines, as a whole process: the peer in `speed.py`.

Only Argos's sentence splitters are replaced, by one that costs nothing: a line is a sentence. Everything else is
argostranslate's own code path, a line a call, 32 tokens a batch, beam 4.

usage: argos_loop.py PACKAGE_FOLDER LINES OUT
"""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path
from typing import Any


class Line:
    """A splitter that takes a line for a sentence."""

    def __init__(self, package: Any) -> None:  # noqa: ANN401 - argostranslate has no types
        del package

    def split_sentences(self, text: str) -> list[str]:
        """Give the line back."""
        return [text]


def main(package: str, lines: Path, out: Path) -> None:
    """Translate line by line."""
    splitters = types.ModuleType("argostranslate.sbd")
    for name in ("SpacySentencizerSmall", "StanzaSentencizer", "MiniSBDSentencizer", "ISentenceBoundaryDetectionModel"):
        setattr(splitters, name, Line)
    sys.modules["argostranslate.sbd"] = splitters
    import argostranslate.package

    argostranslate.sbd = splitters
    from argostranslate.translate import PackageTranslation

    translation = PackageTranslation(None, None, argostranslate.package.Package(Path(package)))
    with out.open("w", encoding="utf-8") as target:
        for line in lines.read_text(encoding="utf-8").splitlines():
            target.write(translation.hypotheses(line, 1)[0].value + "\n")


if __name__ == "__main__":
    os.environ.setdefault("ARGOS_DEVICE_TYPE", "cpu")
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
