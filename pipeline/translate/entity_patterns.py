"""What must come through a translation letter by letter, as patterns; `entities.py` searches for them.

Every pattern is linear: repetitions are possessive or bounded, and starts are fenced by what stands before them.
"""

from __future__ import annotations

import re
from typing import Final

_ENDINGS: Final = (
    "com|org|net|edu|gov|info|biz|int|mil|se|id|no|dk|fi|is|de|uk|eu|io|nu|app|dev|me|tv|ai|co|us|ca|au|nz|nl|be|fr|es|"
    "it|pt|pl|ch|at|ie|ru|ua|cn|jp|kr|in|my|sg|ph|vn|th|tl|xyz|online|shop|blog|cloud|news|asia|wiki|page|site|gl|ly|gg|"
    "travel|museum|jobs|agency|email|website|click|academy|ninja|network|software|solutions|systems|today|space|link|"
    "tech|store|media|world|club|fm|gr|hu|cz|sk|bg|rs|lt|lv|ee|lu|mx|br|cl|il|za|hk|tw"
)
_FILES: Final = (
    "pdf|txt|md|rst|docx?|xlsx?|pptx?|odt|ods|odp|rtf|csv|tsv|jsonl?|xml|ya?ml|toml|ini|cfg|conf|log|html?|php|css|jsx?|"
    "tsx?|py|ipynb|java|jar|kt|cpp|hpp|cs|rb|rs|go|sh|bat|ps1|sql|sqlite|db|zip|gz|bz2|xz|zst|tar|tgz|rar|7z|deb|rpm|"
    "apk|exe|msi|dll|dmg|iso|img|jpe?g|png|gif|svg|webp|bmp|tiff?|mp3|mp4|wav|flac|ogg|avi|mov|mkv|webm|epub|tex|bak|tmp|"
    "hei[cf]|scss|sass|vue|svelte|geojson|onnx|safetensors|gguf|parquet|npy|npz|pkl|ckpt|xls[mb]|docm|ino|ics|vcf|srt|vtt|"
    "whl|mobi|azw3|swift|dart|scala|lua|proto|graphql|tfvars|gradle|properties|plist|dat|crt|pem|cer|pfx|torrent|wasm|"
    "cnf|ovpn|vmdk|vhdx?|qcow2|jks|p12|m3u8?|mpe?g|eml|pst|kdbx|pcapng?|xcf|xpi|patch|"
    "m4[av]|opus|aac|wm[av]|flv|3gp|psd|eps|cr2|dng|ico|ttf|otf|woff2?|dwg|dxf|stl|gpx|km[lz]|mdb|accdb|lz4|cb[zr]|djvu"
)
_CODE: Final = (
    "api|app|args|arr|array|assets|auth|bar|baz|bin|bool|build|button|case|class|cli|client|color|compose|component|"
    "components|config|console|const|container|content|core|css|ctx|data|db|debounce|debug|dev|dist|docker|docs|dom|"
    "elem|env|error|etc|event|fetch|file|font|foo|func|git|grid|height|hook|hooks|html|http|https|img|init|input|item|"
    "items|java|js|json|kube|kwargs|length|lib|linux|lodash|log|main|map|method|model|mysql|name|names|nginx|node|npm|"
    "null|obj|object|opt|os|package|param|params|path|php|pip|plugin|postgres|props|proxy|py|python|query|react|redis|"
    "repo|request|response|router|rust|script|scripts|sdk|self|server|service|session|settings|size|sql|src|ssh|ssl|"
    "state|static|str|string|svg|sys|template|test|tests|text|this|tmp|token|type|types|ui|uri|url|user|users|usr|util|"
    "utils|value|values|var|vendor|view|views|vue|webpack|width|window|wp|xml|yaml|"
    "angular|asyncio|django|flask|jquery|kubernetes|laravel|matplotlib|numpy|pandas|scipy|sklearn|tensorflow|torch"
)
"""Words that names of code are made of, where they stand beside each other with a hyphen, a dot or a slash."""
_PROSE: Final = (
    "och|i|till|tills|med|av|ett|en|vid|det|den|mot|som|the|and|of|to|ke|di|me|mem|men|meng|pe|ber|ter|kan|nya|an|lah|"
    "dan|untuk|demi|per|tidak|yang|dengan|pada|anti|non|e|cd|dvd|tv|bild|ljud|paket|baserad|baserat|baserade|liknande"
)
"""Words that no name of code has."""
_COMMAND: Final = "apt-(?:get|cache|key)|wp-(?:admin|login|includes)|ssh-(?:keygen|copy-id|agent|add)|yt-dlp|git-lfs"
"""Names with a hyphen whose halves are no words of code."""
_KEY: Final = r"(?:[A-Z0-9]|F\d{1,2}|(?i:ctrl|alt|shift|cmd|win|del|delete|tab|enter|esc|space))(?!\w)"
"""What is pressed together with another key."""
_FIELD: Final = (
    "attribute|values?|min|max|other|count|name|username|user|title|link|date|host|amount|content|property|path|size|"
    "limit|email|url|seconds|minutes|param|resource|format|index|total|duration|message|timeago"
)
"""What placeholders with a colon before them are called."""
_CASE: Final = (
    r"(?!(?:LAG|DOM|VAL|MÅL|NR|PÅ|AV|OCH|FRÅN|DAN|PADA|DARI|THN) )[A-ZÅÄÖ]{2,4} (?:19|20)\d\d"
    r"(?::\d{1,6}|[/-](?!(?:19|20)\d\d(?!\d))\d{3,7})"
)
"""Numbers of cases, with the letters of the board that they are before."""
_CURRENCY: Final = "(?:IDR|USD|SEK|EUR|NOK|DKK|GBP)"
_PRIMITIVE: Final = "(?:int|str|string|bool|boolean|float|double|char|void|number|any|long|byte|object)"
_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_GENERIC: Final = r"<[A-Za-z][^<>\n]{0,60}+(?:<[^<>\n]{1,60}+>[^<>\n]{0,60}+)?>"
_TEXT: Final = r"""[^\s<>()"“”„«»`|]"""
_BRACKETED: Final = rf"(?:\({_TEXT}*+\)|{_TEXT})"

