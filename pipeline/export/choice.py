"""Which pairs an export takes: by language, score, flags, length, and each once."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from pipeline.errors import OutputError
from pipeline.records import TARGET_LANG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.records import Pair


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of a pair; all of it must hold."""

    langs: tuple[str, ...] = ()
    """Source languages; empty for all."""
    min_score: float | None = None
    """A pair without a score, not translated by a model, has less than any."""
    without_flags: tuple[str, ...] = ()
    no_flagged: bool = False
    min_chars: int = 0
    """Code points of each side, so that it means the same in every script."""
    max_chars: int | None = None
    dedupe: bool = False
    """Whether a text in one language with the same English is taken once only, where it first stands."""

    def refuse(self, pair: Pair) -> str | None:
        """Say why a pair is not taken, if it is not."""
        lengths = [len(text) for text in (pair.src, pair.tgt) if text is not None]
        refused = {
            "other language": bool(self.langs) and pair.src_lang not in self.langs,
            "score too low": self.min_score is not None and (pair.score is None or pair.score < self.min_score),
            "flagged": bool(pair.flags) and (self.no_flagged or not set(self.without_flags).isdisjoint(pair.flags)),
            "too short": min(lengths) < self.min_chars,
            "too long": self.max_chars is not None and max(lengths) > self.max_chars,
        }
        return next((reason for reason, holds in refused.items() if holds), None)


class Counted:
    """The books of an export: every pair read is written or left out for a reason."""

    def __init__(self) -> None:
        self.read = self.kept = 0
        self.left_out: Counter[str] = Counter()
        self.langs: set[str] = set()

    def leave(self, reason: str) -> None:
        """Enter a pair that is not written."""
        self.left_out[reason] += 1

    def written(self, pair: Pair) -> None:
        """Enter a pair that is written."""
        self.kept += 1
        self.langs.add(pair.src_lang)


class Filter:
    """A choice at work: passes the pairs that are taken, counts the others, and remembers those it has seen."""

    def __init__(self, choice: Choice, *, bitext: bool, counted: Counted) -> None:
        self._choice = choice
        self._bitext = bitext
        self._counted = counted
        self._seen = Seen() if choice.dedupe else None

    def apply(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """Pass the pairs that are taken; enter the others."""
        for pair in pairs:
            self._counted.read += 1
            reason = self._refuse(pair)
            if reason is None:
                yield pair
            else:
                self._counted.leave(reason)

    def _refuse(self, pair: Pair) -> str | None:
        if self._bitext and pair.tgt is None:
            return "not translated"
        if self._bitext and pair.src_lang == TARGET_LANG:
            return "English already"
        reason = self._choice.refuse(pair)
        if reason is None and self._seen is not None and self._seen.before(pair):
            return "duplicate"
        return reason

    def close(self) -> None:
        """Let go of what was remembered."""
        if self._seen is not None:
            self._seen.close()


class Seen:
    """Pairs met before, as hashes in a private database that moves to the disk when it outgrows its cache."""

    def __init__(self) -> None:
        self._store = sqlite3.connect("", isolation_level=None)  # no name: temporary, and gone with the connection
        self._store.executescript(
            "PRAGMA cache_size = -65536; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE seen (hash BLOB PRIMARY KEY) WITHOUT ROWID; BEGIN"
        )

    def before(self, pair: Pair) -> bool:
        """Tell whether the same pair of texts was asked for before, and remember it."""
        texts = "\0".join((pair.src_lang, pair.src, "" if pair.tgt is None else "\0" + pair.tgt))
        digest = hashlib.blake2b(texts.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        try:
            return self._store.execute("INSERT OR IGNORE INTO seen VALUES (?)", (digest,)).rowcount == 0
        except sqlite3.Error as error:
            message = f"Cannot remember pairs for --dedupe: {error}. Make room in the folder that TMPDIR names."
            raise OutputError(message) from error

    def close(self) -> None:
        """Drop it."""
        self._store.close()
