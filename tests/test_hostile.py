"""Dumps that want to break something go through the whole pipeline: no crash, no hang, valid output, bounded memory."""

from __future__ import annotations

import json
import resource
import string
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import victim
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError, RecordError
from pipeline.read import read_documents
from pipeline.read.entries import make_names_unique
from pipeline.read.formats.wikitext import strip_markup
from pipeline.records import Reject
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.translate.numbers.lost import list_lost_numbers
from pipeline.validate import find_problems


@pytest.fixture
def batch_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Translate without a package; languages are detected for real."""
    victim.use_batch_engine(monkeypatch.setattr)


STAGES = pytest.mark.usefixtures("batch_engine")


def translate(dump: Path, out: Path, **given: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Run, hold the output to its promises, and give pairs and rejects."""
    manifest = run([str(dump)], out, Settings(**{"workers": 1, **given}))
    pairs: list[dict[str, Any]] = []
    for shard in manifest.shards:
        lines = (out / shard).read_bytes().splitlines(keepends=True)
        assert list(find_problems(lines)) == []
        pairs.extend(json.loads(line.decode("utf-8")) for line in lines)
    rejects = [json.loads(line.decode("utf-8")) for line in (out / "rejects.jsonl").read_bytes().splitlines()]
    assert (manifest.counts.pairs, manifest.counts.rejects) == (len(pairs), len(rejects))
    return pairs, rejects


HOSTILE = {
    "control characters": "".join(map(chr, range(32))) + "En rad.\x7f\x80\x9f\x1b[31mröd\x1b[0m",
    "NUL bytes": "En\0rad\0med\0nollor.",
    "bidi overrides": "Detta \u202eär \u2066bakvänt\u2069 \u202cskrivet.\u200f\u061c",
    "a million combining marks": "a" + "\u0301" * 10**6,
    "noncharacters": "\ufffe\uffff\U0010ffff\ufdd0 ord \ufeff",
    "tags and variation selectors": "a\U000e0041\U000e007f\ufe0f\U000e01ef",
    "line separators": "ett\u2028två\u2029tre\x85fyra\x0bfem\x0csex\x1cåtta",
    "nothing but space": " \t\u00a0\u2003\u3000\n" * 1000,
    "one long word": "å" * 10**6,
    "brackets": "([{<" * 10**5,
    "quotation marks": '"' * 10**5 + "ord",
    "full stops": ". " * 10**5,
    "entities": "&amp;" * 10**5 + "&#x110000;&#xD800;&#0;&lt;script&gt;",
    "mojibake upon mojibake": "Ã\u0083Â¥" * 10**4,
    "emoji sequences": "👩‍👩‍👧‍👦🏳️‍🌈" * 10**4,
    "placeholders": "⟦0⟧ <x1> {0} %s __1__ ｟1｠ " * 1000,
}


