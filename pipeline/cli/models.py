"""`tolk models …`: the packages that there are, and how to get better ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.complete import complete_installed, complete_pair
from pipeline.cli.options import AsJson, non_empty
from pipeline.errors import PackageError

models = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List, install, verify and remove translation packages."
)


@models.command("list")
def list_models(*, as_json: AsJson = False) -> None:
    """List the packages, the preferred one of each pair first."""
    from pipeline.cli.console import printable
    from pipeline.cli.table import print_json, print_table
    from pipeline.packages.listing import list_entries
    from pipeline.packages.model_store import list_broken

    entries = list_entries()
    if as_json:
        for entry in entries:
            print_json(entry)
    else:
        print_table(
            ("pair", "package", "origin", "place"),
            [(e.pair, e.label, "embedded" if e.embedded else "installed", str(e.path)) for e in entries],
        )
    for broken in list_broken():
        typer.echo(printable(f"tolk: {broken.problem}"), err=True)


@models.command()
def install(
    package: Annotated[
        str,
        typer.Argument(
            parser=non_empty,
            metavar="PACKAGE",
            help="An .argosmodel file, or a pair such as sv_en from the Argos index.",
            autocompletion=complete_pair,
        ),
    ],
) -> None:
    """Install a package from a file, or from the Argos index (over the network)."""
    from pipeline.packages.install import explain_origin, install_file, install_pair
    from pipeline.packages.verify import find_doubts

    local = Path(package)
    installed = install_file(local) if local.suffix == ".argosmodel" or local.exists() else install_pair(package)
    typer.echo(f"Installed in {installed.path}: {explain_origin(installed)}", err=True)
    for doubt in find_doubts(installed):
        typer.echo(f"tolk: {doubt}", err=True)


@models.command()
def verify(*, as_json: AsJson = False) -> None:
    """Check each package: its parts, its hash, and that it opens."""
    from pipeline.cli.table import print_json, print_table
    from pipeline.packages.listing import verify_packages

    verified = list(verify_packages())
    if as_json:
        for found in verified:
            print_json(found)
    else:
        rows = [(found.label or "-", "broken" if found.problems else "sound", str(found.path)) for found in verified]
        print_table(("package", "state", "place"), rows)
    if problems := [problem for found in verified for problem in found.problems]:
        raise PackageError("\n      ".join(problems))


@models.command()
def remove(
    package: Annotated[
        str,
        typer.Argument(
            parser=non_empty,
            metavar="PACKAGE",
            help="A pair such as sv_en, or the name of a folder in the store.",
            autocompletion=complete_installed,
        ),
    ],
) -> None:
    """Remove an installed package; an embedded one takes its place, where there is one."""
    from pipeline.packages.install import remove_package

    for path in remove_package(package):
        typer.echo(f"Removed {path}", err=True)
