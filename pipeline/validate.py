"""Check pairs against the schema, and what no schema can say; print the schema itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from pipeline.records import PAIR_SCHEMA, Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def pair_schema() -> dict[str, Any]:
    """Give the JSON Schema of a line of output, made from the record itself."""
    schema = msgspec.json.schema(Pair)
    definition: dict[str, Any] = schema["$defs"]["Pair"]
    definition["properties"]["schema"] = {"const": PAIR_SCHEMA}
    definition["required"] = [*Pair.__struct_fields__]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{PAIR_SCHEMA}", **definition}


def find_problems(lines: Iterable[bytes], name: str) -> Iterator[str]:
    """Name the line and the field of everything that is not as the schema promises."""
    decode = msgspec.json.Decoder(Pair).decode
    for number, line in enumerate(lines, 1):
        try:
            present = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
            pair = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            yield f"{name}:{number}: {error}"
            continue
        missing = [field for field in Pair.__struct_fields__ if field not in present]
        yield from (f"{name}:{number}: field `{field}` is missing" for field in missing)
        yield from (f"{name}:{number}: {problem}" for problem in pair_problems(pair))


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
