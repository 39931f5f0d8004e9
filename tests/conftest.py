"""What tests share: a machine of their own, and the command as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "docs" / "example"


class Tolk(Protocol):
    """Run `tolk …` and give what it printed and how it ended."""

    def __call__(self, *args: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run one command."""
        ...


@pytest.fixture(autouse=True)
def own_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the packages, memory, folders and settings of whoever runs them."""
    for name in [name for name in os.environ if name.startswith("TOLK_") and name != "TOLK_GOLDEN"]:  # a test's own
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    for name, folder in {
        "HOME": home,
        "XDG_DATA_HOME": home / "data",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
        "TOLK_MODELS": home / "packages",
        "TOLK_MEMORY": home / "memory.sqlite",
    }.items():
        monkeypatch.setenv(name, str(folder))


@pytest.fixture
def batch_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Translate without a package, let the bytes tell what was batched together, and do not wait for the disk."""
    import victim

    victim.use_batch_engine(monkeypatch.setattr)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # a killed process loses nothing that it has written


@pytest.fixture
def tolk() -> Tolk:
    """Give the installed command."""

    def run(*args: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [str(Path(sys.executable).with_name("tolk")), *map(str, args)]
        return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=300)

    return run


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Start an S3 server on this machine, with a bucket that is called so; give its address."""
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    server_module = pytest.importorskip("moto.server", reason="moto is not installed")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    given = {
        "AWS_ACCESS_KEY_ID": "tolk-key",
        "AWS_SECRET_ACCESS_KEY": "tolk-secret",
        "AWS_ENDPOINT_URL": address,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        import s3fs

        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("bucket")
        yield address
        s3fs.S3FileSystem(skip_instance_cache=True).rm("bucket", recursive=True)  # the next server would have it still
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()
