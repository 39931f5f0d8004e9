"""Which names of a source its translation lacks, and how they are put right without asking a model."""

from __future__ import annotations

import itertools
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from pipeline.translate.names.find import WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.translate.names.find import Name

STAND_INS: Final = ("Google", "Microsoft")
"""Names that models copy, and that are neither *he* nor *she*: for sentences whose symbols do not come through.

Of sentences that lost more of them than two, hardly any comes through with a third.
"""
_ALIKE: Final = 0.7
_ARTICLE_TWICE: Final = re.compile(r"\b(the|The|a|an) the\b")


def list_lost_names(names: Sequence[Name], target: str) -> list[Name]:
    """List the names that a target has in none of their forms, or torn from their neighbours.

    >>> from pipeline.translate.names.find import find_names
    >>> list_lost_names(find_names("Han bor i Wien.", "sv"), "He lives in Venice.")[0].forms
    ('Vienna',)
    """
    lost = [name for name in names if not any(_has(target, form) for form in name.forms)]
    for first, second in itertools.pairwise(names):
        is_pair = second.start == first.end + 1 and first.listed and second.listed
        is_same = len(first.forms) == len(second.forms) == 1
        if is_pair and is_same and f"{first.forms[0]} {second.forms[0]}" not in target:
            lost += [name for name in (first, second) if name not in lost]
    return sorted(lost, key=lambda name: name.start)


def _has(target: str, form: str) -> bool:
    """Tell whether a target has a form of a name, as the start of a word: *Japanese* for *Japan*."""
    form = form.removesuffix("'s").removeprefix("the ")
    at = target.find(form)
    while at > 0 and target[at - 1].isalnum():
        at = target.find(form, at + 1)
    return at >= 0


def mend_names(source: str, target: str, lost: Sequence[Name]) -> str:
    """Write names as they are where a target has them misspelt, and in English where it has them as the source does.

    >>> from pipeline.translate.names.find import find_names
    >>> text = "Han bor i Jönköping."
    >>> mend_names(text, "He lives in Jonkoeping.", find_names(text, "sv"))
    'He lives in Jönköping.'
    >>> text = "Nordkoreas ledare kom till Grekland."
    >>> mend_names(text, "Nordkorea's leader came to Grekland.", find_names(text, "sv"))
    "North Korea's leader came to Greece."
    """
    known = {word.group() for word in WORD.finditer(source)}
    for name in lost:
        english = _write_english(source[name.start : name.end], name.forms[0], target)
        if english != target:
            target = english
            continue
        spelt = {source[name.start : name.end], name.forms[0]}
        for word in WORD.finditer(target):
            said = word.group()
            if said[0].isupper() and said not in known and any(_is_alike(said, each) for each in spelt):
                target = target[: word.start()] + name.forms[0] + target[word.end() :]
                break
    return target


def _write_english(name: str, form: str, target: str) -> str:
    """Write a name in English where a target has it as the source does, in the genitive or not."""
    if name in form:
        return target
    english = form.removesuffix("'s")
    stem = name if english == form else name[:-1]
    if stem not in target:
        return target  # to make a pattern for each name would take far longer
    said = re.search(rf"(?<!\w)(?P<the>[Tt]he )?{re.escape(stem)}(?P<of>['’]?s)?(?!\w)", target)
    if said is None:
        return target
    if said["the"]:
        english = said["the"] + english.removeprefix("the ")
    return target[: said.start()] + english + ("'s" if said["of"] else "") + target[said.end() :]


def _is_alike(said: str, name: str) -> bool:
    return said[0] == name[0] and SequenceMatcher(None, said.lower(), name.lower()).ratio() >= _ALIKE


def group_lost(source: str, names: Sequence[Name], lost: Sequence[Name]) -> list[Name]:
    """Give the lost names and those that they stand beside, as a family name beside a first name."""
    wanted = set(lost)
    for ordered in (names, names[::-1]):
        for one, other in itertools.pairwise(ordered):
            first, second = sorted((one, other), key=lambda name: name.start)
            if one in wanted and source[first.end : second.start] == " ":
                wanted.add(other)
    return [name for name in names if name in wanted]


def settle_articles(source: str, target: str) -> str:
    """Say no article twice, and begin as the source does.

    >>> settle_articles("Norden växer", "the Nordic countries are growing"), settle_articles("Han", "In the the Alps")
    ('The Nordic countries are growing', 'In the Alps')
    """
    target = _ARTICLE_TWICE.sub(r"\1", target)
    return target[0].upper() + target[1:] if source[:1].isupper() and target[:1].islower() else target
