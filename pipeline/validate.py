"""Check pairs against the schema, and what no schema can say; print the schema itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.exchange import advise
from pipeline.records import PAIR_SCHEMA, Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHOWN_PROBLEMS: Final = 100


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


def find_problems(lines: Iterable[bytes]) -> Iterator[Problem]:
    """Name the line and the field of everything that is not as the schema promises."""
    decode = msgspec.json.Decoder(Pair).decode
    for number, line in enumerate(lines, 1):
        try:
            present = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
            pair = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            advice = advise(line, Pair)
            yield Problem(number, f"{error}.{advice}" if advice else str(error))
            continue
        missing = [field for field in Pair.__struct_fields__ if field not in present]
        yield from (Problem(number, f"field `{field}` is missing") for field in missing)
        yield from (Problem(number, problem) for problem in pair_problems(pair))


def pair_problems(pair: Pair) -> Iterator[str]:
    """Name what in a well-formed pair contradicts itself."""
    if pair.id != f"{pair.doc}-{pair.index}":
        yield "field `id` is not `doc`, a hyphen and `index`"
    if pair.end - pair.start != len(pair.src):
        yield "fields `start` and `end` do not span `src`"
    if pair.tgt is None and not pair.flags:
        yield "field `tgt` is null and `flags` does not say why"
    if pair.src_lang == "en" and pair.model is None and pair.tgt != pair.src:
        yield "field `tgt` differs from `src` though nothing translated it"
    if (pair.model is None) != (pair.score is None):
        yield "fields `model` and `score` must be null together"
    if list(pair.flags) != sorted(set(pair.flags)):
        yield "field `flags` is not sorted"
