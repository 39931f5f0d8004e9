"""The figures of one run, each as a card: languages, repairs, flags, scores, lengths, time, rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.figures import LENGTHS, SCORES
from pipeline.report.plots import NO_BREAK, bars, histogram, language, number, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.manifest import Counts, Manifest
    from pipeline.report.figures import Figures, Rejects


def cards(manifest: Manifest, figures: Figures, rejects: Rejects) -> str:
    """Draw every figure."""
    counts = manifest.counts
    return "".join(
        [
            _segment_languages(counts),
            _document_languages(counts, figures),
            _repairs(counts),
            _flags(counts),
            *_scores(figures),
            _lengths(figures),
            _throughput(manifest),
            _reasons(rejects),
        ]
    )


def _segment_languages(counts: Counts) -> str:
    named = [(language(code), count) for code, count in counts.languages.items()]
    return bars("Languages, by segment", "segments", named, whole=counts.pairs, empty="No segment.")


def _document_languages(counts: Counts, figures: Figures) -> str:
    named = [(language(code), count) for code, count in figures.documents.items()]
    if counts.empty_documents:
        named.append(("without text", counts.empty_documents))
    hold = "document holds" if figures.mixed == 1 else "documents hold"
    note = f"{number(figures.mixed)} {hold} more than one language; each counts under its main one."
    return bars("Languages, by document", "documents", named, whole=sum(n for _, n in named), note=note)


def _repairs(counts: Counts) -> str:
    note = "Documents that a step changed; one document may have had several."
    return bars("Repairs", "documents", counts.fixes.items(), whole=counts.documents, note=note, empty="None needed.")


def _flags(counts: Counts) -> str:
    note = "A pair may have several flags."
    return bars("Flags", "pairs", counts.flags.items(), whole=counts.pairs, note=note, kind="warn", empty="None.")


def _scores(figures: Figures) -> Iterator[str]:
    """Draw each language's scores; the languages with the most come first."""
    labels = [f"below {SCORES[0]}", *(f"from {bound}" for bound in SCORES)]
    ordered = sorted(figures.scores.items(), key=lambda item: -sum(item[1]))
    for code, bins in ordered[:4]:
        note = "Mean log-probability of a token: nearer to 0, the surer the model was."
        yield histogram(f"Scores, {language(code)}", bins, labels, ("−2 and below", "0"), note)


def _lengths(figures: Figures) -> str:
    bounds = [0, *LENGTHS]
    labels = [f"{low}–{high - 1}" for low, high in zip(bounds, LENGTHS, strict=False)] + [f"{LENGTHS[-1]} and more"]
    ends = ("under 10 characters", f"{LENGTHS[-1]} and more")
    return histogram("Length of segments", figures.lengths, labels, ends, "Each column holds lengths twice the last's.")


def _throughput(manifest: Manifest) -> str:
    """Draw the seconds of each stage, and what it got through in one."""
    last = manifest.last_run.counts
    counts = last if last.records else manifest.counts  # an older manifest does not tell its last run apart
    amounts = {
        "prepare": (counts.characters, "characters/s"),
        "translate": (counts.translated, "translations/s"),
    }
    rows = []
    for stage, seconds in manifest.seconds.items():
        amount, unit = amounts.get(stage, (counts.pairs, "pairs/s"))
        rows.append((stage, seconds, f"{number(amount / seconds)}{NO_BREAK}{unit}" if seconds else ""))
    note = (
        "Wall clock. Preparation runs beside translation and counts only where translation waits for it. Among the "
        "translations are those that came from memory."
    )
    return table("Time, by stage", "seconds", rows, note, unit=f"{NO_BREAK}s", empty="Not measured.")


def _reasons(rejects: Rejects) -> str:
    note = "Every one is in rejects.jsonl, with its place, its bytes and what to do about it."
    return bars("Rejects, by reason", "records", rejects.reasons.items(), whole=rejects.count, note=note, kind="bad")
