"""Files and streams to documents; whatever cannot be read becomes a reject with its place and reason."""

from __future__ import annotations

import importlib
import itertools
from typing import TYPE_CHECKING, Final

from pipeline.read.archives import refuse_archive
from pipeline.read.entries import split_text
from pipeline.read.inputs import find_sources
from pipeline.read.kinds import guess_kind
from pipeline.read.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pipeline.read.inputs import Source
    from pipeline.records import Document, Reject
    from pipeline.settings import Settings

    Reader = Callable[[Stream, Source, Settings], Iterator[Document | Reject]]

__all__ = ["read_documents", "split_text"]

FORMATS: Final = {
    "text": "text",
    "jsonl": "jsonl",
    "csv": "table",
    "tsv": "table",
    "parquet": "parquet",
    "html": "html",
    "warc": "warc",
    "wiki": "wiki",
}
"""The module of `formats` that reads a kind of file; imported when the first such file is met."""


def read_documents(inputs: Iterable[str], settings: Settings) -> Iterator[Document | Reject]:
    """Read files, folders, globs, addresses and `-` in order; an input that is not there is an error at once."""
    sources = find_sources(inputs)
    return itertools.chain.from_iterable(_read_source(source, settings) for source in sources)


def _read_source(source: Source, settings: Settings) -> Iterator[Document | Reject]:
    stream = Stream(source)
    kind = _guess_kind(stream, source) if source.kind is None else source.kind
    return find_reader(kind)(stream, source, settings)


def _guess_kind(stream: Stream, source: Source) -> str:
    """Tell a stream's kind, unless it is one that would become pairs of garbage."""
    head = stream.peek()
    refuse_archive(head, "Standard input" if source.path == "-" else source.name)
    return guess_kind(head)


def find_reader(kind: str) -> Reader:
    """Import the reader of a kind of file."""
    reader: Reader = importlib.import_module(f"pipeline.read.formats.{FORMATS[kind]}").read_entries
    return reader
