"""The night as cron and systemd see it: exit codes, mail, log, figures, settings from a file."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from pipeline.nightly import LogLine, append_log, format_metrics

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tolk

DEPLOY = ROOT / "deploy"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make an input that no package is needed for."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"text": "Plain English."}\ntorn {\n', encoding="utf-8")
    return folder


def test_a_night_mails_its_summary_on_standard_output(tolk: Tolk, dump: Path, tmp_path: Path) -> None:
    done = tolk("run", dump, "--out", tmp_path / "out", "--incremental", "--source-lang", "en")
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert re.search(rb"is up to date .*\n  new documents +1  pairs-00000.jsonl\n", done.stdout)
    assert re.search(rb"rejected +1  see rejects.jsonl", done.stdout)


def test_a_reject_is_trouble_once_where_that_was_asked_for(tolk: Tolk, dump: Path, tmp_path: Path) -> None:
    command = ("run", dump, "--out", tmp_path / "out", "--incremental", "--source-lang", "en", "--strict")
    assert [tolk(*command).returncode for _ in range(2)] == [3, 0]


def test_settings_come_from_the_environment(
    tolk: Tolk, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"IN": dump, "OUT": tmp_path / "out", "SOURCE_LANG": "en", "STRICT": "1", "BEAM": "2"}.items():
        monkeypatch.setenv(f"TOLK_{name}", str(value))
    assert tolk("run", "--incremental").returncode == 3
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    assert (manifest["settings"]["beam"], manifest["inputs"]) == (2, [str(dump)])


def test_each_night_leaves_a_line_and_figures(tolk: Tolk, dump: Path, tmp_path: Path) -> None:
    command = ("run", dump, "--out", tmp_path / "out", "--incremental", "--source-lang", "en")
    tolk(*command)
    shutil.rmtree(dump)
    failed = tolk(*command)
    assert (failed.returncode, failed.stdout) == (1, b"")
    lines = [json.loads(line) for line in (tmp_path / "out/runs.jsonl").read_bytes().splitlines()]
    assert [line["outcome"] for line in lines] == ["done", "failed"]
    assert "There is no file or folder" in lines[1]["message"]
    figures = (tmp_path / "out/tolk.prom").read_text("ascii")
    assert "\ntolk_last_run_success 0\n" in figures
    assert f"\ntolk_last_success_timestamp_seconds {lines[0]['succeeded']}\n" in figures


def test_the_last_success_is_remembered_through_hundreds_of_failures(tolk: Tolk, dump: Path, tmp_path: Path) -> None:
    command = ("run", dump, "--out", tmp_path / "out", "--incremental", "--source-lang", "en")
    tolk(*command)
    shutil.rmtree(dump)
    tolk(*command)
    log = tmp_path / "out/runs.jsonl"
    done, failed = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(done + failed * 400)
    tolk(*command)
    figures = (tmp_path / "out/tolk.prom").read_text("ascii")
    assert f"\ntolk_last_success_timestamp_seconds {json.loads(done)['succeeded']}\n" in figures


def test_figures_tell_of_a_failure_also_where_the_log_cannot_be_written(tolk: Tolk, dump: Path, tmp_path: Path) -> None:
    command = ("run", dump, "--out", tmp_path / "out", "--incremental", "--source-lang", "en")
    tolk(*command)
    (tmp_path / "out/runs.jsonl").unlink()
    (tmp_path / "out/runs.jsonl").mkdir()
    done = tolk(*command)
    assert (done.returncode, b"Cannot write " in done.stderr) == (1, True)
    shutil.rmtree(dump)
    assert tolk(*command).returncode == 1
    assert "\ntolk_last_run_success 0\n" in (tmp_path / "out/tolk.prom").read_text("ascii")


def test_a_log_with_a_byte_that_is_no_text_hides_neither_the_failure_nor_the_runs_before_it(
    tolk: Tolk, dump: Path, tmp_path: Path
) -> None:
    command = ("run", dump, "--out", tmp_path / "out", "--incremental", "--source-lang", "en")
    tolk(*command)
    with (tmp_path / "out/runs.jsonl").open("ab") as file:
        file.write(b'{"started":"\xff"}\n')
    shutil.rmtree(dump)
    failed = tolk(*command)
    assert (failed.returncode, b"There is no file or folder" in failed.stderr) == (1, True)
    assert b"Traceback" not in failed.stderr
    assert "\ntolk_last_success_timestamp_seconds 0.0\n" not in (tmp_path / "out/tolk.prom").read_text("ascii")


def test_figures_follow_the_format_of_prometheus() -> None:
    names = set()
    for line in format_metrics(LogLine(started="now")).splitlines():
        assert re.fullmatch(r"# (HELP tolk_[a-z_]+ .+|TYPE tolk_[a-z_]+ gauge)|tolk_[a-z_]+ [0-9.e+]+", line)
        names.add(re.findall(r"tolk_[a-z_]+", line)[0])
    assert len(names) == 10


def test_a_line_that_a_crash_has_torn_does_not_spoil_the_next(tmp_path: Path) -> None:
    log = tmp_path / "runs.jsonl"
    append_log(log, LogLine(started="first"))
    with log.open("ab") as file:
        file.write(b'{"started":"tor')
    append_log(log, LogLine(started="second"))
    assert [json.loads(line)["started"] for line in log.read_bytes().splitlines()] == ["first", "second"]


def test_make_nightly_takes_its_settings_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tolk.env"
    file.write_text('TOLK_IN="/some/dump /other"\nTOLK_OUT=/some/where\n')
    assert make_nightly(f"SETTINGS={file}", TOLK="echo") == (
        "run /some/dump /other --out /some/where --incremental --no-progress\n"
    )
    assert make_nightly(f"SETTINGS={file}", "IN=a", "OUT=b", TOLK="echo").startswith("run a --out b ")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("TOLK_IN=/some/dump /other/dump\nTOLK_OUT=/some/where\n", "/other/dump"),
        ("TOLK_IN=/some/dump true\nTOLK_OUT=/some/where\n", "TOLK_IN: FILE does not say it. Set it there"),
        ("TOLK_OUT=/some/where\n", "or give make IN="),
        ("TOLK_IN=/some/dump\n", "or give make OUT="),
        ("TOLK_IN=\nTOLK_OUT=/some/where\n", "TOLK_IN: FILE does not say it."),
    ],
)
def test_make_nightly_refuses_settings_that_do_not_say_what_goes_where(
    tmp_path: Path, settings: str, said: str
) -> None:
    file = tmp_path / "tolk.env"
    file.write_text(settings)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        make_nightly(f"SETTINGS={file}", TOLK="echo")
    assert failed.value.stdout == ""
    assert said.replace("FILE", str(file)) in failed.value.stderr


def test_make_nightly_without_settings_is_told_what_goes_where_or_takes_the_example() -> None:
    assert make_nightly("SETTINGS=", TOLK="echo").startswith("run docs/example --out out ")
    assert make_nightly("SETTINGS=", "IN=a b", "OUT=c", TOLK="echo").startswith("run a b --out c ")


def test_what_make_is_told_fills_in_what_the_settings_lack(tmp_path: Path) -> None:
    file = tmp_path / "tolk.env"
    file.write_text("TOLK_OUT=/some/where\n")
    assert make_nightly(f"SETTINGS={file}", "IN=a", TOLK="echo").startswith("run a --out /some/where ")


def make_nightly(*arguments: str, **variables: str) -> str:
    """Let make run the recipe alone."""
    if not shutil.which("make"):
        pytest.skip("needs make")
    assigned = [f"{name}={value}" for name, value in variables.items()]
    command = ["make", "--silent", "-C", str(ROOT), "-o", ".venv/run.stamp", "nightly", *arguments, *assigned]
    # What the make that may run the tests has set, and its shell.
    outer = {"MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "MFLAGS", "ARGS", "IN", "OUT", "TOLK_IN", "TOLK_OUT"}
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout


def test_a_shell_reads_the_deployed_settings_those_too_that_are_left_out() -> None:
    settings = (DEPLOY / "tolk.env").read_text("utf-8").replace("\n#TOLK_", "\nTOLK_")
    settings = settings.replace('TOLK_IN="/srv/dump"', 'TOLK_IN="/srv/dump /srv/more"')
    done = subprocess.run(["sh", "-eu", "-c", f"{settings}\necho $TOLK_IN"], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"/srv/dump /srv/more\n", b"")


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd")
    unit = (DEPLOY / "tolk.service").read_text("utf-8")
    unit = unit.replace("/opt/tolk/.venv/bin/tolk", "/bin/true").replace("User=tolk", f"User={os.getuid()}")
    (tmp_path / "tolk.service").write_text(unit, "utf-8")
    shutil.copy(DEPLOY / "tolk.timer", tmp_path)
    command = ["systemd-analyze", "verify", str(tmp_path / "tolk.service"), str(tmp_path / "tolk.timer")]
    checked = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_deployed_settings_are_ones_that_tolk_knows(tolk: Tolk) -> None:
    known = set(re.findall(r"TOLK_[A-Z_]+", tolk("run", "--help").stdout.decode())) | {"TOLK_MODELS", "TOLK_MEMORY"}
    assert set(re.findall(r"^#?(TOLK_[A-Z_]+)=", (DEPLOY / "tolk.env").read_text("utf-8"), re.MULTILINE)) <= known


def test_the_cron_line_names_a_time_a_user_and_the_make_target() -> None:
    *_, line = (DEPLOY / "tolk.cron").read_text("utf-8").splitlines()
    assert re.fullmatch(r"\d+ \d+ \* \* \* tolk .*make --silent --directory=\S+ nightly SETTINGS=\S+", line)
