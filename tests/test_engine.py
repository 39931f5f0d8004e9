"""An opened package says what argostranslate's own code says, only faster."""

from __future__ import annotations

import shutil
import sys
import threading
import time
import types
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import argos_packages
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.packages import model_store
from pipeline.packages.argos import import_argos
from pipeline.packages.model_store import find_package, read_package
from pipeline.settings import Settings
from pipeline.translate.clauses import halve
from pipeline.translate.engine import Decoding, Hypothesis, PackageEngine, _join

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.packages.argos import Tokenizer
    from pipeline.packages.model_store import ModelPackage

SENTENCES = {
    "sv": [
        "Regeringen presenterade en ny budget på måndagen.",
        "Var ligger närmaste busshållplats?",
        "Hon har bott i Göteborg sedan 1998.",
        "Spara ändringarna innan du stänger fönstret.",
        "Läs mer",
        "Det regnade hela natten, men på morgonen sken solen över sjön och alla båtar låg stilla.",
    ],
    "id": [
        "Pemerintah mengumumkan kebijakan baru pada hari Senin.",
        "Di mana halte bus terdekat?",
        "Ia tinggal di Bandung sejak tahun 1998.",
        "Simpan perubahan sebelum menutup jendela.",
        "Baca juga",
        "Hujan turun semalaman, tetapi pada pagi hari matahari bersinar dan semua perahu diam di danau.",
    ],
}


class _WholeText:
    """Argos asks for a sentence splitter; this one leaves sentences as they are."""

    def __init__(self, package: Any) -> None:
        del package

    def split_sentences(self, text: str) -> list[str]:
        return [text]


