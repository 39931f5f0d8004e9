"""Exports: each format is read back by somebody else, filters say what they leave out, nothing is left half done."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import tracemalloc
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from finished_run import HOSTILE, hostile_pairs, make_pair, many_pairs, untranslated, write_run
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError, OutputError, RecordError
from pipeline.export import FORMATS, Choice, Exported, export_pairs
from pipeline.export.choice import Seen
from pipeline.export.csv import harmless
from pipeline.export.markup import escape_text, escape_xliff_text, quote_attribute
from pipeline.export.moses import as_line
from pipeline.files import BUFFER
from pipeline.read.pairs import read_pairs
from pipeline.records import Pair

if TYPE_CHECKING:
    from conftest import Tolk

XML = "{http://www.w3.org/XML/1998/namespace}"
XLIFF = "{urn:oasis:names:tc:xliff:document:2.0}"
LIGHT = tuple(name for name in FORMATS if name != "parquet")
"""Formats that are written without a package of their own."""
ONE_FILE = tuple(name for name in LIGHT if name != "moses")
"""Those that make one file of one language."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run in Swedish, Indonesian, English and German, in three shards."""
    write_run(tmp_path / "run", list(many_pairs(600)), shards=3)
    return tmp_path / "run"


def export(source: Path, to: str, name: str = "out", **choice: Any) -> tuple[Exported, Path]:
    out = source.parent / "export" / name
    return export_pairs([str(source)], out, to, Choice(**choice)), out


def one_run(tmp_path: Path, *pairs: Pair) -> Path:
    write_run(tmp_path / "run", list(pairs))
    return tmp_path / "run"


def swedish(run: Path) -> list[Pair]:
    return [pair for pair in read_pairs([str(run)]) if pair.src_lang == "sv"]


# Formats


def test_moses_files_hold_the_pairs_line_by_line(run: Path) -> None:
    _, out = export(run, "moses", langs=("sv",))
    source, target = ((out.with_name(f"out.{lang}")).read_text("utf-8").split("\n") for lang in ("sv", "en"))
    assert list(zip(source, target, strict=True)) == [*((p.src, p.tgt) for p in swedish(run)), ("", "")]


def test_moses_gives_each_of_several_languages_its_two_files(run: Path) -> None:
    done, out = export(run, "moses")
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "out.id-en.en", "out.id-en.id", "out.sv-en.en", "out.sv-en.sv",
    ]  # fmt: skip
    assert done.langs == ("id", "sv")


def test_moses_lines_stay_aligned_whatever_a_reader_takes_for_a_line_end(tmp_path: Path) -> None:
    done, out = export(one_run(tmp_path, *hostile_pairs()), "moses")
    sides = [(out.with_name(f"out.{lang}")).read_bytes().decode() for lang in ("sv", "en")]
    assert [len(side.splitlines()) for side in sides] == [done.written] * 2 == [len(HOSTILE)] * 2
    assert sides[0].splitlines()[10] == "två rader till och en sista"


def test_moses_leaves_out_a_pair_with_an_empty_side(tmp_path: Path) -> None:
    done, _ = export(one_run(tmp_path, make_pair(), make_pair(1, src="\x07")), "moses")
    assert (done.written, done.left_out) == (1, {"nothing left to write": 1})


def test_tmx_holds_the_pairs_for_a_reader_of_xml(run: Path) -> None:
    _, out = export(run, "tmx", langs=("sv",))
    tmx = ET.parse(out).getroot()  # noqa: S314 - written a moment ago
    header = tmx.find("header")
    assert (tmx.tag, tmx.get("version"), header is not None and header.get("srclang")) == ("tmx", "1.4", "sv")
    units = [{tuv.get(f"{XML}lang"): tuv.findtext("seg") for tuv in tu.iter("tuv")} for tu in tmx.iter("tu")]
    assert units == [{"sv": p.src, "en": p.tgt} for p in swedish(run)]


def test_tmx_names_the_language_of_each_unit_where_there_are_several(run: Path) -> None:
    done, out = export(run, "tmx")
    tmx = ET.parse(out).getroot()  # noqa: S314 - written a moment ago
    assert Counter(tu.get("srclang") for tu in tmx.iter("tu")).keys() == {"sv", "id"}
    assert len(list(tmx.iter("tu"))) == done.written


