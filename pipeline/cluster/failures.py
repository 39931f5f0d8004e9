"""What a cluster says when it cannot do something, in one sentence."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from pipeline.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

GO_ON: Final = "What is committed is kept: the same command goes on from there."


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn whatever Ray raises into a ClusterError; Python's own exits pass."""
    try:
        yield
    except StopIteration as error:
        message = f"The cluster gave up before all was done. {GO_ON}"
        raise ClusterError(message) from error
    except Exception as error:
        raise ClusterError(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ModuleNotFoundError) and str(cause.name or "").startswith("pipeline"):
            return f"A node of the cluster has no Tolk, or an older one. On each: pip install 'tolk[ray]'. {GO_ON}"
    said = " ".join(str(causes[-1]).split()) or type(causes[-1]).__name__
    return f"The cluster could not do its part ({type(causes[-1]).__name__}: {said[:300]}). {GO_ON}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = getattr(error, "cause", None) or error.__cause__
