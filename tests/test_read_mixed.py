"""A folder of all kinds goes through a whole run: in order, resumed, incremental, alike with any number of workers."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import test_read_warc
import test_read_wiki
from test_read import PACKERS, peak_of, read

import pipeline.run
from pipeline.errors import InputError
from pipeline.read import read_documents
from pipeline.read.kinds import KINDS
from pipeline.records import Document, Reject
from pipeline.run import run
from pipeline.settings import Settings

if TYPE_CHECKING:
    from conftest import Tolk


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make a folder that holds a file of each kind that the base installation reads, and one of no kind."""
    wiki = test_read_wiki.dump(*(test_read_wiki.page(f"Ort {n}", f"Ort {n} är en '''stad'''.") for n in range(30)))
    pages = b"".join(test_read_warc.page(f"Detta är sida {n}.") for n in range(30))
    files = {
        "a/page.html": "<!doctype html><title>Sida</title><main><p>En sida om båtar.</p></main>".encode("cp1252"),
        "b/rows.csv.xz": PACKERS[".xz"](
            b"id,text\n" + b"".join(b"%d,Rad %d.\n" % (n, n) for n in range(30)) + b"bad\n"
        ),
        "c/rows.tsv": "text\tn\nHej du.\t1\n".encode("utf-16"),
        "crawl.warc.gz": b"".join(map(gzip.compress, (pages[:5000], pages[5000:]))),
        "crawl.warc.wet.zst": PACKERS[".zst"](test_read_warc.record("conversion", b"Ren text.", "text/plain")),
        "dump.jsonl.bz2": PACKERS[".bz2"](b"".join(b'{"text": "Post %d."}\n' % n for n in range(30))),
        "photo.png": b"\x89PNG",
        "plain.txt": b"Vanlig text.",
        "wiki.xml.bz2": PACKERS[".bz2"](wiki),
        "z/sitemap.xml": b"<urlset/>",
    }
    for name, data in files.items():
        path = tmp_path / "dump" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "dump"


SMALL = Settings(workers=1, window_chars=40)


def shards(out: Path) -> bytes:
    return (
        b"".join(path.read_bytes() for path in sorted(out.glob("pairs-*.jsonl"))) + (out / "rejects.jsonl").read_bytes()
    )


def test_a_mixed_folder_is_read_in_path_order_and_every_record_knows_its_place(dump: Path) -> None:
    records = read(dump)
    files = [name for name, _ in itertools.groupby(record.source.partition("#")[0] for record in records)]
    assert files == sorted(files, key=lambda name: Path(name).parts)
    assert len(files) == 9
    assert len({record.source for record in records}) == len(records) == 30 * 4 + 4 + 2
    assert [record.source for record in records if isinstance(record, Reject)] == ["b/rows.csv.xz#31", "z/sitemap.xml"]
    metas = {frozenset(record.meta) for record in records if isinstance(record, Document)}
    assert {frozenset({"title"}), frozenset({"url", "date", "title"}), frozenset({"id"}), frozenset()} < metas


def test_a_mixed_folder_is_translated_by_the_command(tolk: Tolk, dump: Path, tmp_path: Path) -> None:
    done = tolk("run", dump, "--out", tmp_path / "out", "--no-progress", "--no-memory", "--strict")
    assert done.returncode == 3, done.stderr
    counts = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["counts"]
    assert (counts["documents"], counts["rejects"]) == (124, 2)
    assert tolk("validate", tmp_path / "out" / "pairs-00000.jsonl").returncode == 0


