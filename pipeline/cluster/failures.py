"""What a cluster says when it cannot do something, in one sentence."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Final

from pipeline.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMED: Final = re.compile(r"[\w.]*(?:Error|Exception|Timeout)\b: ")
GO_ON: Final = "What is committed is kept: the same command goes on from there."


@contextlib.contextmanager
def explain_cluster_errors() -> Iterator[None]:
    """Turn whatever Ray raises into a ClusterError; Python's own exits pass."""
    try:
        yield
    except StopIteration as error:
        message = f"The cluster gave up before all was done. {GO_ON}"
        raise ClusterError(message) from error
    except Exception as error:
        raise ClusterError(_explain(error)) from error


def _explain(error: Exception) -> str:
    told = str(error)
    if "No module named 'pipeline" in told:
        return f"A node of the cluster has no Tolk, or an older one. On each, in a checkout: make setup. {GO_ON}"
    return f"The cluster could not do its part ({type(error).__name__}: {root_cause(told)}). {GO_ON}"


def root_cause(told: str) -> str:
    r"""Find what happened first in what Ray tells, which is often a traceback with others behind it.

    >>> root_cause("ray::serve()\n  File x\nKeyError: 'a'\n\nThe above exception …\nUserCodeException: failed")
    "KeyError: 'a'"
    """
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    named = [line for line in lines if _NAMED.match(line)]
    return " ".join((named or lines or ["nothing more is known"])[0].split())[:300]
