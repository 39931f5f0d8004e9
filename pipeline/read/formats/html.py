"""HTML: a file is a page, its main text found by resiliparse; also for the pages of an archive."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.errors import RecordError
from pipeline.read.decode import BOMS, decode_as, decode_bytes, is_utf8
from pipeline.read.entries import HEAD, Entry, make_documents, make_reject, reject_panics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.inputs import Source
    from pipeline.read.streams import Stream
    from pipeline.records import Document, Meta, Reject
    from pipeline.settings import Settings

MAX_PAGE: Final = 16 * 2**20
"""Bytes of the longest page that is taken apart: its tree takes many times the room."""
MAX_BLOCKS: Final = 2_000
"""Blocks inside each other; looking for the main text takes the square of that, and browsers stop at 512."""
MAX_ATTRIBUTES: Final = 20_000
"""Words inside one tag; taking it apart takes the square of that."""
SHALLOW: Final = 3
"""Elements between a page's body and a list that resiliparse takes for a menu, however few links are in it."""
_BLOCK: Final = re.compile(r"<(/?)(?:div|article|section|main|footer|ul|td)\b", re.IGNORECASE)
_TAG: Final = re.compile(r"<[a-z][^>]*+", re.IGNORECASE)
_WORD: Final = re.compile(r"\s[^\s=]++")
_RUBY: Final = re.compile(r"</?(?:ruby|rb|rtc)\b[^<>]*+>", re.IGNORECASE)
_GLOSS: Final = re.compile(r"<(?:rt|rp)\b[^<>]*+>[^<>]*+(?:</r[tp]\s*>)?", re.IGNORECASE)
_SIGNS: Final = "\u2010-\u201f\u2026\u2030\u20a0-\u20cf\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SINGLE: Final = re.compile(
    rf"<(b|em|i|span|strong|u|sup|sub|font|small|mark)\b[^<>]*+>\s*+([{_SIGNS}]|&(?:euro|[nm]dash|hellip);)\s*+</\1\s*>",
    re.IGNORECASE,
)
"""A single sign in an element of its own: resiliparse drops such elements, for they may be icons."""
_PRESCAN: Final = 1024
"""Bytes in which a page must declare its encoding."""
_CHARSET: Final = re.compile(
    rb"""(?:<meta\b[^>]{0,500}?\bcharset|^\s*<\?xml\b[^>]{0,200}?\bencoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)
_OURS: Final = {"utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "x-user-defined", "replacement"}
"""Declarations that say no more than the bytes do: a page whose declaration could be read is no UTF-16."""
_LATIN: Final = {"iso-8859-1", "iso8859-1", "latin1", "l1", "cp1252", "x-cp1252"}
"""What browsers read as windows-1252."""


class Page(msgspec.Struct, frozen=True):
    """What is left of a page: its main text, and its title where it has one."""

    text: str
    title: str


def read_entries(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read a stream as one page."""
    data = bytearray()
    bound = min(settings.max_record_bytes, MAX_PAGE)
    for block in stream:
        if len(data) <= bound:
            data += block
    entry = Entry(source.name, 0, bytes(data[:HEAD]), stream.length)
    try:
        page = read_page(bytes(data), None, bound)
    except RecordError as fault:
        yield make_reject(entry, fault)
    else:
        if page.text or not stream.torn:
            yield from make_documents(source.name, page.text, add_title({}, page), settings)
    if stream.torn:
        yield make_reject(Entry(source.name, stream.length, b"", 0), stream.torn)


def add_title(meta: Meta, page: Page) -> Meta:
    """Add a page's title to what else is known of it."""
    return {**meta, "title": page.title} if page.title else meta


def read_page(data: bytes, charset: str | None, bound: int) -> Page:
    """Take the main text out of a page; where none is found, all of its text.

    Raises:
        RecordError: if the page is too long, or made to be slow.
    """
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    if len(data) > bound:
        message = f"The page is longer than {bound} bytes. Split it, or take its text out with another tool."
        raise RecordError(message)
    html = _keep_single(decode_page(data, charset))
    _refuse_slow(html)
    with reject_panics():
        tree = HTMLTree.parse(html)
        _sink_lists(tree)
        text = extract_plain_text(tree, main_content=True, alt_texts=False, list_bullets=False)
        text = text or extract_plain_text(tree, alt_texts=False, list_bullets=False)
    return Page(_replace_surrogates(text), " ".join(_replace_surrogates(tree.title or "").split()))


def _keep_single(html: str) -> str:
    """Take the tags off what would be lost inside: of ruby the gloss goes, and a single letter or sign is no icon.

    >>> _keep_single("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> <b>–</b> 5 <span class=x>&euro;</span>")
    '漢 – 5 &euro;'
    """
    if _RUBY.search(html):
        html = _RUBY.sub("", _GLOSS.sub("", html))
    return _SINGLE.sub(r"\2", html)


def _sink_lists(tree: Any) -> None:  # noqa: ANN401 - resiliparse has no types
    """Put shallow lists as deep as those that resiliparse judges by their links: an article's belong to its text."""
    for found in list(_list_shallow(tree.body, SHALLOW)) if tree.body else ():
        box = inner = tree.create_element("div")
        for _ in range(2):
            inner = inner.append_child(tree.create_element("div"))
        found.parent.replace_child(box, found)
        inner.append_child(found)


def _list_shallow(element: Any, levels: int) -> Iterator[Any]:  # noqa: ANN401
    """List the lists in so many levels, step by step: resiliparse's own collections take the square of their length."""
    child = element.first_child
    while child is not None:
        if child.tag == "ul":
            yield child
        elif levels > 1:
            yield from _list_shallow(child, levels - 1)
        child = child.next


def _replace_surrogates(text: str) -> str:
    """Mark halves of characters, which a page can name by number and nothing can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def decode_page(data: bytes, charset: str | None) -> str:
    r"""Decode a page as browsers do: by its mark, by what the server said, by what it says; else by the ladder.

    Bytes that are UTF-8 beyond doubt are read as that, whatever is declared: many servers declare one encoding for all.

    >>> decode_page('<meta charset="windows-1251"><p>Привет'.encode("cp1251"), None)
    '<meta charset="windows-1251"><p>Привет'
    """
    declared = (charset or _find_declared(data)).lower()
    marked = any(data.startswith(mark) for mark, _ in BOMS)
    if marked or declared in _OURS or not declared or data.isascii() or is_utf8(data):
        return decode_bytes(data)[0]
    if declared in _LATIN:
        return decode_as(data, "cp1252")
    codec = _find_codec(declared)
    return decode_bytes(data)[0] if codec is None else codec.decode(data, "replace")[0]


def _find_declared(data: bytes) -> str:
    found = _CHARSET.search(data, 0, _PRESCAN)
    return found[1].decode("ascii") if found else ""


def _find_codec(declared: str) -> codecs.CodecInfo | None:
    """Find the codec that browsers use for a label, of those that turn bytes into text."""
    from resiliparse.parse.encoding import map_encoding_to_html5

    try:
        codec = codecs.lookup(map_encoding_to_html5(declared, fallback_utf8=False) or "")
    except (LookupError, ValueError):
        return None
    return codec if codec._is_text_encoding else None  # noqa: SLF001 - the only place that tells text codecs from others


def _refuse_slow(html: str) -> None:
    """Stop at a page that is built to keep its reader busy."""
    depth = deepest = 0
    for block in _BLOCK.finditer(html):
        depth = max(0, depth - 1) if block[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > MAX_BLOCKS:
        message = f"The page has more than {MAX_BLOCKS} blocks inside each other. Take its text out with another tool."
        raise RecordError(message)
    if any(_count_words(tag[0]) > MAX_ATTRIBUTES for tag in _TAG.finditer(html)):
        message = f"A tag of the page has more than {MAX_ATTRIBUTES} attributes. Take its text out with another tool."
        raise RecordError(message)


def _count_words(tag: str) -> int:
    return sum(1 for _ in _WORD.finditer(tag)) if len(tag) > MAX_ATTRIBUTES else 0
