"""What must come through a translation letter by letter, as patterns; `find.py` searches for them.

Every pattern is linear: repetitions are possessive or bounded, and starts are fenced by what stands before them.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.translate.entities.words import (
    CODE_WORDS,
    COMMANDS,
    CURRENCIES,
    FIELD_NAMES,
    FILE_ENDINGS,
    HOST_ENDINGS,
    KEY,
    PRIMITIVES,
    PROSE_WORDS,
)

_CASE: Final = (
    r"(?!(?:LAG|DOM|VAL|MÅL|NR|PÅ|AV|OCH|FRÅN|DAN|PADA|DARI|THN) )[A-ZÅÄÖ]{2,4} (?:19|20)\d\d"
    r"(?::\d{1,6}|[/-](?!(?:19|20)\d\d(?!\d))\d{3,7})"
)
"""Numbers of cases, with the letters of the board that they are before."""
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

_NO_TAG: Final = (
    r"(?!<(?!(?:input|video|audio|script|option|select|details|dialog|ol|button|textarea|iframe|form|track)\s)"
    r"[A-Za-z][a-zåäö]*+(?:\s[A-Za-zåäöÅÄÖ]++)++[.!?]?>|(?<!\w)<[A-Z][a-z]{2,}+>(?![^<>]{0,300}+</))"
)
"""Words in angle brackets that are language: `<Media har utelämnats>`, `<Nästa>`; attributes have more than letters."""
_KINDS: Final = {
    # tags of HTML and BBCode, comments, shortcodes, server pages
    "tag": rf"{_NO_TAG}</?[A-Za-z][A-Za-z0-9:-]{{0,30}}+(?:\s[^<>]{{0,1000}}+)?/?>"
    r"|<!--[^<>]{0,1000}-->|<[!?][A-Za-z][^<>]{0,200}+>"
    r"|\[/?(?:b|i|u|s|(?i:url|img|quote|code|color|size|list|center|spoiler|video|youtube|font|caption|gallery|embed))"
    r"(?:=[^\[\]\n]{0,200}+)?\]"
    r"|\[[a-z][\w-]{1,40}+(?: ++[a-z][\w-]{0,40}+=(?:[\"”“″][^\"”“″\[\]\n]{0,200}+[\"”“″]|'[^'\[\]\n]{0,200}+'"
    r"|[^\s\[\]\"'”“″]{1,100}+))++ ?/?\]"
    r"|<%[=-]?[^<>%]{1,200}+%>|<\?=?[^<>?]{1,200}+\?>",
    # code between backticks
    "code": r"```[^`]{1,1000}+```|``[^`\n]{1,200}+``|`[^`\n]{1,200}+`",
    # addresses with a scheme or `www.`, DOI, query strings, localhost
    "url": rf"(?<![A-Za-z0-9])(?:(?:jdbc:|view-source:)?[A-Za-z][A-Za-z0-9+.-]{{1,15}}://|(?:mailto|magnet|urn|javascript|skype|sip|xmpp|whatsapp):(?=\S)"
    r"|sms:(?=[+\d])|(?<![\w:/])//(?=[\w-]++\.\w)|(?i:www)\.(?=\w))"
    rf"{_BRACKETED}++"
    r"|(?<![\w.:])(?:about:[a-z]\w++|geo:-?\d[\d.,-]*+|tel:\+\d[\d-]*+|(?:md5|sha1|sha256|sha512)[:-](?=\w{16})[\w+/=]++)"
    r"|(?<![\w.:])(?:doi:)?10\.\d{4,9}/[\w.()/:;-]++|(?<!\w)arXiv:\d{4}\.\d{4,5}"
    r"|(?<![\w/?])\?[A-Za-z_]\w{0,40}+=[\w.,%+~-]*+(?:&\w{1,40}+=[\w.,%+~-]*+)*+"
    r"|(?<!\w)localhost(?::\d{2,5})?(?!\w)(?:/[\w./?=&%-]*+)?",
    # the target of a Markdown link
    "link": r"\]\([^()\s]{1,300}+(?:\([^()\s]{0,100}+\)[^()\s]{0,100}+)?(?: \"[^\"\n]{0,100}+\")?\)",
    # e-mail addresses, masked ones too
    "mail": r"(?<![\w.+-])[\w.+-]++[\[(](?:at|snabela)[\])][\w-]++(?:(?:\.|[\[(](?:dot|punkt|titik)[\])])[\w-]++)++"
    r"|(?<![\w.+-])[a-z][\w.+-]*+@[a-z][\w-]++(?![\w@]|\.\w)"
    r"|(?<![\w.+%-])[\w.+%-]++(?:['’][\w.+%-]++)?@[\w-]++(?:\.[\w-]++)++(?:(?<=\.com):[\w./~-]++)?",
    # paths of Windows
    "drive": r"(?<!\w)[A-Za-z]:(?:/[\w.~+-]++(?:(?: [A-Z(][\w.()]*+){1,2}(?=/))?)++"
    r"|(?<!\w)[A-Za-z]:\\(?:[\w.()~+-]++(?: [\w.()~+-]++){0,3}\\)*+[\w.()~+-]*+"
    r"|(?<![\w.\\-])(?:[\w.-]++|\\)?\\\w++(?:[.\\-]++\w++)*+",
    # host names, with a path or not
    "host": rf"(?<![\w@.-])[\w-]++(?:\.[\w-]++(?=\.\w))*+\.(?:{HOST_ENDINGS})(?!\w|\([\"'\d)])(?:[/?#:]{_BRACKETED}*+)?"
    rf"|(?<![\w@.-])[A-ZÅÄÖ0-9-]{{3,}}+(?:\.[A-Z0-9-]++(?=\.\w))*+\.(?:{HOST_ENDINGS.upper()})(?!\w)(?:/{_BRACKETED}*+)?"
    r"|(?<![\w@.-])[a-z][a-z0-9-]{2,}+(?:\.[a-z][A-Za-z0-9-]++){2,}+(?!\w)",
    # file names, with folders or a line number
    "file": rf"(?<![\w/.~-])(?:[\w.~-]++/)*[\w-]++(?:\.[\w-]++(?=\.\w))*+\.(?i:{FILE_ENDINGS})(?!\w)(?!\()"
    r"(?::\d{1,6}+(?::\d{1,4}+)?(?!\w))?"
    rf"|(?<![\w(-])(?:[\w-]++)?\(\d{{1,3}}\)\.(?i:{FILE_ENDINGS})(?!\w)"
    r"|(?<![\w/.-])(?:go\.(?:mod|sum)|(?:Cargo|yarn|poetry|Gemfile|composer)\.lock|Makefile|Dockerfile|Jenkinsfile|Vagrantfile|Gemfile|Procfile|README|CHANGELOG)(?!\w)",
    # paths of Unix, subreddits, names of container images
    "path": r"(?<![\w/.~<-])(?:~\w*+|\.{1,2})?(?:/[\w.@+~%=-]++)++/?"
    r"(?:\?[\w.~%+\[\]-]{1,60}+=[\w.,:;~%+&=-]*+)?|(?<![\w/.-])(?:[\w.-]++/){2,}+(?![\w/])"
    r"|(?<![\w/.-])(?:[ru]/\w{3,}+|f/\d{1,2}(?:[.,]\d)?)(?![/\w])"
    r"|(?<![\w/.-])(?=(?:\d++/)*+[A-Za-z])(?=(?:\w++/)*?\d++(?![\w]))\w++(?:/\w++){3,}+(?![\w/-])"
    r"|(?<![\w/.-])[a-z0-9][\w.-]*+/[a-z][\w-]++(?:\.[\w-]++)*+:(?:latest|stable|v?\d++(?:\.\d++)++(?:-\w++)?)(?!\w)"
    rf"|(?<![\w/.-])(?:app/[A-Z][\w.-]++|(?:src|etc|usr|var|lib|tmp|dist|tests|assets|vendor)/[a-z][\w.-]++|(?:{CODE_WORDS})/(?:{CODE_WORDS}))(?![\w/-])",
    # .gitignore, .NET
    "dot": rf"(?<![\w.])\.[A-Za-z]\w++(?:\.\w++)*+(?:-(?:{CODE_WORDS})(?![\w-]))?",
    # @handles
    "handle": r"(?<![\w@])(?:@\w++(?:[.-]\w++)*+)++(?:/[a-z][\w-]*+)?",
    # #tags, and names with a number: user#1234
    "hashtag": r"(?<![\w&#])#\w++"
    r"|(?<![\w/.&#-])\w++(?:\.\w++)*+#(?:\d{3,6}|[A-Z]{2,5})(?![\w!])",
    # HTML entities, and tags written with them
    "escape": r"&lt;/?[A-Za-z](?:[^&<>]|&(?:quot|amp|#39);){0,200}+&gt;"
    r"|&(?:[A-Za-z]{2,10}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});",
    # placeholders of templates and shells: {name}, %{name}, ${HOME}
    "template": r"\{\w{1,40}+, ?(?:plural|select|selectordinal|number|date|time)"
    r"(?:,(?:[^{}]{0,200}+\{(?:[^{}]{0,200}+\{[^{}]{0,60}+\}){0,5}+[^{}]{0,200}+\}){0,12}+[^{}]{0,60}+)?\}"
    r"|[%#]\{\w{1,60}+\}(?:[sdf](?!\w))?|@@\w{1,40}+@@"
    r"|\$\(\w[\w .+%/-]{0,60}+\)|\[\[[^\[\]\s]{1,60}+\]\]|<<\w{1,40}+>>"
    r"|(?<=[a-zåäö.,:] )\[[A-ZÅÄÖ]{3,30}+\](?=[,.!?:;]| [a-zåäö])|\{\{[^{}\n]{1,80}+\}\}|\{%[^{}%\n]{1,100}+%\}"
    r"|\$?\{(?:[^{}\s]{0,60}+| [\w.$:#-]{1,60}+ )\}"
    r"|\$(?!(?:US|AU|NZ|CA|SG|HK|[ACS])\d)\w*[A-Za-z_]\w*+(?:/[\w@+~%=-]++(?:\.[\w@+~%=-]++)*+)*+"
    r"(?:\[[\"']?\w{1,60}+[\"']?\])*+(?:->\w++)*+|(?<![\d%])%[A-Za-z_]\w*+%",
    # placeholders with a colon: :name
    "field": rf"(?<![\w:)])(?<![^\s(\"'“”‘’]):(?:{FIELD_NAMES})(?![\w:-])",
    # printf and strftime formats, version constraints, regular expressions
    "format": r"(?<![\d%])%(?:\(\w{1,40}\)|\d{1,2}\$)?[-+#0]{0,3}\d{0,3}(?:\.\d{1,3})?(?:ll|[lhzj])?"
    r"[sdiufFgGeExXc@](?!\w)|%%|(?<![\d%])%[a-zA-Z](?:[-/:.T ]?%[a-zA-Z])++(?!\w)"
    r"|(?<![\w<>=])(?:[<>=!~]=|[~^])\d++(?:\.\d++)*+(?!\w)"
    r"|\[[^\[\]\s]{1,30}+\](?:\{\d{1,3}(?:,\d{0,3})?\}|[+*])"
    r"(?:\\[dwsbDWSB][+*?]?|\[[^\[\]\s]{1,30}+\](?:\{\d{1,3}(?:,\d{0,3})?\}|[+*?])?)*+",
    # calls of functions: print("a"), a::b, x->y
    "call": r"(?<![\w.])[a-z]{2,20}+[A-Z]\w*+\(\w{1,40}+(?:, ?\w{1,40}+){0,5}+\)"
    r"|(?<![\w.:])\w++(?:(?:\.|::)\w++)*+\(\)|(?<![\w:])\w++(?:::\w++)++(?!:)"
    rf"(?:{_GENERIC}|\([^()\s]{{0,60}}+\))?"
    r"|(?<![\w.])\w++(?:\.\w++)*+\((?:[\"'][^\"'()\n]{0,60}+[\"']"
    r"(?:, ?(?:[\"'][^\"'()\n]{0,60}+[\"']|\w{1,40}+)){0,4}+|\d[\d., %]{0,40}+)\)"
    r"(?:;(?!\S))?|(?<![\w%+-])[A-Za-z]\((?:[A-Za-z]|(?=[a-zåäö]{0,20}+[^a-zåäö()\s])[^()\s]{2,20}+)\)(?!\w)"
    r"|(?<![\w=])=[A-ZÅÄÖ][A-ZÅÄÖ.]{1,20}+\((?:[^()\s]{1,60}+|\((?:[^()\s]{1,60}+|\([^()\s]{0,60}+\)){0,8}+\)){0,8}+\)"
    r"|(?<!\S)(?=[A-Z][^\s=]{0,40}+(?<=\()=[A-Z])[\w@+\-\[\]=#/\\()]++"
    r"|(?<![\w.])[a-z_]\w*+(?:\.[a-z_]\w*+)++\([^()\s]{0,60}+\)|(?<!\w)\w++(?:->\w++)++",
    # indexing, and generic types: a[0], List<String>
    "index": r"(?<![\w.])[A-Za-z_]\w*+(?:\.\w++)*+"
    r"(?:\[(?:0|-\d|[ijknxy]|-?\d*+:-?\d*+|[\"'][^\"'\[\]\n]{1,60}+[\"'])\]|\[(?:str|int|float|bool|bytes|Any)\])++"
    rf"|(?<![\w.])[A-Z]\w*+(?=<(?:{PRIMITIVES}|[A-Z][a-z]\w)){_GENERIC}(?!\w)"
    rf"|(?<![\w.])[a-z]\w++(?=<{PRIMITIVES}[,<>*&\[]){_GENERIC}(?!\w)",
    # pairs of JSON
    "pair": r"\"[a-z_][\w.-]{0,40}+\": ?(?:\"[^\"\s]{0,80}+\"|-?\d++(?:\.\d++)?(?!\w)|(?:true|false|null)(?!\w)"
    r"|(?=[\[{]))"
    r"|(?:(?<=[{,])|(?<=[{,] ))\"[A-Za-z_][\w.-]{0,40}+\":(?= ?\")",
    # branches of Git
    "branch": r"(?<![\w/.-])(?:origin/|(?:feature|bugfix|hotfix|fix|release|chore)/(?=[^\W\d_]*+[\d_/-]))"
    r"\w[\w./-]{0,80}\w(?![\w/-])",
    # values of settings: NAME = value, without spaces
    "setting": r"(?<![\w$.-])(?:[A-Z][A-Z0-9_]{2,40}+|[a-z]++(?:_[a-z0-9]++){1,6}+)="
    r"(?:\"[^\"\s]{1,80}+\"|[\w/$](?:[\w./:@%+-]{0,80}[\w/%+-])?)",
    # options, modes of files, combinations of keys
    "option": r"(?<![\w-])--[A-Za-z][\w-]*+(?:=[^\s,;]++)?"
    r"|(?<![^\s(])-(?:[A-Za-z]|rf|fr|la|al|lh|lah|xf|xvf|xzf|zxvf|czf|aux)(?![\w-])"
    r"|(?<![^\s(])[ugoa]{0,4}\+[rwx]{1,3}(?!\w)|(?<!\w)(?i:ctrl|alt|shift|cmd|win)"
    rf"(?:\+\w++| \+ {KEY})++|(?<!\w)[A-Z](?:\+\+|#)(?!\w)",
    # names of code: a_b, aB, AbCd, pkg.mod_name
    "name": r"(?<![\w.])(?:[A-Za-z_]\w*+\.(?=[A-Za-z_]))++(?:[a-z]{2,20}+[0-9]{0,5}[A-Z]|(?=\w*?[^\W_]_[^\W_]))\w++"
    r"|(?<![\w.])(?:[A-Z]\w*+\.(?=[A-Z]))++(?!(?:Mc|Mac|You)[A-Z])[A-Z][a-z0-9]++(?:[A-Z][a-z0-9]++)++(?!\w)"
    r"|(?<!\w)(?=\w*?[^\W_]_[^\W_]|__)\w++(?:[/.]\.?\w++)*+|(?<!\w)[a-z]{2,20}+[0-9]{0,5}[A-Z]\w*+"
    r"|(?<!\w)_(?![^_\n]{0,200}\w_(?!\w))[A-Za-z]\w*+(?<!_)"
    r"|(?<!\w)(?!(?:Mc|Mac|De|Di|La|Le|Van|Von|Du|Fitz|You)[A-Z])[A-Z][a-z0-9]++(?:(?:[A-Z][a-z0-9]++)++[A-Z]{0,5}+|ID|API|URL|SQL|XML|HTML|JSON|HTTP)(?!\w)"
    r"|(?<!\w)[A-ZÅÄÖ][a-zåäö]{2,30}+[A-Z]{2,}+(?!\w)|(?<![\w~])[A-Za-z]\w*+~\d++(?!\w)"
    r"|(?<!\w)[A-Z]{2,8}(?=[A-Z][a-z]{2})(?:[A-Z][a-z0-9]++){2,}+(?!\w)",
    # names of code with hyphens, and the like
    "kebab": rf"(?<![\w./@-])(?!(?:[a-z0-9]++-)*?(?:{PROSE_WORDS})(?![a-z0-9]))"
    rf"(?=(?:[a-z0-9]++-)*?(?:{CODE_WORDS}|[a-z]*+\d)(?![a-z]))[a-z][a-z0-9]*+(?:-[a-z0-9]++){{2,}}+(?![\w-])"
    rf"|(?<![\w./@-])(?:(?:{CODE_WORDS})-(?:{CODE_WORDS})|(?:{COMMANDS})(?:\(\d\))?)(?![\w-])"
    r"|(?<![\w./@-])[a-z](?:-[a-z]){2,}+(?![\w-])|(?<![^\s(])!(?:[a-z]{2,}+|\d{2,}+)(?!\w)"
    r"|(?<!\w)[^\W\d_]\w*+!\d++[^\W\d_]\w*+",
    # names of code with dots
    "dotted": r"(?<![\w.])dbo(?:\.\w++)++|(?<![\w.@/-])[A-Z][A-Za-z0-9]++(?:\.[a-z]\w++){2,}+(?![\w-])|"
    rf"(?<![\w.@/-])(?:(?:{CODE_WORDS})\.[a-z]\w*+|[a-z]\w++\.(?:{CODE_WORDS}))(?:\.\w++)*+(?![\w-])",
    # numbers of cases: SOU 2020:12
    "case": rf"(?<![\w/.-])(?:{_CASE})(?![\w/:-]|[.,]\d)",
    # ISO dates, times of subtitles
    "date": r"(?<![\w.-])\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])"
    r"|(?<![\w./-])\d{1,2}/\d{1,2}/\d{4}(?![\w/])|(?<![\w.:])\d{1,2}:\d\d:\d\d[.,]\d{3,6}(?!\w)",
    # addresses of IPv6 and MAC
    "address": r"\[[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,36}\](?::\d{2,5})?(?!\w)"
    r"|(?<![\w:])(?:(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}|"
    r"(?:[0-9A-Fa-f]{1,4}:){2,7}:?[0-9A-Fa-f]{1,4}|::[0-9A-Fa-f]{1,4})(?![\w:])(?:%\w++)?(?:/\d{1,3}(?!\d))?"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){2,7}:/\d{1,3}(?!\w)",
    # telephone numbers
    "phone": r"(?<![\w.,+-])(?:\+\d|\(0\d|(?<!\d )0\d)[\d ()/–‑-]{5,20}\d(?!\d|[.,]\d)",
    # coordinates
    "coordinates": r"(?<![\w.,-])[+-]?\d{1,3}\.\d{4,}+°?(?: ?[NSEW](?!\w))?"
    r"(?:,? ?[+-]?\d{1,3}\.\d{4,}+°?(?: ?[NSEW](?!\w))?)?(?![\w.])"
    r"|(?<![\d.,])\d{1,3}° ?\d{1,2}(?:[.,]\d{1,5})?['′’]"
    r"(?: ?\d{1,2}(?:[.,]\d{1,3})?(?:[\"″”]|''))?(?: ?[NSEWOÖV](?!\w))?"
    r"|(?<![\w.,])\d{1,3}[.,]\d{1,6}° ?[NSEWOÖV](?!\w)"
    r"|(?<=[NS] )\d{1,2}[.,]\d{1,6}°?,? [EWOÖV] ?\d{1,3}[.,]\d{1,6}°?(?!\w)",
    # IBAN, BIC, diary and registration numbers, USSD codes, and the like
    "reference": r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z]{4})?(?: ?\d{4}){3,7}(?: ?\d{1,3})?(?!\w)"
    r"|(?<![\w.,])\d++(?:\.\d++)?[eE][+-]?\d{1,3}+(?![\w-])"
    r"|(?<=(?:BIC |IFT |IC: |FT: ))[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?!\w)"
    r"|(?<![\w.,:/-])(?:\d{1,4}\.\d{1,3}-\d{2,6}/(?:19|20)\d\d|(?:19|20)\d\d/\d\d:\d{1,5})(?![\w:/-]|[.,]\d)"
    r"|(?<![\w*])(?:\d++(?:\*\d++)++|\*\d++(?:\*\d++)*+#)(?![\w*])|(?<!\w)[a-z]{2,5}:\d{1,3},\d{1,3}(?![\w,.])"
    r"|(?<!\w)[A-RT-Z]:[A-RT-Z](?![\w:])|(?<![^\s(]):\d{4,5}(?!\w)"
    rf"|(?<![\w.,:/-])(?<![A-ZÅÄÖ] )(?!(?:{CURRENCIES}|[IVXLC]{{1,5}}) )"
    r"(?:[A-ZÅÄÖ]{1,5} [1-9](?:\d{5,6}|\d{2,4}-\d\d)|[A-ZÅÄÖ]{3} (?:(?!(?:19|20)\d\d)\d{3,4}|\d\d[A-Z]))"
    r"(?![\w:/-]|[.,]\d| \d| [A-ZÅÄÖ]++(?!\w))"
    r"|(?<![\w.,:/-])(?:\d{2,7}-\d\d-\d|(?P<same>\d\d)(?:-(?P=same)){2}|\d{2,3}/\d{2,3}-\d\d)(?![\w:/-]|[.,]\d)"
    r"|(?<![\w.,:/-])(?<!\d )\d{3}/\d{2,3}(?![\w:/-]|[.,]\d| \d{3})"
    r"|(?<!\w)[A-Za-z]{2,20}+\.[A-Za-z]{2,20}+\.\d++(?!\w)|(?<!\w)\d['’′]-[A-Z]{2,}+-\d['’′]"
    r"|(?<![\w.,-])(?=[\d.]{1,20}-\d)(?=(?:\d[.-]?){9,})(?!(?:0|[1-9]\d{0,2}(?:\.\d{3})*+)-)\d++(?:[.-]\d++)++(?![\w-])"
    r"|(?<!\w)[A-Z]{1,6}#\d++(?!\w)"
    r"|(?<![\w/.-])(?:19|20)\d\d/(?!(?:19|20)\d\d(?!\d))\d{3,7}(?![\w/]|[.,]\d)",
    # versions, IPv4 addresses
    "version": r"(?<![\w.])v?\d{1,9}(?:\.\d{1,9}){2,}+(?:-[a-z0-9]++(?:[.-][a-z0-9]++)*+)?"
    r"(?:\+\w++(?:\.\w++)*+)?"
    r"(?:/\d{1,2}|:\d{2,5})?(?!\w|,\d)(?<!\.\d{3})"
    rf"|(?<![\w.,])(?<!Rp )(?:{_BYTE}\.){{3}}{_BYTE}(?:/\d{{1,2}}|:\d{{2,5}})?(?!\w|[.,]\d)",
    # long digit strings, ISBN, sizes on screens
    "digits": r"(?<![\w.,:/–-])0\d{3,}+(?![\w–-]|[.,:/]\d)"
    r"|(?<![\w.,-])(?=(?:\d-?){9,})\d++(?:-\d++)++(?:-[Xx])?(?![\w-])"
    r"|(?<![\d.,-])(?<!\d )(?!\d{1,3}(?: \d{3})++(?! ?\d|-\d(?!\d| \d)))(?=(?:\d[ -]?){7,})"
    r"\d{2,4}(?: \d{2,4}){2,6}+(?:-\d{1,4}+)?(?!\d|[.,]\d)"
    r"|(?<![\w.,:-])(?:\d{4,6}(?:-\d{1,4})?:(?:19|20)\d\d|(?:19|20)\d\d:\d{1,5})(?![\w:]|[.,]\d)"
    r"|(?<![\d.,])\d(?:\d{4,}+|\d{3}(?:[ -]\d{4}){1,6})(?![\d]|[.,]\d)"
    r"|(?<![\w.,])\d{2,5}+(?:[xX×]\d{2,5}+){1,2}(?!\w|[.,]\d)"
    r"|(?<![\w.,])(?:\d{1,5}+(?:\.\d{1,4}+)?(?:px|r?em|v[hw])|\d{3,4}p)(?!\w)"
    r"|(?<![\w.,:-])\d{4}-\d,? \d{1,3}(?:,\d{2})?(?: \d{3}){1,3}(?: ?-\d)?(?![\w-]|[.,]\d)",
    # words with Latin letters of other languages
    "foreign": rf"(?<!\w)[^\W\d_{_FAR}]*+[{_FAR}][^\W\d_]*+(?:['’-][^\W\d_]++)*+",
    # Indonesian streets: Jl Medan Merdeka Barat
    "street": r"(?<![\w.])Jln?\b\.? ?(?:[A-Z][\w.'’-]{0,30}+ ){0,4}[A-Z][\w.'’-]{0,30}+",
    # numbers of footnotes in square brackets
    "footnote": r"\[\d{1,4}\]",
    # kaomoji, :shortcodes:, :-)
    "emoticon": rf"{_FOREIGN}{{0,4}}\((?=[^\s()]{{0,16}}{_FOREIGN})[^\s()A-Za-z0-9]{{2,16}}+\){_FOREIGN}{{0,4}}|"
    r"(?<![\w:]):(?:[a-z][a-z0-9_+-]{1,30}+|[+-]1):(?!\w)|¯\\_\(ツ\)_/¯"
    r"|(?<![^\s(])(?:[:;=]['’]?-?[)(DPp3*|/]|<3|\^_\^)(?![^\s.,!?)])",
    # whatever European text is not written with, and signs
    "symbol": rf"°[CF](?!\w)|[0-9#*]\ufe0f?\u20e3|[\u2190-\u2199]{{2,}}+\+?[A-Z]{{1,3}}(?!\w)"
    rf"|{_FOREIGN}++(?:\s++{_FOREIGN}++)*+|(?<!\w)(?:[ÃÂ][\u0080-\u00bf])++(?!\w)|[{MARKS}]",
}
"""The kinds of entities, first match first."""

ENTITY: Final = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_STRONG: Final = rf"{_FOREIGN}|[@#%/\\&${MARKS}]"
HINT: Final = re.compile(
    rf"[^\0- \"',?a-zß-ëí-öø-ÿ](?:(?<={_STRONG})|(?<=[{_FAR}])|(?<=[a-z][A-Z])|(?<=\.)(?=\w)|(?<=\d{{5}})"
    rf"|(?<=[ÃÂ][\u0080-\u00bf])|(?<=\d)(?=[A-Za-z]|[ )/–-]\d)|(?<![0-9]0)(?<=0)(?=[0-9][0-9][0-9])"
    rf"|(?<=\()(?=[)0\"'])|(?<=\w\()(?=\d)|(?<=[0-9A-Fa-f:]:)(?=[0-9A-Fa-f:])"
    rf"|(?<=-)(?=-\w)|(?<![^\s(]-)(?<=-)(?=[A-Za-z]{{1,4}}\b)|(?<=[a-z0-9]-)(?=[a-z0-9]++-[a-z0-9])"
    rf"|(?<=[a-z]-)(?=(?:{CODE_WORDS}|get|cache|key|admin|keygen|copy|agent|add|login|includes|dlp|lfs)\b)"
    rf"|(?=akefile\b|ockerfile\b|enkinsfile\b|emfile\b|rocfile\b|EADME\b|HANGELOG\b)"
    rf"|(?<=[A-Z])(?= (?:19|20)\d\d[:/-]\d)|(?<=(?:BIC |IFT |IC: |FT: )[A-Z])(?=[A-Z]{{5}})"
    rf"|(?<=localhost:)|(?<=\+)(?=[\w+])|(?<=[CASW])(?=(?:trl|lt|hift|md|in) \+ )|(?<=:)(?=[a-z]|[+-]1:)"
    rf"|(?<=\d)(?=['’′]-[A-Z])|(?<=\b[A-Za-z]\()(?=\S)|(?<=\bJ)(?=ln?\b)"
    rf"|(?<=!)(?:(?<![^\s(]!)(?=[a-z0-9])|(?<=\w!)(?=[0-9]))"
    rf"|(?<=[A-ZÅÄÖ])(?= [1-9]\d{{2,4}}-\d\d| [1-9]\d{{5}}|(?<=[A-ZÅÄÖ]{{3}}) \d\d[A-Z0-9])"
    rf"|(?<=:)(?:(?<![^\s(]:)(?=\d{{4}})|(?<=[A-Z]:)(?=[A-Z])|(?<=[a-z]:)(?=\d{{1,3}},\d))"
    rf"|(?<=[:;=])(?=['’-]?[)(DPp3*|/])|(?<=\w\":))"
)
"""What each entity has in its first word, at the latest; only there is it looked for."""
