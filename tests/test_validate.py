"""`tolk validate` names the line and the field; the schema says the same to any other validator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import msgspec
import pytest
from finished_run import many_pairs, write_run
from test_manifest import PAIR

from pipeline.records import Reject
from pipeline.validate import Problem, find_problems, pair_schema

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tolk


DOC = "0123456789abcdef"
ENGLISH = {"src_lang": "en", "tgt": "hej", "model": None, "score": None}
UNTRANSLATED = {"src_lang": "de", "tgt": None, "model": None, "score": None, "flags": ["unsupported_language"]}


def line(**changes: Any) -> bytes:
    own = {"doc": DOC, "id": f"{DOC}-0", "flags": []}
    return json.dumps({**msgspec.to_builtins(PAIR), **own, **changes}).encode()


@pytest.mark.parametrize(
    "changes",
    [{}, ENGLISH, UNTRANSLATED, {"tgt": "", "flags": ["empty"]}, {"flags": ["unheard_of"]}, {"doc": "d", "id": "d-0"}],
)
def test_a_good_pair_has_no_problem(changes: dict[str, Any]) -> None:
    assert list(find_problems([line(**changes)])) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"schema": "tolk.pair/2"}, "$.schema"),
        ({"start": -1}, "$.start"),
        ({"start": 2**63 - 3, "end": 2**63}, "$.end"),
        ({"src_lang": "sv\n"}, "$.src_lang"),
        ({"lang_score": 1.5}, "$.lang_score"),
        ({"src_lang": "Swedish"}, "$.src_lang"),
        ({"score": 0.5}, "$.score"),
        ({"tgt_lang": "sv"}, "$.tgt_lang"),
        ({"src": None}, "$.src"),
        ({"meta": []}, "$.meta"),
        ({"end": 4}, "`end`"),
        ({"id": "d-7"}, "`id`"),
        ({**UNTRANSLATED, "flags": []}, "`flags`"),
        ({**UNTRANSLATED, "flags": ["loop"]}, "`flags`"),
        ({**UNTRANSLATED, "tgt": "hi", "model": "m", "score": -1.0}, "`flags`"),
        ({**UNTRANSLATED, "model": "m", "score": -1.0}, "`model`"),
        ({**ENGLISH, "tgt": "hi"}, "`tgt`"),
        ({**UNTRANSLATED, "src_lang": "en"}, "`tgt`"),
        ({"src": " ej"}, "`src`"),
        ({"src": "", "end": 0}, "`src`"),
        ({"doc": "", "id": "-0"}, "`doc`"),
        ({"source": ""}, "`source`"),
        ({"model": ""}, "`model`"),
        ({"flags": [""]}, "`flags`"),
        ({"fixes": ["nfc", ""]}, "`fixes`"),
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


def test_a_field_that_stands_there_twice_is_named() -> None:
    assert list(find_problems([line()[:-1] + b', "tgt": "hello"}'])) == [Problem(1, "field `tgt` stands there twice")]
    assert list(find_problems([msgspec.json.encode(json.loads(line(meta={"tgt": 1})))])) == []


def test_what_is_no_utf8_is_named_wherever_it_stands() -> None:
    [problem] = find_problems([line()[:-1] + b', "later": "\xff"}'])
    assert "utf-8" in problem.what


def test_a_reject_is_not_sent_through_the_stages() -> None:
    [problem] = find_problems([msgspec.json.encode(Reject(source="a", offset=0, reason="torn", length=1, text="x"))])
    assert problem.what.endswith(
        "It is a reject: it tells of a record that could not be read, and no command takes it."
    )


def test_a_runs_folder_stands_for_its_pairs(tolk: Tolk, tmp_path: Path) -> None:
    write_run(tmp_path / "out", list(many_pairs(60)), [Reject(source="a", offset=0, reason="torn", length=1)], shards=2)
    shown = tolk("validate", tmp_path / "out")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, b"", b"2 files valid\n")
    (tmp_path / "out" / "pairs-00001.jsonl").write_bytes(b"{}\n")
    assert b"pairs-00001.jsonl:1: " in tolk("validate", tmp_path / "out").stdout


def test_a_runs_folder_that_lacks_pairs_is_not_valid(tolk: Tolk, tmp_path: Path) -> None:
    write_run(tmp_path / "out", list(many_pairs(60)), [], shards=2)
    shard = tmp_path / "out" / "pairs-00001.jsonl"
    shard.write_bytes(b"".join(shard.read_bytes().splitlines(keepends=True)[:-2]))
    shown = tolk("validate", tmp_path / "out")
    assert shown.returncode == 1
    assert b"it holds 58 pairs, and its manifest counts 60\n" in shown.stdout


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
