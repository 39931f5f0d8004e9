"""Listings: a coloured table at a terminal, plain columns in pipes and files, JSON lines where they are asked for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

import typer

from pipeline.addresses import plain
from pipeline.cli.console import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import msgspec

STYLES: Final[Mapping[str, str]] = {
    "ok": "green",
    "sound": "green",
    "valid": "green",
    "installed": "cyan",
    "note": "yellow",
    "broken": "bold red",
    "faulty": "bold red",
}
"""What a cell that holds such a word alone looks like; the word says the same to whoever sees no colours."""


def print_json(record: msgspec.Struct) -> None:
    """Print one JSON line."""
    import msgspec

    try:
        line = msgspec.json.encode(record, enc_hook=str)
    except UnicodeEncodeError:  # a path that is not UTF-8
        line = msgspec.json.encode(_make_printable(msgspec.to_builtins(record, enc_hook=str)))
    typer.echo(line)


def _make_printable(value: Any) -> Any:  # noqa: ANN401 - whatever a record holds
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: _make_printable(each) for key, each in value.items()}
    return list(map(_make_printable, value)) if isinstance(value, list | tuple) else value


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under headings; without the headings where no person looks, so that every line is an entry."""
    shown = [[printable(cell) for cell in row] for row in rows]
    if is_colourful():
        _print_rich(headings, shown)
        return
    for line in align(shown):
        typer.echo(line)


def is_colourful() -> bool:
    """Whether standard output is a terminal that takes colours, and nobody has asked for none (NO_COLOR)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") in {"", "dumb", "unknown"}
    return not plain and sys.stdout.isatty()


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Line up cells with two spaces between; the last column is as long as it is.

    >>> align([["sv_en", "sound"], ["id", "broken"]])
    ['sv_en  sound', 'id     broken']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _print_rich(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, STYLES.get(cell, "")) for cell in row))  # Text, for markup in a name is a name
    Console(soft_wrap=False).print(table)
