"""Runs to an address: the files of a local run, whole or without a manifest, whatever happens on the way."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import fsspec
import msgspec
import pytest
import victim

from pipeline.errors import InputError, OutputError
from pipeline.nightly import run_nightly
from pipeline.run import run
from pipeline.staging import find_folder, run_to
from pipeline.write import lease
from pipeline.write.lease import MARKER
from pipeline.write.publish import Publisher
from pipeline.write.published import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Tolk

    from pipeline.manifest import Counts, Manifest

OUT = "memory://made/out"


@pytest.fixture
def memory(batch_engine: None) -> Iterator[Any]:
    """Give fsspec's file system in memory, and translate without a package."""
    del batch_engine
    system = fsspec.filesystem("memory")
    yield system
    if system.exists("/made"):
        system.rm("/made", recursive=True)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make an input of several shards, with a reject."""
    folder = tmp_path / "in"
    folder.mkdir()
    lines = ["torn {", *(json.dumps({"text": f"Rad {n} är här. " * 9}) for n in range(9))]
    (folder / "a.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def publish(dump: Path, out: str = OUT, *, fresh: bool = False, incremental: bool = False, **given: Any) -> Manifest:
    return run_to([str(dump)], out, victim.small_settings(**given), fresh=fresh, incremental=incremental)


def standing(system: Any, out: str = OUT) -> dict[str, bytes]:
    """Give what stands at an address."""
    root = system._strip_protocol(out)
    return {path.rpartition("/")[2]: system.cat_file(path) for path in system.find(root)}


def breaking(monkeypatch: pytest.MonkeyPatch, system: Any, after: int) -> list[str]:
    """Note what changes the address, and let the line go dead after some steps."""
    steps: list[str] = []
    for method in ("put_file", "pipe_file", "rm_file"):
        real = getattr(type(system), method)

        def step(self: Any, *args: Any, _real: Any = real, _name: str = method, **named: Any) -> Any:
            path = args[1] if _name == "put_file" else args[0]
            if len(steps) >= after:
                message = "the line went dead"
                raise RuntimeError(message)
            steps.append(f"{_name.removesuffix('_file')} {path.rpartition('/')[2]}")
            return _real(self, *args, **named)

        monkeypatch.setattr(type(system), method, step)
    return steps


@pytest.mark.parametrize("compress", [False, True])
def test_an_address_gets_the_files_of_a_local_run(memory: Any, dump: Path, tmp_path: Path, compress: bool) -> None:  # noqa: FBT001 - a case
    run([str(dump)], tmp_path / "out", victim.small_settings(compress=compress))
    publish(dump, compress=compress)
    files = standing(memory)
    assert files.keys() == {path.name for path in (tmp_path / "out").iterdir()}
    assert {name: files[name] for name in victim.outcome(tmp_path / "out")} == victim.outcome(tmp_path / "out")


def test_the_manifest_goes_first_and_comes_last(memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(dump)
    steps = breaking(monkeypatch, memory, 99)
    publish(dump)
    changes = [step for step in steps if not step.endswith(MARKER)]
    assert changes[0] == "rm manifest.json"
    assert changes[-1] == "pipe manifest.json"
    assert sum("manifest" in step for step in steps) == 2


def test_what_is_published_leaves_nothing_on_this_machine(memory: Any, dump: Path) -> None:
    del memory
    publish(dump)
    assert not find_folder(OUT).exists()


def test_a_publication_that_breaks_off_at_any_step_goes_on_with_the_same_command(
    memory: Any, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run([str(dump)], tmp_path / "out", victim.small_settings())
    for after in range(99):
        with monkeypatch.context() as patch:
            steps = breaking(patch, memory, after)
            with contextlib.suppress(OutputError):
                publish(dump)
        whole = "manifest.json" in standing(memory)
        publish(dump)
        files = standing(memory)
        assert files.keys() == {path.name for path in (tmp_path / "out").iterdir()}
        assert {name: files[name] for name in victim.outcome(tmp_path / "out")} == victim.outcome(tmp_path / "out")
        memory.rm("/made", recursive=True)
        assert whole == ("pipe manifest.json" in steps)
        if len(steps) < after:
            break


def test_going_on_neither_translates_nor_publishes_again_what_is_done(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        breaking(patch, memory, 4)  # the marker twice, and two shards
        with pytest.raises(OutputError, match=r"^Cannot write memory://made/out: the line went dead\. Check") as caught:
            publish(dump)
    assert str(caught.value).endswith(f"kept in {find_folder(OUT)}: the same command goes on from there.")
    monkeypatch.setattr(victim.BatchEngine, "translate_texts", None)
    steps = breaking(monkeypatch, memory, 99)
    publish(dump)
    assert "put pairs-00001.jsonl" not in steps
    assert "put pairs-00002.jsonl" in steps


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(
    memory: Any, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run([str(dump)], tmp_path / "out", victim.small_settings())
    with monkeypatch.context() as patch:
        victim.count_steps(patch.setattr, 12, [], victim.find_no_space)
        with pytest.raises(OutputError, match="No space left"):
            publish(dump)
    assert set(standing(memory)) <= {MARKER}
    publish(dump)
    files = standing(memory)
    assert {name: files[name] for name in victim.outcome(tmp_path / "out")} == victim.outcome(tmp_path / "out")


def test_shards_of_the_run_before_go_and_other_files_stay(memory: Any, dump: Path) -> None:
    publish(dump)
    memory.pipe_file("/made/out/notes.txt", b"mine")
    memory.pipe_file("/made/out/pairs-00099.jsonl", b"mine, too")
    (dump / "a.jsonl").write_text('{"text": "Bara en."}\n', "utf-8")
    manifest = publish(dump)
    assert manifest.shards == ["pairs-00000.jsonl"]
    ours = {"pairs-00000.jsonl", "rejects.jsonl", "manifest.json", "report.html"}
    assert standing(memory).keys() == ours | {"notes.txt", "pairs-00099.jsonl"}


@pytest.mark.parametrize("name", ["manifest.json", "pairs-00000.jsonl", "rejects.jsonl"])
def test_files_that_no_run_has_left_are_not_replaced(memory: Any, dump: Path, name: str) -> None:
    memory.pipe_file(f"/made/out/{name}", b"{}")
    with pytest.raises(OutputError, match=f"{OUT}/{name} is not from a finished run of Tolk and would be replaced"):
        publish(dump, fresh=True)
    assert standing(memory) == {name: b"{}"}


def test_an_incremental_run_publishes_only_what_is_new(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(dump, incremental=True)
    (dump / "b.txt").write_text("En sida till.", "utf-8")
    steps = breaking(monkeypatch, memory, 99)
    after = publish(dump, incremental=True)
    added = after.shards[len(before.shards) :]
    assert [step for step in steps if "pairs" in step] == [f"put {name}" for name in added]
    assert len(added) == 1


def test_an_unchanged_night_leaves_the_pairs_and_the_folder_whole(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(dump, incremental=True)
    steps = breaking(monkeypatch, memory, 99)
    publish(dump, incremental=True)
    assert [step for step in steps if MARKER not in step] == ["pipe manifest.json"]


def test_a_shard_that_was_moved_away_stays_away(memory: Any, dump: Path) -> None:
    publish(dump, incremental=True)
    memory.rm_file("/made/out/pairs-00000.jsonl")
    (dump / "b.txt").write_text("En sida till.", "utf-8")
    assert publish(dump, incremental=True).last_run.counts.documents == 1
    assert "pairs-00000.jsonl" not in standing(memory)


def test_another_machine_does_not_double_what_was_moved_away(memory: Any, dump: Path) -> None:
    publish(dump, incremental=True)
    memory.rm_file("/made/out/pairs-00000.jsonl")
    shutil.rmtree(find_folder(OUT))
    with pytest.raises(OutputError, match=r"pairs-00000\.jsonl was moved away from memory://made/out"):
        publish(dump, incremental=True)


def test_an_address_that_was_cleared_gets_everything_again(memory: Any, dump: Path) -> None:
    publish(dump, incremental=True)
    files = standing(memory)
    memory.rm("/made", recursive=True)
    publish(dump, incremental=True)
    assert standing(memory).keys() == files.keys()


def test_another_machine_adds_to_what_stands_at_the_address(memory: Any, dump: Path) -> None:
    before = publish(dump, incremental=True)
    files = standing(memory)
    shutil.rmtree(find_folder(OUT))
    (dump / "b.txt").write_text("En sida till.", "utf-8")
    after = publish(dump, incremental=True)
    assert (after.last_run.unchanged, after.last_run.counts.documents) == (before.counts.records, 1)
    assert {name: data for name, data in standing(memory).items() if name in before.shards} == {
        name: files[name] for name in before.shards
    }


def test_a_machine_that_comes_back_takes_over_what_another_has_added(
    memory: Any, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(dump, incremental=True)
    (dump / "b.txt").write_text("En sida till.", "utf-8")
    with monkeypatch.context() as patch:
        patch.setenv("TOLK_STAGING", str(tmp_path / "other"))
        publish(dump, incremental=True)
    (dump / "c.txt").write_text("Och en.", "utf-8")
    last = publish(dump, incremental=True)
    assert (last.last_run.counts.documents, last.counts.documents) == (1, 11)
    assert set(last.shards) < standing(memory).keys()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give a way to another machine: one of another name and with a folder of its own."""

    def go() -> None:
        monkeypatch.setattr(lease, "_name_machine", lambda: ("other", "boot"))
        monkeypatch.setenv("TOLK_STAGING", str(tmp_path / "other"))

    return go


