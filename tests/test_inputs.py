"""Inputs that cannot be looked at are named or rejected, and what a run wrote is not taken for input."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import victim
from test_read import read, rejected, texts

from pipeline.errors import InputError
from pipeline.read import read_documents
from pipeline.run import run
from pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Tolk

SETPRIV = shutil.which("setpriv")
NOBODY = ["--reuid=65534", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
READ = """
import sys
from pipeline.errors import InputError
from pipeline.read import read_documents
from pipeline.records import Reject
from pipeline.settings import Settings
try:
    for record in read_documents(sys.argv[1:], Settings()):
        print(f"rejected {record.source}: {record.reason}" if isinstance(record, Reject) else record.source)
except InputError as error:
    print("InputError:", error)
"""


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """Make a dump with a page, a locked folder, and one that may be listed but not entered."""
    tmp_path.chmod(0o755)
    dump = tmp_path / "dump"
    for name in ("a", "b", "c"):
        (dump / name).mkdir(parents=True)
        (dump / name / f"{name}.txt").write_text(f"Page {name}.", encoding="utf-8")
    (dump / "b").chmod(0)
    (dump / "c").chmod(0o444)
    yield dump
    for name in ("b", "c"):
        (dump / name).chmod(0o755)


def read_as_nobody(*inputs: object) -> str:
    """Read inputs as a user whom locks hold back."""
    if SETPRIV is None:
        pytest.skip("setpriv is not installed")
    if subprocess.run([SETPRIV, *NOBODY, sys.executable, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip("setpriv may not give up what this user may do, or nobody may run this Python")
    reach = [str(given).rstrip("/") for given in inputs]
    command = [SETPRIV, *NOBODY, sys.executable, "-c", READ, *reach]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if "Permission denied" in done.stderr and "Traceback" not in done.stderr:
        pytest.skip("the tests lie where only their owner may go")
    assert done.returncode == 0, done.stderr
    return done.stdout


def open_the_way(folder: Path) -> None:
    """Let everyone pass through the temporary folders above."""
    for above in folder.parents:
        if above.owner() == Path.home().owner() and str(above).startswith("/tmp/"):  # noqa: S108 - where pytest works
            above.chmod(0o755)


@pytest.mark.parametrize("pattern", ["", "*", "**", "*/*.txt", "**/*.txt"])
def test_a_locked_folder_on_the_way_is_a_reject_and_the_rest_is_read(locked: Path, pattern: str) -> None:
    open_the_way(locked)
    said = read_as_nobody(locked / pattern)
    assert said.startswith("a/a.txt\nrejected b: "), said
    assert "Permission denied" in said
    assert said.count("rejected b") == 1


def test_a_named_input_that_is_locked_is_named(locked: Path) -> None:
    open_the_way(locked)
    for given in ("b", "b/b.txt", "b/*.txt", "c/c.txt"):
        said = read_as_nobody(locked / given)
        assert said.startswith("InputError: Cannot look at "), said
        assert "Permission denied" in said


def test_a_folder_that_breaks_off_while_it_is_listed_is_a_reject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.txt").write_text("A page.", encoding="utf-8")
    scandir = os.scandir

    def broken(path: Any = ".") -> Any:
        if Path(path).name == "a":
            raise OSError(5, "Input/output error", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", broken)
    records = read(tmp_path)
    assert [reject.source for reject in rejected(records)] == ["a"]
    assert texts(records) == ["A page."]
    with pytest.raises(InputError, match="Input/output error"):
        read(tmp_path / "a")


@pytest.mark.parametrize("pattern", ["", "*.txt"])
def test_files_of_a_folder_that_vanishes_while_it_is_read_are_rejects(tmp_path: Path, pattern: str) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    for name in ("a", "b", "c"):
        (dump / f"{name}.txt").write_text("A page.", encoding="utf-8")
    records = read_documents([str(dump / pattern)], Settings())
    next(records)
    shutil.rmtree(dump)
    assert [reject.source for reject in rejected(list(records))] == ["b.txt", "c.txt"]


def test_names_that_no_system_call_takes_are_named(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for given in (tmp_path / ("n" * 300), tmp_path / "loop", tmp_path / "loop" / "a.txt", f"{tmp_path}/a\0b"):
        with pytest.raises(InputError, match="Cannot look at"):
            read(given)
        with pytest.raises(InputError, match="Cannot look at"):
            run([str(given)], tmp_path / "out", Settings())


def test_a_link_that_leads_to_itself_is_a_reject_among_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("a.txt")
    (tmp_path / "b.txt").write_text("A page.", encoding="utf-8")
    for given in (tmp_path, tmp_path / "*.txt"):
        records = read(given)
        assert ([reject.source for reject in rejected(records)], texts(records)) == (["a.txt"], ["A page."])


def test_a_link_that_leads_nowhere_is_a_reject_among_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("nowhere.txt")
    (tmp_path / "b.txt").write_text("A page.", encoding="utf-8")
    (tmp_path / "c.png").symlink_to("nowhere.png")
    for given in (tmp_path, tmp_path / "*.txt", tmp_path / "**"):
        records = read(given)
        assert ([reject.source for reject in rejected(records)], texts(records)) == (["a.txt"], ["A page."])
        assert "No such file" in rejected(records)[0].reason


def test_an_empty_input_is_named() -> None:
    with pytest.raises(InputError, match="empty"):
        read("")


@pytest.fixture
def finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder that holds a page and a finished run beside it."""
    victim.use_batch_engine(monkeypatch.setattr)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.txt").write_text("En sida.", encoding="utf-8")
    run([str(tmp_path / "in" / "*.txt")], tmp_path / "in" / "out", Settings(workers=1))
    return tmp_path / "in"


