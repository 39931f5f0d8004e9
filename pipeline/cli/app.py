"""The command line: each command parses, calls one function, and prints. Data on stdout, talk on stderr."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import __version__
from pipeline.cli.doctor import doctor
from pipeline.cli.export import export
from pipeline.cli.memory import memory
from pipeline.cli.models import models
from pipeline.cli.options import (
    DEFAULTS,
    LANGUAGES,
    AsJson,
    Beam,
    Compress,
    Detector,
    Device,
    Inputs,
    Languages,
    MemoryLimit,
    NoMemory,
    NoProgress,
    OutPlace,
    Ray,
    SourceLang,
    Strict,
    TextField,
    Workers,
    choose_executor,
    make_settings,
    non_empty_path,
)
from pipeline.cli.signals import going_on
from pipeline.cli.stages import STAGES
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.validate import Validated

app = typer.Typer(
    name="tolk",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Dumps of scraped web text in, parallel bilingual JSONL out: Swedish and Indonesian to English, offline.",
)
app.add_typer(models, name="models")
app.add_typer(memory, name="memory")


@app.command()
def run(
    inputs: Inputs,
    *,
    out: OutPlace,
    text_field: TextField = DEFAULTS.text_field,
    source_lang: SourceLang = None,
    languages: Languages = LANGUAGES,
    detector: Detector = DEFAULTS.detector,
    beam: Beam = DEFAULTS.beam,
    workers: Workers = None,
    memory_limit: MemoryLimit = None,
    no_memory: NoMemory = False,
    compress: Compress = False,
    device: Device = DEFAULTS.device,
    ray: Ray = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what earlier runs have left in this folder.")] = False,
    incremental: Annotated[
        bool, typer.Option("--incremental", help="Take only what is new; add its pairs in new shards.")
    ] = False,
    strict: Strict = False,
    no_progress: NoProgress = False,
) -> None:
    """Do the main job: inputs of any kind in, a folder of pairs out."""
    from pipeline.addresses import is_remote, redact
    from pipeline.cli.console import Progress, format_left_aside, printable, summary
    from pipeline.nightly import format_mail, run_nightly
    from pipeline.read.inputs import count_left_aside
    from pipeline.staging import run_to

    settings = make_settings(
        text_field=text_field,
        source_lang=source_lang,
        languages=languages,
        detector=detector,
        beam=beam,
        workers=workers,
        memory_limit=memory_limit,
        no_memory=no_memory,
        compress=compress,
        device=device,
    )
    if left := format_left_aside(count_left_aside(inputs)):
        typer.echo(printable(f"tolk: {left}"), err=True)
    with going_on(), Progress(shown=not no_progress) as progress:
        begin = run_nightly if incremental else run_to
        executor = choose_executor(ray, workers)
        manifest = begin(inputs, out, settings, fresh=fresh, watch=progress.show, open_executor=executor)
    place = redact(out) if is_remote(out) else Path(out)
    told = format_mail(manifest, place) if incremental else summary(manifest, place)
    typer.echo(printable(told), err=not incremental)
    if strict and manifest.last_run.counts.rejects:
        raise typer.Exit(3)


for command in (*STAGES, export):
    app.command()(command)


@app.command()
def validate(
    files: Annotated[
        list[Path],
        typer.Argument(parser=non_empty_path, metavar="PAIRS", help="Folders of finished runs, or files of pairs."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Check pairs against the schema; name what is wrong.

    A run's folder must also hold as many as its manifest counts.
    """
    from pipeline.cli.console import count, printable
    from pipeline.read.pairs import find_shards
    from pipeline.validate import miscount

    problems = checked = 0
    for given in files:
        paths = find_shards(str(given)) if given.is_dir() else [str(given)]
        found = [_validate_file(path, as_json=as_json) for path in paths]
        problems += sum(each.problems for each in found)
        checked += len(found)
        if given.is_dir() and (missed := miscount(given, sum(each.lines for each in found))):
            problems += 1
            typer.echo(printable(f"{given}: {missed}"), err=as_json)
    if problems:
        message = f"{count(problems, 'problem')} in {count(checked, 'file')}; each is named above."
        raise PipelineError(message)
    typer.echo(f"{count(checked, 'file')} valid", err=True)


def _validate_file(file: str, *, as_json: bool) -> Validated:
    """Check a file, and name what is wrong with it."""
    from pipeline.addresses import plain
    from pipeline.cli.console import printable
    from pipeline.cli.table import print_json
    from pipeline.read.lines import open_lines
    from pipeline.validate import Validated, find_problems

    validated = Validated(file=plain(file))
    with open_lines(file) as lines:
        for problem in find_problems(validated.count(lines)):
            validated.enter(problem)
            if not as_json:
                typer.echo(printable(f"{file}:{problem.line}: {problem.what}"))
    if as_json:
        print_json(validated)
    return validated


@app.command()
def schema() -> None:
    """Print the JSON Schema of a pair."""
    import json

    from pipeline.validate import pair_schema

    typer.echo(json.dumps(pair_schema(), indent=2))


@app.command()
def report(
    folder: Annotated[
        Path, typer.Argument(parser=non_empty_path, metavar="FOLDER", help="Output folder of a finished run.")
    ],
) -> None:
    """Write a run's page again."""
    from pipeline.cli.console import printable
    from pipeline.report import write_report

    typer.echo(printable(str(write_report(folder))))


app.command()(doctor)


@app.callback(invoke_without_command=True)
def _version(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"tolk {__version__}")
        raise typer.Exit


def _warn(message: Warning | str, *_: object) -> None:
    from pipeline.cli.console import printable

    typer.echo(f"tolk: {printable(str(message))}", err=True)


def run_app() -> None:
    """Run the command that is asked for; what it cannot do it says in one sentence."""
    warnings.showwarning = _warn  # type: ignore[assignment]  # where it was raised is no concern of a user
    try:
        app()
    except PipelineError as error:
        from pipeline.cli.console import printable

        typer.echo(f"tolk: {printable(str(error))}", err=True)
        sys.exit(1)
