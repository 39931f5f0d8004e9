"""Lines in two languages: one that reads as English, but holds words that only Swedish or Indonesian has.

English is left as it is, so such a line would stay half foreign; a translator copies what is English already.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pipeline.detect.lexicon import Lexicon

LEAST_WORDS: Final = 2
"""Different words that English does not have."""
LEAST_SHARE: Final = 0.2
"""Share of the line's words that they are, so that an English sentence may name foreign things."""
FOREIGN: Final = 5
"""Nats that one of them at least speaks against English."""
LEAST_FOREIGN: Final = 2
"""Nats that the others do."""
OWN_LANGUAGES: Final = ("sv", "id")
OWN: Final = 1
"""Nats that a word may speak against its language, and must speak more against `OTHERS`."""
OTHERS: Final = ("de", "es", "fr", "it", "nl", "pt", "pl", "tl", "fi", "et")
"""Languages whose words English text holds as well: a word that one of them has tells nothing."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_ASIDE: Final = re.compile(r'\([^()]{1,200}\)|["“”«»][^"“”«»]{1,200}["”“«»]')
"""What English text names a foreign thing in."""


class Mixtures:
    """Finds such lines by the words of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._rows = lexicon.rows
        self._columns = lexicon.columns
        self._judge = functools.cache(self._judge_row)

    def find(self, text: str) -> tuple[str, float] | None:
        """Name the language that an English line is mixed with, and the share of its words that are of that language.

        Words with a capital letter may be names; only the first word of the line counts all the same.
        """
        words = _WORD.findall(_ASIDE.sub(" ", text))
        different = {words[0].lower(), *filter(str.islower, words)} if words else set()
        rows = [self._rows.get(word) for word in different if len(word) > 1]
        foreign = [found for row in rows if row and (found := self._judge(row))]
        if len(foreign) < LEAST_WORDS:
            return None
        for language in OWN_LANGUAGES:
            nats = [against for own, against in foreign if own == language]
            if len(nats) >= max(LEAST_WORDS, LEAST_SHARE * len(words)) and max(nats) >= FOREIGN:
                return language, round(len(nats) / len(words), 6)
        return None

    def _judge_row(self, row: int) -> tuple[str, int] | None:
        """Say which language words are of that English and others lack, and how much they say against English."""
        digits = row.to_bytes(len(self._columns))
        nats = {language: digits[column] for language, column in self._columns.items()}
        own = min(OWN_LANGUAGES, key=lambda language: nats.get(language, OWN + 1))
        against = nats.get("en", 0) - nats.get(own, OWN + 1)
        if against < LEAST_FOREIGN or nats[own] > OWN or any(nats.get(other, OWN + 1) <= OWN for other in OTHERS):
            return None
        return own, against