def test_a_finished_run_is_never_read_as_input(finished: Path) -> None:
    shutil.rmtree(finished / "out" / ".tolk", ignore_errors=True)
    for given in (finished, finished / "*", finished / "**", finished / "**" / "*.jsonl"):
        if given.name == "*.jsonl":
            with pytest.raises(InputError, match="holds no document"):
                read(given)
        else:
            assert texts(read(given)) == ["En sida."], given


def test_what_a_run_wrote_is_read_where_it_is_named(finished: Path) -> None:
    assert read(finished / "out" / "pairs-00000.jsonl")


def test_pages_beside_what_a_run_wrote_are_read(finished: Path) -> None:
    (finished / "out" / "new.txt").write_text("En ny sida.", encoding="utf-8")
    for given in (finished / "out", finished / "out" / "*"):
        assert texts(read(given)) == ["En ny sida."]


def test_another_programs_manifest_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "manifest.json").write_text('{"schema": "crawl/1"}', encoding="utf-8")
    (tmp_path / "dump" / "pairs-1.jsonl").write_text('{"text": "A page."}\n', encoding="utf-8")
    assert texts(read(tmp_path)) == ["A page."]


def test_folders_in_each_other_are_walked_however_deep_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    deep = Path(*["d"] * 1_200)
    for depth in range(1, 1_201):
        Path(*["d"] * depth).mkdir()
    (deep / "a.txt").write_text("Hej.", encoding="utf-8")
    try:
        assert [record.source.count("/") for record in read("d")] == [1_199]
    finally:
        (deep / "a.txt").unlink()
        for folder in (deep, *deep.parents[:-1]):
            folder.rmdir()


def make_tar() -> bytes:
    """Make a tar archive of one page."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        entry = tarfile.TarInfo("sida.txt")
        entry.size = 8
        tar.addfile(entry, io.BytesIO(b"En sida."))
    return file.getvalue()


ARCHIVES = {
    "a ZIP": b"PK\x03\x04" + b"\0" * 100,
    "a tar": make_tar(),
    "a packed tar": gzip.compress(make_tar()),
    "packed twice": gzip.compress(gzip.compress(b"En sida.")),
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 100,
    "lz4": b"\x04\x22\x4d\x18" + b"\0" * 100,
    "a PDF": b"%PDF-1.7\n%\xe2\xe3",
}


@pytest.mark.parametrize("data", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_is_refused_with_what_to_do_and_no_advice_to_send_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    (tmp_path / "dump.bin").write_bytes(data)
    with pytest.raises(InputError, match="Unpack it first") as caught:
        read(tmp_path / "dump.bin")
    assert "`-`" not in str(caught.value)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    with pytest.raises(InputError, match=r"Standard input is .* Unpack it first"):
        read("-")


def test_standard_input_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hej.", encoding="utf-8")
    with pytest.raises(InputError, match="only once"):
        read_documents(["-", str(tmp_path), "-"], Settings())


def test_a_run_says_at_its_start_what_it_leaves_aside_in_a_folder(tolk: Tolk, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    (dump / "deep").mkdir(parents=True)
    for name in ("a.txt", "b.json", "c.PDF", "deep/d.pdf", "deep/e.json.gz", "README", ".hidden.doc"):
        (dump / name).write_text("", encoding="utf-8")
    shown = tolk("run", dump, "--out", tmp_path / "out", "--no-progress").stderr.decode()
    told = "tolk: left aside, for Tolk does not read them: 2 .pdf, 1 .json, 1 .json.gz, 1 without extension\n"
    assert shown.startswith(told)
    assert shown.count("left aside") == 1
    shown = tolk("run", dump / "a.txt", "--out", tmp_path / "out", "--no-progress").stderr.decode()
    assert "left aside" not in shown
