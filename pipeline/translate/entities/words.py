"""Words in the patterns of entities (`patterns.py`), as alternatives of a regular expression."""

from __future__ import annotations

from typing import Final

HOST_ENDINGS: Final = (
    "com|org|net|edu|gov|info|biz|int|mil|se|id|no|dk|fi|is|de|uk|eu|io|nu|app|dev|me|tv|ai|co|us|ca|au|nz|nl|be|fr|es|"
    "it|pt|pl|ch|at|ie|ru|ua|cn|jp|kr|in|my|sg|ph|vn|th|tl|xyz|online|shop|blog|cloud|news|asia|wiki|page|site|gl|ly|gg|"
    "travel|museum|jobs|agency|email|website|click|academy|ninja|network|software|solutions|systems|today|space|link|"
    "tech|store|media|world|club|fm|gr|hu|cz|sk|bg|rs|lt|lv|ee|lu|mx|br|cl|il|za|hk|tw"
)
"""Last parts of host names that are known without `www.` or a scheme before them."""
FILE_ENDINGS: Final = (
    "pdf|txt|md|rst|docx?|xlsx?|pptx?|odt|ods|odp|rtf|csv|tsv|jsonl?|xml|ya?ml|toml|ini|cfg|conf|log|html?|php|css|jsx?|"
    "tsx?|py|ipynb|java|jar|kt|cpp|hpp|cs|rb|rs|go|sh|bat|ps1|sql|sqlite|db|zip|gz|bz2|xz|zst|tar|tgz|rar|7z|deb|rpm|"
    "apk|exe|msi|dll|dmg|iso|img|jpe?g|png|gif|svg|webp|bmp|tiff?|mp3|mp4|wav|flac|ogg|avi|mov|mkv|webm|epub|tex|bak|tmp|"
    "hei[cf]|scss|sass|vue|svelte|geojson|onnx|safetensors|gguf|parquet|npy|npz|pkl|ckpt|xls[mb]|docm|ino|ics|vcf|srt|vtt|"
    "whl|mobi|azw3|swift|dart|scala|lua|proto|graphql|tfvars|gradle|properties|plist|dat|crt|pem|cer|pfx|torrent|wasm|"
    "cnf|ovpn|vmdk|vhdx?|qcow2|jks|p12|m3u8?|mpe?g|eml|pst|kdbx|pcapng?|xcf|xpi|patch|"
    "m4[av]|opus|aac|wm[av]|flv|3gp|psd|eps|cr2|dng|ico|ttf|otf|woff2?|dwg|dxf|stl|gpx|km[lz]|mdb|accdb|lz4|cb[zr]|djvu"
)
"""Endings of file names."""
CODE_WORDS: Final = (
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
PROSE_WORDS: Final = (
    "och|i|till|tills|med|av|ett|en|vid|det|den|mot|som|the|and|of|to|ke|di|me|mem|men|meng|pe|ber|ter|kan|nya|an|lah|"
    "dan|untuk|demi|per|tidak|yang|dengan|pada|anti|non|e|cd|dvd|tv|bild|ljud|paket|baserad|baserat|baserade|liknande"
)
"""Words that no name of code has."""
COMMANDS: Final = "apt-(?:get|cache|key)|wp-(?:admin|login|includes)|ssh-(?:keygen|copy-id|agent|add)|yt-dlp|git-lfs"
"""Names with a hyphen whose halves are no words of code."""
FIELD_NAMES: Final = (
    "attribute|values?|min|max|other|count|name|username|user|title|link|date|host|amount|content|property|path|size|"
    "limit|email|url|seconds|minutes|param|resource|format|index|total|duration|message|timeago"
)
"""Names of a template's placeholders that stand after a colon: `:name`."""
CURRENCIES: Final = "(?:IDR|USD|SEK|EUR|NOK|DKK|GBP)"
PRIMITIVES: Final = "(?:int|str|string|bool|boolean|float|double|char|void|number|any|long|byte|object)"
KEY: Final = r"(?:[A-Z0-9]|F\d{1,2}|(?i:ctrl|alt|shift|cmd|win|del|delete|tab|enter|esc|space))(?!\w)"
"""What is pressed together with another key."""
