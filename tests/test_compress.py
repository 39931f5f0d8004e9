"""Packed shards: whole frames, the same pairs, the same bytes after a kill, and readable wherever plain ones are."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
import victim
import zstandard
from finished_run import many_pairs

from pipeline.errors import InputError, OutputError
from pipeline.export import export_pairs
from pipeline.read import read_documents
from pipeline.read.lines import read_lines
from pipeline.read.pairs import read_pairs
from pipeline.report import write_report
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write.append import append_lines, cut_file

if TYPE_CHECKING:
    from conftest import Tolk

    from pipeline.records import Pair


pytestmark = pytest.mark.usefixtures("batch_engine")


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make an input of a dozen windows, with a reject."""
    chance = random.Random(3)  # noqa: S311 - nothing to keep secret
    words = ["regnet", "föll", "över", "staden", "medan", "hamnen", "vaknade", "och", "båtarna", "lade", "ut", "mot"]
    lines = [f'{{"text": "{" ".join(chance.choices(words, k=40)).capitalize()}.", "n": {n}}}' for n in range(60)]
    lines[9] = "torn {"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "in"


def translate(dump: Path, out: Path, *, compress: bool = True, incremental: bool = False, **given: object) -> Path:
    """Run with small windows."""
    run([str(dump)], out, victim.small_settings(compress=compress, **given), incremental=incremental)
    return out


def frames(data: bytes) -> list[bytes]:
    """Unpack frame by frame; fail where one is torn."""
    found = []
    while data:
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        found.append(unpacker.decompress(data))
        assert unpacker.eof
        data = unpacker.unused_data
    return found


def test_packed_shards_hold_the_bytes_of_plain_ones(dump: Path, tmp_path: Path) -> None:
    translate(dump, tmp_path / "plain", compress=False)
    translate(dump, tmp_path / "packed")
    packed = sorted((tmp_path / "packed").glob("pairs-*"))
    assert [path.name for path in packed[:2]] == ["pairs-00000.jsonl.zst", "pairs-00001.jsonl.zst"]
    plain = b"".join(path.read_bytes() for path in sorted((tmp_path / "plain").glob("pairs-*")))
    assert b"".join(text for path in packed for text in frames(path.read_bytes())) == plain
    assert (tmp_path / "packed/rejects.jsonl").read_bytes() == (tmp_path / "plain/rejects.jsonl").read_bytes()


def test_each_window_is_one_whole_frame_with_a_checksum(dump: Path, tmp_path: Path) -> None:
    translate(dump, tmp_path / "out", shard_bytes=2**30)
    data = (tmp_path / "out/pairs-00000.jsonl.zst").read_bytes()
    windows = frames(data)
    assert len(windows) > 10
    assert all(text.endswith(b"\n") for text in windows)
    assert zstandard.get_frame_parameters(data).has_checksum


def test_a_shard_is_closed_by_what_it_takes_on_the_disk(dump: Path, tmp_path: Path) -> None:
    translate(dump, tmp_path / "out")
    *closed, last = (path.stat().st_size for path in sorted((tmp_path / "out").glob("pairs-*")))
    assert closed
    assert all(victim.SHARD <= size < victim.SHARD + 2000 for size in closed)
    assert last > 0


def test_a_packed_run_killed_at_any_step_goes_on_to_the_same_bytes(dump: Path, tmp_path: Path) -> None:
    def end_at(step: int, out: Path) -> None:
        victim.count_steps(setattr, step, [])
        translate(dump, out)

    expected = victim.outcome(translate(dump, tmp_path / "whole"))
    assert len(expected) > 2
    for step in range(1, 10_000):
        out = tmp_path / f"killed-{step}"
        ended = victim.forked(lambda step=step, out=out: end_at(step, out))  # type: ignore[misc]
        assert victim.outcome(translate(dump, out)) == expected, f"killed at step {step}"
        if ended == 0:
            break
    assert step > 50


def test_a_packed_run_killed_within_a_frame_goes_on_to_the_same_bytes(dump: Path, tmp_path: Path) -> None:
    """The real command, by the real signal, at random moments; what is torn is torn for real."""

    def start(out: Path) -> int:
        command = ("run", str(dump), "--out", str(out), "--source-lang", "sv", "--no-progress", "--workers", "1")
        return victim.start(out.with_suffix(".said"), *command, "--compress", window=400)

    began = time.monotonic()
    assert victim.finish(start(tmp_path / "whole")) == 0
    span, expected = time.monotonic() - began, victim.outcome(tmp_path / "whole")
    assert "pairs-00000.jsonl.zst" in expected
    for out in victim.kill_at_random(start, tmp_path, span, kills=8, seed=11):
        assert victim.outcome(out) == expected