@pytest.fixture
def argos(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Argos's own translation code; only the module of its sentence splitters, which needs torch, is replaced."""
    import_argos()
    splitters = types.ModuleType("argostranslate.sbd")
    for name in ("SpacySentencizerSmall", "StanzaSentencizer", "MiniSBDSentencizer", "ISentenceBoundaryDetectionModel"):
        setattr(splitters, name, _WholeText)
    monkeypatch.setitem(sys.modules, "argostranslate.sbd", splitters)
    monkeypatch.setattr("argostranslate.sbd", splitters, raising=False)
    import argostranslate.settings
    import argostranslate.translate

    monkeypatch.setattr(argostranslate.settings, "intra_threads", 1)
    return argostranslate


def argos_translations(argos: Any, package: ModelPackage, sentences: list[str]) -> list[tuple[str, float]]:
    """Translate each sentence by a call of its own, as Argos does."""
    opened = argos.package.Package(package.path)
    translation = argos.translate.PackageTranslation(None, None, opened)
    found = [translation.hypotheses(sentence, 1)[0] for sentence in sentences]
    return [(hypothesis.value, hypothesis.score) for hypothesis in found]


@pytest.mark.parametrize("lang", ["sv", "id"])
def test_a_batch_gives_what_argos_gives_sentence_by_sentence(argos: Any, lang: str) -> None:
    package = find_package(lang)
    ours = PackageEngine(package, Settings()).translate_texts(SENTENCES[lang], Decoding(beam=4, shortlist=False))
    assert [hypothesis.text.replace("_", " ") for hypothesis in ours] == [
        text.strip() for text, _ in argos_translations(argos, package, SENTENCES[lang])
    ]


@pytest.mark.parametrize("make", [argos_packages.make_sentencepiece_package, argos_packages.make_bpe_package])
def test_source_tokens_of_both_kinds_of_package_are_those_of_argos(argos: Any, make: Any, tmp_path: Path) -> None:
    package = read_package(make(tmp_path / "package"))
    theirs = argos.package.Package(package.path).tokenizer
    engine = PackageEngine(package, Settings())
    for sentence in SENTENCES[package.from_code]:
        assert engine.tokenize(sentence) == theirs.encode(sentence)


def test_a_package_with_bpe_and_moses_gives_what_argos_gives(argos: Any, tmp_path: Path) -> None:
    package = read_package(argos_packages.make_bpe_package(tmp_path / "package"))
    sentences = ["di mana", "rumah", "ini teh"]
    ours = PackageEngine(package, Settings()).translate_texts(sentences, Decoding(beam=4))
    theirs = [text.strip() for text, _ in argos_translations(argos, package, sentences)]
    # Random weights never end a sentence; Argos stops at 256 tokens, Tolk sooner.
    for our, their in zip(ours, theirs, strict=True):
        assert our.text
        assert our.cut
        assert their.startswith(our.text[: len(our.text) // 2])


def test_the_score_is_the_mean_log_probability_of_a_token() -> None:
    import ctranslate2

    package = find_package("sv")
    engine = PackageEngine(package, Settings())
    sentence = SENTENCES["sv"][0]
    for beam in (1, 4):
        score = engine.translate_texts([sentence], Decoding(beam=beam, shortlist=False))[0].score
        translator = ctranslate2.Translator(str(package.path / "model"), intra_threads=1)
        source = engine.tokenize(sentence)
        tokens = translator.translate_batch([source], beam_size=beam, length_penalty=0.2)[0].hypotheses[0]
        likelihoods = translator.score_batch([source], [tokens])[0].log_probs
        assert score == pytest.approx(sum(likelihoods) / len(likelihoods), abs=0.01)


def test_batches_of_one_call_are_queued_before_those_of_the_next_and_a_few_texts_go_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = PackageEngine(find_package("sv"), Settings(batch_tokens=64))
    submit, under_way = engine._submit, threading.Lock()
    meeting: list[bool] = []

    def watch(sources: list[list[str]], limit: int, decoding: Decoding) -> list[Any]:
        if len(sources) > 1:
            meeting.append(under_way.acquire(blocking=False))
            time.sleep(0.05)
            engine.translate_texts(["Hej"], decoding)  # would wait for ever if it had to wait its turn
            under_way.release()
        return submit(sources, limit, decoding)

    monkeypatch.setattr(engine, "_submit", watch)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: engine.translate_texts([SENTENCES["sv"][0]] * 20, Decoding()), range(3)))
    assert meeting == [True] * 3


def test_threads_that_come_at_once_open_one_tokenizer(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[ModelPackage] = []
    opening = model_store.open_tokenizer

    def open_slowly(package: ModelPackage) -> Tokenizer:
        opened.append(package)
        time.sleep(0.05)
        return opening(package)

    monkeypatch.setattr(model_store, "open_tokenizer", open_slowly)
    engine = PackageEngine(find_package("sv"), Settings(workers=1))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(engine.tokenize, SENTENCES["sv"]))
    assert len(opened) == 1


def test_underscores_that_the_model_writes_stay_underscores() -> None:
    engine = PackageEngine(find_package("sv"), Settings())
    assert engine.detokenize(["▁user", "_", "name"]) == "user_name"


def test_a_text_longer_than_the_model_takes_is_translated_whole() -> None:
    engine = PackageEngine(find_package("sv"), Settings(max_source_tokens=32))
    sentence = SENTENCES["sv"][0]
    once = engine.translate_texts([sentence], Decoding())[0].text
    many = engine.translate_texts([", ".join([sentence.rstrip(".")] * 20)], Decoding())[0].text
    assert len(many) > 8 * len(once)


def test_the_same_batch_gives_the_same_hypotheses_with_one_worker_and_with_three() -> None:
    package = find_package("sv")
    texts = SENTENCES["sv"] * 5
    alone = PackageEngine(package, Settings(workers=1)).translate_texts(texts, Decoding())
    assert PackageEngine(package, Settings(workers=3)).translate_texts(texts, Decoding()) == alone


def test_with_a_shortlist_only_its_words_are_said(tmp_path: Path) -> None:
    shutil.copytree(find_package("sv").path, tmp_path / "package")
    package = read_package(tmp_path / "package")
    engine = PackageEngine(package, Settings())
    said = engine.tokenize(SENTENCES["sv"][0])
    (tmp_path / "package" / "model" / "vmap.txt").write_text(f"\t<s> </s> {' '.join(said)}\n", encoding="utf-8")
    (hypothesis,) = engine.translate_texts([SENTENCES["sv"][0]], Decoding())
    assert set(engine.tokenize(hypothesis.text)) <= set(said)
    (free,) = engine.translate_texts([SENTENCES["sv"][0]], Decoding(shortlist=False))
    assert not set(engine.tokenize(free.text)) <= set(said)


def test_no_texts_give_no_hypotheses() -> None:
    assert PackageEngine(find_package("sv"), Settings()).translate_texts([], Decoding()) == []


@given(st.text(min_size=2))
def test_halving_loses_nothing_but_white_space(text: str) -> None:
    assert "".join("".join(halve(text)).split()) == "".join(text.split())


def test_pieces_join_to_one_hypothesis_that_remembers_the_cut() -> None:
    joined = _join([Hypothesis(text="one", score=-1.0), Hypothesis(text="two", score=-3.0, cut=True)])
    assert joined == Hypothesis(text="one two", score=-2.0, cut=True)
