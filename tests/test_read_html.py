"""HTML pages give their main text, in whatever encoding, and none keeps the reader busy for long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from test_read import PACKERS, read_file, rejected, texts

from pipeline.read.formats.html import MAX_ATTRIBUTES, MAX_BLOCKS, decode_page, read_page
from pipeline.records import Document
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<!doctype html><html lang="sv"><head><title>Kajak i  skärgården</title>{declared}</head><body>
<nav><ul><li><a href="/">Hem</a></li><li><a href="/om">Om oss</a></li></ul></nav>
<main><article><h1>Kajak i skärgården</h1>
<p>Vi paddlade från Vaxholm till Sandhamn på tre dagar. Det blåste lite &amp; regnade.</p>
<script>alert("x")</script><p>På kvällen lagade vi mat över öppen eld, och sedan sov vi i tält.</p></article></main>
<footer>Läs mer om kakor.</footer></body></html>"""


def page(declared: str = "") -> str:
    return PAGE.format(declared=declared)


def check(folder: Path, data: bytes) -> None:
    [document] = read_file(folder, "sida.html", data)
    assert isinstance(document, Document)
    assert document.source == "sida.html"
    assert document.meta == {"title": "Kajak i skärgården"}
    assert document.text.startswith("Kajak i skärgården\n\nVi paddlade från Vaxholm")
    assert "lite & regnade" in document.text
    assert "öppen eld" in document.text
    assert not any(word in document.text for word in ("alert", "kakor", "Om oss"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "mac-roman"])
def test_the_main_text_of_a_page_is_its_document_in_whatever_undeclared_encoding(tmp_path: Path, encoding: str) -> None:
    check(tmp_path, page().encode(encoding))


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', "cp1252"),
        ("<meta charset=iso-8859-4>", "iso-8859-4"),
        ("<meta charset=latin1>", "utf-8"),
        ("<meta charset=utf-8>", "cp1252"),
        ("<meta charset=utf-16le>", "utf-8"),
        ("<meta charset=no-such-thing>", "utf-8"),
        ("<meta charset=rot13>", "utf-8"),
    ],
)
def test_a_declared_encoding_is_believed_unless_the_bytes_say_otherwise(
    tmp_path: Path, declared: str, encoding: str
) -> None:
    check(tmp_path, page(declared).encode(encoding))


def test_what_the_server_said_goes_before_what_the_page_says() -> None:
    data = '<meta charset="iso-8859-2"><p>Привет'.encode("cp1251")
    assert decode_page(data, "windows-1251").endswith("Привет")


@pytest.mark.parametrize("around", ["{}", "<main>{}</main>", "<main><article>{}</article></main>", "<div>" * 9 + "{}"])
def test_a_list_in_a_text_belongs_to_it_and_a_list_of_links_does_not(around: str) -> None:
    menu = "<ul><li><a href=/>Start</a></li><li><a href=/om>Om oss</a></li></ul>"
    listed = "<ul><li>Ett tält.</li><li>En kniv:<ul><li>vass</li></ul></li></ul>"
    told = read_page(f"<p>Packa detta:</p>{around.format(listed + menu)}<p>Gå sedan.</p>".encode(), None, 2**20).text
    assert [line.strip() for line in told.splitlines() if line] == [
        "Packa detta:", "Ett tält.", "En kniv:", "vass", "Gå sedan.",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"<ul><li>x</li></ul>" * 20_000, b"<ul>" * 1_000 + b"x " * 100_000])
def test_lists_without_number_are_bounded_in_time(data: bytes) -> None:
    began = time.process_time()
    assert "x" in read_page(b"<p>a</p>" + data, None, 2**20).text
    assert time.process_time() - began < 20


def test_an_xml_declaration_names_the_encoding_of_a_page() -> None:
    data = '<?xml version="1.0" encoding="windows-1251"?><html><p>Привет'.encode("cp1251")
    assert decode_page(data, None).endswith("Привет")


