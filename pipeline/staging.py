"""Runs whose output goes to an address: done in a folder of this machine, and published from there."""

from __future__ import annotations

import functools
import hashlib
import os
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.addresses import is_remote, redact
from pipeline.collisions import check_inputs
from pipeline.errors import InputError, OutputError
from pipeline.executor import open_local
from pipeline.homes import CACHE, find_place
from pipeline.run import run
from pipeline.translate.memory import memory_file
from pipeline.write.publish import Publisher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.executor import OpenExecutor
    from pipeline.manifest import Counts, Manifest
    from pipeline.settings import Settings


def run_to(
    inputs: Sequence[str],
    out: str | Path,
    settings: Settings,
    *,
    fresh: bool = False,
    incremental: bool = False,
    watch: Callable[[Counts], None] = lambda _: None,
    open_executor: OpenExecutor = open_local,
) -> Manifest:
    """Do what `run` does, into a folder or to an address.

    Raises:
        PipelineError: with one sentence that says what happened, where, and what to do.
    """
    folder = find_folder(out)
    work = functools.partial(
        run, inputs, folder, settings, fresh=fresh, incremental=incremental, watch=watch, open_executor=open_executor
    )
    if not is_remote(str(out)):
        return work()
    check_inputs(inputs, folder)
    _check_address(inputs, str(out))
    publisher = Publisher(str(out), folder)

    def watch_on(counts: Counts) -> None:
        publisher.renew()
        watch(counts)

    with publisher.claimed(follow=incremental and not fresh, force=fresh):
        manifest = work(watch=watch_on, alive=publisher.renew, deliver=publisher.publish)
    if not incremental:
        publisher.clear()
    return manifest


def find_folder(out: str | Path) -> Path:
    """Name the folder of this machine that a run works in: its output, or what is published at an address.

    Those stand in `$TOLK_STAGING`, else in `staging` beside the translation memory.
    """
    if not is_remote(str(out)):
        return Path(out)
    address = str(out).rstrip("/")
    readable = re.sub(r"[^A-Za-z0-9._]+", "-", redact(address))[:80]
    return staging_folder() / f"{readable}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"


def staging_folder() -> Path:
    """Name the folder in which those stand."""
    if os.environ.get("TOLK_STAGING"):
        return find_place(CACHE, "staging", "TOLK_STAGING")
    return memory_file().parent / "staging"


def _check_address(inputs: Sequence[str], address: str) -> None:
    """Refuse an address that cannot be an output, or that the next run would read.

    Raises:
        PipelineError: with one sentence.
    """
    if "::" in address:
        message = f"{redact(address)} is one address behind another. As --out, name a folder by its own address."
        raise OutputError(message)
    inside = f"{address.rstrip('/')}/"
    for given in inputs:
        if inside.startswith(f"{given.rstrip('/')}/") or fnmatchcase(inside.rstrip("/"), given):
            message = f"The output {redact(address)} lies in the input {redact(given)}. Choose another --out."
            raise InputError(message)
