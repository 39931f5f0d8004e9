"""The stages as commands: JSON lines in, JSON lines out, so that pipes give what a run gives."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final

import typer

from pipeline.cli.options import (
    DEFAULTS,
    LANGUAGES,
    Beam,
    Detector,
    Inputs,
    Languages,
    Lines,
    MemoryLimit,
    NoMemory,
    OutFile,
    SourceLang,
    Strict,
    TextField,
    Workers,
    make_settings,
    non_empty_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import msgspec

SHOWN_REJECTS: Final = 20
"""Rejects that are told one by one; beyond them only their number is."""


def repair(
    inputs: Inputs,
    *,
    out: OutFile = None,
    text_field: TextField = DEFAULTS.text_field,
    rejects: Annotated[
        Path | None,
        typer.Option(parser=non_empty_path, metavar="PATH", help="File for records that cannot be read."),
    ] = None,
    strict: Strict = False,
) -> None:
    """Read inputs and repair their encoding: documents out."""
    from pipeline.cli.console import printable
    from pipeline.collisions import refuse_overwriting, refuse_same
    from pipeline.read import read_documents
    from pipeline.read.inputs import find_sources
    from pipeline.records import Document
    from pipeline.repair import repair_document
    from pipeline.write import write_lines
    from pipeline.write.guard import refuse_run_files

    refuse_run_files(out, rejects)
    refuse_overwriting((source.path for source in find_sources(inputs)), [path for path in (out, rejects) if path])
    if rejects:
        refuse_same(out or Path("-"), rejects)
    bad = 0

    def documents(file: IO[bytes] | None) -> Iterator[Document]:
        nonlocal bad
        for record in read_documents(inputs, make_settings(text_field=text_field)):
            if isinstance(record, Document):
                yield repair_document(record)
                continue
            bad += 1
            if bad <= SHOWN_REJECTS:
                typer.echo(printable(f"tolk: rejected {record.source}: {record.reason}"), err=True)
            if file is not None:
                write_lines([record], file)

    with _open_file(rejects) if rejects else contextlib.nullcontext() as file:
        _write(documents(file), out)
    _count_rejects(bad, rejects)
    if strict and bad:
        raise typer.Exit(3)


def _count_rejects(bad: int, rejects: Path | None) -> None:
    """Say how many rejects were not told one by one, and where they are."""
    from pipeline.cli.console import printable

    if bad > SHOWN_REJECTS:
        where = f"{rejects} lists them" if rejects else "list them with --rejects FILE"
        talk = f"tolk: rejected {bad} records in all, {bad - SHOWN_REJECTS} not shown; {where}"
        typer.echo(printable(talk), err=True)


def segment(documents: Lines = "-", *, out: OutFile = None) -> None:
    """Cut repaired documents into segments."""
    from pipeline.read.lines import read_records
    from pipeline.records import Document
    from pipeline.segment import segment_documents

    _write(segment_documents(read_records(documents, Document), make_settings()), out, documents)


def detect(
    segments: Lines = "-",
    *,
    out: OutFile = None,
    source_lang: SourceLang = None,
    detector: Detector = DEFAULTS.detector,
) -> None:
    """Find the language of each segment."""
    from pipeline.detect import detect_segments
    from pipeline.read.lines import read_records
    from pipeline.records import Segment

    settings = make_settings(source_lang=source_lang, detector=detector)
    _write(detect_segments(read_records(segments, Segment), settings), out, segments)


def translate(
    segments: Lines = "-",
    *,
    out: OutFile = None,
    languages: Languages = LANGUAGES,
    beam: Beam = DEFAULTS.beam,
    workers: Workers = None,
    memory_limit: MemoryLimit = None,
    no_memory: NoMemory = False,
) -> None:
    """Translate detected segments: pairs out."""
    from pipeline.engines import open_engines
    from pipeline.packages.model_store import find_packages
    from pipeline.read.lines import read_records
    from pipeline.records import Segment
    from pipeline.translate import translate_segments
    from pipeline.translate.engine import Decoding

    settings = make_settings(
        languages=languages, beam=beam, workers=workers, memory_limit=memory_limit, no_memory=no_memory
    )
    with open_engines(find_packages(settings), settings) as engines:
        pairs = translate_segments(
            read_records(segments, Segment, detected=True), engines, Decoding(beam=beam), settings
        )
        _write(pairs, out, segments)


STAGES: Final = (repair, segment, detect, translate)


def _write(records: Iterable[msgspec.Struct], out: Path | None, *inputs: str) -> None:
    from pipeline.collisions import refuse_overwriting
    from pipeline.write import write_lines
    from pipeline.write.guard import refuse_run_files

    refuse_run_files(out)
    refuse_overwriting(inputs, [out] if out else [])
    with _open_file(out) as file:
        write_lines(records, file)


def _open_file(path: Path | None) -> contextlib.AbstractContextManager[IO[bytes]]:
    """Give records a file, or standard output."""
    from pipeline.write import open_stage_output

    return open_stage_output(path, sys.stdout.buffer)
