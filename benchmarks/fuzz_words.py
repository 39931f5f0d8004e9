"""What fuzzing makes its texts and pages of: fragments that mean something to some stage."""

from __future__ import annotations

from typing import Final

SERVED: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html"
PAGES: Final = (
    (b"conversion", b"text/plain", b""),
    (b"resource", b"text/html", b"<p>"),
    (b"response", b"application/http;msgtype=response", b"HTTP/1.1 "),
    (b"response", b"application/http;msgtype=response", SERVED + b"; charset="),
    (b"response", b"application/http;msgtype=response", SERVED + b"\r\nContent-Encoding: gzip\r\n\r\n"),
    (b"response", b"application/http;msgtype=response", SERVED + b"\r\n\r\n<title>"),
)
"""How records of an archive begin that hold a page: type, media type, and what stands before the page."""
ODD: Final = (
    "a", "b", "Z", " ", " ", "0", "1", "9", "19", "80", "1 200", ",50", ".", ",", ":", ";", "-", "–", "—", "/",
    "\\", "%", "&", "amp;", "#", "@", "_", "(", ")", "[", "]", "{", "}", "<", ">", "</", "“", "”", '"', "'",
    "’", "*", "•", "=", "$", "|", "`", "~", "^", "+", "?", "!", "…", "\n", "\t", "\r", "\u2028", "\u00a0", "\0",
    "\u0301", "\u200d", "\u202e", "ſ", "K", "İ", "ı", "ß", "ǆ", "å", "Ö", "ﬁ", "²", "٣", "½", "🙂", "🏳\ufe0f",
    "\ue000", "漢", "http://", "www.", ".se", ".com", "x.py", "info", "km", " mil", "cm", "m ", "meter", "kg",
    "kilo", "liter", "grader", "°C", " miles", " inch", " foot", "feet", " pounds", "degrees", " a mile",
    "(2 ft)", "hundred ", "thousand ", "million ", "trillion", " and ", "half", "quarter", "quarters",
    " point ", "twenty", "nineteen ", "five", "ninth", "dozen", "once", "century", " centuries", "midnight",
    "noon", " pm", "a.m.", "2:30", "14.30", "08.00", "3.9.", "24/12", "juta", "ribu", "miljoner", "mdr", "bn",
    "1980s", "tal", "sept", "May", "th ", "1st", "S1", "master", "I", "ii)", "1.2.", "X1", "XX", "SE", "Läs ",
    "MER", "Se ", "kl. ", "pukul ", "onſdag ", "den ",
    "APRİL ", "halv ", "kvart över ", "Senın", "milj. ", "femtio ", "åtta", "och", "the ", "i ", "v1.2",
    "::", "()", "->", "{0}", "%s", "--", "CamelCase", "md5:",
    "doi:10.", "urn:", "0x", "+46", "010-", "55,1234", "° N", "2024-01-01", "T10:00", ":-)", ":smile:", "[1]",
    "R2", "a-b-c", "/usr", "C:\\", "../", "??", "1/2", "e5", "1e9", "SE45 ", "FF:", "::1", "192.168.",
    "readme.md", "don't ", "(at)", "[url=", "{{", "}}", "[[", "]]", "&lt;", "&gt;", "<b>", "<!--", "-->", "${",
    "#{", "\\d", "{1,", "```", "](",
)  # fmt: skip
"""Fragments that mean something to some pattern; a byte is one of them."""


def to_text(data: bytes) -> str:
    """Read bytes as UTF-8, or, after an odd first one, as fragments."""
    if data[:1] and data[0] % 2:
        return "".join(ODD[byte % len(ODD)] for byte in data[1:])
    return data[1:].decode("utf-8", "replace")


def to_pair(data: bytes) -> tuple[str, str]:
    """Read bytes as two texts: half each, or, after a byte beyond 127, the same twice."""
    text = to_text(data[1:])
    at = len(text) // 2
    return (text, text) if data[:1] >= b"\x80" else (text[:at], text[at:])


def hold(promise: object) -> None:
    """Fail where a promise is not kept, also under `python -O`."""
    if not promise:
        raise AssertionError
