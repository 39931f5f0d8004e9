"""`tolk models …`: the packages that there are, and how to get better ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson
from pipeline.errors import PackageError

models = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List, install, verify and remove translation packages."
)


@models.command("list")
def list_models(*, as_json: AsJson = False) -> None:
    """List the packages, the preferred one of each pair first."""
    import msgspec

    from pipeline.manifest import package_entries
    from pipeline.packages.model_store import list_broken, list_packages

    packages = list_packages()
    for package, entry in zip(packages, package_entries(packages), strict=True):
        if as_json:
            typer.echo(msgspec.json.encode(entry))
            continue
        origin = "embedded" if package.embedded else "installed"
        typer.echo(f"{package.from_code}_{package.to_code}  {package.label}  {origin}  {package.path}")
    for broken in list_broken():
        typer.echo(f"tolk: {broken.problem}", err=True)


@models.command()
def install(
    package: Annotated[str, typer.Argument(help="An .argosmodel file, or a pair such as sv_en from the Argos index.")],
) -> None:
    """Install a package from a file, or from the Argos index (the one command that goes online)."""
    from pipeline.packages.install import explain_origin, install_file, install_pair
    from pipeline.packages.verify import find_doubts

    local = Path(package)
    installed = install_file(local) if local.suffix == ".argosmodel" or local.exists() else install_pair(package)
    typer.echo(f"Installed in {installed.path}: {explain_origin(installed)}", err=True)
    for doubt in find_doubts(installed):
        typer.echo(f"tolk: {doubt}", err=True)


@models.command()
def verify() -> None:
    """Check each package: its parts, its hash, and that it opens."""
    from pipeline.packages.model_store import list_broken, list_packages
    from pipeline.packages.verify import verify_package

    problems = [broken.problem for broken in list_broken()]
    for package in list_packages():
        found = verify_package(package)
        typer.echo(f"{package.label}  {'sound' if not found else 'broken'}  {package.path}")
        problems += found
    if problems:
        raise PackageError("\n      ".join(problems))


@models.command()
def remove(package: Annotated[str, typer.Argument(help="A pair such as sv_en.")]) -> None:
    """Remove an installed package; an embedded one takes its place, where there is one."""
    from pipeline.packages.install import remove_package

    for path in remove_package(package):
        typer.echo(f"Removed {path}", err=True)
