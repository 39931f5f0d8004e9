"""A translation memory between runs: what it holds, pruning it, and its pairs as TMX."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final

import msgspec

from pipeline.errors import InputError, OutputError
from pipeline.export.tmx import FOOT, format_head, format_unit
from pipeline.files import replacing
from pipeline.records import TARGET_LANG
from pipeline.translate import memory_db

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNITS: Final = """
SELECT lang, model, source, target, score, flags, used FROM pair JOIN origin ON origin = origin.id
ORDER BY lang, source, model, key
"""


class PackageStats(msgspec.Struct, frozen=True):
    """What a memory holds of one package."""

    lang: str
    model: str
    pairs: int
    faulty: int
    last_used: str


class MemoryStats(msgspec.Struct, frozen=True):
    """What a memory holds."""

    path: Path
    pairs: int
    bytes: int
    stocks: tuple[PackageStats, ...]


def memory_stats(path: Path) -> MemoryStats:
    """Count a memory's pairs, by language and package."""
    with _open(path) as db:
        rows = db.execute(
            "SELECT lang, model, count(*), sum(flags != ''), max(used) FROM pair JOIN origin ON origin = origin.id "
            "GROUP BY lang, model ORDER BY lang, model"
        ).fetchall()
        size = memory_db.live_bytes(db)
    stocks = tuple(PackageStats(lang, model, pairs, faulty, _day(used)) for lang, model, pairs, faulty, used in rows)
    return MemoryStats(path, sum(stock.pairs for stock in stocks), size, stocks)


def prune_memory(path: Path, limit_bytes: int) -> int:
    """Forget the pairs that were not used for longest, until the file is within the limit; give their number."""
    with _open(path) as db:
        return memory_db.prune(db, limit_bytes)


def export_memory(path: Path, out: Path) -> int:
    """Write a memory's pairs as TMX 1.4b, whole or not at all; give their number."""
    if out.exists() and path.exists() and out.samefile(path):
        message = f"{out} is the memory itself. Name another file for the export."
        raise OutputError(message)
    with _open(path) as db:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with replacing(out) as file:
                return _write_units(db, file)
        except BrokenPipeError:  # who was reading has gone, and knows
            raise
        except OSError as error:
            message = f"{out} cannot be written: {error.strerror}. Name another file for the export."
            raise OutputError(message) from error


def _write_units(db: sqlite3.Connection, file: IO[bytes]) -> int:
    file.write(format_head("tolk.memory", "*all*").encode())
    units = 0
    for lang, model, source, target, score, flags, used in db.execute(_UNITS):
        date = datetime.fromtimestamp(used, UTC).strftime("%Y%m%dT%H%M%SZ")
        props = [("x-model", model), ("x-score", f"{score}"), *(("x-flag", flag) for flag in flags.split())]
        variants = (lang, source), (TARGET_LANG, target)
        file.write(format_unit({"srclang": lang, "lastusagedate": date}, props, variants).encode())
        units += 1
    file.write(FOOT.encode())
    return units


@contextlib.contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        message = f"There is no translation memory at {path}. A run makes one; TOLK_MEMORY names another place."
        raise InputError(message)
    try:
        with contextlib.closing(memory_db.connect(path)) as db:
            yield db
    except memory_db.ForeignError as error:
        message = f"{path} cannot be used as a translation memory: {error}. Name another file with TOLK_MEMORY."
        raise InputError(message) from error
    except sqlite3.Error as error:
        message = f"{path} cannot be read: {error}. The next run sets a broken memory aside and begins a new one."
        raise InputError(message) from error


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
