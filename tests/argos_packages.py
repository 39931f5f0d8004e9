"""Tiny Argos packages of both kinds, made on the spot: real tokenizers, real CTranslate2 models, random weights."""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
from typing import TYPE_CHECKING, Any, Final

import ctranslate2
import numpy as np
import sentencepiece

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEPTH: Final = 8
HEADS: Final = 2
SENTENCES: Final = (
    "Katten sover på den varma stenen vid sjön.",
    "I morgon åker vi till staden med tåget klockan nio.",
    "Hon läste tidningen och drack sitt kaffe i lugn och ro.",
    "Regnet föll hela natten, men på morgonen sken solen.",
    "Barnen lekte i parken tills det blev mörkt.",
    "Vi köpte bröd, ost och äpplen på torget.",
    "The cat sleeps on the warm stone by the lake.",
    "Tomorrow we take the train to the city at nine o'clock.",
    "It rained all night, but in the morning the sun was shining.",
    "We bought bread, cheese and apples in the market square.",
)
MERGES: Final = ("n g", "a n", "an g</w>", "d i</w>", "m e", "i n", "a k", "y a</w>", "t e", "k e", "r u", "a h</w>")


def make_bpe_package(folder: Path, *, version: str = "1.0") -> Path:
    """Make an Indonesian package that cuts words by BPE after Moses."""
    folder.mkdir(parents=True)
    (folder / "bpe.model").write_text("#version: 0.2\n" + "\n".join(MERGES) + "\n", encoding="utf-8")
    letters = [chr(code) for code in range(ord("!"), ord("~") + 1)]
    merged = [merge.replace(" ", "") for merge in MERGES]
    words = [*letters, *(f"{letter}@@" for letter in letters)]
    words += [word.removesuffix("</w>") if word.endswith("</w>") else f"{word}@@" for word in merged]
    make_model(folder / "model", list(dict.fromkeys(words)))
    _write_metadata(folder, "id", "Indonesian", version)
    return folder


def make_sentencepiece_package(folder: Path, *, version: str = "1.0") -> Path:
    """Make a Swedish package that cuts text by a SentencePiece model."""
    folder.mkdir(parents=True)
    with (folder / "sentencepiece.model").open("wb") as model, _silence():
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(SENTENCES), model_writer=model, vocab_size=100, model_type="unigram", num_threads=1
        )
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    make_model(folder / "model", [processor.id_to_piece(at) for at in range(3, processor.get_piece_size())])
    _write_metadata(folder, "sv", "Swedish", version)
    return folder


def make_old(folder: Path) -> Path:
    """Write a package's model as CTranslate2 did before its third version: words in a text file, no config."""
    model = folder / "model" / "model.bin"
    model.write_bytes((5).to_bytes(4, "little") + model.read_bytes()[4:])
    (folder / "model" / "config.json").unlink()
    vocabulary = folder / "model" / "shared_vocabulary.json"
    words = "".join(f"{word}\n" for word in json.loads(vocabulary.read_bytes()))
    vocabulary.with_suffix(".txt").write_text(words, encoding="utf-8")
    vocabulary.unlink()
    return folder


def make_model(folder: Path, words: list[str], *, spread: float = 0.5) -> None:
    """Write a CTranslate2 Transformer of one layer with random weights; a wide spread makes it sure of itself."""
    vocabulary = ["<unk>", "<s>", "</s>", *words]
    spec = ctranslate2.specs.TransformerSpec.from_config(num_layers=1, num_heads=HEADS)
    numbers = np.random.default_rng(len(vocabulary))
    embeddings = _weights(numbers, len(vocabulary), DEPTH)
    spec.encoder.embeddings[0].weight = embeddings
    spec.decoder.embeddings.weight = embeddings
    _fill_linear(numbers, spec.decoder.projection, len(vocabulary), DEPTH)
    spec.decoder.projection.weight *= np.float32(spread / 0.5)
    for stack in (spec.encoder, spec.decoder):
        stack.position_encodings.encodings = _weights(numbers, 512, DEPTH)
        _fill_norm(stack.layer_norm)
        for layer in stack.layer:
            _fill_layer(numbers, layer)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    folder.mkdir()
    spec.save(str(folder))


def zip_package(folder: Path, target: Path, *, top: str = "", extra: dict[str, bytes] | None = None) -> Path:
    """Pack a package's folder into an `.argosmodel` file, with extra entries by name."""
    top = top or folder.name
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, f"{top}/{path.relative_to(folder).as_posix()}")
        for name, content in (extra or {}).items():
            archive.writestr(f"{top}/{name}", content)
    return target


def _write_metadata(folder: Path, code: str, name: str, version: str) -> None:
    languages = {"from_code": code, "from_name": name, "to_code": "en", "to_name": "English"}
    metadata = {"package_version": version, "argos_version": "1.9", **languages}
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    (folder / "README.md").write_text("Random weights: it says nothing.\n", encoding="utf-8")


def _weights(numbers: np.random.Generator, *shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    return numbers.normal(0, 0.5, shape).astype(np.float32)


def _fill_layer(numbers: np.random.Generator, layer: Any) -> None:
    _fill_attention(numbers, layer.self_attention, [(3 * DEPTH, DEPTH), (DEPTH, DEPTH)])
    if hasattr(layer, "attention"):
        _fill_attention(numbers, layer.attention, [(DEPTH, DEPTH), (2 * DEPTH, DEPTH), (DEPTH, DEPTH)])
    _fill_norm(layer.ffn.layer_norm)
    _fill_linear(numbers, layer.ffn.linear_0, 2 * DEPTH, DEPTH)
    _fill_linear(numbers, layer.ffn.linear_1, DEPTH, 2 * DEPTH)


def _fill_attention(numbers: np.random.Generator, attention: Any, shapes: list[tuple[int, int]]) -> None:
    _fill_norm(attention.layer_norm)
    for linear, shape in zip(attention.linear, shapes, strict=True):
        _fill_linear(numbers, linear, *shape)


def _fill_linear(numbers: np.random.Generator, linear: Any, rows: int, columns: int) -> None:
    linear.weight = _weights(numbers, rows, columns)
    linear.bias = _weights(numbers, rows)


def _fill_norm(norm: Any) -> None:
    norm.gamma = np.ones(DEPTH, dtype=np.float32)
    norm.beta = np.zeros(DEPTH, dtype=np.float32)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep SentencePiece's training log, which it writes past Python, off the terminal."""
    saved = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
