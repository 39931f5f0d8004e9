"""Plant faults into good translations, and count how many are found: `faults.py FOLDER`.

The folder holds `<lang>/*.tsv`, a source and its English a line. Every fault is planted into every pair that can have
it, always in the same way. A fault counts as found where any flag is raised; a flag on an untouched pair is an alarm.
Not all alarms are false: `unsound.tsv` lists, by hash, the flagged pairs whose English was read and found to leave a
number or a clause out, or to be another sentence's.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.detect import load_detector
from pipeline.translate.dates.lost import list_lost_dates
from pipeline.translate.dates.words import DAYS, MONTHS
from pipeline.translate.engine import Hypothesis
from pipeline.translate.faults import find_faults
from pipeline.translate.tables import read_table

Pair = tuple[str, str]
Plant = Callable[[Pair, list[Pair], random.Random], Pair | None]

SCORE = -0.4
NAMED_DAYS, NAMED_MONTHS = (tuple(read_table(table["sv"]).values()) for table in (DAYS, MONTHS))
UNSOUND = Path(__file__).with_name("unsound.tsv")
ENTITIES = (
    "https://www.example.org/a?b=1",
    "info@example.org",
    "@anna_k",
    "#news2024",
    "/usr/local/bin",
    "user_name",
    "%s",
    "{0}",
    "👍🏽",
    "5563217788",
    "<b>",
)


def loop(pair: Pair, _: list[Pair], rng: random.Random) -> Pair | None:
    """Break off somewhere and say the last one to four words again and again."""
    words = pair[1].split()
    at = rng.randint(1, max(1, len(words)))
    cycle = words[max(0, at - rng.randint(1, 4)) : at]
    return pair[0], " ".join(words[:at] + cycle * rng.randint(3, 12))


def cut_short(pair: Pair, _: list[Pair], rng: random.Random) -> Pair | None:
    """Keep a fifth to a half of the words."""
    words = pair[1].split()
    if len(words) < 6:
        return None
    return pair[0], " ".join(words[: max(1, int(len(words) * rng.uniform(0.2, 0.5)))])


def copy(pair: Pair, _: list[Pair], __: random.Random) -> Pair | None:
    """Give the source back."""
    return None if len(pair[0].split()) < 3 else (pair[0], pair[0])


def lost_number(pair: Pair, _: list[Pair], rng: random.Random) -> Pair | None:
    """Leave out one of the numbers that source and target share."""
    shared = sorted(set(re.findall(r"\b[0-9]{2,}\b", pair[0])) & set(re.findall(r"\b[0-9]{2,}\b", pair[1])))
    if not shared:
        return None
    target = re.sub(rf"\b{rng.choice(shared)}\b ?", "", pair[1])
    return pair[0], target


def lost_date(pair: Pair, _: list[Pair], rng: random.Random) -> Pair | None:
    """Say another month or weekday than the one that both source and target have."""
    asked = {word for lang in DAYS for word in list_lost_dates(pair[0], "", lang)}
    said = [word for word in (*NAMED_DAYS, *NAMED_MONTHS) if word in asked and pair[1].count(word) == 1]
    if not said:
        return None
    word = rng.choice(said)
    named = NAMED_DAYS if word in NAMED_DAYS else NAMED_MONTHS
    return pair[0], pair[1].replace(word, rng.choice([other for other in named if other not in asked]))


def lost_entity(pair: Pair, _: list[Pair], rng: random.Random) -> Pair | None:
    """Put an entity into the source only."""
    words = pair[0].split()
    words.insert(rng.randint(0, len(words)), rng.choice(ENTITIES))
    return " ".join(words), pair[1]


def other_language(pair: Pair, others: list[Pair], rng: random.Random) -> Pair | None:
    """Answer with another sentence of about the same length, in the source's language."""
    near = [source for source, _ in rng.sample(others, min(60, len(others))) if 0.8 < len(source) / len(pair[0]) < 1.25]
    near = [source for source in near if source != pair[0] and len(source.split()) > 3]
    return (pair[0], near[0]) if near else None


def empty(pair: Pair, _: list[Pair], rng: random.Random) -> Pair | None:
    """Say nothing, or nothing but a mark."""
    return pair[0], rng.choice(["", " ", ".", "-"])


PLANTS: dict[str, Plant] = {
    "loop": loop,
    "cut_short": cut_short,
    "copy": copy,
    "lost_number": lost_number,
    "lost_date": lost_date,
    "lost_entity": lost_entity,
    "other_language": other_language,
    "empty": empty,
}


def read_pairs(file: Path) -> list[Pair]:
    """Read the pairs of a file."""
    rows = (line.rstrip("\n").split("\t") for line in file.open(encoding="utf-8"))
    return [(row[0], row[1]) for row in rows if len(row) > 1 and row[0] and row[1]]


def read_unsound() -> set[str]:
    """Read the hashes of pairs that are flagged with reason."""
    return {line.split("\t")[0] for line in UNSOUND.read_text(encoding="utf-8").splitlines()}


def is_unsound(pair: Pair, unsound: set[str]) -> bool:
    """Look a pair up among those."""
    return hashlib.sha256("\t".join(pair).encode()).hexdigest()[:12] in unsound


def flag_all(pairs: list[Pair], lang: str) -> Iterator[tuple[str, ...]]:
    """Check pairs as if they had just been translated."""
    detector = load_detector("tolk")
    for source, target in pairs:
        yield find_faults(source, lang, Hypothesis(target, SCORE), lambda text: detector.weigh(text).get("en", 0.0))


def report_alarms(lang: str, name: str, good: list[Pair]) -> None:
    """Print how many untouched pairs are flagged, why, and how many of them are sound."""
    began = time.perf_counter()
    found = [(pair, flags) for pair, flags in zip(good, flag_all(good, lang), strict=True) if flags]
    rate = len(good) / (time.perf_counter() - began)
    unsound = read_unsound()
    false = sum(not is_unsound(pair, unsound) for pair, _ in found)
    names = Counter(flag for _, flags in found for flag in flags).most_common()
    why = ", ".join(f"{flag} {count}" for flag, count in names)
    print(
        f"{lang}  {name:<15} {len(found) / len(good):7.2%} of {len(good)} flagged ({why}), "
        f"{false / len(good):.2%} falsely; {rate:,.0f} pairs/s"
    )


def report_finds(lang: str, good: list[Pair]) -> None:
    """Print how many planted faults are found, by kind."""
    found_all = planted_all = 0
    for name, plant in PLANTS.items():
        rng = random.Random(name)  # noqa: S311 - the same plants every time
        planted = [bad for pair in good if (bad := plant(pair, good, rng)) is not None and bad != pair]
        found = sum(bool(flags) for flags in flag_all(planted, lang))
        print(f"{lang}  {name:<15} {found / max(1, len(planted)):7.2%} of {len(planted)} found")
        found_all, planted_all = found_all + found, planted_all + len(planted)
    print(f"{lang}  all             {found_all / max(1, planted_all):7.2%} of {planted_all} found")


def main(folder: Path) -> None:
    """Print what is found, a line for each language and fault."""
    load_detector("tolk").weigh("Loaded now, so that the rates are of checking alone.")
    for lang in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        files = {file.stem: read_pairs(file) for file in sorted((folder / lang).glob("*.tsv"))}
        good = [pair for pairs in files.values() for pair in pairs]
        for name, pairs in (files | {"untouched": good}).items():
            report_alarms(lang, name, pairs)
        report_finds(lang, good)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: faults.py FOLDER, which holds <language>/*.tsv: a source and its English a line")
    main(Path(sys.argv[1]))
