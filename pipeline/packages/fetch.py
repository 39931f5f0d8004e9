"""Download a package from the Argos index.

The index's address is argostranslate's own setting. Addresses must be https; plain http is spoken to this machine
alone, so that a mirror can be tried out.
"""

from __future__ import annotations

import http.client
import ipaddress
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from packaging.version import InvalidVersion, Version
from tqdm import tqdm

from pipeline.errors import PackageError
from pipeline.packages.argos import import_argos, index_address
from pipeline.packages.provenance import clean_line

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_SECONDS: Final = 30
"""Of silence, whether while connecting or between two blocks."""
DEADLINE_SECONDS: Final = 3600
"""For a download in all: a server that drips does not hold a nightly job for ever."""
ATTEMPTS: Final = 4
PAUSE_SECONDS: Final = 1.0
MAX_INDEX_BYTES: Final = 16 * 2**20
MAX_PACKAGE_BYTES: Final = 4 * 2**30
DOWNLOADS: Final = ".downloads"

_BLOCK_BYTES: Final = 2**18
_PARTIAL: Final = 206
_PAST_THE_END: Final = 416
_FIRST_SERVER_ERROR: Final = 500
_INSTEAD: Final = "Without the network, install from a file: tolk models install FILE.argosmodel"


class Offer(msgspec.Struct, frozen=True):
    """A package that the index offers."""

    version: Version
    links: list[str]


class _Progress(msgspec.Struct, frozen=True):
    """What a partial download is part of, so that it is never completed with another file's bytes."""

    address: str
    validator: str


def download_package(from_code: str, to_code: str, store: Path) -> tuple[Path, str]:
    """Download the newest package of a pair; give the file and its address."""
    offer = find_offer(read_index(), from_code, to_code)
    folder = store / DOWNLOADS
    folder.mkdir(exist_ok=True)
    part = folder / f"translate-{from_code}_{to_code}-{offer.version}.part"
    problem = PackageError(f"The index offers no https address for {from_code}_{to_code}. {_INSTEAD}")
    for address in offer.links:
        try:
            download_file(address, part)
        except PackageError as error:
            problem = error
        else:
            part.with_suffix(".json").unlink(missing_ok=True)
            return part, address
    raise problem


def read_index() -> list[Any]:
    """Read the Argos index: argostranslate's own records of the packages that are on offer."""
    address = index_address()
    try:
        with open_address(address) as response:
            raw = response.read(MAX_INDEX_BYTES)
        argos = import_argos()
        return [argos.AvailablePackage(entry) for entry in msgspec.json.decode(raw, type=list[dict[str, Any]])]
    except (OSError, http.client.HTTPException) as error:
        message = f"The package index at {address} cannot be reached: {_reason(error)}. {_INSTEAD}"
        raise PackageError(message) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, AttributeError, TypeError, RecursionError) as error:
        message = f"The package index at {address} is not one: {clean_line(error)}. {_INSTEAD}"
        raise PackageError(message) from error


def find_offer(index: list[Any], from_code: str, to_code: str) -> Offer:
    """Give the newest package that the index has for a pair, with the addresses that Tolk may open."""
    wanted = ("translate", from_code, to_code)
    offers = [_read_offer(entry) for entry in index if (entry.type, entry.from_code, entry.to_code) == wanted]
    newest = max(filter(None, offers), key=lambda offer: offer.version, default=None)
    if newest is None:
        message = f"The package index at {index_address()} offers nothing for {from_code}_{to_code}. {_INSTEAD}"
        raise PackageError(message)
    return newest


def _read_offer(entry: Any) -> Offer | None:  # noqa: ANN401 - argostranslate has no types
    """Read an entry of the index; None where it is not what entries are, for one bad entry must not spoil the rest."""
    try:
        links = [link for link in entry.links if isinstance(link, str) and is_allowed(link)]
        return Offer(Version(entry.package_version), links)
    except (InvalidVersion, TypeError):
        return None


