"""Disks, files, clocks and packages that fail while a run goes on: a sentence each, and the next run completes."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import victim

from pipeline import run as composition
from pipeline.errors import OutputError, PackageError, PipelineError
from pipeline.nightly import run_nightly
from pipeline.packages.model_store import hash_package, list_packages
from pipeline.packages.provenance import Record, write_record
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.translate.memory import MemoryWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOBODY = 65534
MODES = pytest.mark.parametrize("incremental", [pytest.param(False, id="plain"), pytest.param(True, id="incremental")])


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make an input of a few windows and a reject."""
    folder = tmp_path / "in"
    folder.mkdir()
    lines = [json.dumps({"text": f"Rad {n}. " + "En mening till. " * 9}) for n in range(20)]
    (folder / "a.jsonl").write_text("\n".join([*lines[:9], "torn {", *lines[9:]]), encoding="utf-8")
    return folder


def translate(
    dump: Path, out: Path, *, incremental: bool = False, watch: Callable[[object], None] | None = None
) -> None:
    """Run with small windows."""
    run([str(dump)], out, victim.small_settings(), incremental=incremental, watch=watch or (lambda _: None))


def fault_of(work: Callable[[], None]) -> str:
    """Give what a run says when it fails; empty where it does not."""
    try:
        work()
    except PipelineError as error:
        return str(error)
    return ""


def nothing_half(out: Path, expected: dict[str, bytes]) -> None:
    """Make sure that whatever has its final name is whole."""
    for name, data in expected.items():
        assert not (out / name).exists() or (out / name).read_bytes() == data
    assert all(file.name in expected for file in out.glob("pairs-*"))


@pytest.mark.usefixtures("batch_engine")
@MODES
def test_a_disk_that_fills_at_any_step_is_named_and_the_next_run_completes(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, incremental: bool
) -> None:
    translate(dump, tmp_path / "whole", incremental=incremental)
    expected = victim.outcome(tmp_path / "whole")
    for step in range(1, 1000):
        out = tmp_path / f"full-{step}"
        steps: list[str] = []
        with monkeypatch.context() as patch:
            victim.count_steps(patch.setattr, step, steps, victim.find_no_space)
            said = fault_of(lambda out=out: translate(dump, out, incremental=incremental))  # type: ignore[misc]
            assert len(steps) < step or re.search("Cannot write .*No space left on device. What is done is kept", said)
        if out.exists():
            nothing_half(out, expected)
        translate(dump, out, incremental=incremental)
        assert victim.outcome(out) == expected, f"full at step {step}, {steps[-1]}"
        if len(steps) < step:
            break
    assert step > 20


@pytest.fixture
def mount() -> Iterator[Callable[[str], Path]]:
    """Mount small file systems, where that is allowed."""
    folder = Path(tempfile.mkdtemp())

    def set_up(options: str) -> Path:
        again = ["-o", f"remount,{options}"] if folder.is_mount() else ["-o", options]
        command = ["mount", "-t", "tmpfs", *again, "tmpfs", str(folder)]
        if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("needs to be root, and allowed to mount")
        return folder

    yield set_up
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


@pytest.mark.usefixtures("batch_engine")
@MODES
def test_a_small_disk_of_any_size_loses_nothing(
    dump: Path, tmp_path: Path, mount: Callable[[str], Path], *, incremental: bool
) -> None:
    translate(dump, tmp_path / "whole", incremental=incremental)
    expected = victim.outcome(tmp_path / "whole")
    failed = 0
    for kilobytes in (8, 12, 20, 28, 40, 56, 72, 100, 140, 200):
        disk = mount(f"size={kilobytes}k")
        said = fault_of(lambda: translate(dump, disk / "out", incremental=incremental))  # noqa: B023 - used at once
        assert not said or re.search("No space left|disk is full|disk I/O error", said)
        failed += bool(said)
        nothing_half(disk / "out", expected)
        mount("size=16m")
        translate(dump, disk / "out", incremental=incremental)
        assert victim.outcome(disk / "out") == expected
        shutil.rmtree(disk / "out")
    assert failed > 3


