"""The translation memory's database: SQLite, one table of pairs and one of the languages and models they are from.

Write-ahead logging lets several processes read while one writes; every commit is synced, so that what a killed run had
committed is there when it goes on. SQLite has no checksums of its own: each row brings one.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
import zlib
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.translate.engine import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

APPLICATION: Final = 0x546F6C6B
"""`Tolk` in ASCII, so that no other program's database is ever taken for a memory, nor set aside."""
FORMAT: Final = 1
BUSY_SECONDS: Final = 60.0
"""How long another process's transaction is waited for."""
_CHUNK: Final = 500
"""Parameters in one statement; old builds of SQLite allow 999."""
_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SCHEMA: Final = f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS origin (id INTEGER PRIMARY KEY, lang TEXT, model TEXT, UNIQUE (lang, model));
CREATE TABLE IF NOT EXISTS pair (
    key BLOB PRIMARY KEY, origin INTEGER, source TEXT, target TEXT, score REAL, cut INTEGER, flags TEXT,
    checksum INTEGER, used INTEGER
) WITHOUT ROWID;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
COMMIT;
"""


class ForeignError(Exception):
    """A database that is no memory, or one of another layout: to be left alone."""


class Entry(msgspec.Struct, frozen=True):
    """A translation to remember."""

    key: bytes
    lang: str
    model: str
    source: str
    hypothesis: Hypothesis


def connect(path: Path) -> sqlite3.Connection:
    """Open a memory's file, and lay it out where it is new."""
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                _lay_out(db)
                break
            except sqlite3.OperationalError as error:
                # Of processes that make the file at the same moment, SQLite lets all but one fail at once; where it has
                # waited itself, there is no time left.
                if time.monotonic() > until or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                _roll_back(db)
                time.sleep(0.05)
        db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()
        raise
    return db


def _lay_out(db: sqlite3.Connection) -> None:
    db.execute("BEGIN")  # another process may lay it out between two of these looks
    application, version = (_pragma(db, name) for name in ("application_id", "user_version"))
    others = db.execute("SELECT count(*) FROM sqlite_master WHERE name NOT IN ('pair', 'origin')").fetchone()[0]
    db.execute("COMMIT")
    if (application, version) == (APPLICATION, FORMAT):
        return
    if application == APPLICATION:
        message = f"it has layout {version}, this version of Tolk reads layout {FORMAT}"
        raise ForeignError(message)
    if application or others:
        message = "it is another program's database"
        raise ForeignError(message)
    db.executescript(_SCHEMA)


def read(
    db: sqlite3.Connection, keys: Sequence[bytes], stale_before: int
) -> tuple[dict[bytes, Hypothesis], set[bytes]]:
    """Look keys up, many a query; give what was found and whose last use was too long ago."""
    found: dict[bytes, Hypothesis] = {}
    stale: set[bytes] = set()
    for chunk in _chunks(keys):
        marks = ",".join("?" * len(chunk))
        columns = "key, target, score, cut, flags, checksum, used"
        for key, *values, checksum, used in db.execute(f"SELECT {columns} FROM pair WHERE key IN ({marks})", chunk):  # noqa: S608 - question marks only
            if checksum == _sum(key, *values):
                target, score, cut, flags = values
                found[key] = Hypothesis(target, score, bool(cut), tuple(flags.split()))
                if used < stale_before:
                    stale.add(key)
    return found, stale


def write(
    db: sqlite3.Connection, entries: Sequence[Entry], touched: Collection[bytes], now: int
) -> dict[bytes, Hypothesis]:
    """Store entries and last uses in one transaction; give those that another process had stored before."""
    with transaction(db):
        stored, _ = read(db, [entry.key for entry in entries], 0)
        origins = {place: _origin(db, *place) for place in sorted({(entry.lang, entry.model) for entry in entries})}
        db.executemany(
            "INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                _row(entry, origins[entry.lang, entry.model], now)
                for entry in entries
                if entry.key not in stored and _is_storable(entry)
            ),
        )
        db.executemany("UPDATE pair SET used = ? WHERE key = ?", ((now, key) for key in sorted(touched)))
    return stored


def prune(db: sqlite3.Connection, limit_bytes: int) -> int:
    """Forget the pairs that were not used for longest, until the file is within its limit; give their number."""
    if live_bytes(db) <= limit_bytes:
        return 0  # to count the pairs takes a look at each
    before = _count(db)
    while (size := live_bytes(db)) > limit_bytes and (rows := _count(db)):
        surplus = max(1, round(rows * (1 - limit_bytes / size) * 1.02))
        with transaction(db):
            db.execute("DELETE FROM pair WHERE key IN (SELECT key FROM pair ORDER BY used, key LIMIT ?)", (surplus,))
    forgotten = before - _count(db)
    if forgotten:
        # As a script, since execute() takes one step only, and that frees a single page.
        db.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")
    return forgotten


def live_bytes(db: sqlite3.Connection) -> int:
    """Give the bytes in use; what pruning has freed is not among them."""
    pages, free, size = (_pragma(db, name) for name in ("page_count", "freelist_count", "page_size"))
    return (pages - free) * size


def set_aside(path: Path, inode: int) -> Path:
    """Rename a broken file, its log too, unless another process has put a new one there; give its new name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    if path.exists() and path.stat().st_ino == inode:
        for suffix in ("-wal", "-shm", ""):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(f"{aside}{suffix}")
    return aside


def is_broken(error: Exception) -> bool:
    """Tell whether an error says that the file itself is damaged."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in _BROKEN or str(error).startswith("Could not decode")


def is_about_the_disk(error: Exception) -> bool:
    """Tell whether an error says that the disk takes no more; a full one shows as an input or output error too."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and alone from the first statement on."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        _roll_back(db)
        raise


def _roll_back(db: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        db.execute("ROLLBACK")


def _row(entry: Entry, origin: int, now: int) -> tuple[object, ...]:
    said = entry.hypothesis
    values = (said.text, said.score, int(said.cut), " ".join(said.flags))
    return entry.key, origin, entry.source, *values, _sum(entry.key, *values), now


def _sum(key: bytes, *values: object) -> int:
    return zlib.crc32(repr(values).encode("utf-8", "backslashreplace"), zlib.crc32(key))


def _is_storable(entry: Entry) -> bool:
    """Whether UTF-8 can hold the texts; a lone surrogate stays out, since it could not come back as it was."""
    try:
        f"{entry.source}{entry.hypothesis.text}".encode()
    except UnicodeEncodeError:
        return False
    return True


def _origin(db: sqlite3.Connection, lang: str, model: str) -> int:
    db.execute("INSERT OR IGNORE INTO origin (lang, model) VALUES (?, ?)", (lang, model))
    row = db.execute("SELECT id FROM origin WHERE lang = ? AND model = ?", (lang, model)).fetchone()
    return int(row[0])


def _count(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM pair").fetchone()[0])


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _chunks(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for at in range(0, len(keys), _CHUNK):
        yield keys[at : at + _CHUNK]
