"""Installing and removing packages: all of it or nothing, also when it is killed midway."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import pytest
from argos_packages import make_bpe_package, make_model, make_old, make_sentencepiece_package, zip_package

from pipeline.errors import PackageError
from pipeline.packages import install, model_store
from pipeline.packages.provenance import Catalogue, CatalogueEntry, read_record
from pipeline.packages.verify import verify_package

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with package files."""
    root = tmp_path_factory.mktemp("made")
    zip_package(make_sentencepiece_package(root / "one"), root / "sv.argosmodel", top="sv_en")
    zip_package(make_bpe_package(root / "two", version="1.9"), root / "id.argosmodel", top="translate-id_en-1_9")
    zip_package(make_old(make_sentencepiece_package(root / "old")), root / "old.argosmodel")
    return root


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "deep" / "store"
    monkeypatch.setenv("TOLK_MODELS", str(folder))
    return folder


def list_store(store: Path) -> list[str]:
    return sorted(path.name for path in store.iterdir() if path.name != install.LOCK_FILE)


@pytest.mark.parametrize("kind", ["sv", "id", "old"])
def test_a_package_of_any_kind_is_installed_and_found(store: Path, made: Path, kind: str) -> None:
    package = install.install_file(made / f"{kind}.argosmodel")
    assert package == model_store.find_package(package.from_code)
    assert package.path.parent == store
    assert verify_package(package) == []


def test_the_content_is_what_the_file_holds(store: Path, made: Path) -> None:
    package = install.install_file(made / "sv.argosmodel")
    assert package.sha256 == model_store.hash_package(made / "one")
    assert list_store(store) == [f"translate-sv_en-1.0-{package.sha256[:8]}"]


def test_the_record_says_what_was_installed(store: Path, made: Path) -> None:
    package = install.install_file(made / "sv.argosmodel")
    record = read_record(package.path)
    assert record is not None
    assert (record.origin, record.sha256, record.verified) == (str(made / "sv.argosmodel"), package.sha256, False)
    assert "the catalogue does not know it" in install.explain_origin(package)
    assert store.exists()


@pytest.mark.usefixtures("store")
def test_an_embedded_package_says_that_it_came_with_tolk() -> None:
    assert install.explain_origin(model_store.find_package("sv")).endswith("came with Tolk.")


def test_a_package_placed_by_hand_says_so(store: Path, made: Path) -> None:
    shutil.copytree(made / "one", store / "mine")
    assert "was placed by hand" in install.explain_origin(model_store.find_package("sv"))


@pytest.mark.usefixtures("store")
def test_a_file_whose_name_is_no_utf8_is_installed(store: Path, made: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"od\xffd.argosmodel")
    shutil.copy(next(made.glob("*.argosmodel")), odd)
    install.install_file(odd)
    assert list_store(store)


def test_installing_twice_changes_nothing(made: Path) -> None:
    first = install.install_file(made / "sv.argosmodel")
    before = first.path.stat().st_ino
    assert install.install_file(made / "sv.argosmodel") == first
    assert first.path.stat().st_ino == before


@pytest.mark.usefixtures("store")
def test_installing_again_mends_a_damaged_package(made: Path) -> None:
    package = install.install_file(made / "sv.argosmodel")
    os.truncate(package.path / "model" / "model.bin", 100)
    assert verify_package(install.install_file(made / "sv.argosmodel")) == []


def test_the_same_version_with_other_content_replaces_the_first(store: Path, made: Path) -> None:
    install.install_file(made / "sv.argosmodel")
    second = install.install_file(made / "old.argosmodel")
    assert list_store(store) == [second.path.name]


