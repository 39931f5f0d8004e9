"""The register of the documents that an output folder holds: what an incremental run passes over.

A row is one content in one file, whatever its record's number, so lines that shift are not new. The register is
committed before the window that it enters: if the run dies in between, the entry is taken back, for `progress.json`
says which window was the last. It can be lost: it is made anew from the pairs and rejects.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from pipeline.errors import InputError, OutputError
from pipeline.read.lines import read_lines
from pipeline.records import DamageReject, Document, Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.prepare import Prepared

REGISTER: Final = "documents.sqlite"
Key = tuple[str, int, bool]
"""Path of the file, content, and whether it is a document rather than a reject."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS file (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS record (
  file INTEGER NOT NULL, content INTEGER NOT NULL, document INTEGER NOT NULL,
  times INTEGER NOT NULL,  -- that it stands in the output
  pass INTEGER NOT NULL,   -- over the input that saw it last
  seen INTEGER NOT NULL,   -- times in that pass
  PRIMARY KEY (file, content)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entered (file INTEGER NOT NULL, content INTEGER NOT NULL);  -- by the last window
CREATE TABLE IF NOT EXISTS state (window INTEGER NOT NULL, pass INTEGER NOT NULL, whole INTEGER NOT NULL);
"""
_FILE: Final = "INSERT INTO file (path) VALUES (?) ON CONFLICT DO UPDATE SET path = path RETURNING id"
_SEE: Final = """
INSERT INTO record (file, content, document, times, pass, seen) VALUES (?1, ?2, ?3, 0, ?4, 1)
ON CONFLICT DO UPDATE SET seen = CASE WHEN pass = ?4 THEN seen + 1 ELSE 1 END, pass = ?4 RETURNING seen > times
"""
_COUNT: Final = """
INSERT INTO record (file, content, document, times, pass, seen) VALUES (?1, ?2, ?3, 1, ?4, 0)
ON CONFLICT DO UPDATE SET times = times + 1
"""
_KEEP: Final = """
UPDATE record SET pass = ?2, seen = 0 WHERE pass >= ?3 AND pass < ?2 AND file IN (
  SELECT id FROM file WHERE path = ?1 OR (path >= ?1 || '/' AND path < ?1 || '0')  -- which follows the slash
)
"""
_COUNT_GONE: Final = "SELECT count(*) FROM record WHERE document AND times > 0 AND pass < ?"
_LIST_GONE: Final = """
SELECT path, content FROM record JOIN file ON file.id = record.file
WHERE document AND times > 0 AND pass < ? ORDER BY path, content
"""


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A document that the output holds and the input does not hold any more: one line of `removed.jsonl`."""

    source: str
    """The file that it stood in, without the record's number."""
    doc: str


