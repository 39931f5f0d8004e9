"""The documentation holds: commands in it exist, the reference names everything, the site builds without a network."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from conftest import ROOT

import pipeline
from pipeline.cli.app import app
from pipeline.records import Document, Pair, Reject, Segment
from pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted((ROOT / "models").rglob("README.md")), *sorted(DOCS.rglob("*.md"))]
COMMANDS = typer.main.get_command(app)
RECORDS = (Document, Segment, Pair, Reject)


def load_reference() -> Any:
    """Load what writes the reference, as MkDocs does."""
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands_in(text: str) -> Iterator[list[str]]:
    """Give the words of every `tolk` command in blocks of shell, each part of a pipe on its own."""
    for block in re.findall(r"^```(?:sh|console)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"[|>]", line.removeprefix("$ ")):
                if part.strip().startswith("tolk "):
                    yield shlex.split(part, comments=True)[1:]


def list_links(text: str) -> Iterator[tuple[str, str]]:
    """Give the file and the anchor of each link that leads to a file."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if "://" not in target:
            name, _, anchor = target.partition("#")
            yield name, anchor


def list_anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as sites make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_leads_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    for name, anchor in list_links(page.read_text("utf-8")):
        target = page.parent / name if name else page
        assert target.exists() or name.startswith(("reference/", "../reference/")), name
        assert not anchor or target.suffix != ".md" or anchor in list_anchors(target), f"{name}#{anchor}"


