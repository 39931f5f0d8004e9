"""The stages as commands: JSON lines in, JSON lines out, so that pipes give what a run gives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

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
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import msgspec


def repair(
    inputs: Inputs,
    *,
    out: OutFile = None,
    text_field: TextField = DEFAULTS.text_field,
    rejects: Annotated[Path | None, typer.Option(help="File for records that cannot be read.")] = None,
    strict: Strict = False,
) -> None:
    """Read inputs and repair their encoding: documents out."""
    from pipeline.cli.console import printable
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
                typer.echo(printable(f"tolk: rejected {record.source}: {record.reason}"), err=True)

    _write(documents(), out)
    if rejects is not None:
        _write(bad, rejects)
    if strict and bad:
        raise typer.Exit(3)


def segment(documents: Lines = "-", *, out: OutFile = None) -> None:
    """Cut repaired documents into segments."""
    from pipeline.exchange import read_records
    from pipeline.records import Document
    from pipeline.segment import segment_documents

    _write(segment_documents(read_records(documents, Document), make_settings()), out)


def detect(
    segments: Lines = "-",
    *,
    out: OutFile = None,
    source_lang: SourceLang = None,
    detector: Detector = DEFAULTS.detector,
) -> None:
    """Find the language of each segment."""
    from pipeline.detect import detect_segments
    from pipeline.exchange import read_records
    from pipeline.records import Segment

    settings = make_settings(source_lang=source_lang, detector=detector)
    _write(detect_segments(read_records(segments, Segment), settings), out)


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
    from pipeline.engines import find_packages, open_engines
    from pipeline.exchange import read_records
    from pipeline.records import Segment
    from pipeline.translate import translate_segments
    from pipeline.translate.engine import Decoding

    settings = make_settings(
        languages=languages, beam=beam, workers=workers, memory_limit=memory_limit, no_memory=no_memory
    )
    with open_engines(find_packages(settings), settings) as engines:
        _write(translate_segments(read_records(segments, Segment), engines, Decoding(beam=beam), settings), out)


STAGES: Final = (repair, segment, detect, translate)


def _write(records: Iterable[msgspec.Struct], out: Path | None) -> None:
    from pipeline.exchange import write_lines
    from pipeline.write import write_records

    with write_records(out, sys.stdout.buffer) as file:
        write_lines(records, file)
