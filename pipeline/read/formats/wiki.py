"""Wikipedia-style XML dumps: an article is a document, its markup taken away by mwparserfromhell.

Pages are cut out by their tags, which cannot stand in a page's own text, and parsed one by one: no declaration of the
file is ever seen, so none of its entities is, and a page that is damaged costs no other.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

import msgspec

from pipeline.errors import DamageError, RecordError
from pipeline.read.decode import decode_as
from pipeline.read.entries import HEAD, SPLIT, Entry, make_documents, make_reject
from pipeline.read.formats.wikitext import strip_markup
from pipeline.read.scanner import Scanner
from pipeline.read.streams import find_line_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.read.inputs import Source
    from pipeline.read.streams import Stream
    from pipeline.records import Document, Meta, Reject
    from pipeline.settings import Settings

OPEN: Final = b"<page>"
CLOSE: Final = b"</page>"
MAX_NESTING: Final = 20
"""Elements inside each other; a page of a dump has five."""
_ENDS: Final = (b"</mediawiki>", b"/>")
NO_END: Final = "The dump ends before its </mediawiki>. What stood before is kept; fetch the dump again."
PASSED_OVER: Final = {"-2", "-1", "6", "8", "10", "14", "274", "828"}
"""Namespaces that hold no running text: media, special pages, files, interface, templates, categories, modules."""
FILES_AND_CATEGORIES: Final = frozenset(
    {"file", "image", "category", "fil", "bild", "kategori", "berkas", "gambar"}  # of aliases, a dump's head knows none
)
_SITE: Final = re.compile(r"<base>\s*(https?://[^<\s]+/)[^</]*</base>")
_NAMESPACE: Final = re.compile(r'<namespace key="(?:6|14)"[^>]*>([^<]{1,99})</namespace>')
_LEAD: Final = re.compile(rb"\A(?:.*</siteinfo>|.*?<mediawiki[^<>]*>)", re.DOTALL)
"""What stands before the first page."""
_ROOT: Final = re.compile(r"<(?![?!])([^\s/>]{1,99})")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
"""One that never ends ends with the text: to look for the ends of many would take the square of its length."""


class _Site(msgspec.Struct, frozen=True):
    """What the head of a dump says of the wiki that it is of."""

    base: str
    hidden: frozenset[str]


def read_entries(stream: Stream, source: Source, settings: Settings) -> Iterator[Document | Reject]:
    """Read a dump's pages in order; redirects, templates, files and the like are passed over."""
    encoding = find_line_encoding(stream)
    head = decode_as(stream.peek(), encoding)
    if other := _find_other(head, encoding):
        yield make_reject(Entry(source.name, 0, stream.peek(), len(stream.peek())), stream.torn or other)
        return
    site = _find_site(head.partition("<page>")[0])
    tail = bytearray()
    scanner = Scanner(_remember_tail(stream, tail), settings.max_record_bytes)
    number = 0
    fault: DamageError | None = None
    while scanner.hold(1):
        name = f"{source.name}#{number + 1}"
        entry, fault = _cut_next(scanner, name, settings.max_record_bytes, first=number == 0)
        number += entry.length > 0
        if not entry.length:
            continue
        if fault:
            yield make_reject(entry, stream.torn or fault if not scanner.hold(1) else fault)
        else:
            yield from _read_page(entry, encoding, site, settings)
        if fault and stream.torn and not scanner.hold(1):
            return
    if tear := stream.torn or (None if fault or tail.rstrip().endswith(_ENDS) else DamageError(NO_END)):
        yield make_reject(Entry(source.name, stream.length, b"", 0), tear)


def _remember_tail(blocks: Iterable[bytes], tail: bytearray) -> Iterator[bytes]:
    """Pass blocks on, and keep what the last of them end in."""
    for block in blocks:
        tail[:] = (tail + block[-HEAD:])[-HEAD:]
        yield block


def _find_other(head: str, encoding: str) -> str | None:
    """Say what the file is, where it is no dump."""
    root = _ROOT.search(_COMMENT.sub("", head))
    if encoding.startswith(("utf-16", "utf-32")):
        return f"The dump is {encoding.upper()}; dumps of a wiki are UTF-8. Convert it, or export it anew."
    if root is None or root[1].rpartition(":")[2] != "mediawiki":
        found = f"<{root[1]}>" if root else "no element"
        return (
            f"The XML begins with {found}, not with <mediawiki>. Tolk reads dumps of wikis; export other XML as JSONL."
        )
    return None


