"""Text inside XML: nothing in it is markup, and nothing that XML forbids gets through."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES: Final = {"\r": "&#13;"}
_QUOTED: Final = {**_ENTITIES, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


def escape_text(text: str) -> str:
    r"""Escape text; a character that XML 1.0 cannot hold becomes U+FFFD.

    >>> escape_text("a < b\x07")
    'a &lt; b\ufffd'
    """
    return escape(_ILLEGAL.sub("\ufffd", text), _ENTITIES)


def escape_xliff_text(text: str) -> str:
    r"""Escape text; a character that XML 1.0 cannot hold is named by XLIFF's own element, so that nothing is lost.

    >>> escape_xliff_text("a < b\x07")
    'a &lt; b<cp hex="0007"/>'
    """
    return _ILLEGAL.sub(lambda found: f'<cp hex="{ord(found[0]):04X}"/>', escape(text, _ENTITIES))


def quote_attribute(text: str) -> str:
    """Make an attribute's value, with its quotes.

    >>> quote_attribute('5" & more')
    '"5&quot; &amp; more"'
    """
    return f'"{escape(_ILLEGAL.sub(chr(0xFFFD), text), _QUOTED)}"'
