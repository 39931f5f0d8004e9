"""BLEU and chrF of every package against floors that only rise: `python -m benchmarks.quality --eval DIR`.

DIR holds `<language>/<set>.tsv` (source TAB English). A floor belongs to the set's content, by its digest, so that
another version of a set never passes for this one; a set without a floor passes. Needs sacrebleu.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["digest_file", "find_failures", "main", "merge_floors"]

Figures = dict[str, float]
Floors = dict[str, dict[str, Any]]
"""Digest of a set → its name, its lines, and `floors`: package → `beam N` → figures in points."""

_FLOORS = Path(__file__).with_name("floors.json")
_SLACK = 0.05
"""Points by which a score may stay under its floor: floors are rounded, and kernels differ between CPUs."""


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def find_failures(floors: Floors, digest: str, package: str, beam: int, figures: Figures) -> list[str]:
    """Say which figures are under their floor.

    >>> floors = {"ab": {"floors": {"p": {"beam 4": {"chrf": 40.0}}}}}
    >>> find_failures(floors, "ab", "p", 4, {"chrf": 39.0})
    ['chrf 39.0 is under its floor of 40.0']
    >>> find_failures(floors, "other", "p", 4, {"chrf": 39.0})
    []
    """
    known = floors.get(digest, {}).get("floors", {}).get(package, {}).get(f"beam {beam}", {})
    return [
        f"{name} {figures[name]:.1f} is under its floor of {floor:.1f}"
        for name, floor in known.items()
        if figures[name] < floor - _SLACK
    ]


def merge_floors(old: Figures, new: Figures, *, lower: bool) -> Figures:
    """Return the higher of each figure, or the new ones if floors may be lowered.

    >>> merge_floors({"chrf": 40.0}, {"chrf": 39.0, "bleu": 12.3}, lower=False)
    {'chrf': 40.0, 'bleu': 12.3}
    """
    rounded = {name: round(figure, 1) for name, figure in new.items()}
    return rounded if lower else {name: max(figure, old.get(name, figure)) for name, figure in rounded.items()}


def _measure(packages: list[Path], evaluation: Path, beams: list[int]) -> Iterator[tuple[Path, Path, int, Figures]]:
    """Yield package, set, beam and figures, printing each line of scores as it comes."""
    from models.training.evaluate import score_set

    for package in packages:
        language = json.loads((package / "metadata.json").read_text(encoding="utf-8"))["from_code"]
        for path in sorted((evaluation / language).glob("*.tsv")):
            for beam in beams:
                score = score_set(package, path, beam)
                print(score, flush=True)
                yield package, path, beam, {"bleu": score.bleu, "chrf": score.chrf}


def _raise_floor(floors: Floors, path: Path, package: str, beam: int, figures: Figures, *, lower: bool) -> None:
    lines = path.read_bytes().count(b"\n")
    name = f"{path.parent.name}/{path.stem}"
    entry = floors.setdefault(digest_file(path), {"name": name, "lines": lines, "floors": {}})
    beams = entry["floors"].setdefault(package, {})
    beams[f"beam {beam}"] = merge_floors(beams.get(f"beam {beam}", {}), figures, lower=lower)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, metavar="DIR", help="folder of <language>/*.tsv")
    parser.add_argument("--packages", type=Path, nargs="+", metavar="DIR", help="packages (default: those of models/)")
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 4], metavar="N", help="beam sizes (default: 1 4)")
    parser.add_argument("--floors", type=Path, default=_FLOORS, metavar="FILE", help="default: beside this script")
    parser.add_argument("--raise", dest="raised", action="store_true", help="raise floors to what is measured now")
    parser.add_argument("--lower", action="store_true", help="with --raise: let floors sink as well")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Measure, compare, and raise the floors if asked; return 1 if a figure is under its floor."""
    options = _make_parser().parse_args(arguments)
    packages = options.packages or sorted(Path(__file__).parents[1].glob("models/translate-*"))
    floors: Floors = json.loads(options.floors.read_text(encoding="utf-8")) if options.floors.exists() else {}
    failed = False
    for package, path, beam, figures in _measure(packages, options.eval, options.beams):
        for failure in find_failures(floors, digest_file(path), package.name, beam, figures):
            print(f"{package.name} on {path.parent.name}/{path.stem}, beam {beam}: {failure}", file=sys.stderr)
            failed = True
        if options.raised:
            _raise_floor(floors, path, package.name, beam, figures, lower=options.lower)
    if options.raised:
        options.floors.write_text(json.dumps(floors, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return int(failed and not (options.raised and options.lower))


if __name__ == "__main__":
    sys.exit(main())
