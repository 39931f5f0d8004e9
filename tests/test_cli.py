"""The command line keeps its contract: names, pipes, exit codes, one clear sentence for every failure."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import EXAMPLE, ROOT

from pipeline import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tolk

COMMANDS = [
    "run",
    "repair",
    "segment",
    "detect",
    "translate",
    "models",
    "memory",
    "export",
    "validate",
    "schema",
    "report",
    "doctor",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_and_stands_in_the_readme(tolk: Tolk, command: str) -> None:
    shown = tolk(command, "--help")
    assert shown.returncode == 0
    assert b"Usage: tolk " + command.encode() in shown.stdout
    assert f"tolk {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_version_is_printed(tolk: Tolk) -> None:
    assert tolk("--version").stdout.decode() == f"tolk {__version__}\n"


def test_the_list_of_commands_begins_with_the_main_job_and_cuts_no_sentence_short(tolk: Tolk) -> None:
    listed = tolk("--help").stdout.decode().partition("Commands:\n")[2].splitlines()
    assert listed[0].split()[0] == "run"
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


def test_the_package_is_the_command_too() -> None:
    done = subprocess.run([sys.executable, "-m", "pipeline", "--version"], capture_output=True, check=True, text=True)
    assert done.stdout == f"tolk {__version__}\n"


def test_a_folder_that_is_validated_stands_for_its_shards(tolk: Tolk, tmp_path: Path) -> None:
    tolk("run", _folder(tmp_path / "in", "a.txt", b"Hello there"), "--out", tmp_path / "out")
    done = tolk("validate", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, b"1 file valid\n")
    done = tolk("validate", tmp_path / "in")
    assert done.returncode == 1
    assert b"holds no finished run" in done.stderr


def test_a_run_says_where_its_rejects_are(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "Hej"}\n{"text"\n', encoding="utf-8")
    done = tolk("run", tmp_path / "in.jsonl", "--out", tmp_path / "out")
    assert f"1 record rejected: see {tmp_path}/out/rejects.jsonl" in done.stderr.decode()


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, pipeline.cli; heavy = {'ctranslate2', 'ftfy', 'fasttext', 'langdetect', 'numpy', 'sentencepiece', "
        "'argostranslate', 'tqdm', 'sacremoses'} & set(sys.modules); sys.exit(bool(heavy))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_stages_chained_by_pipes_give_the_pairs_of_a_run(tolk: Tolk, tmp_path: Path) -> None:
    assert tolk("run", EXAMPLE, "--out", tmp_path / "out").returncode == 0
    lines = tolk("repair", EXAMPLE).stdout
    for stage in ("segment", "detect", "translate"):
        lines = tolk(stage, stdin=lines).stdout
    assert lines == (tmp_path / "out" / "pairs-00000.jsonl").read_bytes()


def test_the_output_does_not_depend_on_the_number_of_workers(tolk: Tolk, tmp_path: Path) -> None:
    for workers in (1, 3):
        tolk("run", EXAMPLE, "--out", tmp_path / str(workers), "--workers", workers)
    one, three = (tmp_path / name / "pairs-00000.jsonl" for name in ("1", "3"))
    assert one.read_bytes() == three.read_bytes() != b""


def test_data_goes_to_stdout_and_talk_to_stderr(tolk: Tolk) -> None:
    done = tolk("repair", EXAMPLE)
    assert all(json.loads(line)["id"] for line in done.stdout.splitlines())
    assert b"rejected crawl.jsonl#4" in done.stderr


def test_a_given_language_skips_detection(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Hello there", encoding="utf-8")
    tolk("run", tmp_path / "in.txt", "--out", tmp_path / "out", "--source-lang", "sv")
    pair = json.loads((tmp_path / "out" / "pairs-00000.jsonl").read_bytes())
    assert (pair["src_lang"], pair["lang_score"]) == ("sv", 1.0)
    assert pair["model"].startswith("translate-sv_en ")


def test_languages_not_asked_for_are_left_alone(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Pemerintah mengumumkan kebijakan baru pada hari Senin.", encoding="utf-8")
    tolk("run", tmp_path / "in.txt", "--out", tmp_path / "out", "--languages", "sv")
    pair = json.loads((tmp_path / "out" / "pairs-00000.jsonl").read_bytes())
    assert (pair["src_lang"], pair["tgt"], pair["flags"]) == ("id", None, ["unsupported_language"])


def test_strict_says_by_its_exit_code_that_input_was_rejected(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "Hej då"}\n{"text"\n', encoding="utf-8")
    assert tolk("run", tmp_path / "in.jsonl", "--out", tmp_path / "a").returncode == 0
    assert tolk("run", tmp_path / "in.jsonl", "--out", tmp_path / "b", "--strict").returncode == 3
    assert len((tmp_path / "b" / "pairs-00000.jsonl").read_bytes().splitlines()) == 1


def _folder(path: Path, name: str, content: bytes) -> Path:
    path.mkdir(exist_ok=True)
    (path / name).write_bytes(content)
    return path


def test_failures_are_one_sentence_and_exit_with_one(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for given in (
        ["run", tmp_path / "nowhere.txt", "--out", tmp_path / "o"],
        ["run", tmp_path / "empty", "--out", tmp_path / "o"],
        ["run", _folder(tmp_path / "pdf", "a.pdf", b"%PDF") / "a.pdf", "--out", tmp_path / "o"],
        ["run", EXAMPLE, "--out", tmp_path / "o", "--languages", "sv,xx"],
        ["segment", tmp_path / "nowhere.jsonl"],
        ["translate", _folder(tmp_path / "docs", "a.jsonl", b'{"id": 1}\n') / "a.jsonl"],
        ["models", "install", tmp_path / "nowhere.argosmodel"],
        ["report", tmp_path / "empty"],
    ):
        done = tolk(*given)
        assert done.returncode == 1, (given, done.stderr)
        assert b"Traceback" not in done.stderr
        assert re.match(rb"tolk: [A-Z/'].*\.?\n", done.stderr), done.stderr


def test_no_warning_can_act_on_the_terminal(tolk: Tolk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Det regnade hela dagen i Göteborg.", encoding="utf-8")
    monkeypatch.setenv("TOLK_MEMORY", f"{tmp_path}/a.txt/\x07\u202e")
    done = tolk("run", tmp_path / "a.txt", "--out", tmp_path / "out", "--source-lang", "sv")
    said = done.stderr.decode()
    assert (done.returncode, "cannot be used" in said) == (0, True)
    assert not {"\x07", "\u202e"} & set(said)


def test_wrong_usage_exits_with_two(tolk: Tolk, tmp_path: Path) -> None:
    for given in (
        ["run", EXAMPLE],
        ["run", EXAMPLE, "--out", tmp_path, "--beam", "0"],
        ["run", EXAMPLE, "--out", tmp_path, "--languages", "Swedish"],
        ["run", EXAMPLE, "--out", tmp_path, "--detector", "guess"],
        ["nonsense"],
    ):
        done = tolk(*given)
        assert done.returncode == 2, (given, done.stderr)
        assert b"Traceback" not in done.stderr


def test_bad_records_are_rejected_and_the_good_rest_is_written(tolk: Tolk, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    _folder(dump, "good.txt", "Hej på dig, min vän.".encode())
    _folder(dump, "bytes.txt", b"\xff\x00\xfe caf\xe9 \x81")
    _folder(dump, "a.jsonl", b'{"body": "no text"}\n{"text": 7}\n{"text": "Tack"}\nnull\n{"text": "\\ud800"}\n')
    _folder(dump, "torn.txt.gz", gzip.compress(b"Hej " * 1000)[:-20])
    done = tolk("run", dump, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    rejects = [json.loads(line) for line in (tmp_path / "out" / "rejects.jsonl").read_bytes().splitlines()]
    assert {reject["source"] for reject in rejects} >= {"a.jsonl#1", "a.jsonl#2", "a.jsonl#4"}
    assert all(reject["reason"] for reject in rejects)
    pairs = [json.loads(line) for line in (tmp_path / "out" / "pairs-00000.jsonl").read_bytes().splitlines()]
    assert {"good.txt", "a.jsonl#3"} <= {pair["source"] for pair in pairs}


def test_models_are_listed_and_verified(tolk: Tolk) -> None:
    listed = tolk("models", "list").stdout.decode()
    assert "sv_en" in listed
    assert "id_en" in listed
    assert tolk("models", "verify").returncode == 0


def test_what_was_translated_is_remembered_counted_exported_and_forgotten(tolk: Tolk, tmp_path: Path) -> None:
    assert tolk("memory", "stats").returncode == 1
    tolk("run", EXAMPLE, "--out", tmp_path / "first")
    counted = json.loads(tolk("memory", "stats", "--json").stdout)
    assert counted["pairs"] > 50
    tolk("run", EXAMPLE, "--out", tmp_path / "second")
    assert json.loads(tolk("memory", "stats", "--json").stdout)["pairs"] == counted["pairs"]
    first, second = (tmp_path / name / "pairs-00000.jsonl" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert tolk("memory", "export", "--out", tmp_path / "memory.tmx").returncode == 0
    assert (tmp_path / "memory.tmx").read_text(encoding="utf-8").count("<tu") >= counted["pairs"]
    assert tolk("memory", "prune", "--memory-limit", "0").returncode == 0
    assert json.loads(tolk("memory", "stats", "--json").stdout)["pairs"] == 0


def test_an_installed_package_is_preferred_and_named_in_the_manifest(tolk: Tolk, tmp_path: Path) -> None:
    from argos_packages import make_sentencepiece_package, zip_package

    package = zip_package(make_sentencepiece_package(tmp_path / "sv_en", version="9.9"), tmp_path / "sv_en.argosmodel")
    assert tolk("models", "install", package).returncode == 0
    (tmp_path / "in.txt").write_text("Katten sover", encoding="utf-8")
    assert tolk("run", tmp_path / "in.txt", "--out", tmp_path / "out", "--source-lang", "sv").returncode == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    (swedish,) = [entry for entry in manifest["packages"] if entry["from_lang"] == "sv"]
    assert (swedish["version"], swedish["embedded"]) == ("9.9", False)
