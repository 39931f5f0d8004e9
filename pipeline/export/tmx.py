"""TMX 1.4b: a translation memory that every CAT tool imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pipeline import __version__
from pipeline.export.markup import quoted, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.export.files import Files
    from pipeline.records import Pair


class PairWriter:
    """One file for all languages; each unit names its own."""

    bitext: ClassVar[bool] = True

    def __init__(self, files: Files, langs: Sequence[str]) -> None:
        self._file = files.open()
        srclang = langs[0] if len(langs) == 1 else "*all*"
        self._write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
            f'<header creationtool="tolk" creationtoolversion={quoted(__version__)} segtype="sentence" '
            f'o-tmf="tolk.pair" adminlang="en" srclang={quoted(srclang)} datatype="plaintext"/>\n<body>\n'
        )

    def add(self, pair: Pair) -> bool:
        """Write a unit."""
        props = "".join(f"<prop type={quoted(name)}>{text_of(value)}</prop>" for name, value in _props(pair))
        variants = "".join(
            f"<tuv xml:lang={quoted(lang)}><seg>{text_of(text)}</seg></tuv>"
            for lang, text in ((pair.src_lang, pair.src), (pair.tgt_lang, pair.tgt or ""))
        )
        self._write(f"<tu tuid={quoted(pair.id)} srclang={quoted(pair.src_lang)}>{props}{variants}</tu>\n")
        return True

    def close(self) -> None:
        """Close the body."""
        self._write("</body>\n</tmx>\n")

    def _write(self, text: str) -> None:
        self._file.write(text.encode())


def _props(pair: Pair) -> Iterator[tuple[str, str]]:
    yield "x-source", pair.source
    if pair.model is not None:
        yield "x-model", pair.model
    if pair.score is not None:
        yield "x-score", f"{pair.score}"
    for flag in pair.flags:
        yield "x-flag", flag
