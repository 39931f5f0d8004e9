"""Every tunable of a run in one frozen record, passed on explicitly."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import msgspec

from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

DetectorName = Literal["tolk", "langdetect"]
DeviceName = Literal["cpu", "cuda"]

MAX_BEAM: Final = 32
"""Beyond this, more hypotheses find nothing better."""
MAX_WORKERS: Final = 256
"""Beyond this, processes and threads find nothing to do in a window."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person can set. The manifest records it; two runs with equal settings and input give equal bytes."""

    languages: tuple[str, ...] = ("sv", "id")
    """Source languages to translate, ISO 639-1; English passes through, the rest is left untranslated."""
    source_lang: str | None = None
    """The language of every segment, where it is known: detection is skipped."""
    text_field: str = "text"
    """The field or column of a record that holds its text; a number, of a table without a header."""
    detector: DetectorName = "tolk"
    """What finds languages: Tolk's own classifier, or the langdetect library."""
    max_record_bytes: int = 64 * 2**20
    """A longer record is rejected rather than held in memory."""
    max_document_chars: int = 2**20
    """A longer document is read in parts, each a document of its own."""
    max_segment_chars: int = 800
    """A longer segment is cut at a clause mark, else at a space, else anywhere."""
    window_chars: int = 200_000
    """Text that is prepared, translated and committed together: what is batched together depends on it alone."""
    beam: int = 1
    """Hypotheses kept while decoding; 1 is greedy."""
    device: DeviceName = "cpu"
    """What decodes; a GPU rounds otherwise than a CPU, so pairs may differ in a word."""
    batch_tokens: int = 1024
    """Source tokens that are decoded together."""
    max_source_tokens: int = 128
    """Longer segments are cut before translation and joined after it."""
    shard_bytes: int = 256 * 2**20
    """A shard of pairs is closed once it takes this much of the disk, packed or not."""
    compress: bool = False
    """Whether shards are packed with zstd, a frame for each window."""
    memory_bytes: int = 2 * 2**30
    """The translation memory is pruned to this at the end of a run; 0: there is none."""
    workers: int = msgspec.field(default_factory=lambda: min(os.cpu_count() or 1, MAX_WORKERS))
    """Processes that prepare text, and threads that decode; the output does not depend on it."""

    def __post_init__(self) -> None:
        """Refuse what no run can have, before anything is opened for it; a list of languages is as good as a tuple.

        Raises:
            SettingsError: naming the field.
        """
        given: object = self.languages  # a script may ignore the type
        if isinstance(given, list):
            msgspec.structs.force_setattr(self, "languages", tuple(given))
        for field, problem in _find_problems(self):
            raise SettingsError(field, problem)


_NUMBERS: Final = tuple(field.name for field in msgspec.structs.fields(Settings) if field.type is int)
_MAXIMA: Final = {"beam": MAX_BEAM, "workers": MAX_WORKERS}
_CHOICES: Final = {"detector": get_args(DetectorName), "device": get_args(DeviceName)}
_EMPTY: Final = "is empty. Name what it stands for, or leave it out."
_NO_CODE: Final = "which is no language code such as sv or id (ISO 639)."


def _find_problems(settings: Settings) -> Iterator[tuple[str, str]]:
    """Give each field whose value no run can have, and what is wrong with it."""
    values: dict[str, Any] = msgspec.structs.asdict(settings)  # of any type, for the same reason
    for field in ("text_field", "source_lang", "languages"):
        if values[field] in ("", ()):
            yield field, _EMPTY
    if not isinstance(values["text_field"], str):
        yield "text_field", f"is a text, not {values['text_field']!r}."
    yield from _check_codes(values["source_lang"], values["languages"])
    for field, known in _CHOICES.items():
        if values[field] not in known:
            yield field, f"is {' or '.join(known)}, not {values[field]!r}."
    for field in _NUMBERS:
        if problem := _check_number(field, values[field]):
            yield field, problem


def _check_codes(source_lang: object, languages: object) -> Iterator[tuple[str, str]]:
    """Find what is no language code: a person may try a language's name, or several codes in one text."""
    if source_lang is not None and not is_language_code(source_lang):
        yield "source_lang", f"is {source_lang!r}, {_NO_CODE}"
    if not isinstance(languages, tuple):
        yield "languages", f"is a tuple of codes such as ('sv',), not {languages!r}."
        return
    for code in languages:
        if not is_language_code(code):
            yield "languages", f"holds {code!r}, {_NO_CODE}"


def is_language_code(given: object) -> bool:
    """Tell whether something may be a language's code (ISO 639)."""
    return isinstance(given, str) and re.fullmatch("[a-z]{2,3}", given) is not None


def _check_number(field: str, given: object) -> str:
    """Say within which bounds a number must be, if it is not; else nothing."""
    least, most = 0 if field == "memory_bytes" else 1, _MAXIMA.get(field)
    if type(given) is int and least <= given and (most is None or given <= most):
        return ""
    bounds = f"from {least} to {most}" if most else f"of {least} or more"
    return f"is a whole number {bounds}, not {given!r}."
