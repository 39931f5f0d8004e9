"""Check pairs against the schema, and what no schema can say; print the schema itself."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.manifest import read_manifest
from pipeline.read.lines import advise
from pipeline.records import PAIR_SCHEMA, TARGET_LANG, Pair
from pipeline.translate.stage import UNDETERMINED, UNSUPPORTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SHOWN_PROBLEMS: Final = 100
_UNTRANSLATED: Final = frozenset({UNDETERMINED, UNSUPPORTED})
"""Flags that say why there is no English."""


def pair_schema() -> dict[str, Any]:
    """Give the JSON Schema of a line of output, made from the record itself."""
    schema = msgspec.json.schema(Pair)
    definition: dict[str, Any] = schema["$defs"]["Pair"]
    definition["properties"]["schema"] = {"const": PAIR_SCHEMA}
    definition["required"] = [*Pair.__struct_fields__]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{PAIR_SCHEMA}", **definition}


class Problem(msgspec.Struct, frozen=True):
    """Something in a line that is not as the schema promises."""

    line: int
    what: str


class Validated(msgspec.Struct, kw_only=True):
    """A file that was checked."""

    file: str
    lines: int = 0
    problems: int = 0
    first: list[Problem] = []
    """The first hundred."""

    def enter(self, problem: Problem) -> None:
        """Count a problem, and keep it if it is one of the first."""
        self.problems += 1
        if len(self.first) < SHOWN_PROBLEMS:
            self.first.append(problem)

    def count(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Count the lines that pass."""
        for line in lines:
            self.lines += 1
            yield line


def miscount(folder: Path, pairs: int) -> str:
    """Say that a run's folder holds other than the pairs that its manifest counts; nothing where it holds these."""
    promised = read_manifest(folder).counts.pairs
    return "" if pairs == promised else f"it holds {pairs} pairs, and its manifest counts {promised}"


def find_problems(lines: Iterable[bytes]) -> Iterator[Problem]:
    """Name the line and the field of everything that is not as the schema promises."""
    decode = msgspec.json.Decoder(Pair).decode
    for number, line in enumerate(lines, 1):
        try:
            line.decode()  # for the parser looks into no field that it does not know
            present = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
            pair = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            advice = advise(line, Pair)
            yield Problem(number, f"{error}.{advice}" if advice else str(error))
            continue
        missing = [field for field in Pair.__struct_fields__ if field not in present]
        yield from (Problem(number, f"field `{field}` is missing") for field in missing)
        yield from (Problem(number, f"field `{field}` stands there twice") for field in _find_repeated(line, present))
        yield from (Problem(number, problem) for problem in pair_problems(pair))


def _find_repeated(line: bytes, present: dict[str, msgspec.Raw]) -> list[str]:
    """Name the fields that a line has more than once, of which the parser has taken the last."""
    if len(msgspec.json.encode(present)) == len(line):  # which is every line that Tolk writes
        return []
    fields = json.loads(line, parse_int=str, object_pairs_hook=_list_fields)  # the outermost come last
    return sorted(field for field, count in Counter(fields).items() if count > 1)


def _list_fields(fields: list[tuple[str, Any]]) -> list[str]:
    return [field for field, _ in fields]


def pair_problems(pair: Pair) -> Iterator[str]:
    """Name what in a well-formed pair contradicts itself, or what no run writes."""
    yield from _find_bad_texts(pair)
    yield from _find_bad_target(pair)
    if pair.id != f"{pair.doc}-{pair.index}":
        yield "field `id` is not `doc`, a hyphen and `index`"
    if pair.end - pair.start != len(pair.src):
        yield "fields `start` and `end` do not span `src`"
    if list(pair.flags) != sorted(set(pair.flags)):
        yield "field `flags` is not sorted"


def _find_bad_texts(pair: Pair) -> Iterator[str]:
    if not pair.src or pair.src != pair.src.strip():
        yield "field `src` is empty, or has white space at its edges"
    for field in ("doc", "source", "model"):
        if getattr(pair, field) == "":
            yield f"field `{field}` is empty"
    for field in ("fixes", "flags"):
        if "" in getattr(pair, field):
            yield f"field `{field}` holds an empty string"


def _find_bad_target(pair: Pair) -> Iterator[str]:
    """Name what does not fit together of a text's language, its English, and what has made that."""
    if (pair.model is None) != (pair.score is None):
        yield "fields `model` and `score` must be null together"
    if pair.tgt is None:
        if _UNTRANSLATED.isdisjoint(pair.flags):
            yield "field `tgt` is null and `flags` does not say why"
        if pair.model is not None:
            yield "field `tgt` is null though `model` names what translated it"
        if pair.src_lang == TARGET_LANG:
            yield "field `tgt` is null though the text is English already"
        return
    if not _UNTRANSLATED.isdisjoint(pair.flags):
        yield "field `flags` says that nothing was translated, though `tgt` is there"
    if pair.src_lang == TARGET_LANG and pair.model is None and pair.tgt != pair.src:
        yield "field `tgt` differs from `src` though nothing translated it"
