"""Fuzz a stage, guided by coverage: `python benchmarks/fuzz.py STAGE [CORPUS] [-runs=1000000] [libFuzzer's options]`.

Needs atheris, which is no dependency of the project: `pip install atheris`. Each target holds a stage to what it
promises for any bytes whatsoever; a finding belongs into `tests/test_hostile.py`.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, Final

import msgspec

atheris: Any = importlib.import_module("atheris")

with atheris.instrument_imports(include=["pipeline"]):
    from pipeline.detect import detect_document, load_detector
    from pipeline.read.decode import decode_bytes
    from pipeline.read.formats import jsonl
    from pipeline.read.streams import split_lines
    from pipeline.records import Document, Reject
    from pipeline.repair import repair_document, repair_text
    from pipeline.segment import segment_document, split_text
    from pipeline.settings import Settings
    from pipeline.translate import protect
    from pipeline.translate.engine import Decoding, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SETTINGS: Final = Settings()


class Echo:
    """Says what it hears, in capitals."""

    label = "echo"

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Answer each text."""
        del decoding
        return [Hypothesis(text=text.upper(), score=-0.5) for text in texts]


def hold(promise: object) -> None:
    """Fail where a promise is not kept, also under `python -O`."""
    if not promise:
        raise AssertionError


def fuzz_decode(data: bytes) -> None:
    """Any bytes become text that can be written."""
    text, encoding = decode_bytes(data)
    text.encode("utf-8")
    hold(encoding)


def fuzz_read(data: bytes) -> None:
    """Any lines become documents and rejects that can be written, none lost."""
    lines = list(split_lines([data[n : n + 7] for n in range(0, len(data), 7)], "a", b"\n", 60))
    hold(sum(line.length + line.ended for line in lines) == len(data))
    for line in lines:
        for record in jsonl._read_record(line, "utf-8", SETTINGS):  # noqa: SLF001 - the stage for one line
            hold(isinstance(record, (Document, Reject)))
            msgspec.json.encode(record)


def fuzz_repair(data: bytes) -> None:
    """Any text becomes text that can be written, and is mended at once."""
    text, _ = repair_text(data.decode("utf-8", "replace"))
    text.encode("utf-8")


def fuzz_segment(data: bytes) -> None:
    """Segments and white space tile any text."""
    text = data.decode("utf-8", "replace")
    at = 0
    for start, end in split_text(text, 40):
        hold(at <= start < end <= len(text))
        hold(not text[at:start].strip())
        hold(end - start <= 40)
        at = end
    hold(not text[at:].strip())


def fuzz_detect(data: bytes) -> None:
    """Every segment of any document gets a language and a probability."""
    document = repair_document(Document(id="0" * 16, source="a", text=data.decode("utf-8", "replace")))
    for segment in detect_document(segment_document(document, SETTINGS), load_detector("tolk")):
        hold(isinstance(segment.src_lang, str))
        hold(isinstance(segment.lang_score, float) and 0 <= segment.lang_score <= 1)


def fuzz_protect(data: bytes) -> None:
    """What is kept whole comes back whole, for any text."""
    text = data.decode("utf-8", "replace").replace("\n", " ").strip() or "a"
    (found,) = protect.Protecting(Echo()).translate_texts([text], Decoding())
    found.text.encode("utf-8")


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "decode": fuzz_decode,
    "read": fuzz_read,
    "repair": fuzz_repair,
    "segment": fuzz_segment,
    "detect": fuzz_detect,
    "protect": fuzz_protect,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"Name a stage: {', '.join(TARGETS)}.")
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
