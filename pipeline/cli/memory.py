"""`tolk memory …`: what the translation memory holds, and how to have less of it or take it elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, non_empty_path

memory = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Count, prune and export remembered pairs.")


@memory.command()
def stats(*, as_json: AsJson = False) -> None:
    """Count the pairs, by language and package."""
    from pipeline.cli.console import printable
    from pipeline.cli.table import print_json, print_table
    from pipeline.memory_care import memory_stats
    from pipeline.translate.memory import memory_file

    found = memory_stats(memory_file())
    if as_json:
        print_json(found)
        return
    typer.echo(printable(f"{found.path}: {found.pairs} pairs, {found.bytes / 2**20:.1f} MB"))
    print_table(
        ("language", "package", "pairs", "flagged", "last used"),
        [(s.lang, s.model, f"{s.pairs} pairs", f"{s.faulty} flagged", f"used {s.last_used}") for s in found.stocks],
    )


@memory.command()
def prune(*, memory_limit: Annotated[int, typer.Option(min=0, help="Megabytes to keep: what was used last.")]) -> None:
    """Forget the pairs that were not used for longest."""
    from pipeline.memory_care import prune_memory
    from pipeline.translate.memory import memory_file

    typer.echo(f"{prune_memory(memory_file(), memory_limit * 2**20)} pairs forgotten", err=True)


@memory.command()
def export(
    *, out: Annotated[Path, typer.Option(parser=non_empty_path, metavar="PATH", help="TMX file to write, or -.")]
) -> None:
    """Write all pairs as TMX 1.4b."""
    from pipeline.memory_care import export_memory
    from pipeline.translate.memory import memory_file
    from pipeline.write.guard import refuse_run_files

    refuse_run_files(out)
    place = Path("/dev/stdout") if str(out) == "-" else out
    typer.echo(f"{export_memory(memory_file(), place)} pairs written to {out}", err=True)