class Register:
    """What is known of earlier records; one pass over the input at a time."""

    def __init__(self, path: Path, window: int | None, written: Iterable[Path] = ()) -> None:
        """Open a folder's register, as it was when a window was committed; None where no run is under way.

        `written` are the files of pairs and rejects to make it from, should it be missing or of another state.
        """
        self.path = path
        self.passed_over = 0
        self.made_anew = False  # so that it knows of no document that has left no line
        self._file: tuple[str, int] = ("", 0)
        self._kept = ""
        with _explaining(path), contextlib.ExitStack() as undo:
            self._db = sqlite3.connect(path, isolation_level=None)
            undo.callback(self._db.close)
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;")
            self._db.executescript(_TABLES)
            self._db.execute("BEGIN IMMEDIATE")
            self._bring_to(window, written)
            self._pass = self._scalar("UPDATE state SET pass = pass + 1 RETURNING pass")
            self.window = self._scalar("SELECT window FROM state")
            self._db.execute("COMMIT")
            undo.pop_all()

    def take_new(self, records: Iterable[Document | Reject]) -> Iterator[Document | Reject]:
        """Let through what no earlier run or window has taken in."""
        with _explaining(self.path):
            for record in records:
                if not self._db.in_transaction:
                    self._db.execute("BEGIN IMMEDIATE")
                if isinstance(record, Document):
                    path, content, document = _key(record.source, record.id, None)
                else:
                    path, content, document = _key(record.source, "", record)
                    if path == record.source or isinstance(record, DamageReject):
                        self._keep(path)
                if self._scalar(_SEE, self._find_file(path), content, document, self._pass):
                    yield record
                else:
                    self.passed_over += 1

    def enter(self, window: Iterable[Prepared]) -> None:
        """Commit a window's records, which are part of the output once the output is committed too."""
        with _explaining(self.path):
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM entered")
            for record in window:
                path, content, document = _key(record.source, record.doc, record.reject)
                file = self._find_file(path)
                self._db.execute(_COUNT, (file, content, document, self._pass))
                self._db.execute("INSERT INTO entered VALUES (?, ?)", (file, content))
            self.window = self._scalar("UPDATE state SET window = window + 1 RETURNING window")
            self._db.execute("COMMIT")

    def count_removed(self) -> int:
        """Count the documents that the output holds and this pass, which is over, has not seen."""
        with _explaining(self.path):
            return int(self._scalar(_COUNT_GONE, self._pass))

    def list_removed(self) -> Iterator[Removed]:
        """List those."""
        with _explaining(self.path):
            found = self._db.execute(_LIST_GONE, (self._pass,))
            for path, content in found:
                yield Removed(source=path, doc=content.to_bytes(8, "big", signed=True).hex())

    def close(self, *, whole: bool) -> None:
        """Leave the register; a pass is whole if it has seen all input."""
        with _explaining(self.path), contextlib.closing(self._db):
            if whole:
                self._db.execute("UPDATE state SET whole = ?", (self._pass,))
            if self._db.in_transaction:
                self._db.execute("COMMIT" if whole else "ROLLBACK")

    def _keep(self, path: str) -> None:
        """Take what a file or folder held for still there, save what was gone before: unreadable is not gone."""
        if path != self._kept:
            self._db.execute(_KEEP, (path, self._pass, self._scalar("SELECT whole FROM state")))
            self._kept = path

    def _bring_to(self, window: int | None, written: Iterable[Path]) -> None:
        """Take back the last window if the output was not committed; make the register anew if it is none of these."""
        known = self._scalar("SELECT window FROM state")
        if known is not None and known - 1 == window:
            for file, content in self._db.execute("SELECT file, content FROM entered").fetchall():
                self._db.execute("UPDATE record SET times = times - 1 WHERE (file, content) = (?, ?)", (file, content))
            self._db.execute("DELETE FROM entered")
            self._db.execute("UPDATE state SET window = ?", (window,))
        elif known is None or window not in {None, known}:
            self._make_anew(window or 0, written)

    def _make_anew(self, window: int, written: Iterable[Path]) -> None:
        self.made_anew = True
        for table in ("file", "record", "entered", "state"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
        for path, content, document in _read_keys(written):
            self._db.execute(_COUNT, (self._find_file(path), content, document, 0))
        self._db.execute("INSERT INTO state VALUES (?, 0, 0)", (window,))

    def _find_file(self, path: str) -> int:
        if self._file[0] != path:
            self._file = (path, self._scalar(_FILE, path))
        return self._file[1]

    def _scalar(self, statement: str, *values: object) -> Any:  # noqa: ANN401 - whatever the column holds
        row = self._db.execute(statement, values).fetchone()
        return row and row[0]


class _Line(msgspec.Struct):
    """What of a pair or of a reject tells its record."""

    source: str
    doc: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")] | None = None
    index: int = 0


_decode: Final = msgspec.json.Decoder(_Line).decode
_decode_reject: Final = msgspec.json.Decoder(Reject).decode


def _read_keys(written: Iterable[Path]) -> Iterator[Key]:
    """Give the key of each record that stands in files of pairs or rejects.

    Raises:
        OutputError: naming the line that is damaged.
    """
    for path in filter(Path.exists, written):
        number = 1
        try:
            for line in read_lines(str(path)):
                yield from _read_key(line) if line.strip() else ()
                number += 1
        except (InputError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            why = "it cannot be unpacked or read" if isinstance(error, InputError) else error
            message = (
                f"Line {number} of {path} is damaged ({why}), and what is known must be read from it. Put the file "
                "back from a copy, or delete the line; or move the file away: the next run takes anew what it held."
            )
            raise OutputError(message) from error


def _read_key(line: bytes) -> Iterator[Key]:
    """Give the key of a record whose line of a reject, or first line of pairs, this is."""
    read = _decode(line)
    if read.doc is None:
        yield _key(read.source, "", _decode_reject(line))
    elif read.index == 0:
        yield _key(read.source, read.doc, None)


def _key(source: str, doc: str, reject: Reject | None) -> Key:
    if reject is not None:
        read = msgspec.json.encode([reject.reason, reject.length, reject.text, reject.base64])
        doc = hashlib.blake2b(read, digest_size=8).hexdigest()
    file, mark, number = source.rpartition("#")
    return (
        file if mark and number.replace(".", "").isdecimal() else source,
        int.from_bytes(bytes.fromhex(doc), "big", signed=True),  # as SQLite's integers are
        reject is None,
    )


@contextlib.contextmanager
def _explaining(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into an OutputError that says how to mend the register."""
    try:
        yield
    except sqlite3.Error as error:
        message = (
            f"The register {path} cannot be used ({error}). Close other programs that use it, make room if the disk is "
            "full; if it is damaged, delete it: the next run makes it anew from the pairs."
        )
        raise OutputError(message) from error
