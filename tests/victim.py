"""`tolk` with windows small enough to be killed in: forked, and able to end itself at a chosen step."""

from __future__ import annotations

import contextlib
import errno
import functools
import gc
import hashlib
import os
import random
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pipeline.dispatch
import pipeline.engines
from pipeline import cli, incremental, prepare, run
from pipeline.cli import options
from pipeline.dispatch import Dispatcher
from pipeline.settings import Settings
from pipeline.translate.engine import Decoding, Hypothesis
from pipeline.translate.memory import Remembering, open_memory
from pipeline.translate.overlap import Overlapping
from pipeline.write import append
from pipeline.write import stage as write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

WINDOW = 400
SHARD = 3000


class BatchEngine:
    """Says of each text what else was in its batch, so that a window cut elsewhere shows in the output."""

    label = "batch 1 00000000"

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Turn texts around, scored by the batch's hash."""
        del decoding
        batch = hashlib.sha256("\0".join(texts).encode()).digest()
        return [Hypothesis(text=text[::-1], score=-round(batch[0] / 256, 4)) for text in texts]


def small_settings(**given: Any) -> Settings:
    """Give settings under which a small input makes many windows and several shards."""
    return Settings(**{"window_chars": WINDOW, "shard_bytes": SHARD, "source_lang": "sv", "workers": 1, **given})


def use_batch_engine(patch: Callable[[Any, str, Any], None], engine: BatchEngine | None = None) -> None:
    """Let runs translate with a BatchEngine and find no package to need."""
    engines = dict.fromkeys(("sv", "id"), Overlapping(engine or BatchEngine()))
    dispatcher = Dispatcher({}, dict.fromkeys(engines, BatchEngine.label), Decoding())
    patch(run, "find_packages", lambda *_, **__: {})
    patch(pipeline.engines, "make_engines", lambda *_, **__: engines)
    patch(pipeline.dispatch, "open_dispatcher", lambda *_, **__: contextlib.nullcontext(dispatcher))


def translate_with(path: Path, text: str) -> str:
    """Translate a text with a memory before the BatchEngine."""
    with open_memory(path, 2**30) as memory:
        return Remembering(BatchEngine(), memory, "sv", []).translate_texts([text], Decoding())[0].text


def die() -> None:
    """End at once, as by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


def find_no_space() -> None:
    """Do what the system does when the disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def count_steps(
    patch: Callable[[Any, str, Any], None], fatal: int, steps: list[str], end: Callable[[], None] = die
) -> None:
    """Note each step that changes the disk, and meet an end at the fatal one; a full disk is met in the real ones."""

    def stepping(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            steps.append(name)
            if len(steps) == fatal:
                end()
            return real(*args, **kwargs)

        return step

    patch(os, "fsync", stepping("fsync", os.fsync))
    patch(Path, "replace", stepping("replace", Path.replace))
    patch(write, "append_lines", stepping("append", append.append_lines))
    if end is find_no_space:
        return
    patch(Path, "unlink", stepping("unlink", Path.unlink))
    patch(write.Output, "save", stepping("save", write.Output.save))
    patch(write.Output, "close", stepping("close", write.Output.close))
    patch(incremental.Register, "enter", stepping("enter", incremental.Register.enter))
    patch(incremental.Register, "close", stepping("leave", incremental.Register.close))


def outcome(out: Path) -> dict[str, bytes]:
    """Give what a finished run promises to be the same every time."""
    return {file.name: file.read_bytes() for file in [*sorted(out.glob("pairs-*.jsonl*")), out / "rejects.jsonl"]}


def forked(work: Callable[[], object]) -> int:
    """Do something in a forked process; give its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        gc.freeze()  # a collection would copy page by page what the tests before have left
        try:
            work()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - nothing may leave the child
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def start(said: Path, *arguments: str, engine: str = "batch", window: int = WINDOW) -> int:
    """Fork a process that leads a group of its own and runs the command line; give its id."""
    child = os.fork()
    if child:
        return child
    gc.freeze()
    warnings.simplefilter("ignore", ResourceWarning)  # as in a process of its own: a signal may come before a `with`
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the command sets its own
        os.setsid()
        for stream in (1, 2):
            os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
        sys.stdout, sys.stderr = (os.fdopen(stream, "w", closefd=False) for stream in (1, 2))
        sys.argv = ["tolk", *arguments]
        run_command_line(engine, window)
    except SystemExit as asked:
        os._exit(asked.code if isinstance(asked.code, int) else 1)
    except BaseException:  # noqa: BLE001 - nothing may leave the child
        os.write(2, traceback.format_exc().encode())
        os._exit(70)
    os._exit(0)


def finish(child: int) -> int:
    """Wait for a process; give its exit code, negative for a signal, once its whole group is gone."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    for _ in range(400):
        try:
            os.killpg(child, 0)
        except ProcessLookupError:
            return code
        time.sleep(0.05)
    message = f"Processes of group {child} live on"
    raise AssertionError(message)


def kill_at_random(start: Callable[[Path], int], outs: Path, span: float, kills: int, seed: int) -> Iterator[Path]:
    """Kill runs at random moments of their `span` seconds until they are through; give the folder of each."""
    chance = random.Random(seed)  # noqa: S311 - nothing to keep secret
    killed = number = 0
    while killed < kills:
        out, code = outs / f"out-{number}", -signal.SIGKILL
        while code == -signal.SIGKILL:
            process = start(out)
            time.sleep(chance.uniform(0, span))
            os.kill(process, signal.SIGKILL)
            code = finish(process)
            killed += code == -signal.SIGKILL
        assert code == 0
        yield out
        number += 1


def children_of(process: int) -> list[int]:
    """Name the processes that a process has started."""
    lists = Path(f"/proc/{process}/task").glob("*/children")  # a thread's each
    return [int(child) for children in lists for child in children.read_text("ascii").split()]


def run_command_line(engine: str, window: int) -> None:
    """Run `tolk` with small windows and small tasks."""
    if engine == "batch":
        use_batch_engine(setattr)
    prepare.TASK_CHARS = 2000  # type: ignore[misc]
    setattr(options, "Settings", functools.partial(Settings, window_chars=window, shard_bytes=SHARD))  # noqa: B010
    cli.main()
