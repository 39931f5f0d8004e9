"""The composition: windows, order, books, and what a run leaves behind."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import victim

from pipeline import dispatch
from pipeline import run as composition
from pipeline.cli.console import summary
from pipeline.errors import InputError, PipelineError
from pipeline.manifest import PackageEntry
from pipeline.prepare import PROCESS_CHARS, Prepared, batched_by_size, digest_record, prepare_records
from pipeline.read import read_documents
from pipeline.records import Document, Reject
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.translate import cut_windows, stage, windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.manifest import Counts


pytestmark = pytest.mark.usefixtures("batch_engine")


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make an input with a reject, an empty document and a few windows."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text(
        "\n".join(['{"text": ""}', "torn {", *(json.dumps({"text": f"Rad {n}. " * 9}) for n in range(9))]), "utf-8"
    )
    (folder / "b.txt").write_text("Sist.", encoding="utf-8")
    return folder


def test_pairs_stand_in_the_order_of_the_input(dump: Path, tmp_path: Path) -> None:
    manifest = run([str(dump)], tmp_path / "out", victim.small_settings())
    lines = [line for name in manifest.shards for line in (tmp_path / "out" / name).read_bytes().splitlines()]
    pairs = [json.loads(line) for line in lines]
    order = [(pair["source"], pair["index"]) for pair in pairs]
    assert order == [(f"a.jsonl#{n}", at) for n in range(3, 12) for at in range(9)] + [("b.txt", 0)]


def test_a_run_takes_paths_and_names_alike(dump: Path, tmp_path: Path) -> None:
    run([dump], str(tmp_path / "named"), victim.small_settings())  # type: ignore[list-item, arg-type] # as scripts do
    run([str(dump)], tmp_path / "out", victim.small_settings())
    assert victim.outcome(tmp_path / "named") == victim.outcome(tmp_path / "out")


def test_a_single_input_is_refused_rather_than_taken_letter_by_letter(dump: Path, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="Put a single one into a list"):
        run(str(dump), tmp_path / "out", victim.small_settings())


def test_the_books_of_a_run_add_up(dump: Path, tmp_path: Path) -> None:
    counts = run([str(dump)], tmp_path / "out", victim.small_settings()).counts
    assert (counts.records, counts.documents, counts.rejects, counts.empty_documents) == (12, 11, 1, 1)
    assert counts.characters == counts.segment_characters + counts.blank_characters
    assert counts.pairs == 82


def test_books_that_do_not_add_up_fail_the_run(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "translate_batch", lambda *_: [])
    with pytest.raises(PipelineError, match=r"counts do not add up .*segments = pairs"):
        run([str(dump)], tmp_path / "out", victim.small_settings())
    assert not (tmp_path / "out/manifest.json").exists()


def test_windows_are_cut_where_a_pipe_of_stages_cuts_them(dump: Path) -> None:
    settings = victim.small_settings()
    records = list(prepare_records(read_documents([str(dump)], settings), settings))
    cut = [
        [segment.id for record in window for segment in record.segments]
        for window in cut_windows(records, lambda record: record.segments, settings.window_chars)
    ]
    segments = (segment for record in records for segment in record.segments)
    assert cut == [[segment.id for segment in window] for window in windows(segments, settings.window_chars)]


def test_a_large_document_is_prepared_alike_in_a_process_of_its_own() -> None:
    text = "Senaste nytt från Malmö. Vägen är stängd.\n\n" * (2 * PROCESS_CHARS // 40)
    documents = [Document(id="0" * 16, source="a", text=text, meta={"x": [1, 2.0, None, 2**70]})]
    alone, beside = (list(prepare_records(documents, victim.small_settings(workers=n))) for n in (1, 2))
    assert alone == beside
    assert len(alone[0].segments) > PROCESS_CHARS // 40


def test_records_without_text_close_a_window_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "WINDOW_BLANKS", 10)
    records = [Prepared(source=f"a#{n}", doc="") for n in range(25)]
    assert [len(window) for window in cut_windows(records, lambda record: record.segments, 1000)] == [10, 10, 5]


def test_input_is_not_read_ahead_of_the_windows(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = committed = most = 0

    def read(*_: object) -> Iterator[Document]:
        nonlocal taken
        for taken in range(1500):
            yield Document(id=f"{taken:016x}", source=f"a#{taken}", text="En rad. " * 20)

    def watch(counts: Counts) -> None:
        nonlocal committed, most
        most, committed = max(most, taken - committed), counts.records

    monkeypatch.setattr(composition, "read_documents", read)
    run([str(dump)], tmp_path / "out", victim.small_settings(window_chars=5000), watch=watch)
    assert most < 1300  # a task of 500 records or 100,000 characters, and the window's own


def test_nothing_is_made_for_inputs_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file or folder"):
        run([str(tmp_path / "nowhere")], tmp_path / "out", Settings())
    assert not (tmp_path / "out").exists()


def test_a_finished_run_is_done_again_when_asked_again(dump: Path, tmp_path: Path) -> None:
    run([str(dump)], tmp_path / "out", victim.small_settings())
    (dump / "b.txt").unlink()
    assert run([str(dump)], tmp_path / "out", victim.small_settings()).counts.documents == 10
    assert not (tmp_path / "out/.tolk").exists()


def test_the_summary_names_the_packages_that_had_something_to_translate(dump: Path, tmp_path: Path) -> None:
    manifest = run([str(dump)], tmp_path / "out", victim.small_settings())
    about: dict[str, Any] = {"version": "1", "sha256": "ab" * 32, "to_lang": "en", "embedded": True}
    manifest.packages = [PackageEntry(name=f"{lang}_en", from_lang=lang, **about) for lang in ("sv", "id")]
    assert re.search(r"translated +82  sv_en 1$", summary(manifest, "out"), re.MULTILINE)


def test_tasks_are_of_about_equal_work() -> None:
    short = [Document(id="0" * 16, source="a", text="kort") for _ in range(1200)]
    assert [len(task) for task in batched_by_size(short)] == [500, 500, 200]
    long = [Document(id="0" * 16, source="a", text="lång " * 10_000, meta={"page": "x" * 60_000})] * 3
    assert [len(task) for task in batched_by_size(long)] == [1, 1, 1]


def test_whatever_was_read_of_a_record_shows_in_its_digest() -> None:
    document = Document(id="0" * 16, source="a", text="x", meta={"n": 1})
    other = Document(id="0" * 16, source="a", text="x", meta={"n": 2})
    reject = Reject(source="a", offset=0, reason="r", length=1, text="x")
    assert len({digest_record(record) for record in (document, other, reject)}) == 3
