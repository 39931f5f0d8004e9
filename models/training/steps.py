"""The steps from corpora to packages, each of which reads and writes one working folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from models.training.card import read_licences, render_card
from models.training.checkpoint import average_weights, find_snapshots, load_weights, save_weights
from models.training.convert import convert_weights
from models.training.evaluate import evaluate_package, measure_copies, read_set
from models.training.feed import feed_batches
from models.training.filter import filter_corpora, read_bitext
from models.training.package import build_package, package_name
from models.training.recipe import LANGUAGES, Recipe
from models.training.shortlist import learn_shortlist
from models.training.train import Progress, Trainer
from models.training.vocabulary import load_vocabulary, train_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from models.training.evaluate import Score
    from models.training.peers import Peers

__all__ = ["TrainOptions", "Work", "override_recipe"]


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How long to train, whether the rate falls to nothing meanwhile, where to start, what to score on, who loads."""

    minutes: float
    cool: bool = False
    start: Path | None = None
    evaluation: Path | None = None
    loaders: int = 0


class Work:
    """A working folder: what each step leaves in it for the next, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / "recipe.json"
        self.recipe = Recipe.load(kept) if kept.exists() else Recipe()

    def use(self, recipe: Recipe) -> None:
        """Take this recipe from now on, in later runs as well."""
        self.recipe = recipe
        recipe.save(self.folder / "recipe.json")

    @property
    def bitext(self) -> Path:
        """The filtered pairs."""
        return self.folder / "bitext.tsv"

    @property
    def vocabulary(self) -> Path:
        """The SentencePiece model."""
        return self.folder / "sentencepiece.model"

    @property
    def weights(self) -> Path:
        """The averaged weights."""
        return self.folder / "weights.npz"

    @property
    def packages(self) -> Path:
        """The folder of the packages made here."""
        return self.folder / "packages"

    def shortlist(self, language: str) -> Path:
        """The target subwords that a source subword of a language may need."""
        return self.folder / f"shortlist-{language}.txt"

    def filter(self, corpora: Path) -> None:
        """Filter the corpora unless that is done; the table of sources goes along, for the cards."""
        if self.bitext.exists():
            return
        table = corpora / "SOURCES.tsv"
        if table.exists():
            (self.folder / "SOURCES.tsv").write_text(table.read_text(encoding="utf-8"), encoding="utf-8")
        for verdict, count in sorted(filter_corpora(corpora, self.bitext, self.recipe.max_words).items()):
            print(f"{verdict:<20} {count}")

    def learn_vocabulary(self) -> None:
        """Train the subwords unless that is done."""
        if not self.vocabulary.exists():
            train_vocabulary(read_bitext(self.bitext), self.recipe, self.vocabulary)

    def list_candidates(self) -> None:
        """Learn each language's shortlist unless that is done."""
        for language in LANGUAGES:
            if not self.shortlist(language).exists():
                pairs = [pair for pair in read_bitext(self.bitext) if pair.language == language]
                learn_shortlist(pairs, load_vocabulary(self.vocabulary), self.recipe, self.shortlist(language))

    def train(self, options: TrainOptions, peers: Peers) -> None:
        """Go on training; with an evaluation folder, print greedy scores now and then."""
        trainer = Trainer(self.folder, self.recipe, options.start, peers)
        batches = feed_batches(self.bitext, self.vocabulary, self.recipe, trainer.seed, options.loaders)
        for progress in trainer.run(batches, options.minutes, cool=options.cool):
            if options.evaluation and progress.step % self.recipe.validate_steps == 0:
                self.validate(options.evaluation, progress.step)

    def validate(self, evaluation: Path, step: int) -> None:
        """Print greedy scores of the last snapshots' mean, on part of each set."""
        folder = self.folder / "validation"
        self.average(count=3)
        self.package("0.0", folder, evaluation=None)
        for score in self.evaluate(folder, evaluation, beams=(1,), limit=200):
            print(f"step {step} {score}", flush=True)

    def average(self, count: int) -> None:
        """Average the last `count` snapshots."""
        save_weights(average_weights(find_snapshots(self.folder / "snapshots")[-count:]), self.weights)

    def convert(self) -> Path:
        """Convert the averaged weights and return the model's folder."""
        tokenizer = load_vocabulary(self.vocabulary)
        pieces = [tokenizer.id_to_piece(number) for number in range(tokenizer.get_piece_size())]
        convert_weights(load_weights(self.weights), self.recipe, pieces, self.folder / "model")
        return self.folder / "model"

    def package(
        self, version: str, folder: Path, evaluation: Path | None, *, machine: str = "a CPU", history: str = ""
    ) -> None:
        """Put the model in packages under `folder`; with an evaluation folder, with scores on their cards."""
        model = self.convert()
        for language in LANGUAGES:
            build = partial(
                build_package,
                language,
                folder,
                version=version,
                model=model,
                vocabulary=self.vocabulary,
                shortlist=self.shortlist(language),
            )
            build(card="")
            if evaluation:
                scores = self.evaluate(folder, evaluation, languages=(language,))
                copied = self._measure_copies(folder / package_name(language), evaluation / language)
                card = self._render_card(language, scores, copied, machine=machine, history=history)
                build(card=card)

    def evaluate(
        self,
        folder: Path,
        evaluation: Path,
        *,
        languages: tuple[str, ...] = tuple(LANGUAGES),
        beams: tuple[int, ...] = (1, 4),
        limit: int | None = None,
    ) -> list[Score]:
        """Score the packages under `folder` on `evaluation/<language>/*.tsv`."""
        packages = [folder / package_name(language) for language in languages]
        return [score for package in packages for score in evaluate_package(package, evaluation, beams, limit)]

    @staticmethod
    def _measure_copies(package: Path, sets: Path) -> float:
        sources = [line for path in sorted(sets.glob("*.tsv")) for line in read_set(path)[0][:200]]
        return measure_copies(package, sources)

    def _render_card(self, language: str, scores: list[Score], copied: float, *, machine: str, history: str) -> str:
        weights = load_weights(self.weights)
        sources, progress = self.folder / "SOURCES.tsv", self.folder / "progress.json"
        return render_card(
            language,
            self.recipe,
            Progress(**json.loads(progress.read_text(encoding="utf-8"))),
            parameters=sum(value.size for value in weights.values()),
            machine=machine,
            bitext=read_bitext(self.bitext),
            licences=read_licences(sources) if sources.exists() else {},
            scores=scores,
            copied=copied,
            history=history,
        )


def override_recipe(recipe: Recipe, settings: list[str]) -> Recipe:
    """Return the recipe with `name=value` settings put in, values as in JSON.

    >>> override_recipe(Recipe(), ["width=512", "dropout=0.1"]).width
    512
    """
    changes = {name: json.loads(value) for name, _, value in (setting.partition("=") for setting in settings)}
    return recipe.change(changes)
