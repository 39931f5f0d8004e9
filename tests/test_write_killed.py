"""Processes killed while they publish: whatever the step, and half done too, no half output ever looks whole."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
import victim

from pipeline.addresses import connect
from pipeline.run import run
from pipeline.staging import find_folder, run_to
from pipeline.write import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.usefixtures("batch_engine"), pytest.mark.slow]

Files = dict[str, bytes]


class Mortal:
    """A file system whose process is killed at one of its steps: before it, or when half of it is done."""

    def __init__(self, system: Any, fatal: int, steps: list[str], kind: str) -> None:
        self._system, self._fatal, self._steps = system, fatal, steps
        self._halves = kind != "s3"  # a store takes a whole object or none
        if kind == "stream":
            self.local_file = False  # as on a machine that is reached by a line: nothing there is replaced at once

    def __getattr__(self, name: str) -> Any:
        return getattr(self._system, name)

    def put_file(self, source: str, target: str) -> None:
        self._strike(target, Path(source).read_bytes())
        self._system.put_file(source, target)

    def pipe_file(self, target: str, data: bytes) -> None:
        self._strike(target, data)
        self._system.pipe_file(target, data)

    def rm_file(self, target: str) -> None:
        self._strike(target, b"")
        self._system.rm_file(target)

    def _strike(self, target: str, data: bytes) -> None:
        """Count two steps: before there is anything, and when half of it is there."""
        for half in (0, len(data) // 2) if self._halves and data else (0,):
            self._steps.append(target)
            if len(self._steps) == self._fatal:
                if half:
                    self._system.pipe_file(target, data[:half])
                victim.die()


class Address:
    """An address to publish at, and what a local run of each input gives."""

    def __init__(self, out: str, kind: str, tmp_path: Path) -> None:
        self.out, self.kind, self._tmp_path = out, kind, tmp_path
        self._inputs = {name: self._make(name, number) for name, number in (("old", 14), ("new", 9))}
        self.expected = {name: self._translate(name) for name in self._inputs}

    def _make(self, name: str, number: int) -> Path:
        folder = self._tmp_path / name
        folder.mkdir()
        lines = ["torn {", *(json.dumps({"text": f"{name} rad {n} är här. " * 9}) for n in range(number))]
        (folder / "a.jsonl").write_text("\n".join(lines), "utf-8")
        return folder

    def _translate(self, name: str) -> Files:
        run([str(self._inputs[name])], self._tmp_path / f"{name}-out", victim.small_settings())
        return victim.outcome(self._tmp_path / f"{name}-out")

    def publish(self, name: str = "new") -> None:
        """Run over an input of that name."""
        run_to([str(self._inputs[name])], self.out, victim.small_settings())

    def kill(self, fatal: int) -> bool:
        """Run in a process that is killed at a step; tell whether it came to that."""

        def work() -> None:
            steps: list[str] = []

            def mortal(address: str, **options: bool) -> tuple[Any, str]:
                system, path = connect(address, **options)
                return Mortal(system, fatal, steps, self.kind), path

            setattr(publish, "connect", mortal)  # noqa: B010 - in a process that ends soon
            if self.kind != "s3":  # of which only the other side differs, and each step is slow
                victim.count_steps(setattr, fatal, steps)
            self.publish()

        code = victim.forked(work)
        assert code in {0, -signal.SIGKILL}
        return code != 0

    def standing(self) -> Files:
        """Give what stands there."""
        system, root = fsspec.url_to_fs(self.out, skip_instance_cache=True)
        return {path.rpartition("/")[2]: system.cat_file(path) for path in system.find(root)}

    def clear(self) -> None:
        """Leave nothing there, nor on this machine."""
        system, root = fsspec.url_to_fs(self.out, skip_instance_cache=True)
        if system.exists(root):
            system.rm(root, recursive=True)
        shutil.rmtree(find_folder(self.out), ignore_errors=True)

    def is_whole(self) -> bool:
        """Tell whether there is a manifest; everything that it names is then what a local run gives."""
        files = self.standing()
        if b"}" not in files.get("manifest.json", b"")[-2:]:
            return False
        named = {*json.loads(files["manifest.json"])["shards"], "rejects.jsonl"}
        assert {name: files[name] for name in named} in self.expected.values()
        return True


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """Give an address on this machine's disk, at the end of a line, or in a bucket."""
    if request.param == "s3":
        request.getfixturevalue("s3")
    out = "s3://bucket/killed" if request.param == "s3" else f"file://{tmp_path}/made/out"
    return Address(out, request.param, tmp_path)


def check(address: Address, told: str) -> None:
    """Make sure that all of the new run stands there, and nothing else."""
    files = address.standing()
    assert address.is_whole(), told
    assert {name: data for name, data in files.items() if name in address.expected["new"]} == address.expected["new"]
    assert files.keys() == {*address.expected["new"], "manifest.json", "report.html"}, told
    assert not find_folder(address.out).exists(), told


def killed_everywhere(address: Address, *, before: bool) -> Iterator[int]:
    """Kill runs that are done but for publishing at each step, over an older output or none."""
    template = find_folder(address.out).with_name("template")
    address.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish.Publisher, "publish", lambda _: victim.find_no_space())
        with pytest.raises(OSError, match="No space left"):
            address.publish()
    find_folder(address.out).rename(template)
    for step in range(1, 1000):
        address.clear()
        if before:
            address.publish("old")
        shutil.copytree(template, find_folder(address.out))
        if not address.kill(step):
            break
        yield step
    assert step > 8


@pytest.mark.parametrize(
    ("address", "before"),
    [("disk", False), ("disk", True), ("stream", True), pytest.param("s3", False, marks=pytest.mark.consumers)],
    indirect=["address"],
)
def test_a_process_killed_at_any_step_of_publishing_leaves_no_half_that_looks_whole(
    address: Address, *, before: bool
) -> None:
    for step in killed_everywhere(address, before=before):
        address.is_whole()
        if address.kind != "s3" and address.kill(step * 7 % 20 + 1):  # who goes on may be killed too
            address.is_whole()
        address.publish()
        check(address, f"killed at step {step}")


@pytest.mark.parametrize("address", ["disk"], indirect=True)
def test_another_process_of_the_machine_takes_over_from_one_that_was_killed(
    address: Address, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for step in killed_everywhere(address, before=True):
        with monkeypatch.context() as patch:
            patch.setenv("TOLK_STAGING", str(tmp_path / f"other-{step}"))
            address.publish()
            check(address, f"killed at step {step}")
