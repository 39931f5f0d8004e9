"""Word frequencies by language: a second opinion beside the weights, whose strength is character n-grams.

The file names the languages in its first line. Each further line holds words whose frequencies are alike: one digit a
language (how far, in nats, the words are less frequent there than where they are most frequent), and the words.
`models/lid/lexicon.py` counts and writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.errors import PackageError

if TYPE_CHECKING:
    from pathlib import Path

MOST_WORDS: Final = 28
"""Words that are looked up: with digits up to 9, no sum of more would fit into a byte."""
CLEAR: Final = 10
"""Nats between a language and the next, beyond which a long text is clear; a word that none knows asks for one more."""
_DIGITS: Final = bytes(max(0, n - ord("0")) % 10 for n in range(256))
"""Translates the digits of ASCII to their values."""


class Lexicon:
    """The words of a file, each with what it says against every language."""

    def __init__(self, path: Path) -> None:
        try:
            head, *groups = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            message = f"The language detector's {path} cannot be read ({error})"
            raise PackageError(message, mend="Install Tolk again.") from error
        self.columns = {language: n for n, language in enumerate(head.split())}
        """Where each language stands in what `look_up` gives; all others stand after the last."""
        self._languages = list(self.columns)
        self.rows: dict[str, int] = {}
        """What each word says: its digits, a byte each, as one number."""
        for group in groups:
            digits, _, words = group.partition(" ")
            row = int.from_bytes(digits.encode().translate(_DIGITS))
            for word in words.split(" "):
                self.rows[word] = row

    def look_up(self, words: str) -> tuple[bytes, int]:
        """Add up what the words say against each language, last what they say on average; count the unknown ones.

        Nothing is said if none is known. A row of digits is one large number, a byte a digit: adding two is one step.
        """
        heads = dict.fromkeys(words.split(" ", MOST_WORDS)[:MOST_WORDS])
        rows = list(filter(None, map(self.rows.get, heads)))
        if not rows:
            return b"", len(heads)
        languages = len(self.columns)
        against = sum(rows).to_bytes(languages)
        return against + bytes((round(sum(against) / languages),)), len(heads) - len(rows)

    def find_leader(self, against: bytes, unknown: int) -> str | None:
        """Name the language that words leave no doubt about: the others are far behind, and few words are unknown."""
        if not against:
            return None
        best, second = sorted(against[:-1])[:2]
        return self._languages[against.index(best)] if second - best >= CLEAR + unknown else None
