"""Listings: JSON where it is asked for, colours where a person looks, plain columns elsewhere; words are completed."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.packages.model_store import models_folder

if TYPE_CHECKING:
    from conftest import Tolk

TOLK = Path(sys.executable).with_name("tolk")
FIELDS: dict[tuple[str, ...], list[str]] = {
    ("models", "list"): ["name", "version", "sha256", "from_lang", "to_lang", "embedded", "path"],
    ("models", "verify"): ["path", "label", "embedded", "problems"],
    ("memory", "stats"): ["path", "pairs", "bytes", "stocks"],
}


def records(stdout: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def at_terminal(*arguments: str, **environment: str) -> str:
    """Run a command whose standard output is a terminal; give what it showed there."""
    ours, theirs = pty.openpty()
    given = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
    done = subprocess.run(
        [TOLK, *arguments], stdout=theirs, stderr=subprocess.PIPE, env=given | environment, check=False, timeout=60
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = b""
    try:
        while block := os.read(ours, 2**16):
            shown += block
    except OSError:  # what a terminal says at its end
        pass
    os.close(ours)
    return shown.decode()


@pytest.fixture
def remembered(tolk: Tolk, tmp_path: Path) -> None:
    """Fill the translation memory with one pair."""
    (tmp_path / "a.txt").write_text("Läs mer om våra kakor.", encoding="utf-8")
    assert tolk("run", tmp_path / "a.txt", "--out", tmp_path / "out", "--source-lang", "sv").returncode == 0


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("command", FIELDS, ids=" ".join)
def test_a_listing_as_json_has_the_documented_fields_in_order(tolk: Tolk, command: tuple[str, ...]) -> None:
    done = tolk(*command, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    found = records(done.stdout)
    assert found
    assert [list(record) for record in found] == [FIELDS[command]] * len(found)


def test_a_broken_package_stands_in_the_listing_with_its_problem(tolk: Tolk, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TOLK_MODELS", str(tmp_path / "store"))
    (tmp_path / "store" / "sv_en").mkdir(parents=True)
    done = tolk("models", "verify", "--json")
    assert done.returncode == 1
    (broken,) = [record for record in records(done.stdout) if record["problems"]]
    assert (broken["path"], broken["label"]) == (str(tmp_path / "store" / "sv_en"), None)
    assert broken["problems"][0].encode() in done.stderr


def test_a_validation_as_json_counts_and_names_the_first_problems(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"{}\n" * 150)
    done = tolk("validate", tmp_path / "a.jsonl", "--json")
    assert done.returncode == 1
    (found,) = records(done.stdout)
    assert (found["lines"], found["problems"], len(found["first"])) == (150, 150, 100)
    assert found["first"][0].keys() == {"line", "what"}


def test_a_pipe_gets_plain_columns_without_headings(tolk: Tolk) -> None:
    lines = tolk("models", "list").stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == ["id_en", "sv_en"]
    assert "\x1b" not in "".join(lines)


def test_a_terminal_gets_a_coloured_table_with_headings() -> None:
    shown = at_terminal("models", "verify", TERM="xterm-256color", COLUMNS="200")
    assert "\x1b[32msound\x1b[0m" in shown
    assert "package" in shown


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}, {}], ids=str)
def test_a_terminal_that_wants_no_colours_gets_what_a_pipe_gets(tolk: Tolk, environment: dict[str, str]) -> None:
    shown = at_terminal("models", "list", **environment)
    assert shown.replace("\r\n", "\n").encode() == tolk("models", "list").stdout


def test_markup_in_a_folders_name_stays_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "[red]st\x1bore[reset]"
    shutil.copytree(models_folder() / "translate-sv_en", store / "sv_en")
    monkeypatch.setenv("TOLK_MODELS", str(store))
    shown = at_terminal("models", "list", TERM="xterm", COLUMNS="300")
    assert "[red]st␛ore[reset]" in shown


def test_help_does_not_load_what_draws_tables() -> None:
    code = "import sys, pipeline.cli.app, pipeline.cli.table; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Completion, through the protocol that the shells' scripts speak


def complete(words: str, shell: str = "bash") -> list[str]:
    """Ask as a shell's script does; the last word is the one to complete."""
    environment = {
        "bash": {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": words},
        "fish": {"_TYPER_COMPLETE_ARGS": words, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    environment |= {"_TOLK_COMPLETE": f"complete_{shell}"}
    done = subprocess.run([TOLK], capture_output=True, env=os.environ | environment, check=False, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tolk mod", ["models"]),
        ("tolk models ver", ["verify"]),
        ("tolk run --comp", ["--compress"]),
        ("tolk models install s", ["sv_en"]),
        ("tolk models remove ", []),
        ("tolk run in --out x --languages s", ["sv"]),
        ("tolk run in --out x --languages sv,", ["sv,id"]),
        ("tolk detect --source-lang ", ["id", "sv"]),
        ("tolk run in --out x --detector l", ["langdetect"]),
        ("tolk run in --out x --device c", ["cpu", "cuda"]),
        ("tolk export out --to p", ["parquet"]),
        ("tolk export out --without-flag lost", ["lost_entity", "lost_date", "lost_number"]),
    ],
)
def test_bash_is_offered_what_fits(words: str, offered: list[str]) -> None:
    assert complete(words) == offered


def test_only_installed_packages_are_offered_for_removal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLK_MODELS", str(tmp_path))
    shutil.copytree(models_folder() / "translate-sv_en", tmp_path / "sv_en")
    assert complete("tolk models remove ") == ["sv_en"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_offered_the_same(shell: str) -> None:
    assert "sv_en" in " ".join(complete("tolk models install s", shell))


def test_a_real_bash_completes_once_completion_is_installed(tmp_path: Path) -> None:
    if not shutil.which("bash"):
        pytest.skip("bash is not installed")
    install = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1 tolk --install-completion bash >&2; . ~/.bashrc"
    ask = 'COMP_WORDS=(tolk models install s); COMP_CWORD=3; _tolk_completion tolk s install; echo "${COMPREPLY[@]}"'
    environment = {**os.environ, "PATH": f"{TOLK.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-c", f"{install}; complete -p tolk; {ask}"],
        capture_output=True,
        env=environment,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["complete -o default -F _tolk_completion tolk", "sv_en"], done.stderr
