"""Downloading packages from an index: a real one, served on this machine."""

from __future__ import annotations

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from argos_packages import make_sentencepiece_package, zip_package

from pipeline.errors import PackageError
from pipeline.packages import fetch, install, model_store
from pipeline.packages.argos import import_argos, index_address
from pipeline.packages.provenance import read_record
from pipeline.packages.verify import verify_package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Mirror(http.server.ThreadingHTTPServer):
    """A server of files that can resume, and misbehave in the ways that servers do."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.etag = '"one"'
        self.breaks_left = 0
        """How many answers to break off in the middle."""
        self.status = 0
        self.length = ""
        self.requests: list[tuple[str, str]] = []
        """Path and Range of each request."""

    def address(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent when a client hangs up."""

    def offer(self, *versions: str, **fields: object) -> None:
        """Put packages of these versions on the index."""
        languages = {"from_code": "sv", "from_name": "Swedish", "to_code": "en", "to_name": "English"}
        entries = [{"package_version": v, "links": [self.address(f"{v}.zip")], **languages, **fields} for v in versions]
        self.files["/index.json"] = json.dumps(entries).encode()


class Answer(http.server.BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        mirror, wanted = self.server, self.headers.get("Range", "")
        mirror.requests.append((self.path, wanted))
        content = mirror.files.get(self.path)
        if self.path in mirror.redirects:
            self.send_response(302)
            self.send_header("Location", mirror.redirects[self.path])
            self.end_headers()
        elif content is None or mirror.status:
            self.send_error(mirror.status or 404)
        else:
            resumed = wanted and self.headers.get("If-Range") == mirror.etag
            self.answer(content, int(wanted.removeprefix("bytes=").removesuffix("-")) if resumed else 0)

    def answer(self, content: bytes, start: int) -> None:
        if start >= len(content) > 0:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", self.server.length or str(len(content) - start))
        self.send_header("ETag", self.server.etag)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.server.breaks_left and self.path != "/index.json":
            self.server.breaks_left -= 1
            content = content[: start + (len(content) - start) // 2]
        self.wfile.write(content[start:])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the bytes of a package's file."""
    root = tmp_path_factory.mktemp("made")
    return zip_package(make_sentencepiece_package(root / "one"), root / "one.argosmodel").read_bytes()


@pytest.fixture
def mirror(archive: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    server = Mirror()
    server.files["/1.0.zip"] = archive
    server.offer("1.0")
    import_argos()
    monkeypatch.setattr("argostranslate.settings.package_index", server.address())
    monkeypatch.setattr(fetch, "PAUSE_SECONDS", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "store"
    monkeypatch.setenv("TOLK_MODELS", str(folder))
    return folder


def list_downloads(store: Path) -> list[str]:
    return sorted(path.name for path in (store / fetch.DOWNLOADS).iterdir())


def test_a_pair_is_installed_from_the_index(store: Path, mirror: Mirror) -> None:
    package = install.install_pair("sv_en")
    assert package == model_store.find_package("sv")
    assert list_downloads(store) == []
    record = read_record(package.path)
    assert record is not None
    assert (record.origin, record.verified) == (mirror.address("1.0.zip"), False)


@pytest.mark.usefixtures("store")
def test_the_newest_version_is_taken(mirror: Mirror, archive: bytes) -> None:
    mirror.files["/1.10.zip"] = archive
    mirror.offer("1.9", "1.10", "1.2")
    install.install_pair("sv_en")
    assert mirror.requests[-1][0] == "/1.10.zip"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("length", ["²", "9" * 5000, "-1", "many"])
def test_a_length_that_is_no_number_is_taken_for_none(mirror: Mirror, length: str) -> None:
    mirror.length = length
    assert verify_package(install.install_pair("sv_en")) == []


@pytest.mark.usefixtures("store")
def test_a_broken_connection_is_resumed_where_it_broke(mirror: Mirror, archive: bytes) -> None:
    mirror.breaks_left = 2
    package = install.install_pair("sv_en")
    half = len(archive) // 2
    starts = ["", f"bytes={half}-", f"bytes={half + (len(archive) - half) // 2}-"]
    assert [wanted for path, wanted in mirror.requests if path != "/index.json"] == starts
    assert verify_package(package) == []


def test_a_download_that_failed_goes_on_next_time(store: Path, mirror: Mirror, archive: bytes) -> None:
    mirror.breaks_left = fetch.ATTEMPTS
    with pytest.raises(PackageError, match=r"the connection broke after \d+ of \d+ bytes"):
        install.install_pair("sv_en")
    done = (store / fetch.DOWNLOADS / "translate-sv_en-1.0.part").stat().st_size
    assert 0 < done < len(archive)
    install.install_pair("sv_en")
    assert mirror.requests[-1][1] == f"bytes={done}-"


@pytest.mark.usefixtures("store")
def test_a_file_that_changed_meanwhile_is_downloaded_anew(mirror: Mirror) -> None:
    mirror.breaks_left = fetch.ATTEMPTS
    with pytest.raises(PackageError):
        install.install_pair("sv_en")
    mirror.etag = '"two"'
    assert verify_package(install.install_pair("sv_en")) == []


def test_a_part_that_is_longer_than_the_file_is_thrown_away(store: Path, mirror: Mirror) -> None:
    mirror.breaks_left = fetch.ATTEMPTS
    with pytest.raises(PackageError):
        install.install_pair("sv_en")
    with (store / fetch.DOWNLOADS / "translate-sv_en-1.0.part").open("ab") as part:
        part.write(bytes(10**6))
    assert verify_package(install.install_pair("sv_en")) == []


def test_a_download_that_is_not_what_it_says_leaves_nothing(store: Path, mirror: Mirror) -> None:
    mirror.files["/1.0.zip"] = b"<html>Not here</html>"
    with pytest.raises(PackageError, match=r"1\.0\.zip was not installed: it is no zip file"):
        install.install_pair("sv_en")
    assert list_downloads(store) == []
    assert model_store.find_package("sv").embedded


@pytest.mark.usefixtures("store")
def test_another_pair_than_the_index_says_is_refused(mirror: Mirror) -> None:
    mirror.offer("1.0", from_code="da")
    with pytest.raises(PackageError, match="it is translate-sv_en, which is not what the index says"):
        install.install_pair("da_en")
    assert model_store.find_package("sv").embedded


@pytest.mark.usefixtures("store", "mirror")
def test_a_pair_that_the_index_lacks_is_said_so() -> None:
    with pytest.raises(PackageError, match=r"offers nothing for da_en.* tolk models install FILE.argosmodel$"):
        install.install_pair("da_en")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"a": 1}', b'[{"languages": 1, "links": 7}]', b'[{"a": "\xff"}]', b"[" * 10**5]
)
def test_an_index_that_is_none_is_said_so(mirror: Mirror, content: bytes) -> None:
    mirror.files["/index.json"] = content
    with pytest.raises(PackageError, match=r"The package index at .* is not one"):
        install.install_pair("sv_en")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "fields",
    [
        {
            "links": [
                "ftp://example.org/a",
                "file:///etc/passwd",
                "http://example.org/a",
                "https://",
                "http://[",
                7,
                "https://a\x1b[2J",
            ]
        },
        {"package_version": "../../x"},
        {"links": None},
    ],
)
def test_hostile_entries_of_the_index_are_passed_over(mirror: Mirror, fields: dict[str, Any]) -> None:
    mirror.offer("1.0", **fields)
    with pytest.raises(PackageError, match=r"offers no"):
        install.install_pair("sv_en")
    assert [path for path, _ in mirror.requests] == ["/index.json"]


@pytest.mark.usefixtures("store")
def test_the_second_link_is_tried_when_the_first_fails(mirror: Mirror) -> None:
    mirror.offer("1.0", links=[mirror.address("gone.zip"), mirror.address("1.0.zip")])
    assert install.install_pair("sv_en").version == "1.0"


@pytest.mark.usefixtures("store")
def test_a_redirection_on_this_machine_is_followed(mirror: Mirror) -> None:
    mirror.redirects["/1.0.zip"] = "/moved.zip"
    mirror.files["/moved.zip"] = mirror.files["/1.0.zip"]
    assert install.install_pair("sv_en").version == "1.0"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("target", ["http://example.org/a", "ftp://example.org/a", "file:///etc/passwd"])
def test_a_redirection_to_anything_but_https_is_refused(mirror: Mirror, target: str) -> None:
    mirror.redirects["/1.0.zip"] = target
    with pytest.raises(PackageError, match=r"does not open|not allowed"):
        install.install_pair("sv_en")


@pytest.mark.usefixtures("store")
def test_a_refusal_is_not_asked_for_again(mirror: Mirror) -> None:
    del mirror.files["/1.0.zip"]
    with pytest.raises(PackageError, match="was not downloaded: Not Found"):
        install.install_pair("sv_en")
    assert len(mirror.requests) == 2


@pytest.mark.usefixtures("store")
def test_what_a_server_says_cannot_control_the_terminal(mirror: Mirror) -> None:
    mirror.redirects["/index.json"] = "https://example.org/\x1b[2J"
    with pytest.raises(PackageError) as caught:
        install.install_pair("sv_en")
    assert str(caught.value).isprintable()


@pytest.mark.usefixtures("store")
def test_a_failing_index_is_one_sentence(mirror: Mirror) -> None:
    mirror.status = 503
    with pytest.raises(PackageError, match=r"cannot be reached: Service Unavailable\. Without the network"):
        install.install_pair("sv_en")


@pytest.mark.usefixtures("store")
def test_offline_is_one_sentence_that_says_what_to_do(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    monkeypatch.setattr("argostranslate.settings.package_index", address)
    with pytest.raises(PackageError, match=r"cannot be reached: .*install from a file: tolk models install FILE"):
        install.install_pair("sv_en")
    assert mirror.requests == []


@pytest.mark.usefixtures("store", "mirror")
def test_a_server_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr("argostranslate.settings.package_index", address)
        with pytest.raises(PackageError, match=r"cannot be reached: timed out"):
            install.install_pair("sv_en")


@pytest.mark.usefixtures("store", "mirror")
def test_a_server_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "DEADLINE_SECONDS", -1)
    with pytest.raises(PackageError, match="is too large or comes too slowly"):
        install.install_pair("sv_en")


@pytest.mark.usefixtures("mirror")
def test_a_package_without_end_is_given_up(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_PACKAGE_BYTES", 1000)
    with pytest.raises(PackageError, match="is too large or comes too slowly"):
        install.install_pair("sv_en")
    assert list_downloads(store) == ["translate-sv_en-1.0.json"]


@pytest.mark.usefixtures("store")
def test_plain_http_to_the_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import_argos()
    monkeypatch.setattr("argostranslate.settings.package_index", "http://example.org/index/")
    with pytest.raises(PackageError, match="is no https address"):
        install.install_pair("sv_en")


def test_the_index_is_where_its_variable_says() -> None:
    code = "from pipeline.packages.argos import index_address; print(index_address())"
    environment = os.environ | {"ARGOS_PACKAGE_INDEX": "https://example.org/mirror"}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
    assert printed == b"https://example.org/mirror/index.json\n"


def test_the_index_is_where_argos_says_with_or_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    import_argos()
    for base in ("https://example.org/a", "https://example.org/a/"):
        monkeypatch.setattr("argostranslate.settings.package_index", base)
        assert index_address() == "https://example.org/a/index.json"
