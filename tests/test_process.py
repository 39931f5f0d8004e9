"""Standard streams that are closed or full, and signals at the wrong moment, end in a sentence and an exit code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TOLK = Path(sys.executable).with_name("tolk")
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a shell's command beside a page; `$0` is Tolk."""
    (folder / "page.txt").write_text("A page.", encoding="utf-8")
    return subprocess.run(
        ["bash", "-c", command, TOLK],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def is_said(talk: bytes) -> bool:
    """Tell whether talk is one sentence of Tolk's."""
    return talk.startswith(b"tolk: ") and talk.count(b"\n") == 1 and b"Traceback" not in talk


@needs_full
@pytest.mark.parametrize("command", ["schema", "repair page.txt", "--help"])
def test_a_full_standard_output_is_one_sentence(tmp_path: Path, command: str) -> None:
    done = shell(f'"$0" {command} >/dev/full', tmp_path)
    assert done.returncode == 1
    assert is_said(done.stderr), done.stderr
    assert b"No space left" in done.stderr


@needs_full
def test_a_full_standard_error_keeps_the_exit_code(tmp_path: Path) -> None:
    assert shell('"$0" run nowhere --out out 2>/dev/full', tmp_path).returncode == 1


@pytest.mark.parametrize("command", ["segment", "run - --out out --no-memory"])
def test_a_closed_standard_input_is_empty_and_said_to_be(tmp_path: Path, command: str) -> None:
    done = shell(f'"$0" {command} <&-', tmp_path)
    assert done.returncode == 0
    assert done.stderr.count(b"tolk: Standard input is closed") == 1
    assert b"Traceback" not in done.stderr


def test_a_run_works_without_standard_error(tmp_path: Path) -> None:
    done = shell('"$0" run page.txt --out out 2>&- && "$0" run nowhere --out out 2>&-', tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    assert (tmp_path / "out" / "pairs-00000.jsonl").stat().st_size


def test_a_stage_with_a_file_to_write_works_without_any_standard_stream(tmp_path: Path) -> None:
    done = shell('"$0" repair page.txt --out a.jsonl <&- >&- 2>&-', tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"A page." in (tmp_path / "a.jsonl").read_bytes()


def test_what_standard_output_cannot_spell_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "ł").mkdir()
    (tmp_path / "ł" / "p.jsonl").write_bytes(b"{}\n")
    done = shell('PYTHONIOENCODING=latin-1 "$0" validate ł/p.jsonl', tmp_path)
    assert (done.returncode, is_said(done.stderr)) == (1, True), done.stderr
    assert done.stdout.startswith(b"\\u0142/p.jsonl:1: ")


@pytest.mark.parametrize("command", ["repair page.txt", "segment a.jsonl", "schema", "models list", "--version"])
def test_a_closed_standard_output_is_one_sentence(tmp_path: Path, command: str) -> None:
    done = shell(f'"$0" repair page.txt --out a.jsonl && "$0" {command} >&-', tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(b"tolk: Cannot go on with standard output: it is closed."), done.stderr
    assert is_said(done.stderr), done.stderr


@pytest.mark.parametrize("command", ["validate a.jsonl", "repair a.jsonl", "memory stats"])
def test_a_reader_who_leaves_ends_a_command_quietly_and_as_a_shell_shows_it(tmp_path: Path, command: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "Hej."}\n' * 50_000)
    if command == "memory stats":
        shell('"$0" run page.txt --out out --source-lang sv', tmp_path)
    done = shell(f'("$0" {command}; echo $? >&2) | true', tmp_path)
    assert done.stderr == b"141\n"


def interrupt_at(module: str) -> subprocess.CompletedProcess[bytes]:
    """Interrupt the command when it begins to import a module."""
    code = f"""
import os, signal, sys
from pipeline.cli import main
class Interrupt:
    def find_spec(self, name, *_):
        if name == "{module}":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
main()
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)


def test_a_signal_while_the_command_is_loaded_stops_in_order() -> None:
    done = interrupt_at("pipeline.cli.app")
    assert done.returncode == 130
    assert is_said(done.stderr), done.stderr


def test_a_signal_before_anything_is_loaded_stops_without_a_word() -> None:
    done = interrupt_at("pipeline.cli.process")
    assert (done.returncode, done.stderr) == (130, b"")


def test_want_of_memory_is_one_sentence() -> None:
    code = """
from pipeline import cli
from pipeline.cli import app
def run_app():
    raise MemoryError
app.run_app = run_app
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == 1
    assert is_said(done.stderr), done.stderr


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_a_signal_that_comes_during_a_finalizer_stops_the_work_all_the_same(number: str) -> None:
    code = f"""
import signal, sys, time
from pipeline import cli
from pipeline.cli import app
class Finalized:
    def __del__(self):
        signal.raise_signal(signal.{number})
def run_app():
    Finalized()
    time.sleep(30)
app.run_app = run_app
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == {"SIGINT": 130, "SIGTERM": 143}[number]
    assert done.stderr.startswith(b"tolk: Stopped. ")
    assert is_said(done.stderr), done.stderr


FORBID = """
import os, socket, sys
def forbid(event, arguments):
    if event.startswith("socket.") and not (event == "socket.__new__" and arguments[1] == socket.AF_UNIX):
        os.write(2, f"{event} {arguments}".encode())
        os._exit(99)
sys.addaudithook(forbid)
"""
"""Ends any process that looks for the network; a pipe to a process of our own is a Unix socket."""


def test_a_run_and_its_processes_look_for_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(FORBID, encoding="utf-8")
    (tmp_path / "in").mkdir()
    texts = ["Det regnade hela dagen. ", "Karena cuaca buruk sekali, mereka tidak bisa pergi ke Jakarta. "]
    for number, text in enumerate(texts * 3):
        (tmp_path / f"in/{number}.txt").write_text(text * 200, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert subprocess.run([sys.executable, "-c", "import socket; socket.socket()"], check=False).returncode == 99
    done = shell('"$0" run in --out out --workers 2 --incremental --no-progress', tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert re.search(rb"id \d+, sv \d+|sv \d+, id \d+", done.stdout), done.stdout
