"""Runs that take only what is new, night after night into one folder."""

from __future__ import annotations

import contextlib
import errno
import gzip
import importlib
import json
import os
import random
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import test_read_warc
import test_read_wiki
import victim
from conftest import ROOT

from pipeline.errors import HeldError, OutputError
from pipeline.read import streams
from pipeline.run import run
from pipeline.write import Output

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from io import BufferedReader


pytestmark = pytest.mark.usefixtures("batch_engine")


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make an input of two files."""
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.jsonl", ["Första raden.", "Andra raden.", "Tredje raden."])
    (folder / "b.txt").write_text("En sida för sig.", encoding="utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Name the output folder."""
    return tmp_path / "out"


def write(path: Path, texts: list[str]) -> None:
    """Write a file of records."""
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")


def night(dump: Path, out: Path, *, fresh: bool = False, **given: object) -> dict[str, Any]:
    """Run once and give the manifest, as it is written."""
    run([str(dump)], out, victim.small_settings(**given), incremental=True, fresh=fresh)
    manifest: dict[str, Any] = json.loads((out / "manifest.json").read_bytes())
    return manifest


def lines_of(file: Path) -> list[dict[str, Any]]:
    """Decode a file of lines."""
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def column(out: Path, name: str) -> list[str]:
    """Give a field of each pair, in order."""
    return [line[name] for shard in sorted(out.glob("pairs-*.jsonl")) for line in lines_of(shard)]


def test_a_second_run_over_unchanged_input_adds_nothing(dump: Path, out: Path) -> None:
    night(dump, out)
    before = victim.outcome(out)
    manifest = night(dump, out)
    assert victim.outcome(out) == before
    assert manifest["last_run"]["counts"]["records"] == 0
    assert (manifest["last_run"]["unchanged"], manifest["counts"]["documents"]) == (4, 4)


def test_what_is_new_goes_to_a_new_shard(dump: Path, out: Path) -> None:
    night(dump, out)
    first = (out / "pairs-00000.jsonl").read_bytes()
    (dump / "c.txt").write_text("En ny sida.", encoding="utf-8")
    manifest = night(dump, out)
    assert (out / "pairs-00000.jsonl").read_bytes() == first
    assert manifest["shards"] == ["pairs-00000.jsonl", "pairs-00001.jsonl"]
    assert manifest["last_run"]["shards"] == ["pairs-00001.jsonl"]
    assert column(out, "source")[-1] == "c.txt"


def test_shards_may_be_moved_away_and_their_numbers_are_not_used_again(dump: Path, out: Path) -> None:
    night(dump, out)
    (out / "pairs-00000.jsonl").unlink()
    (out / "rejects.jsonl").unlink()
    (dump / "c.txt").write_text("En ny sida.", encoding="utf-8")
    assert night(dump, out)["last_run"]["shards"] == ["pairs-00001.jsonl"]
    assert night(dump, out)["last_run"]["unchanged"] == 5
    assert [shard.name for shard in out.glob("pairs-*")] == ["pairs-00001.jsonl"]


def test_lines_that_shift_in_a_file_are_not_new(dump: Path, out: Path) -> None:
    night(dump, out)
    write(dump / "a.jsonl", ["En rad före.", "Första raden.", "Andra raden.", "Tredje raden.", "Och en efter."])
    manifest = night(dump, out)
    assert manifest["last_run"]["counts"]["documents"] == 2
    assert column(out, "source")[-2:] == ["a.jsonl#1", "a.jsonl#5"]


def test_what_came_in_after_a_run_that_died_among_its_last_renames_is_taken_at_once(dump: Path, out: Path) -> None:
    def die_at_the_end() -> None:
        Output.finish = lambda *_: os._exit(9)  # type: ignore[method-assign]
        night(dump, out)

    night(dump, out)
    write(dump / "c.jsonl", ["Kom före."])
    assert victim.forked(die_at_the_end) == 9
    write(dump / "d.jsonl", ["Kom efter."])
    manifest = night(dump, out)
    assert column(out, "src")[-2:] == ["Kom före.", "Kom efter."]
    assert (manifest["counts"]["documents"], manifest["last_run"]["unchanged"]) == (6, 5)