def test_a_frame_that_was_not_committed_is_cut_off(tmp_path: Path) -> None:
    shard = tmp_path / "pairs-00000.jsonl.zst"
    pairs = list(many_pairs(20))
    committed = append_lines(shard, pairs[:10])
    append_lines(shard, pairs[10:])
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-7])
    with pytest.raises(InputError, match=r"Cannot read .*pairs-00000\.jsonl\.zst: .*end too early"):
        list(read_lines(str(shard)))
    cut_file(shard, committed)
    append_lines(shard, pairs[10:])
    assert shard.read_bytes() == whole


def test_compression_is_part_of_the_signature(dump: Path, tmp_path: Path) -> None:
    translate(dump, tmp_path / "out", incremental=True)
    with pytest.raises(OutputError, match="made with other settings"):
        translate(dump, tmp_path / "out", compress=False, incremental=True)


def test_a_later_run_of_the_other_kind_replaces_the_shards(dump: Path, tmp_path: Path) -> None:
    translate(dump, tmp_path / "out")
    translate(dump, tmp_path / "out", compress=False)
    assert not list((tmp_path / "out").glob("*.zst"))
    translate(dump, tmp_path / "out")
    assert not list((tmp_path / "out").glob("pairs-*.jsonl"))


def test_a_night_goes_on_behind_packed_shards_also_without_its_register(dump: Path, tmp_path: Path) -> None:
    out = translate(dump, tmp_path / "out", incremental=True)
    before = victim.outcome(out)
    (out / ".tolk/documents.sqlite").unlink()
    (dump / "b.txt").write_text("En ny sida.", encoding="utf-8")
    translate(dump, out, incremental=True)
    manifest = msgspec.json.decode((out / "manifest.json").read_bytes())
    assert manifest["last_run"]["unchanged"] == 60
    assert manifest["last_run"]["shards"] == [f"pairs-{len(before) - 1:05d}.jsonl.zst"]
    assert {name: victim.outcome(out)[name] for name in before} == before


def test_packed_output_is_not_taken_for_input(dump: Path) -> None:
    out = translate(dump, dump / "out")
    sources = {record.source for record in read_documents([str(dump)], Settings(workers=1))}
    assert {source.partition("#")[0] for source in sources} == {"a.jsonl"}
    with pytest.raises(InputError, match="holds no document"):
        list(read_documents([str(dump / "**" / "*.zst")], Settings(workers=1)))
    with pytest.raises(OutputError, match="is both input and output"):
        run([str(out / "pairs-00000.jsonl.zst")], out, victim.small_settings(compress=True))


def test_report_export_and_validate_read_packed_shards(dump: Path, tmp_path: Path, tolk: Tolk) -> None:
    out, plain = translate(dump, tmp_path / "out"), translate(dump, tmp_path / "plain", compress=False)
    pairs: list[Pair] = list(read_pairs([str(plain)]))
    assert list(read_pairs([str(out)])) == pairs
    assert pairs[-1].src.encode() in write_report(out).read_bytes()
    assert export_pairs([str(out)], tmp_path / "out.csv", "csv").written == len(pairs)
    shards = sorted(out.glob("pairs-*"))
    assert tolk("validate", *shards).returncode == 0
    assert tolk("validate", "-", stdin=shards[0].read_bytes()).returncode == 0


def test_stages_read_packed_records_from_files_and_pipes(dump: Path, tmp_path: Path, tolk: Tolk) -> None:
    plain = tolk("repair", dump).stdout
    packed = zstandard.ZstdCompressor().compress(plain[: len(plain) // 2 + 1])
    packed += zstandard.ZstdCompressor().compress(plain[len(plain) // 2 + 1 :])
    (tmp_path / "documents.jsonl.zst").write_bytes(packed)
    expected = tolk("segment", stdin=plain).stdout
    assert expected
    assert tolk("segment", tmp_path / "documents.jsonl.zst").stdout == expected
    assert tolk("segment", stdin=packed).stdout == expected


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_a_stage_reads_what_a_shell_substitutes(dump: Path) -> None:
    command = Path(sys.executable).with_name("tolk")
    shown = subprocess.run(
        ["bash", "-c", f"{command} segment <({command} repair {dump})"], capture_output=True, check=False
    )
    assert (shown.returncode, shown.stderr.count(b"rejected")) == (0, 1)
    assert shown.stdout.count(b"\n") == 59
