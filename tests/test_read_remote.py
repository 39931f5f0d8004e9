"""Addresses are read like folders, tell no secrets, and fail in one sentence."""

from __future__ import annotations

import functools
import http.server
import json
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
import victim
from test_read import PACKERS, read, rejected, texts

from pipeline.addresses import redact
from pipeline.errors import InputError
from pipeline.run import run
from pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Tolk

FILES = {
    "dump/a.jsonl.gz": PACKERS[".gz"](b'{"text": "ett"}\n{"text": "tv\xc3\xa5"}\n'),
    "dump/b/page.html": b"<main><p>Tre.</p></main>",
    "dump/b/rows.csv.zst": PACKERS[".zst"](b"text\nfyra\n"),
    "dump/.hidden.txt": b"no",
    "dump/photo.png": b"no",
    "dump/c.txt": b"fem",
}
SOURCES = ["a.jsonl.gz#1", "a.jsonl.gz#2", "b/page.html", "b/rows.csv.zst#1", "c.txt"]


@pytest.fixture
def memory() -> Iterator[Any]:
    system = fsspec.filesystem("memory")
    for name, data in FILES.items():
        system.pipe(f"/{name}", data)
    yield system
    system.rm("/", recursive=True)


def check_reading(root: str) -> None:
    """Hold a place with the files to what a folder gives."""
    for given in (f"{root}/dump", f"{root}/dump/"):
        assert [record.source for record in read(given)] == SOURCES
    assert texts(read(f"{root}/dump")) == ["ett", "två", "Tre.", "fyra", "fem"]
    assert [record.source for record in read(f"{root}/dump/*.txt")] == ["c.txt"]
    assert [record.source for record in read(f"{root}/dump/*")] == SOURCES
    assert [record.source for record in read(f"{root}/dump/**/*.csv.zst")] == ["b/rows.csv.zst#1"]
    assert [record.source for record in read(f"{root}/dump/b/page.html")] == ["page.html"]
    for given, words in {
        f"{root}/dump/none.txt": "nothing at",
        f"{root}/dump/*.warc": "nothing at",
        f"{root}/dump/photo.png": "Known extensions",
    }.items():
        with pytest.raises(InputError, match=words):
            read(given)


@pytest.mark.usefixtures("memory")
def test_a_remote_folder_is_read_like_a_local_one() -> None:
    check_reading("memory:/")