def test_a_changed_document_is_new_and_its_old_content_removed(dump: Path, out: Path) -> None:
    night(dump, out)
    (dump / "b.txt").write_text("En sida för sig, ändrad.", encoding="utf-8")
    manifest = night(dump, out)
    assert (manifest["last_run"]["counts"]["documents"], manifest["last_run"]["removed"]) == (1, 1)


def test_removed_documents_are_listed_for_as_long_as_they_are_away(dump: Path, out: Path) -> None:
    night(dump, out)
    doc = lines_of(out / "pairs-00000.jsonl")[-1]["doc"]
    text = (dump / "b.txt").read_bytes()
    (dump / "b.txt").unlink()
    assert night(dump, out)["last_run"]["removed"] == 1
    assert json.loads((out / "removed.jsonl").read_bytes()) == {"source": "b.txt", "doc": doc}
    assert night(dump, out)["last_run"]["removed"] == 1
    assert (out / "removed.jsonl").read_bytes()
    (dump / "b.txt").write_bytes(text)
    assert night(dump, out)["last_run"]["counts"]["documents"] == 0
    assert not (out / "removed.jsonl").read_bytes()


def test_removed_documents_are_counted_as_they_are_listed(dump: Path, out: Path) -> None:
    night(dump, out)
    for texts in (["Första raden.", "Tredje raden."], ["Tredje raden."], ["Tredje raden.", "Ny."]):
        write(dump / "a.jsonl", texts)
        assert night(dump, out)["last_run"]["removed"] == len(lines_of(out / "removed.jsonl"))


def test_the_list_of_removed_documents_is_there_from_the_first_night_on(dump: Path, out: Path) -> None:
    night(dump, out)
    assert not (out / "removed.jsonl").read_bytes()
    before = (out / "removed.jsonl").stat()
    night(dump, out)
    assert (out / "removed.jsonl").stat() == before  # so that nothing is brought to an address again


def test_the_list_of_removed_documents_changes_with_the_manifest_and_not_before(dump: Path, out: Path) -> None:
    night(dump, out)
    (dump / "b.txt").unlink()

    def die_before_the_finish() -> None:
        setattr(Output, "finish", lambda *_: victim.die())  # noqa: B010
        night(dump, out)

    assert victim.forked(die_before_the_finish) == -9
    assert ((out / "manifest.json").exists(), (out / "removed.jsonl").read_bytes()) == (True, b"")
    night(dump, out)
    assert removed(out) == ["b.txt"]


def test_a_list_of_removed_documents_that_a_killed_run_had_made_is_forgotten(dump: Path, out: Path) -> None:
    night(dump, out)
    text = (dump / "b.txt").read_bytes()
    (dump / "b.txt").unlink()

    def die_once_the_list_is_made() -> None:
        real = Output._list_removed

        def list_and_die(self: Output, removed: Any) -> None:
            real(self, removed)
            victim.die()

        setattr(Output, "_list_removed", list_and_die)  # noqa: B010
        night(dump, out)

    assert victim.forked(die_once_the_list_is_made) == -9
    (dump / "b.txt").write_bytes(text)
    night(dump, out)
    assert removed(out) == []


def test_a_fresh_start_reads_the_rejects_of_the_run_before_anew(dump: Path, out: Path) -> None:
    (dump / "bad.jsonl").write_text('{"bad": 1}\n', encoding="utf-8")
    night(dump, out)
    rejects = (out / "rejects.jsonl").read_bytes()
    assert rejects
    night(dump, out, fresh=True)
    assert (out / "rejects.jsonl").read_bytes() == rejects


