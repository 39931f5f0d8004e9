"""Finding, opening and verifying packages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from argos_packages import make_bpe_package, make_old, make_sentencepiece_package, zip_package

from pipeline.errors import PackageError
from pipeline.packages import model_store
from pipeline.packages.install import install_file
from pipeline.packages.provenance import read_catalogue
from pipeline.packages.verify import verify_package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SWEDISH: dict[str, Any] = {"package_version": "1.0", "from_code": "sv", "to_code": "en"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give a package of each kind, to be copied before it is changed."""
    root = tmp_path_factory.mktemp("made")
    return {"sv": make_sentencepiece_package(root / "one"), "id": make_bpe_package(root / "two")}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "store"
    monkeypatch.setenv("TOLK_MODELS", str(folder))
    return folder


@pytest.fixture
def place(store: Path, made: dict[str, Path]) -> Callable[..., Path]:
    """Copy a package into the store as a person would, with some of its metadata changed."""

    def copy(folder: str, kind: str = "sv", **changes: object) -> Path:
        target = store / folder
        shutil.copytree(made[kind], target)
        metadata = json.loads((target / "metadata.json").read_text(encoding="utf-8"))
        (target / "metadata.json").write_text(json.dumps(metadata | changes), encoding="utf-8")
        return target

    return copy