def test_xliff_holds_the_pairs_document_by_document(run: Path) -> None:
    _, out = export(run, "xliff", "out.xlf", langs=("sv",))
    root = ET.parse(out).getroot()  # noqa: S314 - written a moment ago
    assert (root.tag, root.get("version"), root.get("srcLang"), root.get("trgLang")) == (
        f"{XLIFF}xliff", "2.0", "sv", "en",
    )  # fmt: skip
    found = [
        (file.get("original"), unit.get("id"), unit.findtext(f".//{XLIFF}source"), unit.findtext(f".//{XLIFF}target"))
        for file in root.iter(f"{XLIFF}file")
        for unit in file.iter(f"{XLIFF}unit")
    ]
    assert found == [(p.source, p.id, p.src, p.tgt) for p in swedish(run)]
    ids = [file.get("id") for file in root.iter(f"{XLIFF}file")]
    assert len(ids) == len(set(ids))


def test_xliff_of_several_languages_is_a_file_each(run: Path) -> None:
    done, out = export(run, "xliff", "out.xlf")
    assert {path.name for path in done.files} == {"out.sv.xlf", "out.id.xlf"}
    assert not out.exists()


def test_xliff_says_what_is_flagged(tmp_path: Path) -> None:
    _, out = export(one_run(tmp_path, make_pair(flags=("lost_number",))), "xliff")
    root = ET.parse(out).getroot()  # noqa: S314 - written a moment ago
    segment = root.find(f".//{XLIFF}segment")
    assert segment is not None
    assert segment.get("subState") == "tolk:flagged"
    assert root.findtext(f".//{XLIFF}note") == "lost_number"


@pytest.mark.parametrize("to", ["tmx", "xliff"])
def test_xml_of_hostile_text_is_well_formed_and_says_what_the_text_said(tmp_path: Path, to: str) -> None:
    _, out = export(one_run(tmp_path, *hostile_pairs()), to)
    tag = {"tmx": "seg", "xliff": f"{XLIFF}source"}[to]
    found = ["".join(e.itertext()) for e in ET.parse(out).getroot().iter(tag)]  # noqa: S314 - written a moment ago
    found = found[::2] if to == "tmx" else found
    legal = [text for text in HOSTILE if not set(text) & set("\x00\x07\x1b\x0b\x0c\ufffe\uffff")]
    assert [text for text in found if text in legal] == legal


def test_xliff_names_the_characters_that_xml_forbids(tmp_path: Path) -> None:
    _, out = export(one_run(tmp_path, make_pair(src="a\x07b\ufffe")), "xliff")
    assert '<source>a<cp hex="0007"/>b<cp hex="FFFE"/></source>' in out.read_text("utf-8")


def test_hugging_face_rows_hold_the_pairs_under_their_languages(run: Path) -> None:
    _, out = export(run, "hf", "out.jsonl", langs=("sv",))
    rows = [json.loads(line) for line in out.read_text("utf-8").split("\n")[:-1]]
    assert rows == [{"translation": {"sv": p.src, "en": p.tgt}} for p in swedish(run)]


def test_csv_holds_every_field_of_every_pair(run: Path) -> None:
    done, out = export(run, "csv")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pairs = list(read_pairs([str(run)]))
    assert done.written == len(rows) == len(pairs)
    assert tuple(rows[0]) == Pair.__struct_fields__
    for row, pair in zip(rows, pairs, strict=True):
        assert (row["src"], row["tgt"], row["flags"].split()) == (pair.src, pair.tgt or "", list(pair.flags))
        assert (row["score"] and float(row["score"])) == (pair.score or "")
        assert json.loads(row["meta"]) == pair.meta


def test_csv_has_no_cell_that_a_spreadsheet_takes_for_a_formula(tmp_path: Path) -> None:
    _, out = export(one_run(tmp_path, *hostile_pairs()), "csv")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    acting = [cell for row in rows for name, cell in row.items() if name != "score" and cell[:1] in set("=+-@\t\r\n")]
    assert acting == []
    assert [row["src"].removeprefix("'") for row in rows][5:8] == list(HOSTILE[5:8])


@pytest.mark.parametrize("text", [*HOSTILE, " =1", "''", "a", "", "＝1", "\n+1"])
def test_csv_text_comes_back_when_one_apostrophe_is_taken_away(text: str) -> None:
    assert harmless(text).removeprefix("'") == text


