"""Moses: two plain files, line n of one translates line n of the other."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, ClassVar, Final

from pipeline.records import TARGET_LANG

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipeline.export.files import Files
    from pipeline.records import Pair

_CONTROL: Final = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""Spaces and control characters: some reader or other takes one of them for the end of a line."""


def as_line(text: str) -> str:
    r"""Put a text on one line, whoever reads it.

    >>> as_line(" one\u2028two\r\n\x0cthree ")
    'one two three'
    """
    return _CONTROL.sub(" ", text).strip()


class PairWriter:
    """Two files a source language: `PREFIX.sv` and `PREFIX.en`, or, with several, `PREFIX.sv-en.sv` and so on."""

    bitext: ClassVar[bool] = True

    def __init__(self, files: Files, langs: Sequence[str]) -> None:
        self._files = files
        self._single = len(langs) == 1
        self._open: dict[str, tuple[IO[bytes], IO[bytes]]] = {}
        if self._single and langs[0] != TARGET_LANG:
            self._sides(langs[0])

    def add(self, pair: Pair) -> bool:
        """Write a pair's two lines, unless one would be empty: readers drop such lines and lose the alignment."""
        lines = as_line(pair.src), as_line(pair.tgt or "")
        if not all(lines):
            return False
        for file, line in zip(self._sides(pair.src_lang), lines, strict=True):
            file.write(line.encode() + b"\n")
        return True

    def close(self) -> None:
        """Nothing stands at the end."""

    def _sides(self, lang: str) -> tuple[IO[bytes], IO[bytes]]:
        if lang not in self._open:
            source = self._files.open(f"{lang}-en.{lang}", self._name(lang, lang))
            target = self._files.open(f"{lang}-en.en", self._name(lang, TARGET_LANG))
            self._open[lang] = (source, target)
        return self._open[lang]

    def _name(self, lang: str, side: str) -> Callable[[Sequence[str]], Path]:
        out = self._files.out

        def name(langs: Sequence[str]) -> Path:
            several = len(langs) > 1 and not self._single
            return out.with_name(f"{out.name}.{lang}-{TARGET_LANG}.{side}" if several else f"{out.name}.{side}")

        return name