def run_alone(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own, for what only a fresh process can show."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_store_is_where_the_variable_says(store: Path) -> None:
    assert model_store.store_folder() == store


def test_without_the_variable_the_store_is_in_the_data_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TOLK_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert model_store.store_folder() == tmp_path / "tolk" / "packages"


def test_a_relative_data_home_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TOLK_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert model_store.store_folder() == tmp_path / ".local" / "share" / "tolk" / "packages"


def test_an_installed_tolk_has_its_packages_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pipeline" / "_models").mkdir(parents=True)
    monkeypatch.setattr(model_store, "__file__", str(tmp_path / "pipeline" / "packages" / "model_store.py"))
    assert model_store.models_folder() == tmp_path / "pipeline" / "_models"


def test_reading_does_not_make_the_store(store: Path) -> None:
    model_store.list_packages()
    assert not store.exists()


def test_a_store_that_is_a_file_is_said_so(store: Path) -> None:
    store.write_text("")
    with pytest.raises(PackageError, match=r"cannot be listed: Not a directory.*TOLK_MODELS"):
        model_store.list_packages()


@pytest.mark.parametrize("code", ["sv", "id"])
@pytest.mark.usefixtures("store")
def test_both_languages_are_embedded(code: str) -> None:
    assert model_store.find_package(code).embedded


def test_an_installed_package_wins_over_the_embedded_one(place: Callable[..., Path]) -> None:
    folder = place("any", package_version="0.0.1")
    assert model_store.find_package("sv").path == folder


def test_the_highest_installed_version_wins_as_a_version_and_not_as_text(place: Callable[..., Path]) -> None:
    for version in ("1.9", "1.10", "1.2"):
        place(f"v{version}", package_version=version)
    assert model_store.find_package("sv").version == "1.10"


def test_only_the_metadata_tells_the_pair(place: Callable[..., Path]) -> None:
    folder = place("translate-da_en-1_9", kind="id")
    assert model_store.find_package("id").path == folder
    with pytest.raises(PackageError):
        model_store.find_package("da")


def test_a_missing_pair_names_the_command_that_installs_it(store: Path) -> None:
    with pytest.raises(PackageError, match=r"'da' into 'en'.*tolk models install da_en$") as caught:
        model_store.find_package("da")
    assert str(store) in str(caught.value)


def test_the_label_is_name_version_and_short_hash(place: Callable[..., Path]) -> None:
    place("any", package_version="1.5")
    package = model_store.find_package("sv")
    assert package.label == f"translate-sv_en 1.5 {package.sha256[:8]}"


def test_installed_packages_are_listed_before_embedded_ones(place: Callable[..., Path]) -> None:
    place("z", kind="id")
    place("a")
    assert [package.embedded for package in model_store.list_packages()] == [False, False, True, True]


@pytest.mark.parametrize(
    ("metadata", "problem"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is not the metadata of an Argos package"),
        ('"text"', "is not the metadata"),
        ("[" * 100_000, "is not the metadata"),
        ({**SWEDISH, "from_code": "../sv"}, "is not the metadata"),
        ({**SWEDISH, "from_code": "sv\n"}, "is not the metadata"),
        ({**SWEDISH, "from_code": None}, "is not the metadata"),
        ({**SWEDISH, "package_version": "../../1"}, "is not the metadata"),
        ({**SWEDISH, "package_version": "newest"}, "Invalid version"),
        ({**SWEDISH, "from_name": "\x1b[2J"}, "control characters"),
        ({**SWEDISH, "type": "sbd"}, "of type 'sbd'"),
    ],
)
def test_a_folder_with_bad_metadata_is_listed_as_broken(
    place: Callable[..., Path], metadata: dict[str, Any] | str | None, problem: str
) -> None:
    path = place("any") / "metadata.json"
    path.unlink()
    if metadata is not None:
        path.write_text(metadata if isinstance(metadata, str) else json.dumps(metadata), encoding="utf-8")
    [broken] = model_store.list_broken()
    assert problem in broken.problem
    with pytest.warns(model_store.PackageWarning, match="passed over, and another is used"):
        assert model_store.find_package("sv").embedded


def test_a_broken_package_is_told_once_with_its_path_and_problem(place: Callable[..., Path]) -> None:
    folder = place("any")
    (folder / "model/model.bin").unlink()
    with pytest.warns(model_store.PackageWarning) as said:
        found = [model_store.find_package(code).embedded for code in ("sv", "id")]
    assert found == [True, True]
    [message] = [str(warning.message) for warning in said]
    assert str(folder) in message
    assert "holds no model/model.bin" in message


@pytest.mark.parametrize("missing", ["model/model.bin", "sentencepiece.model"])
def test_a_folder_without_model_or_tokenizer_is_listed_as_broken(place: Callable[..., Path], missing: str) -> None:
    (place("any") / missing).unlink()
    [broken] = model_store.list_broken()
    assert missing in broken.problem


def test_a_missing_pair_says_which_folders_are_broken(place: Callable[..., Path]) -> None:
    (place("danish", from_code="da") / "bpe.model").touch()
    (place("torn") / "metadata.json").unlink()
    (place("swedish", from_code="nb") / "model" / "model.bin").unlink()
    with pytest.raises(PackageError, match="torn cannot be used"):
        model_store.find_package("nb")


@pytest.mark.parametrize("kind", ["sv", "id"])
def test_packages_of_both_kinds_are_sound(place: Callable[..., Path], kind: str) -> None:
    assert verify_package(model_store.read_package(place("any", kind))) == []


@pytest.mark.parametrize("kind", ["sv", "id"])
def test_tokenizers_of_both_kinds_cut_and_join(place: Callable[..., Path], kind: str) -> None:
    tokenizer = model_store.open_tokenizer(model_store.read_package(place("any", kind)))
    assert tokenizer.decode(tokenizer.encode("Katten sover")) == "Katten sover"


@pytest.mark.parametrize("code", ["sv", "id"])
@pytest.mark.usefixtures("store")
def test_embedded_packages_are_sound(code: str) -> None:
    assert verify_package(model_store.find_package(code)) == []


@pytest.mark.usefixtures("store")
def test_the_catalogue_knows_every_embedded_package_and_no_other() -> None:
    known = {(e.name, e.version, e.sha256) for e in read_catalogue(model_store.models_folder()).packages if e.embedded}
    assert known == {(package.name, package.version, package.sha256) for package in model_store.list_packages()}


def test_an_old_package_without_config_is_sound(place: Callable[..., Path]) -> None:
    folder = make_old(place("any"))
    assert verify_package(model_store.read_package(folder)) == []


def test_the_hash_tells_weights_apart(place: Callable[..., Path]) -> None:
    one, other = place("one"), place("other")
    with (other / "model" / "model.bin").open("ab") as file:
        file.write(b"x")
    assert model_store.hash_package(one) != model_store.hash_package(other)


def test_the_hash_does_not_depend_on_the_folder_or_the_readme(place: Callable[..., Path]) -> None:
    one, other = place("one"), place("other")
    (other / "README.md").write_text("Other words.", encoding="utf-8")
    (other / "stanza").mkdir()
    assert model_store.hash_package(one) == model_store.hash_package(other)


@pytest.mark.parametrize("size", [0, 5, 100, 40_000])
def test_a_torn_model_is_found(place: Callable[..., Path], size: int) -> None:
    folder = place("any")
    os.truncate(folder / "model" / "model.bin", size)
    [problem] = map(str, verify_package(model_store.read_package(folder)))
    assert problem.startswith("CTranslate2 cannot read the model")


def test_a_missing_vocabulary_is_found(place: Callable[..., Path]) -> None:
    folder = place("any")
    (folder / "model" / "shared_vocabulary.json").unlink()
    [problem] = map(str, verify_package(model_store.read_package(folder)))
    assert "vocabulary" in problem


@pytest.mark.parametrize(("kind", "name"), [("sv", "sentencepiece.model"), ("id", "bpe.model")])
def test_a_broken_tokenizer_is_found(place: Callable[..., Path], kind: str, name: str) -> None:
    folder = place("any", kind)
    (folder / name).write_bytes(b"#version: 0.2\nthis is no model\n")
    [problem] = map(str, verify_package(model_store.read_package(folder)))
    assert problem.startswith("The tokenizer in")


def test_a_changed_byte_of_an_installed_package_is_found(made: dict[str, Path], store: Path, tmp_path: Path) -> None:
    package = install_file(zip_package(made["sv"], tmp_path / "a.argosmodel"))
    assert store in package.path.parents
    with (package.path / "model" / "model.bin").open("r+b") as file:
        file.seek(-100, os.SEEK_END)
        file.write(bytes([file.read(1)[0] ^ 1]))
    assert any("has changed since it was installed" in problem for problem in map(str, verify_package(package)))


def test_an_embedded_package_that_the_catalogue_knows_otherwise_is_found(
    made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made["sv"], tmp_path / "models" / "translate-sv_en")
    entry = {"name": "translate-sv_en", "version": "1.0", "embedded": True, "licence": "", "origin": "", "sha256": "0"}
    catalogue = {"schema": "tolk.catalogue/1", "packages": [entry]}
    (tmp_path / "models" / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    monkeypatch.setattr(model_store, "models_folder", lambda: tmp_path / "models")
    [problem] = map(str, verify_package(model_store.find_package("sv")))
    assert problem.endswith("Install Tolk anew.")


@pytest.mark.parametrize("content", ["{", "{}", '{"schema": "tolk.catalogue/2", "packages": []}'])
def test_a_catalogue_that_is_none_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "catalogue.json").write_text(content, encoding="utf-8")
    with pytest.raises(PackageError, match=r"The catalogue .* cannot be read: .* Install Tolk anew\."):
        read_catalogue(tmp_path)


def test_an_unreadable_record_is_a_problem(place: Callable[..., Path]) -> None:
    folder = place("any")
    (folder / "installed.json").write_text("{")
    [problem] = map(str, verify_package(model_store.read_package(folder)))
    assert "record" in problem


def test_a_package_that_went_away_is_one_problem(place: Callable[..., Path]) -> None:
    package = model_store.read_package(place("any"))
    shutil.rmtree(package.path)
    assert len(verify_package(package)) == 1


def test_listing_imports_neither_argos_nor_ctranslate2() -> None:
    code = """
        import sys
        from pipeline.packages import model_store
        model_store.find_package("sv").label
        sys.exit(bool({"argostranslate", "ctranslate2", "urllib.request"} & sys.modules.keys()))
    """
    assert run_alone(code).returncode == 0


def test_opening_a_tokenizer_imports_no_downloader() -> None:
    code = """
        import sys
        from pipeline.packages import model_store
        model_store.open_tokenizer(model_store.find_package("sv"))
        sys.exit(bool({"argostranslate.package", "urllib.request"} & sys.modules.keys()))
    """
    assert run_alone(code).returncode == 0


@pytest.mark.parametrize("home", ["/dev/null/nowhere", "/nonexistent"])
def test_a_home_that_cannot_be_written_is_no_hindrance(home: str) -> None:
    code = """
        import os
        from pipeline.packages import model_store
        before = dict(os.environ)
        model_store.open_tokenizer(model_store.find_package("sv"))
        assert before == dict(os.environ)
    """
    result = run_alone(code, HOME=home, XDG_DATA_HOME=f"{home}/data", XDG_CONFIG_HOME="", SNAP="1")
    assert result.returncode == 0, result.stderr


def test_tokenizers_opened_by_several_threads_leave_standard_error_as_it_was() -> None:
    package, before = model_store.find_package("sv"), sys.stderr
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(model_store.open_tokenizer, [package] * 16))
    assert sys.stderr is before


def test_opening_a_tokenizer_leaves_the_home_empty(tmp_path: Path) -> None:
    code = """
        from pipeline.packages import model_store
        model_store.open_tokenizer(model_store.find_package("id"))
    """
    folders = {name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    settings = {"ARGOS_DEBUG": "1", "ARGOS_INTER_THREADS": "many", "ARGOS_PACKAGES_DIR": str(tmp_path / "argos")}
    result = run_alone(code, **folders, **settings)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_no_socket_is_opened(store: Path, made: dict[str, Path], tmp_path: Path) -> None:
    archive = zip_package(made["id"], tmp_path / "a.argosmodel")
    code = f"""
        import sys
        from pathlib import Path
        def forbid(event, arguments):
            assert not event.startswith("socket."), event
        sys.addaudithook(forbid)
        from pipeline.packages import install
        from pipeline.packages import model_store
        from pipeline.packages.verify import verify_package
        install.install_file(Path({str(archive)!r}))
        for package in model_store.list_packages():
            assert verify_package(package) == []
    """
    result = run_alone(code, TOLK_MODELS=str(store))
    assert result.returncode == 0, result.stderr
