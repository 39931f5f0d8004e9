"""What is typed is checked before the work: empty words, and names that are no UTF-8."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from conftest import EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tolk

ODD = os.fsdecode(b"b\xe5d")
"""A name in Latin-1."""


@pytest.mark.parametrize(
    "given",
    [
        ["", "--out", "out"],
        [EXAMPLE, "--out", ""],
        [EXAMPLE, "--out", "out", "--text-field", ""],
        [EXAMPLE, "--out", "out", "--languages", ""],
        [EXAMPLE, "--out", "out", "--source-lang", ""],
    ],
)
def test_an_empty_word_is_wrong_usage(
    tolk: Tolk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[object]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = tolk("run", *given)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert b"empty" in done.stderr


@pytest.mark.parametrize(
    "given",
    [
        ["repair", EXAMPLE, "--rejects", ""],
        ["repair", EXAMPLE, "--out", ""],
        ["export", EXAMPLE, "--to", "csv", "--out", ""],
        ["memory", "export", "--out", ""],
        ["segment", ""],
        ["validate", ""],
        ["report", ""],
        ["doctor", ""],
        ["export", "", "--to", "csv", "--out", "a.csv"],
        ["models", "install", ""],
        ["models", "remove", ""],
    ],
)
def test_an_empty_word_is_wrong_usage_of_any_command(
    tolk: Tolk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[object]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = tolk(*given)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, []), done.stderr
    assert b"empty" in done.stderr


def test_a_language_of_all_input_that_is_not_to_be_translated_is_wrong_usage(tolk: Tolk, tmp_path: Path) -> None:
    done = tolk("run", EXAMPLE, "--out", tmp_path / "out", "--source-lang", "sv", "--languages", "id")
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert b"--source-lang sv is not among --languages id" in b" ".join(done.stderr.replace("│".encode(), b" ").split())


def test_a_field_that_is_no_utf_8_is_wrong_usage(tolk: Tolk, tmp_path: Path) -> None:
    for command in (["run", EXAMPLE, "--out", tmp_path / "out"], ["repair", EXAMPLE]):
        done = tolk(*command, "--text-field", ODD)
        assert done.returncode == 2
        assert b"not UTF-8" in done.stderr


def test_names_that_are_no_utf_8_come_through_a_run(tolk: Tolk, tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    (folder / f"{ODD}.txt").write_text("A page.", encoding="utf-8")
    for given in (folder, folder / f"{ODD}.txt", folder / "*.txt"):
        done = tolk("run", given, "--out", tmp_path / f"out{ODD}", "--fresh")
        assert done.returncode == 0, done.stderr
        manifest = json.loads((tmp_path / f"out{ODD}" / "manifest.json").read_bytes())
        assert manifest["inputs"] == [str(given).replace(ODD, "b\ufffdd")]
    for command in (
        ["run", folder, "--incremental", "--out", tmp_path / f"new{ODD}"],
        ["report", tmp_path / f"out{ODD}"],
    ):
        done = tolk(*command)
        assert done.returncode == 0, done.stderr
        assert "b\ufffdd" in done.stdout.decode()


def test_a_missing_name_that_is_no_utf_8_is_named_in_utf_8(tolk: Tolk, tmp_path: Path) -> None:
    done = tolk("run", tmp_path / ODD, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "b\ufffdd" in done.stderr.decode()