def is_allowed(address: str) -> bool:
    """Tell whether an address may be opened: https, or plain http on this machine.

    >>> is_allowed("https://example.org/a"), is_allowed("http://example.org/a"), is_allowed("http://127.0.0.1:8000/a")
    (True, False, True)
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    secret = parts.scheme == "https" and bool(parts.hostname)
    return plain and (secret or (parts.scheme == "http" and _is_loopback(address)))


def download_file(address: str, part: Path) -> None:
    """Download a file, going on where an earlier attempt was cut off."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    for attempt in range(ATTEMPTS):
        try:
            _continue_download(address, part, deadline)
        except (OSError, http.client.HTTPException) as error:
            if attempt == ATTEMPTS - 1 or not _can_retry(error, part):
                message = (
                    f"{address} was not downloaded: {_reason(error)}. Try again, or {_INSTEAD[0].lower()}{_INSTEAD[1:]}"
                )
                raise PackageError(message) from error
            time.sleep(PAUSE_SECONDS)
        else:
            return


def open_address(address: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
    """Open an address that is allowed."""
    if not is_allowed(address):
        message = f"{address} is no https address, and Tolk opens no other. {_INSTEAD}"
        raise PackageError(message)
    request = urllib.request.Request(address, headers={"User-Agent": "tolk", **(headers or {})})  # noqa: S310 - judged above
    handlers: list[urllib.request.BaseHandler] = [_Guard()]
    if _is_loopback(address):
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        response: http.client.HTTPResponse = urllib.request.build_opener(*handlers).open(
            request, timeout=TIMEOUT_SECONDS
        )
    except urllib.error.HTTPError as error:
        error.close()
        raise
    return response


class _Guard(urllib.request.BaseHandler):
    """Judges every request once more, for a redirection may lead anywhere; none leads from the network to here."""

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        """Let a request pass, or raise PackageError."""
        inward = _is_loopback(request.full_url) and not _is_loopback(f"//{request.origin_req_host}")
        if inward or not is_allowed(request.full_url):
            message = f"{request.origin_req_host} leads to {request.full_url!r}, which Tolk does not open. {_INSTEAD}"
            raise PackageError(message)
        return request

    https_request = http_request
    ftp_request = http_request


def _continue_download(address: str, part: Path, deadline: float) -> None:
    done, validator = _read_progress(address, part)
    headers = {"Range": f"bytes={done}-", "If-Range": validator} if done else {}
    with open_address(address, headers) as response:
        goes_on = response.status == _PARTIAL and response.headers.get("Content-Range", "").startswith(f"bytes {done}-")
        if response.status == _PARTIAL and not goes_on:
            part.unlink()
            message = "the server sent another part than it was asked for"
            raise ConnectionError(message)
        validator = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
        part.with_suffix(".json").write_bytes(msgspec.json.encode(_Progress(address, validator)))
        _copy(response, part, done if goes_on else 0, deadline)


def _copy(response: http.client.HTTPResponse, part: Path, done: int, deadline: float) -> None:
    total = None if response.length is None else done + response.length
    with (
        part.open("ab" if done else "wb") as file,
        tqdm(initial=done, total=total, unit="B", unit_scale=True, desc=part.stem, disable=None) as bar,
    ):
        while block := response.read1(_BLOCK_BYTES):
            done += file.write(block)
            bar.update(len(block))
            if done > MAX_PACKAGE_BYTES:
                part.unlink()
            if done > MAX_PACKAGE_BYTES or time.monotonic() > deadline:
                message = f"{part.stem} is too large or comes too slowly: {done} bytes so far. {_INSTEAD}"
                raise PackageError(message)
    if total is not None and done < total:
        message = f"the connection broke after {done} of {total} bytes"
        raise ConnectionError(message)


def _read_progress(address: str, part: Path) -> tuple[int, str]:
    """Give the bytes that are there already and what the server called the file they are part of."""
    try:
        progress = msgspec.json.decode(part.with_suffix(".json").read_bytes(), type=_Progress)
        size = part.stat().st_size
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return 0, ""
    # A weak validator ("W/…") may not vouch for bytes.
    usable = progress.address == address and progress.validator and not progress.validator.startswith("W/")
    return (size, progress.validator) if usable else (0, "")


def _can_retry(error: Exception, part: Path) -> bool:
    """Tell whether another attempt makes sense; a part that is longer than the file is thrown away first."""
    if not isinstance(error, urllib.error.HTTPError):
        return True
    if error.code == _PAST_THE_END:
        part.unlink(missing_ok=True)
        return True
    return error.code >= _FIRST_SERVER_ERROR


def _reason(error: Exception) -> str:
    return clean_line(getattr(error, "reason", "")) or clean_line(error) or type(error).__name__


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
