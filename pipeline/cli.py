"""The command line: each command parses, calls one function, and prints. Data on stdout, talk on stderr."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, get_args

import typer

from pipeline import __version__
from pipeline.errors import PipelineError
from pipeline.settings import DetectorName, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

    import msgspec

app = typer.Typer(
    name="tolk",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Dumps of scraped web text in, parallel bilingual JSONL out: Swedish and Indonesian to English, offline.",
)
models = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, install, verify and remove packages.")
app.add_typer(models, name="models")

Inputs = Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")]
Lines = Annotated[str, typer.Argument(help="JSON lines of the stage before, or - for standard input.")]
OutFile = Annotated[Path | None, typer.Option("--out", help="File to write; standard output if not given.")]
TextField = Annotated[str, typer.Option(help="Field of a JSON record that holds its text.")]
SourceLang = Annotated[str | None, typer.Option(help="Language of all input; detection is skipped.")]
Languages = Annotated[str, typer.Option(help="Languages to translate, with commas between.")]
Detector = Annotated[str, typer.Option(help="Language detector: tolk or langdetect.")]
Beam = Annotated[int, typer.Option(min=1, max=32, help="Hypotheses kept while decoding; 1 is greedy.")]
Workers = Annotated[
    int | None, typer.Option(min=1, max=256, help="Processes and decoding threads; all cores if not given.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 3 where input was rejected.")]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Show no progress bar.")]

_DEFAULTS = Settings()
_LANGUAGES = ",".join(_DEFAULTS.languages)


@app.command()
def run(
    inputs: Inputs,
    *,
    out: Annotated[Path, typer.Option(help="Folder to write: pairs, rejects, manifest, report.")],
    text_field: TextField = _DEFAULTS.text_field,
    source_lang: SourceLang = None,
    languages: Languages = _LANGUAGES,
    detector: Detector = _DEFAULTS.detector,
    beam: Beam = _DEFAULTS.beam,
    workers: Workers = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget a run that was interrupted in this folder.")] = False,
    strict: Strict = False,
    no_progress: NoProgress = False,
) -> None:
    """Do the main job: inputs of any kind in, a folder of pairs out."""
    from pipeline.console import Progress, summary
    from pipeline.run import run as run_all

    settings = make_settings(
        text_field=text_field,
        source_lang=source_lang,
        languages=languages,
        detector=detector,
        beam=beam,
        workers=workers,
    )
    with Progress(shown=not no_progress) as progress:
        manifest = run_all(inputs, out, settings, fresh=fresh, watch=progress.show)
    typer.echo(summary(manifest, out), err=True)
    if strict and manifest.counts.rejects:
        raise typer.Exit(3)


@app.command()
def repair(
    inputs: Inputs,
    *,
    out: OutFile = None,
    text_field: TextField = _DEFAULTS.text_field,
    rejects: Annotated[Path | None, typer.Option(help="File for records that cannot be read.")] = None,
    strict: Strict = False,
) -> None:
    """Read inputs and repair their encoding: documents out."""
    from pipeline.read import read_documents
    from pipeline.records import Document, Reject
    from pipeline.repair import repair_document

    bad: list[Reject] = []

    def documents() -> Iterable[Document]:
        for record in read_documents(inputs, make_settings(text_field=text_field)):
            if isinstance(record, Document):
                yield repair_document(record)
            else:
                bad.append(record)
                typer.echo(f"tolk: rejected {record.source}: {record.reason}", err=True)

    _write(documents(), out)
    if rejects is not None:
        _write(bad, rejects)
    if strict and bad:
        raise typer.Exit(3)


@app.command()
def segment(documents: Lines = "-", *, out: OutFile = None) -> None:
    """Cut repaired documents into segments."""
    from pipeline.exchange import read_records
    from pipeline.records import Document
    from pipeline.segment import segment_documents

    _write(segment_documents(read_records(documents, Document), make_settings()), out)


@app.command()
def detect(
    segments: Lines = "-",
    *,
    out: OutFile = None,
    source_lang: SourceLang = None,
    detector: Detector = _DEFAULTS.detector,
) -> None:
    """Find the language of each segment."""
    from pipeline.detect import detect_segments
    from pipeline.exchange import read_records
    from pipeline.records import Segment

    settings = make_settings(source_lang=source_lang, detector=detector)
    _write(detect_segments(read_records(segments, Segment), settings), out)


@app.command()
def translate(
    segments: Lines = "-",
    *,
    out: OutFile = None,
    languages: Languages = _LANGUAGES,
    beam: Beam = _DEFAULTS.beam,
    workers: Workers = None,
) -> None:
    """Translate detected segments: pairs out."""
    from pipeline.engine import Decoding
    from pipeline.exchange import read_records
    from pipeline.records import Segment
    from pipeline.run import find_packages, open_engines
    from pipeline.translate import translate_segments

    settings = make_settings(languages=languages, beam=beam, workers=workers)
    engines = open_engines(find_packages(settings), settings)
    _write(translate_segments(read_records(segments, Segment), engines, Decoding(beam=beam), settings), out)


@app.command()
def validate(files: Annotated[list[Path], typer.Argument(help="Files of pairs.")]) -> None:
    """Check pairs against the schema; name each line and field that is wrong."""
    from pipeline.exchange import open_lines
    from pipeline.validate import find_problems

    problems = 0
    for file in files:
        with open_lines(str(file)) as lines:
            for problem in find_problems(lines, str(file)):
                problems += 1
                typer.echo(problem)
    if problems:
        message = f"{problems} problem(s) in {len(files)} file(s); each is named above."
        raise PipelineError(message)
    typer.echo(f"{len(files)} file(s) valid", err=True)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a pair."""
    import json

    from pipeline.validate import pair_schema

    typer.echo(json.dumps(pair_schema(), indent=2))


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="Output folder of a finished run.")]) -> None:
    """Write a run's page again."""
    from pipeline.report import write_report

    typer.echo(write_report(folder))


