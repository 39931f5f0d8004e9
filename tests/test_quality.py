"""The gate on translation quality: floors belong to a set's content, and only rise."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


quality = importlib.import_module("benchmarks.quality")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An evaluation set of one line, and a package that is only a name."""
    (tmp_path / "eval" / "sv").mkdir(parents=True)
    (tmp_path / "eval" / "sv" / "news.tsv").write_text("Hej\tHello\n", encoding="utf-8")
    (tmp_path / "package").mkdir()
    return tmp_path


def _run(folder: Path, monkeypatch: pytest.MonkeyPatch, chrf: float, *options: str) -> int:
    def measure(packages: list[Path], evaluation: Path, beams: list[int]) -> Iterator[object]:
        yield packages[0], evaluation / "sv" / "news.tsv", beams[0], {"bleu": 1.0, "chrf": chrf}

    monkeypatch.setattr(quality, "_measure", measure)
    fixed = [
        "--eval",
        str(folder / "eval"),
        "--packages",
        str(folder / "package"),
        "--floors",
        str(folder / "floors.json"),
    ]
    return int(quality.main([*fixed, *options]))


def _read_floor(folder: Path) -> float:
    floors = json.loads((folder / "floors.json").read_text(encoding="utf-8"))
    (entry,) = floors.values()
    return float(entry["floors"]["package"]["beam 1"]["chrf"])


def test_a_score_under_its_floor_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was reached once is asked for from then on."""
    assert _run(folder, monkeypatch, 40.0, "--raise") == 0
    assert _run(folder, monkeypatch, 40.0) == 0
    assert _run(folder, monkeypatch, 39.0) == 1


def test_a_floor_sinks_only_when_told_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raising keeps the higher figure; lowering needs its own flag."""
    _run(folder, monkeypatch, 40.0, "--raise")
    assert _run(folder, monkeypatch, 39.0, "--raise") == 1
    assert _read_floor(folder) == 40.0
    assert _run(folder, monkeypatch, 39.0, "--raise", "--lower") == 0
    assert _read_floor(folder) == 39.0


def test_another_version_of_a_set_has_no_floor(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Floors are kept by the digest of the set."""
    _run(folder, monkeypatch, 40.0, "--raise")
    (folder / "eval" / "sv" / "news.tsv").write_text("Hej då\tGoodbye\n", encoding="utf-8")
    assert _run(folder, monkeypatch, 10.0) == 0
