"""What must come through a translation letter by letter: the patterns, and no logic but the search for them.

Every pattern is linear: repetitions are possessive or bounded, and starts are fenced by what stands before them.
"""

from __future__ import annotations

import re
from typing import Final

_ENDINGS: Final = (
    "com|org|net|edu|gov|info|biz|int|mil|se|id|no|dk|fi|is|de|uk|eu|io|nu|app|dev|me|tv|ai|co|us|ca|au|nz|nl|be|fr|es|"
    "it|pt|pl|ch|at|ie|ru|ua|cn|jp|kr|in|my|sg|ph|vn|th|tl|xyz|online|shop|blog|cloud|news|asia|wiki|page|site|gl|ly|gg"
)
_FILES: Final = (
    "pdf|txt|md|rst|docx?|xlsx?|pptx?|odt|ods|odp|rtf|csv|tsv|jsonl?|xml|ya?ml|toml|ini|cfg|conf|log|html?|php|css|jsx?|"
    "tsx?|py|ipynb|java|jar|kt|cpp|hpp|cs|rb|rs|go|sh|bat|ps1|sql|sqlite|db|zip|gz|bz2|xz|zst|tar|tgz|rar|7z|deb|rpm|"
    "apk|exe|msi|dll|dmg|iso|img|jpe?g|png|gif|svg|webp|bmp|tiff?|mp3|mp4|wav|flac|ogg|avi|mov|mkv|webm|epub|tex|bak|tmp"
)
_TEXT: Final = r"""[^\s<>()"“”„«»`|]"""
_BRACKETED: Final = rf"(?:\({_TEXT}*+\)|{_TEXT})"

# What no European alphabet is written with: emoji with their joiners, flags and skin tones, other scripts, arrows,
# box drawings, bidirectional marks, private use. A model that never met them drops them or says something else.
_FOREIGN: Final = (
    "\u0370-\u1dbf\u1f00-\u1fff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u2100-\u215f\u2190-\u2c5f"
    "\u2c80-\u2dff\u2e80-\ua71f\ua800-\uab2f\uabc0-\ufaff\ufb50-\ufeff\uff00-\uffff\U00010000-\U0010ffff"
)
MARKS: Final = r"©®•¶|^~=<>\\*_`{}[\]€£¥¤†‡½¼¾²³µ×÷±§°@"

PARTS: Final = {
    "tag": r"</?[A-Za-z][A-Za-z0-9:-]{0,30}+(?:\s[^<>]{0,1000}+)?/?>|<!--[^<>]{0,1000}-->",
    "code": r"```[^`]{1,1000}+```|``[^`\n]{1,200}+``|`[^`\n]{1,200}+`",
    "url": rf"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9+.-]{{1,15}}://|mailto:|www\.(?=\w)){_BRACKETED}++",
    "mail": r"(?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)++",
    "drive": r"(?<!\w)[A-Za-z]:\\(?:[\w.()~+-]++(?: [\w.()~+-]++){0,3}\\)*+[\w.()~+-]*+"
    r"|(?<![\w.\\-])(?:[\w.-]++|\\)?\\\w++(?:[.\\-]++\w++)*+",
    "host": rf"(?<![\w@.-])[\w-]++(?:\.[\w-]++(?=\.\w))*+\.(?:{_ENDINGS})(?!\w)(?:[/?#:]{_BRACKETED}*+)?"
    rf"|(?<![\w@.-])[a-z][a-z0-9-]++(?:\.[a-z][a-z0-9-]++)*+(?:\.[a-z]{{2,}})++(?=/\w){_BRACKETED}++"
    r"|(?<![\w@.-])[a-z][a-z0-9-]{2,}+(?:\.[a-z][a-z0-9-]++){2,}+(?!\w)",
    "file": rf"(?<![\w/.~-])(?:[\w.~-]++/)*[\w-]++(?:\.[\w-]++(?=\.\w))*+\.(?i:{_FILES})(?!\w)",
    "path": r"(?<![\w/.~<-])(?:~|\.{1,2})?(?:/[\w.@+~%=-]++)++/?|(?<![\w/.-])(?:[\w.-]++/){2,}+(?![\w/])",
    "dot": r"(?<![\w.])\.[A-Za-z]\w++",
    "handle": r"(?<![\w@])(?:@\w++(?:[.-]\w++)*+)++",
    "hashtag": r"(?<![\w&#])#\w++",
    "letter": r"&(?:[A-Za-z]{2,10}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});",
    "template": r"\{\{[^{}\n]{1,80}+\}\}"
    r"|\$?\{(?:[^{}\s]{0,60}+| [\w.$:#-]{1,60}+ )\}|\$\w*[A-Za-z_]\w*+|(?<![\d%])%[A-Za-z_]\w*+%",
    "format": r"(?<![\d%])%(?:\(\w{1,40}\)|\d{1,2}\$)?[-+#0]{0,3}\d{0,3}(?:\.\d{1,3})?(?:ll|[lhzj])?"
    r"[sdiufFgGeExXc@](?!\w)|%%",
    "call": r"(?<![\w.])\w++(?:(?:\.|::)\w++)*+\(\)|(?<![\w:])\w++(?:::\w++)++"
    r"|(?<![\w.])\w++\((?:[\"'][^\"'()\n]{0,60}+[\"']|\d[\d., %]{0,40}+)\)",
    "option": r"(?<![\w-])--[A-Za-z][\w-]*+(?:=[^\s,;]++)?|(?<![^\s(])-[A-Za-z](?![\w-])"
    r"|(?<!\w)(?i:ctrl|alt|shift|cmd|win)(?:\+\w++)++|(?<!\w)[A-Z](?:\+\+|#)(?!\w)",
    "name": r"(?<!\w)(?=\w*?[^\W_]_[^\W_]|__)\w++(?:[/.]\.?\w++)*+|(?<!\w)[a-z]{2,20}+[0-9]{0,5}[A-Z]\w*+",
    "date": r"(?<![\w.-])\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])"
    r"|(?<![\w./-])\d{1,2}/\d{1,2}/\d{4}(?![\w/])",
    "socket": r"(?<![\w:])(?:(?:[0-9A-Fa-f]{1,4}:){2,7}:?[0-9A-Fa-f]{1,4}|::[0-9A-Fa-f]{1,4})(?![\w:])",
    "phone": r"(?<![\w.,+-])(?:\+\d|\(0\d|0\d)[\d ()/-]{5,20}\d(?!\d|[.,]\d)",
    "account": r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z]{4})?(?: ?\d{4}){3,7}(?: ?\d{1,3})?(?!\w)"
    r"|(?<!\w)0x[0-9A-Fa-f]++",
    "serial": r"(?<![\w.,-])(?:(?=[A-Z]{0,40}\d)(?=\d{0,40}[A-Z])[A-Z0-9]{5,40}+|[A-Z]{1,8}+(?=-\d))(?:-[A-Z0-9]++)*+"
    r"(?!\w)|(?<![\w-])(?=[a-f]{0,20}\d)(?=\d{0,20}[a-f])[0-9a-f]{7,64}+(?:-[0-9a-f]{4,12}+)*+(?!\w)",
    "version": r"(?<![\w.])v?\d{1,9}(?:\.\d{1,9}){2,}+(?:-[a-z0-9]++(?:\.\w++)*+)?"
    r"(?:/\d{1,2})?(?!\w|,\d)(?<!\.\d{3})",
    "digits": r"(?<![\w.,-])(?=(?:\d-?){9,})\d++(?:-\d++)++(?![\w-])"
    r"|(?<![\d.,])\d(?:\d{4,}+|\d{3}(?:[ -]\d{4}){1,6})(?![\d]|[.,]\d)",
    "footnote": r"\[\d{1,4}\]",
    "emoticon": r"(?<![\w:]):[a-z][a-z0-9_+-]{1,30}+:(?!\w)"
    r"|(?<![^\s(])(?:[:;=]['’]?-?[)(DPp3*|/]|<3|\^_\^)(?![^\s.,!?)])",
    "symbol": rf"°[CF](?!\w)|[0-9#*]\ufe0f?\u20e3|[{_FOREIGN}]++(?:\s++[{_FOREIGN}]++)*+|[{MARKS}]",
}
"""The kinds of entities, first match first."""

