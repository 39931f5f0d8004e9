"""The books of a run add up, or the run fails."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError
from pipeline.manifest import Counts, PackageEntry, sign
from pipeline.prepare import Prepared
from pipeline.records import Pair, Reject, Segment

SEGMENT = Segment(id="d-0", doc="d", source="d.txt", index=0, start=0, end=3, src="hej")
PAIR = Pair(
    id="d-0", doc="d", source="d.txt", index=0, start=0, end=3, src="hej", src_lang="sv", lang_score=1.0, fixes=(),
    tgt="hi", model="m", score=-1.0, flags=("loop",),
)  # fmt: skip


def balanced() -> Counts:
    counts = Counts()
    counts.enter_prepared(
        [
            Prepared(source="d.txt", doc="d", segments=(SEGMENT,), characters=4, blanks=1, fixes=("nfc",)),
            Prepared(source="e.txt", doc="e"),
            Prepared(source="f.txt", doc="", reject=Reject(source="f.txt", offset=0, reason="torn", length=9)),
        ]
    )
    counts.enter_pairs([PAIR])
    return counts


def test_records_documents_and_rejects_are_entered() -> None:
    counts = balanced()
    assert (counts.records, counts.documents, counts.empty_documents, counts.rejects) == (3, 2, 1, 1)
    assert (counts.languages, counts.flags, counts.fixes) == ({"sv": 1}, {"loop": 1}, {"nfc": 1})
    counts.reconcile(lines=1)


@pytest.mark.parametrize("field", ["records", "characters", "segments", "translated", "pairs"])
def test_a_count_that_is_off_by_one_fails_the_run(field: str) -> None:
    counts = balanced()
    setattr(counts, field, getattr(counts, field) + 1)
    with pytest.raises(PipelineError, match="do not add up"):
        counts.reconcile(lines=counts.pairs if field != "pairs" else 1)


def test_a_line_that_was_not_written_fails_the_run() -> None:
    with pytest.raises(PipelineError, match="pairs = lines written: 1 and 0"):
        balanced().reconcile(lines=0)


def test_the_signature_changes_with_settings_and_packages() -> None:
    package = PackageEntry(name="p", version="1", sha256="ab" * 32, from_lang="sv", to_lang="en", embedded=True)
    signatures = {sign("0.1", {"beam": 1}, []), sign("0.1", {"beam": 2}, []), sign("0.1", {"beam": 1}, [package])}
    assert len(signatures) == 3
