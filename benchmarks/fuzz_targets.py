"""What each stage promises for any bytes whatsoever, as a function of the bytes that fails where a promise is broken.

Promises of time are kept by processor time: a second, and a millisecond a byte, on the slowest machine that is used.
"""

from __future__ import annotations

import functools
import math
import random
import string
import time
from typing import TYPE_CHECKING, Final

import fuzz_read
from fuzz_words import hold, to_pair, to_text

from pipeline.detect import detect_document, load_detector
from pipeline.detect.lexicon import Lexicon
from pipeline.packages.model_store import models_folder
from pipeline.records import Document
from pipeline.repair import repair_document, repair_text
from pipeline.segment import segment_document, split_text
from pipeline.settings import Settings
from pipeline.translate import masks, protect, shape
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.entities.find import find_entities
from pipeline.translate.faults import find_faults
from pipeline.translate.lines import cut_strands, hide_numbers, plan_line
from pipeline.translate.numbers.lost import list_lost_numbers
from pipeline.translate.numbers.spelled import read_spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


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
    return lexicon, list(lexicon.rows)


def fuzz_lexicon(data: bytes) -> None:
    """Any words add up to a byte a language."""
    lexicon, words = _open_lexicon()
    rng = random.Random(data)  # noqa: S311 - no secret; guided by coverage, words would stay few
    known = rng.choices(words, k=rng.randrange(60))
    hold(len(lexicon.look_up(" ".join(known))[0]) in {0, len(lexicon.columns) + 1})


def fuzz_protect(data: bytes) -> None:
    """What is kept whole comes back whole, for any text."""
    text = data.decode("utf-8", "replace").replace("\n", " ").strip() or "a"
    for lang in ("", "sv", "id"):
        (found,) = protect.Protecting(Echo(), lang=lang).translate_texts([text], Decoding())
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
    lost = list_lost_numbers(source, target)
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
    line = plan_line(source)
    hold(line.text == source)
    for each in (line, hide_numbers(line)):
        hold("".join(cut_strands(each.core, each.groups)) == each.core)
        hold("".join(masks.cut_pieces(each)).lower() == each.core.lower() or each.shouted)
        placeholders = masks.choose_placeholders(each, ())
        hidden = masks.hide(each, placeholders) or ""
        masks.show(each, hidden, target, placeholders)
        masks.show(each, hidden, hidden, placeholders)


def fuzz_faults(data: bytes) -> None:
    """Any two texts are held against each other."""
    source, target = to_pair(data)
    flags = find_faults(source, ("sv", "id", "xx")[len(source) % 3], Hypothesis(target, -0.5), lambda _: 0.5)
    hold(list(flags) == sorted(flags))


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    name.removeprefix("fuzz_"): in_time(target)
    for name, target in [*vars(fuzz_read).items(), *list(globals().items())]
    if name.startswith("fuzz_") and callable(target)
}
