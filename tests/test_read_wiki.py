"""A wiki's dump gives the running text of its articles, and no entity, nesting or damage stops it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from test_read import PACKERS, read_file, rejected, texts

from pipeline.read.formats.wikitext import strip_markup
from pipeline.records import Document
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="sv">
  <siteinfo>
    <sitename>Wikipedia</sitename>
    <base>https://sv.example.org/wiki/Portal:Huvudsida</base>
    <namespaces>
      <namespace key="0" case="first-letter" />
      <namespace key="6" case="first-letter">Fil</namespace>
      <namespace key="14" case="first-letter">Kategori</namespace>
    </namespaces>
  </siteinfo>
"""
VISBY = """{{Infobox ort|namn=Visby}}
'''Visby''' är en [[tätort]] på [[Gotland|ön Gotland]].<ref>Källa 1</ref> Den har 24&nbsp;330 invånare.

== Historia ==
Staden var med i [[Hansan]].<br />Sedan kom [[Valdemar Atterdag|kungen]].
* punkt ett
* punkt två
[[Fil:Visby.jpg|thumb|Bild av [[muren]]]]
{| class="wikitable"
! År !! Folk
|-
| 2000 || 22000
|}
[https://example.org Läs mer] <!-- dold -->
[[Kategori:Orter]]
"""


def page(title: str, text: str, ns: int = 0, extra: str = "", model: str = "wikitext") -> str:
    return (
        f"  <page>\n    <title>{escape(title)}</title>\n    <ns>{ns}</ns>\n    <id>7</id>\n{extra}    <revision>\n"
        "      <id>9</id>\n      <timestamp>2024-05-06T07:08:09Z</timestamp>\n"
        "      <contributor><id>3</id></contributor>\n"
        f'      <model>{model}</model>\n      <text bytes="1" xml:space="preserve">{escape(text)}</text>\n'
        "    </revision>\n  </page>\n"
    )


def dump(*pages: str) -> bytes:
    return (HEAD + "".join(pages) + "</mediawiki>\n").encode()


def test_an_article_gives_its_running_text_and_knows_its_title_address_and_date(tmp_path: Path) -> None:
    [document] = read_file(tmp_path, "svwiki.xml", dump(page("Visby & mer", VISBY)))
    assert isinstance(document, Document)
    assert document.source == "svwiki.xml#1"
    assert document.meta == {
        "title": "Visby & mer",
        "date": "2024-05-06T07:08:09Z",
        "ns": "0",
        "url": "https://sv.example.org/wiki/Visby_&_mer",
    }
    assert document.text == (
        "Visby är en tätort på ön Gotland. Den har 24\xa0330 invånare.\n\nHistoria\n"
        "Staden var med i Hansan.\nSedan kom kungen.\n punkt ett\n punkt två\n\nLäs mer"
    )


def test_redirects_templates_files_and_modules_are_passed_over_and_numbers_count_all_pages(tmp_path: Path) -> None:
    data = dump(
        page("Wisby", "#OMDIRIGERING [[Visby]]", extra='    <redirect title="Visby" />\n'),
        page("Mall:Karta", "Kartan.", ns=10),
        page("Modul:Datum", "return 1", ns=828, model="Scribunto"),
        page("Visby", "Visby är en stad."),
        page("Diskussion:Visby", "Är det en stad?", ns=1),
    )
    records = read_file(tmp_path, "a.xml", data)
    assert [record.source for record in records] == ["a.xml#4", "a.xml#5"]


@pytest.mark.parametrize("name", ["a.xml", "svwiki-pages-articles1.xml-p1p41242"])
@pytest.mark.parametrize("packing", ["", *PACKERS])
def test_packed_dumps_and_their_parts_are_read(tmp_path: Path, name: str, packing: str) -> None:
    data = dump(page("Visby", "Visby är en stad."))
    assert texts(read_file(tmp_path, name + packing, PACKERS.get(packing, bytes)(data))) == ["Visby är en stad."]


def test_lines_that_only_steer_mediawiki_go(tmp_path: Path) -> None:
    text = "__NOTOC__ __INGENINNEHÅLLSFÖRTECKNING__\nSkriv __init__ så.\n__NOEDITSECTION__"
    assert texts(read_file(tmp_path, "a.xml", dump(page("A", text)))) == ["Skriv __init__ så."]


def test_of_several_revisions_the_last_is_read(tmp_path: Path) -> None:
    old, new = page("Visby", "Gammal."), page("Visby", "Ny text.")
    both = old.replace("</page>", new[new.index("<revision>") :].replace("</page>", "</page>"))
    assert texts(read_file(tmp_path, "a.xml", dump(both))) == ["Ny text."]


BOMB = (
    '<!DOCTYPE mediawiki [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 100 + '"><!ENTITY f SYSTEM "file:///etc/passwd">]>\n'
)


@pytest.mark.parametrize("entity", ["&b;", "&f;"])
def test_an_entity_of_the_files_own_is_never_looked_up(tmp_path: Path, entity: str) -> None:
    bad = page("Bomb", "X").replace(">X<", f">{entity}<")
    records = read_file(tmp_path, "a.xml", BOMB.encode() + dump(bad, page("Visby", "Visby är en stad.")))
    assert texts(records) == ["Visby är en stad."]
    [reject] = rejected(records)
    assert "not valid XML" in reject.reason
    assert reject.source == "a.xml#1"


