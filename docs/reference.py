# ruff: noqa: INP001 - MkDocs loads this file by its path
"""The pages that are made from the code whenever the site is built, so that they cannot lag behind it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

SETTINGS: Final = """\
# Settings

One frozen record holds every tunable of a run; the manifest writes it down. From Python:
`Settings(languages=("sv",), beam=4)`. The command line has options for those that users set, with the environment
variables that stand for them ([command line](command-line.md#tolk-run)). All but `workers` and `memory_bytes` are part
of a run's signature: they decide bytes.

::: pipeline.Settings
"""
PYTHON: Final = """\
# Python

What `from pipeline import …` gives; [how to use it](../library.md) has examples.

::: pipeline.translate_texts

::: pipeline.translate_file

::: pipeline.api.Translation

## Records

Fields without a text of their own mean what their names say; [what a run writes](../output-format.md) has a table of
each record.

::: pipeline.records.Document
    options:
      show_if_no_docstring: true
      heading_level: 3

::: pipeline.records.Segment
    options:
      show_if_no_docstring: true
      heading_level: 3

::: pipeline.records.Pair
    options:
      show_if_no_docstring: true
      heading_level: 3

::: pipeline.records.Reject
    options:
      show_if_no_docstring: true
      heading_level: 3

## Runs

::: pipeline.run.run
    options:
      heading_level: 3

::: pipeline.errors
    options:
      show_root_heading: false
      heading_level: 2
"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages; MkDocs calls this."""
    from mkdocs.structure.files import File

    for name, content in make_pages().items():
        files.append(File.generated(config, f"reference/{name}.md", content=content))
    return files


def make_pages() -> dict[str, str]:
    """Write each page of the reference, by name."""
    return {"command-line": make_command_line(), "settings": SETTINGS, "schema": make_schema(), "python": PYTHON}


def make_command_line() -> str:
    """Let Typer describe every command and option."""
    command = [sys.executable, "-m", "typer", "pipeline.cli.app", "utils", "docs", "--name", "tolk"]
    done = subprocess.run([*command, "--title", "Command line"], capture_output=True, check=True, text=True)  # noqa: S603
    return done.stdout


def make_schema() -> str:
    """Show what `tolk schema` prints."""
    from pipeline.validate import pair_schema

    schema = json.dumps(pair_schema(), indent=2)
    return (
        "# Schema of a pair\n\nWhat `tolk schema` prints: JSON Schema, draft 2020-12, made from the record itself. "
        f"[What a run writes](../output-format.md#a-pair) says what the fields mean.\n\n```json\n{schema}\n```\n"
    )
