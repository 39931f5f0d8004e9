"""Records between the stages: JSON lines from a file or a pipe, checked as they come in."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pipeline.errors import InputError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

Record = TypeVar("Record", bound=msgspec.Struct)


def read_records(path: str, kind: type[Record]) -> Iterator[Record]:
    """Read one kind of record from a file, or from standard input where the path is `-`.

    Raises:
        InputError: if the file cannot be read.
        RecordError: naming the line that is not such a record.
    """
    with open_lines(path) as lines:
        yield from decode_lines(lines, kind, "standard input" if path == "-" else path)


@contextlib.contextmanager
def open_lines(path: str) -> Iterator[Iterator[bytes]]:
    """Open a file of lines, or standard input where the path is `-`; what its user does wrong is not laid to it."""
    if path == "-":
        yield _read_lines(sys.stdin.buffer, path)
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below, where errors are not the file's
    except OSError as error:
        raise _unreadable(path, error) from error
    with file:
        yield _read_lines(file, path)


def _read_lines(file: IO[bytes], path: str) -> Iterator[bytes]:
    try:
        yield from file
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> InputError:
    return InputError(f"Cannot read {path}: {error.strerror}. Name a file of JSON lines, or - for standard input.")


def decode_lines(lines: Iterable[bytes], kind: type[Record], name: str) -> Iterator[Record]:
    """Decode and check records, one a line; blank lines are passed over."""
    decode = msgspec.json.Decoder(kind).decode
    for number, line in enumerate(lines, 1):
        if line.isspace():
            continue
        try:
            yield decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            message = f"Line {number} of {name} is not a {kind.__name__.lower()}: {error}."
            raise RecordError(message) from error


def write_lines(records: Iterable[msgspec.Struct], out: IO[bytes]) -> int:
    """Write records, one a line; give their number."""
    encode = msgspec.json.Encoder().encode
    count = 0
    for count, record in enumerate(records, 1):  # noqa: B007 - the last number is the count
        out.write(encode(record) + b"\n")
    return count