def make_settings(**given: Any) -> Settings:  # noqa: ANN401 - the options of whichever command
    """Make Settings of a command's options.

    Raises:
        typer.BadParameter: naming the option that cannot be.
    """
    import re

    given = {name: value for name, value in given.items() if value is not None}
    if "languages" in given:
        given["languages"] = tuple(
            dict.fromkeys(code.strip() for code in given["languages"].split(",") if code.strip())
        )
    if lang := given.get("source_lang"):
        given["languages"] = tuple(dict.fromkeys((*given.get("languages", ()), lang)))
    for code in given.get("languages", ()):
        if not re.fullmatch("[a-z]{2,3}", code):
            message = f"{code!r} is not a language code such as sv or id (ISO 639)."
            raise typer.BadParameter(message)
    if given.get("detector", "tolk") not in get_args(DetectorName):
        message = f"--detector is {' or '.join(get_args(DetectorName))}, not {given['detector']!r}."
        raise typer.BadParameter(message)
    return Settings(**given)


@app.callback(invoke_without_command=True)
def _version(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"tolk {__version__}")
        raise typer.Exit


def _write(records: Iterable[msgspec.Struct], out: Path | None) -> None:
    from pipeline.exchange import write_lines
    from pipeline.write import write_records

    with write_records(out, sys.stdout.buffer) as file:
        write_lines(records, file)


class Stopped(BaseException):
    """A signal asked to stop."""

    def __init__(self, code: int) -> None:
        self.code = code


def _stop(number: int, _: FrameType | None) -> NoReturn:
    raise Stopped(128 + number)


def main() -> None:
    """Run the command line; every failure that is not a bug ends in one sentence and a documented exit code."""
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except PipelineError as error:
        typer.echo(f"tolk: {error}", err=True)
        sys.exit(1)
    except Stopped as stopped:
        typer.echo("tolk: Stopped. What is committed is kept: the same command goes on from there.", err=True)
        sys.exit(stopped.code)
