"""Plots that are tables first: each figure reads as text, and a bar beside it shows it; no script, no style."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from pipeline.records import UNDETERMINED_LANG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST: Final = 12
"""Bars of one plot; the rest is summed up in one."""
WHOLE: Final = 10
"""From here on a figure's decimals say nothing."""
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
"""Between a figure and its unit, which no line end may part."""
LANGUAGES: Final = {
    "ar": "Arabic", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "et": "Estonian",
    "fi": "Finnish", "fr": "French", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "jv": "Javanese", "ko": "Korean", "ms": "Malay", "nl": "Dutch", "nb": "Norwegian", "nn": "Nynorsk",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "su": "Sundanese", "sv": "Swedish",
    "tr": "Turkish", UNDETERMINED_LANG: "undetermined", "zh": "Chinese",
}  # fmt: skip
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_PICTURES: Final = {"\x7f": "␡", **{chr(code): chr(0x2400 + code) for code in range(0x20)}}


def escape_text(text: str) -> str:
    r"""Make text safe to stand in a page: no markup, control characters as their pictures, its direction its own.

    >>> escape_text("<b>\x07")
    '<bdi dir="auto">&lt;b&gt;␇</bdi>'
    """
    visible = _CONTROL.sub(lambda found: _PICTURES.get(found[0], "\ufffd"), text)
    return f'<bdi dir="auto">{html.escape(visible)}</bdi>'


def language(code: str) -> str:
    """Name a language for a person.

    >>> language("sv"), language("xx")
    ('Swedish', 'xx')
    """
    return LANGUAGES.get(code, code)


def number(value: float) -> str:
    """Write a number with its thousands apart.

    >>> number(1234567), number(0.25)
    ('1,234,567', '0.25')
    """
    return f"{value:,.0f}" if value >= WHOLE or value == int(value) else f"{value:.2f}"


def percent(part: float, whole: float) -> str:
    """Write a share so that something never looks like nothing, nor less than all like all.

    >>> [percent(*given).replace("\N{NO-BREAK SPACE}", "_") for given in ((1, 3), (1, 10**6), (999_999, 10**6), (0, 0))]
    ['33_%', '<1_%', '>99_%', '']
    """
    if not whole:
        return ""
    rounded = f"{part / whole:.0%}".removesuffix("%")
    if part and rounded == "0":
        rounded = "<1"
    elif part != whole and rounded == "100":
        rounded = ">99"
    return f"{rounded}{NO_BREAK}%"


def bars(
    title: str,
    what: str,
    counts: Iterable[tuple[str, float]],
    *,
    whole: float | None = None,
    note: str = "",
    kind: str = "",
    empty: str = "None.",
) -> str:
    """Draw named counts as a table with bars, the largest first; `whole` is what the shares are of."""
    rows = sorted(((name, count) for name, count in counts if count), key=lambda row: -row[1])
    if len(rows) > MOST:
        rest = rows[MOST - 1 :]
        rows = [*rows[: MOST - 1], (f"{len(rest)} more", sum(count for _, count in rest))]
    return table(
        title, what, [(name, count, percent(count, whole or 0)) for name, count in rows], note, kind=kind, empty=empty
    )


def table(
    title: str,
    what: str,
    rows: Sequence[tuple[str, float, str]],
    note: str = "",
    *,
    kind: str = "",
    unit: str = "",
    empty: str = "None.",
) -> str:
    """Draw rows of a name, a figure and a remark, each with its bar."""
    if not rows:
        return _card(title, f'<p class="none">{html.escape(empty)}</p>', note)
    longest = max(count for _, count, _ in rows) or 1
    body = "".join(
        f'<tr><th scope="row">{escape_text(name)}</th><td class="bar">{_bar(count / longest)}</td>'
        f'<td class="n">{number(count)}{unit}</td><td class="n dim">{html.escape(remark)}</td></tr>'
        for name, count, remark in rows
    )
    head = f'<caption class="out">{html.escape(title)}: {html.escape(what)}</caption>'
    return _card(title, f'<table class="bars {kind}">{head}<tbody>{body}</tbody></table>', note)


def histogram(title: str, bins: Sequence[int], labels: Sequence[str], ends: tuple[str, str], note: str = "") -> str:
    """Draw bins as columns; a table for those who do not see them stands inside."""
    highest = max(bins, default=0) or 1
    columns = "".join(
        f'<rect x="{at + 0.06:.2f}" y="{40 - 40 * count / highest:.2f}" width="0.88" '
        f'height="{40 * count / highest:.2f}"><title>{html.escape(label)}: {number(count)}</title></rect>'
        for at, (count, label) in enumerate(zip(bins, labels, strict=True))
    )
    said = "; ".join(f"{label}: {number(count)}" for label, count in zip(labels, bins, strict=True) if count)
    picture = (
        f'<svg class="columns" role="img" aria-label="{html.escape(title)}. {html.escape(said)}" '
        f'viewBox="0 0 {len(bins)} 40" preserveAspectRatio="none">{columns}</svg>'
        f'<p class="ends" aria-hidden="true"><span>{html.escape(ends[0])}</span><span>{html.escape(ends[1])}</span></p>'
    )
    return _card(title, picture, note)


def _bar(share: float) -> str:
    return (
        '<svg aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none">'
        f'<rect width="{max(100 * share, 0.6):.2f}" height="1"/></svg>'
    )


def _card(title: str, content: str, note: str) -> str:
    said = f'<p class="note">{html.escape(note)}</p>' if note else ""
    return f'<figure class="card"><figcaption><h2>{html.escape(title)}</h2></figcaption>{content}{said}</figure>\n'
