"""The translation memory: what was said once is not asked again, whatever happens to its file."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError, OutputError
from pipeline.memory_care import export_memory, memory_stats, prune_memory
from pipeline.translate import memory_db
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.memory import Memory, MemoryWarning, Remembering, make_keys, memory_file, open_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 2**30
GREEDY = Decoding()


class Counting:
    """Translates by numbering, so that a second translation of a text would be seen."""

    label = "counting 1.0 00000000"

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give each text a number of its own."""
        first = sum(map(len, self.asked))
        self.asked.append(list(texts))
        return [
            Hypothesis(f"{text} #{first + at}", -0.125 * decoding.beam, cut=at % 2 == 1, flags=("loop",) * (at % 2))
            for at, text in enumerate(texts)
        ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "memory.sqlite"


def remember(memory: Memory, salt: object = "a", lang: str = "sv") -> tuple[Remembering, Counting]:
    engine = Counting()
    return Remembering(engine, memory, lang, [salt]), engine


def test_a_text_is_translated_once_in_a_run(path: Path) -> None:
    with open_memory(path, LIMIT) as memory:
        layer, engine = remember(memory)
        first = layer.translate_texts(["ett", "två"], GREEDY)
        assert layer.translate_texts(["två", "tre", "ett"], GREEDY)[::2] == first[::-1]
    assert engine.asked == [["ett", "två"], ["tre"]]


def test_a_later_run_finds_every_field_as_it_was(path: Path) -> None:
    with open_memory(path, LIMIT) as memory:
        first = remember(memory)[0].translate_texts(["ett", "två"], GREEDY)
    with open_memory(path, LIMIT) as memory:
        layer, engine = remember(memory)
        assert layer.translate_texts(["ett", "två"], GREEDY) == first
        assert engine.asked == []


@pytest.mark.parametrize(
    ("salt", "lang", "decoding"), [("b", "sv", GREEDY), ("a", "id", GREEDY), ("a", "sv", Decoding(4))]
)
def test_another_package_language_or_decoding_is_asked_anew(
    path: Path, salt: str, lang: str, decoding: Decoding
) -> None:
    with open_memory(path, LIMIT) as memory:
        remember(memory)[0].translate_texts(["ett"], GREEDY)
        layer, engine = remember(memory, salt, lang)
        layer.translate_texts(["ett"], decoding)
    assert engine.asked == [["ett"]]


def test_a_text_that_stands_twice_in_a_call_is_asked_once(path: Path) -> None:
    with open_memory(path, LIMIT) as memory:
        layer, engine = remember(memory)
        first, second = layer.translate_texts(["ett", "ett"], GREEDY)
    assert first == second
    assert engine.asked == [["ett"]]


def test_the_label_is_the_engines_own(path: Path) -> None:
    with open_memory(path, LIMIT) as memory:
        assert remember(memory)[0].label == Counting.label


def test_many_texts_are_looked_up_in_few_queries(path: Path) -> None:
    texts = [f"text {number}" for number in range(3000)]
    with open_memory(path, LIMIT) as memory:
        layer, engine = remember(memory)
        first = layer.translate_texts(texts, GREEDY)
        queries: list[str] = []
        assert memory._connection is not None
        memory._connection.set_trace_callback(queries.append)
        assert layer.translate_texts(texts, GREEDY) == first
    assert sum("SELECT key" in query for query in queries) <= 3000 // 500 + 1
    assert len(engine.asked) == 1


@settings(deadline=None)  # two commits are synced to a disk that others use too
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("memory") / "memory.sqlite"
    with open_memory(path, LIMIT) as memory:
        first = remember(memory)[0].translate_texts(texts, GREEDY)
    with open_memory(path, LIMIT) as memory:
        assert remember(memory)[0].translate_texts(texts, GREEDY) == first


def test_a_lone_surrogate_is_translated_and_not_stored(path: Path) -> None:
    with open_memory(path, LIMIT) as memory:
        assert remember(memory)[0].translate_texts(["\ud800"], GREEDY)[0].text == "\ud800 #0"
    assert memory_stats(path).pairs == 0


def test_keys_are_of_sixteen_bytes_and_differ_with_text_and_salt() -> None:
    keys = make_keys(["a", "b"], ["x"]) + make_keys(["a"], ["y"]) + make_keys(["a"], ["x", ""])
    assert {len(key) for key in keys} == {16}
    assert len(set(keys)) == 4


def test_of_two_processes_the_first_to_store_is_right(path: Path) -> None:
    """Both then give the same bytes, and so does a run that goes on."""
    with open_memory(path, LIMIT) as mine, open_memory(path, LIMIT) as theirs:
        key = make_keys(["ett"], ["x"])[0]
        entry = memory_db.Entry(key, "sv", "m", "ett", Hypothesis("one", -0.5))
        mine.keep([entry])
        assert theirs.keep([memory_db.Entry(key, "sv", "m", "ett", Hypothesis("1", -0.4))]) == {key: entry.hypothesis}


WRITER = """
import sys
from pathlib import Path
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.memory import open_memory, Remembering

class Upper:
    label = "upper"
    def translate_texts(self, texts, decoding):
        return [Hypothesis(text.upper(), -0.5) for text in texts]

with open_memory(Path(sys.argv[1]), 2**30) as memory:
    layer = Remembering(Upper(), memory, "sv", ["a"])
    for window in range(int(sys.argv[3])):
        layer.translate_texts([f"{sys.argv[2]} {window} {at}" for at in range(20)], Decoding())
        print(window, flush=True)
"""


def start_writer(path: Path, name: str, windows: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", WRITER, str(path), name, str(windows)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_several_processes_write_at_the_same_time(path: Path) -> None:
    writers = [start_writer(path, name, 15) for name in "abcd"]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    for writer in writers:
        assert writer.stdout
        writer.stdout.close()
    assert memory_stats(path).pairs == 4 * 15 * 20


def test_what_was_committed_before_kill_9_is_found_again(path: Path) -> None:
    writer = start_writer(path, "a", 100_000)
    assert writer.stdout
    windows = [writer.stdout.readline() for _ in range(5)]
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait(30)
    windows += writer.stdout.readlines()
    writer.stdout.close()
    texts = [f"a {window} {at}" for window in range(len(windows)) for at in range(20)]
    with open_memory(path, LIMIT) as memory:
        found = memory.recall(make_keys(texts, ["sv", "a", *map(str, msgspec.structs.astuple(GREEDY))]))
    assert [hypothesis.text for hypothesis in found.values()].count("") == 0
    assert len(found) == len(texts)


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be looked at" * 40, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_broken_file_is_set_aside_with_a_warning(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.warns(MemoryWarning, match="broken"), open_memory(path, LIMIT) as memory:
        remember(memory)[0].translate_texts(["ett"], GREEDY)
    assert path.with_name("memory.sqlite.broken-1").read_bytes() == content
    assert memory_stats(path).pairs == 1


def test_a_file_that_breaks_while_it_is_used_loses_no_translation(path: Path) -> None:
    texts = [f"text {number} {'x' * 200}" for number in range(2000)]
    with open_memory(path, LIMIT) as memory:
        first = remember(memory)[0].translate_texts(texts, GREEDY)
    raw = bytearray(path.read_bytes())
    raw[8192:-4096] = os.urandom(len(raw) - 12288)
    path.write_bytes(raw)
    with pytest.warns(MemoryWarning, match="broken"), open_memory(path, LIMIT) as memory:
        assert remember(memory)[0].translate_texts(texts, GREEDY) == first
    assert memory_stats(path).pairs == len(texts)


def test_a_row_that_was_altered_is_translated_anew(path: Path) -> None:
    with open_memory(path, LIMIT) as memory:
        first = remember(memory)[0].translate_texts(["ett", "två"], GREEDY)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE pair SET target = 'three' WHERE source = 'två'")
    db.close()
    with open_memory(path, LIMIT) as memory:
        layer, engine = remember(memory)
        assert [said.text for said in layer.translate_texts(["ett", "två"], GREEDY)] == [first[0].text, "två #0"]
    assert engine.asked == [["två"]]


def test_a_locked_file_is_left_alone_with_one_warning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_db, "BUSY_SECONDS", 0.05)
    with open_memory(path, LIMIT) as memory:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        layer, engine = remember(memory)
        with pytest.warns(MemoryWarning, match="locked") as caught:
            layer.translate_texts(["ett"], GREEDY)
        layer.translate_texts(["två"], GREEDY)
        other.close()
    assert len(caught) == 1
    assert engine.asked == [["ett"], ["två"]]
    assert path.exists()


def test_a_file_that_is_held_from_the_start_is_waited_for_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_db, "BUSY_SECONDS", 0.5)
    with open_memory(path, LIMIT) as memory:
        remember(memory)[0].translate_texts(["ett"], GREEDY)
    other = sqlite3.connect(path, isolation_level=None)
    other.executescript("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE more (a);")
    began = time.monotonic()
    with pytest.warns(MemoryWarning, match="locked"), open_memory(path, LIMIT):
        waited = time.monotonic() - began
    other.close()
    assert 0.5 <= waited < 5


