"""Train the language detector: `train.py LINES… --out FOLDER` writes `lid.ftz`; `lexicon.py`, `calibrate.py` come next.

LINES are folders of `<language>.txt`, one text a line, ISO 639 codes as names. Needs `fasttext` and NumPy below 2 (its
reader breaks with 2), one core, about 2 GB and a quarter of an hour.

Training shows the model what it will meet: whole lines, and many more windows of one to eight words cut out of them,
since headings and buttons are what is hard. The phrases of web pages in `phrases/` and its contrasts between close
languages are lines like any other.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from pipeline.detect.classifier import LABEL_PREFIX, WEIGHTS_FILE, find_words  # noqa: E402 — from the checkout

CORE = ("sv", "id", "en")
CLOSE = ("da", "nb", "nn", "ms")
ROWS = {"core": 400_000, "ms": 220_000, "close": 160_000, "large": 90_000, "small": 60_000, "tiny": 25_000}
"""Training rows by kind of language; `tiny` are those that are only there to be told apart from the others."""
WINDOW_WORDS = (1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 8)
PHRASES = 0.12
"""Share of the rows that are phrases, in a language that has some."""
NAMED = 0.1
"""Share of the short rows that are given a name."""
RESPELT = 70_000
NAME = re.compile(r"(?<=[a-zåäö,] )[A-Z][a-z]{3,}")
HELD_OUT = 1500
CODES = {"min": "ms", "bjn": "ms"}
"""Without a code in ISO 639-1, but members of its macrolanguage `ms`."""


def read_lines(folders: list[Path]) -> dict[str, list[str]]:
    """Words of the lines, by language, without repeats and without English lines among the others."""
    by_language: dict[str, dict[str, None]] = defaultdict(dict)
    for file in sorted(path for folder in folders for path in folder.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").split("\n"):
            words = find_words(line)
            if words:
                by_language[file.stem][words] = None
    english = by_language["en"]
    return {
        language: [line for line in lines if language == "en" or line not in english]
        for language, lines in by_language.items()
    }


def read_phrases(folder: Path) -> dict[str, list[str]]:
    """Phrases by language; a column a language, cells with several phrases divided by `|`."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for file in sorted(folder.glob("*.tsv")):
        header, *rows = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
        for row in rows:
            for language, cell in zip(header.split("\t"), row.split("\t"), strict=False):
                by_language[language] += filter(None, (find_words(phrase) for phrase in cell.split("|")))
    return by_language


def read_respelling(path: Path) -> dict[str, str]:
    """Indonesian words and what Malay says instead."""
    pairs = (line.split("\t") for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:])
    return {indonesian: find_words(malay) for indonesian, malay in pairs}


def respell(lines: list[str], words: dict[str, str]) -> list[str]:
    """Make Malay lines of Indonesian ones, where two words or more differ.

    There is Indonesian news to learn from and hardly any Malay: without these lines all news would be Indonesian.
    """
    made = []
    for line in lines:
        old = line.split()
        new = [words.get(word, word) for word in old]
        if sum(a != b for a, b in zip(old, new, strict=True)) >= 2 and len(old) > 5:
            made.append(" ".join(new))
    return made


