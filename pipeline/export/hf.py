"""Hugging Face's translation layout: one JSON object a line, the languages as keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.export.files import Files
    from pipeline.records import Pair


class PairWriter:
    """One file for all languages; `datasets` wants the same keys in every row, so choose one with `--lang`."""

    bitext: ClassVar[bool] = True

    def __init__(self, files: Files, langs: Sequence[str]) -> None:
        del langs
        self._file = files.open()
        self._encode = msgspec.json.Encoder().encode

    def add(self, pair: Pair) -> bool:
        """Write a row."""
        row = {"translation": {pair.src_lang: pair.src, pair.tgt_lang: pair.tgt}}
        self._file.write(self._encode(row) + b"\n")
        return True

    def close(self) -> None:
        """Nothing stands at the end."""