def gone_process() -> int:
    """Give the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def at_work(memory: Any, **given: Any) -> lease.Mark:
    """Let a run on some machine be at work there, as far as one can see."""
    lately = {"host": "far", "boot": "b", "process": 7, "seen": time.time(), **given}
    mark = lease.Mark(writer="somebody", shards=[], **lately)
    memory.pipe_file(f"/made/out/{MARKER}", msgspec.json.encode(mark))
    return mark


def test_a_second_run_is_told_who_is_at_work_and_what_to_do(memory: Any, dump: Path) -> None:
    seen = datetime.fromtimestamp(at_work(memory).seen, UTC).isoformat(timespec="seconds")
    words = (
        f"Another run is writing to memory://made/out: process 7 on far (last sign of life {seen}). "
        "Wait for its end. If it is dead, the address is free 60 minutes after that sign, or at once by starting over "
        "with --fresh."
    )
    with pytest.raises(OutputError, match=f"^{re.escape(words)}$"):
        publish(dump)
    assert standing(memory).keys() == {MARKER}


def test_a_run_without_a_sign_of_life_is_taken_over(memory: Any, dump: Path) -> None:
    at_work(memory, seen=time.time() - lease.LEASE_SECONDS - 1)
    publish(dump)
    assert MARKER not in standing(memory)


def test_a_process_of_this_machine_that_is_gone_is_taken_over_at_once(memory: Any, dump: Path) -> None:
    host, boot = lease._name_machine()
    at_work(memory, host=host, boot=boot, process=gone_process())
    publish(dump)
    at_work(memory, host=host, boot=boot, process=1)
    with pytest.raises(OutputError, match="process 1 on"):
        publish(dump)


def test_a_run_that_was_taken_over_changes_nothing_more(memory: Any, dump: Path) -> None:
    """From its next window on, or, where that is the last, before the next file."""
    theirs = b"theirs"

    def take_over(_: Counts) -> None:
        memory.pipe_file("/made/out/pairs-00000.jsonl", theirs)
        at_work(memory)

    with pytest.raises(OutputError, match=r"taken over by process 7 on far .* leaves it alone.*run the same command"):
        run_to([str(dump)], OUT, victim.small_settings(), watch=take_over)
    assert standing(memory)["pairs-00000.jsonl"] == theirs
    assert standing(memory).keys() == {"pairs-00000.jsonl", MARKER}


def test_a_run_gives_signs_of_life_and_ends_when_it_is_taken_over(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.0)
    seen: list[float] = []

    def watch(_: Counts) -> None:
        if len(seen) == 3:
            at_work(memory)
        seen.append(json.loads(standing(memory)[MARKER])["seen"])

    with pytest.raises(OutputError, match="taken over by process 7"):
        run_to([str(dump)], OUT, victim.small_settings(), watch=watch)
    assert len(seen) == 4
    assert seen[0] < seen[1] < seen[2]


def test_a_night_that_only_passes_over_known_records_gives_signs_of_life(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(dump, incremental=True)
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.0)
    steps = breaking(monkeypatch, memory, 99)
    assert publish(dump, incremental=True).last_run.unchanged == 10
    assert steps.count(f"pipe {MARKER}") > 10


def test_signs_of_life_are_given_between_the_files_that_are_put(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.0)
    steps = breaking(monkeypatch, memory, 99)
    publish(dump)
    before = [steps[at - 1] for at, step in enumerate(steps) if step.startswith("put ")]
    assert len(before) > 3
    assert set(before) == {f"pipe {MARKER}"}


def test_signs_of_life_are_given_while_one_file_is_put(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_file = type(memory).put_file
    alive: list[str] = []

    def put_slowly(self: Any, here: str, there: str) -> None:
        before, patience = standing(memory)[MARKER], time.monotonic() + 20
        while standing(memory)[MARKER] == before and time.monotonic() < patience:
            time.sleep(0.001)
        if standing(memory)[MARKER] != before:
            alive.append(there.rpartition("/")[2])
        put_file(self, here, there)

    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(lease, "WATCH_SECONDS", 0.001)
    monkeypatch.setattr(type(memory), "put_file", put_slowly)
    publish(dump)
    assert set(alive) == standing(memory).keys() - {"manifest.json"}


def test_a_run_that_is_taken_over_while_it_puts_a_file_puts_no_other(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = breaking(monkeypatch, memory, 99)
    put_file = type(memory).put_file

    def put_slowly(self: Any, here: str, there: str) -> None:
        put_file(self, here, there)
        for _ in range(50):  # between a look and a sign of life, one alone might be written over
            at_work(memory)
            time.sleep(0.001)

    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(lease, "WATCH_SECONDS", 0.001)
    monkeypatch.setattr(type(memory), "put_file", put_slowly)
    with pytest.raises(OutputError, match="taken over by process 7"):
        publish(dump)
    assert sum(step.startswith("put ") for step in steps) == 1


def test_a_line_that_is_dead_for_a_while_does_not_end_a_run(
    memory: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.0)
    with monkeypatch.context() as patch:
        publisher = Publisher(OUT, find_folder(OUT))
        with publisher.claimed(follow=False, force=False):
            patch.setattr(type(memory), "cat_file", lambda *_: 1 / 0)
            publisher.renew()
            patch.undo()
    publish(dump)


def test_a_run_that_ends_in_an_error_makes_room_for_another_machine(
    memory: Any, dump: Path, elsewhere: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        victim.count_steps(patch.setattr, 12, [], victim.find_no_space)
        with pytest.raises(OutputError, match="No space left"):
            publish(dump)
    elsewhere()
    publish(dump)
    assert MARKER not in standing(memory)


def test_starting_over_takes_an_address_from_whoever_is_at_work(memory: Any, dump: Path) -> None:
    at_work(memory)
    publish(dump, fresh=True)
    assert MARKER not in standing(memory)


def test_a_night_is_logged_on_this_machine(memory: Any, dump: Path) -> None:
    run_nightly([str(dump)], OUT, victim.small_settings(), watch=lambda _: None)
    log = (find_folder(OUT) / "runs.jsonl").read_bytes()
    assert (json.loads(log)["outcome"], "runs.jsonl" in standing(memory)) == ("done", False)


def test_a_book_with_a_byte_that_is_no_text_is_begun_anew(memory: Any, dump: Path) -> None:
    publish(dump, incremental=True)
    before = standing(memory)
    book = find_folder(OUT) / PUBLISHED
    book.write_bytes(book.read_bytes().replace(b'"writer":"', b'"writer":"\xff'))
    publish(dump, incremental=True)
    assert standing(memory).keys() == before.keys()


def test_an_output_within_its_input_is_refused(memory: Any) -> None:
    memory.pipe_file("/made/a.txt", b"Hej.")
    for given in ("memory://made", "memory://made/", "memory://made/*", "memory://made/out/"):
        with pytest.raises(InputError, match=r"The output memory://made/out lies in the input .* another --out"):
            run_to([given], OUT, victim.small_settings())
        memory.pipe_file("/made/out/a.txt", b"Hej.")


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("nosuchscheme://x/out", "Cannot write nosuchscheme://x/out"),
        ("gs://x/out", "Writing gs://x/out needs a library that is not installed. Install it: .* -m pip install gcsfs"),
        ("sftp://me:secret@x/out", "Writing sftp://x/out needs .* pip install paramiko"),
        ("simplecache::memory://x", "one address behind another"),
    ],
)
def test_an_address_that_cannot_be_written_is_one_sentence_without_secrets(dump: Path, out: str, words: str) -> None:
    with pytest.raises(OutputError, match=words) as caught:
        publish(dump, out)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_login_is_in_no_name() -> None:
    assert "secret" not in str(find_folder("sftp://me:secret@host/out"))


@pytest.mark.consumers
@pytest.mark.usefixtures("s3")
def test_a_bucket_gets_the_files_of_a_local_run_by_the_command(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Plain English."}\ntorn {\n', "utf-8")
    command = ("run", tmp_path / "a.jsonl", "--source-lang", "en", "--out")
    for out in (tmp_path / "out", "s3://bucket/deep/out"):
        done = tolk(*command, out)
        assert done.returncode == 0, done.stderr
    assert b"s3://bucket/deep/out/pairs-00000.jsonl" in done.stderr
    files = standing(fsspec.filesystem("s3", skip_instance_cache=True), "s3://bucket/deep/out")
    assert files.keys() == {path.name for path in (tmp_path / "out").iterdir()}
    assert {name: files[name] for name in victim.outcome(tmp_path / "out")} == victim.outcome(tmp_path / "out")


@pytest.mark.consumers
@pytest.mark.usefixtures("s3")
def test_nights_go_into_a_bucket_by_the_command(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for night in "abc":
        (tmp_path / "in" / f"{night}.txt").write_text(f"Night {night}.", "utf-8")
        command = ("run", tmp_path / "in", "--source-lang", "en", "--incremental", "--out", "s3://bucket/nights")
        done = tolk(*command)
        assert (done.returncode, done.stderr) == (0, b"")
    assert b"s3://bucket/nights is up to date" in done.stdout
    assert sum("pairs" in name for name in standing(fsspec.filesystem("s3"), "s3://bucket/nights")) == 3


@pytest.mark.consumers
@pytest.mark.usefixtures("s3")
def test_a_bucket_that_is_not_there_is_one_sentence_and_is_not_made(tolk: Tolk, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Plain English.", "utf-8")
    for out in ("s3://nobucket/out", "s3://nobucket"):
        done = tolk("run", tmp_path / "a.txt", "--source-lang", "en", "--out", out)
        assert (done.returncode, done.stderr.count(b"\n")) == (1, 1), done.stderr
        assert f"Cannot write {out}: ".encode() in done.stderr
    assert not fsspec.filesystem("s3", skip_instance_cache=True).exists("nobucket")