def find_names(folders: list[Path]) -> list[str]:
    """Names that Swedish and Indonesian lines share: capitals inside a sentence, hardly ever lower-cased.

    They stand in texts of every language, and must not speak for the one whose lines happen to hold most of them.
    """
    capital, small = defaultdict(Counter), Counter()
    for file in sorted(path for folder in folders for path in folder.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").split("\n"):
            if file.stem in CORE:
                capital[file.stem].update(word.lower() for word in NAME.findall(line))
            small.update(word for word in line.split() if word.islower())
    return sorted(
        name
        for name, count in capital["sv"].items()
        if capital["id"][name] > 1 and count > 1 and small[name] < (count + capital["id"][name]) / 20
    )


def count_rows(language: str, lines: int) -> int:
    """How many rows of a language the model sees."""
    if language in CORE:
        return ROWS["core"]
    if language in CLOSE:
        return ROWS["ms"] if language == "ms" else ROWS["close"]
    return ROWS["large"] if lines > 20_000 else ROWS["small"] if lines > 3_000 else ROWS["tiny"]


def name_somebody(rows: list[str], names: list[str], rng: random.Random) -> list[str]:
    """Put a name or two into some of the rows."""
    named = []
    for row in rows:
        words = row.split()
        if rng.random() < NAMED and len(words) < 12:
            at = rng.randrange(len(words) + 1)
            words[at:at] = rng.choices(names, k=rng.choice((1, 1, 2)))
        named.append(" ".join(words))
    return named


def cut_windows(lines: list[str], count: int, rng: random.Random) -> list[str]:
    """Runs of a few words, from long lines more often than from short ones."""
    split = [line.split() for line in lines]
    rows = []
    for words in rng.choices(split, [min(len(words), 30) for words in split], k=count):
        size = rng.choice(WINDOW_WORDS)
        start = rng.randrange(max(1, len(words) - size + 1))
        rows.append(" ".join(words[start : start + size]))
    return rows


def make_rows(lines: list[str], phrases: list[str], count: int, rng: random.Random) -> list[str]:
    """A language's training rows: a third whole lines, the rest windows, some phrases alone or in pairs."""
    spoken = int(count * PHRASES) if len(phrases) > 100 else 10 * len(phrases)
    rows = [" ".join(rng.choices(phrases, k=rng.choice((1, 1, 1, 2, 3)))) for _ in range(spoken)]
    whole = min((count - spoken) // 3, 3 * len(lines))
    rows += [lines[n % len(lines)] for n in range(whole)]
    return rows + cut_windows(lines, count - len(rows), rng)


def split_lines(folders: list[Path], rng: random.Random) -> tuple[list[tuple[str, str]], dict[str, list[str]]]:
    """Training rows of all languages, and the lines that are held out."""
    phrases = read_phrases(HERE / "phrases")
    rows: list[tuple[str, str]] = []
    held: dict[str, list[str]] = {}
    names = [*find_names(folders), *(HERE / "names.txt").read_text(encoding="utf-8").split()]
    by_language = read_lines(folders)
    for language, lines in by_language.items():
        rng.shuffle(lines)
        apart = min(HELD_OUT, len(lines) // 12)
        held[language] = lines[:apart]
        kept = lines[apart:]
        made = make_rows(kept, phrases[language], count_rows(language, len(kept)), rng)
        rows += [(language, row) for row in name_somebody(made, names, rng)]
    malay = respell(by_language["id"][HELD_OUT:], read_respelling(HERE / "respell.tsv"))
    rows += [("ms", row) for row in make_rows(malay, [], RESPELT, rng)]
    return rows, held


def train(rows: list[tuple[str, str]], folder: Path, args: argparse.Namespace) -> None:
    """Train, quantise each coordinate to a byte, and write the weights."""
    import fasttext

    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.writelines(f"{LABEL_PREFIX}{language} {text}\n" for language, text in rows)
        file.flush()
        model = fasttext.train_supervised(
            file.name, dim=args.dim, bucket=args.buckets, minCount=args.min_count, minn=1, maxn=5, wordNgrams=1,
            epoch=args.epochs, lr=args.rate, loss="softmax", thread=1, verbose=1,
        )  # fmt: skip
    if args.keep:
        model.save_model(str(args.keep))
    model.quantize(dsub=1, qnorm=True)
    model.save_model(str(folder / WEIGHTS_FILE))


def main() -> None:
    """Read, hold out, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lines", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--keep", type=Path, help="also write the model before it is quantised")
    parser.add_argument("--held", type=Path, help="also write the lines that were held out, for `calibrate.py`")
    parser.add_argument("--dim", type=int, default=12)
    parser.add_argument("--buckets", type=int, default=440_000)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=0.4)
    parser.add_argument("--min-count", type=int, default=25)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(1)  # noqa: S311 — no secret
    rows, held = split_lines(args.lines, rng)
    rng.shuffle(rows)
    print(f"{len(rows)} rows, {len(held)} languages")
    train(rows, args.out, args)
    if args.held:
        lines = ["language\tkind\ttext", *(f"{code}\theld out\t{line}" for code in held for line in held[code])]
        args.held.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "MALLOC_PERTURB_" not in os.environ:  # fasttext 0.9.3 counts on fresh memory to be zero, or meets a NaN
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "MALLOC_PERTURB_": "255"})  # noqa: S606
    main()
