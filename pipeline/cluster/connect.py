"""Join a Ray cluster, or start one on this machine; Ray prints nothing, and nothing of it is left behind."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import tempfile
import time
from typing import TYPE_CHECKING, Any, Final

from pipeline.cluster.probe import LOCAL, probe
from pipeline.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.settings import Settings

STORE_BYTES: Final = 256 * 2**20
"""Object store of a cluster that is this machine alone: windows under way, and a copy of each package."""
_FRESH_SECONDS: Final = 2.0
_ENVIRONMENT: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is told to anybody
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # Ray's own logs are in its session folder
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",  # what Ray says of tasks that it does again would go to standard output
    "RAY_TASK_MAX_RETRIES": "-1",  # a node that is lost costs many tries before it is known to be
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # silences a warning about a default that will change
}

_TOKEN: Final = {"RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"}
"""Where Ray's environment says whether a cluster asks for a token, and which."""


class Capacity:
    """How many translators a cluster has room for: it may grow and shrink."""

    def __init__(self, settings: Settings, most: int | None) -> None:
        self.most = most
        self._resource = "GPU" if settings.device == "cuda" else "CPU"
        self._slots, self._until = 1, 0.0

    def slots(self) -> int:
        """Count the cores, or GPUs, that are there now."""
        import ray

        if time.monotonic() > self._until:
            found = int(ray.cluster_resources().get(self._resource, 0))
            self._slots, self._until = max(1, min(found, self.most or found)), time.monotonic() + _FRESH_SECONDS
        return self._slots

    def share(self) -> dict[str, int]:
        """Give what one translator asks for."""
        return {"num_gpus": 1} if self._resource == "GPU" else {"num_cpus": 1}

    def check(self) -> None:
        """Make sure that there is something to translate on."""
        import ray

        if ray.cluster_resources().get(self._resource, 0) < 1:
            message = (
                f"The cluster has no {self._resource} that is free to use. Start a node that has one"
                f"{', or leave --device cuda out' * (self._resource == 'GPU')}."
            )
            raise ClusterError(message)


@contextlib.contextmanager
def connect(address: str, settings: Settings, most: int | None) -> Iterator[Capacity]:
    """Join a cluster, or start one on this machine, and leave it as it was found.

    Raises:
        ClusterError: if Ray is not installed, nobody answers, or the versions differ.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    probe(address)
    ray = _import_ray()
    capacity = Capacity(settings, most)
    if ray.is_initialized():  # by a program that uses Tolk as a library
        capacity.check()
        yield capacity
        return
    with contextlib.ExitStack() as stack:
        _join(ray, address, settings, stack)
        stack.callback(ray.shutdown)
        capacity.check()
        yield capacity


def _import_ray() -> Any:  # noqa: ANN401 - ray has no types
    import ray
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    return ray


def _join(ray: Any, address: str, settings: Settings, stack: contextlib.ExitStack) -> None:  # noqa: ANN401
    quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL, "configure_logging": True}
    if address == LOCAL:
        stack.enter_context(_own_token())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tolk-", ignore_cleanup_errors=True))
        where: dict[str, Any] = {
            "address": "local",
            "num_cpus": settings.workers,
            "object_store_memory": STORE_BYTES,
            "include_dashboard": False,
            "_node_ip_address": "127.0.0.1",
            "_temp_dir": folder,
        }
    else:
        where = {"address": address}
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _silence_stderr():
            ray.init(**where, **quiet)
    except Exception as error:
        raise ClusterError(_explain(address, error)) from error
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)  # Ray sets its own


@contextlib.contextmanager
def _own_token() -> Iterator[None]:
    """Give a cluster of this machine alone a token that goes with it, unless the user has said which to take.

    Ray would leave one in the home folder; every cluster that is started there later would ask for it, and what joins
    by address, from this machine or another, would be turned away.
    """
    if _TOKEN & os.environ.keys():
        yield
        return
    os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    try:
        yield
    finally:
        for name in _TOKEN:
            os.environ.pop(name, None)  # the mode is Ray's doing
        _forget_token()


def _forget_token() -> None:
    """Let Ray read the environment anew, should this process join another cluster; older ones know no tokens."""
    with contextlib.suppress(ImportError):
        from ray._raylet import AuthenticationTokenLoader, Config

        AuthenticationTokenLoader.instance().reset_cache()
        Config.initialize("")


@contextlib.contextmanager
def _silence_stderr() -> Iterator[None]:
    """Keep what Ray's native part says while it starts off standard error; what goes wrong it raises."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _explain(address: str, error: Exception) -> str:
    said = " ".join(str(error).split())
    if "Version mismatch" in said:
        return f"The cluster at {address} has other versions: {said[:300]} Install the same Ray and Python on all."
    if address == LOCAL:
        return (
            f"Ray could not start on this machine: {said[:300]} If other programs take up its cores or memory, try "
            "again later; without --ray a run needs less of both."
        )
    if "uthentication" in said or "Failed to connect" in said:  # for somebody answers there
        return (
            f"The Ray cluster at {address} does not let this machine in ({said[:120]}). If it asks for a token, which "
            "`ray get-auth-token` prints on its head node, set RAY_AUTH_MODE=token here and RAY_AUTH_TOKEN to that "
            "token; check with `ray status` that the cluster is well."
        )
    return (
        f"Cannot join the Ray cluster at {address}: {said[:300]} Run this on a machine of the cluster, and check it "
        "with `ray status`."
    )
