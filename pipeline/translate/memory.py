"""The translation memory: what was translated once, with the same package and decoding, is not translated again.

One SQLite file for all runs. A window's translations are committed before its output is, and nothing is pruned while a
run goes on, so that a run that was killed finds exactly what it had translated and writes the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
import time
import warnings
from typing import TYPE_CHECKING, Final, Self, TypeVar, cast

import msgspec

from pipeline.homes import CACHE, find_place
from pipeline.translate import memory_db

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pipeline.translate.engine import Decoding, Engine, Hypothesis

_T = TypeVar("_T")

KEY_BYTES: Final = 16
_STALE_SECONDS: Final = 3600
"""A row's last use is noted this exactly, so that a night of repeats does not write each of them."""
_TOUCHED: Final = 20_000
"""Uses that are noted together, where a run has nothing else to write."""


class MemoryWarning(UserWarning):
    """The translation memory is not used, or begun anew; nothing else is lost."""


def memory_file() -> Path:
    """Give the memory's place: `$TOLK_MEMORY`, else `tolk/memory.sqlite` in the user's cache folder."""
    return find_place(CACHE, "memory.sqlite", "TOLK_MEMORY")


def open_memory(path: Path, limit_bytes: int) -> Memory:
    """Open a memory, or make one; one that cannot be used is empty and keeps nothing."""
    return Memory(path, limit_bytes)


class Memory:
    """Hypotheses by key, in a file that several processes may use at the same time.

    Whatever happens to the file, translation goes on: a broken one is set aside, a locked or unwritable one is left
    alone. Each is said once, as a `MemoryWarning`.
    """

    def __init__(self, path: Path, limit_bytes: int) -> None:
        self.path = path
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._touched: set[bytes] = set()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._usable = True
        self._renewed = False
        self._attempt(lambda _: True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(whole=kind is None)

    def recall(self, keys: Sequence[bytes]) -> dict[bytes, Hypothesis]:
        """Give what is known of some keys."""
        found, stale = self._attempt(lambda db: memory_db.read(db, keys, _now() - _STALE_SECONDS)) or ({}, set())
        self._touched |= stale
        if len(self._touched) > _TOUCHED:
            self._flush()
        return found

    def keep(self, entries: Sequence[memory_db.Entry]) -> dict[bytes, Hypothesis]:
        """Store translations in one transaction, and give what is stored: of two processes, the first was right."""
        touched, self._touched = self._touched, set()
        stored = self._attempt(lambda db: memory_db.write(db, entries, touched, _now())) or {}
        return {entry.key: stored.get(entry.key, entry.hypothesis) for entry in entries}

    def close(self, *, whole: bool = True) -> None:
        """Note the last uses, prune to the limit after a whole run, and close.

        Pruning any earlier would take from an interrupted run what it is to find again.
        """
        self._flush()
        if whole:
            self._attempt(lambda db: memory_db.prune(db, self._limit))
        self._usable = False
        self._disconnect()

    def _flush(self) -> None:
        touched, self._touched = self._touched, set()
        if touched:
            self._attempt(lambda db: memory_db.write(db, [], touched, _now()))

    def _attempt(self, work: Callable[[sqlite3.Connection], _T]) -> _T | None:
        """Do something with the file; begin it anew where it is broken, and do without where it cannot be used."""
        with self._lock:
            while self._usable:
                try:
                    if self._connection is None:
                        self._connect()
                    return work(cast("sqlite3.Connection", self._connection))
                except (sqlite3.Error, OSError, memory_db.ForeignError) as error:
                    self._recover(error)
            return None

    def _recover(self, error: Exception) -> None:
        """Set a broken file aside, once; leave one that cannot be used alone."""
        self._disconnect()
        if memory_db.is_broken(error) and not self._renewed:
            self._renewed = True
            with contextlib.suppress(OSError):
                aside = memory_db.set_aside(self.path, self._inode)
                _warn(f"The translation memory {self.path} is broken ({error}). It is now {aside}; a new one is begun.")
                return
        self._usable = False
        room = "Make room there, or name" if memory_db.is_about_the_disk(error) else "Name"
        _warn(
            f"The translation memory {self.path} cannot be used: {error}. The run goes on without it. "
            f"{room} another place with TOLK_MEMORY."
        )

    def _connect(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._inode = self.path.stat().st_ino if self.path.exists() else 0
        self._connection = memory_db.connect(self.path)
        self._inode = self.path.stat().st_ino

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()


class Remembering:
    """An Engine around an Engine: what was translated before, in this run or another, is not translated again."""

    def __init__(self, engine: Engine, memory: Memory, lang: str, salt: Sequence[object]) -> None:
        """Wrap an engine; `salt` names all that decides a translation: the package's hash, settings, versions."""
        self.label = engine.label
        self._engine = engine
        self._memory = memory
        self._lang = lang
        self._salt = [lang, *map(str, salt)]

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give the best hypothesis of each text, in order; only unknown texts reach the engine."""
        found = self.recall(texts, decoding)
        unknown = [text for text in dict.fromkeys(texts) if text not in found]
        if unknown:
            answers = self._engine.translate_texts(unknown, decoding)
            found |= self.keep(dict(zip(unknown, answers, strict=True)), decoding)
        return [found[text] for text in texts]

    def recall(self, texts: Sequence[str], decoding: Decoding) -> dict[str, Hypothesis]:
        """Give what is known of some texts."""
        keys = self._keys(texts, decoding)
        found = self._memory.recall(keys)
        return {text: found[key] for text, key in zip(texts, keys, strict=True) if key in found}

    def keep(self, answers: Mapping[str, Hypothesis], decoding: Decoding) -> dict[str, Hypothesis]:
        """Remember translations, and give what is remembered: of two processes, the first was right."""
        keys = self._keys(list(answers), decoding)
        kept = self._memory.keep(
            [
                memory_db.Entry(key, self._lang, self.label, text, answer)
                for key, (text, answer) in zip(keys, answers.items(), strict=True)
            ]
        )
        return {text: kept[key] for text, key in zip(answers, keys, strict=True)}

    def _keys(self, texts: Sequence[str], decoding: Decoding) -> list[bytes]:
        return make_keys(texts, [*self._salt, *map(str, msgspec.structs.astuple(decoding))])


def make_keys(texts: Sequence[str], salt: Sequence[str]) -> list[bytes]:
    """Hash each text together with what decides its translation.

    >>> len(set(make_keys(["hej", "hej"], ["sv"]) + make_keys(["hej"], ["id"])))
    2
    """
    seed = hashlib.blake2b("\0".join(salt).encode(), digest_size=32).digest()
    return [
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES, key=seed).digest()
        for text in texts
    ]


def _now() -> int:
    return int(time.time())


def _warn(message: str) -> None:
    warnings.warn(message, MemoryWarning, stacklevel=5)
