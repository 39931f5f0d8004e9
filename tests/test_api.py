"""The library: the same pairs as a run's, texts put together again, and every example of its page works."""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
import sys
import weakref
from typing import TYPE_CHECKING

import msgspec
import pytest
from conftest import EXAMPLE, ROOT

import pipeline
from pipeline import Settings, api, translate_file, translate_texts
from pipeline.errors import InputError, PackageError
from pipeline.read.pairs import read_pairs
from pipeline.run import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline import Reject

PAGE = ROOT / "docs" / "library.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
SWEDISH = Settings(source_lang="sv", workers=1)


def test_file_gives_the_pairs_that_a_run_writes(tmp_path: Path) -> None:
    settings = Settings(workers=1, window_chars=500)  # several windows
    run([str(EXAMPLE)], tmp_path / "out", settings)
    rejects: list[Reject] = []
    pairs = list(translate_file(EXAMPLE, settings, on_reject=rejects.append))
    assert pairs == list(read_pairs([str(tmp_path / "out")]))
    written = (tmp_path / "out" / "rejects.jsonl").read_bytes()
    assert b"".join(msgspec.json.encode(reject) + b"\n" for reject in rejects) == written


def test_record_that_cannot_be_read_is_an_error_unless_somebody_takes_it() -> None:
    with pytest.raises(InputError, match=r"crawl\.jsonl#\d+ cannot be read: .*on_reject=print"):
        list(translate_file(EXAMPLE / "crawl.jsonl", SWEDISH))


def test_texts_come_back_in_order_each_with_its_pairs() -> None:
    texts = ["Ett.\n\nTvå.", "", "Tre. Fyra.", "  "]
    found = list(translate_texts(texts, SWEDISH))
    assert [[pair.src for pair in one.pairs] for one in found] == [["Ett.", "Två."], [], ["Tre.", "Fyra."], []]
    assert [one.text for one in found] == texts
    assert [pair.source for one in found for pair in one.pairs] == ["text#1", "text#1", "text#3", "text#3"]


def test_english_keeps_the_space_between_segments_and_what_was_not_translated() -> None:
    text = "  All rights reserved.\n\n\tZum Laden\n"
    found = next(translate_texts([text], Settings(source_lang="de", languages=("sv",), workers=1)))
    assert found.english == text
    assert all(pair.tgt is None for pair in found.pairs)


def test_english_puts_each_translation_in_its_place() -> None:
    found = next(translate_texts(["Hej där!\n\n  Vi ses i morgon. "], SWEDISH))
    first, second = (pair.tgt for pair in found.pairs)
    assert found.english == f"{first}\n\n  {second} "


def test_text_has_the_id_that_it_has_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Hej där!", encoding="utf-8")
    in_file = next(iter(translate_file(tmp_path / "page.txt", SWEDISH)))
    assert next(translate_texts(["Hej där!"], SWEDISH)).pairs[0].id == in_file.id


def test_text_is_repaired_first() -> None:
    found = next(translate_texts(["SÃ¥ hÃ¤r gÃ¶r du"], SWEDISH))
    assert found.text == "Så här gör du"
    assert found.pairs[0].fixes


def test_half_a_character_stops_nothing() -> None:
    assert next(translate_texts(["Hej där\ud83d"], SWEDISH)).text.encode("utf-8").startswith(b"Hej d")


def test_endless_texts_are_taken_a_window_at_a_time() -> None:
    taken = 0

    def texts() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "Hej igen."

    next(translate_texts(texts(), Settings(source_lang="sv", window_chars=300, workers=1)))
    assert taken < 20


def test_what_comes_out_does_not_depend_on_the_window() -> None:
    texts = [f"Nummer {at} av tjugo." for at in range(20)]
    whole, cut = (
        [one.english for one in translate_texts(texts, Settings(source_lang="sv", workers=1, window_chars=size))]
        for size in (100_000, 60)
    )
    assert whole == cut


def test_single_text_is_refused_rather_than_taken_letter_by_letter() -> None:
    with pytest.raises(TypeError, match=r"translate_texts\(\[text\]\)"):
        translate_texts("Hej")


def test_language_without_a_package_is_told_at_once() -> None:
    with pytest.raises(PackageError, match="tolk models install"):
        translate_texts(["Tere"], Settings(languages=("et",)))


def test_models_stay_open_between_calls() -> None:
    assert api._open(SWEDISH) is api._open(Settings(source_lang="sv", workers=1))


def test_models_of_other_settings_give_way() -> None:
    first = weakref.ref(api._open(SWEDISH))
    api._open(Settings(source_lang="sv", workers=2))
    gc.collect()
    assert first() is None


@pytest.mark.consumers
def test_a_forked_process_opens_models_of_its_own() -> None:
    script = """
import multiprocessing
from pipeline import Settings, translate_texts

def translate(number):
    settings = Settings(source_lang="sv", workers=1, memory_bytes=0)
    return [each.english for each in translate_texts([f"Huset har {number} rum."], settings)]

here = translate(3)
with multiprocessing.get_context("fork").Pool(1) as pool:
    assert pool.map_async(translate, [3]).get(60) == [here]
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


def test_what_is_no_text_is_refused_by_its_place() -> None:
    with pytest.raises(TypeError, match="Text 2 is no text but NoneType"):
        list(translate_texts(["Hej", None], SWEDISH))  # type: ignore[list-item] # the fault


def test_importing_the_package_imports_nothing_heavy() -> None:
    script = (
        "import sys, pipeline; pipeline.Settings; "
        "print([m for m in ('ctranslate2', 'argostranslate', 'ftfy', 'pipeline.api', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_package_has_all_the_names_that_it_promises() -> None:
    for name in pipeline.__all__:
        assert getattr(pipeline, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pipeline.nothing  # noqa: B018 - the access is what is tested


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dump, in which the examples run one after another as a reader would run them."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copy(EXAMPLE / "crawl.jsonl", folder / "dump.jsonl")
    return folder


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example_of_the_page_runs_as_it_stands(place: Path, number: int) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", EXAMPLES[number]],
        cwd=place, capture_output=True, check=False, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout or number == 0


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example_of_the_page_is_ten_lines_at_most(number: int) -> None:
    assert len([line for line in EXAMPLES[number].splitlines() if line.strip()]) <= 10
