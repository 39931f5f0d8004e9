"""The kinds of file that Tolk knows, told by their extensions, and those of streams, told by their first bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pipeline.read.decode import decode_as, find_encoding

KINDS: Final = {
    ".txt": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".warc": "warc",
    ".wet": "warc",
    ".xml": "wiki",
}
"""Known extensions, and the format that each stands for."""
PACKINGS: Final = (".gz", ".bz2", ".xz", ".zst")
_PART: Final = re.compile(r"\.xml-p\d+p\d+")
"""What Wikipedia calls a part of a dump: `…-pages-articles1.xml-p1p41242.bz2`."""
_MARKUP: Final = re.compile(
    r"(?:<!--.*?-->|<\?.*?\?>|\s)*+<(?:!doctype\s+)?(html|mediawiki)\b", re.IGNORECASE | re.DOTALL
)
_JSON: Final = re.compile(r"""\{\s*(?:"(?:[^"\\]|\\.)*+"\s*:|\})|\[\s*\{\s*["}]""", re.DOTALL)
"""How an object begins, or an array of them, which is no JSON Lines, but no text either."""


def find_kind(name: str) -> tuple[str, str] | None:
    """Tell a file's kind and packing by its extensions.

    >>> find_kind("dump.JSONL.gz"), find_kind("page.txt"), find_kind("photo.png")
    (('jsonl', '.gz'), ('text', ''), None)
    >>> find_kind("CC-MAIN-00001.warc.wet.gz"), find_kind("svwiki-pages-articles1.xml-p1p41242.bz2")
    (('warc', '.gz'), ('wiki', '.bz2'))
    """
    packing = find_packing(name)
    suffix = Path(name.lower().removesuffix(packing)).suffix
    kind = "wiki" if _PART.fullmatch(suffix) else KINDS.get(suffix)
    return None if kind is None else (kind, packing)


def find_extension(name: str) -> str:
    """Give the extension that a file's kind would be told by, with that of its packing.

    >>> find_extension("a.JSON"), find_extension("b.tar.gz"), find_extension("Makefile")
    ('.json', '.tar.gz', 'without extension')
    """
    packing = find_packing(name)
    return Path(name.lower().removesuffix(packing)).suffix + packing or "without extension"


def find_packing(name: str) -> str:
    """Tell a file's packing by its extension.

    >>> find_packing("pairs-00000.jsonl.ZST"), find_packing("page.txt")
    ('.zst', '')
    """
    return next((packing for packing in PACKINGS if name.lower().endswith(packing)), "")


def guess_kind(head: bytes) -> str:
    r"""Tell a stream's kind by its first bytes; what looks like nothing else is text, and a table always does.

    >>> guess_kind(b'\n{"text": "a"}'), guess_kind(b"<!doctype html><p>"), guess_kind(b"{a},b")
    ('jsonl', 'html', 'text')
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    text = decode_as(head, find_encoding(head)).lstrip()
    if markup := _MARKUP.match(text):
        return "wiki" if markup[1].lower() == "mediawiki" else "html"
    return "jsonl" if _JSON.match(text) else "text"


def list_known() -> str:
    """Name the extensions, for whoever has given another."""
    return f"{', '.join(KINDS)}, each also with {', '.join(PACKINGS)}"