# What European alphabets are written with. A model that never met anything else (emoji with their joiners, flags and
# skin tones, other scripts, arrows, box drawings, bidirectional marks, private use) drops it or says something else.
# It is not listed itself: a class of so many characters takes ten milliseconds to compile, at each place that has it.
_HOME: Final = (
    r"\0-\u036f\u1dc0-\u1eff\u2000-\u200a\u2010-\u2029\u202f-\u203a\u203d-\u2046\u204a-\u205f\u2070-\u20cf"
    r"\u2160-\u218f\u2c60-\u2c7f\u2e00-\u2e7f\ua720-\ua7ff\uab30-\uabbf\ufb00-\ufb4f"
)
_FOREIGN: Final = f"[^{_HOME}]"
_FAR: Final = "ìœĀ-ɏḀ-ỿ"
"""Latin letters of other languages: a word with one is a name, as a rule, and few models can spell it."""
MARKS: Final = r"©®•¶|^~=<>\\*_`{}[\]€£¥¤†‡½¼¾²³µ×÷±§°@"

PARTS: Final = {
    "tag": r"</?[A-Za-z][A-Za-z0-9:-]{0,30}+(?:\s[^<>]{0,1000}+)?/?>|<!--[^<>]{0,1000}-->|<[!?][A-Za-z][^<>]{0,200}+>"
    r"|\[/?(?:b|i|u|s|(?i:url|img|quote|code|color|size|list|center|spoiler|video|youtube|font|caption|gallery|embed))"
    r"(?:=[^\[\]\n]{0,200}+)?\]"
    r"|\[[a-z][\w-]{1,40}+(?: ++[a-z][\w-]{0,40}+=(?:[\"”“″][^\"”“″\[\]\n]{0,200}+[\"”“″]|'[^'\[\]\n]{0,200}+'"
    r"|[^\s\[\]\"'”“″]{1,100}+))++ ?/?\]"
    r"|<%[=-]?[^<>%]{1,200}+%>|<\?=?[^<>?]{1,200}+\?>",
    "code": r"```[^`]{1,1000}+```|``[^`\n]{1,200}+``|`[^`\n]{1,200}+`",
    "url": rf"(?<![A-Za-z0-9])(?:(?:jdbc:|view-source:)?[A-Za-z][A-Za-z0-9+.-]{{1,15}}://|(?:mailto|magnet|urn|javascript|skype|sip|xmpp|whatsapp):(?=\S)"
    r"|sms:(?=[+\d])|(?<![\w:/])//(?=[\w-]++\.\w)|(?i:www)\.(?=\w))"
    rf"{_BRACKETED}++"
    r"|(?<![\w.:])(?:about:[a-z]\w++|geo:-?\d[\d.,-]*+|tel:\+\d[\d-]*+|(?:md5|sha1|sha256|sha512)[:-](?=\w{16})[\w+/=]++)"
    r"|(?<![\w.:])(?:doi:)?10\.\d{4,9}/[\w.()/:;-]++|(?<!\w)arXiv:\d{4}\.\d{4,5}"
    r"|(?<![\w/?])\?[A-Za-z_]\w{0,40}+=[\w.,%+~-]*+(?:&\w{1,40}+=[\w.,%+~-]*+)*+"
    r"|(?<!\w)localhost(?::\d{2,5})?(?!\w)(?:/[\w./?=&%-]*+)?",
    "link": r"\]\([^()\s]{1,300}+(?:\([^()\s]{0,100}+\)[^()\s]{0,100}+)?(?: \"[^\"\n]{0,100}+\")?\)",
    "mail": r"(?<![\w.+-])[\w.+-]++[\[(](?:at|snabela)[\])][\w-]++(?:(?:\.|[\[(](?:dot|punkt|titik)[\])])[\w-]++)++"
    r"|(?<![\w.+-])[a-z][\w.+-]*+@[a-z][\w-]++(?![\w@]|\.\w)"
    r"|(?<![\w.+%-])[\w.+%-]++(?:['’][\w.+%-]++)?@[\w-]++(?:\.[\w-]++)++(?:(?<=\.com):[\w./~-]++)?",
    "drive": r"(?<!\w)[A-Za-z]:(?:/[\w.~+-]++(?:(?: [A-Z(][\w.()]*+){1,2}(?=/))?)++"
    r"|(?<!\w)[A-Za-z]:\\(?:[\w.()~+-]++(?: [\w.()~+-]++){0,3}\\)*+[\w.()~+-]*+"
    r"|(?<![\w.\\-])(?:[\w.-]++|\\)?\\\w++(?:[.\\-]++\w++)*+",
    "host": rf"(?<![\w@.-])[\w-]++(?:\.[\w-]++(?=\.\w))*+\.(?:{_ENDINGS})(?!\w|\([\"'\d)])(?:[/?#:]{_BRACKETED}*+)?"
    rf"|(?<![\w@.-])[A-ZÅÄÖ0-9-]{{3,}}+(?:\.[A-Z0-9-]++(?=\.\w))*+\.(?:{_ENDINGS.upper()})(?!\w)(?:/{_BRACKETED}*+)?"
    r"|(?<![\w@.-])[a-z][a-z0-9-]{2,}+(?:\.[a-z][A-Za-z0-9-]++){2,}+(?!\w)",
    "file": rf"(?<![\w/.~-])(?:[\w.~-]++/)*[\w-]++(?:\.[\w-]++(?=\.\w))*+\.(?i:{_FILES})(?!\w)(?!\()"
    r"(?::\d{1,6}+(?::\d{1,4}+)?(?!\w))?"
    rf"|(?<![\w(-])(?:[\w-]++)?\(\d{{1,3}}\)\.(?i:{_FILES})(?!\w)"
    r"|(?<![\w/.-])(?:go\.(?:mod|sum)|(?:Cargo|yarn|poetry|Gemfile|composer)\.lock|Makefile|Dockerfile|Jenkinsfile|Vagrantfile|Gemfile|Procfile|README|CHANGELOG)(?!\w)",
    "path": r"(?<![\w/.~<-])(?:~\w*+|\.{1,2})?(?:/[\w.@+~%=-]++)++/?"
    r"(?:\?[\w.~%+\[\]-]{1,60}+=[\w.,:;~%+&=-]*+)?|(?<![\w/.-])(?:[\w.-]++/){2,}+(?![\w/])"
    r"|(?<![\w/.-])(?:[ru]/\w{3,}+|f/\d{1,2}(?:[.,]\d)?)(?![/\w])"
    r"|(?<![\w/.-])(?=(?:\d++/)*+[A-Za-z])(?=(?:\w++/)*?\d++(?![\w]))\w++(?:/\w++){3,}+(?![\w/-])"
    r"|(?<![\w/.-])[a-z0-9][\w.-]*+/[a-z][\w-]++(?:\.[\w-]++)*+:(?:latest|stable|v?\d++(?:\.\d++)++(?:-\w++)?)(?!\w)"
    rf"|(?<![\w/.-])(?:app/[A-Z][\w.-]++|(?:src|etc|usr|var|lib|tmp|dist|tests|assets|vendor)/[a-z][\w.-]++|(?:{_CODE})/(?:{_CODE}))(?![\w/-])",
    "dot": rf"(?<![\w.])\.[A-Za-z]\w++(?:\.\w++)*+(?:-(?:{_CODE})(?![\w-]))?",
    "handle": r"(?<![\w@])(?:@\w++(?:[.-]\w++)*+)++(?:/[a-z][\w-]*+)?",
    "hashtag": r"(?<![\w&#])#\w++"
    r"|(?<![\w/.&#-])\w++(?:\.\w++)*+#(?:\d{3,6}|[A-Z]{2,5})(?![\w!])",
    "letter": r"&lt;/?[A-Za-z](?:[^&<>]|&(?:quot|amp|#39);){0,200}+&gt;"
    r"|&(?:[A-Za-z]{2,10}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});",
    "template": r"\{\w{1,40}+, ?(?:plural|select|selectordinal|number|date|time)"
    r"(?:,(?:[^{}]{0,200}+\{(?:[^{}]{0,200}+\{[^{}]{0,60}+\}){0,5}+[^{}]{0,200}+\}){0,12}+[^{}]{0,60}+)?\}"
    r"|[%#]\{\w{1,60}+\}(?:[sdf](?!\w))?|@@\w{1,40}+@@"
    r"|\$\(\w[\w .+%/-]{0,60}+\)|\[\[[^\[\]\s]{1,60}+\]\]|<<\w{1,40}+>>"
    r"|(?<=[a-zåäö.,:] )\[[A-ZÅÄÖ]{3,30}+\](?=[,.!?:;]| [a-zåäö])|\{\{[^{}\n]{1,80}+\}\}|\{%[^{}%\n]{1,100}+%\}"
    r"|\$?\{(?:[^{}\s]{0,60}+| [\w.$:#-]{1,60}+ )\}"
    r"|\$(?!(?:US|AU|NZ|CA|SG|HK|[ACS])\d)\w*[A-Za-z_]\w*+(?:/[\w@+~%=-]++(?:\.[\w@+~%=-]++)*+)*+"
    r"(?:\[[\"']?\w{1,60}+[\"']?\])*+(?:->\w++)*+|(?<![\d%])%[A-Za-z_]\w*+%",
    "field": rf"(?<![\w:)])(?<![^\s(\"'“”‘’]):(?:{_FIELD})(?![\w:-])",
    "format": r"(?<![\d%])%(?:\(\w{1,40}\)|\d{1,2}\$)?[-+#0]{0,3}\d{0,3}(?:\.\d{1,3})?(?:ll|[lhzj])?"
    r"[sdiufFgGeExXc@](?!\w)|%%|(?<![\d%])%[a-zA-Z](?:[-/:.T ]?%[a-zA-Z])++(?!\w)"
    r"|(?<![\w<>=])(?:[<>=!~]=|[~^])\d++(?:\.\d++)*+(?!\w)"
    r"|\[[^\[\]\s]{1,30}+\](?:\{\d{1,3}(?:,\d{0,3})?\}|[+*])"
    r"(?:\\[dwsbDWSB][+*?]?|\[[^\[\]\s]{1,30}+\](?:\{\d{1,3}(?:,\d{0,3})?\}|[+*?])?)*+",
    "call": r"(?<![\w.])[a-z]{2,20}+[A-Z]\w*+\(\w{1,40}+(?:, ?\w{1,40}+){0,5}+\)"
    r"|(?<![\w.:])\w++(?:(?:\.|::)\w++)*+\(\)|(?<![\w:])\w++(?:::\w++)++(?!:)"
    rf"(?:{_GENERIC}|\([^()\s]{{0,60}}+\))?"
    r"|(?<![\w.])\w++(?:\.\w++)*+\((?:[\"'][^\"'()\n]{0,60}+[\"']"
    r"(?:, ?(?:[\"'][^\"'()\n]{0,60}+[\"']|\w{1,40}+)){0,4}+|\d[\d., %]{0,40}+)\)"
    r"(?:;(?!\S))?|(?<![\w%+-])[A-Za-z]\((?:[A-Za-z]|(?=[a-zåäö]{0,20}+[^a-zåäö()\s])[^()\s]{2,20}+)\)(?!\w)"
    r"|(?<![\w=])=[A-ZÅÄÖ][A-ZÅÄÖ.]{1,20}+\((?:[^()\s]{1,60}+|\((?:[^()\s]{1,60}+|\([^()\s]{0,60}+\)){0,8}+\)){0,8}+\)"
    r"|(?<!\S)(?=[A-Z][^\s=]{0,40}+(?<=\()=[A-Z])[\w@+\-\[\]=#/\\()]++"
    r"|(?<![\w.])[a-z_]\w*+(?:\.[a-z_]\w*+)++\([^()\s]{0,60}+\)|(?<!\w)\w++(?:->\w++)++",
    "index": r"(?<![\w.])[A-Za-z_]\w*+(?:\.\w++)*+"
    r"(?:\[(?:0|-\d|[ijknxy]|-?\d*+:-?\d*+|[\"'][^\"'\[\]\n]{1,60}+[\"'])\]|\[(?:str|int|float|bool|bytes|Any)\])++"
    rf"|(?<![\w.])[A-Z]\w*+(?=<(?:{_PRIMITIVE}|[A-Z][a-z]\w)){_GENERIC}(?!\w)"
    rf"|(?<![\w.])[a-z]\w++(?=<{_PRIMITIVE}[,<>*&\[]){_GENERIC}(?!\w)",
    "pair": r"\"[a-z_][\w.-]{0,40}+\": ?(?:\"[^\"\s]{0,80}+\"|-?\d++(?:\.\d++)?(?!\w)|(?:true|false|null)(?!\w)"
    r"|(?=[\[{]))"
    r"|(?:(?<=[{,])|(?<=[{,] ))\"[A-Za-z_][\w.-]{0,40}+\":(?= ?\")",
    "branch": r"(?<![\w/.-])(?:origin/|(?:feature|bugfix|hotfix|fix|release|chore)/(?=[^\W\d_]*+[\d_/-]))"
    r"\w[\w./-]{0,80}\w(?![\w/-])",
    "setting": r"(?<![\w$.-])(?:[A-Z][A-Z0-9_]{2,40}+|[a-z]++(?:_[a-z0-9]++){1,6}+)="
    r"(?:\"[^\"\s]{1,80}+\"|[\w/$](?:[\w./:@%+-]{0,80}[\w/%+-])?)",
    "option": r"(?<![\w-])--[A-Za-z][\w-]*+(?:=[^\s,;]++)?"
    r"|(?<![^\s(])-(?:[A-Za-z]|rf|fr|la|al|lh|lah|xf|xvf|xzf|zxvf|czf|aux)(?![\w-])"
    r"|(?<![^\s(])[ugoa]{0,4}\+[rwx]{1,3}(?!\w)|(?<!\w)(?i:ctrl|alt|shift|cmd|win)"
    rf"(?:\+\w++| \+ {_KEY})++|(?<!\w)[A-Z](?:\+\+|#)(?!\w)",
    "name": r"(?<![\w.])(?:[A-Za-z_]\w*+\.(?=[A-Za-z_]))++(?:[a-z]{2,20}+[0-9]{0,5}[A-Z]|(?=\w*?[^\W_]_[^\W_]))\w++"
    r"|(?<![\w.])(?:[A-Z]\w*+\.(?=[A-Z]))++(?!(?:Mc|Mac|You)[A-Z])[A-Z][a-z0-9]++(?:[A-Z][a-z0-9]++)++(?!\w)"
    r"|(?<!\w)(?=\w*?[^\W_]_[^\W_]|__)\w++(?:[/.]\.?\w++)*+|(?<!\w)[a-z]{2,20}+[0-9]{0,5}[A-Z]\w*+"
    r"|(?<!\w)_(?![^_\n]{0,200}\w_(?!\w))[A-Za-z]\w*+(?<!_)"
    r"|(?<!\w)(?!(?:Mc|Mac|De|Di|La|Le|Van|Von|Du|Fitz|You)[A-Z])[A-Z][a-z0-9]++(?:(?:[A-Z][a-z0-9]++)++[A-Z]{0,5}+|ID|API|URL|SQL|XML|HTML|JSON|HTTP)(?!\w)"
    r"|(?<!\w)[A-ZÅÄÖ][a-zåäö]{2,30}+[A-Z]{2,}+(?!\w)|(?<![\w~])[A-Za-z]\w*+~\d++(?!\w)"
    r"|(?<!\w)[A-Z]{2,8}(?=[A-Z][a-z]{2})(?:[A-Z][a-z0-9]++){2,}+(?!\w)",
    "kebab": rf"(?<![\w./@-])(?!(?:[a-z0-9]++-)*?(?:{_PROSE})(?![a-z0-9]))"
    rf"(?=(?:[a-z0-9]++-)*?(?:{_CODE}|[a-z]*+\d)(?![a-z]))[a-z][a-z0-9]*+(?:-[a-z0-9]++){{2,}}+(?![\w-])"
    rf"|(?<![\w./@-])(?:(?:{_CODE})-(?:{_CODE})|(?:{_COMMAND})(?:\(\d\))?)(?![\w-])"
    r"|(?<![\w./@-])[a-z](?:-[a-z]){2,}+(?![\w-])|(?<![^\s(])!(?:[a-z]{2,}+|\d{2,}+)(?!\w)"
    r"|(?<!\w)[^\W\d_]\w*+!\d++[^\W\d_]\w*+",
    "dotted": r"(?<![\w.])dbo(?:\.\w++)++|(?<![\w.@/-])[A-Z][A-Za-z0-9]++(?:\.[a-z]\w++){2,}+(?![\w-])|"
    rf"(?<![\w.@/-])(?:(?:{_CODE})\.[a-z]\w*+|[a-z]\w++\.(?:{_CODE}))(?:\.\w++)*+(?![\w-])",
    "case": rf"(?<![\w/.-])(?:{_CASE})(?![\w/:-]|[.,]\d)",
    "date": r"(?<![\w.-])\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])"
    r"|(?<![\w./-])\d{1,2}/\d{1,2}/\d{4}(?![\w/])|(?<![\w.:])\d{1,2}:\d\d:\d\d[.,]\d{3,6}(?!\w)",
    "socket": r"\[[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,36}\](?::\d{2,5})?(?!\w)"
    r"|(?<![\w:])(?:(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}|"
    r"(?:[0-9A-Fa-f]{1,4}:){2,7}:?[0-9A-Fa-f]{1,4}|::[0-9A-Fa-f]{1,4})(?![\w:])(?:%\w++)?(?:/\d{1,3}(?!\d))?"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){2,7}:/\d{1,3}(?!\w)",
    "phone": r"(?<![\w.,+-])(?:\+\d|\(0\d|(?<!\d )0\d)[\d ()/–‑-]{5,20}\d(?!\d|[.,]\d)",
    "place": r"(?<![\w.,-])[+-]?\d{1,3}\.\d{4,}+°?(?: ?[NSEW](?!\w))?"
    r"(?:,? ?[+-]?\d{1,3}\.\d{4,}+°?(?: ?[NSEW](?!\w))?)?(?![\w.])"
    r"|(?<![\d.,])\d{1,3}° ?\d{1,2}(?:[.,]\d{1,5})?['′’]"
    r"(?: ?\d{1,2}(?:[.,]\d{1,3})?(?:[\"″”]|''))?(?: ?[NSEWOÖV](?!\w))?"
    r"|(?<![\w.,])\d{1,3}[.,]\d{1,6}° ?[NSEWOÖV](?!\w)"
    r"|(?<=[NS] )\d{1,2}[.,]\d{1,6}°?,? [EWOÖV] ?\d{1,3}[.,]\d{1,6}°?(?!\w)",
    "account": r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z]{4})?(?: ?\d{4}){3,7}(?: ?\d{1,3})?(?!\w)"
    r"|(?<![\w.,])\d++(?:\.\d++)?[eE][+-]?\d{1,3}+(?![\w-])"
    r"|(?<=(?:BIC |IFT |IC: |FT: ))[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?!\w)"
    r"|(?<![\w.,:/-])(?:\d{1,4}\.\d{1,3}-\d{2,6}/(?:19|20)\d\d|(?:19|20)\d\d/\d\d:\d{1,5})(?![\w:/-]|[.,]\d)"
    r"|(?<![\w*])(?:\d++(?:\*\d++)++|\*\d++(?:\*\d++)*+#)(?![\w*])|(?<!\w)[a-z]{2,5}:\d{1,3},\d{1,3}(?![\w,.])"
    r"|(?<!\w)[A-RT-Z]:[A-RT-Z](?![\w:])|(?<![^\s(]):\d{4,5}(?!\w)"
    rf"|(?<![\w.,:/-])(?<![A-ZÅÄÖ] )(?!(?:{_CURRENCY}|[IVXLC]{{1,5}}) )"
    r"(?:[A-ZÅÄÖ]{1,5} [1-9](?:\d{5,6}|\d{2,4}-\d\d)|[A-ZÅÄÖ]{3} (?:(?!(?:19|20)\d\d)\d{3,4}|\d\d[A-Z]))"
    r"(?![\w:/-]|[.,]\d| \d| [A-ZÅÄÖ]++(?!\w))"
    r"|(?<![\w.,:/-])(?:\d{2,7}-\d\d-\d|(?P<same>\d\d)(?:-(?P=same)){2}|\d{2,3}/\d{2,3}-\d\d)(?![\w:/-]|[.,]\d)"
    r"|(?<![\w.,:/-])(?<!\d )\d{3}/\d{2,3}(?![\w:/-]|[.,]\d| \d{3})"
    r"|(?<!\w)[A-Za-z]{2,20}+\.[A-Za-z]{2,20}+\.\d++(?!\w)|(?<!\w)\d['’′]-[A-Z]{2,}+-\d['’′]"
    r"|(?<![\w.,-])(?=[\d.]{1,20}-\d)(?=(?:\d[.-]?){9,})(?!(?:0|[1-9]\d{0,2}(?:\.\d{3})*+)-)\d++(?:[.-]\d++)++(?![\w-])"
    r"|(?<!\w)[A-Z]{1,6}#\d++(?!\w)"
    r"|(?<![\w/.-])(?:19|20)\d\d/(?!(?:19|20)\d\d(?!\d))\d{3,7}(?![\w/]|[.,]\d)",
    "version": r"(?<![\w.])v?\d{1,9}(?:\.\d{1,9}){2,}+(?:-[a-z0-9]++(?:[.-][a-z0-9]++)*+)?"
    r"(?:\+\w++(?:\.\w++)*+)?"
    r"(?:/\d{1,2}|:\d{2,5})?(?!\w|,\d)(?<!\.\d{3})"
    rf"|(?<![\w.,])(?<!Rp )(?:{_BYTE}\.){{3}}{_BYTE}(?:/\d{{1,2}}|:\d{{2,5}})?(?!\w|[.,]\d)",
    "digits": r"(?<![\w.,:/–-])0\d{3,}+(?![\w–-]|[.,:/]\d)"
    r"|(?<![\w.,-])(?=(?:\d-?){9,})\d++(?:-\d++)++(?:-[Xx])?(?![\w-])"
    r"|(?<![\d.,-])(?<!\d )(?!\d{1,3}(?: \d{3})++(?! ?\d|-\d(?!\d| \d)))(?=(?:\d[ -]?){7,})"
    r"\d{2,4}(?: \d{2,4}){2,6}+(?:-\d{1,4}+)?(?!\d|[.,]\d)"
    r"|(?<![\w.,:-])(?:\d{4,6}(?:-\d{1,4})?:(?:19|20)\d\d|(?:19|20)\d\d:\d{1,5})(?![\w:]|[.,]\d)"
    r"|(?<![\d.,])\d(?:\d{4,}+|\d{3}(?:[ -]\d{4}){1,6})(?![\d]|[.,]\d)"
    r"|(?<![\w.,])\d{2,5}+(?:[xX×]\d{2,5}+){1,2}(?!\w|[.,]\d)"
    r"|(?<![\w.,])(?:\d{1,5}+(?:\.\d{1,4}+)?(?:px|r?em|v[hw])|\d{3,4}p)(?!\w)"
    r"|(?<![\w.,:-])\d{4}-\d,? \d{1,3}(?:,\d{2})?(?: \d{3}){1,3}(?: ?-\d)?(?![\w-]|[.,]\d)",
    "letters": rf"(?<!\w)[^\W\d_{_FAR}]*+[{_FAR}][^\W\d_]*+(?:['’-][^\W\d_]++)*+",
    "footnote": r"\[\d{1,4}\]",
    "emoticon": rf"{_FOREIGN}{{0,4}}\((?=[^\s()]{{0,16}}{_FOREIGN})[^\s()A-Za-z0-9]{{2,16}}+\){_FOREIGN}{{0,4}}|"
    r"(?<![\w:]):(?:[a-z][a-z0-9_+-]{1,30}+|[+-]1):(?!\w)|¯\\_\(ツ\)_/¯"
    r"|(?<![^\s(])(?:[:;=]['’]?-?[)(DPp3*|/]|<3|\^_\^)(?![^\s.,!?)])",
    "symbol": rf"°[CF](?!\w)|[0-9#*]\ufe0f?\u20e3|[\u2190-\u2199]{{2,}}+\+?[A-Z]{{1,3}}(?!\w)"
    rf"|{_FOREIGN}++(?:\s++{_FOREIGN}++)*+|(?<!\w)(?:[ÃÂ][\u0080-\u00bf])++(?!\w)|[{MARKS}]",
}
"""The kinds of entities, first match first."""

