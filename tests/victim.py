"""`tolk` with windows small enough to be killed in: run as a script, or forked; it can end itself at a chosen step."""

from __future__ import annotations

import functools
import hashlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import disk, incremental, options, run, write
from pipeline.engine import Hypothesis
from pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.engine import Decoding

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


def use_batch_engine(patch: Callable[[Any, str, Any], None]) -> None:
    """Let runs translate with the BatchEngine and find no package to need."""
    patch(run, "find_packages", lambda *_, **__: {})
    patch(run, "open_engines", lambda *_, **__: {"sv": BatchEngine(), "id": BatchEngine()})


def count_steps(patch: Callable[[Any, str, Any], None], fatal: int | None, steps: list[str]) -> None:
    """Note each step that changes the disk, and end at once, as by `kill -9`, at the fatal one."""

    def stepping(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            steps.append(name)
            if len(steps) == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return step

    patch(os, "fsync", stepping("fsync", os.fsync))
    patch(Path, "replace", stepping("replace", Path.replace))
    patch(Path, "unlink", stepping("unlink", Path.unlink))
    patch(write.Output, "save", stepping("save", write.Output.save))
    patch(write.Output, "close", stepping("close", write.Output.close))
    patch(incremental.Register, "enter", stepping("enter", incremental.Register.enter))
    patch(incremental.Register, "close", stepping("leave", incremental.Register.close))
    for module in (disk, write):
        patch(module, "append_lines", stepping("append", module.append_lines))


def outcome(out: Path) -> dict[str, bytes]:
    """Give what a finished run promises to be the same every time."""
    return {file.name: file.read_bytes() for file in [*sorted(out.glob("pairs-*.jsonl")), out / "rejects.jsonl"]}


def forked(work: Callable[[], object]) -> int:
    """Do something in a forked process; give its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - nothing may leave the child
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Run the command line as a victim: `python victim.py run INPUT --out OUT …`."""
    from pipeline import cli

    if os.environ.get("VICTIM_ENGINE") != "real":
        use_batch_engine(setattr)
    window = int(os.environ.get("VICTIM_WINDOW", str(WINDOW)))
    setattr(options, "Settings", functools.partial(Settings, window_chars=window, shard_bytes=SHARD))  # noqa: B010
    cli.main()


if __name__ == "__main__":
    main()
