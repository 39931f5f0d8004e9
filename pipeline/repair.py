"""Mend text that was decoded wrongly or escaped on its way, and record the steps that acted."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.records import Document

LINE: Final = re.compile(r"[^\n]*\n?")
LINE_CHARS: Final = 2**16
"""A longer line is mended in pieces, so that no step's time grows with its square."""


def repair_text(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Mend a text line by line; the second value names the steps that changed something, in order of first use.

    >>> repair_text("SÃ¥ hÃ¤r gÃ¶r du")
    ('Så här gör du', ('latin-1',))
    """
    fixes: dict[str, None] = {}
    from pipeline.mojibake import undo_mojibake
    from pipeline.misread import undo_misreading
    from pipeline.torn import close_torn, raise_flattened
    text, pages = undo_mojibake(text)
    fixes |= dict.fromkeys(f"mojibake:{page}" for page in pages)
    closed = close_torn(text)
    if closed != text:
        text = closed; fixes["lost-bytes"] = None
    if "mojibake:cp1252" in fixes: text = raise_flattened(text)
    text, pages = undo_misreading(text)
    fixes |= dict.fromkeys(f"misread:{page}" for page in pages)
    lines = [_repair_line(line, fixes) for line in LINE.findall(text)]
    return "".join(lines), tuple(fixes)


def repair_document(document: Document) -> Document:
    """Mend a document's text; its id stays that of the text as it was read."""
    text, fixes = repair_text(document.text)
    if text == document.text and not fixes:
        return document
    return msgspec.structs.replace(document, text=text, fixes=(*document.fixes, *fixes))


def repair_documents(documents: Iterable[Document]) -> Iterator[Document]:
    """Mend documents one by one, in order."""
    return map(repair_document, documents)


_ASCII_SAFE: Final = re.compile(r"[\t\n\x20-\x25\x27-\x7e]*")


def _repair_line(line: str, fixes: dict[str, None]) -> str:
    if _ASCII_SAFE.fullmatch(line):
        return line
    import ftfy

    fixed, steps = ftfy.fix_and_explain(line, _config())
    for step in steps or ():
        if step.action != "decode":
            fixes.setdefault(step.parameter)
    return fixed


@functools.cache
def _config() -> Any:  # noqa: ANN401 - ftfy is imported only when it is needed
    import ftfy

    return ftfy.TextFixerConfig(unescape_html=True, uncurl_quotes=False)