@pytest.mark.consumers
def test_parquet_without_pyarrow_says_how_to_install_it(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(OutputError, match="pip install pyarrow"):
        export(run, "parquet")


# Whatever the text


@given(st.text())
def test_any_text_is_one_line_of_moses(text: str) -> None:
    line = as_line(text)
    assert len(line.splitlines()) <= 1
    assert line.split() == re.sub("[\x00-\x1f\x7f-\x9f]", " ", text).split()


@given(st.text())
def test_any_text_comes_out_of_xml_as_it_went_in_but_for_what_xml_forbids(text: str) -> None:
    legal = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
    element = ET.fromstring(f"<a b={quote_attribute(text)}>{escape_text(text)}</a>")  # noqa: S314 - written a moment ago
    assert (element.text or "", element.get("b")) == (legal, legal)


@given(st.text())
def test_any_text_comes_out_of_xliff_whole(text: str) -> None:
    element = ET.fromstring(f"<a>{escape_xliff_text(text)}</a>")  # noqa: S314 - written a moment ago
    found = (element.text or "") + "".join(chr(int(cp.attrib["hex"], 16)) + (cp.tail or "") for cp in element)
    assert found == text


@given(st.text())
def test_any_text_is_harmless_in_csv_and_comes_back(text: str) -> None:
    cell = harmless(text)
    assert cell.removeprefix("'") == text
    assert cell.strip()[:1] not in set("=+-@") or cell.startswith("'")


# Filters


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ({"langs": ("id",)}, lambda p: p.src_lang == "id"),
        ({"min_score": -0.3}, lambda p: p.score is not None and p.score >= -0.3),
        ({"no_flagged": True}, lambda p: not p.flags),
        ({"without_flags": ("loop", "cut_short")}, lambda p: not {"loop", "cut_short"} & set(p.flags)),
        ({"min_chars": 20}, lambda p: len(p.src) >= 20 and (p.tgt is None or len(p.tgt) >= 20)),
        ({"max_chars": 40}, lambda p: len(p.src) <= 40 and (p.tgt is None or len(p.tgt) <= 40)),
    ],
)
def test_filter_keeps_what_it_says(run: Path, choice: dict[str, Any], kept: Any) -> None:
    done, out = export(run, "csv", **choice)
    ids = [row["id"] for row in csv.DictReader(io.StringIO(out.read_text("utf-8"), newline=""))]
    assert ids == [pair.id for pair in read_pairs([str(run)]) if kept(pair)]
    assert 0 < done.written < done.read


def test_dedupe_keeps_the_first_of_each_pair_of_texts(tmp_path: Path) -> None:
    pairs = [make_pair(0), make_pair(1), make_pair(2, tgt="Hi, world!"), make_pair(3, src_lang="id"), make_pair(4)]
    done, out = export(one_run(tmp_path, *pairs), "csv", dedupe=True)
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert [row["index"] for row in rows] == ["0", "2", "3"]
    assert done.left_out == {"duplicate": 2}


def test_dedupe_tells_no_english_from_empty_english() -> None:
    seen = Seen()
    assert [seen.before(make_pair(tgt=tgt)) for tgt in (None, "", None, "")] == [False, False, True, True]
    seen.close()


@pytest.mark.parametrize("to", ["moses", "tmx", "xliff", "hf"])
def test_bitext_leaves_out_what_is_no_translation_and_says_why(tmp_path: Path, to: str) -> None:
    pairs = [make_pair(), untranslated(1, "en", "Home"), untranslated(2, "de", "Heute geschlossen")]
    done, _ = export(one_run(tmp_path, *pairs), to)
    assert (done.written, done.left_out) == (1, {"English already": 1, "not translated": 1})


def test_every_pair_is_written_or_left_out_for_a_reason(run: Path) -> None:
    done, _ = export(run, "tmx", langs=("sv", "de"), min_score=-0.5, dedupe=True, max_chars=60)
    assert done.read == 600 == done.written + sum(done.left_out.values())


# Files


@pytest.mark.parametrize("to", LIGHT)
def test_nothing_is_left_of_an_export_that_fails(tmp_path: Path, to: str) -> None:
    run = one_run(tmp_path, make_pair())
    with (run / "pairs-00000.jsonl").open("ab") as file:
        file.write(b'{"schema": "tolk.pair/1"}\n')
    with pytest.raises(RecordError, match=r"Line 2 of .*pairs-00000\.jsonl is not a pair"):
        export(run, to)
    assert list((tmp_path / "export").glob("*")) == list((tmp_path / "export").glob(".*")) == []


@pytest.mark.parametrize("to", LIGHT)
def test_earlier_export_stands_until_the_new_one_is_whole(tmp_path: Path, to: str) -> None:
    run = one_run(tmp_path, make_pair())
    export(run, to)
    before = {path: path.read_bytes() for path in (tmp_path / "export").iterdir()}
    (run / "pairs-00000.jsonl").write_bytes(b"torn")
    with pytest.raises(RecordError):
        export(run, to)
    assert {path: path.read_bytes() for path in (tmp_path / "export").iterdir()} == before


