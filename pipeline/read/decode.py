"""Bytes to text, by a ladder: byte order mark, NUL parity, UTF-8, mostly UTF-8, then the likeliest 8-bit code page."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from pipeline.letters import likelihood

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
PAGES: Final = {"cp1252": 4.0, "mac-roman": 0.0, "cp850": 0.0, "cp437": -1.0, "iso-8859-2": -4.0, "cp1250": -4.0}
"""8-bit code pages, and what they are ahead or behind before a byte is seen (natural logarithms)."""
MANY: Final = 0.9
SOME: Final = 0.4
FEW: Final = 0.05
"""Shares of zero bytes at a place of each unit."""
HIGH_SURROGATES: Final = range(0xD8, 0xDC)
MIXED: Final = "utf-8+cp1252"
"""Mostly UTF-8, with some bytes that are not: those are read as cp1252 where that makes sense, else as U+FFFD."""
PIECE: Final = 2**21
"""Bytes of a long stream that are decoded together."""
SAMPLE: Final = 2**20
"""Bytes of a piece that the page is chosen by."""


def decode_bytes(data: bytes) -> tuple[str, str]:
    r"""Decode a whole text and name the encoding that it was taken for.

    >>> decode_bytes("Så här".encode("mac-roman"))
    ('Så här', 'mac-roman')
    """
    encoding = find_encoding(data)
    return decode_as(data, encoding), encoding


def find_encoding(data: bytes) -> str:
    """Climb the ladder and name the first encoding that fits."""
    if data.isascii() and b"\0" not in data:
        return "utf-8"
    for mark, name in BOMS:
        if data.startswith(mark):
            return name
    if wide := _by_nul_parity(data[:SAMPLE]):
        return wide
    return "utf-8" if is_utf8(data) else _by_share(data)


def decode_as(data: bytes, encoding: str, *, begun: bool = False) -> str:
    """Decode with an encoding that `find_encoding` named; whatever does not fit is marked, nothing raises."""
    if not begun:
        data = data.removeprefix(next((mark for mark, name in BOMS if name == encoding), b""))
    if encoding in {"utf-8", "utf-8-sig", MIXED}:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return _decode_mixed(data)
    if encoding.startswith("utf-"):
        unit = int(encoding[4:6]) // 8
        return data[: len(data) - len(data) % unit].decode(encoding, "replace")
    if encoding == "cp1252":
        return _decode_cp1252(data)
    return data.decode(encoding, "replace")


def _decode_cp1252(data: bytes) -> str:
    """Decode as browsers do: the five bytes that cp1252 leaves open become control characters."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return codecs.charmap_decode(data, "strict", _CP1252)[0]


_CP1252: Final = "".join(bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(256))


def _by_nul_parity(data: bytes) -> str | None:
    """Tell UTF-16 and UTF-32 without a mark by where their zero bytes stand."""
    units = len(data) // 2
    if not units or b"\0" not in data:
        return None
    even, odd = data[0::2].count(0), data[1::2].count(0)
    quads = [data[n::4].count(0) * 4 / len(data) if len(data) >= 4 else 0 for n in range(4)]  # noqa: PLR2004
    if min(quads[2:]) > MANY and quads[1] > SOME and quads[0] < FEW:
        return "utf-32-le"
    if min(quads[:2]) > MANY and quads[2] > SOME and quads[3] < FEW:
        return "utf-32-be"
    if odd > SOME * units and even < FEW * units:
        return "utf-16-le"
    if even > SOME * units and odd < FEW * units:
        return "utf-16-be"
    return None


_SEQUENCE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_TAIL: Final = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")
_HIGH: Final = re.compile(rb"[\x80-\xff]")


def _by_share(data: bytes) -> str:
    """Weigh valid UTF-8 sequences against stray bytes: 8-bit text forms such sequences by accident only."""
    rest, valid = _SEQUENCE.subn(b"", data)
    stray = len(_HIGH.findall(rest))
    tail = _TAIL.search(data)
    if tail and len(tail.group()) > 1 and stray == len(tail.group()):
        return MIXED
    if valid + TELLING_WEIGHT * len(_TELLING.findall(data)) >= stray and valid:
        return MIXED
    return _likeliest_page(data[:SAMPLE])


