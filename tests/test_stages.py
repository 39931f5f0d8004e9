"""Stages commit nothing, and say so where they cannot go on; what they began to write is not left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOLK = Path(sys.executable).with_name("tolk")
ANEW = b"tolk: Stopped. Nothing is kept to go on from: the same command begins anew.\n"
FULL = """
import os, sys
from pipeline.cli import main
def full(_):
    raise OSError(28, "No space left on device")
os.fsync = full
sys.argv = ["tolk", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize(
    ("command", "code"),
    [("segment", 130), ("detect", 143), ("translate --no-memory", 130), ("repair -", 130), ("export - --to csv", 143)],
)
def test_a_command_that_is_stopped_promises_no_resumption(tmp_path: Path, command: str, code: int) -> None:
    with subprocess.Popen(
        [TOLK, *command.split(), "--out", tmp_path / "o" / "out"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        wait_for_output(tmp_path / "o")
        child.send_signal(signal.Signals(code - 128))
        assert child.stderr is not None
        assert (child.stderr.read(), child.wait(30)) == (ANEW, code)
    assert list((tmp_path / "o").iterdir()) == []


def wait_for_output(folder: Path) -> None:
    """Wait until a command has begun to write."""
    for _ in range(600):
        if folder.is_dir() and any(folder.iterdir()):
            return
        time.sleep(0.05)
    pytest.fail("the command has not begun")


@pytest.mark.parametrize("option", ["--out", "--rejects"])
def test_a_full_disk_under_a_stage_leaves_nothing_and_says_so(tmp_path: Path, option: str) -> None:
    (tmp_path / "page.txt").write_text("A page.", encoding="utf-8")
    out = tmp_path / "o" / "out.jsonl"
    command = [sys.executable, "-c", FULL, "repair", str(tmp_path / "page.txt"), option, str(out)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"tolk: Cannot write {out}: No space left on device. Nothing of it is left: ".encode()
    )
    assert os.listdir(out.parent) == []  # noqa: PTH208 - a hidden one would count too


def test_a_reader_who_leaves_is_not_laid_to_the_file_of_rejects(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "Hej."}\n' * 50_000)
    command = f'"{TOLK}" repair a.jsonl --rejects r.jsonl | head -1 >one'
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert done.stderr == b""
    assert not (tmp_path / "r.jsonl").exists()