@pytest.mark.parametrize("packing", list(PACKERS))
def test_a_packed_page_is_read(tmp_path: Path, packing: str) -> None:
    assert len(texts(read_file(tmp_path, f"a.htm{packing}", PACKERS[packing](page().encode())))) == 1


def test_a_torn_page_is_kept_as_far_as_it_goes_and_the_tear_is_told(tmp_path: Path) -> None:
    whole = (page() + "<p>Och så vidare.</p>" * 20_000).encode()
    data = PACKERS[".gz"](whole)
    document, tear = read_file(tmp_path, "a.html.gz", data[:-30])
    assert "Vaxholm" in texts([document])[0]
    assert "end too early" in rejected([tear])[0].reason


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"<html><body><script>x</script></body></html>"])
def test_a_page_without_text_is_an_empty_document(tmp_path: Path, data: bytes) -> None:
    assert texts(read_file(tmp_path, "a.html", data)) == [""]


def test_a_page_whose_main_text_is_not_found_gives_all_its_text(tmp_path: Path) -> None:
    assert texts(read_file(tmp_path, "a.html", b"<nav>Hem</nav>")) == ["Hem"]


def test_halves_of_characters_that_are_named_by_number_can_be_written(tmp_path: Path) -> None:
    [text] = texts(read_file(tmp_path, "a.html", b"<title>&#xDC00;</title><p>a&#xD800;b&#0;&#x110000;c</p>"))
    text.encode("utf-8")


def test_a_page_over_the_bound_is_a_reject(tmp_path: Path) -> None:
    [reject] = rejected(read_file(tmp_path, "a.html", page().encode() * 10, Settings(max_record_bytes=2000)))
    assert "longer than 2000 bytes" in reject.reason
    assert (reject.length, reject.truncated, reject.offset) == (len(page().encode()) * 10, True, 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<div>" * (MAX_BLOCKS + 1) + "x", "blocks inside each other"),
        ("<p " + "a=1 " * (MAX_ATTRIBUTES + 1) + ">x", "attributes"),
    ],
)
def test_a_page_that_is_built_to_be_slow_is_a_reject(tmp_path: Path, data: str, words: str) -> None:
    [reject] = rejected(read_file(tmp_path, "a.html", data.encode()))
    assert words in reject.reason


@pytest.mark.parametrize(
    "data",
    [
        "<div>" * MAX_BLOCKS + "x",
        "<b>" * 100_000 + "x",
        "<table><tr><td>" * 600 + "x",
        "<p " + "a=1 " * 10_000 + ">x",
        "<" * 200_000,
        "<!--" * 50_000,
        "&" * 200_000,
        "<a href='" * 20_000,
        "<b><i>" * 3_000 + "</b></i>" * 3_000,
        "<p>\0\x01\x1b</p>" * 1_000,
    ],
)
def test_a_hostile_page_is_done_with_soon(data: str) -> None:
    began = time.process_time()
    read_page(data.encode(), None, 2**24)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Ordet <ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> är ett tecken.</p>", "Ordet 漢 är ett tecken."),
        ("<p>Ordet <ruby><rb>漢<rt>kan</ruby> är ett tecken.</p>", "Ordet 漢 är ett tecken."),
        ("<p>Den kostar 5 <span>€</span> styck.</p>", "Den kostar 5 € styck."),
        ("<p>Klockan 8 <b>&ndash;</b> 17 varje dag.</p>", "Klockan 8 – 17 varje dag."),
        ("<p>Sök här <i class='icon'>\uf002</i> på sidan.</p>", "Sök här på sidan."),
    ],
)
def test_a_single_sign_in_an_element_of_its_own_is_kept_and_a_gloss_is_not(
    tmp_path: Path, html: str, text: str
) -> None:
    assert texts(read_file(tmp_path, "a.html", html.encode())) == [text]
