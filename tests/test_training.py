"""The training of the embedded models: what it learns from, and that what it makes is what it learnt."""

from __future__ import annotations

import json
import lzma
import random
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
import sentencepiece as spm

from models.training import batches, checkpoint, robustness
from models.training import filter as filtering
from models.training.package import build_package
from models.training.recipe import PAD, PLACEHOLDERS, Recipe

if TYPE_CHECKING:
    from pathlib import Path

TINY = Recipe(
    vocabulary_size=320,
    width=32,
    heads=2,
    hidden=64,
    encoder_layers=2,
    decoder_layers=1,
    lengths=(16, 48),
    batch_tokens=384,
    loss_rows=64,
    warmup=5,
    snapshot_steps=10,
)
_NOUNS = {"hunden": "the dog", "katten": "the cat", "mannen": "the man", "barnet": "the child", "huset": "the house"}
_VERBS = {"ser": "sees", "hör": "hears", "minns": "remembers", "tecknar": "draws", "vill ha": "wants"}


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (not for secrets)


def _write_corpora(folder: Path) -> Path:
    """Write every sentence of a language with five nouns and five verbs, as Swedish and as Indonesian."""
    folder.mkdir()
    rows = [
        (f"{a} {v} {b} {n}.".capitalize(), f"{_NOUNS[a]} {_VERBS[v]} {_NOUNS[b]} {n}.".capitalize())
        for a in _NOUNS
        for v in _VERBS
        for b in _NOUNS
        for n in ("nu idag", "ofta igen")
    ]
    for language in ("sv", "id"):
        with lzma.open(folder / f"{language}-en.tsv.xz", "wt", encoding="utf-8") as out:
            out.writelines(f"tatoeba\t{source}\t{english}\n" for source, english in rows)
    return folder


@pytest.mark.parametrize(
    ("source", "english", "fault"),
    [
        ("Regeringen lägger fram sin budget i dag.", "The government presents its budget today.", None),
        ("Bok", "Book", None),
        ("Priset steg till 250 dollar.", "The price rose to $250.", None),
        ("", "Empty", "length"),
        ("Klicka på <b>OK</b>", "Click OK", "markup"),
        ("Это предложение", "This sentence", "script"),
        ("Ja.", "Yes, and then a good deal that nobody had said at all.", "ratio"),
        ("Open the file menu now", "Open the file menu now", "untranslated"),
        ("Mellan 1914 och 1918 var det krig", "There was war from 1939 to 1945", "numbers"),
    ],
)
def test_filter_names_the_rule_that_a_pair_breaks(source: str, english: str, fault: str | None) -> None:
    """Clean pairs pass, and each kind of dirt has a name."""
    assert filtering.find_fault(source, english, 80) == fault


def test_fields_of_messages_become_placeholders_only_where_both_sides_agree() -> None:
    """A field that one side lacks must not teach the model to lose it."""
    assert filtering.hide_fields("%s av %d", "%s of %d") == ("\ue000 av \ue001", "\ue000 of \ue001")
    assert filtering.hide_fields("%s filer", "files") == ("%s filer", "files")


def test_filter_drops_near_duplicates_and_weighs_news_above_interfaces(tmp_path: Path) -> None:
    """Sentences that differ only in figures and signs are one sentence."""
    rows = ["panl_bppt\tHarga naik 5 persen hari ini.\tPrices rose 5 percent today.", "gnome\tBuka berkas\tOpen file"]
    rows.append("gnome\tHarga naik 7 persen hari ini!\tPrices rose 7 percent today!")
    for language, lines in (("id", rows), ("sv", [])):
        with lzma.open(tmp_path / f"{language}-en.tsv.xz", "wt", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)
    counts = filtering.filter_corpora(tmp_path, tmp_path / "bitext.tsv", 80)
    news, interface = filtering.read_bitext(tmp_path / "bitext.tsv")
    assert counts["id duplicate"] == 1
    assert news.weight > 5 * interface.weight


@pytest.mark.parametrize("seed", range(200))
def test_roughening_never_empties_a_side_and_copies_what_it_adds(seed: int) -> None:
    """What is put into the source stands in the English as well."""
    source, english = robustness.roughen_pair("Anna bor i Lund.", "Anna lives in Lund.", _chance(seed))
    assert source.strip()
    assert english.strip()
    odd = {character for character in source if not (character.isalpha() or character in " .")}
    assert odd <= set(english)


def test_english_keeps_its_case_when_the_source_is_in_capitals() -> None:
    """A reader wants natural case, whatever was scraped."""
    pairs = {robustness.roughen_pair("Hon bor i Lund.", "She lives in Lund.", _chance(n)) for n in range(300)}
    assert ("HON BOR I LUND.", "She lives in Lund.") in pairs
    assert ("hon bor i lund.", "She lives in Lund.") in pairs
    assert ("Hon Bor i Lund.", "She lives in Lund.") in pairs
    assert ("She lives in Lund.", "She lives in Lund.") in pairs


