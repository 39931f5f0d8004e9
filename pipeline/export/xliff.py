"""XLIFF 2.0: a file an original document, for translators to go on from."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, ClassVar

from pipeline.export.markup import escape_text, escape_xliff_text, quote_attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipeline.export.files import Files
    from pipeline.records import Pair


class PairWriter:
    """One XLIFF a source language, since the format knows only one: `out.xlf`, or, with several, `out.sv.xlf`."""

    bitext: ClassVar[bool] = True

    def __init__(self, files: Files, langs: Sequence[str]) -> None:
        self._files = files
        self._single = len(langs) == 1
        self._open: dict[str, _Document] = {}

    def add(self, pair: Pair) -> bool:
        """Write a unit into its language's XLIFF."""
        if pair.src_lang not in self._open:
            file = self._files.open(pair.src_lang, None if self._single else self._name(pair.src_lang))
            self._open[pair.src_lang] = _Document(file, pair.src_lang)
        self._open[pair.src_lang].add(pair)
        return True

    def close(self) -> None:
        """Close every XLIFF."""
        for document in self._open.values():
            document.close()

    def _name(self, lang: str) -> Callable[[Sequence[str]], Path]:
        out = self._files.out

        def name(langs: Sequence[str]) -> Path:
            return out.with_name(f"{out.stem}.{lang}{out.suffix}") if len(langs) > 1 else out

        return name


class _Document:
    """An XLIFF as it grows; a new `<file>` begins where the original changes or is told anew."""

    def __init__(self, file: IO[bytes], lang: str) -> None:
        self._file = file
        self._count = 0
        self._at: tuple[str, str, int] | None = None
        self._write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" '
            f'version="2.0" srcLang={quote_attribute(lang)} trgLang="en">\n'
        )

    def add(self, pair: Pair) -> None:
        """Write a unit."""
        if self._at is None or self._at[:2] != (pair.doc, pair.source) or self._at[2] >= pair.index:
            self._write("</file>\n" if self._at else "")
            self._count += 1
            self._write(f'<file id="f{self._count}" original={quote_attribute(pair.source)} xml:space="preserve">\n')
        self._at = (pair.doc, pair.source, pair.index)
        self._write(_unit(pair))

    def close(self) -> None:
        """Close what is open."""
        self._write("</file>\n</xliff>\n")

    def _write(self, text: str) -> None:
        self._file.write(text.encode())


def _unit(pair: Pair) -> str:
    notes = "".join(f'<note category="flag">{escape_text(flag)}</note>' for flag in pair.flags)
    state = ' subState="tolk:flagged"' if pair.flags else ""
    return (
        f'<unit id={quote_attribute(pair.id)}>{notes and f"<notes>{notes}</notes>"}<segment state="translated"{state}>'
        f"<source>{escape_xliff_text(pair.src)}</source><target>{escape_xliff_text(pair.tgt or '')}</target>"
        "</segment></unit>\n"
    )
