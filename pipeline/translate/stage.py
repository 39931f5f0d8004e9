"""Segments to pairs: each text once, many documents in one batch, and nothing translated that need not be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from pipeline.errors import RecordError
from pipeline.records import TARGET_LANG, UNDETERMINED_LANG, Pair, Segment, begins_document

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from pipeline.settings import Settings
    from pipeline.translate.engine import Decoding, Engine, Hypothesis

UNDETERMINED: Final = "undetermined_language"
UNSUPPORTED: Final = "unsupported_language"
FREE_FIELDS: Final = 4096
"""Bytes of a record's other fields that weigh nothing; a window holds the rest as it holds text."""
WINDOW_BLANKS: Final = 10_000
"""Documents without a segment, and rejects, do not fill a window; this many close it all the same."""
Item = TypeVar("Item")
_encode = msgspec.json.Encoder().encode


def translate_batch(segments: Sequence[Segment], engines: Mapping[str, Engine], decoding: Decoding) -> list[Pair]:
    """Pair each segment with its English, in order; texts that stand there twice are translated once."""
    found = {
        lang: dict(zip(texts, engines[lang].translate_texts(texts, decoding), strict=True))
        for lang, texts in wanted_texts(segments, engines).items()
    }
    return [_pair(segment, engines, found) for segment in segments]


def wanted_texts(segments: Iterable[Segment], langs: Container[str]) -> dict[str, list[str]]:
    """Give the texts of each language to translate, each once and in the order of the segments."""
    wanted: dict[str, dict[str, None]] = {}
    for segment in segments:
        lang, _ = language_of(segment)
        if lang in langs:
            wanted.setdefault(lang, {})[segment.src] = None
    return {lang: list(texts) for lang, texts in sorted(wanted.items())}


def translate_segments(
    segments: Iterable[Segment], engines: Mapping[str, Engine], decoding: Decoding, settings: Settings
) -> Iterator[Pair]:
    """Translate a stream of segments, a window at a time."""
    for window in windows(segments, settings.window_chars):
        yield from translate_batch(window, engines, decoding)


def windows(segments: Iterable[Segment], window_chars: int) -> Iterator[list[Segment]]:
    """Cut a stream of segments where `cut_windows` cuts their documents; it cannot see those without a segment."""
    for window in cut_windows(_group_documents(segments), lambda document: document, window_chars):
        yield [segment for document in window for segment in document]


def cut_windows(
    documents: Iterable[Item], segments_of: Callable[[Item], Sequence[Segment]], window_chars: int
) -> Iterator[list[Item]]:
    """Cut a stream of documents after the one that fills a window: the cuts depend on the text alone.

    What is decoded together decides the last digits of its scores, so this is what makes runs repeatable.
    """
    window: list[Item] = []
    held = blanks = 0
    for document in documents:
        segments = segments_of(document)
        window.append(document)
        held += sum(map(segment_weight, segments))
        blanks += not segments
        if held >= window_chars or blanks >= WINDOW_BLANKS:
            yield window
            window, held, blanks = [], 0, 0
    if window:
        yield window


def _group_documents(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    """Gather the segments of each document."""
    document: list[Segment] = []
    for segment in segments:
        if document and begins_document(segment, document[-1]):
            yield document
            document = []
        document.append(segment)
    if document:
        yield document


def segment_weight(segment: Segment) -> int:
    """Weigh a segment: its characters, something for its mere being, and fields that are longer than the text."""
    fields = len(_encode(segment.meta)) if segment.meta else 0
    return len(segment.src) + 16 + max(0, fields - FREE_FIELDS)


def language_of(segment: Segment) -> tuple[str, float]:
    """Give the language that `detect` found, and its probability."""
    if segment.src_lang is msgspec.UNSET or segment.lang_score is msgspec.UNSET:
        message = f"Segment {segment.id} has no language yet. Send the segments through `tolk detect` first."
        raise RecordError(message)
    return segment.src_lang, segment.lang_score


def _pair(segment: Segment, engines: Mapping[str, Engine], found: Mapping[str, Mapping[str, Hypothesis]]) -> Pair:
    lang, lang_score = language_of(segment)
    tgt: str | None = None
    model: str | None = None
    score: float | None = None
    flags: tuple[str, ...] = ()
    if lang in found:
        hypothesis = found[lang][segment.src]
        tgt, score, flags, model = hypothesis.text, hypothesis.score, hypothesis.flags, engines[lang].label
    elif lang == TARGET_LANG:
        tgt = segment.src
    else:
        flags = (UNDETERMINED if lang == UNDETERMINED_LANG else UNSUPPORTED,)
    return Pair(
        id=segment.id,
        doc=segment.doc,
        source=segment.source,
        index=segment.index,
        start=segment.start,
        end=segment.end,
        src=segment.src,
        src_lang=lang,
        lang_score=lang_score,
        fixes=segment.fixes,
        tgt=tgt,
        model=model,
        score=score,
        flags=flags,
        meta=segment.meta,
    )
