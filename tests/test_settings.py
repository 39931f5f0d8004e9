"""Settings that no run can have are refused when they are made, in one sentence that names the field or the option."""

from __future__ import annotations

import pickle
import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import typer
from conftest import EXAMPLE

from pipeline import PipelineError, Settings
from pipeline.cli.options import make_settings
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tolk

REFUSED: list[tuple[str, Any, str]] = [
    ("workers", 0, "is a whole number from 1 to 256, not 0."),
    ("workers", "4", "is a whole number from 1 to 256, not '4'."),
    ("beam", 0, "is a whole number from 1 to 32, not 0."),
    ("beam", 33, "is a whole number from 1 to 32, not 33."),
    ("window_chars", 0, "is a whole number of 1 or more, not 0."),
    ("memory_bytes", -1, "is a whole number of 0 or more, not -1."),
    ("languages", "sv", "is a tuple of codes such as ('sv',), not 'sv'."),
    ("languages", (), "is empty. Name what it stands for, or leave it out."),
    ("languages", ("sv", "Dansk"), "holds 'Dansk', which is no language code such as sv or id (ISO 639)."),
    ("source_lang", "Swedish", "is 'Swedish', which is no language code such as sv or id (ISO 639)."),
    ("source_lang", "", "is empty. Name what it stands for, or leave it out."),
    ("text_field", "", "is empty. Name what it stands for, or leave it out."),
    ("text_field", 1, "is a text, not 1."),
    ("detector", "fasttext", "is tolk or langdetect, not 'fasttext'."),
    ("device", "gpu", "is cpu or cuda, not 'gpu'."),
]


@pytest.mark.parametrize(("field", "value", "problem"), REFUSED)
def test_what_no_run_can_have_is_refused_by_name(field: str, value: object, problem: str) -> None:
    with pytest.raises(PipelineError) as refused:
        Settings(**{field: value})  # type: ignore[arg-type]
    assert str(refused.value) == f"{field} {problem}"


def test_a_copy_is_held_to_the_same_bounds() -> None:
    with pytest.raises(SettingsError, match=r"^workers is"):
        msgspec.structs.replace(Settings(), workers=0)


def test_a_machine_of_more_cores_than_a_run_can_use_has_settings_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1000)
    assert Settings().workers == 256


def test_a_refusal_survives_the_way_from_another_process() -> None:
    error = SettingsError("beam", "is odd.")
    assert str(pickle.loads(pickle.dumps(error))) == "beam is odd."  # noqa: S301 - of our own making


@pytest.mark.parametrize(("field", "value", "problem"), [case for case in REFUSED if case[0] in {"detector", "device"}])
def test_the_command_line_names_the_option(field: str, value: object, problem: str) -> None:
    with pytest.raises(typer.BadParameter, match=re.escape(f"--{field} {problem}")):
        make_settings(**{field: value})


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("--source-lang", "Swedish", "--source-lang is 'Swedish', which is no language code"),
        ("--languages", "sv,Dansk", "--languages holds 'Dansk', which is no language code"),
        ("--languages", ",", "--languages is empty"),
        ("--detector", "fasttext", "--detector is tolk or langdetect, not 'fasttext'"),
        ("--workers", "0", "1<=x<=256"),
        ("--beam", "33", "1<=x<=32"),
    ],
)
def test_a_wrong_option_is_wrong_usage(tolk: Tolk, tmp_path: Path, option: str, value: str, problem: str) -> None:
    done = tolk("run", EXAMPLE, "--out", tmp_path / "out", option, value)
    assert (done.returncode, problem in " ".join(done.stderr.decode().split())) == (2, True), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_languages_is_as_good_as_a_tuple() -> None:
    listed = Settings(languages=["sv", "en"])  # type: ignore[arg-type] # what a script may give
    assert hash(listed) == hash(Settings(languages=("sv", "en")))
