"""What each stage promises for any bytes whatsoever, as a function of the bytes that fails where a promise is broken.

Promises of time are kept by processor time: a second, and a millisecond a byte, on the slowest machine that is used.
"""

from __future__ import annotations

import functools
import io
import math
import random
import string
import time
from typing import TYPE_CHECKING, Final

import msgspec
from fuzz_words import PAGES, to_pair, to_text

from pipeline.detect import detect_document, load_detector
from pipeline.detect.lexicon import Lexicon
from pipeline.packages.model_store import models_folder
from pipeline.read.decode import decode_bytes
from pipeline.read.formats import html, jsonl, table, warc, wiki
from pipeline.read.inputs import Source
from pipeline.read.kinds import guess_kind
from pipeline.read.streams import Stream, split_lines
from pipeline.records import Document, Reject
from pipeline.repair import repair_document, repair_text
from pipeline.segment import segment_document, split_text
from pipeline.settings import Settings
from pipeline.translate import masks, protect, shape
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.entities import find_entities
from pipeline.translate.faults import find_faults
from pipeline.translate.figures import list_lost
from pipeline.translate.spelled import read_spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.read.stage import Reader

SETTINGS: Final = Settings(max_record_bytes=4000)
ROWS: Final = Settings(max_record_bytes=4000, text_field="1")
ALNUM: Final = frozenset((string.ascii_letters + string.digits).encode())


