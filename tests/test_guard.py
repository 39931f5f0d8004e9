"""No command writes over what it reads, or over what is somebody else's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import victim

from pipeline.errors import OutputError
from pipeline.run import run

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tolk


@pytest.mark.parametrize("scheme", ["", "file://"])
@pytest.mark.parametrize("pattern", ["pairs-00000.jsonl", "*.jsonl"])
def test_a_run_refuses_its_own_shard_as_input(
    tmp_path: Path, pattern: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim.use_batch_engine(monkeypatch.setattr)
    own = tmp_path / "own"
    own.mkdir()
    shard = own / "pairs-00000.jsonl"
    shard.write_text('{"text": "Hej."}\n', encoding="utf-8")
    with pytest.raises(OutputError, match=r"pairs-00000\.jsonl is both input and output.*Choose another"):
        run([f"{scheme}{own / pattern}"], own, victim.small_settings())
    assert shard.read_text(encoding="utf-8") == '{"text": "Hej."}\n'


def test_a_run_beside_its_earlier_output_is_not_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim.use_batch_engine(monkeypatch.setattr)
    (tmp_path / "a.txt").write_text("Hej.", encoding="utf-8")
    counts = [run([str(tmp_path)], tmp_path / "out", victim.small_settings()).counts for _ in range(2)]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("stage", ["segment", "detect", "translate"])
def test_a_stage_refuses_its_input_as_output(tolk: Tolk, tmp_path: Path, stage: str) -> None:
    file = tmp_path / "d.jsonl"
    file.write_text("{}\n", encoding="utf-8")
    (tmp_path / "link").symlink_to(file)
    shown = tolk(stage, file, "--out", tmp_path / "link")
    assert shown.returncode == 1
    assert b"is both input and output" in shown.stderr
    assert file.read_text(encoding="utf-8") == "{}\n"


@pytest.mark.parametrize("option", ["--out", "--rejects"])
def test_repair_refuses_its_input_as_output(tolk: Tolk, tmp_path: Path, option: str) -> None:
    (tmp_path / "d.txt").write_text("Hej.", encoding="utf-8")
    for given in (tmp_path / "d.txt", tmp_path):
        shown = tolk("repair", given, option, tmp_path / "d.txt")
        assert (shown.returncode, shown.stdout) == (1, b"")
        assert b"is both input and output" in shown.stderr
    assert (tmp_path / "d.txt").read_text(encoding="utf-8") == "Hej."


def test_repair_refuses_one_file_for_documents_and_rejects(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("Hej.", encoding="utf-8")
    shown = tolk("repair", tmp_path / "d.txt", "--out", tmp_path / "x", "--rejects", tmp_path / "x")
    assert shown.returncode == 1
    assert b"cannot take both the documents and the rejects" in shown.stderr
    assert not (tmp_path / "x").exists()


def test_a_link_to_a_folder_that_is_not_there_is_called_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim.use_batch_engine(monkeypatch.setattr)
    (tmp_path / "a.txt").write_text("Hej.", encoding="utf-8")
    (tmp_path / "out").symlink_to(tmp_path / "disk" / "out")
    with pytest.raises(OutputError, match=r"out is a link to .*disk/out, which is not there"):
        run([str(tmp_path / "a.txt")], tmp_path / "out", victim.small_settings())


@pytest.mark.parametrize(
    "command",
    [
        ["repair", "page.txt", "--out"],
        ["repair", "page.txt", "--rejects"],
        ["segment", "d.jsonl", "--out"],
        ["detect", "d.jsonl", "--out"],
        ["translate", "d.jsonl", "--out"],
        ["memory", "export", "--out"],
    ],
)
def test_no_command_writes_over_what_a_run_has_left(
    tolk: Tolk, tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text("Hej.", encoding="utf-8")
    (tmp_path / "d.jsonl").write_text("", encoding="utf-8")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    (folder / "pairs-00000.jsonl").write_text("kept", encoding="utf-8")
    (tmp_path / "link").symlink_to(folder / "pairs-00000.jsonl")
    for out in ("out/pairs-00000.jsonl", "link", "out/rejects.jsonl"):
        shown = tolk(*command, out)
        assert (shown.returncode, shown.stdout) == (1, b"")
        assert b"belongs to the run in its folder" in shown.stderr
    assert (folder / "pairs-00000.jsonl").read_text(encoding="utf-8") == "kept"
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "pairs-00000.jsonl"]


def test_repair_tells_twenty_rejects_and_the_number_of_all(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text("torn {\n" * 50 + '{"text": "Hej."}\n', encoding="utf-8")
    shown = tolk("repair", tmp_path / "d.jsonl", "--rejects", tmp_path / "bad.jsonl")
    lines = shown.stderr.decode().splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"tolk: rejected 50 records in all, 30 not shown; {tmp_path / 'bad.jsonl'} lists them"
    rejects = [json.loads(line)["source"] for line in (tmp_path / "bad.jsonl").read_bytes().splitlines()]
    assert rejects == [f"d.jsonl#{number}" for number in range(1, 51)]
    assert shown.stdout.count(b"\n") == 1


def test_a_pattern_beside_earlier_output_follows_no_link_in_circles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim.use_batch_engine(monkeypatch.setattr)
    (tmp_path / "cy" / "sub").mkdir(parents=True)
    (tmp_path / "cy" / "sub" / "a.txt").write_text("Hej på dig.", encoding="utf-8")
    (tmp_path / "cy" / "sub" / "up").symlink_to("..")
    (tmp_path / "cy" / "link").symlink_to("sub")
    for _ in range(2):
        manifest = run([str(tmp_path / "cy" / "**" / "*.txt")], tmp_path / "out", victim.small_settings())
        assert manifest.counts.documents == 1
