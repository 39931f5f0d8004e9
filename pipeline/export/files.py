"""The files of an export: each written beside its place, and all moved there once the last one is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import IO, TYPE_CHECKING, Final, Self

from pipeline.errors import OutputError
from pipeline.files import replacing, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType


STANDARD: Final = "-"
"""What stands for standard output."""


class Files:
    """Files that are not there until `finish`; their names may depend on which languages were met by then."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._named: list[Path] = []
        self._replacing = contextlib.ExitStack()
        self._open: list[tuple[IO[bytes], Path, Callable[[Sequence[str]], Path]]] = []

    def open(self, key: str = "", name: Callable[[Sequence[str]], Path] | None = None) -> IO[bytes]:
        """Open the file that `--out` names; or, where `name` names it in the end, one that `key` tells from others."""
        if str(self.out) == STANDARD:
            return self._open_standard(alone=name is None)
        if self.out.is_dir():
            message = f"{self.out} is a folder. Name a file to write with --out."
            raise OutputError(message)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        if name is None:
            self._named.append(self.out)
            return self._replacing.enter_context(replacing(self.out))
        beside = self.out.with_name(f".{self.out.name}.{key}.new")
        file = beside.open("wb")
        self._open.append((file, beside, name))
        return file

    def _open_standard(self, *, alone: bool) -> IO[bytes]:
        """Give standard output to a format that is one stream."""
        if not alone:
            message = "Standard output takes one file, and this may be several. Name a place for them with --out."
            raise OutputError(message)
        self._named.append(self.out)
        self._replacing.callback(sys.stdout.buffer.flush)
        return sys.stdout.buffer

    def finish(self, langs: Sequence[str]) -> list[Path]:
        """Force every file to the disk, then give each its name."""
        for file, _, _ in self._open:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        placed = [(beside, name(langs)) for _, beside, name in self._open]
        for beside, path in placed:
            _place(beside, path)
        if placed:
            sync_folder(self.out.parent)
        self._replacing.close()
        return [*self._named, *(path for _, path in placed)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._replacing.__exit__(kind, error, trace)
        for file, beside, _ in self._open:
            with contextlib.suppress(OSError):
                file.close()
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):  # whose reader has gone, and knows
            message = (
                f"Cannot write {error.filename or self.out}: {error.strerror or error}. "
                "Nothing of it is left: make room or choose another --out, then run the same command again."
            )
            raise OutputError(message) from error


def _place(beside: Path, path: Path) -> None:
    """Give a file its name; what stands there and is no plain file stays what it is, and takes the bytes in."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        with beside.open("rb") as whole, replacing(path) as file:
            shutil.copyfileobj(whole, file)
    else:
        beside.replace(path)