@pytest.mark.parametrize(
    "bad",
    [
        "  <page>\n<title>A</wrong></page>\n",
        "  <page>\n<title>A</title>\n",
        "  <page>" + "<x>" * 100_000 + "</page>\n",
        "  <page>\x00\x01</page>\n",
        "  <page><![CDATA[</page>\n",
        "  <pagge><title>A</title></page>\n",
    ],
)
def test_a_damaged_page_is_a_reject_with_its_place_and_the_next_is_read(tmp_path: Path, bad: str) -> None:
    data = dump(page("A", "Först."), bad, page("B", "Sist."))
    records = read_file(tmp_path, "a.xml", data)
    assert texts(records) == ["Först.", "Sist."]
    [reject] = rejected(records)
    assert reject.source == "a.xml#2"
    assert abs(reject.offset - data.index(bad.strip().encode()[:30], data.index(b"</page>"))) <= len("\n  ")


def test_a_first_page_without_its_tag_is_a_reject(tmp_path: Path) -> None:
    data = dump(page("A", "Först.").replace("<page>", "<pgae>"), page("B", "Sist."))
    records = read_file(tmp_path, "a.xml", data)
    assert texts(records) == ["Sist."]
    assert "no page" in rejected(records)[0].reason


def test_a_page_over_the_bound_is_a_reject_and_the_next_is_read(tmp_path: Path) -> None:
    data = dump(page("A", "x" * 50_000), page("B", "Sist."))
    records = read_file(tmp_path, "a.xml", data, Settings(max_record_bytes=10_000))
    assert texts(records) == ["Sist."]
    [reject] = rejected(records)
    assert "longer than 10000 bytes" in reject.reason
    assert (reject.truncated, reject.length > 50_000) == (True, True)


def test_a_dump_that_ends_inside_a_page_is_told(tmp_path: Path) -> None:
    data = dump(page("A", "Först."), page("B", "Sist."))
    records = read_file(tmp_path, "a.xml", data[:-60])
    assert texts(records) == ["Först."]
    assert "no end" in rejected(records)[0].reason


def test_a_torn_dump_is_told_and_the_pages_before_it_are_kept(tmp_path: Path) -> None:
    data = PACKERS[".gz"](dump(*(page(f"A{n}", f"Text {n * 7919}.") for n in range(5000))))
    *documents, tear = read_file(tmp_path, "a.xml.gz", data[: len(data) // 2])
    assert len(texts(documents)) == len(documents) > 100
    assert "end too early" in rejected([tear])[0].reason


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "<urlset>, not with <mediawiki>"),
        (b"", "no element"),
        ("<mediawiki>".encode("utf-16"), "UTF-8"),
    ],
)
def test_other_xml_is_a_reject(tmp_path: Path, data: bytes, words: str) -> None:
    [reject] = rejected(read_file(tmp_path, "sitemap.xml", data))
    assert words in reject.reason


@pytest.mark.parametrize(
    "mark",
    ["{{", "[[", "{{a|", "[[a|", "<ref>", '<a b="', "[http://x ", "<!--", "<div><b>", "{|\n|-\n|", "{{{", "'''", "=="],
)
def test_markup_that_is_never_closed_costs_little_time(tmp_path: Path, mark: str) -> None:
    began = time.process_time()
    records = read_file(tmp_path, "a.xml", dump(page("A", mark * 50_000), page("B", "Sist.")))
    assert time.process_time() - began < 10
    assert texts(records)[-1] == "Sist."
    assert len(records) == 2


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("A<br>B<br>C " * 300, "A\nB\nC " * 300),
        ("* punkt\n" * 500, " punkt\n" * 500),
        ("[[de:Visby]] och [[:Kategori:Orter]]", "de:Visby och Kategori:Orter"),
        ("''kursiv'' '''fet''' <small>liten</small>", "kursiv fet liten"),
        ("[http://example.org] http://example.org/a", "http://example.org/a"),
        ("&lt;b&gt; 2 < 3 [sic] {x}", "<b> 2 < 3 [sic] {x}"),
    ],
)
def test_markup_leaves_its_text(markup: str, text: str) -> None:
    assert strip_markup(markup, frozenset({"kategori"})) == text.strip()


def test_a_dump_that_ends_behind_a_page_is_told_though_no_page_is_torn(tmp_path: Path) -> None:
    whole = dump(page("Ett", "Första sidan."), page("Två", "Andra sidan."))
    assert rejected(read_file(tmp_path, "a.xml", whole + b"\n \n")) == []
    cut = whole[: whole.rindex(b"</mediawiki>")]
    *documents, tear = read_file(tmp_path, "a.xml", cut)
    assert texts(documents) == ["Första sidan.", "Andra sidan."]
    [reject] = rejected([tear])
    assert (reject.offset, reject.length) == (len(cut), 0)
    assert "ends before its </mediawiki>" in reject.reason