@pytest.mark.usefixtures("batch_engine")
@MODES
@pytest.mark.parametrize("lost", ["pairs-00000.jsonl", "rejects.jsonl"])
def test_a_file_that_somebody_removes_under_a_run_is_named(
    dump: Path, tmp_path: Path, lost: str, *, incremental: bool
) -> None:
    def clear_up(_: object) -> None:
        (tmp_path / "out/.tolk" / lost).unlink(missing_ok=True)

    with pytest.raises(OutputError, match=f"{lost} is shorter than the run has committed.* Start over with --fresh"):
        translate(dump, tmp_path / "out", incremental=incremental, watch=clear_up)
    assert {file.name for file in (tmp_path / "out").iterdir()} == {".tolk"}


@pytest.mark.usefixtures("batch_engine")
@MODES
def test_an_output_folder_that_goes_away_under_a_run_is_named_and_the_next_run_completes(
    dump: Path, tmp_path: Path, *, incremental: bool
) -> None:
    translate(dump, tmp_path / "whole", incremental=incremental)
    with pytest.raises(OutputError, match=r"Cannot write .*No such file or directory"):
        translate(dump, tmp_path / "out", incremental=incremental, watch=lambda _: shutil.rmtree(tmp_path / "out"))
    translate(dump, tmp_path / "out", incremental=incremental)
    assert victim.outcome(tmp_path / "out") == victim.outcome(tmp_path / "whole")


def test_a_memory_without_room_is_named_and_loses_no_translation(mount: Callable[[str], Path]) -> None:
    path = mount("size=16k") / "memory.sqlite"
    with pytest.warns(MemoryWarning, match=r"cannot be used: .*Make room there, or name another place"):
        assert victim.translate_with(path, "ett") == "tte"


def test_a_memory_on_a_read_only_disk_is_named_and_left_as_it_was(mount: Callable[[str], Path]) -> None:
    path = mount("size=1m") / "memory.sqlite"
    victim.translate_with(path, "ett")
    before = path.read_bytes()
    mount("ro")
    with pytest.warns(MemoryWarning, match=r"cannot be used: .* The run goes on without it"):
        assert victim.translate_with(path, "två") == "åvt"
    assert path.read_bytes() == before


@pytest.mark.usefixtures("batch_engine")
def test_an_output_folder_that_is_read_only_is_named(dump: Path, mount: Callable[[str], Path]) -> None:
    disk = mount("size=1m")
    mount("ro")
    with pytest.raises(OutputError, match=r"Cannot write .*Read-only file system"):
        translate(dump, disk / "out")


@pytest.mark.usefixtures("batch_engine")
def test_an_output_that_is_a_file_is_named(dump: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match=r"Cannot write .*out"):
        translate(dump, tmp_path / "out")


