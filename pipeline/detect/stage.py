"""Segments to the same with their language: a document's segments are decided together, so context helps short ones."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from pipeline.detect.classifier import Classifier, find_words
from pipeline.detect.context import decide_together
from pipeline.detect.short_lines import doubt_short_lines
from pipeline.packages.model_store import models_folder
from pipeline.records import UNDETERMINED_LANG, begins_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.records import Segment
    from pipeline.settings import DetectorName, Settings

ENGLISH: Final = "en"
MAX_TOGETHER: Final = 4096
"""Segments that are decided together; a longer document is decided in parts, so that memory stays bounded."""


class Detector(Protocol):
    """Whatever can say how likely each language is for a text that stands alone."""

    def weigh(self, text: str) -> Mapping[str, float]:
        """Give ISO 639-1 codes and their probabilities; nothing for a text without letters."""


def detect_document(segments: Sequence[Segment], detector: Detector) -> list[Segment]:
    """Give each segment of one document its language, decided from all of them."""
    found: list[Segment] = []
    for start in range(0, len(segments), MAX_TOGETHER):
        part = segments[start : start + MAX_TOGETHER]
        texts = [segment.src for segment in part]
        decided = decide_together(doubt_short_lines(texts, [detector.weigh(text) for text in texts]))
        if isinstance(detector, Classifier):
            decided = [
                (language == ENGLISH and detector.find_mixed(text)) or (language, score)
                for text, (language, score) in zip(texts, decided, strict=True)
            ]
        found += [
            msgspec.structs.replace(segment, src_lang=language, lang_score=score)
            for segment, (language, score) in zip(part, decided, strict=True)
        ]
    return found


def detect_segments(segments: Iterable[Segment], settings: Settings) -> Iterator[Segment]:
    """Give each segment of a stream its language; consecutive segments of a document are decided together."""
    if settings.source_lang:
        for segment in segments:
            yield msgspec.structs.replace(segment, src_lang=settings.source_lang, lang_score=1.0)
        return
    detector = load_detector(settings.detector)
    part: list[Segment] = []
    for segment in segments:
        if part and (begins_document(segment, part[-1]) or len(part) == MAX_TOGETHER):
            yield from detect_document(part, detector)
            part = []
        part.append(segment)
    yield from detect_document(part, detector)


@functools.cache
def load_detector(name: DetectorName) -> Detector:
    """Open a detector, once a process."""
    if name == "langdetect":
        return LangdetectDetector()
    return Classifier(models_folder() / "lid")


class LangdetectDetector:
    """The langdetect library, made repeatable, and kept from raising on texts that it cannot use."""

    def __init__(self) -> None:
        from langdetect import DetectorFactory, detector_factory

        DetectorFactory.seed = 0
        detector_factory.init_factory()
        self._factory = detector_factory._factory  # noqa: SLF001 — the public functions hide the error kinds

    def weigh(self, text: str) -> Mapping[str, float]:
        """Give what langdetect finds; both kinds of Chinese are `zh`, letters that it finds nothing in are `und`."""
        from langdetect.lang_detect_exception import LangDetectException

        if not find_words(text):
            return {}
        detector = self._factory.create()
        detector.append(text)
        try:
            found = detector.get_probabilities()
        except LangDetectException:
            return {UNDETERMINED_LANG: 1.0}
        weights: dict[str, float] = {}
        for language in found:
            code = language.lang.partition("-")[0]
            weights[code] = weights.get(code, 0.0) + language.prob
        return weights or {UNDETERMINED_LANG: 1.0}
