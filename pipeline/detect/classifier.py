"""Tolk's own language classifier: fastText weights and a word lexicon, calibrated by the text's length.

The weights are a linear model over words and their character n-grams. Both see lower-cased letters and nothing else, so
headlines and capitals weigh as running text does. On a word or two they are too sure of themselves, so probabilities
are calibrated by the number of letters.
"""

from __future__ import annotations

import bisect
import functools
import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.detect.lexicon import Lexicon
from pipeline.detect.mixed import Mixtures
from pipeline.detect.scripts import weigh_script
from pipeline.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    Predict = Callable[[str, int, float, str], Sequence[tuple[float, str]]]

WEIGHTS_FILE: Final = "lid.ftz"
LEXICON_FILE: Final = "lexicon.txt"
CALIBRATION_FILE: Final = "calibration.json"
LABEL_PREFIX: Final = "__label__"
"""What fastText puts before the name of a class."""
MAX_CHARS: Final = 600
"""Characters beyond these change nothing but the time it takes."""
SHORT_CHARS: Final = 32
"""A text of at most this length is likely to come again: menus and buttons do, on every page of a site."""
REMEMBERED: Final = 8192
"""Short texts whose weights are kept at hand."""
MIN_WEIGHT: Final = 5e-4
"""Languages that the weights find less likely than this are left out."""
SURE: Final = 0.99
"""Probability of the best language from which the weights alone decide about a long text, without the lexicon."""
CLEAR_RIGHT: Final = 0.999
"""Share of long texts whose words leave no doubt that are what they seem to be; `calibrate.py` prints it."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_BEYOND_LATIN_1: Final = re.compile("[^\x00-\xff\u2000-\u206f]")
"""A character that is neither in Latin-1 nor punctuation: a text without any takes a faster way to its words."""
_LOWERED: Final = bytes(
    ord(letter.lower()) if (letter := chr(code)).isalpha() and letter not in "ªºµ" else ord(" ") for code in range(256)
)
"""Translates Latin-1: letters to lower case, everything else to spaces."""
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+", re.IGNORECASE)


class Calibration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far weights and words are trusted, by the number of letters; `calibrate.py` fits it on lines new to both."""

    letters: tuple[int, ...]
    """Upper ends of the length buckets; the last bucket has none."""
    sharpness: tuple[float, ...]
    """Exponent of a probability, one a bucket: below 1 the model was too sure."""
    trust: tuple[float, ...]
    """Factor of what the lexicon says, one a bucket."""
    prior: tuple[dict[str, float], ...]
    """Factors of the languages reported, one table a bucket; 1 where a language is not named."""
    codes: dict[str, str]
    """The model's labels that are not ISO 639-1, and what is reported for them."""


class Classifier:
    """A detector: the weights, lexicon and calibration of a folder, opened."""

    def __init__(self, folder: Path) -> None:
        self._calibration = _read_calibration(folder / CALIBRATION_FILE)
        self._predict = open_predictor(folder / WEIGHTS_FILE)
        self._lexicon = Lexicon(folder / LEXICON_FILE)
        self._mixtures = Mixtures(self._lexicon)
        self._labels = _name_labels(self._predict, self._calibration.codes, self._lexicon.columns)
        self._decay = [[math.exp(-trust * against) for against in range(256)] for trust in self._calibration.trust]
        self._clear = {name: {self._calibration.codes.get(name, name): CLEAR_RIGHT} for name in self._lexicon.columns}
        self._weigh_short = functools.lru_cache(REMEMBERED)(self._weigh)

    def weigh(self, text: str) -> Mapping[str, float]:
        """Give languages and their probabilities for a text that stands alone; nothing for one without letters."""
        return self._weigh_short(text) if len(text) <= SHORT_CHARS else self._weigh(text)

    def find_mixed(self, text: str) -> tuple[str, float] | None:
        """Name the language that a text which reads as English is mixed with, and the share of its words."""
        return self._mixtures.find(text)

    def _weigh(self, text: str) -> Mapping[str, float]:
        words = find_words(text)
        if not words:
            return {}
        if not words.isascii():
            foreign = weigh_script(words)
            if foreign:
                return foreign
        against, unknown = self._lexicon.look_up(words)
        if len(words) > SHORT_CHARS:
            leader = self._lexicon.find_leader(against, unknown)
            if leader:
                return self._clear[leader]
        found = self._predict(words + "\n", -1, MIN_WEIGHT, "strict")
        return self._calibrate(len(words), found, against if needs_lexicon(words, found) else b"")

    def _calibrate(self, letters: int, found: Sequence[tuple[float, str]], against: bytes) -> Mapping[str, float]:
        """Turn what the weights found, and what the lexicon has against each language, into probabilities."""
        known, labels = self._calibration, self._labels
        bucket = bisect.bisect_left(known.letters, letters)
        sharpness, prior, decay = known.sharpness[bucket], known.prior[bucket], self._decay[bucket]
        weights: dict[str, float] = {}
        for probability, label in found:
            code, column = labels[label]
            weight = probability**sharpness
            if against:
                weight *= decay[against[column]]
            if code in prior:
                weight *= prior[code]
            weights[code] = weights.get(code, 0.0) + weight
        total = sum(weights.values())
        return {code: weight / total for code, weight in weights.items()}


def _name_labels(predict: Predict, codes: Mapping[str, str], columns: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Give the code that is reported for each label, and its column in the lexicon."""
    names = [label.removeprefix(LABEL_PREFIX) for _, label in predict("a\n", -1, 0.0, "strict")]
    return {LABEL_PREFIX + name: (codes.get(name, name), columns.get(name, len(columns))) for name in names}


def needs_lexicon(words: str, found: Sequence[tuple[float, str]]) -> bool:
    """Tell whether the lexicon is to be asked: always about a short text, else where the weights are not sure."""
    return len(words) <= SHORT_CHARS or found[0][0] < SURE


def find_words(text: str) -> str:
    """Keep the words of a text, lower-cased; addresses are left out where anything else is there.

    >>> find_words("LÄS MER: 3 råd på www.example.com!")
    'läs mer råd på'
    >>> find_words("www.example.com")
    'www example com'
    """
    text = text[:MAX_CHARS]
    if "@" in text or "www." in text or "://" in text:
        bare = _ADDRESS.sub(" ", text)
        text = bare if _WORD.search(bare) else text
    if text.isascii() or not _BEYOND_LATIN_1.search(text):
        return " ".join(text.encode("latin-1", "replace").translate(_LOWERED).decode("latin-1").split())
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def _read_calibration(path: Path) -> Calibration:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Calibration)
    except (OSError, msgspec.DecodeError) as error:
        raise _broken(path, error) from error


def open_predictor(path: Path) -> Predict:
    """Give the bare `predict` of the bindings: on two words, the wrapper around it takes as long as the rest."""
    import fasttext

    try:
        inner: Any = fasttext.load_model(str(path)).f
    except ValueError as error:
        raise _broken(path, error) from error
    predict: Predict = inner.predict
    return predict


def _broken(path: Path, error: Exception) -> PackageError:
    return PackageError(f"The language detector's {path} cannot be read ({error})", mend="Install Tolk again.")
