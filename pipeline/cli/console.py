"""What a person sees while a run goes on and when it is done; never on standard output."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final, NoReturn, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from tqdm import tqdm

    from pipeline.manifest import Counts, Manifest


SHOWN_EXTENSIONS: Final = 10
_ACTING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Make characters visible that act on a terminal, turn its writing round or are none: messages quote names.

    >>> printable("a\x1b[2J\u202eb")
    'a␛[2J�b'
    >>> printable("b\udce5d")
    'b�d'
    """
    return _ACTING.sub(lambda found: chr(0x2400 + ord(found[0])) if found[0] < " " else "\ufffd", text)


def count(number: int, noun: str) -> str:
    """Write a number of things.

    >>> count(1, "file"), count(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {noun}{'s' * (number != 1)}"


class Progress:
    """A bar of documents, where standard error is a terminal."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> Self:
        if self._shown:
            from tqdm import tqdm

            self._bar = tqdm(unit="doc", desc="tolk", file=sys.stderr, dynamic_ncols=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, counts: Counts) -> None:
        """Move the bar to the counts so far."""
        if self._bar is not None:
            self._bar.set_postfix(pairs=counts.pairs, translated=counts.translated, rejects=counts.rejects)
            self._bar.update(counts.records - self._bar.n)


def format_left_aside(counts: Mapping[str, int]) -> str:
    """Say how many files of which extensions are not read; nothing where all are.

    >>> format_left_aside({".pdf": 2, ".json": 3})
    'left aside, for Tolk does not read them: 3 .json, 2 .pdf'
    """
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    told = [f"{count} {extension}" for extension, count in ordered[:SHOWN_EXTENSIONS]]
    if others := sum(count for _, count in ordered[SHOWN_EXTENSIONS:]):
        told.append(f"{others} others")
    return f"left aside, for Tolk does not read them: {', '.join(told)}" if told else ""


def summary(manifest: Manifest, out: str | Path) -> str:
    """Draw up a run in a few lines."""
    counts = manifest.counts
    used = [package for package in manifest.packages if package.from_lang in counts.languages]
    rejected = f"{count(counts.rejects, 'record')} rejected: see {out}/rejects.jsonl"
    rows = [
        ("documents", counts.documents, rejected if counts.rejects else ""),
        ("pairs", counts.pairs, ", ".join(f"{lang} {n}" for lang, n in counts.languages.items())),
        ("translated", counts.translated, ", ".join(f"{p.name} {p.version}" for p in used)),
        ("English already", counts.english, ""),
        ("left as it was", counts.untranslated, ""),
        ("flagged", counts.flagged, ", ".join(f"{flag} {n}" for flag, n in counts.flags.items())),
    ]
    lines = [f"  {name:<16}{number:>10}  {note}".rstrip() for name, number, note in rows]
    spent = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in manifest.seconds.items())
    return "\n".join([*lines, f"  {out}/{manifest.shards[0]}  ({spent})"])
