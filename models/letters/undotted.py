"""List Swedish words that are none without their dots and rings: `undotted.py PACKAGE`.

PACKAGE is the import package. Its `translate/words/undotted.txt` is made from `repair/words.txt.xz`: the commonest of
those words that look alike without å, ä and ö, unless `either.txt` has it.
"""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

LEAST_SCORE = 10
"""Of the list of words, four times the binary logarithm of a count: rarer ones may be misspellings."""
FOLDED = str.maketrans("åäö", "aao")
EITHER = frozenset(Path(__file__).with_name("either.txt").read_text(encoding="utf-8").split())
"""Words that are others without their dots and rings (`händer`), or so short that they might be anything (`öl`)."""
RATHER = {"låst": "läst"}
"""Words that give way to one that is as common in these texts, and commoner elsewhere."""


def list_undotted(rows: list[str]) -> list[str]:
    r"""List the words that a word without dots and rings must be.

    >>> list_undotted(["mänga\t4", "många\t40", "över\t55", "händer\t38", "idé\t30", "skärgårdsö\t9"])
    ['många', 'över']
    """
    best: dict[str, tuple[int, str]] = {}
    for row in rows:
        word, score = row.lower().split("\t")
        plain = word.translate(FOLDED)
        if plain.isascii() and plain.isalpha():
            best[plain] = max(best.get(plain, (0, "")), (int(score), word), key=lambda found: found[0])
    common = {RATHER.get(word, word) for score, word in best.values() if score >= LEAST_SCORE}
    return sorted(common - EITHER)


def main(package: Path) -> None:
    """Read the one list and write the other."""
    rows = lzma.decompress((package / "repair" / "words.txt.xz").read_bytes()).decode().splitlines()
    path = package / "translate" / "words" / "undotted.txt"
    path.write_text("".join(f"{word}\n" for word in list_undotted(rows)), encoding="utf-8")
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
