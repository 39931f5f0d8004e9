"""Processes that apply a function to tasks."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import InputError, PipelineError
from pipeline.records import Document
from pipeline.settings import Settings
from pipeline.workers import map_in_processes


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers import this module's functions."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def double(number: int) -> int:
    """Work a little, the more the smaller the number."""
    time.sleep(0.02 / (1 + number))
    return 2 * number


def complain(number: int) -> int:
    """Fail as the pipeline does."""
    message = f"Task {number} cannot be."
    raise InputError(message)


def stumble(number: int) -> float:
    """Fail as a bug does."""
    return 1 / (number - number)


def die(_: object) -> None:
    """Be killed, as the kernel does when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(marker: str) -> str:
    """Be killed the first time."""
    if not Path(marker).exists():
        Path(marker).touch()
        die(None)
    return "alive"


def exhaust(marker: str) -> str:
    """Run out of memory the first time."""
    if not Path(marker).exists():
        Path(marker).touch()
        raise MemoryError
    return "enough"


def test_results_keep_the_order_of_their_tasks() -> None:
    assert list(map_in_processes(double, range(20), 3)) == [2 * number for number in range(20)]


def test_tasks_are_not_read_ahead_of_the_results() -> None:
    tasks = itertools.count()
    results = map_in_processes(double, tasks, 2)
    assert [next(results) for _ in range(3)] == [0, 2, 4]
    assert next(tasks) <= 3 + 2 * 2
    results.close()


def test_errors_of_the_pipeline_come_through_as_they_are() -> None:
    with pytest.raises(InputError, match="Task 5 cannot be"):
        list(map_in_processes(complain, [5], 1))


def test_an_error_that_says_apart_what_to_do_comes_through_whole() -> None:
    sent = pickle.loads(pickle.dumps(PipelineError("The disk is full", mend="Make room.")))  # noqa: S301 - our own
    assert (str(sent), sent.found, sent.mend) == ("The disk is full. Make room.", "The disk is full", "Make room.")


def test_errors_of_other_kinds_bring_where_they_happened() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        list(map_in_processes(stumble, [1], 1))
    assert "in stumble" in "".join(caught.value.__notes__)


@pytest.mark.parametrize("function", [die_once, exhaust])
def test_a_task_survives_its_process(tmp_path: Path, function: object) -> None:
    assert len(list(map_in_processes(function, [str(tmp_path / "marker")], 1))) == 1  # type: ignore[arg-type]


def test_a_task_that_kills_every_process_ends_the_run_with_advice() -> None:
    with pytest.raises(PipelineError, match=r"killed from outside time and again.*fewer --workers"):
        list(map_in_processes(die, [1], 1))


def test_records_of_any_kind_travel() -> None:
    document = Document(id="0" * 16, source="a", text="Å\0", meta={"x": [1, None, {"y": 2.5}]})
    assert list(map_in_processes(_identity, [document, Settings()], 1)) == [document, Settings()]


def test_a_script_that_starts_workers_needs_no_main_guard(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from pipeline.prepare import prepare_records\n"
        "from pipeline.records import Document\n"
        "from pipeline.settings import Settings\n"
        "pages = [Document(id=f'{n:016x}', source=f'a#{n}', text='En rad till.') for n in range(1200)]\n"
        "print(len(list(prepare_records(pages, Settings(source_lang='sv', workers=2)))))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1200\n", "")


def _identity(value: object) -> object:
    return value
