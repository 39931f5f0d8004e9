"""Mend text that was decoded wrongly, escaped or stripped on its way, and record the steps that acted."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.letters import context_score
from pipeline.repair.lost import restore_lost
from pipeline.repair.markup import close_entities, undo_lowered
from pipeline.repair.misread import undo_misreading
from pipeline.repair.mojibake import LEAST_GAIN, undo_mojibake
from pipeline.repair.plain import is_plain
from pipeline.repair.torn import close_torn, restore_no_break_spaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import ftfy

    from pipeline.records import Document

ROUNDS: Final = 5
"""Times a text is mended until nothing changes any more; two are the rule."""
PIECE: Final = 2**12
"""Characters of a line that ftfy is given at once: some of its steps take the square of that."""
_PIECES: Final = re.compile(rf"(?s:.{{1,{PIECE}}})(?![\u0300-\u036f])|(?s:.{{1,{PIECE}}})")
"""Pieces of a line; none begins with a combining accent, which belongs to the letter before."""
_PARTING: Final = re.compile(r"(?<=\w)[\x1c-\x1f]+(?=\w)")
"""Separators of old files between words; elsewhere they are what is left of quotation marks."""
_LINE_END: Final = re.compile("&(?:#0*1[03]|#[xX]0*[aAdD]|NewLine);")
"""Entities of line ends."""
_EAST_ASIAN: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_READING_STEPS: Final = {"decode", "transcode", "decode_inconsistent_utf8"}
"""Steps of ftfy that change how the text was decoded."""
_NAMES: Final = {
    "NFC": "normalize",
    "latin-1": "mojibake:cp1252",
    "macroman": "mojibake:mac-roman",
    "decode_inconsistent_utf8": "mojibake:cp1252",
} | {f"sloppy-windows-{page}": f"mojibake:cp{page}" for page in range(1250, 1259)}
"""What ftfy calls its steps, and what `fixes` calls them; ftfy's other names are kept."""


def repair_text(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Mend a text; the second value names the steps that changed something, in order of first use.

    Lines that are plainly clean are not looked into; the others share their evidence, since one page garbled them all.

    >>> repair_text("SÃ¥ hÃ¤r gÃ¶r du")
    ('Så här gör du', ('mojibake:cp1252',))
    """
    fixes: dict[str, None] = {}
    text = _note("fix_line_breaks", text, text.replace("\r\n", "\n"), fixes)
    for _ in range(ROUNDS):
        lines = text.split("\n")
        doubtful = [number for number, line in enumerate(lines) if not is_plain(line)]
        if not doubtful:
            break
        for number, line in zip(doubtful, _mend([lines[n] for n in doubtful], text, fixes), strict=True):
            lines[number] = line
        before, text = text, "\n".join(lines)
        if text == before:
            break
    return text, tuple(fixes)


def repair_document(document: Document) -> Document:
    """Mend a document's text; its id stays that of the text as it was read."""
    text, fixes = repair_text(document.text)
    if not fixes:
        return document
    return msgspec.structs.replace(document, text=text, fixes=tuple(dict.fromkeys((*document.fixes, *fixes))))


def repair_documents(documents: Iterable[Document]) -> Iterator[Document]:
    """Mend documents one by one, in order."""
    return map(repair_document, documents)


def _mend(doubtful: list[str], whole: str, fixes: dict[str, None]) -> list[str]:
    """Take doubtful lines through all steps once; a line that has become plain is spared the rest."""
    mended = _undo_garbling("\n".join(doubtful), fixes).split("\n")
    rest = [number for number, line in enumerate(mended) if not is_plain(line)]
    if not rest:
        return mended
    text = "\n".join(mended[number] for number in rest)
    if "\ufffd" in text or "??" in text:
        text, kinds = restore_lost(text, whole)
        fixes |= dict.fromkeys(kinds)
    text, pages = undo_misreading(text)
    fixes |= dict.fromkeys(f"misread:{page}" for page in pages)
    for number, line in zip(rest, text.split("\n"), strict=True):
        mended[number] = line if is_plain(line) else _polish(line, fixes)
    return mended


def _undo_garbling(text: str, fixes: dict[str, None]) -> str:
    """Undo what turned single characters into several: entities, and UTF-8 read as a code page."""
    if "&" in text:
        text = _note("unescape_html", text, _unescape(text), fixes)
    text = _note("mojibake:lowered", text, undo_lowered(text), fixes)
    text, pages = undo_mojibake(text)
    fixes |= dict.fromkeys(f"mojibake:{page}" for page in pages)
    text = _note("lost-bytes", text, close_torn(text), fixes)
    return _note("lost-spaces", text, restore_no_break_spaces(text, proven="mojibake:cp1252" in fixes), fixes)


def _note(name: str, before: str, after: str, fixes: dict[str, None]) -> str:
    """Add a step to the fixes if it changed the text, and give what it made of it."""
    if after != before:
        fixes[name] = None
    return after


def _unescape(text: str) -> str:
    """Read entities once, those of line ends as spaces; what was escaped twice comes again in the next round."""
    from ftfy.fixes import unescape_html

    return close_entities(unescape_html(_LINE_END.sub(" ", text)))


def _polish(line: str, fixes: dict[str, None]) -> str:
    """Give ftfy a line, in pieces where it is long; what ends a line in it or parts two words goes on to do so."""
    whole = _note("remove_control_chars", line, _PARTING.sub(" ", line.replace("\v", "\n")), fixes)
    return "\n".join("".join(_run_ftfy(piece, fixes) for piece in _PIECES.findall(part)) for part in whole.split("\n"))


def _run_ftfy(line: str, fixes: dict[str, None]) -> str:
    """Run ftfy, but without its changes of encoding where these do not make the line likelier."""
    import ftfy

    odd = bool(_odd_characters().search(line))
    width = odd and not _EAST_ASIAN.search(line)
    fixed, steps = ftfy.fix_and_explain(line, _config(encoding=True, odd=odd, width=width))
    if steps and not _READING_STEPS.isdisjoint(name for step in steps for name in step):
        gain = context_score(" ", fixed, " ") - context_score(" ", line, " ")
        if gain < LEAST_GAIN:
            fixed, steps = ftfy.fix_and_explain(line, _config(encoding=False, odd=odd, width=width))
    if fixed != line:
        fixes |= dict.fromkeys(
            _NAMES.get(step.parameter, step.parameter) for step in steps or () if step.action != "decode"
        )
    return fixed


@functools.cache
def _odd_characters() -> re.Pattern[str]:
    """Find what ftfy's tables of single characters change: few lines have any, and to look them up takes long."""
    from ftfy.chardata import CONTROL_CHARS, LIGATURES, WIDTH_MAP

    return re.compile(f"[{re.escape(''.join(map(chr, {**CONTROL_CHARS, **LIGATURES, **WIDTH_MAP})))}]")


@functools.cache
def _config(*, encoding: bool, odd: bool, width: bool) -> ftfy.TextFixerConfig:
    """Configure ftfy: quotes stay curly, entities are read before it is asked, wide marks are at home in East Asia."""
    import ftfy

    return ftfy.TextFixerConfig(
        unescape_html=False,
        uncurl_quotes=False,
        fix_encoding=encoding,
        fix_latin_ligatures=odd,
        fix_character_width=width,
        remove_control_chars=odd,
    )