@STAGES
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_through(tmp_path: Path, text: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_bytes(text.encode("utf-8"))
    record = json.dumps({"text": text, "meta": text[:100]}, ensure_ascii=False)
    (tmp_path / "in/b.jsonl").write_text(record, encoding="utf-8")
    began = time.process_time()
    _, rejects = translate(tmp_path / "in", tmp_path / "out", window_chars=10**7)
    assert not rejects
    assert time.process_time() - began < 30


def test_hostile_text_comes_through_the_models_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, text in enumerate(HOSTILE.values()):
        (tmp_path / f"in/{number:02}.txt").write_bytes(text[:200].encode("utf-8"))
    pairs, _ = translate(tmp_path / "in", tmp_path / "out", source_lang="sv")
    assert len({pair["source"] for pair in pairs}) >= len(HOSTILE) - 1
    assert any(pair["model"] for pair in pairs)


RECORDS: dict[str, tuple[bytes, int]] = {
    "a lone high surrogate": (rb'{"text": "a\ud800b"}', 0),
    "a lone low surrogate in a field": (rb'{"text": "a", "title": "\udfff"}', 0),
    "nested a hundred thousand deep": (b'{"text": "a", "x": ' + b"[" * 10**5 + b"]" * 10**5 + b"}", 0),
    "never closed": (b'{"a":' * 10**5, 0),
    "the same key twice": (b'{"text": "ett", "text": "tv\xc3\xa5"}', 1),
    "a huge integer": (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", 0),
    "a number beyond all numbers": (b'{"text": "a", "n": 1e999}', 0),
    "not a number": (b'{"text": "a", "n": NaN}', 0),
    "an escaped NUL": (rb'{"text": "a\u0000b", "x\u0000": "\u0000"}', 1),
    "invalid UTF-8": (b'{"text": "\xff\xfe\xc3"}', 1),
    "a text that is a number": (b'{"text": 5}', 0),
    "a bare string": (b'"text"', 0),
    "an empty key": (b'{"text": "a", "": ""}', 1),
}


@STAGES
@pytest.mark.parametrize(("record", "documents"), RECORDS.values(), ids=RECORDS)
def test_a_hostile_record_becomes_a_pair_or_a_reject_and_the_next_is_read(
    tmp_path: Path, record: bytes, documents: int
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "F\xc3\xb6rst."}\n' + record + b'\n{"text": "Sist."}\n')
    pairs, rejects = translate(tmp_path / "a.jsonl", tmp_path / "out")
    assert len(rejects) == 1 - documents
    assert {pair["source"] for pair in pairs} >= {"a.jsonl#1", "a.jsonl#3"}


@STAGES
def test_one_long_line_is_bounded(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("w", encoding="utf-8") as file:
        for _ in range(120):
            file.write("En mening som aldrig tar slut och " * 3000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    manifest = run(
        [str(tmp_path / "a.txt")], tmp_path / "out", Settings(workers=1, source_lang="xx", languages=("sv",))
    )
    assert manifest.counts.characters == (tmp_path / "a.txt").stat().st_size
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@STAGES
def test_thousands_of_tiny_documents_come_through_in_order(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(4_000):
        (tmp_path / f"in/{number:05}.txt").write_text(str(number), encoding="utf-8")
    pairs, _ = translate(tmp_path / "in", tmp_path / "out", source_lang="xx")
    assert [pair["src"] for pair in pairs] == [str(number) for number in range(4_000)]


@STAGES
def test_a_folder_of_unknown_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/photo.png").write_bytes(b"\x89PNG")
    with pytest.raises(InputError, match=r"holds no document that Tolk can read. Known extensions"):
        run([str(tmp_path / "in")], tmp_path / "out", Settings())
    assert not (tmp_path / "out").exists()


@STAGES
def test_the_output_is_never_read_as_input(tmp_path: Path) -> None:
    (tmp_path / "z.txt").write_text("En sida.", encoding="utf-8")
    for _ in range(2):
        pairs, rejects = translate(tmp_path, tmp_path / "out")
        assert ([pair["source"] for pair in pairs], rejects) == (["z.txt"], [])


@STAGES
def test_a_folder_is_not_input_and_output_at_once(tmp_path: Path) -> None:
    (tmp_path / "z.txt").write_text("En sida.", encoding="utf-8")
    with pytest.raises(InputError, match="both input and output"):
        translate(tmp_path, tmp_path)


@STAGES
def test_large_fields_are_not_held_by_the_window(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("w", encoding="utf-8") as file:
        for number in range(300):
            file.write(json.dumps({"text": f"Rad {number}.", "page": f"{number}" * 300_000}) + "\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run([str(tmp_path / "a.jsonl")], tmp_path / "out", Settings(workers=1, source_lang="sv"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


CHARACTERS = st.one_of(
    st.text(string.ascii_letters + " .,!?\n", max_size=30),
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.text("\0\x1b\x85\u200b\u202e\u2028\ufeff\ufffd\r\n\t &;<>%#@/:_\"'´åäöÃ¥Â\u0301\u200d🏳\ufe0f", max_size=30),
    st.sampled_from(["http://", "&#x", "&amp;", "www.", "t.ex. ", "kl. 8 ", "```", "@a", "#b", ":-)", "1.000,5 "]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(CHARACTERS, max_size=12).map("".join),
    st.lists(st.dictionaries(st.sampled_from(["text", "n", ""]), JSON, max_size=3) | JSON, max_size=4),
    st.binary(max_size=60),
)
@STAGES
def test_any_dump_comes_through(text: str, records: list[Any], noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "in"
        dump.mkdir()
        (dump / "a.txt").write_bytes(text.encode("utf-8"))
        lines = [json.dumps(record).encode() for record in [{"text": text, "x": records}, *records]]
        (dump / "b.jsonl").write_bytes(b"\n".join([*lines, noise]))
        (dump / "c.txt").write_bytes(noise)
        translate(dump, Path(folder) / "out")


def test_a_table_with_many_columns_of_one_name_takes_no_longer_than_its_length() -> None:
    began = time.process_time()
    assert len(set(make_names_unique(["", "n"] * 20_000))) == 40_000
    assert time.process_time() - began < 2


def test_the_head_of_a_wiki_dump_that_never_ends_takes_no_longer_than_its_length(tmp_path: Path) -> None:
    heads = (
        b"<mediawiki " + b"x" * 10**6,
        b"<mediawiki " * 10**5,
        b"<!--" * 10**5,
        b"<mediawiki>" + b"</siteinfo" * 10**5,
    )
    began = time.process_time()
    for number, head in enumerate(heads):
        (tmp_path / f"{number}.xml").write_bytes(head + b"<page><text>a</text></page>")
        assert any(isinstance(found, Reject) for found in read_documents([str(tmp_path / f"{number}.xml")], Settings()))
    assert time.process_time() - began < 5


FIGURES = {
    "more digits than Python turns into a number": ("nr " + "9" * 5000, "number"),
    "as many after a point": ("nr 1." + "0" * 5000 + "1.5", "number"),
    "hundreds of a model that says one word for ever": ("16 hus", "a hundred" + " hundred" * 20 + " nineteen"),
    "a month with a long s": ("den 3.9 och 7", "on 3 ſept"),
}


@pytest.mark.parametrize(("source", "target"), FIGURES.values(), ids=FIGURES)
def test_hostile_numbers_are_compared(source: str, target: str) -> None:
    assert list_lost_numbers(source, target)


@pytest.mark.parametrize("mark", ["<3 ", "<? ", "<ä "])
def test_marks_that_open_no_tag_take_no_longer_than_their_number_in_a_wiki_page(mark: str) -> None:
    began = time.process_time()
    assert strip_markup(mark * 5_000, frozenset()) == (mark * 5_000).strip()
    assert time.process_time() - began < 5


def test_a_table_with_a_faulty_header_says_that_nothing_else_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"n,te\rxt\n1,a\n")
    (reject,) = read_documents([str(tmp_path / "a.csv")], Settings())
    assert isinstance(reject, Reject)
    assert "no row of the table was read" in reject.reason


@pytest.mark.parametrize("tag", ["td", "li", "br", "meta", "div"])
def test_a_wiki_page_of_tags_that_never_end_is_refused_at_once(tag: str) -> None:
    began = time.process_time()
    with pytest.raises(RecordError, match="never closed"):
        strip_markup(f"ord <{tag} " * 5_000, frozenset())
    assert time.process_time() - began < 2


def test_a_long_gap_in_a_wiki_page_takes_no_longer_than_its_length() -> None:
    began = time.process_time()
    assert strip_markup("a" + "\t" * 200_000 + "b\n \n\t\nc", frozenset()) == "a" + "\t" * 200_000 + "b\n\nc"
    assert time.process_time() - began < 5
