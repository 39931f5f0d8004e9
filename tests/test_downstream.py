"""Users' own tools read what Tolk writes: every recipe of the page is run, where its tool is installed."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from conftest import ROOT
from finished_run import hostile_pairs, make_pair, many_pairs, untranslated, write_run

from pipeline.export import FORMATS, Choice, export_pairs
from pipeline.manifest import Counts, LastRun, Manifest, PackageEntry
from pipeline.read.pairs import read_pairs
from pipeline.records import Pair, Reject
from pipeline.translate import UNDETERMINED, UNSUPPORTED
from pipeline.translate.faults import FAULTS
from pipeline.validate import find_problems
from pipeline.write.append import append_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.consumers

OLD = ROOT / "tests" / "fixtures" / "pair-1.jsonl"
PAGE = (ROOT / "docs" / "output-format.md").read_text("utf-8")
RECIPES = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##)", PAGE.partition("## Recipes")[2], flags=re.MULTILINE | re.DOTALL))
NEEDS = {
    "Python alone": "json", "pandas": "pandas", "Polars": "polars", "DuckDB": "duckdb",
    "Hugging Face datasets": "datasets", "Parquet": "pyarrow", "jq": "jq",
}  # fmt: skip


def misleading_pairs() -> Iterator[Pair]:
    """Make pairs of which the first thousands make a guessing reader guess wrong."""
    for at in range(25_000):
        yield make_pair(at, src=f"{2000 + at % 30}-01-01", tgt=f"{at}")
    for at in range(25_000, 25_500):
        meta = {"tags": ["a", {"b": at}], f"field{at % 3}": at} if at % 2 else {"tags": "one"}
        yield make_pair(at, src=f"text {at}", fixes=("latin-1",), flags=("loop",) if at % 2 else (), meta=meta)
    for at, pair in enumerate(hostile_pairs(), 25_500):
        yield msgspec.structs.replace(pair, id=f"{pair.doc}-{at}", index=at, source="dump.jsonl#1")
    yield untranslated(30_000, "en", "Home")
    yield untranslated(30_001, "de", "Heute geschlossen")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("downstream")
    write_run(folder / "out", list(misleading_pairs()), [Reject(source="a#1", offset=0, reason="Torn.", length=9)], 2)
    return folder


@pytest.fixture(scope="module")
def packed(place: Path) -> Path:
    """Give the same pairs as a run with --compress leaves them, in many frames."""
    (place / "packed" / "out").mkdir(parents=True)
    for shard in sorted((place / "out").glob("pairs-*")):
        pairs = list(read_pairs([str(shard)]))
        for at in range(0, len(pairs), 1000):
            append_lines(place / "packed" / "out" / f"{shard.name}.zst", pairs[at : at + 1000])
    return place / "packed"


@pytest.fixture(scope="module")
def sound(place: Path) -> list[tuple[str, str | None]]:
    """What every recipe should give."""
    return [(p.src, p.tgt) for p in read_pairs([str(place / "out")]) if p.src_lang == "sv" and not p.flags]


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder as a reader of the page does, with nothing but what is on this machine."""
    monkeypatch.chdir(place)
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_DATASETS_DISABLE_PROGRESS_BARS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(place / "hf"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return place


def recipe(name: str) -> list[tuple[str, str]]:
    """Give a recipe's blocks of code with their languages; skip where its tool is missing."""
    tool = NEEDS[name]
    if not (shutil.which(tool) if tool == "jq" else importlib.util.find_spec(tool)):
        command = "apt-get install jq" if tool == "jq" else "make consumers"
        pytest.skip(f"{tool} is not installed: {command}")
    return re.findall(r"```(\w+)\n(.*?)```", RECIPES[name], flags=re.DOTALL)


def shell(command: str) -> str:
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def evaluate(code: str) -> Any:
    """Run a recipe in an interpreter of its own, where a consumer's warnings are nobody's business."""
    script = f"{code}\nimport json as _json; print('ROWS', _json.dumps(rows), sep='')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return [tuple(row) for row in json.loads(done.stdout.partition("ROWS")[2])]


def test_every_recipe_is_run_here() -> None:
    assert RECIPES.keys() == NEEDS.keys()


@pytest.mark.parametrize("name", ["Python alone", "pandas", "Polars", "Parquet"])
def test_recipe_reads_the_sound_pairs_to_the_letter(here: Path, sound: list[Any], name: str) -> None:
    del here
    for language, code in recipe(name):
        if language == "sh":
            shell(code)
        else:
            assert evaluate(code) == sound


def test_recipe_for_duckdb_reads_the_sound_pairs_to_the_letter(here: Path, sound: list[Any]) -> None:
    del here
    [(_, query)] = recipe("DuckDB")
    assert evaluate(f"import duckdb\nrows = duckdb.sql({query!r}).fetchall()") == sound


def test_recipes_for_datasets_read_the_sound_pairs(here: Path, sound: list[Any]) -> None:
    """Its reader of JSON takes a block of nothing but dates for points in time, whatever the features say."""
    del here
    (_, records), (_, command), (_, rows) = recipe("Hugging Face datasets")
    found = evaluate(records)
    assert [(src.removesuffix(" 00:00:00"), tgt) for src, tgt in found] == sound
    shell(command)
    assert [(src.removesuffix(" 00:00:00"), tgt) for src, tgt in evaluate(rows)] == sound


def test_recipe_for_jq_reads_the_sound_pairs_to_the_letter(here: Path, sound: list[Any]) -> None:
    del here
    (_, command), _, (_, reasons) = recipe("jq")
    assert [tuple(json.loads(line)) for line in shell(command).split("\n")[:-1]] == sound
    assert shell(reasons).split() == ["1", "Torn."]


@pytest.mark.parametrize("name", ["Python alone", "pandas", "Polars", "DuckDB", "Hugging Face datasets"])
def test_recipe_reads_packed_shards_with_the_change_that_the_page_tells(
    here: Path, packed: Path, sound: list[Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del here
    monkeypatch.chdir(packed)
    code = recipe(name)[0][1].replace("pairs-*.jsonl", "pairs-*.jsonl.zst")
    if name == "Python alone":
        opened = 'zstandard.open(shard, "rt", encoding="utf-8", newline="\\n")'
        assert f"`{opened}` for `shard" in PAGE
        code = "import zstandard\n" + code.replace('shard.open("rb")', opened)
    if name == "DuckDB":
        code = f"import duckdb\nrows = duckdb.sql({code!r}).fetchall()"
    assert [(src.removesuffix(" 00:00:00"), tgt) for src, tgt in evaluate(code)] == sound


@pytest.mark.skipif(not shutil.which("zstd"), reason="zstd is not installed: apt-get install zstd")
def test_recipe_for_jq_reads_packed_shards(
    here: Path, packed: Path, sound: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    del here
    monkeypatch.chdir(packed)
    command = recipe("jq")[1][1]
    assert [tuple(json.loads(line)) for line in shell(command).split("\n")[:-1]] == sound


def test_datasets_reads_pairs_of_an_ordinary_run_without_being_told_anything(tmp_path: Path, here: Path) -> None:
    del here
    pytest.importorskip("datasets", reason="datasets is not installed: make consumers")
    write_run(tmp_path / "run", list(many_pairs(3000)))
    shard = tmp_path / "run" / "pairs-00000.jsonl"
    found = evaluate(
        f"from datasets import load_dataset\nd = load_dataset('json', data_files={str(shard)!r}, split='train')\n"
        "rows = list(zip(d['id'], d['src'], d['tgt'], d['score'], d['flags']))"
    )
    assert found == [(p.id, p.src, p.tgt, p.score, list(p.flags)) for p in read_pairs([str(shard)])]


# Exports, each in a tool that expects it


def exported(place: Path, to: str, **choice: Any) -> tuple[Path, list[Pair]]:
    out = place / f"export.{to}"
    export_pairs([str(place / "out")], out, to, Choice(**choice))
    return out, [
        pair for pair in read_pairs([str(place / "out")]) if pair.src_lang in choice.get("langs", (pair.src_lang,))
    ]


def test_pyarrow_reads_every_field_of_the_parquet_export_in_row_groups(place: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: make consumers")
    out, pairs = exported(place, "parquet")
    file = parquet.ParquetFile(out)
    assert file.metadata.num_row_groups == 2
    rows = itertools.chain.from_iterable(batch.to_pylist() for batch in file.iter_batches())
    for row, pair in zip(rows, pairs, strict=True):
        assert {**row, "meta": json.loads(row["meta"])} == msgspec.json.decode(msgspec.json.encode(pair))
    assert file.schema_arrow.metadata[b"schema"] == b"tolk.pair/1"


def test_pandas_reads_the_csv_export(place: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: make consumers")
    out, pairs = exported(place, "csv")
    frame = pandas.read_csv(out, dtype=str, keep_default_na=False)
    told = {pair.id: pair.src for pair in pairs if not re.search("[\x00-\x08\x0b-\x1f\x7f]", pair.src)}
    found = dict(zip(frame["id"], (text.removeprefix("'") for text in frame["src"]), strict=True))
    assert len(found) == len(pairs)
    assert {name: found[name] for name in told} == told


def test_duckdb_reads_the_csv_export(place: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: make consumers")
    out, pairs = exported(place, "csv")
    found = duckdb.read_csv(str(out), header=True, all_varchar=True, quotechar='"', escapechar='"')
    assert [row[0] for row in found.select("id").fetchall()] == [pair.id for pair in pairs]


@pytest.mark.parametrize("to", ["tmx", "xliff"])
def test_translate_toolkit_reads_the_export(tmp_path: Path, to: str) -> None:
    factory = pytest.importorskip(
        "translate.storage.factory", reason="translate-toolkit is not installed: make consumers"
    )
    storage = {"tmx": "tmx.tmxfile", "xliff": "xliff2.Xliff2File"}[to]
    module, kind = storage.split(".")
    write_run(tmp_path / "out", list(many_pairs(400)))
    out, pairs = exported(tmp_path, to, langs=("id",))
    del factory
    store = getattr(importlib.import_module(f"translate.storage.{module}"), kind).parsefile(str(out))
    assert [(str(unit.source), str(unit.target)) for unit in store.units] == [(p.src, p.tgt) for p in pairs]


def test_datasets_reads_the_parquet_export(place: Path, here: Path) -> None:
    del here
    pytest.importorskip("datasets", reason="datasets is not installed: make consumers")
    out, pairs = exported(place, "parquet")
    found = evaluate(
        f"from datasets import load_dataset\nd = load_dataset('parquet', data_files={str(out)!r}, split='train')\n"
        "rows = list(zip(d['id'], d['src'], d['tgt']))"
    )
    assert found == [(p.id, p.src, p.tgt) for p in pairs]


# The contract


def test_old_pairs_stay_readable_and_valid() -> None:
    with OLD.open("rb") as lines:
        assert list(find_problems(lines)) == []
    pairs = list(read_pairs([str(OLD)]))
    assert len(pairs) == 19
    assert b"".join(msgspec.json.encode(pair) + b"\n" for pair in pairs) == OLD.read_bytes()


@pytest.mark.parametrize("to", [name for name in FORMATS if name != "parquet"])
def test_old_pairs_can_be_exported(tmp_path: Path, to: str) -> None:
    assert export_pairs([str(OLD)], tmp_path / "out", to).written > 0


@pytest.mark.parametrize("record", [Pair, Reject, Manifest, Counts, LastRun, PackageEntry])
def test_page_tells_every_field(record: type[msgspec.Struct]) -> None:
    assert [name for name in record.__struct_fields__ if f"`{name}`" not in PAGE] == []


def test_page_tells_every_flag_and_every_format() -> None:
    names = [*FAULTS, UNDETERMINED, UNSUPPORTED, *FORMATS]
    assert [name for name in names if f"| `{name}` |" not in PAGE] == []
