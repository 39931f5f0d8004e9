"""`tolk validate` names the line and the field; the schema says the same to any other validator."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
import pytest
from test_manifest import PAIR

from pipeline.validate import Problem, find_problems, pair_schema


def line(**changes: Any) -> bytes:
    return json.dumps({**msgspec.to_builtins(PAIR), "flags": [], **changes}).encode()


def test_a_good_pair_has_no_problem() -> None:
    assert list(find_problems([line()])) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"schema": "tolk.pair/2"}, "$.schema"),
        ({"start": -1}, "$.start"),
        ({"lang_score": 1.5}, "$.lang_score"),
        ({"src_lang": "Swedish"}, "$.src_lang"),
        ({"score": 0.5}, "$.score"),
        ({"tgt_lang": "sv"}, "$.tgt_lang"),
        ({"src": None}, "$.src"),
        ({"meta": []}, "$.meta"),
        ({"end": 4}, "`end`"),
        ({"id": "d-7"}, "`id`"),
        ({"tgt": None}, "`flags`"),
        ({"flags": ["b", "a"]}, "`flags`"),
        ({"model": None}, "`score`"),
    ],
)
def test_a_bad_field_is_named_with_its_line(changes: dict[str, Any], named: str) -> None:
    (problem,) = find_problems([line(), line(**changes)])
    assert problem.line == 2
    assert named in problem.what


def test_a_missing_field_is_named_even_where_it_has_a_default() -> None:
    pair = json.loads(line())
    del pair["meta"]
    assert list(find_problems([json.dumps(pair).encode()])) == [Problem(1, "field `meta` is missing")]


def test_a_line_that_is_no_json_is_named() -> None:
    (problem,) = find_problems([b"{"])
    assert problem.line == 1


def test_a_field_that_a_later_version_adds_is_no_problem() -> None:
    assert list(find_problems([line(later=1)])) == []


def test_the_schema_accepts_a_good_pair_and_refuses_a_bad_one() -> None:
    validator = jsonschema.Draft202012Validator(pair_schema())
    validator.check_schema(pair_schema())
    validator.validate(json.loads(line()))
    for bad in (line(start=-1), line(schema="x"), line(src=3)):
        assert not validator.is_valid(json.loads(bad))


def test_a_line_of_another_stage_is_named_with_what_makes_a_pair_of_it() -> None:
    document = b'{"id": "d", "source": "d", "text": "t"}'
    [problem] = find_problems([document])
    advice = "It is a document: send the lines through `tolk segment | tolk detect | tolk translate` first."
    assert problem.what.endswith(f". {advice}")