def options_of(command: Any) -> set[str]:
    names = {name for parameter in command.params for name in parameter.opts}
    return {name for name in names if name.startswith("--")} | {"--help"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_command_on_a_page_exists_with_its_options(page: Path) -> None:
    for words in commands_in(page.read_text("utf-8")):
        command: Any = COMMANDS
        while hasattr(command, "commands") and not words[0].startswith("-"):
            assert words[0] in command.commands, f"{page.name}: tolk {' '.join(words)}"
            command = command.commands[words.pop(0)]
            if not words:
                break
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert given <= options_of(command), f"{page.name}: {command.name} {given - options_of(command)}"


def test_commands_are_found_in_shell_blocks() -> None:
    text = "```console\n$ tolk repair a | tolk segment --out x > y\n```\n```json\ntolk no\n```\n"
    assert list(commands_in(text)) == [["repair", "a"], ["segment", "--out", "x"]]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return dict(load_reference().make_pages())


def test_the_reference_names_every_command_and_option(pages: dict[str, str]) -> None:
    page = pages["command-line"]
    missing = []
    for name, command in COMMANDS.commands.items():  # type: ignore[attr-defined]
        for sub, inner in getattr(command, "commands", {"": command}).items():
            title = f"`tolk {name} {sub}`".replace(" `", "`")
            missing += [title] * (title not in page)
            missing += [option for option in options_of(inner) if f"`{option}" not in page]
    assert missing == []


def test_the_page_on_nights_names_every_variable_and_the_options_that_have_none() -> None:
    text = (DOCS / "nightly.md").read_text("utf-8").partition("\n## Settings\n")[2].partition("\n**cron**")[0]
    parameters: list[Any] = COMMANDS.commands["run"].params  # type: ignore[attr-defined]
    variables = {parameter.envvar for parameter in parameters if parameter.envvar}
    assert set(re.findall(r"`(TOLK_[A-Z_]+)`", text)) == variables | {"TOLK_MODELS", "TOLK_MEMORY", "TOLK_STAGING"}
    without = {parameter.opts[0] for parameter in parameters if not parameter.envvar}
    assert set(re.findall(r"`(--[a-z-]+)`", text)) == without


def test_nobody_is_told_to_let_pip_bring_what_argostranslate_asks_for() -> None:
    texts = [*PAGES, *(ROOT / "pipeline").rglob("*.py")]
    assert [
        path.name for path in texts if re.search(r"pip install [^`\n]*\btolk\b|tolk\[", path.read_text("utf-8"))
    ] == []


def test_the_reference_is_the_schema_that_tolk_prints(pages: dict[str, str]) -> None:
    command = [str(Path(sys.executable).with_name("tolk")), "schema"]
    printed = subprocess.run(command, capture_output=True, check=True)
    assert printed.stdout.decode().strip() in pages["schema"]
    assert all(f'"{field}"' in pages["schema"] for field in Pair.__struct_fields__)


def test_the_reference_names_no_place_of_this_machine(pages: dict[str, str]) -> None:
    assert [name for name, page in pages.items() if str(ROOT) in page or os.environ["HOME"] in page] == []


def test_every_page_stands_in_the_navigation_once() -> None:
    named = re.findall(r"^\s+- .*: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), flags=re.MULTILINE)
    written = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if "example" not in page.parts]
    made = [f"reference/{name}.md" for name in load_reference().make_pages()]
    assert sorted(named) == sorted(written + made)


@pytest.mark.parametrize(("lang", "name"), [("sv", "Swedish"), ("id", "Indonesian")])
def test_the_readme_shows_the_scores_of_the_cards(lang: str, name: str) -> None:
    card = (ROOT / "models" / f"translate-{lang}_en" / "README.md").read_text("utf-8")
    scores = re.search(rf"^\| {lang}/ntrex_dev \| 1 \| ([\d.]+) \| ([\d.]+) ", card, re.MULTILINE)
    shown = re.search(rf"^\| \[{name}\]\(.*?\) \| ([\d.]+) \| ([\d.]+) \|$", PAGES[0].read_text("utf-8"), re.MULTILINE)
    assert scores is not None
    assert shown is not None
    assert shown.groups() == scores.groups()


def test_the_pages_on_peers_say_where_each_statement_can_be_checked() -> None:
    text = (DOCS / "comparison.md").read_text("utf-8").partition("## One by one")[2].partition("## What Tolk has")[0]
    rows = re.findall(r"^\| (?!---)(.*) \| (.*) \|$", text, flags=re.MULTILINE)
    assert len(rows) > 15
    assert all(source.strip() for _, source in rows)
    assert all("checked in" in section for section in text.split("\n### ")[1:])


# The site itself


class Addresses(HTMLParser):
    """Collect what a page would fetch by itself, and its text's ids."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        if tag in {"script", "img", "iframe", "source", "video", "audio"}:
            self.fetched.append(given.get("src") or "")
        if tag == "link" and given.get("rel") not in {"canonical", "next", "prev"}:
            self.fetched.append(given.get("href") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does, where no socket can be opened."""
    pytest.importorskip("material", reason="mkdocs-material is not installed: make docs")
    pytest.importorskip("mkdocstrings", reason="mkdocstrings is not installed: make docs")
    folder: Path = tmp_path_factory.mktemp("site")
    guard = tmp_path_factory.mktemp("guard") / "sitecustomize.py"
    guard.write_text(
        "import socket\n"
        "def refuse(*_, **__): raise OSError('no network here')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(guard.parent), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return folder


def read(page: Path) -> Addresses:
    parsed = Addresses()
    parsed.feed(page.read_text("utf-8"))
    return parsed


def test_the_site_asks_no_other_host_for_anything(site: Path) -> None:
    fetched = {address for page in site.rglob("*.html") for address in read(page).fetched}
    assert len(fetched) > 5
    assert [address for address in fetched if re.match(r"(https?:)?//", address)] == []
    assert all("url(http" not in sheet.read_text("utf-8") for sheet in site.rglob("*.css"))


def test_the_site_describes_every_setting_and_public_function(site: Path) -> None:
    settings = read(site / "reference/settings.html").ids
    assert {f"pipeline.Settings.{field}" for field in Settings.__struct_fields__} <= settings
    python = (site / "reference/python.html").read_text("utf-8")
    told = ("translate_texts", "translate_file", "Translation", "Pair", "Reject", "PipelineError")
    assert set(told) <= set(pipeline.__all__)
    assert all(f".{name}" in python for name in told)
    fields = {f"{kind.__module__}.{kind.__name__}.{name}" for kind in RECORDS for name in kind.__struct_fields__}
    assert fields <= read(site / "reference/python.html").ids


def test_the_site_carries_no_example_and_no_code(site: Path) -> None:
    assert not (site / "example").exists()
    assert not list(site.rglob("*.py"))