def test_an_unwritable_place_means_one_warning_and_no_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.warns(MemoryWarning, match="TOLK_MEMORY") as caught:
        memory = open_memory(tmp_path / "file" / "memory.sqlite", LIMIT)
    with memory:
        layer, engine = remember(memory)
        assert len(layer.translate_texts(["ett"], GREEDY) + layer.translate_texts(["ett"], GREEDY)) == 2
    assert len(caught) == 1
    assert len(engine.asked) == 2


def test_another_programs_database_is_neither_used_nor_moved(tmp_path: Path) -> None:
    path = tmp_path / "letters.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE letters (text)")
    db.close()
    before = path.read_bytes()
    with pytest.warns(MemoryWarning, match="another program"), open_memory(path, LIMIT) as memory:
        remember(memory)[0].translate_texts(["ett"], GREEDY)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["letters.sqlite"]


def fill(path: Path, name: str, count: int) -> None:
    with open_memory(path, LIMIT) as memory:
        remember(memory)[0].translate_texts([f"{name} {number} {'x' * 500}" for number in range(count)], GREEDY)


def test_pruning_forgets_what_was_not_used_for_longest(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10**9, 2 * 10**9, 86_400))
    monkeypatch.setattr("pipeline.translate.memory._now", lambda: next(clock))
    fill(path, "old", 500)
    fill(path, "new", 500)
    fill(path, "old", 250)
    limit = memory_stats(path).bytes // 2
    assert prune_memory(path, limit) > 400
    assert memory_stats(path).bytes <= limit
    with sqlite3.connect(path) as db:
        left = [source.split()[:2] for (source,) in db.execute("SELECT source FROM pair")]
    db.close()
    assert sum(name == "old" and int(number) < 250 for name, number in left) == 250