ENTITY: Final = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in PARTS.items()))
_STRONG: Final = rf"{_FOREIGN}|[@#%/\\&${MARKS}]"
HINT: Final = re.compile(
    rf"[^\0- \"',?a-zß-ëí-öø-ÿ](?:(?<={_STRONG})|(?<=[{_FAR}])|(?<=[a-z][A-Z])|(?<=\.)(?=\w)|(?<=\d{{5}})"
    rf"|(?<=\d)(?=[A-Za-z]|[ )/–-]\d)|(?<![0-9]0)(?<=0)(?=[0-9][0-9][0-9])"
    rf"|(?<=\()(?=[)0\"'])|(?<=\w\()(?=\d)|(?<=[0-9A-Fa-f:]:)(?=[0-9A-Fa-f:])"
    rf"|(?<=-)(?=-\w)|(?<![^\s(]-)(?<=-)(?=[A-Za-z]{{1,4}}\b)|(?<=[a-z0-9]-)(?=[a-z0-9]++-[a-z0-9])"
    rf"|(?<=[a-z]-)(?=(?:{_CODE}|get|cache|key|admin|keygen|copy|agent|add|login|includes|dlp|lfs)\b)"
    rf"|(?=akefile\b|ockerfile\b|enkinsfile\b|emfile\b|rocfile\b|EADME\b|HANGELOG\b)"
    rf"|(?<=[A-Z])(?= (?:19|20)\d\d[:/-]\d)|(?<=(?:BIC |IFT |IC: |FT: )[A-Z])(?=[A-Z]{{5}})"
    rf"|(?<=localhost:)|(?<=\+)(?=[\w+])|(?<=[CASW])(?=(?:trl|lt|hift|md|in) \+ )|(?<=:)(?=[a-z]|[+-]1:)"
    rf"|(?<=\d)(?=['’′]-[A-Z])|(?<=\b[A-Za-z]\()(?=\S)"
    rf"|(?<=!)(?:(?<![^\s(]!)(?=[a-z0-9])|(?<=\w!)(?=[0-9]))"
    rf"|(?<=[A-ZÅÄÖ])(?= [1-9]\d{{2,4}}-\d\d| [1-9]\d{{5}}|(?<=[A-ZÅÄÖ]{{3}}) \d\d[A-Z0-9])"
    rf"|(?<=:)(?:(?<![^\s(]:)(?=\d{{4}})|(?<=[A-Z]:)(?=[A-Z])|(?<=[a-z]:)(?=\d{{1,3}},\d))"
    rf"|(?<=[:;=])(?=['’-]?[)(DPp3*|/])|(?<=\w\":))"
)
"""What each entity has in its first word, at the latest; only there is it looked for."""
