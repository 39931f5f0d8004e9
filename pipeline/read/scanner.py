"""Bytes of a stream that are looked through for marks, with no more held than a record may be long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.read.entries import HEAD, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRIDE: Final = 2**20
"""Bytes that are looked through before those without a mark are dropped."""


class Scanner:
    """A place in a stream: what stands before it is gone, what follows is fetched as it is asked for."""

    def __init__(self, blocks: Iterator[bytes], bound: int) -> None:
        self.offset = 0
        self._blocks = blocks
        self._bound = bound
        self._buffer = bytearray()
        self._again = 0

    def hold(self, count: int) -> int:
        """Fetch until so many bytes are held; give how many there are, which is fewer at the end of the stream."""
        while len(self._buffer) < count and (block := next(self._blocks, None)) is not None:
            self._buffer += block
        return len(self._buffer)

    def peek(self, count: int) -> bytes:
        """Look at the next bytes."""
        self.hold(count)
        return bytes(self._buffer[:count])

    def find(self, mark: bytes, bound: int) -> int:
        """Find a mark that begins before so many bytes; -1 where there is none."""
        start = 0
        while (found := self._buffer.find(mark, start)) < 0:
            held = len(self._buffer)
            start = max(0, held - len(mark) + 1)
            if start >= bound or self.hold(held + 1) == held:
                return -1
        return found if found < bound else -1

    def take(self, count: int) -> bytes:
        """Take the next bytes, fewer at the end of the stream."""
        self.hold(count)
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.offset += len(taken)
        return taken

    def give_back(self, data: bytes) -> bool:
        """Put bytes back to be looked at again, unless so much has been that a stream could go on for ever."""
        if self._again > self.offset + self._bound:
            return False
        self._again += len(data)
        self._buffer[:0] = data
        self.offset -= len(data)
        return True

    def skip(self, count: int) -> int:
        """Drop the next bytes without holding them; give how many there were."""
        skipped = 0
        while skipped < count and (step := min(count - skipped, self.hold(1))):
            del self._buffer[:step]
            self.offset += step
            skipped += step
        return skipped

    def cut(self, name: str, mark: bytes) -> Entry:
        """Take what stands before a mark, or before the end of the stream; of much only the beginning is held."""
        offset, head, ended = self.offset, b"", False
        while not ended:
            end = self.find(mark, _STRIDE)
            ended = end >= 0
            if not ended:
                held = len(self._buffer)
                ended = self.hold(held + 1) == held
                end = held if ended else max(0, held - len(mark) + 1)
            head = head or bytes(self._buffer[: min(end, HEAD)])
            self.skip(end)
        return Entry(name, offset, head, self.offset - offset)
