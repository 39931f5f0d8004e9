"""Where the items of a list begin that stand on one line, each with its number, letter or mark."""

from __future__ import annotations

from typing import Final

from pipeline.segment import abbreviations as known
from pipeline.segment import marks

_LABEL_CHARS: Final = 3


def find_row(text: str, start: int, stop: int, after: str) -> int | None:
    """Where the next item begins, if the full stop at `stop` follows the number or letter after the item's own.

    A capital letter may be an initial: it needs a word `after` that no name begins with.

    >>> text = "Krav: 1. Körkort 2. Vana"
    >>> find_row(text, 0, text.index("2") + 1, "Vana"), find_row(text, 0, text.index("1") + 1, "Körkort")
    (17, None)
    """
    if not marks.ROW_END.search(text, max(start, stop - _LABEL_CHARS), stop):  # most stops, and this is quick
        return None
    own = marks.ROW.match(text, start, stop)
    if not own:
        return None
    label = own[1]
    following = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
    at = stop - len(following)
    if at <= own.end() or not text.startswith(following, at) or not text[at - 1].isspace() or text[at - 2] == ",":
        return None
    return at if not label.isupper() or after in known.OPENERS else None


def heads_item(text: str, start: int, at: int, after: str) -> bool:
    """Whether a mark such as `☐`, `★` or `➡` heads what follows it, as the one that the sentence begins with did.

    >>> text = "☐ Ja ☐ Nej"
    >>> heads_item(text, 0, 5, "Nej"), heads_item("Kul ★ Vi ses", 0, 4, "Vi")
    (True, False)
    """
    if marks.FACE.match(text, at):
        return False
    first = text[start]
    if text[at] == first or (text[at] in marks.BOXES and text[at - 2] == ":"):
        return True
    return bool(marks.MARK.match(text, start)) and not marks.FACE.match(text, start) and not after[:1].islower()