def test_another_version_stands_beside_the_first(store: Path, made: Path, tmp_path: Path) -> None:
    install.install_file(made / "sv.argosmodel")
    newer = make_sentencepiece_package(tmp_path / "newer", version="1.10")
    install.install_file(zip_package(newer, tmp_path / "newer.argosmodel"))
    assert len(list_store(store)) == 2
    assert model_store.find_package("sv").version == "1.10"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("metadata.json", b"{}"), "is not the metadata"),
        (("metadata.json", None), "cannot be read"),
        (("model/model.bin", b"CTranslate2?"), "CTranslate2 cannot read"),
        (("model/model.bin", None), "holds no model/model.bin"),
        (("sentencepiece.model", b""), "tokenizer"),
        (("sentencepiece.model", None), "holds no sentencepiece.model and no bpe.model"),
    ],
)
def test_an_unsound_package_leaves_the_store_as_it_was(
    store: Path, made: Path, tmp_path: Path, change: tuple[str, bytes | None], reason: str
) -> None:
    name, content = change
    shutil.copytree(made / "one", tmp_path / "bad")
    (tmp_path / "bad" / name).unlink()
    if content is not None:
        (tmp_path / "bad" / name).write_bytes(content)
    with pytest.raises(PackageError, match=rf"bad.argosmodel was not installed: .*{reason}.* Get the package anew"):
        install.install_file(zip_package(tmp_path / "bad", tmp_path / "bad.argosmodel"))
    assert list_store(store) == []


def test_a_package_of_damaged_weights_is_installed_but_does_not_pass_for_sound(
    store: Path, made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "one", tmp_path / "loud")
    vocabulary = json.loads((tmp_path / "loud" / "model" / "shared_vocabulary.json").read_bytes())
    shutil.rmtree(tmp_path / "loud" / "model")
    make_model(tmp_path / "loud" / "model", vocabulary[3:], spread=1e6)
    package = install.install_file(zip_package(tmp_path / "loud", tmp_path / "loud.argosmodel"))
    assert package.path.parent == store
    [problem] = map(str, verify_package(package))
    assert "its weights seem damaged" in problem


def test_a_hostile_file_leaves_the_store_as_it_was(store: Path, made: Path, tmp_path: Path) -> None:
    archive = zip_package(made / "one", tmp_path / "a.argosmodel", extra={"../../evil": b"evil"})
    with pytest.raises(PackageError, match="leads out of the package"):
        install.install_file(archive)
    assert list_store(store) == []


def test_a_record_in_the_file_is_not_believed(store: Path, made: Path, tmp_path: Path) -> None:
    forged = json.dumps({"origin": "heaven", "archive_sha256": "1", "sha256": "1", "verified": True})
    archive = zip_package(made / "one", tmp_path / "a.argosmodel", extra={"installed.json": forged.encode()})
    record = read_record(install.install_file(archive).path)
    assert record is not None
    assert record.origin == str(archive)
    assert store.exists()


@pytest.mark.usefixtures("store")
def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"nowhere.argosmodel is no file.*tolk models install sv_en"):
        install.install_file(tmp_path / "nowhere.argosmodel")