def test_placeholders_are_shuffled_alike_on_both_sides() -> None:
    """All symbols get learnt, and each stays with its twin."""
    first, second = PLACEHOLDERS[:2]
    pair = robustness.shuffle_placeholders(f"{first} av {second}", f"{second} by {first}", _chance(3))
    assert pair[0][0] == pair[1][-1] != pair[0][-1] == pair[1][0]


@pytest.mark.parametrize("seed", range(50))
def test_shared_names_and_numbers_are_changed_alike_on_both_sides(seed: int) -> None:
    """A name is to be copied, whichever it is, also in the genitive; what only one side has stays."""
    renamer = robustness.Renamer(_chance(seed))
    renamer.rename("Örjan bor i Uppsala.", "Örjan lives in Uppsala.")
    source, english = renamer.rename("Toms bil från Malmö kostade 4500 kr.", "Tom's car from Malmö cost 4500 kronor.")
    found = re.fullmatch(r"(\w+)s bil från (\w+) kostade (\d+) kr\.", source)
    assert found
    assert english == f"{found[1]}'s car from {found[2]} cost {found[3]} kronor."
    assert 10 <= int(found[3]) <= 4500


def test_batches_have_few_shapes_and_whole_rows() -> None:
    """Every batch is padded to one of the recipe's lengths, its target one longer, for the shift."""
    rng = _chance(1)
    rows = [([5] * rng.randint(1, 48), [1, *[6] * rng.randint(1, 47), 2]) for _ in range(500)]
    made = list(batches.fill_batches(rows, TINY))
    assert {batch.source.shape for batch in made} == {(24, 16), (8, 48)}
    assert all(batch.target.shape[1] == batch.source.shape[1] + 1 for batch in made)
    assert all((batch.source[:, 0] != PAD).all() for batch in made)


def test_every_language_gets_the_same_share_of_draws() -> None:
    """A language with few pairs is drawn as often as one with many."""
    pair = filtering.Pair("sv", "tatoeba", 1.0, "a", "a")
    bitext = [pair] * 50 + [pair._replace(language="id", source="b")]
    recipe = Recipe(rough_share=0, joined_share=0)
    drawn = batches.draw_pairs(bitext, recipe, _chance(1))
    sources = [next(drawn)[0] for _ in range(1024)]
    assert sources.count("a") == sources.count("b")


def test_snapshots_average_and_round_trip_without_pickle(tmp_path: Path) -> None:
    """The mean of two snapshots is their mean, in a file that holds arrays alone."""
    for step, value in enumerate((1.0, 3.0)):
        checkpoint.save_weights({"x": np.full(3, value, np.float32)}, tmp_path / f"step-{step}.npz")
    mean = checkpoint.average_weights(checkpoint.find_snapshots(tmp_path))
    assert mean["x"].tolist() == [2.0, 2.0, 2.0]


def test_compact_weights_keep_eight_bits(tmp_path: Path) -> None:
    """What is kept for another machine is close enough to go on from."""
    value = np.random.default_rng(1).normal(size=1000).astype(np.float32)
    checkpoint.save_weights({"x": value}, tmp_path / "weights.npz", compact=True)
    np.testing.assert_allclose(checkpoint.load_weights(tmp_path / "weights.npz")["x"], value, rtol=1 / 200)


def test_recipe_survives_its_file_and_names_unknown_settings(tmp_path: Path) -> None:
    """A misspelt setting must not pass for the default."""
    TINY.save(tmp_path / "recipe.json")
    assert Recipe.load(tmp_path / "recipe.json") == TINY
    (tmp_path / "recipe.json").write_text('{"widht": 3}', encoding="utf-8")
    with pytest.raises(ValueError, match="widht"):
        Recipe.load(tmp_path / "recipe.json")


def test_a_shortlist_names_the_words_that_a_source_was_translated_with() -> None:
    """The drawing of links is the same for every noun, so only the words' company tells them apart."""
    from models.training.shortlist import choose_candidates, count_links

    words = {
        word: number
        for number, word in enumerate(dict.fromkeys([*_NOUNS, *_VERBS, *_NOUNS.values(), *_VERBS.values()]))
    }
    pairs = [
        ([words[a], words[v], words[b]], [words[_NOUNS[a]], words[_VERBS[v]], words[_NOUNS[b]]])
        for a in _NOUNS
        for v in _VERBS
        for b in _NOUNS
    ]
    candidates = choose_candidates(count_links(pairs, len(words)))
    assert {source: first for source, (first, *_) in candidates.items()} == {
        words[source]: words[target] for source, target in [*_NOUNS.items(), *_VERBS.items()]
    }