def removed(out: Path) -> list[str]:
    """List the files of the documents that are told to be gone."""
    return [line["source"] for line in lines_of(out / "removed.jsonl")]


def pack(path: Path, texts: list[str]) -> bytes:
    """Write a packed file of records, and give its bytes."""
    path.write_bytes(gzip.compress("".join(json.dumps({"text": text}) + "\n" for text in texts).encode()))
    return path.read_bytes()


@pytest.mark.parametrize("harm", ["cut", "damaged"])
def test_documents_of_a_file_that_cannot_be_read_on_are_not_gone(dump: Path, out: Path, harm: str) -> None:
    chance = random.Random(3)  # noqa: S311 - nothing to keep secret
    file = dump / "many.jsonl.gz"
    whole = pack(file, [f"{chance.random()}" for _ in range(400)])
    night(dump, out)
    half = len(whole) // 2
    file.write_bytes(whole[:half] + b"\0" * half * (harm == "damaged"))
    for is_new in (True, False):
        last = night(dump, out)["last_run"]
        assert (last["counts"]["rejects"] > 0, last["removed"], removed(out)) == (is_new, 0, [])
    file.write_bytes(whole)
    assert night(dump, out)["last_run"]["removed"] == 0
    file.unlink()
    assert night(dump, out)["last_run"]["removed"] == len(removed(out)) == 400


@pytest.mark.parametrize("kind", ["warc", "xml", "parquet", "html.gz"])
def test_every_format_tells_that_a_file_was_cut_short(dump: Path, out: Path, kind: str) -> None:
    file = dump / f"half.{kind}"
    if kind == "warc":
        file.write_bytes(b"".join(map(test_read_warc.page, ["Sida ett.", "Sida två.", "Sida tre."])))
    elif kind == "xml":
        file.write_bytes(test_read_wiki.dump(*(test_read_wiki.page(f"Ort {n}", "En stad. " * 9) for n in range(3))))
    elif kind == "parquet":
        pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        importlib.import_module("pyarrow.parquet").write_table(pa.table({"text": ["Rad ett.", "Rad två."]}), file)
    else:
        file.write_bytes(gzip.compress(b"<main><p>En sida.</p></main>"))
    night(dump, out)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert night(dump, out)["last_run"]["counts"]["rejects"] == 1
    assert removed(out) == []


