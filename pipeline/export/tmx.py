"""TMX 1.4b: a translation memory that every CAT tool imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from pipeline import __version__
from pipeline.export.markup import escape_text, quote_attribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.export.files import Files
    from pipeline.records import Pair

FOOT: Final = "</body>\n</tmx>\n"


class PairWriter:
    """One file for all languages; each unit names its own."""

    bitext: ClassVar[bool] = True

    def __init__(self, files: Files, langs: Sequence[str]) -> None:
        self._file = files.open()
        srclang = langs[0] if len(langs) == 1 else "*all*"
        self._write(format_head("tolk.pair", srclang))

    def add(self, pair: Pair) -> bool:
        """Write a unit."""
        variants = (pair.src_lang, pair.src), (pair.tgt_lang, pair.tgt or "")
        self._write(format_unit({"tuid": pair.id, "srclang": pair.src_lang}, _props(pair), variants))
        return True

    def close(self) -> None:
        """Close the body."""
        self._write(FOOT)

    def _write(self, text: str) -> None:
        self._file.write(text.encode())


def format_head(origin: str, srclang: str) -> str:
    """Draw up all that stands before the first unit."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        f'<header creationtool="tolk" creationtoolversion={quote_attribute(__version__)} segtype="sentence" '
        f'o-tmf={quote_attribute(origin)} adminlang="en" srclang={quote_attribute(srclang)} '
        'datatype="plaintext"/>\n<body>\n'
    )


def format_unit(
    attributes: Mapping[str, str], props: Iterable[tuple[str, str]], variants: Iterable[tuple[str, str]]
) -> str:
    """Draw up a unit: its properties, by name, then its texts, by language."""
    given = "".join(f" {name}={quote_attribute(value)}" for name, value in attributes.items())
    known = "".join(f"<prop type={quote_attribute(name)}>{escape_text(value)}</prop>" for name, value in props)
    texts = "".join(
        f"<tuv xml:lang={quote_attribute(lang)}><seg>{escape_text(text)}</seg></tuv>" for lang, text in variants
    )
    return f"<tu{given}>{known}{texts}</tu>\n"


def _props(pair: Pair) -> Iterator[tuple[str, str]]:
    yield "x-source", pair.source
    if pair.model is not None:
        yield "x-model", pair.model
    if pair.score is not None:
        yield "x-score", f"{pair.score}"
    for flag in pair.flags:
        yield "x-flag", flag
