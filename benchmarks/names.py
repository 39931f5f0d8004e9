"""How often a human translation has the names that `find_names` finds: `python benchmarks/names.py DIR`.

DIR holds a folder for each language, with files of source, tab, English. What is counted is the rule, without a model:
a name that the reference lacks would be forced upon a translation that lost it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.translate.names.find import find_names
from pipeline.translate.names.lost import list_lost_names
from pipeline.translate.words.lists import LANGUAGES


def count_kept(file: Path, lang: str) -> dict[bool, tuple[int, int]]:
    """Count the names of a file, those from the list and those by the rule, and those that the references have."""
    counts = {True: (0, 0), False: (0, 0)}
    for row in file.read_text(encoding="utf-8").splitlines():
        source, reference, *_ = row.split("\t")
        for name in find_names(source, lang):
            found, kept = counts[name.listed]
            counts[name.listed] = found + 1, kept + (not list_lost_names([name], reference))
    return counts


def main() -> None:
    """Print a table."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    print("| set | listed | kept | by the rule | kept |\n| --- | ---: | ---: | ---: | ---: |")
    for lang in LANGUAGES:
        for file in sorted(Path(sys.argv[1], lang).glob("*.tsv")):
            counts = count_kept(file, lang)
            cells = (f"{found} | {kept / max(1, found):.0%}" for found, kept in (counts[True], counts[False]))
            print(f"| {lang} {file.stem} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