class Echo:
    """Says what it hears, in capitals."""

    label = "echo"

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Answer each text."""
        del decoding
        return [Hypothesis(text=text.upper(), score=-0.5) for text in texts]


class Blocks(Stream):
    """A stream of bytes that are at hand, in small blocks; torn where they say so."""

    def __init__(self, data: bytes, step: int, torn: str | None = None) -> None:
        self.torn = None
        self.length = 0
        self._ahead: list[bytes] = []
        self._blocks = self._cut(data, step, torn)

    def _cut(self, data: bytes, step: int, torn: str | None) -> Iterator[bytes]:
        file = io.BytesIO(data)
        yield from iter(lambda: file.read(step), b"")
        self.torn = torn


def hold(promise: object) -> None:
    """Fail where a promise is not kept, also under `python -O`."""
    if not promise:
        raise AssertionError


def in_time(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """Hold a target to its time as well; what takes long once may have loaded something."""

    @functools.wraps(target)
    def timed(data: bytes) -> None:
        hold(_is_fast(target, data) or _is_fast(target, data))

    return timed


def _is_fast(target: Callable[[bytes], None], data: bytes) -> bool:
    began = time.thread_time()
    target(data)
    return time.thread_time() - began < 1 + 0.001 * len(data)


def fuzz_decode(data: bytes) -> None:
    """Any bytes become text that can be written."""
    text, encoding = decode_bytes(data)
    text.encode("utf-8")
    hold(encoding)


def fuzz_kinds(data: bytes) -> None:
    """Any bytes are of some kind."""
    hold(guess_kind(data))


def fuzz_read(data: bytes) -> None:
    """Any lines become documents and rejects that can be written, none lost."""
    lines = list(split_lines([data[n : n + 7] for n in range(0, len(data), 7)], "a", b"\n", 60))
    hold(sum(line.length + line.ended for line in lines) == len(data))
    for line in lines:
        for record in jsonl._read_record(line, "utf-8", SETTINGS):  # noqa: SLF001 - the stage for one line
            hold(isinstance(record, (Document, Reject)))
            msgspec.json.encode(record)


def fuzz_jsonl(data: bytes) -> None:
    """Any file of records becomes documents and rejects in order, each reject with its place."""
    _read_all(jsonl.read_entries, data, "jsonl", SETTINGS)


def fuzz_table(data: bytes) -> None:
    """No letter of any table is lost, whichever rows are sound."""
    kind = "tsv" if data[:1] > b"\x7f" else "csv"
    data = data[1:]
    found = _read_all(table.read_entries, data, kind, ROWS)
    if not data.isascii() or b"\0" in data or b"1" in data or b"sep=" in data[:9]:
        return  # not UTF-8, or a header
    if any(each.truncated for each in found if isinstance(each, Reject)):
        return
    if found and isinstance(found[0], Reject) and "#" not in found[0].source:
        return  # a table without a header is refused as a whole
    told = "".join(
        each.text + "".join(each.meta.values()) if isinstance(each, Document) else each.text or "" for each in found
    )
    hold(sorted(_letters(told.encode())) == sorted(_letters(data)))


def fuzz_html(data: bytes) -> None:
    """Any page gives text that can be written, or a reject."""
    _read_all(html.read_entries, data, "html", SETTINGS)


def fuzz_warc(data: bytes) -> None:
    """Any archive becomes pages and rejects in order; also one whose records are sound, whatever is in them."""
    if data[:1] > b"\x7f":
        kind, media, head = PAGES[data[0] % len(PAGES)]
        page = head + data[1:]
        sound = b"WARC/1.0\r\nWARC-Type: %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
        data = sound % (kind, media, len(page), page) + data
    _read_all(warc.read_entries, data, "warc", SETTINGS)


def fuzz_wiki(data: bytes) -> None:
    """Any dump becomes pages and rejects in order; also one whose pages are sound, whatever is in them."""
    wrapped = data[:1] > b"\x7f"
    body = data[1:]
    if wrapped:
        text = to_text(body).encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b"\0", b"")
        body = b"<page><title>a</title><ns>0</ns><revision><text>%b</text></revision></page>" % text
    found = _read_all(wiki.read_entries, b"<mediawiki>" + body, "wiki", SETTINGS)
    hold(found or not wrapped)


def _read_all(reader: Reader, data: bytes, kind: str, settings: Settings) -> list[Document | Reject]:
    """Read to the end, whole or torn; what comes can be written, and rejects stand in order, inside the file."""
    torn = "torn" if data[-1:] == b"~" else None
    found = list(reader(Blocks(data, 1 + len(data) // 5, torn), Source("a", "a", kind, ""), settings))
    at = 0
    for record in found:
        msgspec.json.encode(record)
        if isinstance(record, Reject):
            hold(at <= record.offset <= record.offset + record.length <= len(data))
            at = record.offset
    refused = len(found) == 1 and isinstance(found[0], Reject) and "#" not in found[0].source
    hold(not torn or refused or any(isinstance(record, Reject) and record.reason == "torn" for record in found))
    return found


def _letters(data: bytes) -> list[int]:
    return [byte for byte in data if byte in ALNUM]


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


def fuzz_weigh(data: bytes) -> None:
    """What the detector finds likely for any text adds up to one."""
    weights = load_detector("tolk").weigh(to_text(data))
    hold(not weights or math.isclose(sum(weights.values()), 1, abs_tol=1e-3))


@functools.cache
def _open_lexicon() -> tuple[Lexicon, list[str]]:
    lexicon = Lexicon(models_folder() / "lid" / "lexicon.txt")
    return lexicon, list(lexicon._rows)  # noqa: SLF001 - to choose words that it knows


def fuzz_lexicon(data: bytes) -> None:
    """Any words add up to a byte a language."""
    lexicon, words = _open_lexicon()
    rng = random.Random(data)  # noqa: S311 - no secret; guided by coverage, words would stay few
    known = rng.choices(words, k=rng.randrange(60))
    hold(len(lexicon.look_up(" ".join(known))[0]) in {0, len(lexicon.columns) + 1})


def fuzz_protect(data: bytes) -> None:
    """What is kept whole comes back whole, for any text."""
    text = data.decode("utf-8", "replace").replace("\n", " ").strip() or "a"
    (found,) = protect.Protecting(Echo()).translate_texts([text], Decoding())
    found.text.encode("utf-8")


def fuzz_entities(data: bytes) -> None:
    """Entities stand in any text in order, none empty, none inside another."""
    text = to_text(data)
    at = 0
    for start, end, kind in find_entities(text):
        hold(at <= start < end <= len(text))
        hold(kind)
        at = end


def fuzz_figures(data: bytes) -> None:
    """Figures of any two texts are compared, and a text has all of its own."""
    source, target = to_pair(data)
    lost = list_lost(source, target)
    hold(not lost or source != target)


def fuzz_spelled(data: bytes) -> None:
    """Any text spells numbers that can be written."""
    hold(all(f"{number:f}" and number.is_finite() for number in read_spelled(to_text(data))))


def fuzz_shape(data: bytes) -> None:
    """Edges and core of any text join to it, and its form is given to any other."""
    source, target = to_pair(data)
    hold("".join(shape.cut_edges(source)) == source)
    hold("".join(shape.cut_edges(target)) == target)
    for settle in (shape.settle_case, shape.settle_marks, shape.continue_case):
        settle(source, target).encode("utf-8")


def fuzz_masks(data: bytes) -> None:
    """Any line is hidden and shown, and its pieces join to it."""
    source, target = to_pair(data)
    line = masks.plan_line(source)
    hold(line.text == source)
    for each in (line, masks.hide_numbers(line)):
        hold("".join(masks.cut_strands(each.core, each.groups)) == each.core)
        hold("".join(masks.cut_pieces(each)).lower() == each.core.lower() or each.shouted)
        marks = masks.choose_marks(each, ())
        masks.show(each, target, marks)
        masks.show(each, masks.hide(each, marks) or "", marks)


def fuzz_faults(data: bytes) -> None:
    """Any two texts are held against each other."""
    source, target = to_pair(data)
    flags = find_faults(source, ("sv", "id", "xx")[len(source) % 3], Hypothesis(target, -0.5), lambda _: 0.5)
    hold(list(flags) == sorted(flags))


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    name.removeprefix("fuzz_"): in_time(target) for name, target in list(globals().items()) if name.startswith("fuzz_")
}
