"""A pattern names what `glob` names, in the same order, but never the same file again through a link to its folder."""

from __future__ import annotations

import glob
import os
from pathlib import Path

import pytest
from test_read import read, texts

from pipeline.read.patterns import expand_pattern

NAMES = ("a.txt", "b/c.txt", "b/d/e.txt", "b/d/.hidden.txt", ".f/g.txt", "b/.h/i.txt", "[j]/k.txt")
PATTERNS = (
    *("*", "**", "**/", "*/", "**/*.txt", "b/**", "**/d/**/*.txt", "**/**", "**/.*", "*/*.txt", "[[]j]/*", "**/.h/*"),
    *("b/**/e.txt", "b/../**/c.txt", "**/nowhere", ".*/**", "b**/*.txt"),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Make a folder of files in folders, without a link."""
    for name in NAMES:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("Hej på dig.", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("relative", [False, True])
def test_without_links_a_pattern_matches_what_glob_matches(
    tree: Path, pattern: str, monkeypatch: pytest.MonkeyPatch, *, relative: bool
) -> None:
    monkeypatch.chdir(tree)
    given = pattern if relative else f"{tree}/{pattern}"
    found = expand_pattern(Path(given).parts, folders=given.endswith(os.sep))
    assert set(map(Path, found)) - {Path()} == set(map(Path, glob.glob(given, recursive=True))) - {Path()}  # noqa: PTH207


def test_links_that_lead_upwards_are_left_aside_by_any_depth(tmp_path: Path) -> None:
    folder = tmp_path / "cy" / "sub"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("Hej på dig.", encoding="utf-8")
    (folder / "up").symlink_to("..")
    (tmp_path / "cy" / "link").symlink_to("sub")
    for pattern in ("**", "**/*", "**/*.txt", "**/**/*.txt"):
        assert texts(read(tmp_path / "cy" / pattern)) == ["Hej på dig."], pattern


def test_a_link_that_a_pattern_names_itself_is_followed(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("Hej på dig.", encoding="utf-8")
    (tmp_path / "link").symlink_to("sub")
    assert [record.source for record in read(tmp_path / "link" / "**" / "*.txt")] == ["a.txt"]
    assert [record.source for record in read(tmp_path / "*" / "*.txt")] == ["link/a.txt", "sub/a.txt"]
