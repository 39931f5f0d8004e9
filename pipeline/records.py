"""The records that the stages hand on, the same in memory and on disk.

`read` and `repair` handle documents, `segment` and `detect` segments, `translate` and `write` pairs; what could not be
read is a reject. All are frozen; a stage makes new ones.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final, Literal

import msgspec

PAIR_SCHEMA: Final = "tolk.pair/1"
TARGET_LANG: Final = "en"
UNDETERMINED_LANG: Final = "und"
"""ISO 639-2 for a language that nobody can tell."""

Meta = dict[str, Any]
"""An input record's other fields, handed on untouched and never looked into."""
Offset = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]
LanguageCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(?!\n)$")]


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page as it was read, or, after `repair`, as it should have been written."""

    id: str
    """Content hash of the text as it was read: sixteen hexadecimal digits."""
    source: str
    """Path relative to the input's root, with `#` and the record's number where a file holds many."""
    text: str
    fixes: tuple[str, ...] = ()
    """Repair steps that acted on the document, in order of first use."""
    meta: Meta = {}


class Segment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence, heading or list item of a document; the unit that is translated."""

    id: str
    """The document's id, a hyphen and `index`: stable while the document's content is."""
    doc: str
    source: str
    index: Offset
    """Order in the document, from 0."""
    start: Offset
    """Code-point offset into the repaired document."""
    end: Offset
    src: str
    """The document's text from `start` to `end`, without white space at its edges."""
    src_lang: LanguageCode | msgspec.UnsetType = msgspec.UNSET
    """`sv`, `id`, `en`, another ISO 639-1 code or `und`; absent until `detect` has seen the segment."""
    lang_score: Probability | msgspec.UnsetType = msgspec.UNSET
    """Probability of `src_lang`, 0 to 1; absent until `detect` has seen the segment."""
    fixes: tuple[str, ...] = ()
    meta: Meta = {}


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A segment beside its English: one line of the output, schema `tolk.pair/1`."""

    schema: Literal["tolk.pair/1"] = PAIR_SCHEMA
    id: str
    doc: str
    source: str
    index: Offset
    start: Offset
    end: Offset
    src: str
    src_lang: LanguageCode
    lang_score: Probability
    fixes: tuple[str, ...]
    tgt: str | None
    """English; equals `src` where that is English already; None where nothing was translated."""
    tgt_lang: Literal["en"] = TARGET_LANG
    model: str | None
    """Name, version and short sha256 of the package that translated it."""
    score: Annotated[float, msgspec.Meta(le=0)] | None
    """Mean log-probability of a target token, natural logarithm."""
    flags: tuple[str, ...] = ()
    """Faults found, sorted; empty where none was found."""
    meta: Meta = {}


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """An input record that could not be read: one line of `rejects.jsonl`."""

    source: str
    offset: int
    """Where the record begins: bytes from the start of the (decompressed) file."""
    reason: str
    length: int
    """The record's bytes in all."""
    text: str | None = None
    """The record, where it is text."""
    base64: str | None = None
    """The record, where it is not."""
    truncated: bool = False
    """Whether `text` or `base64` holds only the record's beginning."""


class DamageReject(Reject, frozen=True, kw_only=True):
    """A reject, the same on disk, that lays the fault on its file: nobody knows what else that holds."""


def identify_text(text: str) -> str:
    """Hash a document's text as it was read: sixteen hexadecimal digits.

    >>> identify_text("Läs mer") == identify_text("Läs mer"), len(identify_text(""))
    (True, 16)
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def begins_document(segment: Segment, before: Segment) -> bool:
    """Tell whether a segment of a stream belongs to another document than the one before it.

    Two documents in a row may have one name and one text; only their segments' order tells them apart.
    """
    return (segment.doc, segment.source) != (before.doc, before.source) or segment.index <= before.index