def test_a_package_replaces_the_one_before_whole(tmp_path: Path) -> None:
    """Argos reads the metadata, and nothing of the old package stays."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.bin").write_bytes(b"1")
    (tmp_path / "sp").write_bytes(b"2")
    (tmp_path / "out" / "translate-id_en").mkdir(parents=True)
    (tmp_path / "out" / "translate-id_en" / "stale").write_bytes(b"3")
    (tmp_path / "shortlist").write_bytes(b"4")
    made = build_package(
        "id",
        tmp_path / "out",
        version="1.0",
        model=tmp_path / "model",
        vocabulary=tmp_path / "sp",
        shortlist=tmp_path / "shortlist",
        card="# Card\n",
    )
    assert (made / "model" / "vmap.txt").read_bytes() == b"4"
    assert sorted(path.name for path in made.iterdir()) == [
        "README.md",
        "metadata.json",
        "model",
        "sentencepiece.model",
    ]
    assert json.loads((made / "metadata.json").read_text(encoding="utf-8")) == {
        "package_version": "1.0",
        "argos_version": "1.9",
        "from_code": "id",
        "from_name": "Indonesian",
        "to_code": "en",
        "to_name": "English",
    }
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["translate-id_en"]


def test_the_tied_loss_is_cross_entropy_and_so_are_its_gradients() -> None:
    """Worked out in blocks, it gives what the plain computation gives."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from models.training.loss import tied_cross_entropy

    torch.manual_seed(0)
    hidden = torch.randn(70, 16, requires_grad=True)
    embedding = torch.randn(50, 16, requires_grad=True)
    targets = torch.randint(0, 50, (70,))
    targets[::5] = PAD
    plain = torch.nn.functional.cross_entropy(
        hidden @ embedding.T, targets, label_smoothing=0.1, ignore_index=PAD, reduction="sum"
    )
    loss, count = tied_cross_entropy(hidden, embedding, targets, padding=PAD, smoothing=0.1, rows=16)
    assert int(count) == int((targets != PAD).sum())
    assert loss.item() == pytest.approx(plain.item(), rel=1e-4)
    wanted, found = (torch.autograd.grad(each, (hidden, embedding)) for each in (plain, loss))
    for one, other in zip(wanted, found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-3)


def test_a_deepened_model_computes_the_same() -> None:
    """New layers are idle until they have learnt something."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from dataclasses import replace

    from models.training.network import Network
    from models.training.train import read_weights

    shallow, deep = Network(TINY), Network(replace(TINY, encoder_layers=5, decoder_layers=2))
    weights = checkpoint.deepen_weights(read_weights(shallow), 5, 2)
    deep.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    source, target = torch.randint(4, 320, (3, 8)), torch.randint(4, 320, (3, 9))
    with torch.no_grad():
        assert shallow(source, target)[0].item() == pytest.approx(deep(source, target)[0].item(), rel=1e-4)


@pytest.mark.slow
def test_corpora_become_packages_that_translate(tmp_path: Path) -> None:
    """From end to end: filter, vocabulary, training in two runs, average, conversion that agrees, package, scores."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pytest.importorskip("sacrebleu", reason="sacrebleu is not installed")
    import ctranslate2

    from models.training.evaluate import evaluate_package
    from models.training.network import Network
    from models.training.peers import Peers
    from models.training.steps import TrainOptions, Work

    work = Work(tmp_path / "work")
    work.use(TINY)
    work.filter(_write_corpora(tmp_path / "corpora"))
    work.learn_vocabulary()
    work.train(TrainOptions(minutes=0.05), Peers())
    first = json.loads((work.folder / "progress.json").read_text(encoding="utf-8"))
    work.train(TrainOptions(minutes=0.05, cool=True), Peers())
    second = json.loads((work.folder / "progress.json").read_text(encoding="utf-8"))
    assert second["step"] > first["step"] > 0

    work.average(1)
    line, english = "Hunden ser katten nu idag.", "The dog sees the cat nu idag."
    for language in ("sv", "id"):
        (tmp_path / "eval" / language).mkdir(parents=True)
        (tmp_path / "eval" / language / "toy.tsv").write_text(f"{line}\t{english}\n", encoding="utf-8")
    work.package("0.1", work.packages, tmp_path / "eval")
    network = Network(TINY).eval()
    weights = {name: torch.from_numpy(value) for name, value in checkpoint.load_weights(work.weights).items()}
    network.load_state_dict(weights)
    tokenizer = spm.SentencePieceProcessor(model_file=str(work.vocabulary))
    batch = [torch.tensor([tokenizer.encode(line)]), torch.tensor([[1, *tokenizer.encode(english), 2]])]
    with torch.no_grad():
        loss, _ = network(*batch)
        untrained, _ = Network(TINY).eval()(*batch)
    assert loss < untrained
    model = str(work.packages / "translate-sv_en" / "model")
    translator = ctranslate2.Translator(model, compute_type="float32")  # integers round otherwise on each processor
    sides = [[tokenizer.encode(text, out_type=str)] for text in (line, english)]
    (scored,) = translator.score_batch(*sides)
    assert -sum(scored.log_probs) == pytest.approx(loss.item(), rel=0.05, abs=0.2)

    card = (work.packages / "translate-sv_en" / "README.md").read_text(encoding="utf-8")
    assert "| tatoeba | 250 | none stated |" in card
    assert "| sv/toy | 4 |" in card
    (score,) = evaluate_package(work.packages / "translate-sv_en", tmp_path / "eval", (1,))
    assert score.lines == 1
    assert score.signatures[0].startswith("nrefs:1")
