"""Count what a file of cases loses in translation: `entities.py [FILE]`, as a rule the unseen set of the tests.

Each line of the file holds a text, its language, the strings in it that must `keep` their letters, its other `digits`,
and what is `beyond` patterns, since only its meaning tells it from words. Every engine translates all of them behind
the layers of a run: the embedded packages, and two that stand for the worst there are.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.packages import model_store
from pipeline.settings import Settings
from pipeline.translate.check import Checking
from pipeline.translate.engine import Decoding, Engine, Hypothesis, PackageEngine
from pipeline.translate.numbers.lost import list_lost_numbers
from pipeline.translate.protect import Protecting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipeline.translate.lines import Line

UNSEEN = Path(__file__).parent.parent / "tests" / "cases" / "entities_unseen.jsonl"
SHOWN = 80


class Case(NamedTuple):
    """A text, and what must be in its translation."""

    lang: str
    src: str
    keep: list[str]
    digits: list[str]
    beyond: list[str] = []  # noqa: RUF012 - the default of a tuple's field is never altered


class Fake:
    """An engine that answers with a function of the text."""

    label = "fake"

    def __init__(self, answer: Callable[[str], str]) -> None:
        self._answer = answer

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Answer each text."""
        del decoding
        return [Hypothesis(self._answer(text), -0.4) for text in texts]


class Counting(Protecting):
    """The layer itself, with a note of the texts that it translated piece by piece."""

    pieced: frozenset[str] = frozenset()

    def _translate_pieces(self, lines: Mapping[int, Line], decoding: Decoding) -> dict[int, Hypothesis]:
        self.pieced |= {line.text for line in lines.values()}
        return super()._translate_pieces(lines, decoding)


def mangle(text: str) -> str:
    """Lose symbols and digits, and a word, and turn the rest around."""
    words = re.findall(r"[^\W\d_]+", text)
    return " ".join(words[::-1][1:]).lower()


def read_cases(file: Path) -> list[Case]:
    """Read the cases."""
    return [Case(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def list_missing(wanted: Sequence[str], target: str) -> Iterator[str]:
    """Give what does not stand in a target, each after the one before it."""
    at = 0
    for entity in wanted:
        found = target.find(entity, at)
        if found < 0:
            yield entity
        else:
            at = found + len(entity)


def report(name: str, lang: str, cases: Sequence[Case], engine: Engine, marks: Callable[[], Sequence[str]]) -> None:
    """Translate a language's cases with an engine, and print what was lost."""
    layer = Counting(engine, marks)
    found = Checking(layer, lang).translate_texts([case.src for case in cases], Decoding())
    counts: Counter[str] = Counter()
    lines = []
    for case, said in zip(cases, found, strict=True):
        missing = list(list_missing(case.keep, said.text))
        flagged = "lost_entity" in said.flags
        lost = [number for number in case.digits if list_lost_numbers(number, said.text)]
        counts["keep"] += len(case.keep)
        counts["lost"] += len(missing)
        counts["unflagged"] += 0 if flagged else len(missing)
        counts["digits"] += len(case.digits)
        counts["digits lost"] += len(lost)
        counts["digits unflagged"] += 0 if said.flags else len(lost)
        counts["pieced"] += case.src in layer.pieced
        counts["beyond"] += len(case.beyond)
        counts["beyond lost"] += len(list(list_missing(case.beyond, said.text)))
        if missing or (lost and not said.flags):
            lines.append(f"    {missing + lost} {case.src!r} → {said.text!r} {' '.join(said.flags)}")
    kept = 1 - counts["lost"] / max(1, counts["keep"])
    sure = 1 - counts["digits unflagged"] / max(1, counts["digits"])
    print(
        f"{lang}  {name:<9} entities {kept:7.2%} of {counts['keep']} kept, {counts['unflagged']} lost unflagged; "
        f"digits {sure:7.2%} of {counts['digits']} kept or flagged ({counts['digits lost']} lost); "
        f"beyond {counts['beyond'] - counts['beyond lost']} of {counts['beyond']}; "
        f"{counts['pieced']} of {len(cases)} texts in pieces"
    )
    print(*lines[:SHOWN], sep="\n", end="\n" if lines else "")


def main(file: Path) -> None:
    """Print a line for each language and engine, and under it what was lost."""
    cases = read_cases(file)
    for lang in sorted({case.lang for case in cases}):
        mine = [case for case in cases if case.lang == lang]
        package = PackageEngine(model_store.find_package(lang), Settings())
        report("embedded", lang, mine, package, package.find_placeholders)
        report("mangles", lang, mine, Fake(mangle), tuple)
        report("dumb", lang, mine, Fake(lambda _: "something else"), tuple)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else UNSEEN)
