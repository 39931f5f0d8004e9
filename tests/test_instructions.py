"""CTranslate2 decodes with the widest instructions that the processor has, unless somebody says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pipeline.packages.instructions import VARIABLE, choose_instructions

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = "fpu sse2 avx2 avx512f avx512cd avx512bw avx512dq avx512vl avx512_vnni"
VERIFY = "from pipeline.packages.verify import find_doubts; find_doubts(package)"
TRANSLATE = (
    "from pipeline.settings import Settings; from pipeline.translate.engine import Decoding, PackageEngine; "
    "PackageEngine(package, Settings(workers=1)).translate_texts(['Hej'], Decoding())"
)


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")  # so that it is put back, whatever a test leaves
    monkeypatch.delenv(VARIABLE)


def describe(folder: Path, maker: str, flags: str) -> Path:
    """Write what Linux says of a machine with two processors."""
    one = f"processor\t: 0\nvendor_id\t: {maker}\nmodel name\t: one\nflags\t\t: {flags}\n"
    file = folder / "cpuinfo"
    file.write_text(f"{one}\n{one}\n", encoding="utf-8")
    return file


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a processor can do")
def test_a_processor_of_amd_with_all_of_avx512_uses_it(tmp_path: Path) -> None:
    assert choose_instructions(describe(tmp_path, "AuthenticAMD", FLAGS)) == "AVX512"
    assert os.environ[VARIABLE] == "AVX512"


@pytest.mark.parametrize(
    ("maker", "flags"),
    [("GenuineIntel", FLAGS), ("AuthenticAMD", FLAGS.replace(" avx512vl", "")), ("AuthenticAMD", "avx2"), ("", "")],
)
def test_any_other_processor_is_left_to_ctranslate2(tmp_path: Path, maker: str, flags: str) -> None:
    assert choose_instructions(describe(tmp_path, maker, flags)) is None
    assert VARIABLE not in os.environ


def test_a_system_that_says_nothing_is_left_to_ctranslate2(tmp_path: Path) -> None:
    assert choose_instructions(tmp_path / "none") is None


@pytest.mark.parametrize("chosen", ["AVX2", ""])
def test_what_a_person_has_set_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv(VARIABLE, chosen)
    assert choose_instructions(describe(tmp_path, "AuthenticAMD", FLAGS)) == chosen


@pytest.mark.parametrize("work", [VERIFY, TRANSLATE], ids=["verify", "translate"])
def test_whoever_opens_the_first_model_chooses_for_the_process(work: str) -> None:
    choice = (
        "import os; from pipeline.packages import model_store, weights; "
        f"weights.choose_instructions = lambda: os.environ.update({VARIABLE}='GENERIC'); "
        "package = model_store.find_package('sv'); "
    )
    code, environment = choice + work, os.environ | {"CT2_VERBOSE": "1"}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
    assert "Selected ISA: GENERIC" in told.stderr
