"""Every examination in turn; one that fails becomes a finding and does not end the others."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

import pipeline
from pipeline.doctor.finding import SET_UP, Diagnosis, Finding
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

EXAMINATIONS: Final = (
    ("tolk", "installed:list_installed"),
    ("extras", "installed:list_extras"),
    ("packages", "models:look_at_packages"),
    ("packages", "models:look_at_detector"),
    ("processor", "processor:look_at_processor"),
    ("speed", "models:measure_speed"),
    ("places", "places:look_at_places"),
    ("staging", "places:look_at_staging"),
    ("network", "models:look_at_network"),
    ("locks", "places:look_at_locks"),
)
"""In the order of the report; each in a module that is imported only then, for its imports may be what is broken."""


def examine(folders: Sequence[Path] = ()) -> Diagnosis:
    """Look at the machine, and at output folders where some are named; takes a few seconds and asks nobody."""
    findings = [finding for subject, place in EXAMINATIONS for finding in _safely(subject, place)]
    for folder in folders:
        findings += _safely("output", "places:look_at_output", folder)
    healthy = all(finding.state != "broken" for finding in findings)
    return Diagnosis(tolk=pipeline.__version__, healthy=healthy, findings=tuple(findings))


def _safely(subject: str, place: str, *given: Path) -> Iterator[Finding]:
    """Give what an examination finds, and what stops it as one more finding."""
    module, _, name = place.partition(":")
    try:
        yield from getattr(importlib.import_module(f"pipeline.doctor.{module}"), name)(*given)
    except PipelineError as error:
        mend = error.mend or "The message says what to do."
        yield Finding(subject=subject, name=type(error).__name__, state="broken", found=error.found, mend=mend)
    except Exception as error:  # noqa: BLE001 - a doctor does not die of the illness
        found = " ".join(f"{error}".split()) or type(error).__name__
        yield Finding(subject=subject, name=type(error).__name__, state="broken", found=found, mend=SET_UP)
