"""Find out whether a package is what it was, opens, and means something."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pipeline.errors import PackageError
from pipeline.packages import model_store
from pipeline.packages.provenance import REINSTALL, clean_line, read_catalogue, read_record
from pipeline.packages.weights import open_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.packages.model_store import ModelPackage


def verify_package(package: ModelPackage) -> list[PackageError]:
    """Look for whatever is wrong with a package; nothing means that it is sound."""
    return find_faults(package) or find_doubts(package)


def find_faults(package: ModelPackage) -> list[PackageError]:
    """Look for what makes a package unusable, or other than it was."""
    try:
        model_store.read_package(package.path)
    except PackageError as error:
        return [error]
    return [*find_differences(package), *_try_tokenizer(package), *_try_model(package)]


def find_doubts(package: ModelPackage) -> list[PackageError]:
    """Look for weights that open and mean nothing: no sound model is wholly certain of all its words, or of none.

    Weights that were quantised twice do that, and nothing else shows it. It stays a guess, so an installation tells of
    it and goes on.
    """
    tokens = model_store.open_tokenizer(package).encode("A test.")
    result = open_weights(package.path).translate_batch(
        [tokens], beam_size=1, max_decoding_length=16, return_scores=True
    )
    if math.isfinite(result[0].scores[0]) and result[0].scores[0] != 0:
        return []
    found = f"The model in {package.path} opens, but its weights seem damaged"
    return [PackageError(found, mend="Get the package anew from its maker.")]


def check_packages(packages: Iterable[ModelPackage]) -> None:
    """Make sure that packages are what was installed.

    Raises:
        PackageError: for the first that is not.
    """
    for package in packages:
        for difference in find_differences(package):
            raise difference


def find_differences(package: ModelPackage) -> Iterator[PackageError]:
    """Look for content that is other than the catalogue or the installation's record knows it."""
    try:
        expected = _expected_hash(package)
        found = package.sha256
    except PackageError as error:
        yield error
        return
    except OSError as error:
        yield PackageError(error, mend=_reinstall(package))
        return
    if expected not in {"", found}:
        yield PackageError(
            f"{package.path} has changed since it was installed: the sha256 of its content is {found} and should be "
            f"{expected}",
            mend=_reinstall(package),
        )


def _reinstall(package: ModelPackage) -> str:
    return "Install Tolk anew." if package.embedded else REINSTALL


def _expected_hash(package: ModelPackage) -> str:
    """Give the hash that the catalogue or the installation's record knows; empty where nothing is known."""
    if not package.embedded:
        record = read_record(package.path)
        return record.sha256 if record else ""
    entry = read_catalogue(model_store.models_folder()).find(package.name, package.version, embedded=True)
    return entry.sha256 if entry else ""


def _try_tokenizer(package: ModelPackage) -> Iterator[PackageError]:
    try:
        model_store.open_tokenizer(package)
    except PackageError as error:
        yield error


def _try_model(package: ModelPackage) -> Iterator[PackageError]:
    try:
        open_weights(package.path).translate_batch([["a"]], beam_size=1, max_decoding_length=1)
    except Exception as error:  # noqa: BLE001 - CTranslate2 raises whatever its parser trips over
        found = f"CTranslate2 cannot read the model in {package.path}: {clean_line(error)}"
        yield PackageError(found, mend=REINSTALL)
