"""Whether a cluster is there at all, found out within seconds: Ray itself would wait for minutes."""

from __future__ import annotations

import importlib.util
import os
import socket
from typing import Final

from pipeline.advice import advise_install
from pipeline.errors import ClusterError

LOCAL: Final = "local"
RAY: Final = "ray[data]>=2.60,<3"
"""What pip is to install; with Tolk's own extra it would install all that argostranslate asks for, torch among it."""
ANSWER_SECONDS: Final = 5.0
_GREETING: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
"""HTTP/2's opening and an empty frame of settings, which every gRPC server answers with its own."""
_SETTINGS: Final = 4


def probe(address: str) -> None:
    """Make sure that Ray is installed and that somebody answers at an address.

    Raises:
        ClusterError: with what to do about it.
    """
    if importlib.util.find_spec("ray") is None or importlib.util.find_spec("pyarrow") is None:
        message = f"Ray is not installed. Install it where Tolk is: {advise_install(RAY)}"
        raise ClusterError(message)
    if address not in {LOCAL, "auto"}:
        _greet(address, *_split(address))


def _split(address: str) -> tuple[str, int]:
    host, mark, port = address.rpartition(":")
    if "://" in address or not mark or not port.isdecimal():
        message = (
            f"{address!r} is not a cluster's address. Give HOST:PORT as `ray start --head` prints it, `auto` on a "
            "machine of the cluster, or `local` for this machine alone."
        )
        raise ClusterError(message)
    return host.strip("[]"), int(port)


def _greet(address: str, host: str, port: int) -> None:
    try:
        with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as line:
            if os.environ.get("RAY_USE_TLS", "0") not in {"", "0"}:
                return  # only Ray has the keys
            line.settimeout(ANSWER_SECONDS)
            line.sendall(_GREETING)
            answer = line.recv(9)
    except (OSError, OverflowError, UnicodeError) as error:
        message = (
            f"No Ray cluster answers at {address}: {getattr(error, 'strerror', None) or error}. Check that it is up "
            "(`ray status`), or start one: ray start --head"
        )
        raise ClusterError(message) from error
    if answer[3:4] != bytes((_SETTINGS,)):
        message = f"What answers at {address} is no Ray cluster. Give the address that `ray start --head` prints."
        raise ClusterError(message)
