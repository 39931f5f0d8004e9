"""An Argos package opened for work: text → tokens → CTranslate2 → hypotheses.

Argos itself hands CTranslate2 one paragraph at a time, in batches of 32 tokens. Here a whole window of segments goes
down at once, sorted by length, one decoding thread a core; tokens in and decoding options are Argos's own.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from pipeline.errors import PackageError
from pipeline.packages import model_store
from pipeline.packages.provenance import REINSTALL
from pipeline.packages.weights import open_weights
from pipeline.translate.allocator import keep_freed_memory
from pipeline.translate.clauses import halve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.packages.model_store import ModelPackage
    from pipeline.settings import Settings

LENGTH_PENALTY: Final = 0.2
"""What Argos decodes with; it only weighs hypotheses of one beam against each other."""
LENGTH_STEPS: Final = (8, 16, 32, 64, 128, 256, 512, 1024)
"""Sources are limited step by step, so that a loop in a short one cannot run as long as a long one may."""

SHORTLIST: Final = "model/vmap.txt"
"""CTranslate2's vocabulary map: the target tokens that a source token may need."""
SHORTLIST_SHARE: Final = 0.375
"""Part of a batch that is decoded at once with a shortlist: each text weighs the candidates of all that are with it."""

_MANY_BATCHES: Final = 4
"""A part of a window fills more than these, what it is asked again fewer."""

PLACEHOLDERS: Final = tuple(map(chr, range(0xE000, 0xE010)))
"""Private-use characters that packages of our own training copy as they are (`models/training/recipe.py`)."""


class Decoding(msgspec.Struct, frozen=True):
    """Options of the search for the best hypothesis."""

    beam: int = 1
    no_repeat_ngram: int = 0
    """Target n-grams of this many tokens may not come twice; 0 allows all."""
    shortlist: bool = True
    """Whether only the package's candidates are weighed, where it lists any: faster by a fifth to a third."""


class Hypothesis(msgspec.Struct, frozen=True):
    """The model's best translation of one source text."""

    text: str
    score: float
    """Mean log-probability of a target token."""
    cut: bool = False
    """Whether decoding ended at the length limit instead of by the model's own will."""
    flags: tuple[str, ...] = ()
    """Faults found in it, sorted."""


