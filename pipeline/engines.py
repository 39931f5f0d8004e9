"""Packages to engines: each opened, and wrapped in the layers that protect, check and remember translations."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Final

import pipeline
from pipeline.detect import load_detector
from pipeline.packages.verify import check_packages
from pipeline.records import TARGET_LANG
from pipeline.translate import check, protect
from pipeline.translate.check import Checking
from pipeline.translate.engine import LENGTH_PENALTY, SHORTLIST_SHARE, Decoding, Engine, PackageEngine
from pipeline.translate.memory import Remembering, memory_file, open_memory
from pipeline.translate.overlap import Overlapping
from pipeline.translate.protect import Protecting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.packages.model_store import ModelPackage
    from pipeline.settings import Settings
    from pipeline.translate.memory import Memory


_TRIAL: Final = "A trial."
"""What is translated first opens the package and reads the tables: a text that waits for it would wait for those."""


@contextlib.contextmanager
def open_engines(packages: Mapping[str, ModelPackage], settings: Settings) -> Iterator[Mapping[str, Engine]]:
    """Give each language its engine, with the translation memory before it where there is to be one.

    Raises:
        PackageError: if a package is not what was installed; a damaged one might open all the same.
    """
    check_packages(packages.values())
    engines: Mapping[str, Engine] = make_engines(packages, settings)
    with contextlib.ExitStack() as stack:
        if settings.memory_bytes:
            memory = stack.enter_context(open_memory(memory_file(), settings.memory_bytes))
            engines = {lang: remember(each, memory, lang, packages[lang], settings) for lang, each in engines.items()}
        yield engines


def make_engines(packages: Mapping[str, ModelPackage], settings: Settings) -> dict[str, Overlapping]:
    """Make an engine of each language's package, with all layers but the memory; whoever calls has checked them."""
    return {lang: _wrap(lang, package, settings) for lang, package in packages.items()}


def _wrap(lang: str, package: ModelPackage, settings: Settings) -> Overlapping:
    opened = PackageEngine(package, settings)
    protected = Protecting(opened, opened.find_placeholders, lang)
    if settings.source_lang == lang:
        protected.translate_texts([_TRIAL], Decoding())
    checked = Checking(protected, lang, english_share)
    return Overlapping(checked, functools.partial(load_detector, "tolk"))


def remember(engine: Engine, memory: Memory, lang: str, package: ModelPackage, settings: Settings) -> Remembering:
    """Put a memory before an engine; its keys name all that decides a translation."""
    versions = (pipeline.__version__, protect.VERSION, check.VERSION, LENGTH_PENALTY)
    limits = (settings.batch_tokens, SHORTLIST_SHARE, settings.max_source_tokens)
    return Remembering(engine, memory, lang, (package.sha256, *versions, *limits, settings.device))


def english_share(text: str) -> float:
    """Give the probability that a text is English, 0 to 1, whichever detector the segments were given to."""
    return load_detector("tolk").weigh(text).get(TARGET_LANG, 0.0)
