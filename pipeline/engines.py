"""Packages to engines: each opened, and wrapped in the layers that protect, check and remember translations."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING

import pipeline
from pipeline.detect import load_detector
from pipeline.packages import model_store
from pipeline.packages.verify import find_differences
from pipeline.records import TARGET_LANG
from pipeline.translate import check, protect
from pipeline.translate.check import Checking
from pipeline.translate.engine import LENGTH_PENALTY, SHORTLIST_SHARE, Engine, PackageEngine
from pipeline.translate.memory import Remembering, memory_file, open_memory
from pipeline.translate.overlap import Overlapping
from pipeline.translate.protect import Protecting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.packages.model_store import ModelPackage
    from pipeline.settings import Settings
    from pipeline.translate.memory import Memory


def find_packages(settings: Settings) -> dict[str, ModelPackage]:
    """Find the package of each language to translate, before any input is read."""
    return {lang: model_store.find_package(lang) for lang in settings.languages if lang != TARGET_LANG}


@contextlib.contextmanager
def open_engines(packages: Mapping[str, ModelPackage], settings: Settings) -> Iterator[Mapping[str, Engine]]:
    """Give each language its engine, with the translation memory before it where there is to be one."""
    engines: Mapping[str, Engine] = make_engines(packages, settings)
    with contextlib.ExitStack() as stack:
        if settings.memory_bytes:
            memory = stack.enter_context(open_memory(memory_file(), settings.memory_bytes))
            engines = {lang: remember(each, memory, lang, packages[lang], settings) for lang, each in engines.items()}
        yield engines


def make_engines(packages: Mapping[str, ModelPackage], settings: Settings) -> dict[str, Overlapping]:
    """Make an engine of each language's package, with all layers but the memory.

    Raises:
        PackageError: if a package is not what was installed; a damaged one might open all the same.
    """
    return {lang: _wrap(lang, package, settings) for lang, package in packages.items()}


def _wrap(lang: str, package: ModelPackage, settings: Settings) -> Overlapping:
    for difference in find_differences(package):
        raise difference
    opened = PackageEngine(package, settings)
    checked = Checking(Protecting(opened, opened.find_placeholders, lang), lang, english_share)
    return Overlapping(checked, functools.partial(load_detector, "tolk"))


def remember(engine: Engine, memory: Memory, lang: str, package: ModelPackage, settings: Settings) -> Remembering:
    """Put a memory before an engine; its keys name all that decides a translation."""
    versions = (pipeline.__version__, protect.VERSION, check.VERSION, LENGTH_PENALTY)
    limits = (settings.batch_tokens, SHORTLIST_SHARE, settings.max_source_tokens)
    return Remembering(engine, memory, lang, (package.sha256, *versions, *limits, settings.device))


def english_share(text: str) -> float:
    """Give the probability that a text is English, 0 to 1, whichever detector the segments were given to."""
    return load_detector("tolk").weigh(text).get(TARGET_LANG, 0.0)
