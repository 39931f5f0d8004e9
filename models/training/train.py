"""The training loop: resumable at any moment, bounded in minutes, the same on a CPU and on one GPU."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from models.training.checkpoint import find_snapshots, load_weights, save_weights
from models.training.network import Network
from models.training.optimiser import find_rate, make_optimisers, set_rates
from models.training.peers import Peers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from torch import Tensor
    from torch.optim import Optimizer

    from models.training.batches import Batch
    from models.training.checkpoint import Weights
    from models.training.recipe import Recipe

__all__ = ["Progress", "Trainer", "read_weights"]

_LOG_STEPS = 50


@dataclass(slots=True)
class Progress:
    """How far a training is: steps, target tokens, and seconds of training on the machines it has seen."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0


def read_weights(network: Network) -> Weights:
    """Return a network's parameters by name."""
    return {name: value.detach().float().cpu().numpy() for name, value in network.named_parameters()}


def multiplies_halves() -> bool:
    """Tell whether this processor multiplies bfloat16 fast; without AVX-512 that takes far longer than float32."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - it has no public name


class Trainer:
    """A network, its optimisers and its progress, kept in `folder`: `state.pt` and `snapshots/step-*.npz`."""

    def __init__(self, folder: Path, recipe: Recipe, start: Path | None = None, peers: Peers | None = None) -> None:
        self.folder, self.recipe, self.peers = folder, recipe, peers or Peers()
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.halves = self.device.type == "cuda" or multiplies_halves()
        torch.manual_seed(1)
        self.network = Network(recipe).to(self.device)
        if start is not None:
            weights = {name: torch.from_numpy(value) for name, value in load_weights(start).items()}
            self.network.load_state_dict(weights)
        self.optimisers: list[Optimizer] = make_optimisers(self.network, recipe)
        self.progress = Progress()
        self.stopped = False
        if self._state_path.exists():
            self._resume()

    @property
    def _state_path(self) -> Path:
        return self.folder / "state.pt"

    def _resume(self) -> None:
        state = torch.load(self._state_path, weights_only=True, map_location=self.device)
        self.network.load_state_dict(state["network"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            peaks = [group["peak"] for group in optimiser.param_groups]
            optimiser.load_state_dict(kept)
            for group, peak in zip(optimiser.param_groups, peaks, strict=True):
                group["peak"] = peak
        self.progress = Progress(**state["progress"])

    @property
    def seed(self) -> int:
        """Chance for this run and process: other pairs than its peers draw, and than the run before this one drew."""
        return self.progress.step * self.peers.count + self.peers.rank

    def save(self) -> None:
        """Write everything that a later run needs to go on, whole or not at all."""
        state: dict[str, Any] = {
            "network": self.network.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "progress": asdict(self.progress),
        }
        partial = self._state_path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self._state_path)
        (self.folder / "progress.json").write_text(json.dumps(asdict(self.progress)) + "\n", encoding="utf-8")

    def snapshot(self) -> None:
        """Write the weights alone, and forget the oldest snapshots."""
        folder = self.folder / "snapshots"
        folder.mkdir(exist_ok=True)
        save_weights(read_weights(self.network), folder / f"step-{self.progress.step:07}.npz")
        for old in find_snapshots(folder)[: -self.recipe.snapshots_kept]:
            old.unlink()

    def move(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Put a batch on the device."""
        source, target = torch.from_numpy(batch.source), torch.from_numpy(batch.target)
        return source.to(self.device, non_blocking=True), target.to(self.device, non_blocking=True)

    def take_step(self, batch: Batch, spent: float, *, cool: bool) -> Step:
        """Learn from one batch a process, all of them together; the leader's clock sets the rate."""
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.halves):
            loss, count = self.network(*self.move(batch))
        loss.backward()
        shared = [loss.item(), float(count), spent if self.peers.leads else 0.0]
        step = Step(*self.peers.add_up(self.network, shared))
        for parameter in self.network.parameters():
            if parameter.grad is not None:
                parameter.grad /= step.tokens
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        set_rates(self.optimisers, find_rate(self.progress.step, self.recipe.warmup, step.spent if cool else None))
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        return step

    def run(self, batches: Iterator[Batch], minutes: float, *, cool: bool) -> Iterator[Progress]:
        """Train for so many minutes, falling to rate nothing if `cool`; the leader yields after each snapshot."""
        signal.signal(signal.SIGTERM, self._stop)
        torch.set_flush_denormal(True)  # the tails of a softmax are denormal, which slows a CPU down
        began, tally, spent = time.monotonic(), Tally(), 0.0
        while spent < 1:
            now = 1.0 if self.stopped else (time.monotonic() - began) / (60 * minutes)
            step = self.take_step(next(batches), now, cool=cool)
            spent = step.spent
            tally.add(step)
            self.progress.step += 1
            if self.progress.step % _LOG_STEPS == 0 or spent >= 1:
                self._report(tally, spent)
            if self.peers.leads and (self.progress.step % self.recipe.snapshot_steps == 0 or spent >= 1):
                self.snapshot()
                self.save()
                yield self.progress

    def _report(self, tally: Tally, spent: float) -> None:
        self.progress.tokens += int(tally.tokens)
        self.progress.seconds += tally.seconds
        text = tally.drain()
        if self.peers.leads:
            print(f"step {self.progress.step} {text} spent {spent:.1%}", flush=True)

    def _stop(self, *_: object) -> None:
        self.stopped = True


class Step(NamedTuple):
    """One step of all processes: the summed loss in nats, the target tokens, and the share of the time spent."""

    loss: float
    tokens: float
    spent: float


class Tally:
    """The loss and speed since it was last drained."""

    def __init__(self) -> None:
        self.loss, self.tokens, self.began = 0.0, 0.0, time.monotonic()

    @property
    def seconds(self) -> float:
        """The time since it was last drained."""
        return time.monotonic() - self.began

    def add(self, step: Step) -> None:
        """Count a step."""
        self.loss += step.loss
        self.tokens += step.tokens

    def drain(self) -> str:
        """Return the mean loss in nats a token and the tokens a second, and begin anew."""
        text = f"loss {self.loss / max(self.tokens, 1):.3f} tokens/s {self.tokens / self.seconds:.0f}"
        self.loss, self.tokens, self.began = 0.0, 0.0, time.monotonic()
        return text
