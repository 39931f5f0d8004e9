"""A run's page: what came in and what came out, in figures and side by side; one file that asks nobody for anything."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING

from pipeline.files import explain_write_errors, replacing
from pipeline.layout import REJECTS, REPORT
from pipeline.manifest import read_manifest
from pipeline.report.figures import Figures, count_rejects
from pipeline.report.page import page_head, page_tail
from pipeline.report.sample import Sample
from pipeline.report.view import read_views

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["write_report"]


def write_report(folder: Path) -> Path:
    """Write `report.html` of a finished run beside its manifest; memory does not grow with the run.

    Raises:
        PipelineError: if the folder holds no finished run, or cannot be written.
    """
    manifest = read_manifest(folder)
    figures = Figures()
    sample = Sample(manifest.counts)
    path = folder / REPORT
    with explain_write_errors(path), replacing(path) as page, tempfile.TemporaryFile(dir=folder) as embedded:
        present = [folder / name for name in manifest.shards if (folder / name).exists()]  # old ones may be moved away
        for view in read_views(map(str, present)):
            figures.enter(view)
            embedded.write(sample.take(view))
        embedded.write(sample.rest())
        figures.close()
        rejects = count_rejects(folder / REJECTS)
        page.write(page_head(manifest, figures, rejects, sample))
        embedded.seek(0)
        shutil.copyfileobj(embedded, page)
        page.write(page_tail())
    return path