@pytest.mark.parametrize("to", LIGHT)
def test_export_holds_little_of_a_large_run(tmp_path: Path, to: str) -> None:
    write_run(tmp_path / "run", many_pairs(8000))
    tracemalloc.start()
    export(tmp_path / "run", to)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < BUFFER + 1_000_000


@pytest.mark.parametrize("to", LIGHT)
def test_run_without_pairs_is_exported_as_nothing(tmp_path: Path, to: str) -> None:
    done, _ = export(one_run(tmp_path), to)
    assert (done.read, done.written) == (0, 0)


def test_shards_are_read_in_order_from_a_folder_a_file_or_packed(run: Path, tmp_path: Path) -> None:
    import gzip

    shards = sorted(run.glob("pairs-*"))
    packed = tmp_path / "pairs.jsonl.gz"
    packed.write_bytes(gzip.compress(b"".join(shard.read_bytes() for shard in shards)))
    whole = [pair.id for pair in read_pairs([str(run)])]
    assert [pair.id for pair in read_pairs(map(str, shards))] == whole == [p.id for p in read_pairs([str(packed)])]


def test_unknown_fields_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    line = {**msgspec.to_builtins(make_pair()), "reviewed": True}
    (tmp_path / "pairs.jsonl").write_bytes(msgspec.json.encode(line) + b"\n")
    assert list(read_pairs([str(tmp_path / "pairs.jsonl")])) == [make_pair()]


