"""Wikitext to text: what a reader of an article reads in running text, without templates, tables and footnotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HIDDEN_TAGS: Final = frozenset(
    {
        "ref",
        "references",
        "table",
        "gallery",
        "math",
        "chem",
        "timeline",
        "score",
        "style",
        "imagemap",
        "syntaxhighlight",
        "source",
        "graph",
        "mapframe",
        "templatestyles",
    }
)
MAX_DEPTH: Final = 40
"""How deep mwparserfromhell goes; what lies deeper it tries again and again."""
MAX_OPEN: Final = 200
"""Marks that open and never close, or lie too deep: each may cost a look over all the rest of a page."""
_MARK: Final = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|\{\||\|\}|<!--|-->|\[(?=[a-z]{3,6}:|//)|\]|/>|</"
    r"|<(?!(?:br|hr|wbr|li|d[dt]|t[dhr]|img|meta|link)\b[^<>]*>)(?=[a-z])",
    re.IGNORECASE,
)
_CLOSES: Final = {"}}": "{{", "]]": "[[", "|}": "{|", "-->": "<!--", "]": "[", "/>": "<", "</": "<"}
_LESS: Final = re.compile(r"<(?![a-z/!])", re.IGNORECASE)
"""What opens no tag, though mwparserfromhell looks over all the rest of a page for the end of `<3` and `<?`."""
_SWITCHES: Final = re.compile(r"^[ \t]*(?:__[A-ZÅÄÖ]+__[ \t]*)+$", re.MULTILINE)
"""Lines that tell MediaWiki how to show a page: `__NOTOC__`."""
_BLANK: Final = re.compile(r"(?<![ \t])[ \t]*+\n(?:[ \t]*+\n)++")


def strip_markup(text: str, hidden: frozenset[str]) -> str:
    """Take the markup away; links to pages in the `hidden` namespaces go with it.

    >>> strip_markup("'''Visby''' är en [[tätort|stad]] på [[Gotland]].<ref>Källa</ref>{{Karta}}", frozenset())
    'Visby är en stad på Gotland.'

    Raises:
        RecordError: if so much of the markup is never closed that parsing would take the square of its length.
    """
    import mwparserfromhell

    if _count_open(text) > MAX_OPEN:
        message = f"The page's markup has more than {MAX_OPEN} marks that are never closed. Mend it, or leave it out."
        raise RecordError(message)
    nodes = mwparserfromhell.parse(_LESS.sub("&lt;", text), skip_style_tags=False).nodes
    return _BLANK.sub("\n\n", _SWITCHES.sub("", _render(nodes, hidden))).strip()


def _count_open(text: str) -> int:
    """Count the marks that nothing closes, and those that lie too deep."""
    stack: list[str] = []
    lost = 0
    for mark in _MARK.findall(text):
        opened = _CLOSES.get(mark)
        if opened is None:
            stack.append(mark)
            lost += len(stack) > MAX_DEPTH
        elif opened in stack[-MAX_DEPTH:]:
            while stack.pop() != opened:
                lost += 1
    return lost + len(stack)


def _render(nodes: Iterable[Any], hidden: frozenset[str]) -> str:
    return "".join(_RENDER.get(type(node).__name__, _drop)(node, hidden) for node in nodes)


def _drop(node: Any, hidden: frozenset[str]) -> str:  # noqa: ANN401 - mwparserfromhell has no types
    del node, hidden
    return ""


def _render_link(node: Any, hidden: frozenset[str]) -> str:  # noqa: ANN401
    title = str(node.title)
    namespace = title.partition(":")[0].strip().lower() if ":" in title else ""
    if namespace in hidden:
        return ""
    return _render((node.title if node.text is None else node.text).nodes, hidden).removeprefix(":")


def _render_tag(node: Any, hidden: frozenset[str]) -> str:  # noqa: ANN401
    tag = str(node.tag).strip().lower()
    if tag in HIDDEN_TAGS:
        return ""
    return "\n" if tag in {"br", "hr"} else _render(node.contents.nodes if node.contents else [], hidden)


def _render_address(node: Any, hidden: frozenset[str]) -> str:  # noqa: ANN401
    if node.title is not None:
        return _render(node.title.nodes, hidden)
    return "" if node.brackets else str(node.url)


_RENDER: Final[dict[str, Callable[[Any, frozenset[str]], str]]] = {
    "Text": lambda node, _: str(node.value),
    "Wikilink": _render_link,
    "Tag": _render_tag,
    "Heading": lambda node, hidden: _render(node.title.nodes, hidden).strip(),
    "ExternalLink": _render_address,
    "HTMLEntity": lambda node, _: str(node.normalize() or ""),
}
