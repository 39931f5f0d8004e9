"""The command line: a command for each step, and `all` for the lot."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.training.steps import Work

__all__ = ["main"]

_STEPS = {
    "filter": "corpora → bitext.tsv",
    "vocabulary": "bitext.tsv → sentencepiece.model",
    "shortlist": "bitext.tsv → shortlist-*.txt, which spare the decoder most of the vocabulary",
    "train": "go on training for --minutes; run it again to go on further",
    "average": "the last snapshots → weights.npz",
    "convert": "weights.npz → model/ (CTranslate2, int8)",
    "package": "model → Argos packages with their cards",
    "evaluate": "BLEU and chrF of the packages on every --eval/<language>/*.tsv",
    "all": "every step that is not done yet",
}


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    for name, text in _STEPS.items():
        step = steps.add_parser(name, help=text, description=text)
        step.add_argument("--work", type=Path, required=True, metavar="DIR", help="the working folder")
        step.add_argument("--set", action="append", default=[], metavar="NAME=JSON", help="a setting of the recipe")
        for option in _list_options(name):
            option_name, settings = option
            step.add_argument(option_name, **settings)  # type: ignore[arg-type]
    return parser


def _list_options(step: str) -> list[tuple[str, dict[str, object]]]:
    """Return the options of a step; `all` has those of every step."""
    folder: dict[str, object] = {"type": Path, "metavar": "DIR"}
    options: dict[str, list[tuple[str, dict[str, object]]]] = {
        "filter": [("--corpora", {**folder, "help": "folder of <language>-en.tsv.xz", "required": True})],
        "train": [
            ("--minutes", {"type": float, "default": 60.0, "help": "how long to train (default: 60)"}),
            ("--cool", {"action": "store_true", "help": "let the rate fall to nothing over these minutes"}),
            ("--processes", {"type": int, "default": 1, "help": "on a CPU: as many as cores, of one thread each"}),
            ("--loaders", {"type": int, "default": 0, "help": "on a GPU: processes that make batches for it"}),
            ("--start", {"type": Path, "metavar": "NPZ", "help": "weights to start a new training from"}),
        ],
        "average": [("--snapshots", {"type": int, "default": 6, "help": "how many of the last (default: 6)"})],
        "package": [
            ("--version", {"default": "1.0", "help": "the packages' version (default: 1.0)"}),
            ("--out", {**folder, "help": "where the packages go (default: WORK/packages)"}),
            ("--machine", {"default": "a CPU", "help": "what trained it, for the card"}),
            ("--history", {"default": "", "help": "a sentence for the card on what came before"}),
        ],
        "evaluate": [("--packages", {**folder, "help": "where the packages are (default: WORK/packages)"})],
    }
    if step == "all":
        return [option for some in options.values() for option in some if option[0] != "--packages"] + [_evaluation()]
    return options.get(step, []) + ([_evaluation()] if step in {"train", "package", "evaluate"} else [])


def _evaluation() -> tuple[str, dict[str, object]]:
    return "--eval", {"type": Path, "metavar": "DIR", "help": "folder of <language>/*.tsv, source TAB English"}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = _make_parser().parse_args(arguments)
    try:
        from models.training.steps import Work, override_recipe
    except ImportError as error:
        print(f"training needs {error.name}: {sys.executable} -m pip install '.[train]'", file=sys.stderr)
        return 1
    work = Work(options.work)
    work.use(override_recipe(work.recipe, options.set))
    wanted = [name for name in _STEPS if name != "all"] if options.step == "all" else [options.step]
    for step in wanted:
        _run_step(step, work, options)
    return 0


def _run_step(step: str, work: Work, options: argparse.Namespace) -> None:
    if step == "filter":
        work.filter(options.corpora)
    elif step == "vocabulary":
        work.learn_vocabulary()
    elif step == "shortlist":
        work.list_candidates()
    elif step == "train":
        _train(work, options)
    elif step == "average":
        work.average(options.snapshots)
    elif step == "convert":
        work.convert()
    elif step == "package":
        out = options.out or work.packages
        work.package(options.version, out, options.eval, machine=options.machine, history=options.history)
    elif options.eval:
        packages = getattr(options, "packages", None) or getattr(options, "out", None) or work.packages
        for score in work.evaluate(packages, options.eval):
            print(score)


def _train(work: Work, options: argparse.Namespace) -> None:
    from models.training.peers import train_together
    from models.training.steps import TrainOptions

    wanted = TrainOptions(options.minutes, options.cool, options.start, options.eval, options.loaders)
    train_together(options.processes, partial(work.train, wanted))


if __name__ == "__main__":
    sys.exit(main())
