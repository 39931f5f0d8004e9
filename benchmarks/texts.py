"""Text to measure on: lines made of the example dump's sentences, or sources of `source TAB English` files."""

from __future__ import annotations

import json
import random
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / "tests" / "golden" / "example.jsonl"
MIN_WORDS = 6


def make_lines(count: int, lang: str, folder: Path | None = None, *, boilerplate: float = 0.0) -> list[str]:
    """Give distinct lines of one language; a share of them is boilerplate that comes again and again.

    The lines of `folder/LANG/*.tsv` come first, where there are such, mixed; then sentences of the example dump joined
    by halves, which read oddly and cost a model as much as real ones.
    """
    numbers = random.Random(count)  # noqa: S311 - a repeatable choice of text, no secret
    unique = _read_sources(folder, lang) if folder else []
    sentences = _read_example(lang)
    seen = set(unique)
    while len(unique) < count:
        first, second = numbers.sample(sentences, 2)
        line = f"{_half(first, 0)} {_half(second, 1)}, {numbers.randrange(10_000)}."
        if line not in seen:
            seen.add(line)
            unique.append(line)
    repeated = sentences[:8]
    return [numbers.choice(repeated) if numbers.random() < boilerplate else line for line in unique[:count]]


def _read_example(lang: str) -> list[str]:
    pairs = map(json.loads, EXAMPLE.read_text(encoding="utf-8").splitlines())
    return [pair["src"] for pair in pairs if pair["src_lang"] == lang and len(pair["src"].split()) >= MIN_WORDS]


def _read_sources(folder: Path, lang: str) -> list[str]:
    files = sorted((folder / lang).glob("*.tsv"))
    lines = (line.split("\t")[0].strip() for file in files for line in file.read_text(encoding="utf-8").splitlines())
    unique = list(dict.fromkeys(line for line in lines if line))
    random.Random(0).shuffle(unique)  # noqa: S311 - of few lines as of many, each file has its share
    return unique


def _half(sentence: str, which: int) -> str:
    words = sentence.split()
    middle = len(words) // 2
    return " ".join(words[middle:] if which else words[:middle]).rstrip(".!?")


def replace_table(page: Path, name: str, table: str) -> None:
    """Put a table into a Markdown page, between the comments that bear its name."""
    head, _, rest = page.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    tail = rest.partition(f"<!-- /{name} -->\n")[2]
    page.write_text(f"{head}<!-- {name} -->\n{table}<!-- /{name} -->\n{tail}", encoding="utf-8")
