"""Put back UTF-8 sequences that lost a byte while they were read as cp1252, which leaves five bytes open."""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.letters import context_score
from pipeline.repair.mojibake import LEAST_GAIN, PLAUSIBLE

OPEN_BYTES: Final = (0x8D, 0x81, 0x8F, 0x90, 0x9D)
"""Bytes that cp1252 has no character for, commoner emoji first; a reader marks them, writes `?`, or drops them."""
_FOLLOW: Final = "".join(bytes([n]).decode("cp1252", "ignore") for n in range(0x80, 0xC0))
"""What the second and further bytes of UTF-8 sequences look like."""
_LOST: Final = f"(?:[\ufffd?]|(?![{_FOLLOW}]))"
_TORN: Final = re.compile(
    f"â€{_LOST}"  # quotes and dashes
    f"|â[†„ˆ]{_LOST}"  # arrows, letterlike signs
    f"|Ã{_LOST}"  # accented letters
    f"|ðŸ[\ufffd?][{_FOLLOW}]|ðŸ[{_FOLLOW}]{_LOST}"  # emoji
)
_FLATTENED: Final = re.compile("Â |Ã  ?")
"""A no-break space, or `à`, whose second character was a no-break space too and has become a plain one."""
_SURELY_FLATTENED: Final = re.compile(r"(?<=\d)Â (?=\d|kr|km|%|€)|(?<=[a-z])Ã  (?=[a-z])")


def close_torn(text: str) -> str:
    r"""Put the lost byte back where only one of the five makes sense.

    >>> close_torn("â€œJaâ€\ufffd, sa han, â€œnejâ€.")
    'â€œJa”, sa han, â€œnej”.'
    """
    if "â" not in text and "Ã" not in text and "ð" not in text:
        return text
    return _TORN.sub(_close, text)


def _close(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()] or " "
    after = match.string[match.end() : match.end() + 1] or " "
    return _best(before, match.group(), after)


@functools.lru_cache(2**12)
def _best(before: str, torn: str, after: str) -> str:
    """Try each open byte in the hole, and keep the torn text where none makes it likely."""
    hole = torn.find("\ufffd") if "\ufffd" in torn else torn.find("?")
    at = len(torn) if hole < 0 else hole
    head, tail = torn[:at].encode("cp1252"), torn[at + 1 :].encode("cp1252")
    tries = [(head + bytes([byte]) + tail).decode("utf-8", "ignore") for byte in OPEN_BYTES]
    scores = [(context_score(before, t, after), -n, t) for n, t in enumerate(tries) if PLAUSIBLE.fullmatch(t)]
    if not scores:
        return torn
    best, _, text = max(scores)
    return text if best - context_score(before, torn, after) > LEAST_GAIN else torn


def restore_no_break_spaces(text: str, *, proven: bool) -> str:
    r"""Put back the no-break spaces that became plain spaces inside a sequence.

    With `proven`, the text is known to be garbled; else only where it can be nothing else.

    >>> restore_no_break_spaces("10Â 000 kr, Ã  la carte", proven=True)
    '10\xa0000 kr, à la carte'
    """
    pattern = _FLATTENED if proven else _SURELY_FLATTENED
    return pattern.sub(lambda match: "\xa0" if match.group()[0] == "Â" else "à ", text)
