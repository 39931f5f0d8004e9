"""The example dump, end to end: what `make run` shows a newcomer."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from conftest import EXAMPLE, ROOT

from pipeline.validate import pair_schema

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tolk

GOLDEN = ROOT / "tests" / "golden" / "example.jsonl"
PREPARED = ("source", "index", "start", "end", "src", "src_lang", "fixes")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from pipeline.run import run
    from pipeline.settings import Settings

    folder = tmp_path_factory.mktemp("example") / "out"
    run([str(EXAMPLE)], folder, Settings(workers=1))
    return folder


@pytest.fixture(scope="module")
def pairs(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "pairs-00000.jsonl").read_bytes().splitlines()]


def test_every_pair_validates_against_the_schema(pairs: list[dict[str, Any]]) -> None:
    validator = jsonschema.Draft202012Validator(pair_schema())
    for pair in pairs:
        validator.validate(pair)


def test_documents_are_repaired_cut_and_routed_as_the_golden_file_says(pairs: list[dict[str, Any]]) -> None:
    """Set TOLK_GOLDEN=write to write the file anew, then read the difference."""
    found = [{field: pair[field] for field in PREPARED} for pair in pairs]
    if os.environ.get("TOLK_GOLDEN") == "write":
        GOLDEN.write_text("".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in found), encoding="utf-8")
    assert found == [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def test_the_line_that_the_readme_shows_is_a_line_of_the_output(pairs: list[dict[str, Any]]) -> None:
    (shown,) = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith('{"schema"')]
    shown_pair = json.loads(shown)
    (pair,) = [pair for pair in pairs if pair["id"] == shown_pair["id"]]
    decided_by_the_machine = {"score": None, "tgt": None}  # other processors round otherwise
    assert {**shown_pair, **decided_by_the_machine} == {**pair, **decided_by_the_machine}


def test_swedish_and_indonesian_are_translated_and_nothing_else_is(pairs: list[dict[str, Any]]) -> None:
    for pair in pairs:
        assert (pair["model"] is not None) == (pair["src_lang"] in {"sv", "id"})
        assert (pair["tgt"] == pair["src"]) or pair["src_lang"] != "en"
        assert pair["tgt"] is not None or pair["flags"]


def test_the_broken_records_are_rejected_with_place_and_reason(out: Path) -> None:
    rejects = [json.loads(line) for line in (out / "rejects.jsonl").read_bytes().splitlines()]
    assert [reject["source"] for reject in rejects] == ["crawl.jsonl#4", "crawl.jsonl#7"]
    assert all(reject["reason"] for reject in rejects)


def test_the_manifest_names_packages_and_its_counts_add_up(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_bytes())
    counts = manifest["counts"]
    assert counts["records"] == counts["documents"] + counts["rejects"]
    assert counts["segments"] == counts["pairs"] == counts["translated"] + counts["english"] + counts["untranslated"]
    assert {package["name"] for package in manifest["packages"]} == {"translate-sv_en", "translate-id_en"}
    assert all(len(package["sha256"]) == 64 for package in manifest["packages"])


def test_nothing_of_the_work_is_left_behind(out: Path) -> None:
    assert {path.name for path in out.iterdir()} >= {
        "manifest.json",
        "pairs-00000.jsonl",
        "rejects.jsonl",
        "report.html",
    }
    assert not list(out.rglob("*.new"))


def test_the_report_is_one_page(out: Path) -> None:
    assert (out / "report.html").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")


def test_the_command_validates_what_the_run_wrote(tolk: Tolk, out: Path) -> None:
    assert tolk("validate", out / "pairs-00000.jsonl").returncode == 0