def test_a_run_prunes_at_its_end_only(path: Path) -> None:
    with open_memory(path, 100_000) as memory:
        layer, engine = remember(memory)
        for _ in range(2):
            for window in range(10):
                layer.translate_texts([f"{window} {at} {'x' * 1000}" for at in range(50)], GREEDY)
        assert len(engine.asked) == 10
    assert memory_stats(path).bytes <= 100_000
    assert path.stat().st_size <= 150_000


def test_an_interrupted_run_prunes_nothing(path: Path) -> None:
    """It finds all of it when it goes on."""
    texts = [f"{at} {'x' * 1000}" for at in range(200)]
    with pytest.raises(KeyboardInterrupt), open_memory(path, 10_000) as memory:  # noqa: PT012 - what interrupts it
        remember(memory)[0].translate_texts(texts, GREEDY)
        raise KeyboardInterrupt
    assert memory_stats(path).pairs == 200


def test_stats_count_by_language_and_package(path: Path) -> None:
    with open_memory(path, LIMIT) as memory:
        remember(memory)[0].translate_texts(["ett", "två"], GREEDY)
        remember(memory, lang="id")[0].translate_texts(["satu"], GREEDY)
    stats = memory_stats(path)
    assert [(stock.lang, stock.model, stock.pairs, stock.faulty) for stock in stats.stocks] == [
        ("id", Counting.label, 1, 0),
        ("sv", Counting.label, 2, 1),
    ]


def test_an_export_is_tmx_with_every_pair(path: Path, tmp_path: Path) -> None:
    texts = ['a < b & "c"', "  två\nrader ", "👍🏽 \x07 ]]>", "ett"]
    with open_memory(path, LIMIT) as memory:
        first = remember(memory)[0].translate_texts(texts, GREEDY)
    assert export_memory(path, tmp_path / "memory.tmx") == 4
    root = ET.parse(tmp_path / "memory.tmx").getroot()  # noqa: S314 - of our own making
    units = {tuple(seg.text or "" for seg in unit.iter("seg")) for unit in root.iter("tu")}
    assert units == {
        (a.replace("\x07", "\ufffd"), b.text.replace("\x07", "\ufffd")) for a, b in zip(texts, first, strict=True)
    }


def test_an_earlier_export_stands_until_the_new_one_is_whole(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    fill(path, "a", 2)
    out = tmp_path / "made" / "memory.tmx"
    export_memory(path, out)
    before = out.read_bytes()
    fill(path, "b", 2)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match=r"memory\.tmx cannot be written: No space left on device"):
        export_memory(path, out)
    assert [(file.name, file.read_bytes()) for file in out.parent.iterdir()] == [("memory.tmx", before)]


def test_an_export_never_overwrites_the_memory(path: Path) -> None:
    fill(path, "a", 1)
    with pytest.raises(OutputError, match="itself"):
        export_memory(path, path)


@pytest.mark.parametrize(
    "act", [memory_stats, lambda path: prune_memory(path, 1), lambda path: export_memory(path, path)]
)
def test_looking_after_no_memory_says_where_it_was_looked_for(path: Path, act: object) -> None:
    assert callable(act)
    with pytest.raises(InputError, match=r"memory\.sqlite"):
        act(path)


def test_the_place_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOLK_MEMORY")
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert memory_file() == Path("/cache/tolk/memory.sqlite")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert memory_file() == Path("~/.cache/tolk/memory.sqlite").expanduser()
    monkeypatch.setenv("TOLK_MEMORY", "/elsewhere/m.sqlite")
    assert memory_file() == Path("/elsewhere/m.sqlite")


def test_looking_up_costs_next_to_nothing(path: Path) -> None:
    texts = [f"En mening av vanlig längd, med nummer {number}." for number in range(20_000)]
    with open_memory(path, LIMIT) as memory:
        layer, _ = remember(memory)
        layer.translate_texts(texts, GREEDY)
        began = time.process_time()
        layer.translate_texts(texts, GREEDY)
        assert time.process_time() - began < 4.0


def test_a_clean_memory_warns_of_nothing(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fill(path, "a", 3)
        fill(path, "a", 3)