def test_a_record_that_shows_its_file_damaged_keeps_the_others_and_one_with_its_own_fault_does_not(
    dump: Path, out: Path
) -> None:
    pages = [test_read_wiki.page(f"Ort {n}", "En stad. " * 9) for n in range(3)]
    (dump / "wiki.xml").write_bytes(test_read_wiki.dump(*pages))
    night(dump, out)
    (dump / "wiki.xml").write_bytes(test_read_wiki.dump(pages[0].replace("</title>", ""), pages[1]))
    write(dump / "a.jsonl", ["Första raden.", "Andra raden."])
    with (dump / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write("torn {\n")
    night(dump, out)
    rejects = lines_of(out / "rejects.jsonl")
    assert [line["source"] for line in rejects] == ["a.jsonl#3", "wiki.xml#1"]
    assert rejects[0].keys() == rejects[1].keys()
    assert removed(out) == ["a.jsonl"]


def test_documents_of_a_file_that_cannot_be_opened_are_not_gone(
    dump: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(path: str) -> AbstractContextManager[BufferedReader]:
        if Path(path).parent == dump:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path)

    night(dump, out)
    opened = streams._open
    monkeypatch.setattr(streams, "_open", close)
    night(dump, out)
    assert removed(out) == []


def test_documents_of_a_folder_that_cannot_be_listed_are_not_gone(
    dump: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dump / "sub").mkdir()
    (dump / "sub0").mkdir()
    (dump / "sub/c.txt").write_text("Här inne.", encoding="utf-8")
    (dump / "sub0/c.txt").write_text("Bredvid.", encoding="utf-8")
    night(dump, out)
    (dump / "sub0/c.txt").unlink()
    scandir = os.scandir

    def close(folder: str | Path) -> object:
        if Path(folder).name == "sub":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", close)
    night(dump, out)
    assert removed(out) == ["sub0/c.txt"]


def test_what_was_gone_before_its_file_was_torn_stays_gone(dump: Path, out: Path) -> None:
    for texts in (["Kvar.", "Kvar också.", "Borta."], ["Kvar.", "Kvar också."], ["Kvar."]):
        packed = pack(dump / "c.jsonl.gz", texts)
        night(dump, out)
    (dump / "c.jsonl.gz").write_bytes(packed[:-4])
    night(dump, out)
    assert removed(out) == ["c.jsonl.gz"] * 2


def test_the_same_text_twice_is_taken_twice_and_then_known_twice(dump: Path, out: Path) -> None:
    write(dump / "a.jsonl", ["Samma rad."] * 3)
    assert night(dump, out)["counts"]["documents"] == 4
    assert night(dump, out)["last_run"]["counts"]["documents"] == 0
    write(dump / "a.jsonl", ["Samma rad."] * 5)
    assert night(dump, out)["last_run"]["counts"]["documents"] == 2


def test_a_reject_is_reported_once(dump: Path, out: Path) -> None:
    with (dump / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write("torn {\n")
    assert night(dump, out)["last_run"]["counts"]["rejects"] == 1
    assert night(dump, out)["last_run"]["counts"]["rejects"] == 0
    with (dump / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write("torn too {\n")
    assert night(dump, out)["counts"]["rejects"] == 2
    assert [line["text"] for line in lines_of(out / "rejects.jsonl")] == ["torn {", "torn too {"]


def test_counts_of_all_nights_and_of_the_last_reconcile(dump: Path, out: Path) -> None:
    pairs = 0
    for number in range(4):
        (dump / f"night-{number}.txt").write_text(f"Natt {number}. Det är mörkt.", encoding="utf-8")
        manifest = night(dump, out)
        pairs += manifest["last_run"]["counts"]["pairs"]
    assert manifest["counts"]["pairs"] == pairs == len(column(out, "source"))
    assert manifest["counts"]["languages"] == {"sv": pairs}


def test_nights_give_the_pairs_that_one_run_gives(dump: Path, out: Path, tmp_path: Path) -> None:
    night(dump, out)
    (dump / "c.txt").write_text("En ny sida.", encoding="utf-8")
    night(dump, out)
    run([str(dump)], tmp_path / "once", victim.small_settings())
    assert sorted(column(out, "id")) == sorted(column(tmp_path / "once", "id"))


def test_a_plain_run_can_be_followed(dump: Path, out: Path) -> None:
    run([str(dump)], out, victim.small_settings())
    assert night(dump, out)["last_run"]["counts"]["records"] == 0


def test_a_plain_run_does_not_discard_what_nights_have_gathered(dump: Path, out: Path) -> None:
    night(dump, out)
    before = victim.outcome(out)
    with pytest.raises(OutputError, match=r"a plain run would replace all of it\. Add what is new with --incremental"):
        run([str(dump)], out, victim.small_settings())
    assert victim.outcome(out) == before
    assert night(dump, out)["last_run"]["unchanged"] == 4
    run([str(dump)], out, victim.small_settings(), fresh=True)
    assert not run([str(dump)], out, victim.small_settings()).last_run.incremental


def test_a_plain_run_that_was_to_start_over_and_was_stopped_goes_on(dump: Path, out: Path) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    night(dump, out)
    with pytest.raises(KeyboardInterrupt):
        run([str(dump)], out, victim.small_settings(), fresh=True, watch=stop)
    assert not run([str(dump)], out, victim.small_settings()).last_run.incremental


@pytest.mark.parametrize("harm", ["lost", "emptied"])
def test_a_lost_register_is_made_anew_from_the_pairs(dump: Path, out: Path, harm: str) -> None:
    with (dump / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write('torn {\n{"text": "Första raden."}\n')
    night(dump, out)
    register = out / ".tolk/documents.sqlite"
    register.unlink()
    if harm == "emptied":
        register.touch()
    (dump / "c.txt").write_text("En ny sida.", encoding="utf-8")
    assert night(dump, out)["last_run"]["counts"]["records"] == 1


def test_documents_without_text_are_counted_once_though_a_register_is_made_anew(dump: Path, out: Path) -> None:
    write(dump / "c.jsonl", ["", "  ", "En rad."])
    run([str(dump)], out, victim.small_settings())  # which leaves no register
    for lost in (False, True):
        if lost:
            (out / ".tolk/documents.sqlite").unlink()
        counts = night(dump, out)["counts"]
        assert (counts["records"], counts["documents"], counts["empty_documents"]) == (7, 7, 2)
        assert night(dump, out)["last_run"]["counts"]["records"] == 0


def test_a_broken_register_is_named_with_what_mends_it(dump: Path, out: Path) -> None:
    night(dump, out)
    register = out / ".tolk/documents.sqlite"
    register.write_bytes(b"no database" * 1000)
    with pytest.raises(OutputError, match=r"documents\.sqlite cannot be used .* delete it: the next run makes it anew"):
        night(dump, out)
    register.unlink()
    assert night(dump, out)["last_run"]["counts"]["records"] == 0


@pytest.mark.parametrize(
    "garbage", [b"garbage", b"\xff", b'{"source": "a"}', b'{"source": "a", "doc": "b"}', b'{"meta":' + b"[" * 10_000]
)
def test_a_damaged_shard_is_named_where_the_register_is_made_from_it(dump: Path, out: Path, garbage: bytes) -> None:
    night(dump, out)
    with (out / "pairs-00000.jsonl").open("ab") as file:
        file.write(b"\n" + garbage + b"\n")
    (out / ".tolk/documents.sqlite").unlink()
    with pytest.raises(OutputError, match=r"^Line 6 of \S+/pairs-00000\.jsonl is damaged .* delete the line; or move"):
        night(dump, out)


@pytest.mark.parametrize(("name", "records"), [("pairs-00000.jsonl", 4), ("rejects.jsonl", 1)])
def test_a_damaged_file_is_no_trouble_once_its_line_is_deleted_or_it_was_moved_away(
    dump: Path, out: Path, name: str, records: int
) -> None:
    with (dump / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write("torn {\n")
    night(dump, out)
    whole = (out / name).read_bytes()
    for kept, taken in ((whole, 0), (None, records)):
        (out / name).write_bytes(whole + b"garbage\n")
        (out / ".tolk/documents.sqlite").unlink()
        with pytest.raises(OutputError, match=rf"of \S+{name} is damaged"):
            night(dump, out)
        (out / name).unlink() if kept is None else (out / name).write_bytes(kept)
        assert night(dump, out)["last_run"]["counts"]["records"] == taken


def test_a_packed_shard_that_is_torn_is_named(dump: Path, out: Path) -> None:
    night(dump, out, compress=True)
    shard = out / "pairs-00000.jsonl.zst"
    shard.write_bytes(shard.read_bytes()[:-9])
    (out / ".tolk/documents.sqlite").unlink()
    with pytest.raises(OutputError, match=r"^Line \d of \S+zst is damaged \(it cannot be unpacked or read\)"):
        night(dump, out, compress=True)
    shard.unlink()
    assert night(dump, out, compress=True)["last_run"]["counts"]["records"] == 4


def test_a_register_that_another_program_holds_is_named(dump: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night(dump, out)
    connect = sqlite3.connect
    with contextlib.closing(connect(out / ".tolk/documents.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(sqlite3, "connect", lambda path, **given: connect(path, timeout=0.1, **given))
        with pytest.raises(OutputError, match=r"cannot be used \(database is locked\)\. Close other programs"):
            night(dump, out)
    assert night(dump, out)["last_run"]["unchanged"] == 4


def test_other_settings_are_refused_until_asked_to_start_over(dump: Path, out: Path) -> None:
    night(dump, out)
    with pytest.raises(OutputError, match="made with other settings or packages"):
        night(dump, out, beam=3)
    manifest = night(dump, out, beam=3, fresh=True)
    assert manifest["counts"]["documents"] == manifest["last_run"]["counts"]["documents"] == 4
    assert night(dump, out, beam=3)["last_run"]["unchanged"] == 4


def test_pairs_of_unknown_origin_are_not_built_upon(dump: Path, out: Path) -> None:
    night(dump, out)
    (out / "manifest.json").unlink()
    with pytest.raises(OutputError, match="holds pairs without a manifest"):
        night(dump, out)


def test_nothing_new_loads_no_model(dump: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night(dump, out)
    monkeypatch.setattr(victim.BatchEngine, "translate_texts", lambda *_: pytest.fail("it was asked to translate"))
    night(dump, out)


def test_a_second_run_in_the_same_folder_is_kept_out(dump: Path, out: Path) -> None:
    def meet(_: object) -> None:
        with pytest.raises(HeldError, match="Another run is writing"):
            night(dump, out)

    run([str(dump)], out, victim.small_settings(), incremental=True, watch=meet)
    assert night(dump, out)["last_run"]["unchanged"] == 4


def test_the_register_stays_small_in_memory_and_on_disk(dump: Path, out: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - nothing to keep secret
    write(dump / "many.jsonl", [f"{chance.random()}" for _ in range(5000)])
    night(dump, out, window_chars=200_000)
    size = sum(file.stat().st_size for file in (out / ".tolk").iterdir())
    assert size < 5000 * 64
    with sqlite3.connect(out / ".tolk/documents.sqlite") as db:
        assert db.execute("SELECT count(*) FROM record").fetchone() == (5004,)
    db.close()


def follow_recipe(out: Path) -> list[tuple[str, str]]:
    """Let DuckDB read the pairs as the page on nights says."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: make consumers")
    recipe = (ROOT / "docs/nightly.md").read_text(encoding="utf-8").split("```sql\n")[1].split("```")[0]
    rows: list[tuple[str, str]] = duckdb.sql(recipe.replace("DIR", str(out))).select("source", "src").fetchall()
    return sorted(rows)


@pytest.mark.consumers
def test_the_recipe_reads_all_pairs_where_nothing_was_removed_yet(dump: Path, out: Path) -> None:
    night(dump, out)
    assert len(follow_recipe(out)) == 4


@pytest.mark.consumers
def test_the_recipe_drops_the_pairs_of_removed_documents_and_keeps_those_that_moved(dump: Path, out: Path) -> None:
    night(dump, out)
    (dump / "b.txt").rename(dump / "c.txt")
    write(dump / "a.jsonl", ["Första raden.", "Tredje raden."])
    night(dump, out)
    assert follow_recipe(out) == [
        ("a.jsonl#1", "Första raden."),
        ("a.jsonl#3", "Tredje raden."),
        ("c.txt", "En sida för sig."),
    ]


@pytest.mark.slow
def test_an_unchanged_night_costs_next_to_nothing(dump: Path, out: Path) -> None:
    def spend(incremental_runs: int) -> float:
        began = time.process_time()
        for _ in range(incremental_runs):
            night(dump, out, window_chars=200_000)
        return (time.process_time() - began) / incremental_runs

    write(dump / "many.jsonl", [f"Rad {n}. " + "Det regnar i dag också. " * 40 for n in range(2000)])
    first = spend(1)
    assert spend(3) < first / 5  # of a night without the cost of translation, which is twenty times the rest
