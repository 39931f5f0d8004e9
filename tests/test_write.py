"""Output folders: windows that are committed whole, files that appear under their names at the end."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from pipeline.errors import HeldError, OutputError
from pipeline.files import replace_file, replacing
from pipeline.manifest import Manifest
from pipeline.records import Reject
from pipeline.write import Output, open_output, open_stage_output
from pipeline.write.append import append_lines, cut_file, extend_file
from pipeline.write.progress import Progress


def begun(signature: str = "s", *, incremental: bool = False) -> Progress:
    """Describe a run that has done nothing yet."""
    return Progress(signature=signature, inputs=["in"], started="now", incremental=incremental)


def reject(number: int) -> Reject:
    """Make a reject."""
    return Reject(source=f"a#{number}", offset=0, reason="r", length=1)


def finish(output: Output) -> None:
    """Bring a run to its end."""
    progress = output.progress
    output.complete()
    output.finish(
        Manifest(
            tolk="0",
            signature=progress.signature,
            inputs=progress.inputs,
            settings={},
            packages=[],
            shards=progress.shard_names(),
            counts=progress.counts,
            seconds={},
            started="a",
            finished="b",
        )
    )
    output.close()


def test_nothing_has_its_final_name_before_the_end(tmp_path: Path) -> None:
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10) as output:
        output.commit([], [reject(1)])
        assert [entry.name for entry in tmp_path.iterdir()] == [".tolk"]
        finish(output)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["manifest.json", "pairs-00000.jsonl", "rejects.jsonl"]


def test_what_was_not_committed_is_cut_off(tmp_path: Path) -> None:
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10) as output:
        output.commit([], [reject(1)])
    with (tmp_path / ".tolk/rejects.jsonl").open("ab") as file:
        file.write(b'{"half a li')
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10) as output:
        output.commit([], [reject(2)])
        finish(output)
    lines = (tmp_path / "rejects.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["source"] for line in lines] == ["a#1", "a#2"]


def test_a_file_that_lost_committed_lines_is_refused(tmp_path: Path) -> None:
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10) as output:
        output.commit([], [reject(1)])
    (tmp_path / ".tolk/rejects.jsonl").write_bytes(b"")
    with (
        pytest.raises(OutputError, match=r"shorter than the run has committed.* --fresh"),
        open_output(tmp_path, begun(), start_over=False, shard_bytes=10),
    ):
        pass


def write_shards(output: Output, number: int) -> None:
    """Finish a run with some shards."""
    for _ in range(number):
        output.progress.shards.append(0)
        (output.work / output.progress.shard_names()[-1]).touch()
    finish(output)


def test_what_an_earlier_run_left_gives_way_and_nothing_else(tmp_path: Path) -> None:
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10) as output:
        write_shards(output, 3)
    foreign = ("pairs-train.jsonl", "pairs-2024-gold.jsonl", "pairs-00007.jsonl")
    for name in (*foreign, "removed.jsonl"):
        (tmp_path / name).write_text("old\n")
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10) as output:
        write_shards(output, 1)
    assert sorted(path.name for path in tmp_path.glob("pairs-*")) == sorted((*foreign, "pairs-00000.jsonl"))
    assert not (tmp_path / "removed.jsonl").exists()


@pytest.mark.parametrize("start_over", [False, True])
def test_shards_of_an_earlier_run_give_way_after_a_finish_that_was_cut_short(
    tmp_path: Path, *, start_over: bool
) -> None:
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10) as output:
        write_shards(output, 3)
    with open_output(tmp_path, begun("t"), start_over=False, shard_bytes=10) as output:
        output.complete()
        (tmp_path / "manifest.json").unlink()
    with open_output(tmp_path, begun("t"), start_over=start_over, shard_bytes=10) as output:
        finish(output)
    assert [path.name for path in tmp_path.glob("pairs-*")] == ["pairs-00000.jsonl"]


@pytest.mark.parametrize("start_over", [False, True])
@pytest.mark.parametrize(
    "name", ["manifest.json", "rejects.jsonl", "report.html", "removed.jsonl", "pairs-00000.jsonl"]
)
def test_a_folder_with_files_of_somebody_else_under_our_names_is_refused(
    tmp_path: Path, name: str, *, start_over: bool
) -> None:
    (tmp_path / name).write_text('{"name": "an app"}')
    with (
        pytest.raises(OutputError, match=rf"{name} is not from a finished run of Tolk.*choose another --out"),
        open_output(tmp_path, begun(), start_over=start_over, shard_bytes=10),
    ):
        pass
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, '{"name": "an app"}')]


def test_a_manifest_of_somebody_else_is_refused_beside_an_interrupted_run_too(tmp_path: Path) -> None:
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10) as output:
        output.commit([], [reject(1)])
    (tmp_path / "manifest.json").write_text('{"schema": "app/1", "shards": []}')
    with (
        pytest.raises(OutputError, match=r"manifest\.json is not from a finished run"),
        open_output(tmp_path, begun(), start_over=False, shard_bytes=10),
    ):
        pass


def test_files_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with open_output(tmp_path, begun(), start_over=True, shard_bytes=10) as output:
        finish(output)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_folder_is_held_by_one_run_and_let_go_of_when_it_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with open_output(tmp_path, begun(), start_over=False, shard_bytes=10):
            with (
                pytest.raises(HeldError, match="Wait for it to end, or choose another --out"),
                open_output(tmp_path, begun(), start_over=False, shard_bytes=10),
            ):
                pass
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with open_output(tmp_path, begun(), start_over=False, shard_bytes=10):
        pass


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    def fail() -> None:
        with replacing(tmp_path / "a") as file:
            file.write(b"half")
            raise KeyError

    replace_file(tmp_path / "a", b"whole")
    with pytest.raises(KeyError):
        fail()
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("a", b"whole")]


def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "far/target")
    for data in (b"first", b"second"):
        replace_file(tmp_path / "link", data)
        assert (tmp_path / "link").is_symlink()
        assert [(entry.name, entry.read_bytes()) for entry in (tmp_path / "far").iterdir()] == [("target", data)]


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    replace_file(pipe, b"through")
    reader.join(timeout=10)
    assert read == [b"through"]
    assert pipe.is_fifo()


def test_a_device_is_written_into_and_nothing_is_made_beside_it(tmp_path: Path) -> None:
    (tmp_path / "null").symlink_to("/dev/null")
    replace_file(tmp_path / "null", b"gone")
    assert Path("/dev/null").is_char_device()
    assert [entry.name for entry in tmp_path.iterdir()] == ["null"]


def test_a_file_can_be_extended_as_often_as_a_crash_asks_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old\n")
    (tmp_path / "b").write_bytes(b"new\n")
    for _ in range(3):
        extend_file(tmp_path / "a", 4, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == b"old\nnew\n"


def test_appended_bytes_are_counted_as_they_are_written(tmp_path: Path) -> None:
    size = append_lines(tmp_path / "a", [reject(1), reject(2)])
    assert size == (tmp_path / "a").stat().st_size
    cut_file(tmp_path / "a", size)
    assert size == (tmp_path / "a").stat().st_size


def test_a_stage_that_fails_leaves_its_file_as_it_was(tmp_path: Path) -> None:
    def fail() -> None:
        with open_stage_output(tmp_path / "new/out.jsonl", None) as file:  # type: ignore[arg-type]
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list((tmp_path / "new").iterdir()) == []