@pytest.fixture
def public() -> Iterator[Path]:
    """Make a folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(work: Callable[[], None]) -> int:
    """Do something in a process without privileges."""
    if os.geteuid():
        pytest.skip("needs to be root, to become somebody else")

    def change() -> None:
        os.setuid(NOBODY)
        work()

    return victim.forked(change)


@pytest.mark.usefixtures("batch_engine")
def test_an_output_folder_of_somebody_else_is_named(dump: Path, public: Path) -> None:
    shutil.copytree(dump, public / "in")
    (public / "out").mkdir()

    def work() -> None:
        with pytest.raises(OutputError, match=r"Cannot write .*Permission denied"):
            translate(public / "in", public / "out")

    assert as_nobody(work) == 0


@pytest.mark.usefixtures("batch_engine")
def test_an_input_file_without_permission_becomes_a_reject_and_the_rest_is_read(dump: Path, public: Path) -> None:
    shutil.copytree(dump, public / "in")
    (public / "in/b.txt").write_text("Hemlig.", encoding="utf-8")
    (public / "in/b.txt").chmod(0)
    (public / "in/c.txt").write_text("Öppen.", encoding="utf-8")
    (public / "out").mkdir()
    (public / "out").chmod(0o777)

    assert as_nobody(lambda: translate(public / "in", public / "out")) == 0
    rejects = [json.loads(line) for line in (public / "out/rejects.jsonl").read_bytes().splitlines()]
    assert "Permission denied" in rejects[-1]["reason"]
    assert b'"c.txt"' in b"".join(victim.outcome(public / "out").values())


@pytest.mark.usefixtures("batch_engine")
@pytest.mark.parametrize("change", ["shrinks", "grows"])
def test_a_file_that_changes_while_it_is_read_breaks_nothing(dump: Path, tmp_path: Path, change: str) -> None:
    file = dump / "b.jsonl"
    file.write_text('{"text": "En mening av många."}\n' * 20_000, encoding="utf-8")

    def meddle(_: object) -> None:
        if change == "shrinks":
            os.truncate(file, 300_000)
        else:
            with file.open("a", encoding="utf-8") as grown:
                grown.write('{"text": "En till."}\n' if file.stat().st_size < 700_000 else "")

    run([str(dump)], tmp_path / "out", victim.small_settings(window_chars=50_000), watch=meddle)
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    assert manifest["counts"]["pairs"] == sum(
        shard.read_bytes().count(b"\n") for shard in (tmp_path / "out").glob("pairs-*")
    )


@pytest.mark.usefixtures("batch_engine")
def test_a_packed_file_that_is_torn_keeps_what_stood_before(dump: Path, tmp_path: Path) -> None:
    packed = gzip.compress("\n".join(f"Rad {n} av något." for n in range(5000)).encode())
    (dump / "b.txt.gz").write_bytes(packed[:-200])
    translate(dump, tmp_path / "out")
    assert b"data end too early" in (tmp_path / "out/rejects.jsonl").read_bytes()


@pytest.mark.usefixtures("batch_engine")
def test_a_clock_that_goes_back_does_no_harm(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(["2031-01-01T00:00:00+00:00", *["1999-01-01T00:00:00+00:00"] * 9])
    monkeypatch.setattr(composition, "_now", lambda: next(times))
    translate(dump, tmp_path / "out", incremental=True)
    translate(dump, tmp_path / "out", incremental=True)
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    assert manifest["last_run"]["unchanged"] == 21
    assert manifest["started"] <= manifest["finished"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a copy of the embedded Swedish package, which a test may harm."""
    monkeypatch.setenv("TOLK_MODELS", str(tmp_path / "packages"))
    embedded = next(found for found in list_packages() if found.from_code == "sv")
    shutil.copytree(embedded.path, tmp_path / "packages/translate-sv_en")
    return tmp_path / "packages/translate-sv_en"


def test_a_torn_model_is_named_with_what_mends_it(dump: Path, tmp_path: Path, package: Path) -> None:
    os.truncate(package / "model/model.bin", 100_000)
    with pytest.raises(PackageError, match=r"cannot read the model in .*translate-sv_en/model.* Install the package"):
        translate(dump, tmp_path / "out")


def test_a_package_that_changed_since_it_was_installed_is_named(dump: Path, tmp_path: Path, package: Path) -> None:
    write_record(package, Record(origin="a", archive_sha256="", sha256=hash_package(package), verified=False))
    os.truncate(package / "model/vmap.txt", 1000)  # which CTranslate2 opens without a word
    with pytest.raises(PackageError, match=r"translate-sv_en has changed since it was installed.* Install the package"):
        translate(dump, tmp_path / "out")


def test_a_model_that_is_swapped_under_a_run_is_noticed(dump: Path, tmp_path: Path, package: Path) -> None:
    def swap(_: object) -> None:
        (package / "metadata.json").write_bytes((package / "metadata.json").read_bytes() + b"\n")

    settings = Settings(source_lang="sv", languages=("sv",), workers=1)
    with pytest.raises(PackageError, match="was changed while the run used it"):
        run([str(dump)], tmp_path / "out", settings, watch=swap)
    assert not list((tmp_path / "out").glob("pairs-*"))
    with pytest.raises(OutputError, match="start over with --fresh"):
        run([str(dump)], tmp_path / "out", settings)
    run([str(dump)], tmp_path / "out", settings, fresh=True)


@pytest.mark.usefixtures("batch_engine")
def test_a_night_that_fails_is_logged_with_its_reason(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nightly() -> None:
        run_nightly([str(dump)], tmp_path / "out", victim.small_settings(), watch=lambda _: None)

    nightly()
    (dump / "b.txt").write_text("Ny.", encoding="utf-8")
    with monkeypatch.context() as patch:
        victim.count_steps(patch.setattr, 3, [], victim.find_no_space)
        with pytest.raises(OutputError):
            nightly()
    nightly()
    log = [json.loads(line) for line in (tmp_path / "out/runs.jsonl").read_bytes().splitlines()]
    assert [line["outcome"] for line in log] == ["done", "failed", "done"]
    assert "No space left" in log[1]["message"]
    assert log[1]["pairs_in_all"] == log[0]["pairs_in_all"]
