"""The doctor finds what is wrong with a machine, says how to mend it, and does no harm."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from conftest import ROOT

from pipeline.doctor import Diagnosis, Finding, examination, examine, finding, installed, models, places, processor
from pipeline.files import locked
from pipeline.packages import model_store
from pipeline.packages.model_store import models_folder
from pipeline.write.progress import Progress

if TYPE_CHECKING:
    from conftest import Tolk

SOUND = models_folder() / "translate-sv_en"


def find(findings: Any, subject: str, name: str = "") -> Finding:
    """Give the one finding about something."""
    (found,) = (f for f in findings if f.subject == subject and name in f.name)
    return msgspec.convert(found, Finding, from_attributes=True)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOLK_MODELS", str(tmp_path / "store"))
    (tmp_path / "store").mkdir()
    return tmp_path / "store"


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOLK_MEMORY", str(tmp_path / "memory.sqlite"))
    return tmp_path / "memory.sqlite"


def test_a_sound_machine_is_called_healthy_in_one_json_object(tolk: Tolk, tmp_path: Path) -> None:
    done = tolk("doctor", tmp_path, "--json")
    diagnosis = msgspec.json.decode(done.stdout, type=Diagnosis)
    troubles = [finding for finding in diagnosis.findings if finding.state == "broken"]
    assert (done.returncode, done.stderr, troubles, diagnosis.healthy) == (0, b"", [], True)
    subjects = {finding.subject for finding in diagnosis.findings}
    assert subjects == {
        "tolk", "extras", "packages", "processor", "speed", "places", "staging", "network", "locks", "output"
    }  # fmt: skip
    assert all(finding.mend for finding in diagnosis.findings if finding.state != "ok")


def test_a_folder_whose_name_is_no_utf8_is_told_of_in_json(tolk: Tolk, tmp_path: Path) -> None:
    shown = tolk("doctor", os.fsencode(tmp_path) + b"/\xff", "--json")
    assert msgspec.json.decode(shown.stdout, type=Diagnosis).healthy


def test_speed_is_measured_with_each_package(tolk: Tolk) -> None:
    findings = msgspec.json.decode(tolk("doctor", "--json").stdout, type=Diagnosis).findings
    for lang in ("sv", "id"):
        found = find(findings, "speed", lang)
        assert found.value
        assert f"{found.value:.0f} words a second with translate-{lang}_en" in found.found


def test_the_doctor_leaves_nothing_behind(tolk: Tolk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, folder in {"HOME": "home", "TOLK_MODELS": "store", "TOLK_MEMORY": "memory.sqlite"}.items():
        monkeypatch.setenv(name, str(tmp_path / folder))
    assert tolk("doctor", tmp_path / "out").returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_broken_package_is_an_error_with_a_line_that_mends_it(tolk: Tolk, store: Path) -> None:
    shutil.copytree(SOUND, store / "sv_en")
    (store / "sv_en/model/model.bin").write_bytes(b"torn")
    done = tolk("doctor")
    assert done.returncode == 1
    assert done.stderr == b"tolk: 2 things to mend; each is named above with what to do.\n"
    lines = done.stdout.decode().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("broken") and "packages" in line)
    assert "CTranslate2 cannot read the model" in lines[at]
    assert "mend:" in lines[at + 1]
    assert "Install the package anew from its file." in lines[at + 1]


def test_what_is_wrong_is_told_whole_though_a_name_in_it_looks_like_the_end_of_a_sentence(store: Path) -> None:
    (store / "draft. two").mkdir()
    found = find(models.look_at_packages(), "packages", "draft. two")
    assert found.found.startswith(str(store / "draft. two" / "metadata.json") + " cannot be read: ")
    assert found.mend == "Install the package anew from its file. Or remove it: tolk models remove 'draft. two'"


def test_a_package_into_another_language_than_english_is_none_that_a_run_needs(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SOUND, store / "sv_da")
    described = store / "sv_da" / "metadata.json"
    described.write_text(described.read_text("utf-8").replace('"to_code": "en"', '"to_code": "da"'), "utf-8")
    monkeypatch.setattr(model_store, "models_folder", lambda: tmp_path / "none")
    found = find(models.look_at_network(), "network", "offline")
    assert (found.state, found.found) == ("broken", "a run would lack id, sv")


def test_a_library_that_cannot_be_loaded_does_not_end_the_others(tmp_path: Path) -> None:
    (tmp_path / "ctranslate2.py").write_text("raise ImportError('libgomp.so.1: cannot open')", encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).with_name("tolk"), "doctor", "--json"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    findings = msgspec.json.decode(done.stdout, type=Diagnosis).findings
    (loaded,) = (f for f in findings if f.name == "ctranslate2" and f.state == "broken")
    assert loaded.found == "cannot be loaded: libgomp.so.1: cannot open"
    assert "make clean setup" in loaded.mend
    assert find(findings, "places", "temporary").state == "ok"


def test_a_missing_library_is_an_error_and_a_missing_extra_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name in {"ftfy", "pyarrow"}:
            raise metadata.PackageNotFoundError(name)
        return "99"

    monkeypatch.setattr(metadata, "version", version)
    needed, extras = list(installed.list_installed()), list(installed.list_extras())
    assert (find(needed, "tolk", "ftfy").state, find(needed, "tolk", "ftfy").found) == ("broken", "is not installed")
    assert find(extras, "extras", "parquet").state == "note"
    assert find(extras, "extras", "parquet").mend == f"If you need it: {sys.executable} -m pip install 'pyarrow>=17'"


def test_a_library_of_the_wrong_version_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "0.0.1")
    assert find(installed.list_installed(), "tolk", "ctranslate2").found.startswith("0.0.1 is not ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_cannot_be_written_is_an_error(store: Path) -> None:
    store.chmod(0o500)
    found = find(places.look_at_places(), "places", "store")
    assert (found.state, "TOLK_MODELS=/path" in found.mend) == ("broken", True)


def test_a_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch, memory: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    found = find(places.look_at_places(), "places", "memory")
    assert (found.state, found.value, str(memory) in found.found) == ("broken", 1000, True)
    assert found.mend.startswith("Make room on that disk")


def test_a_broken_memory_is_an_error(memory: Path) -> None:
    memory.write_bytes(b"no database at all" * 400)
    found = find(places.look_at_places(), "places", "memory file")
    assert (found.state, found.mend.partition(": ")[2]) == ("broken", f"mv {memory} {memory}.old")


def test_a_memory_that_somebody_holds_is_an_error(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE_SECONDS", 0.05)
    with contextlib.closing(sqlite3.connect(memory, isolation_level=None)) as db:
        db.executescript("CREATE TABLE t (a); BEGIN IMMEDIATE;")
        found = find(places.look_at_locks(), "locks", "memory")
        assert (found.state, found.mend.endswith(f"fuser {memory}")) == ("broken", True)
    assert find(places.look_at_locks(), "locks", "memory").state == "ok"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is no /proc")
def test_who_holds_the_store_is_named(store: Path) -> None:
    with (store / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = find(places.look_at_locks(), "locks", "store")
    assert (found.state, found.mend.endswith(f"kill {os.getpid()}")) == ("note", True)
    assert find(places.look_at_locks(), "locks", "store").state == "ok"


def test_what_a_killed_installation_has_left_is_noted(store: Path) -> None:
    (store / ".unpacked-1a").mkdir()
    assert find(places.look_at_locks(), "locks", "store").found == "left over: .unpacked-1a"


def test_an_interrupted_run_is_noted_with_the_command_that_goes_on(tmp_path: Path) -> None:
    (tmp_path / ".tolk").mkdir()
    progress = Progress(signature="s", inputs=["my dump"], started="", incremental=True)
    (tmp_path / ".tolk/progress.json").write_bytes(msgspec.json.encode(progress))
    _, found = places.look_at_output(tmp_path)
    assert (found.state, found.found) == ("note", "a run was interrupted after 0 records")
    assert found.mend.endswith(f"tolk run 'my dump' --out {tmp_path} --incremental")


def test_what_a_run_to_an_address_has_left_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLK_STAGING", str(tmp_path))
    done, left = tmp_path / "s3-bucket-done", tmp_path / "s3-bucket left"
    for folder in (done, left):
        (folder / ".tolk").mkdir(parents=True)
        (folder / "pairs-00000.jsonl").write_bytes(bytes(3 * 2**20))
    (done / "manifest.json").touch()
    assert find(places.look_at_staging(), "staging").name == left.name  # the other only waits for its next night
    ago = time.time() - 50 * 3600
    os.utime(left / "pairs-00000.jsonl", (ago, ago))
    found = find(places.look_at_staging(), "staging", left.name)
    assert (found.state, found.value) == ("note", 3 * 2**20)
    assert found.found == f"{left}: 3 MiB, last written 50 hours ago"
    assert found.mend == f"The command that began it goes on. If nobody shall: rm -r '{left}'"
    with locked(left):
        assert "a run that is at work" in find(places.look_at_staging(), "staging").found
    shutil.rmtree(left)
    assert find(places.look_at_staging(), "staging").state == "ok"


def test_a_run_that_is_at_work_is_noted(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    _, found = places.look_at_output(tmp_path)
    os.close(descriptor)
    assert (found.state, found.found) == ("note", "a run is writing it")


def test_torn_progress_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".tolk").mkdir()
    (tmp_path / ".tolk/progress.json").write_bytes(b"{")
    _, found = places.look_at_output(tmp_path)
    assert (found.state, found.mend) == ("broken", "Start over: the same command with --fresh.")


@pytest.mark.parametrize(
    ("files", "share"),
    [
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "200000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 2),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({}, None),
    ],
)
def test_a_containers_share_of_the_processor_is_read(tmp_path: Path, files: dict[str, str], share: float) -> None:
    (tmp_path / "cpu").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="ascii")
    assert processor.read_share(tmp_path) == share


def test_fewer_cores_than_the_machine_has_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(processor, "count_cores", lambda: 3)
    found = find(processor.look_at_processor(), "processor", "cores")
    assert (found.state, found.found.endswith("of 64 for this process")) == ("note", True)
    assert "tolk run --workers" in found.mend


def test_an_examination_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "EXAMINATIONS", (("speed", "nothing:nobody"),))
    diagnosis = examine()
    assert not diagnosis.healthy
    assert find(diagnosis.findings, "speed").mend == finding.SET_UP


def test_a_place_that_cannot_be_found_is_mended_by_naming_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLK_MEMORY", "~nobody-of-that-name/memory.sqlite")
    found = find(examine().findings, "places", "PipelineError")
    assert (found.state, "Set Tolk up" in found.mend) == ("broken", False)
    assert "TOLK_MEMORY=/path" in found.mend


def test_the_page_tells_every_field_and_subject() -> None:
    page = (ROOT / "docs" / "listings.md").read_text("utf-8")
    for record in (Diagnosis, Finding):
        assert [name for name in record.__struct_fields__ if f"`{name}`" not in page] == []
    assert [subject for subject, _ in examination.EXAMINATIONS if f"`{subject}`" not in page] == []
    shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
    assert shown["found"].endswith(f"with {model_store.find_package('sv').label}")
