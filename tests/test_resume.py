"""A run that ends before its time, and the one that goes on from there."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING

import msgspec
import pytest
import victim

from pipeline.errors import InputError, OutputError
from pipeline.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLAIN, INCREMENTAL = pytest.param(False, id="plain"), pytest.param(True, id="incremental")

pytestmark = pytest.mark.usefixtures("batch_engine")


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Make an input with documents of several files and rejects, a dozen windows long."""
    folder = tmp_path / "in"
    folder.mkdir()
    lines = [json.dumps({"text": f"Rad {n}: " + "Det är en mening till. " * (n % 7), "n": n}) for n in range(22)]
    lines[4] = "torn {"
    lines[17] = '{"other": 1}'
    lines[19] = lines[5]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "b.txt").write_text("\n".join(f"Stycke {n} om ingenting alls." for n in range(24)), encoding="utf-8")
    (folder / "c.txt").write_text("", encoding="utf-8")
    return folder


def translate(dump: Path, out: Path, *, incremental: bool = False, fresh: bool = False, **given: object) -> None:
    """Run with small windows."""
    run([str(dump)], out, victim.small_settings(**given), incremental=incremental, fresh=fresh)


@pytest.mark.parametrize("incremental", [PLAIN, INCREMENTAL])
def test_a_run_killed_at_any_step_goes_on_to_the_same_bytes(dump: Path, tmp_path: Path, *, incremental: bool) -> None:
    def end_at(step: int, out: Path) -> None:
        victim.count_steps(setattr, step, [])
        translate(dump, out, incremental=incremental)

    translate(dump, tmp_path / "whole", incremental=incremental)
    expected = victim.outcome(tmp_path / "whole")
    assert len(expected) > 2
    for step in range(1, 10_000):
        out = tmp_path / f"killed-{step}"
        ended = victim.forked(lambda step=step, out=out: end_at(step, out))  # type: ignore[misc]
        translate(dump, out, incremental=incremental)
        assert victim.outcome(out) == expected, f"killed at step {step}"
        if ended == 0:
            break
    assert step > 50


def test_an_added_night_killed_at_any_step_goes_on_to_the_same_bytes(dump: Path, tmp_path: Path) -> None:
    def end_at(step: int, out: Path) -> None:
        victim.count_steps(setattr, step, [])
        translate(dump, out, incremental=True)

    def first_night(out: Path) -> None:
        (dump / "d.txt").unlink(missing_ok=True)
        translate(dump, out, incremental=True)
        (dump / "d.txt").write_text("\n".join(f"Nytt stycke {n}.\x00" for n in range(40)), encoding="utf-8")
        (dump / "a.jsonl").write_text((dump / "a.jsonl").read_text("utf-8") + "\nnew torn {\n", encoding="utf-8")

    before = (dump / "a.jsonl").read_text("utf-8")
    first_night(tmp_path / "whole")
    translate(dump, tmp_path / "whole", incremental=True)
    expected = victim.outcome(tmp_path / "whole")
    for step in range(1, 10_000):
        (dump / "a.jsonl").write_text(before, encoding="utf-8")
        out = tmp_path / f"killed-{step}"
        first_night(out)
        ended = victim.forked(lambda step=step, out=out: end_at(step, out))  # type: ignore[misc]
        translate(dump, out, incremental=True)
        assert victim.outcome(out) == expected, f"killed at step {step}"
        if ended == 0:
            break
    assert step > 25


def start(dump: Path, out: Path, *more: str) -> int:
    """Start the command; what it says goes to a file beside its folder."""
    command = ["run", str(dump), "--out", str(out), "--source-lang", "sv", "--no-progress", *more]
    return victim.start(out.with_suffix(".said"), *command, window=1000)


@pytest.fixture
def long_dump(dump: Path) -> Path:
    """Make the input long enough for worker processes."""
    text = "\n".join(json.dumps({"text": f"Sida {n}. " + "Ännu en mening om vädret. " * 20}) for n in range(60))
    (dump / "e.jsonl").write_text(text, encoding="utf-8")
    return dump