@pytest.mark.parametrize(
    ("name", "says"),
    [("nowhere", "There is no file or folder"), ("empty", "holds no finished run"), ("a.png", "not a file of pairs")],
)
def test_input_without_pairs_is_refused_before_anything_is_written(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(InputError, match=says):
        export_pairs([str(tmp_path / name)], tmp_path / "export" / "out", "tmx")
    assert not (tmp_path / "export").exists()


def test_input_is_never_written_over(run: Path) -> None:
    shard = run / "pairs-00000.jsonl"
    with pytest.raises(OutputError, match="is read and cannot be written"):
        export_pairs([str(run)], shard, "hf")


@pytest.mark.parametrize(
    "name", ["manifest.json", "rejects.jsonl", "removed.jsonl", "report.html", "pairs-00007.jsonl", "runs.jsonl"]
)
@pytest.mark.parametrize("source", ["run", "run/pairs-00000.jsonl"])
def test_what_else_a_run_has_left_is_never_written_over(run: Path, name: str, source: str) -> None:
    before = (run / "manifest.json").read_bytes()
    with pytest.raises(OutputError, match=r"belongs to the run in its folder .* another place"):
        export_pairs([str(run.parent / source)], run / name, "csv")
    assert (run / "manifest.json").read_bytes() == before


def test_other_names_in_a_runs_folder_and_its_names_elsewhere_are_written(run: Path) -> None:
    for out in (run / "pairs.csv", run.parent / "report.html"):
        export_pairs([str(run)], out, "csv")
        assert out.exists()


@pytest.mark.parametrize("to", ["csv", "hf", "tmx"])
def test_a_format_of_one_file_goes_to_standard_output_where_a_hyphen_asks_for_that(
    run: Path, tolk: Tolk, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    monkeypatch.chdir(run.parent)
    export_pairs([str(run)], run.parent / "file", to)
    shown = tolk("export", run, "--to", to, "--out", "-")
    assert (shown.returncode, shown.stdout) == (0, (run.parent / "file").read_bytes())
    assert not Path("-").exists()


@pytest.mark.parametrize("to", ["moses", "xliff"])
def test_a_format_of_several_files_does_not_go_to_standard_output(run: Path, tolk: Tolk, to: str) -> None:
    shown = tolk("export", run, "--to", to, "--out", "-")
    assert (shown.returncode, shown.stdout) == (1, b"")
    assert b"Standard output takes one file" in shown.stderr


def test_an_export_whose_reader_goes_away_ends_without_a_word(run: Path) -> None:
    shards = [str(run)] * 200
    command = [str(Path(sys.executable).with_name("tolk")), "export", *shards, "--to", "csv", "--out"]
    for out in ("/dev/stdout", "-"):
        with subprocess.Popen([*command, out], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(1)
            process.stdout.close()
            said = process.stderr.read()
        assert (process.returncode, said) == (141, b"")


def test_folder_as_output_is_refused(run: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        export_pairs([str(run)], run, "hf")


@pytest.mark.parametrize("to", LIGHT)
def test_link_as_output_stays_a_link_and_its_target_is_replaced(run: Path, tmp_path: Path, to: str) -> None:
    _, plain = export(run, to, "plain", langs=("sv",))
    (tmp_path / "far").mkdir()
    for path in [*plain.parent.iterdir()]:
        link = path.with_name(path.name.replace("plain", "link"))
        link.symlink_to(tmp_path / "far" / path.name)
    export(run, to, "link", langs=("sv",))
    for path in plain.parent.glob("plain*"):
        assert path.with_name(path.name.replace("plain", "link")).is_symlink()
        assert (tmp_path / "far" / path.name).read_bytes() == path.read_bytes()
    assert list(plain.parent.glob(".*")) == []


def test_device_as_output_stays_a_device_and_nothing_is_made_beside_it(run: Path, tmp_path: Path) -> None:
    device = tmp_path / "export" / "null"
    device.parent.mkdir()
    device.symlink_to("/dev/null")
    for to in ONE_FILE:
        export(run, to, "null", langs=("sv",))
    assert Path("/dev/null").is_char_device()
    assert list(device.parent.iterdir()) == [device]


@pytest.mark.parametrize("to", ONE_FILE)
def test_pipe_as_output_is_written_into_and_stays_a_pipe(run: Path, to: str) -> None:
    _, plain = export(run, to, "plain", langs=("sv",))
    pipe = plain.with_name("pipe")
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        export(run, to, "pipe", langs=("sv",))
        assert reader.communicate(timeout=10)[0] == plain.read_bytes()
    assert pipe.is_fifo()


def test_full_disk_is_told_in_one_sentence(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match=r"Cannot write .*No space left on device.*same command again"):
        export(run, "hf")
    assert list((run.parent / "export").iterdir()) == []


# Command line


def test_command_exports_and_reports_on_standard_error(tolk: Tolk, run: Path, tmp_path: Path) -> None:
    done = tolk("export", run, "--to", "moses", "--out", tmp_path / "bitext", "--lang", "sv", "--no-flagged")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"of 600 pairs written" in done.stderr
    assert b"left out: flagged" in done.stderr
    assert (tmp_path / "bitext.sv").exists()
    assert (tmp_path / "bitext.en").exists()


def test_command_takes_pairs_from_a_pipe(tolk: Tolk, run: Path, tmp_path: Path) -> None:
    lines = (run / "pairs-00000.jsonl").read_bytes()
    done = tolk("export", "-", "--to", "csv", "--out", tmp_path / "pairs.csv", stdin=lines)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "pairs.csv").read_bytes().splitlines()) == lines.count(b"\n") + 1


@pytest.mark.parametrize("option", [["--to", "word"], ["--to", "csv", "--min-chars", "-1"]])
def test_command_refuses_what_it_does_not_know_as_a_usage_error(tolk: Tolk, run: Path, option: list[str]) -> None:
    assert tolk("export", run, "--out", run.parent / "x", *option).returncode == 2


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (["--lang", "SV"], "'SV' is not a language code"),
        (["--min-score", "nan"], "--min-score is 0 or less"),
        (["--min-score", "0.5"], "--min-score is 0 or less"),
        (["--min-chars", "10", "--max-chars", "5"], "no pair would be left"),
        (["--without-flag", "loop,nosuch"], "There is no flag 'nosuch'"),
    ],
)
def test_command_refuses_filters_that_nothing_can_meet(tolk: Tolk, run: Path, option: list[str], says: str) -> None:
    done = tolk("export", run, "--to", "csv", "--out", run.parent / "x", *option)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.decode().split())
    assert not (run.parent / "x").exists()


def test_command_knows_the_flags_of_pairs_that_were_not_translated(tolk: Tolk, run: Path) -> None:
    flags = ("--without-flag", "unsupported_language,undetermined_language")
    done = tolk("export", run, "--to", "csv", "--out", run.parent / "x", *flags)
    assert done.returncode == 0, done.stderr


def test_no_name_or_record_can_act_on_the_terminal(tolk: Tolk, tmp_path: Path) -> None:
    evil = "a\x1b]0;owned\x07\u202e"
    shard = tmp_path / f"{evil}.jsonl"
    shard.write_bytes(msgspec.json.encode({"schema": evil}) + b"\n")
    for command in (
        ("export", shard, "--to", "hf", "--out", tmp_path / "x"),
        ("validate", shard),
        ("report", tmp_path / evil),
    ):
        done = tolk(*command)
        assert done.returncode == 1
        assert not {"\x1b", "\x07", "\u202e"} & set((done.stdout + done.stderr).decode())
