"""`tolk doctor`: what this machine lacks, and the line that mends it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, non_empty_path
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.doctor import Diagnosis


def doctor(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(parser=non_empty_path, metavar="FOLDERS", help="Output folders to look at too."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what this machine lacks, how fast it is, how to mend it.

    It looks at what is installed, the packages, the processor, the speed, places and locks.
    """
    from pipeline.cli.console import count
    from pipeline.cli.table import print_json, print_table
    from pipeline.doctor import examine

    diagnosis = examine(folders or ())
    if as_json:
        print_json(diagnosis)
    else:
        print_table(("state", "subject", "name", "found"), _rows(diagnosis))
    if not diagnosis.healthy:
        broken = sum(finding.state == "broken" for finding in diagnosis.findings)
        message = f"{count(broken, 'thing')} to mend; each is named above with what to do."
        raise PipelineError(message)


def _rows(diagnosis: Diagnosis) -> Iterator[tuple[str, str, str, str]]:
    """Give each finding, and what mends it in a row of its own."""
    for finding in diagnosis.findings:
        yield finding.state, finding.subject, finding.name, finding.found
        if finding.mend:
            yield "", "", "mend:", finding.mend