@pytest.mark.usefixtures("batch_engine")
def test_an_interrupted_run_over_all_kinds_ends_with_the_same_bytes(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run([str(dump)], tmp_path / "whole", SMALL)
    committed = pipeline.run._commit_window
    for stop in range(1, 12, 2):
        left = stop

        def killed(*given: Any) -> None:
            nonlocal left
            committed(*given)
            left -= 1
            if left == 0:
                raise KeyboardInterrupt

        monkeypatch.setattr(pipeline.run, "_commit_window", killed)
        with pytest.raises(KeyboardInterrupt):
            run([str(dump)], tmp_path / "torn", SMALL, fresh=stop == 1)
    monkeypatch.setattr(pipeline.run, "_commit_window", committed)
    run([str(dump)], tmp_path / "torn", SMALL)
    assert shards(tmp_path / "torn") == shards(tmp_path / "whole")


@pytest.mark.usefixtures("batch_engine")
def test_an_incremental_run_takes_only_what_is_new_in_an_archive(dump: Path, tmp_path: Path) -> None:
    run([str(dump)], tmp_path / "out", SMALL, incremental=True)
    again = run([str(dump)], tmp_path / "out", SMALL, incremental=True)
    assert (again.last_run.counts.records, again.last_run.unchanged) == (0, 126)
    with gzip.open(dump / "crawl.warc.gz", "ab") as file:
        file.write(test_read_warc.page("En ny sida."))
    new = run([str(dump)], tmp_path / "out", SMALL, incremental=True)
    assert (new.last_run.counts.documents, new.last_run.counts.rejects, new.last_run.removed) == (1, 0, 0)


@pytest.mark.usefixtures("batch_engine")
def test_one_worker_and_two_give_the_same_bytes(tolk: Tolk, dump: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        given = ("--workers", workers, "--no-memory", "--no-progress", "--source-lang", "sv", "--languages", "sv")
        assert tolk("run", dump, "--out", tmp_path / str(workers), *given).returncode == 0
    assert shards(tmp_path / "1") == shards(tmp_path / "2")


def test_a_runs_own_page_is_not_taken_for_a_page(dump: Path, tmp_path: Path, tolk: Tolk) -> None:
    assert tolk("run", dump, "--out", dump / "out", "--no-progress", "--no-memory").returncode == 0
    (dump / "out" / "new.html").write_text("<p>Ny.</p>", encoding="utf-8")
    assert [record.source for record in read(dump / "out")] == ["new.html"]
    assert not [record for record in read(dump) if record.source.startswith("out/")]
    del tmp_path


@pytest.mark.parametrize("given", ["photo.png", "*.png"])
def test_an_unknown_extension_is_refused_with_those_that_are_known(dump: Path, given: str) -> None:
    with pytest.raises(InputError) as caught:
        read(dump / given)
    assert all(known in str(caught.value) for known in (*KINDS, ".gz", ".bz2", ".xz", ".zst"))


@pytest.mark.parametrize("name", ["a/page.html", "crawl.warc.gz", "wiki.xml.bz2", "plain.txt", "dump.jsonl.bz2"])
def test_standard_input_is_read_as_what_it_begins_like(dump: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (dump / name).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert [r.text for r in read("-") if isinstance(r, Document)] == [
        r.text for r in read(dump / name) if isinstance(r, Document)
    ]


BIG = {
    "crawl.warc.gz": [test_read_warc.page("Detta är en sida. " * 500)] * 6_000,
    "rows.csv.gz": [b"text,n\n", *[b'"En rad\n' + b"ord " * 2_000 + b'",1\n'] * 6_000],
    "wiki.xml.gz": [test_read_wiki.dump(), *[test_read_wiki.page("Ort", "Text. " * 1_500).encode()] * 3_000],
    "one.csv.gz": [b"text\n", *[b"x" * 10_000] * 5_000],
    "one.warc.gz": [b"x" * 10_000] * 5_000,
    "one.xml.gz": [b"<mediawiki><page>", *[b"x" * 10_000] * 5_000],
    "one.html.gz": [b"<p>hej</p>" * 1_000] * 5_000,
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "pieces"), BIG.items(), ids=BIG)
def test_a_file_of_any_length_is_read_in_bounded_memory(tmp_path: Path, name: str, pieces: list[bytes]) -> None:
    with gzip.open(tmp_path / name, "wb", compresslevel=1) as file:
        file.writelines(pieces)
    settings = Settings(max_record_bytes=2**20)

    def work() -> None:
        for _ in read_documents([str(tmp_path)], settings):
            pass

    assert peak_of(work) < 30 * 2**20
