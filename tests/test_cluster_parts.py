"""The parts of a cluster's executor that need no cluster: requests, packages on their way, the probe."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
import threading
from importlib import metadata
from pathlib import Path

import msgspec
import pytest
import typer
from argos_packages import make_sentencepiece_package
from packaging.requirements import Requirement

from pipeline.cli.options import make_settings
from pipeline.cluster import actors, connect, pace, probe
from pipeline.cluster.task_queue import TaskQueue
from pipeline.cluster.transfer import PackedPackage, pack, unpack
from pipeline.errors import ClusterError, PackageError
from pipeline.manifest import sign
from pipeline.packages.model_store import hash_package, read_package


@pytest.fixture
def packed(tmp_path: Path) -> PackedPackage:
    """Pack a package."""
    return pack(read_package(make_sentencepiece_package(tmp_path / "sv_en")))


def test_a_package_arrives_as_it_was_sent(packed: PackedPackage, tmp_path: Path) -> None:
    arrived = unpack(packed, tmp_path / "store")
    assert arrived.path == tmp_path / "store" / packed.sha256
    assert (hash_package(arrived.path), arrived.label) == (hash_package(tmp_path / "sv_en"), packed.name)
    assert [path.name for path in (tmp_path / "store").iterdir()] == [packed.sha256]


def test_a_package_that_is_there_is_not_written_again(packed: PackedPackage, tmp_path: Path) -> None:
    unpack(packed, tmp_path / "store")
    assert unpack(PackedPackage(packed.name, packed.sha256, {}), tmp_path / "store").version == "1.0"


def test_a_damaged_copy_is_replaced(packed: PackedPackage, tmp_path: Path) -> None:
    model = unpack(packed, tmp_path / "store").path / "model/model.bin"
    model.write_bytes(model.read_bytes()[:-1])
    assert hash_package(unpack(packed, tmp_path / "store").path) == packed.sha256


def test_a_package_that_was_changed_on_the_way_is_refused(packed: PackedPackage, tmp_path: Path) -> None:
    changed = PackedPackage(packed.name, packed.sha256, {**packed.files, "model/model.bin": b"another"})
    with pytest.raises(PackageError, match=r"translate-sv_en 1\.0 .* damaged or was changed on the way\. Run the same"):
        unpack(changed, tmp_path / "store")
    assert not (tmp_path / "store" / packed.sha256).exists()


@pytest.mark.parametrize("name", ["../escape", "/etc/escape", "model/../../escape"])
def test_a_package_writes_nowhere_else(packed: PackedPackage, tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError, match="leads out of its folder"):
        unpack(PackedPackage(packed.name, packed.sha256, {**packed.files, name: b""}), tmp_path / "store")
    assert not list(tmp_path.rglob("escape"))


def test_two_that_unpack_at_once_share_one_copy(packed: PackedPackage, tmp_path: Path) -> None:
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(unpack(packed, tmp_path / "store").path)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {tmp_path / "store" / packed.sha256}
    assert len(found) == 8


def test_a_task_stays_in_the_queue_until_its_result_is_in() -> None:
    async def use() -> None:
        queue = TaskQueue()
        waiting = asyncio.create_task(queue.get(0))
        await queue.put(0, ["a"])
        assert [await waiting, await queue.get(0)] == [["a"], ["a"]]
        await queue.remove(0)
        assert await queue.get(0) == []
        await queue.put(1, None)
        assert await queue.get(1) is None

    asyncio.run(use())


@pytest.mark.parametrize("address", ["ray://127.0.0.1:10001", "nowhere", "127.0.0.1:x", ":"])
def test_what_is_no_address_is_told_from_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: True)
    with pytest.raises(ClusterError, match=r"is not a cluster's address\. Give HOST:PORT"):
        probe.probe(address)


def test_a_door_without_anybody_behind_it_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: True)
    with socket.create_server(("127.0.0.1", 0)) as server_socket:
        port = server_socket.getsockname()[1]
    with pytest.raises(ClusterError, match=f"No Ray cluster answers at 127.0.0.1:{port}: Connection refused"):
        probe.probe(f"127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("said", "told"), [(b"HTTP/1.1 400 Bad Request\r\n", "is no Ray cluster"), (b"", "No Ray cluster answers at")]
)
def test_who_does_not_speak_rays_language_is_no_cluster(
    monkeypatch: pytest.MonkeyPatch, said: bytes, told: str
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: True)
    monkeypatch.setattr(probe, "ANSWER_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            line, _ = listening.accept()
            with line:
                line.sendall(said)
                line.recv(1)
                threading.Event().wait(1)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ClusterError, match=told):
            probe.probe(f"127.0.0.1:{listening.getsockname()[1]}")
        thread.join()


def test_without_ray_pip_is_told_what_the_extra_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    (asked,) = [Requirement(line) for line in metadata.requires("tolk") or () if line.startswith("ray")]
    named = Requirement(probe.RAY)
    assert (named.name, named.extras, named.specifier) == (asked.name, asked.extras, asked.specifier)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ClusterError, match=r"Ray is not installed\. .* pip install 'ray\[data\]>=2\.60,<3'$"):
        probe.probe("local")


@pytest.mark.parametrize("said", ["Failed to connect to Ray cluster at 192.0.2.7:6379", "Token authentication is on"])
def test_a_cluster_that_turns_this_machine_away_is_one_that_asks_for_a_token(said: str) -> None:
    told = connect._explain("192.0.2.7:6379", ConnectionError(said))
    assert told.startswith(f"The Ray cluster at 192.0.2.7:6379 does not let this machine in ({said}). ")
    assert "set RAY_AUTH_MODE=token here and RAY_AUTH_TOKEN to that token" in told


def test_a_machine_that_ray_cannot_start_on_is_not_told_of_a_cluster() -> None:
    told = connect._explain("local", RuntimeError("The current node timed out during startup."))
    assert told.startswith("Ray could not start on this machine: The current node timed out during startup. If other")
    assert "ray status" not in told


@pytest.mark.parametrize("name", ["RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"])
def test_what_the_user_says_about_tokens_stays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "theirs")
    with connect._own_token():
        assert {key: os.environ[key] for key in connect._TOKEN & os.environ.keys()} == {name: "theirs"}
    assert os.environ[name] == "theirs"


def test_a_cluster_of_this_machine_alone_has_a_token_that_goes_with_it() -> None:
    tokens = set()
    for _ in range(2):
        with connect._own_token():
            tokens.add(os.environ["RAY_AUTH_TOKEN"])
        assert not connect._TOKEN & os.environ.keys()
    assert len(tokens) == 2


def test_a_stream_is_looked_at_less_and_less_often_until_something_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("pipeline.cluster.pace.time.sleep", pauses.append)
    stream = pace.Pace()
    looks = stream.callback()()
    for _ in range(50):
        looks.on_execution_step(None)
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1] == pace.PAUSE_SECONDS
    stream.reset()
    looks.on_execution_step(None)
    assert pauses[-1] == 0


def test_what_slows_a_stream_travels_to_the_nodes() -> None:
    stream = pace.Pace()
    cloudpickle = pytest.importorskip("ray.cloudpickle")
    assert cloudpickle.loads(cloudpickle.dumps(stream.callback())).pace.idle == 0


def test_nodes_with_another_tolk_are_refused() -> None:
    with pytest.raises(ClusterError, match=r"has Tolk .*, and this machine 0\.0\. Install the same on all"):
        actors._check_version("0.0")


def test_the_plan_in_the_documents_is_what_its_command_prints() -> None:
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, str(root / "benchmarks/cluster.py"), "--plan"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    document = (root / "docs/scaling.md").read_text("utf-8")
    assert f"<!-- plan -->\n{printed}<!-- /plan -->\n" in document


def test_a_device_that_is_none_is_named() -> None:
    with pytest.raises(typer.BadParameter, match="--device is cpu or cuda, not 'gpu'"):
        make_settings(device="gpu")


def test_runs_on_another_device_have_another_signature() -> None:
    signatures = {sign("1", msgspec.to_builtins(make_settings(device=device)), []) for device in ("cpu", "cuda")}
    assert len(signatures) == 2
