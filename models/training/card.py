"""The model card of a package: what it was made from and how, what it scores, and what it must not be used for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from models.training.recipe import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from models.training.evaluate import Score
    from models.training.filter import Pair
    from models.training.recipe import Recipe
    from models.training.train import Progress

__all__ = ["Licences", "read_licences", "render_card"]

Licences = dict[tuple[str, str], str]

_CARD = """\
# {name} to English, for Tolk

An Argos package (CTranslate2, int8) that Tolk ships so that it translates without ever having been online. It is small
and fast, and no match for large models: where quality counts more than speed, install one of Argos's own packages.

## Model

One pre-norm transformer reads {readable} and writes English; it is packaged once a language.
{encoder_layers} encoder and {decoder_layers} decoder layers, width {width}, {heads} heads, feed-forward {hidden}, \
one tied embedding of {vocabulary_size} SentencePiece
subwords (unigram, NFKC, byte fallback). Sixteen private-use symbols, U+E000 to U+E00F, are placeholders that it is
taught to copy: one in the middle of a line came out whole in {copied:.0%} of lines.
{parameters:.1f} million parameters. `model/vmap.txt` lists the subwords that a translation of each source subword may
need, so that a decoder which asks for it, as Tolk does, weighs a third of the vocabulary.

## Training

`python -m models.training` in Tolk's repository: {steps} steps, {tokens:.1f} million target tokens,
{hours:.1f} hours on {machine}. Muon for the matrices and AdamW for the rest, label smoothing {label_smoothing}, a rate
that falls to nothing at the end. {rough_share:.0%} of the pairs were made to look like scraped text: capitals, lower
case, title case, no final stop, bullets and quotes, URLs, addresses, handles, tags, emoji, numbers and placeholders to
copy, and English that must come out as it is. The English side keeps its natural case whatever the case of the source.
In {renamed_share:.0%} of the pairs the names and numbers that both sides share gave way to others, so that copying is \
learnt, not names.
{history}
## Data

Public translations of free software, documentation, web pages and sentence collections; running text is drawn more
often than interface strings. Pairs after filtering, and the licence as the source states it (or "none stated"):

| origin | pairs | licence |
| --- | ---: | --- |
{data}
{remark}
## Licence

The code that made it is under the MIT licence. The weights were made from the texts under *Data*, which stay under the
licences of their owners; some restrict commercial use. `NOTICE` in Tolk's repository says where each is from.

## Scores

On development sets that were kept out of the training data, with the shortlist. \
`ntrex_dev` is lines 1 to 997 of NTREX-128 (news).

| set | beam | BLEU | chrF | length ratio | empty | loops |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{scores}

{signatures}

## Weaknesses

- It has read little running text, and of {name} news {news}. Names, idioms, slang and long
  sentences come out wrong or are left out.
- A wrong translation reads as fluently as a right one. Numbers and negations can be lost.
- Words of one language that look like words of the other can be taken for them.
- It may repeat itself on input that is no sentence (tables, lists of names).

Do not use it where a wrong translation can hurt someone: medicine, law, safety, asylum, contracts. Do not publish its
output as if a person had written it. It repeats whatever prejudice its sources hold.
"""


_REMARKS = {"sv": "\nThe Swedish of `adobe_docs_mt` is machine-translated, its English is authentic.\n"}


def read_licences(path: Path) -> Licences:
    """Read a table of sources (language, source, pairs, words, licence, …) by language and origin."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return {(row[0], row[1]): row[4] for row in rows}


def _render_data(language: str, bitext: Iterable[Pair], licences: Licences) -> str:
    counts = Counter(pair.origin for pair in bitext if pair.language == language)
    rows = (
        f"| {origin} | {pairs:,} | {licences.get((language, origin), 'none stated')} |"
        for origin, pairs in counts.most_common()
    )
    return "\n".join(rows)


def _render_scores(scores: list[Score]) -> str:
    return "\n".join(
        f"| {score.name} | {score.beam} | {score.bleu:.1f} | {score.chrf:.1f} | {score.ratio:.2f} "
        f"| {score.empty} | {score.loops} |"
        for score in scores
    )


def render_card(
    language: str,
    recipe: Recipe,
    progress: Progress,
    *,
    parameters: int,
    machine: str,
    bitext: Iterable[Pair],
    licences: Licences,
    scores: list[Score],
    copied: float,
    history: str = "",
) -> str:
    """Return the card as Markdown; `history` says what came before this training, if anything did."""
    return _CARD.format(
        name=LANGUAGES[language],
        readable=" and ".join(LANGUAGES.values()),
        parameters=parameters / 1e6,
        steps=f"{progress.step:,}",
        tokens=progress.tokens / 1e6,
        hours=progress.seconds / 3600,
        copied=copied,
        machine=machine,
        history=f"{history}\n" if history else "",
        data=_render_data(language, bitext, licences),
        scores=_render_scores(scores),
        signatures="\n".join(f"`{line}`  " for line in dict.fromkeys(s for score in scores for s in score.signatures)),
        news="none at all" if language == "sv" else "only some forty thousand sentences",
        encoder_layers=recipe.encoder_layers,
        decoder_layers=recipe.decoder_layers,
        width=recipe.width,
        heads=recipe.heads,
        hidden=recipe.hidden,
        vocabulary_size=recipe.vocabulary_size,
        rough_share=recipe.rough_share,
        renamed_share=recipe.renamed_share,
        remark=_REMARKS.get(language, ""),
        label_smoothing=recipe.label_smoothing,
    )
