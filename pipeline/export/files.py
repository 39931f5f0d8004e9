"""The files of an export: each written beside its place, and all moved there once the last one is whole."""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING, Self

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType


class Files:
    """Files that are not there until `finish`; their names may depend on which languages were met by then."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._open: list[tuple[IO[bytes], Path, Callable[[Sequence[str]], Path]]] = []

    def open(self, key: str = "", name: Callable[[Sequence[str]], Path] | None = None) -> IO[bytes]:
        """Open another file; `key` tells it from the others while it is written, `name` names it in the end."""
        if self.out.is_dir():
            message = f"{self.out} is a folder. Name a file to write with --out."
            raise OutputError(message)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        beside = self.out.with_name(f".{self.out.name}{key and '.'}{key}.new")
        file = beside.open("wb")
        self._open.append((file, beside, name or (lambda _: self.out)))
        return file

    def finish(self, langs: Sequence[str]) -> list[Path]:
        """Force every file to the disk, then give each its name."""
        for file, _, _ in self._open:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        placed = [(beside, name(langs)) for _, beside, name in self._open]
        for beside, path in placed:
            beside.replace(path)
        return [path for _, path in placed]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file, beside, _ in self._open:
            with contextlib.suppress(OSError):
                file.close()
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            message = (
                f"Cannot write {error.filename or self.out}: {error.strerror or error}. "
                "Nothing of it is left: make room or choose another --out, then run the same command again."
            )
            raise OutputError(message) from error
