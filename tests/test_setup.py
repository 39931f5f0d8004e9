"""The set-up stays light, locked and silent about where it was made."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

UNWANTED = ("torch", "stanza", "spacy", "onnxruntime", "minisbd")
LOCKS = tuple(f"requirements{kind}.lock" for kind in ("", "-dev", "-docs", "-consumers", "-ray"))

DETECTOR = ("README.md", "calibration.json", "lexicon.txt", "lid.ftz")
"""What of the detector's folder a run reads, and its licence; the rest trains it."""


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_heavy_or_unfree_is_locked(lock: str) -> None:
    names = re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    assert "argostranslate" in names
    assert not set(UNWANTED) & {name.lower() for name in names}


def test_every_lock_is_looked_at() -> None:
    assert {path.name for path in ROOT.glob("*.lock")} == {*LOCKS, "requirements-build.lock"}


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-build.lock"])
def test_every_locked_version_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
    assert all("--hash=sha256:" in entry for entry in entries)


def test_argostranslate_is_there_and_what_it_would_drag_in_is_not() -> None:
    assert find_spec("argostranslate")
    assert not [name for name in UNWANTED if name != "torch" and find_spec(name)]


def test_no_file_names_a_registry_or_a_machine() -> None:
    registry = re.compile(rb"pypi\.org|pythonhosted|npmjs|debian\.org/debian|/work/|/root/")
    guilty = [
        path.name
        for path in tracked_files()
        if path.suffix not in {".bin", ".model", ".npz"}
        and path.name != "test_setup.py"
        and registry.search(path.read_bytes())
    ]
    assert guilty == []


@pytest.mark.parametrize("package", ["translate-sv_en", "translate-id_en"])
def test_the_notice_names_every_source_of_the_weights_with_its_licence(package: str) -> None:
    notice = " ".join((ROOT / "NOTICE").read_text("utf-8").split())
    card = (ROOT / "models" / package / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| (\w+) \| [\d,]+ \| (.*) \|$", card.partition("## Data")[2], re.MULTILINE)
    assert len(rows) > 20
    missing = [name for name, told in rows if not re.search(rf" {name}( \(!\))? Licence: {re.escape(told)}", notice)]
    assert missing == []


def test_licence_and_notice_are_handed_on(tmp_path: Path) -> None:
    with zipfile.ZipFile(build("wheel", tmp_path / "wheel")) as wheel:
        names = {name.rpartition("/")[2] for name in wheel.namelist() if ".dist-info/licenses/" in name}
    with tarfile.open(build("sdist", tmp_path / "sdist")) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert names == {"LICENSE", "NOTICE"} <= held


def build(kind: str, folder: Path) -> Path:
    """Build what is handed on."""
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)], cwd=ROOT, check=True)
    (built,) = folder.iterdir()
    return built


def files_below(folder: Path) -> set[str]:
    """Name the files in a folder as they stand in the checkout."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in files}


def test_the_wheel_carries_the_code_and_what_it_reads_and_nothing_else(tmp_path: Path) -> None:
    names = set(zipfile.ZipFile(build("wheel", tmp_path)).namelist())
    read = {"models/catalogue.json", *(f"models/lid/{name}" for name in DETECTOR)}
    read |= files_below(ROOT / "models/translate-sv_en") | files_below(ROOT / "models/translate-id_en")
    expected = files_below(ROOT / "pipeline") | {f"pipeline/_{name}" for name in read}
    assert {name for name in names if ".dist-info/" not in name} == expected


def test_the_source_archive_holds_all_that_setting_up_running_and_testing_take(tmp_path: Path) -> None:
    tracked = {path.relative_to(ROOT).as_posix() for path in tracked_files()}
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {name for name in tracked - names if not name.startswith(".")} == set()
