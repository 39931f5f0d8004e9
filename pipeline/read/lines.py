"""Records that stages or runs have written: JSON lines of a file or a pipe, packed or not, checked as they come in."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from pipeline.errors import InputError, RecordError
from pipeline.read.inputs import Source
from pipeline.read.kinds import find_packing
from pipeline.read.streams import read_blocks
from pipeline.records import Document, Pair, Segment

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

Record = TypeVar("Record", bound=msgspec.Struct)

_KINDS: Final = (
    ("a record as it came", frozenset({"text"})),
    ("a document", frozenset({"id", "source", "text"})),
    ("a segment", frozenset({"doc", "src"})),
    ("a segment with its language", frozenset({"doc", "src", "src_lang"})),
    ("a pair", frozenset({"doc", "src", "src_lang", "tgt"})),
)
"""What lines may be, in the order in which the stages make them, and the fields that tell."""
_REJECT: Final = frozenset({"source", "offset", "reason"})
_STAGES: Final = ("repair -", "segment", "detect", "translate")
"""What makes each kind of the one before it."""
_TAKEN: Final[dict[type[msgspec.Struct], int]] = {Document: 1, Segment: 2, Pair: 4}
"""Which kind a command takes; `tolk translate` asks for the language by itself."""


def read_records(path: str, kind: type[Record], *, detected: bool = False) -> Iterator[Record]:
    """Read one kind of record from a file, or from standard input where the path is `-`; segments perhaps `detected`.

    Raises:
        InputError: if the file cannot be read.
        RecordError: naming the line that is not such a record.
    """
    with open_lines(path) as lines:
        yield from decode_lines(lines, kind, "standard input" if path == "-" else path, detected=detected)


@contextlib.contextmanager
def open_lines(path: str) -> Iterator[Iterator[bytes]]:
    """Open a file of lines, or standard input where the path is `-`; one that cannot be opened is an error at once."""
    if path != "-" and not Path(path).is_fifo():  # whose writer would be told that nobody reads
        try:
            Path(path).open("rb").close()
        except OSError as error:
            reason = f"{error.strerror}. Name a file of JSON lines, or - for standard input."
            message = f"Cannot read {path}: {reason}"
            raise InputError(message) from error
    with contextlib.closing(read_lines(path)) as lines:
        yield lines


def read_lines(path: str) -> Generator[bytes, None, None]:
    """Give a file's lines without their ends, unpacked where it is packed; only one line and a block are held.

    Raises:
        InputError: if it cannot be read, or its packing is torn, after the lines before that.
    """
    blocks = read_blocks(Source(name=path, path=path, kind="jsonl", packing=_packing(path)))
    try:
        yield from _split(blocks)
    except InputError as error:
        message = f"Cannot read {path}: {error}"
        raise InputError(message) from error


def _split(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut blocks at line ends; a line over many blocks is put together once."""
    begun: list[bytes] = []
    for block in blocks:
        rest, *lines = block.split(b"\n")
        begun.append(rest)
        if lines:
            yield b"".join(begun)
            begun = [lines.pop()]
            yield from lines
    if last := b"".join(begun):
        yield last


def _packing(path: str) -> str | None:
    """Tell by the name; a stream's packing only its first bytes can tell."""
    return find_packing(path) if Path(path).is_file() else None


def decode_lines(lines: Iterable[bytes], kind: type[Record], name: str, *, detected: bool = False) -> Iterator[Record]:
    """Decode and check records, one a line; blank lines are passed over."""
    decode = msgspec.json.Decoder(kind).decode
    for number, line in enumerate(lines, 1):
        if not line or line.isspace():
            continue
        try:
            yield decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            advice = advise(line, kind, detected=detected)
            message = f"Line {number} of {name} is not a {kind.__name__.lower()}: {error}.{advice}"
            raise RecordError(message) from error


def advise(line: bytes, kind: type[msgspec.Struct], *, detected: bool = False) -> str:
    r"""Say what to do with a line that another stage has made; nothing where it is no stage's.

    >>> advise(b'{"id": "d", "source": "d", "text": "t"}', Segment)
    ' It is a document: send the lines through `tolk segment` first.'
    """
    try:
        fields = msgspec.json.decode(line, type=dict[str, msgspec.Raw]).keys()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    if fields >= _REJECT:
        return " It is a reject: it tells of a record that could not be read, and no command takes it."
    made = max((at for at, (_, telling) in enumerate(_KINDS) if telling <= fields), default=None)
    wanted = _TAKEN.get(kind)
    if wanted is not None and detected:
        wanted += 1
    if made is None or wanted is None or made == wanted:
        return ""
    name, _ = _KINDS[made]
    if made < wanted:
        missing = " | ".join(f"tolk {stage}" for stage in _STAGES[made:wanted])
        return f" It is {name}: send the lines through `{missing}` first."
    if made < len(_STAGES):
        return f" It is {name}: send the lines to `tolk {_STAGES[made]}`."
    return f" It is {name}: it is translated, and `tolk export` takes it."