class Engine(Protocol):
    """Whatever translates texts of one language into English: a package, or a layer around another engine."""

    label: str

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give the best hypothesis of each text, in order."""
        ...


class PackageEngine:
    """An Engine made of an Argos package of either kind, SentencePiece or BPE with Moses tokenisation."""

    def __init__(self, package: ModelPackage, settings: Settings) -> None:
        self.label = package.label
        self._package = package
        self._settings = settings
        self._opening = threading.Lock()
        self._queueing = threading.Lock()

    @property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - argostranslate has no types
        with self._opening:  # two threads may come first at once
            return self._opened_tokenizer

    @functools.cached_property
    def _opened_tokenizer(self) -> Any:  # noqa: ANN401 - argostranslate has no types
        return model_store.open_tokenizer(self._package)

    @functools.cached_property
    def _processor(self) -> Any:  # noqa: ANN401 - sentencepiece has no types
        """SentencePiece's own processor, which knows the vocabulary; None for a package of the other kind."""
        return self._tokenizer.lazy_processor() if hasattr(self._tokenizer, "lazy_processor") else None

    @functools.cached_property
    def _translator(self) -> Any:  # noqa: ANN401 - ctranslate2 has no types
        """Load the model when its language first occurs, not before."""
        keep_freed_memory()
        model = self._package.path / "model"
        try:
            return open_weights(
                self._package.path,
                device=self._settings.device,
                compute_type="auto",
                inter_threads=self._settings.workers,
                max_queued_batches=self._settings.workers,  # what is asked for again need not wait for more
            )
        except (RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())
            if "CUDA" in reason:
                message = f"CTranslate2 finds no GPU that it can use: {reason}. Leave --device cuda out."
                raise PackageError(message) from error
            message = f"CTranslate2 cannot read the model in {model}: {reason}"
            raise PackageError(message, mend=REINSTALL) from error

    @functools.cached_property
    def _lists_candidates(self) -> bool:
        """Tell whether the package has a shortlist, as those of our own training have."""
        return (self._package.path / SHORTLIST).is_file()

    @functools.cached_property
    def _spells_bytes(self) -> bool:
        """Tell whether the vocabulary has a token for each byte: then nothing is unknown, nothing to be replaced."""
        processor = self._processor
        return processor is not None and any(map(processor.is_byte, range(processor.get_piece_size())))

    def translate_texts(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Give the best hypothesis of each text, in order; what is too long for the model goes through in pieces."""
        pieces: list[list[str]] = []
        spans: list[tuple[int, int]] = []
        for text in texts:
            first = len(pieces)
            pieces.extend(self._tokenize_in_pieces(" ".join(text.split())))
            spans.append((first, len(pieces)))
        found = self._decode(pieces, decoding)
        return [_join(found[first:end]) for first, end in spans]

    def find_placeholders(self) -> tuple[str, ...]:
        """Give the placeholders in the package's vocabulary: a model that has any was trained to copy them."""
        processor = self._processor
        if processor is None:
            return ()
        unknown = processor.unk_id()
        return tuple(each for each in PLACEHOLDERS if processor.piece_to_id(each) != unknown)

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into the package's source tokens, as Argos does."""
        return list(self._tokenizer.encode(text))

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Join target tokens to text; unlike Argos's own, underscores stay underscores."""
        if self._processor is not None:
            text = self._processor.decode_pieces(list(tokens)).replace("▁", " ")
        else:
            text = self._tokenizer.decode(list(tokens))
        return str(text).removeprefix(self._package.target_prefix).strip()

    def _tokenize_in_pieces(self, text: str) -> Iterator[list[str]]:
        """Yield the tokens of a text, or of its halves where they are too many for the model."""
        tokens = self.tokenize(text)
        if len(tokens) <= self._settings.max_source_tokens or len(text) <= 1:
            yield tokens[: self._settings.max_source_tokens]
            return
        for half in halve(text):
            yield from self._tokenize_in_pieces(half)

    def _decode(self, sources: Sequence[list[str]], decoding: Decoding) -> list[Hypothesis]:
        """Decode tokenised sources in length-sorted batches; order is kept."""
        steps: dict[int, list[int]] = {}
        for at, tokens in enumerate(sources):
            steps.setdefault(next((n for n in LENGTH_STEPS if len(tokens) <= n), len(tokens)), []).append(at)
        with self._turn(sources):
            running = [
                (chosen, limit, self._submit([sources[at] for at in chosen], limit, decoding))
                for chosen, limit in ((steps[step], 2 * step + 16) for step in sorted(steps, reverse=True))
            ]
        found: dict[int, Hypothesis] = {}
        for chosen, limit, results in running:
            for at, result in zip(chosen, results, strict=True):
                found[at] = self._hypothesis(result.result(), limit)
        return [found[at] for at in range(len(sources))]

    def _turn(self, sources: Sequence[list[str]]) -> contextlib.AbstractContextManager[object]:
        """Let one thread at a time queue many texts, and those with few, which are asked for again, go between.

        Else the batches of several threads mingle and end together, and nothing is left to decode while the threads
        check what they were given.
        """
        many = sum(map(len, sources)) > _MANY_BATCHES * self._settings.batch_tokens
        return self._queueing if many else contextlib.nullcontext()

    def _submit(self, sources: list[list[str]], limit: int, decoding: Decoding) -> list[Any]:
        """Queue sources of one length step for the decoding threads."""
        prefix = self._package.target_prefix
        shortlist = decoding.shortlist and self._lists_candidates
        with self._opening:
            translator = self._translator
        results: list[Any] = translator.translate_batch(
            sources,
            target_prefix=[[prefix]] * len(sources) if prefix else None,
            asynchronous=True,
            max_batch_size=int(self._settings.batch_tokens * (SHORTLIST_SHARE if shortlist else 1)),
            batch_type="tokens",
            beam_size=decoding.beam,
            no_repeat_ngram_size=decoding.no_repeat_ngram,
            length_penalty=LENGTH_PENALTY,
            replace_unknowns=not self._spells_bytes,  # looking where the model looked takes a twentieth of the time
            return_scores=True,
            use_vmap=shortlist,
            max_input_length=0,
            max_decoding_length=limit,
        )
        return results

    def _hypothesis(self, result: Any, limit: int) -> Hypothesis:  # noqa: ANN401 - ctranslate2 has no types
        """Make a hypothesis of CTranslate2's best one.

        Its score is the sum over the tokens and the end mark, divided by their number ** LENGTH_PENALTY; ours is the
        mean.
        """
        tokens, score = result.hypotheses[0], result.scores[0]
        cut = len(tokens) >= limit
        length = max(1, len(tokens) + (not cut))
        mean = score * length ** (LENGTH_PENALTY - 1)
        return Hypothesis(text=self.detokenize(tokens), score=round(min(0.0, mean), 4), cut=cut)


def _join(parts: Sequence[Hypothesis]) -> Hypothesis:
    """Make one hypothesis of a text's pieces; its score is their mean, weighted by length."""
    if len(parts) == 1:
        return parts[0]
    weight = [max(1, len(part.text)) for part in parts]
    score = sum(part.score * w for part, w in zip(parts, weight, strict=True)) / sum(weight)
    return Hypothesis(text=" ".join(p.text for p in parts), score=round(score, 4), cut=any(p.cut for p in parts))
