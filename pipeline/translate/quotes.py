"""Quotes as the source has them: those at the edges of a segment, and around what somebody says, `”…”, he said`."""

from __future__ import annotations

import re
from typing import Final

QUOTES: Final = '"“”„‟«»‹›'
_DOUBLE: Final = re.compile(f"[{QUOTES}]")
_SINGLE_OPENS: Final = re.compile(r"(?<!\w)['’‘](?=[^\W\d_])")
_ANY: Final = re.compile(rf"[{QUOTES}]|{_SINGLE_OPENS.pattern}|(?<=[\w.,!?…])['’](?!\w)")
"""Double quotes, and single ones where no apostrophe stands within a word."""
_COMMA: Final = re.compile(r",(?=\s)")
_SPEECH_END: Final = re.compile(rf"[{QUOTES}],(?=\s)|,[{QUOTES}](?=\s)")
_OPENERS: Final = f"{QUOTES}'‘([–—"
_AFTER_QUOTE: Final = ".,!?…"
"""What may stand after the quote that closes a text."""
_LARGEST_SHIFT: Final = 0.2
"""How much more or less of a target than of its source may come after what was said, as a share of the whole."""


def settle_quotes(source: str, target: str) -> str:
    """Write quotes as the source writes them where one opens or closes it, and put back what the model left out.

    Quotes further in are the model's, which writes them as English does; but one kind of them only.

    >>> settle_quotes("”Ja”, sade han", '"Yes", he said'), settle_quotes("En ”ny” dag", 'A "new" day')
    ('”Yes”, he said', 'A "new" day')
    >>> settle_quotes("”Vi ses”, sade hon.", "”See you, she said.")
    '”See you”, she said.'
    """
    wanted = _DOUBLE.findall(source)
    if not wanted or not target:
        return target
    target = _end_speech(source, _open(source, target))
    pattern = _ANY if _SINGLE_OPENS.search(target) and not _SINGLE_OPENS.search(source) else _DOUBLE
    given = pattern.findall(target)
    if len(given) == len(wanted) and (_has_edge(source) or _is_mixed(given)) and _agree(source, target, pattern):
        target = _replace_all(pattern, target, wanted)
    return _close(source, target)


def _has_edge(source: str) -> bool:
    return source[:1] in QUOTES or source.rstrip(_AFTER_QUOTE)[-1:] in QUOTES


def _is_mixed(quotes: list[str]) -> bool:
    """Whether quotes are of no one style: `'a' and "b'`."""
    return not any(set(quotes) <= set(style) for style in ('"', "“”", "”", "«»", "‘’", "'", "’"))


def _agree(source: str, target: str, pattern: re.Pattern[str]) -> bool:
    """Whether the quotes of two texts open and close in the same order."""
    return _list_turns(source, _DOUBLE) == _list_turns(target, pattern)


def _list_turns(text: str, pattern: re.Pattern[str]) -> list[bool]:
    """Tell for each quote whether it opens."""
    before = (text[match.start() - 1 : match.start()] for match in pattern.finditer(text))
    return [not mark or mark.isspace() or mark in _OPENERS for mark in before]


def _open(source: str, target: str) -> str:
    """Begin a target with the quote that its source begins with."""
    if source[:1] not in QUOTES:
        return target
    if target[:1] in QUOTES or (target[:1] in "'’‘" and target.count(target[0]) == 1):
        return source[0] + target[1:]
    return target if target[:1] in "'’‘" else source[0] + target


def _end_speech(source: str, target: str) -> str:
    """Close speech before the comma that it ends with in the source, where the target lacks just that quote.

    Of the commas up to the next quote it is the one that has as many after it as in the source.

    >>> _end_speech("Det är bra, tycker jag”, sade han.", "It is good, I think, he said.")
    'It is good, I think”, he said.'
    """
    wanted, given = _list_turns(source, _DOUBLE), list(_DOUBLE.finditer(target))
    if len(given) + 1 != len(wanted):
        return target
    turns = _list_turns(target, _DOUBLE)
    for end in _SPEECH_END.finditer(source):
        number = len(_DOUBLE.findall(source[: end.end()])) - 1
        if wanted[number] or wanted[:number] + wanted[number + 1 :] != turns:
            continue
        rest = _DOUBLE.split(source[end.end() :])[0]
        start = given[number - 1].end() if number else 0
        stop = given[number].start() if number < len(given) else len(target)
        commas = [match.start() for match in _COMMA.finditer(target, start, stop)]
        place = len(commas) - 1 - len(_COMMA.findall(rest))
        if place < 0 or abs((stop - commas[place]) / len(target) - len(rest) / len(source)) > _LARGEST_SHIFT:
            continue
        return target[: commas[place]] + end.group() + target[commas[place] + 1 :]
    return target


def _close(source: str, target: str) -> str:
    """Write the quote that closes a source where the target lacks just that one.

    >>> _close("Han säger ”nej”.", "He says ”no.")
    'He says ”no”.'
    """
    quote = source.rstrip(_AFTER_QUOTE)[-1:]
    text = target.rstrip(_AFTER_QUOTE)
    if not quote or quote not in QUOTES or text[-1:] in QUOTES:
        return target
    if len(_DOUBLE.findall(target)) + 1 != len(_DOUBLE.findall(source)):
        return target
    return target + quote if source.endswith(quote) else text + quote + target[len(text) :]


def _replace_all(pattern: re.Pattern[str], text: str, supply: list[str]) -> str:
    parts = pattern.split(text)
    return "".join(part + mark for part, mark in zip(parts, [*supply, ""], strict=True))
