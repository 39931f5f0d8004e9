"""The page: its figures are true, it carries what it says, and in a browser it works and harms nobody."""

from __future__ import annotations

import html
import io
import json
import re
import sys
import tracemalloc
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from browser import CHROMIUM, Browser
from finished_run import HOSTILE, hostile_pairs, make_pair, many_pairs, untranslated, write_run

from pipeline.errors import InputError
from pipeline.records import Reject
from pipeline.report import sample, write_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")


class Page(HTMLParser):
    """A page's elements and its text, as a browser would find them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.source = path.read_text("utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def rows(self) -> list[list[Any]]:
        """Give the embedded pairs."""
        blocks = re.findall(r'<script type="application/json" class="pairs">(.*?)</script>', self.source)
        return [row for block in blocks for row in json.loads(block)["pairs"]]


def reject(at: int, **changes: Any) -> Reject:
    fields = {"source": f"dump.jsonl#{at}", "offset": at, "reason": "The line is torn. Mend it.", "length": at}
    return Reject(**{**fields, **changes})


def test_page_is_written_where_standard_output_takes_text_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path, list(many_pairs(5)))
    monkeypatch.setattr(sys, "stdout", io.StringIO())  # as in a notebook
    assert len(Page(write_report(tmp_path)).rows()) == 5


def test_page_carries_every_pair_of_a_small_run(tmp_path: Path) -> None:
    pairs = list(many_pairs(2345))
    write_run(tmp_path, pairs, shards=3)
    rows = Page(write_report(tmp_path)).rows()
    assert [row[4] for row in rows] == [pair.src for pair in pairs]
    assert [row[4] if row[5] == 0 else row[5] for row in rows] == [pair.tgt for pair in pairs]


def test_page_of_a_large_run_carries_a_sample_from_everywhere_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "MAX_PAIRS", 2000)
    write_run(tmp_path, [make_pair(at, src=f"nummer {at}") for at in range(20_000)])
    page = Page(write_report(tmp_path))
    taken = [row[1] for row in page.rows()]
    assert len(taken) == 2000
    assert {at // 2000 for at in taken} == set(range(10))
    assert "2,000 of 20,000 pairs" in page.text


def test_page_is_bounded_by_text_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "MAX_CHARS", 50_000)
    write_run(tmp_path, [make_pair(at, src="x" * 500, tgt="y" * 500) for at in range(1000)])
    assert 0 < len(Page(write_report(tmp_path)).rows()) <= 150


def test_page_is_written_without_holding_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "MAX_PAIRS", 5000)
    write_run(tmp_path, many_pairs(40_000))
    size = sum(path.stat().st_size for path in tmp_path.glob("pairs-*"))
    tracemalloc.start()
    write_report(tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < size / 3


def test_page_counts_documents_by_their_main_language(tmp_path: Path) -> None:
    pairs = [
        make_pair(0, doc="a" * 16, src="En lång svensk mening står här."),
        untranslated(1, "en", "Home"),
        make_pair(0, doc="b" * 16, src="Rumah saya", src_lang="id"),
    ]
    pairs[1] = msgspec.structs.replace(pairs[1], doc="a" * 16, id=f"{'a' * 16}-1")
    write_run(tmp_path, pairs)
    text = Page(write_report(tmp_path)).text
    assert re.search(r"Languages, by document: documents\s*Swedish150\u00a0%\s*Indonesian150\u00a0%", text)
    assert "1 document holds more than one language" in text


def test_page_counts_rejects_by_what_happened_and_shows_the_largest(tmp_path: Path) -> None:
    write_run(tmp_path, [make_pair()], [reject(at, text=f"början {at}") for at in range(1, 30)])
    text = Page(write_report(tmp_path)).text
    assert re.search(r"The line is torn29100\u00a0%", text)
    assert "dump.jsonl#29" in text
    assert "början 29" in text
    assert "början 9" not in text


def test_page_of_a_run_without_pairs_is_whole(tmp_path: Path) -> None:
    write_run(tmp_path, [])
    page = Page(write_report(tmp_path))
    assert page.rows() == []
    assert "All 0 pairs" in page.text


def test_page_asks_the_network_for_nothing(tmp_path: Path) -> None:
    write_run(tmp_path, hostile_pairs(), [reject(1, text=text, source=text) for text in HOSTILE])
    page = Page(write_report(tmp_path))
    assert not [attrs for _, attrs in page.tags if attrs.keys() & {"src", "href", "action", "srcset", "data"}
                and attrs.get("href") != "#reader"]  # fmt: skip
    policy = next(attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_no_text_of_a_run_becomes_markup(tmp_path: Path) -> None:
    write_run(tmp_path, [make_pair()])
    harmless = [tag for tag, _ in Page(write_report(tmp_path)).tags]
    rejects = [reject(1, text=text, source=text, reason=text) for text in HOSTILE]
    write_run(tmp_path, hostile_pairs(), rejects)
    page = Page(write_report(tmp_path))
    assert {tag for tag, _ in page.tags} <= {*harmless, "section", "thead", "tbody", "code", "h2", "div", "tr", "td"}
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert [row[4] for row in page.rows()] == list(HOSTILE)
    assert html.escape(HOSTILE[0]) in page.source


def test_folder_without_a_finished_run_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no finished run.*tolk run INPUT --out"):
        write_report(tmp_path)


@pytest.fixture(scope="module")
def large_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    pairs = list(many_pairs(50_000))
    pairs[40_000] = make_pair(7, src="Nålen i höstacken är här.", tgt="The needle in the haystack is here.", score=-0.5)
    write_run(folder, pairs, [reject(at) for at in range(1, 20)])
    return write_report(folder)


@pytest.fixture(scope="module")
def browser(large_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        opened.open(large_page)
        yield opened


ROWS = "document.querySelectorAll('.row').length"
STATUS = "document.getElementById('status').textContent"
CLEAR = """for (const id of ['query', 'language', 'flag', 'from', 'to', 'order'])
document.getElementById(id).value = '';
document.getElementById('order').dispatchEvent(new Event('change'))"""


def choose(browser: Browser, name: str, value: str) -> None:
    """Set a control as a person does."""
    event = "change" if name in {"language", "flag", "order"} else "input"
    browser.run(
        f"(() => {{ const c = document.getElementById({name!r}); c.value = {json.dumps(value)};"
        f" c.dispatchEvent(new Event({event!r})); }})()"
    )


@pytest.fixture
def reader(browser: Browser) -> Iterator[Browser]:
    """Give the large page with nothing chosen, and see to it that no test made it complain."""
    browser.run(CLEAR)
    browser.wait(f"{STATUS} === '50,000 pairs'")
    yield browser
    assert browser.complaints == []


@needs_chromium
def test_page_opens_50000_pairs_and_draws_only_those_in_view(reader: Browser) -> None:
    assert 0 < reader.run(ROWS) < 60
    assert reader.run("document.getElementById('list').scrollHeight") > 2_000_000


@needs_chromium
def test_page_makes_no_request_but_for_itself(reader: Browser, large_page: Path) -> None:
    assert reader.requests == [large_page.as_uri()]


@needs_chromium
def test_search_finds_the_one_pair_and_marks_the_words(reader: Browser) -> None:
    choose(reader, "query", "nålen i HÖSTACKEN")
    reader.wait(f"{STATUS} === '1 of 50,000 pairs'")
    assert reader.run("document.querySelector('.row mark').textContent") == "Nålen i höstacken"


@needs_chromium
def test_pair_that_a_search_found_stays_chosen_when_the_search_is_cleared(reader: Browser) -> None:
    choose(reader, "query", "nålen")
    reader.wait(f"{STATUS} === '1 of 50,000 pairs'")
    choose(reader, "query", "")
    reader.wait(f"{STATUS} === '50,000 pairs'")
    assert "Nålen" in reader.run("document.querySelector('.row[aria-selected=true]').textContent")
    assert reader.run(ROWS) > 5


@needs_chromium
def test_search_is_quick_enough_to_type_into(reader: Browser) -> None:
    choose(reader, "query", "nålen")
    reader.wait(f"{STATUS} === '1 of 50,000 pairs'")
    spent = reader.run("""(() => {
        const began = performance.now();
        for (const id of ['language', 'flag', 'order']) document.getElementById(id).dispatchEvent(new Event('change'));
        return (performance.now() - began) / 3; })()""")
    assert spent < 250


@needs_chromium
@pytest.mark.parametrize(
    ("control", "value", "holds"),
    [
        ("language", "id", "[...document.querySelectorAll('.row .lang')].every((e) => e.textContent === 'id')"),
        (
            "flag",
            "loop",
            "[...document.querySelectorAll('.row')].every((e) => e.innerText.includes('loop'))",
        ),
        ("flag", "\0none", "document.querySelectorAll('.row .chip').length === 0"),
        ("to", "-1", "[...document.querySelectorAll('.row .about')].every((e) => /score −[1-9]/.test(e.textContent))"),
    ],
)
def test_filter_leaves_only_what_was_chosen(reader: Browser, control: str, value: str, holds: str) -> None:
    choose(reader, control, value)
    reader.wait(f"/ of 50,000 pairs/.test({STATUS})")
    assert reader.run(ROWS) > 0
    assert reader.run(holds)


@needs_chromium
def test_lowest_scores_come_first_when_asked_for(reader: Browser) -> None:
    choose(reader, "order", "score")
    scores = reader.run("[...document.querySelectorAll('.row')].sort((a, b) => a.id.slice(4) - b.id.slice(4))"
                        ".map((e) => Number(/score −([\\d.]+)/.exec(e.textContent)[1]))")  # fmt: skip
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 1


@needs_chromium
def test_keys_move_through_the_pairs(reader: Browser) -> None:
    chosen = "document.getElementById('list').getAttribute('aria-activedescendant')"
    reader.run("document.getElementById('list').focus()")
    for key in ("Home", "j", "ArrowDown", "k"):
        reader.press(key)
    assert reader.run(chosen) == "row-1"
    reader.press("End")
    assert reader.run(chosen) == "row-49999"
    reader.press("Home")
    reader.press("n")
    assert reader.run("document.querySelector('.row[aria-selected=true] .chip') !== null")
    reader.press("/")
    assert reader.run("document.activeElement.id") == "query"
    reader.press("Escape")
    assert reader.run("document.activeElement.id") == "list"


@needs_chromium
def test_scrolling_anywhere_shows_rows_one_under_the_other(reader: Browser) -> None:
    for share in (0.25, 0.999, 0.5):
        reader.run(
            f"(() => {{ const l = document.getElementById('list'); l.scrollTop = l.scrollHeight * {share}; }})()"
        )
        reader.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        gaps = reader.run("""(() => {
            const boxes = [...document.querySelectorAll('.row')].map((e) => e.getBoundingClientRect())
                .sort((a, b) => a.top - b.top);
            const box = document.getElementById('list').getBoundingClientRect();
            return [Math.max(...boxes.slice(1).map((b, i) => Math.abs(b.top - boxes[i].bottom))),
                    boxes[0].top <= box.top + 1, boxes.at(-1).bottom >= box.bottom - 2]; })()""")
        assert gaps[0] < 1
        assert gaps[1:] == [True, True]


@needs_chromium
def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    write_run(tmp_path, hostile_pairs(), [reject(1, text=text, source=text, reason=text) for text in HOSTILE])
    page = write_report(tmp_path)
    with Browser(tmp_path / "profile", size=(1400, 3000)) as browser:
        browser.open(page)
        title = browser.run("document.title")
        browser.wait(f"{ROWS} > 3")
        texts = browser.run("[...document.querySelectorAll('.row .texts bdi:first-child')].map((e) => e.textContent)")
        assert texts[:3] == list(HOSTILE[:3])
        assert texts[4] == "ett␀␇␛[31mrött␡ slut"
        assert browser.run("document.querySelectorAll('.row img, .row script, .row b').length") == 0
        assert "dumps/crawl" in title
        assert browser.run("document.title") == title
        assert browser.complaints == []
        assert browser.requests == [page.as_uri()]


@needs_chromium
def test_text_that_turns_the_writing_round_turns_nothing_but_itself(tmp_path: Path) -> None:
    write_run(tmp_path, [make_pair(src="\u202evänd", source="\u202ekälla")])
    with Browser(tmp_path / "profile") as browser:
        browser.open(write_report(tmp_path))
        isolated = "[...document.querySelectorAll('.row bdi')].map((e) => getComputedStyle(e).unicodeBidi)"
        assert set(browser.run(isolated)) == {"isolate"}
        assert browser.run("document.querySelectorAll('.row bdi').length") == 3


@needs_chromium
def test_the_page_of_a_phone_is_as_wide_as_the_phone_and_breaks_no_name_of_a_language(
    large_page: Path, tmp_path: Path
) -> None:
    with Browser(tmp_path / "profile") as browser:
        browser.call("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=True)
        browser.open(large_page)
        assert browser.run("innerWidth") == 360
        assert browser.run("document.documentElement.scrollWidth") <= 360
        broken = """[...document.querySelectorAll('.bars:not(.bad) th bdi')].filter((e) =>
            !/[\\s-]/.test(e.textContent) &&
            e.getBoundingClientRect().height > 2 * parseFloat(getComputedStyle(e).fontSize)
        ).map((e) => e.textContent)"""
        assert browser.run(broken) == []
        bars = "Math.min(...[...document.querySelectorAll('.bars .bar')].map((e) => e.getBoundingClientRect().width))"
        assert browser.run(bars) >= 32


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_light_and_dark(large_page: Path, tmp_path: Path, scheme: str) -> None:
    with Browser(tmp_path / "profile", dark=scheme == "dark") as browser:
        browser.open(large_page)
        ratios = browser.run("""(() => {
            const light = (c) => { const v = c.match(/[\\d.]+/g).slice(0, 3).map((n) => n / 255)
                .map((n) => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
                return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
            const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
                if (c !== 'rgba(0, 0, 0, 0)') return c; } };
            return [...document.querySelectorAll('h1, dt, dd, th, td, p, li, .chip, .lang, label, mark')]
                .filter((e) => e.textContent.trim()).map((e) => {
                const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
                return [(a + 0.05) / (b + 0.05), e.tagName + '.' + e.className]; }); })()""")
        assert min(ratios)[0] >= 4.5, min(ratios)