def _find_site(head: str) -> _Site:
    base = _SITE.search(head)
    names = {html.unescape(name).lower() for name in _NAMESPACE.findall(head)}
    return _Site(base[1] if base else "", FILES_AND_CATEGORIES | names)


def _cut_next(scanner: Scanner, name: str, bound: int, *, first: bool) -> tuple[Entry, DamageError | None]:
    """Take the next page, or what stands where one should; of no length where that is nothing."""
    offset = scanner.offset
    at = scanner.find(OPEN, bound)
    if at < 0:
        gap = scanner.cut(name, OPEN)
    else:
        data = scanner.take(at)
        gap = Entry(name, offset, data, len(data))
    kept = _LEAD.sub(b"", gap.data, 1) if first else gap.data
    if kept.strip().removesuffix(b"</mediawiki>"):
        return gap, DamageError("What stands between pages is no page. Fetch the dump again, or export pages.")
    return _cut_page(scanner, name, bound) if scanner.hold(1) else (Entry(name, offset, b"", 0), None)


def _cut_page(scanner: Scanner, name: str, bound: int) -> tuple[Entry, DamageError | None]:
    """Take a page up to its closing tag, or say why that cannot be."""
    offset = scanner.offset
    end = scanner.find(CLOSE, bound)
    if end >= 0:
        data = scanner.take(end + len(CLOSE))
        begins = data.rfind(OPEN)
        if begins > 0:  # an earlier page was never closed: its reject ends where this one begins
            scanner.give_back(data[begins:])
            return Entry(name, offset, data[:begins], begins), DamageError("The page has no end. Fetch the dump again.")
        return Entry(name, offset, data, len(data)), None
    head = scanner.take(len(OPEN))
    rest = scanner.cut(name, OPEN)
    reason = f"The page has no end, or is longer than {bound} bytes. {SPLIT}"
    return Entry(name, offset, (head + rest.data)[:HEAD], len(head) + rest.length), DamageError(reason)


def _read_page(entry: Entry, encoding: str, site: _Site, settings: Settings) -> Iterator[Document | Reject]:
    try:
        fields = _parse(decode_as(entry.data, encoding, begun=True))
        if _is_passed_over(fields):
            return
        text = strip_markup(fields.get("text", ""), site.hidden)
    except RecordError as fault:
        yield make_reject(entry, fault)
        return
    yield from make_documents(entry.name, text, _describe(fields, site), settings)


def _is_passed_over(fields: dict[str, str]) -> bool:
    other = fields.get("model", "wikitext") != "wikitext"
    return other or "redirect" in fields or fields.get("ns", "0") in PASSED_OVER


def _describe(fields: dict[str, str], site: _Site) -> Meta:
    title = fields.get("title", "")
    meta = {"title": title, "date": fields.get("timestamp", ""), "ns": fields.get("ns", "")}
    if site.base and title:
        meta["url"] = site.base + title.replace(" ", "_")
    return {name: value for name, value in meta.items() if value}


def _parse(page: str) -> dict[str, str]:
    """Parse a page by events; of what occurs twice, a revision say, the last counts."""
    fields: dict[str, list[str]] = {}
    path: list[str] = []

    def is_field() -> bool:
        return path[1:-1] in ([], ["revision"]) and len(path) > 1

    def begin(name: str, _: object) -> None:
        path.append(name)
        if len(path) > MAX_NESTING:
            message = "The page's elements are nested too deep. Fetch the dump again."
            raise DamageError(message)
        if is_field():
            fields[name] = []

    def add(data: str) -> None:
        if is_field():
            fields[path[-1]].append(data)

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, lambda _: path.pop(), add
    try:
        parser.Parse(page.encode("utf-8", "replace"), True)  # noqa: FBT003 - expat takes no keyword
    except expat.ExpatError as error:
        message = f"The page is not valid XML ({error}). Fetch the dump again."
        raise DamageError(message) from None
    return {name: "".join(parts) for name, parts in fields.items()}
