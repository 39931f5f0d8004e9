"""What outlives a run has its place, or one sentence says how to give it one."""

from __future__ import annotations

import pwd
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.cluster.transfer import node_store
from pipeline.errors import PipelineError
from pipeline.packages.model_store import store_folder
from pipeline.staging import staging_folder
from pipeline.translate.memory import memory_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLACES = {
    "TOLK_MODELS": store_folder,
    "TOLK_MEMORY": memory_file,
    "TOLK_STAGING": staging_folder,
    "XDG_CACHE_HOME": node_store,
}


@pytest.mark.parametrize(("variable", "find"), PLACES.items(), ids=PLACES)
def test_a_user_without_a_home_is_told_which_variable_names_another_place(
    monkeypatch: pytest.MonkeyPatch, variable: str, find: Callable[[], Path]
) -> None:
    def unknown(_: int) -> Any:
        raise KeyError

    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", *PLACES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)  # as in a container that runs under any number
    expected = "TOLK_MEMORY" if variable == "TOLK_STAGING" else variable
    with pytest.raises(PipelineError, match=f"^No home folder .* Name another place for it: {expected}=/path tolk …$"):
        find()


@pytest.mark.parametrize(("variable", "find"), list(PLACES.items())[:3], ids=list(PLACES)[:3])
def test_a_place_in_the_home_of_nobody_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: str, find: Callable[[], Path]
) -> None:
    monkeypatch.setenv(variable, "~nobody-of-that-name/here")
    with pytest.raises(PipelineError, match=f"Name another place for it: {variable}="):
        find()


def test_a_relative_cache_folder_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert node_store() == tmp_path / ".cache" / "tolk" / "packages"