ENTITY: Final = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in PARTS.items()))
_STRONG: Final = rf"@#%/\\&${_FOREIGN}{MARKS}"
HINT: Final = re.compile(
    rf"[{_STRONG}A-Z0-9.:;=(+\-](?:(?<=[{_STRONG}])|(?<=[a-z][A-Z])|(?<=\.)(?=\w)|(?<=\d{{5}})|(?<=[A-Za-z]\d)"
    rf"|(?<=[A-Za-z]-\d)|(?<=\d)(?=[A-Za-z]|[ )/-]\d)"
    rf"|(?<=\()(?=[)0\"'])|(?<=\w\()(?=\d)|(?<=[0-9A-Fa-f:]:)(?=[0-9A-Fa-f:])"
    rf"|(?<=-)(?=-\w)|(?<![^\s(]-)(?<=-)(?=[A-Za-z]\b)|(?<=\+)(?=[\w+])|(?<=:)(?=[a-z])"
    rf"|(?<=[:;=])(?=['’-]?[)(DPp3*|/]))"
)
"""What each entity has in its first word, at the latest; only there is it looked for."""
_DANGLING: Final = ".,;:!?…'’*_~"

Span = tuple[int, int, str]


def find_entities(text: str) -> list[Span]:
    """Find what must stay whole: start, end and kind of each, in order.

    >>> find_entities("Se a_b på https://x.se/å, 👍🏽!")
    [(3, 6, 'name'), (10, 24, 'url'), (26, 28, 'symbol')]
    """
    spans: list[Span] = []
    at = 0
    while hint := HINT.search(text, at):
        begin = max(at, text.rfind(" ", at, hint.start()) + 1)
        found = next(filter(None, (ENTITY.match(text, start) for start in range(begin, hint.end()))), None)
        at = hint.end()
        if found:
            spans.append(_trim(found))
            at = spans[-1][1]
    return spans


def list_entities(text: str) -> list[str]:
    """List what must stay whole, as it is written.

    >>> list_entities("Skriv till info@exempel.se eller @anna.")
    ['info@exempel.se', '@anna']
    """
    return [text[start:end] for start, end, _ in find_entities(text)]


def _trim(match: re.Match[str]) -> Span:
    """Leave the sentence its own punctuation: an address does not end in a full stop."""
    kind = match.lastgroup or ""
    end = match.end()
    if kind in {"url", "host", "path", "drive"}:
        end = match.start() + max(1, len(match.group().rstrip(_DANGLING)))
    return match.start(), end, kind