def test_a_store_that_cannot_be_made_is_one_sentence(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLK_MODELS", "/dev/null/store")
    with pytest.raises(PackageError, match=r"cannot be used: Not a directory\. Name a folder that can: TOLK_MODELS"):
        install.install_file(made / "sv.argosmodel")


def test_a_full_disk_is_one_sentence(store: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(PackageError, match=r"cannot be used: No space left on device"):
        install.install_file(made / "sv.argosmodel")
    assert list_store(store) == []


def test_a_second_installation_at_the_same_time_is_refused(store: Path, made: Path) -> None:
    store.mkdir(parents=True)
    with (store / install.LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PackageError, match="Another installation is at work"):
            install.install_file(made / "sv.argosmodel")


def know(monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    """Let the catalogue know the hash of the Swedish package's file."""
    entry = CatalogueEntry(name="translate-sv_en", version="1.0", licence="", origin="", archive_sha256=digest)
    monkeypatch.setattr(install, "read_catalogue", lambda _: Catalogue(schema="tolk.catalogue/1", packages=(entry,)))


def test_a_file_that_the_catalogue_knows_is_recorded_as_verified(
    store: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = read_record(install.install_file(made / "sv.argosmodel").path)
    assert record is not None
    shutil.rmtree(store)
    know(monkeypatch, record.archive_sha256)
    assert "as the catalogue has it" in install.explain_origin(install.install_file(made / "sv.argosmodel"))


def test_a_file_that_the_catalogue_knows_otherwise_is_refused(
    store: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, "0" * 64)
    with pytest.raises(
        PackageError, match=r"is not the translate-sv_en 1.0 that the catalogue knows.* version of its own"
    ):
        install.install_file(made / "sv.argosmodel")
    assert list_store(store) == []


@pytest.mark.parametrize("name", ["sv_en", "translate-sv_en"])
def test_a_pair_is_removed_and_the_embedded_one_is_back(store: Path, made: Path, name: str) -> None:
    package = install.install_file(made / "sv.argosmodel")
    assert install.remove_package(name) == [package.path]
    assert list_store(store) == []
    assert model_store.find_package("sv").embedded


def test_a_broken_folder_is_removed_by_its_name(store: Path) -> None:
    (store / "torn").mkdir(parents=True)
    install.remove_package("torn")
    assert list_store(store) == []


def test_a_broken_folder_is_named_with_the_command_that_removes_it(store: Path, made: Path) -> None:
    package = install.install_file(made / "sv.argosmodel")
    (package.path / "model" / "model.bin").unlink()
    command = f"tolk models remove {package.path.name}"
    [broken] = [found for found in model_store.list_broken() if not found.embedded]
    assert broken.problem.endswith(f"Install the package anew from its file. Or remove it: {command}")
    with pytest.raises(PackageError, match=rf"No package 'sv_en' is installed .* by its folder's name: {command}$"):
        install.remove_package("sv_en")
    assert install.remove_package(package.path.name) == [package.path]
    assert list_store(store) == []


def test_removing_a_linked_package_leaves_what_it_links_to(store: Path, made: Path) -> None:
    store.mkdir(parents=True)
    (store / "linked").symlink_to(made / "one")
    install.remove_package("sv_en")
    assert (made / "one" / "metadata.json").exists()
    assert list_store(store) == []


@pytest.mark.parametrize("name", ["sv_en", "..", ".", "", "translate-sv_en/..", ".lock"])
def test_what_is_not_installed_cannot_be_removed(store: Path, name: str) -> None:
    with pytest.raises(PackageError, match="is installed in"):
        install.remove_package(name)
    assert store.exists()


@pytest.mark.parametrize("name", ["sv", "sv-en", "../sv_en", "sv_en\n", "translate-", "SV_EN"])
def test_what_is_no_pair_is_refused(name: str) -> None:
    with pytest.raises(PackageError, match="is no language pair"):
        install.parse_pair(name)


DYING = """
    import os, pathlib, signal, sys
    from pipeline.packages import install
    left = int(sys.argv[2])
    def count(kind, real):
        def step(*arguments, **options):
            global left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)
        return step
    os.fsync = count("fsync", os.fsync)
    pathlib.Path.rename = count("rename", pathlib.Path.rename)
    install.install_file(pathlib.Path(sys.argv[1]))
"""
"""Installs a package and kills itself before a step: files 1 to 6 on the disk, the rename, the folder on the disk."""


def start_install(archive: Path, step: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(DYING), str(archive), str(step)])


@pytest.mark.parametrize(("step", "installed"), [(1, False), (4, False), (7, False), (8, True)])
def test_a_killed_installation_is_all_or_nothing(store: Path, made: Path, step: int, *, installed: bool) -> None:
    assert start_install(made / "sv.argosmodel", step).wait() == -signal.SIGKILL
    found = model_store.find_package("sv")
    assert found.embedded is not installed
    assert verify_package(found) == []
    assert model_store.list_broken() == []
    package = install.install_file(made / "sv.argosmodel")
    assert list_store(store) == [package.path.name]


@pytest.mark.slow
def test_an_installation_killed_at_any_moment_is_all_or_nothing(store: Path, made: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments, no secrets
    for _ in range(12):
        child = start_install(made / "sv.argosmodel", 0)
        time.sleep(chance.uniform(0.05, 0.7))
        child.kill()
        child.wait()
        assert model_store.list_broken() == []
        assert all(verify_package(package) == [] for package in model_store.list_packages())
        shutil.rmtree(store / model_store.find_package("sv").path.name, ignore_errors=True)
    package = install.install_file(made / "sv.argosmodel")
    assert list_store(store) == [package.path.name]