@pytest.mark.parametrize(("workers", "kills"), [("1", 12), ("2", 2)])
def test_kills_at_random_moments_lose_and_double_nothing(
    long_dump: Path, tmp_path: Path, workers: str, kills: int
) -> None:
    def begin(out: Path) -> int:
        return start(long_dump, out, "--workers", workers)

    began = time.monotonic()
    assert victim.finish(begin(tmp_path / "whole")) == 0
    expected, span = victim.outcome(tmp_path / "whole"), time.monotonic() - began
    for out in victim.kill_at_random(begin, tmp_path, span, kills, seed=7):
        assert victim.outcome(out) == expected


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_at_once_and_says_how_to_go_on(
    long_dump: Path, tmp_path: Path, number: int, code: int
) -> None:
    process = start(long_dump, tmp_path / "out", "--workers", "2")
    wait_for((tmp_path / "out/.tolk/progress.json").exists)
    os.killpg(process, number)  # as a terminal and systemd do: to every process of the group
    assert victim.finish(process) == code
    said = (tmp_path / "out.said").read_text("utf-8")
    assert said == "tolk: Stopped. What is committed is kept: the same command goes on from there.\n"
    assert not (tmp_path / "out/manifest.json").exists()


def test_a_killed_worker_is_replaced_and_the_run_ends_well(long_dump: Path, tmp_path: Path) -> None:
    assert victim.finish(start(long_dump, tmp_path / "whole", "--workers", "1")) == 0
    process = start(long_dump, tmp_path / "out", "--workers", "2")
    wait_for(lambda: bool(victim.children_of(process)))
    os.kill(victim.children_of(process)[0], signal.SIGKILL)
    assert victim.finish(process) == 0
    assert victim.outcome(tmp_path / "out") == victim.outcome(tmp_path / "whole")


def wait_for(state: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 60
    while not state():
        assert time.monotonic() < until
        time.sleep(0.002)


def interrupt(dump: Path, out: Path, *, incremental: bool = False, step: int = 30) -> None:
    """Leave a run behind that was killed after a few windows."""

    def work() -> None:
        victim.count_steps(setattr, step, [])
        translate(dump, out, incremental=incremental)

    assert victim.forked(work) == -signal.SIGKILL
    assert (out / ".tolk/progress.json").exists()


def test_changed_settings_are_refused_until_asked_to_start_over(dump: Path, tmp_path: Path) -> None:
    interrupt(dump, tmp_path / "out")
    with pytest.raises(OutputError, match=r"interrupted and had other settings.*start over with --fresh\."):
        translate(dump, tmp_path / "out", beam=2)
    translate(dump, tmp_path / "out", beam=2, fresh=True)
    translate(dump, tmp_path / "whole", beam=2)
    assert victim.outcome(tmp_path / "out") == victim.outcome(tmp_path / "whole")


def test_changed_input_is_refused_rather_than_mixed(dump: Path, tmp_path: Path) -> None:
    interrupt(dump, tmp_path / "out")
    (dump / "a.jsonl").write_text((dump / "a.jsonl").read_text("utf-8").replace('"n": 3', '"n": 4'), encoding="utf-8")
    with pytest.raises(InputError, match="The input has changed since the run was interrupted"):
        translate(dump, tmp_path / "out")


def test_an_interrupted_run_is_not_continued_by_one_of_another_kind(dump: Path, tmp_path: Path) -> None:
    interrupt(dump, tmp_path / "out")
    with pytest.raises(OutputError, match="Finish that one with the command that began it"):
        translate(dump, tmp_path / "out", incremental=True)


def test_an_incremental_run_goes_on_though_the_input_has_grown(dump: Path, tmp_path: Path) -> None:
    interrupt(dump, tmp_path / "out", incremental=True)
    with (dump / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n{"text": "En rad som kom i natt."}\n')
    translate(dump, tmp_path / "out", incremental=True)
    manifest = msgspec.json.decode((tmp_path / "out/manifest.json").read_bytes())
    assert manifest["counts"]["documents"] == 23
    assert manifest["last_run"]["unchanged"] == 0


def test_torn_progress_is_named_and_does_not_pass_for_a_run(dump: Path, tmp_path: Path) -> None:
    interrupt(dump, tmp_path / "out")
    progress = tmp_path / "out/.tolk/progress.json"
    progress.write_bytes(progress.read_bytes()[:-20])
    with pytest.raises(OutputError, match=r"progress\.json is not a run's progress.*start over with --fresh"):
        translate(dump, tmp_path / "out")
    translate(dump, tmp_path / "out", fresh=True)


def test_the_number_of_workers_does_not_show(long_dump: Path, tmp_path: Path) -> None:
    translate(long_dump, tmp_path / "one", workers=1)
    translate(long_dump, tmp_path / "three", workers=3)
    assert victim.outcome(tmp_path / "one") == victim.outcome(tmp_path / "three")
