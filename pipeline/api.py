"""Tolk from Python: a file or a list of texts in, pairs and English out, by the same stages that a run uses."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import itertools
import os
import weakref
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.engines import open_engines
from pipeline.errors import InputError
from pipeline.packages.model_store import find_packages
from pipeline.prepare import prepare_document, prepare_record
from pipeline.read import read_documents
from pipeline.records import Document, Pair, Reject, identify_text
from pipeline.settings import Settings
from pipeline.translate import cut_windows, translate_batch, translate_segments
from pipeline.translate.engine import Decoding
from pipeline.translate.memory import memory_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from pipeline.records import Segment
    from pipeline.translate.engine import Engine


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """A text that was given, and what became of it."""

    text: str
    """The text, repaired."""
    pairs: tuple[Pair, ...]
    """Its segments in order, each beside its English."""

    @property
    def english(self) -> str:
        """The text in English, its line breaks and spaces where they were; what was not translated stands as it was."""
        parts, at = [], 0
        for pair in self.pairs:
            parts += [self.text[at : pair.start], pair.src if pair.tgt is None else pair.tgt]
            at = pair.end
        return "".join([*parts, self.text[at:]])


def translate_texts(texts: Iterable[str], settings: Settings | None = None) -> Iterator[Translation]:
    """Translate texts, each a document of its own; results come in order, as soon as a window of them is full.

    Args:
        texts: Any number of texts; they are taken as they are needed.
        settings: Everything tunable; `Settings(source_lang="sv")` where the language is known.

    Raises:
        PipelineError: if no package translates a language of the settings.
        TypeError: if one text is given instead of several.
    """
    if isinstance(texts, str):
        message = "translate_texts takes several texts. Put a single one into a list: translate_texts([text])."
        raise TypeError(message)
    settings = settings or Settings()
    return _translate_documents(itertools.starmap(_document, enumerate(texts, 1)), _open(settings), settings)


def translate_file(
    path: str | Path, settings: Settings | None = None, *, on_reject: Callable[[Reject], None] | None = None
) -> Iterator[Pair]:
    """Translate a file, or all files of a folder; its pairs come in order and are those that `tolk run` writes.

    Args:
        path: A file, folder or glob of the kinds that Tolk reads.
        settings: Everything tunable.
        on_reject: Is given each record that cannot be read; without it the first one is an error.

    Raises:
        PipelineError: if there is nothing to read, no package to translate with, or a record cannot be read.
    """
    settings = settings or Settings()
    opened = _open(settings)
    records = read_documents([str(path)], settings)
    return _translate_segments(_segments(records, settings, on_reject or _refuse), opened, settings)


def _translate_segments(segments: Iterator[Segment], opened: _Opened, settings: Settings) -> Iterator[Pair]:
    """Hold the engines until the last pair is given."""
    yield from translate_segments(segments, opened.engines, Decoding(beam=settings.beam), settings)


def _segments(
    records: Iterable[Document | Reject], settings: Settings, on_reject: Callable[[Reject], None]
) -> Iterator[Segment]:
    """Prepare records in this process: a caller may take few pairs, and starting worker processes takes its time."""
    for record in records:
        if isinstance(record, Reject):
            on_reject(record)
        else:
            yield from prepare_record(record, settings).segments


def _refuse(reject: Reject) -> None:
    message = f"{reject.source} cannot be read: {reject.reason} To go on without such records, pass on_reject=print."
    raise InputError(message)


def _translate_documents(documents: Iterable[Document], opened: _Opened, settings: Settings) -> Iterator[Translation]:
    """Gather documents until they fill a window, so that short texts share their batches."""
    prepared = (prepare_document(document, settings) for document in documents)
    for window in cut_windows(prepared, lambda both: both[1], settings.window_chars):
        yield from _translate_window(window, opened.engines, settings)


def _translate_window(
    window: list[tuple[Document, tuple[Segment, ...]]], engines: Mapping[str, Engine], settings: Settings
) -> Iterator[Translation]:
    together = [segment for _, segments in window for segment in segments]
    pairs = iter(translate_batch(together, engines, Decoding(beam=settings.beam)))
    for document, segments in window:
        yield Translation(text=document.text, pairs=tuple(next(pairs) for _ in segments))


class _Opened:
    """Engines and their translation memory, open until nobody holds this object any more."""

    def __init__(self, settings: Settings) -> None:
        stack = contextlib.ExitStack()
        self.engines = stack.enter_context(open_engines(find_packages(settings), settings))
        self.closing = weakref.finalize(self, stack.close)  # also when the interpreter ends
        _OPENED.add(self)


_OPENED: Final[weakref.WeakSet[_Opened]] = weakref.WeakSet()


def _leave_to_parent() -> None:
    """Have a forked process open engines of its own, and never close the parent's: it would wait for their threads."""
    for kept in list(_OPENED):
        kept.closing.detach()
        _open_engines.cache_clear()
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))  # so that it is never freed either


os.register_at_fork(after_in_child=_leave_to_parent)


def _open(settings: Settings) -> _Opened:
    """Give open engines: those of the last call, unless settings, packages or the memory's place have changed."""
    found = tuple(sorted((lang, str(p.path), p.version) for lang, p in find_packages(settings).items()))
    return _open_engines(settings, found, memory_file() if settings.memory_bytes else None)


@functools.lru_cache(maxsize=1)
def _open_engines(settings: Settings, _found: tuple[tuple[str, str, str], ...], _memory: Path | None) -> _Opened:
    """Open engines; `_found` and `_memory` only tell the cache when that has to be done anew."""
    return _Opened(settings)


def _document(number: int, given: str) -> Document:
    """Make a text a document, as reading it from a file would; a lone surrogate becomes U+FFFD."""
    if not isinstance(given, str):
        message = f"Text {number} is no text but {type(given).__name__}. Give strings: translate_texts(map(str, …))."
        raise TypeError(message)
    text = given.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Document(id=identify_text(text), source=f"text#{number}", text=text)