_TELLING: Final = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
TELLING_WEIGHT: Final = 4
"""What these sequences count beside others: no 8-bit text has a use for them."""


def _decode_mixed(data: bytes) -> str:
    """Decode line by line: a line with valid sequences is UTF-8 with noise, one without may be cp1252."""
    if tail := _TAIL.search(data):
        data = data[: tail.start()]
    lines = data.splitlines(keepends=True)
    foreign = [not _SEQUENCE.search(line) for line in lines if not is_utf8(line)]
    noise = NOISE[sum(foreign) > 2 * foreign.count(False)]
    return "".join(_decode_line(line, noise) for line in lines)


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 throughout."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode_line(line: bytes, noise: float) -> str:
    if is_utf8(line):
        return line.decode("utf-8")
    if not _SEQUENCE.search(line):
        text = _decode_cp1252(line)
        scores = [likelihood(*context) for context in _WIDE.findall(f" {text} ")]
        if sum(scores) > noise * len(scores):
            return text
    return line.decode("utf-8", "replace")


_WIDE: Final = re.compile(r"(?<=(.))([^\x00-\x7f])(?=(.))", re.DOTALL)
NOISE: Final = (-7.0, -17.0)
"""Mean likelihood under which stray bytes of a line are noise, not letters of cp1252: where noise shows, where not."""
_CONTEXT: Final = re.compile(r"(?<=(.))([\x80-\xff])(?=(.))", re.DOTALL)


def _likeliest_page(data: bytes) -> str:
    """Choose the code page under which letters and marks stand where those of Latin-script languages stand."""
    contexts = Counter(_CONTEXT.findall(f" {data.decode('latin-1')} "))
    return max(PAGES, key=lambda page: _score_page(contexts, page) + PAGES[page])


def _score_page(contexts: Counter[tuple[str, str, str]], page: str) -> float:
    """Add up how likely each high byte is in its place, as read with one page."""
    read = decode_as(bytes(range(256)), page)
    total = 0.0
    for context, count in contexts.items():
        left, char, right = (read[ord(char)] for char in context)
        total += count * likelihood(left, char, right)
    return total


class Decoder:
    """Decodes a stream of any length: one encoding, found on the first piece that is not plain ASCII, serves it all."""

    def __init__(self) -> None:
        self.encoding: str | None = None
        self._waiting = bytearray()
        self._begun = False

    def decode(self, blocks: Iterable[bytes]) -> Iterator[str]:
        """Gather blocks into pieces, cut them where no character is cut, and decode each."""
        for block in blocks:
            self._waiting += block
            if len(self._waiting) >= PIECE:
                yield self._take(final=False)
        yield self._take(final=True)

    def _take(self, *, final: bool) -> str:
        piece = bytes(self._waiting)
        encoding = self._choose(piece)
        cut = len(piece) if final else _safe_cut(piece, encoding)
        del self._waiting[:cut]
        begun, self._begun = self._begun, True
        return decode_as(piece[:cut], encoding, begun=begun)

    def _choose(self, piece: bytes) -> str:
        if self.encoding is None:
            found = find_encoding(piece)
            if found == "utf-8" and piece.isascii():
                return found
            self.encoding = found
        return self.encoding


def _safe_cut(piece: bytes, encoding: str) -> int:
    """Find the last place where a piece can end without splitting a character, at a line end where there is one."""
    if encoding.startswith(("utf-16", "utf-32")):
        cut = len(piece) - len(piece) % (int(encoding[4:6]) // 8)
        high = piece[cut - 1] if encoding.endswith("le") else piece[cut - 2]
        return cut - 2 if encoding.startswith("utf-16") and high in HIGH_SURROGATES else cut
    if cut := piece.rfind(b"\n") + 1:
        return cut
    tail = _TAIL.search(piece[-4:])
    return len(piece) - len(tail.group()) if tail else len(piece)
