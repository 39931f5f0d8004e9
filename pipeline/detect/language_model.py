"""The classifier behind `detect`: what it looks at in a text, and how far its word is taken.

A linear model over words and their character n-grams (fastText's format). It sees lower-cased letters and nothing
else, so headlines and capitals weigh as running text does. What it says is tempered by the text's length: on a word or
two it knows less than it thinks.
"""

from __future__ import annotations

import bisect
import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.detect.scripts import weigh_script
from pipeline.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

WEIGHTS_FILE: Final = "lid.ftz"
CALIBRATION_FILE: Final = "calibration.json"
LABEL: Final = "__label__"
MAX_CHARS: Final = 600
"""Characters beyond these change nothing but the time it takes."""
SHORT_CHARS: Final = 32
"""A text of at most this length is likely to come again: menus and buttons do, on every page of a site."""
REMEMBERED: Final = 8192
"""Short texts whose weights are kept at hand."""
MIN_WEIGHT: Final = 5e-4
"""A language that the model finds less likely than this is not ruled out further: it may be wrong about a line."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+", re.IGNORECASE)


class Calibration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the model's word is corrected, by the number of letters that it saw; `train.py` fits it on held-out lines."""

    letters: tuple[int, ...]
    """Upper ends of the length buckets; the last bucket has none."""
    sharpness: tuple[float, ...]
    """Exponent of a probability, one a bucket: below 1 the model was too sure."""
    prior: tuple[dict[str, float], ...]
    """Factors of languages, one table a bucket; 1 where a language is not named."""
    codes: dict[str, str]
    """The model's labels that are not ISO 639-1, and what is reported for them."""


class LanguageModel:
    """The weights in a folder, opened."""

    def __init__(self, folder: Path) -> None:
        self._calibration = _read_calibration(folder / CALIBRATION_FILE)
        self._predict = _open_weights(folder / WEIGHTS_FILE)
        self._weigh_again = functools.lru_cache(REMEMBERED)(self._weigh)

    def weigh(self, text: str) -> Mapping[str, float]:
        """Say how likely each language is for a text that stands alone."""
        return self._weigh_again(text) if len(text) <= SHORT_CHARS else self._weigh(text)

    def _weigh(self, text: str) -> Mapping[str, float]:
        words = find_words(text)
        if not words:
            return {}
        if not words.isascii():
            foreign = weigh_script(words)
            if foreign:
                return foreign
        return self._correct(len(words), self._predict(words + "\n", -1, MIN_WEIGHT, "strict"))

    def _correct(self, letters: int, found: Iterable[tuple[float, str]]) -> Mapping[str, float]:
        known = self._calibration
        bucket = bisect.bisect_left(known.letters, letters)
        sharpness, prior = known.sharpness[bucket], known.prior[bucket]
        weights: dict[str, float] = {}
        for probability, label in found:
            code = label[len(LABEL) :]
            weight = probability**sharpness * prior.get(code, 1.0)
            code = known.codes.get(code, code)
            weights[code] = weights.get(code, 0.0) + weight
        total = sum(weights.values())
        return {code: weight / total for code, weight in weights.items()}


def find_words(text: str) -> str:
    """Keep the words of a text, lower-cased; addresses are left out where anything else is there.

    >>> find_words("LÄS MER: 3 råd på www.example.com!")
    'läs mer råd på'
    >>> find_words("www.example.com")
    'www example com'
    """
    text = text[:MAX_CHARS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "@" in text or "www." in text or "://" in text:
        text = _ADDRESS.sub(" ", text) if _WORD.search(_ADDRESS.sub(" ", text)) else text
    return " ".join(_WORD.findall(text.lower()))


def _read_calibration(path: Path) -> Calibration:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Calibration)
    except (OSError, msgspec.DecodeError) as error:
        raise _broken(path, error) from error


def _open_weights(path: Path) -> Callable[[str, int, float, str], Iterable[tuple[float, str]]]:
    """Give the reader's inner predict: on two words, the packing that the outer one does takes as long as the rest."""
    import fasttext

    try:
        inner: Any = fasttext.load_model(str(path)).f
    except ValueError as error:
        raise _broken(path, error) from error
    predict: Callable[[str, int, float, str], Iterable[tuple[float, str]]] = inner.predict
    return predict


def _broken(path: Path, error: Exception) -> PackageError:
    return PackageError(f"The language detector's {path} cannot be read ({error}). Install Tolk again.")
