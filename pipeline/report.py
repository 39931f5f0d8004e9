"""A run's page: what came in, what came out, side by side."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import msgspec

from pipeline.manifest import Manifest
from pipeline.write import MANIFEST, replace_file

if TYPE_CHECKING:
    from pathlib import Path


def write_report(folder: Path) -> Path:
    """Write `report.html` of a finished run beside its manifest."""
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(str(value))}</td></tr>"
        for name, value in msgspec.to_builtins(manifest.counts).items()
    )
    page = f"<!doctype html><meta charset=utf-8><title>Tolk</title><h1>Tolk</h1><table>{rows}</table>\n"
    replace_file(folder / "report.html", page.encode())
    return folder / "report.html"