def test_a_remote_folder_gives_the_pairs_that_a_local_one_gives(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim.use_batch_engine(monkeypatch.setattr)
    memory.get("/dump", str(tmp_path / "dump"), recursive=True)
    for given, out in (("memory://dump", "one"), (str(tmp_path / "dump"), "two"), (f"file://{tmp_path}/dump", "three")):
        run([given], tmp_path / out, Settings(workers=1))
    pairs = {(tmp_path / out / "pairs-00000.jsonl").read_bytes() for out in ("one", "two", "three")}
    assert len(pairs) == 1
    assert json.loads((tmp_path / "one" / "manifest.json").read_bytes())["inputs"] == ["memory://dump"]


def test_a_remote_file_that_breaks_off_is_a_reject_and_the_next_is_read(
    memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = type(memory).open

    def broken(self: Any, path: str, *given: Any, **named: Any) -> Any:
        file = opened(self, path, *given, **named)
        if path.endswith("a.jsonl.gz"):
            monkeypatch.setattr(file, "read", broken_read, raising=False)
        return file

    def broken_read(_: int = -1) -> bytes:
        message = "the line went dead"
        raise RuntimeError(message)

    monkeypatch.setattr(type(memory), "open", broken)
    records = read("memory://dump")
    [reject] = rejected(records)
    assert (reject.source, "the line went dead" in reject.reason) == ("a.jsonl.gz", True)
    assert texts(records) == ["Tre.", "fyra", "fem"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("nosuchscheme://x/a.txt", "Cannot look at nosuchscheme://x/a.txt"),
        ("gs://x/a.txt", "pip install gcsfs"),
        ("sftp://me:secret@x/a.txt", "pip install paramiko"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_sentence_without_secrets(given: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read(given)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_secrets_of_an_address_are_in_no_record_of_a_run(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del memory
    victim.use_batch_engine(monkeypatch.setattr)
    monkeypatch.setattr(
        "pipeline.read.remote.connect", lambda _: (fsspec.filesystem("memory"), "/dump/c.txt"), raising=True
    )
    run(["https://me:secret@host/c.txt?sig=secret"], tmp_path / "out", Settings(workers=1))
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())["inputs"] == ["https://host/c.txt"]
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file() and b"secret" in path.read_bytes()]


def test_a_login_with_a_slash_or_an_at_sign_goes_whole() -> None:
    assert redact("s3://key:a@b@bucket/x and https://u:p@h/y?z#q end") == "s3://bucket/x and https://h/y end"


def test_local_inputs_bring_in_nothing_of_the_network(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>Hej</p>", encoding="utf-8")
    code = (
        "import sys; from pipeline.read import read_documents; from pipeline.settings import Settings\n"
        "list(read_documents([sys.argv[1]], Settings()))\n"
        "print([name for name in ('fsspec', 'aiohttp', 's3fs', 'requests') if sys.modules.get(name)])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def s3(s3: str) -> str:
    """Put the files into the bucket."""
    system = fsspec.filesystem("s3")
    for name, data in FILES.items():
        system.pipe(f"bucket/{name}", data)
    return s3


@pytest.mark.consumers
@pytest.mark.usefixtures("s3")
def test_a_bucket_is_read_like_a_folder() -> None:
    check_reading("s3://bucket")


@pytest.mark.consumers
@pytest.mark.usefixtures("s3")
def test_a_parquet_file_in_a_bucket_is_read_without_fetching_it_whole(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    parquet.write_table(pa.table({"text": ["Hej", "Då"]}), tmp_path / "a.parquet")
    fsspec.filesystem("s3").put(str(tmp_path / "a.parquet"), "bucket/tables/a.parquet")
    assert texts(read("s3://bucket/tables")) == ["Hej", "Då"]


@pytest.mark.consumers
@pytest.mark.usefixtures("s3")
def test_a_bucket_is_read_by_the_command(tolk: Tolk) -> None:
    done = tolk("repair", "s3://bucket/dump/*.gz", "s3://bucket/dump/b")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["ett", "två", "Tre.", "fyra"]


@pytest.mark.consumers
def test_a_file_of_a_web_server_is_read_by_its_signed_address(tmp_path: Path) -> None:
    pytest.importorskip("aiohttp", reason="aiohttp is not installed")
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}/dump"
        found = read(f"{root}/a.jsonl.gz?sig=secret")
        with pytest.raises(InputError) as caught:
            read(f"{root}/none.txt?sig=secret")
        server.shutdown()
    assert [record.source for record in found] == ["a.jsonl.gz#1", "a.jsonl.gz#2"]
    assert "secret" not in str(caught.value)


@pytest.mark.consumers
@pytest.mark.usefixtures("s3")
def test_a_bucket_that_is_not_there_is_one_sentence() -> None:
    for given in ("s3://nobucket/dump", "s3://nobucket/dump/*.txt", "s3://nobucket/a.txt"):
        with pytest.raises(InputError) as caught:
            read(given)
        assert "s3://nobucket" in str(caught.value)
        assert "tolk-secret" not in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.consumers
@pytest.mark.usefixtures("s3")
def test_a_server_that_does_not_answer_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        s3fs.S3FileSystem.clear_instance_cache()
        with pytest.raises(InputError, match=r"Cannot look at s3://bucket/dump: .*Check the address"):
            read("s3://bucket/dump")
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.parametrize(
    ("error", "words"),
    [(PermissionError(13, "Access Denied"), "Access Denied"), (TimeoutError(), "TimeoutError")],
)
def test_a_door_that_stays_closed_is_one_sentence(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "info", refuse)
    with pytest.raises(InputError, match=f"Cannot look at memory://dump: {words}. Check the address, your access"):
        read("memory://dump")
