"""`tolk export …`: the pairs of a run in another tool's format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.complete import complete_flag, complete_format, complete_language, list_flags
from pipeline.cli.options import non_empty, non_empty_path
from pipeline.settings import is_language_code

if TYPE_CHECKING:
    from pipeline.export import Exported


def export(
    pairs: Annotated[
        list[str],
        typer.Argument(parser=non_empty, metavar="PAIRS", help="Folders of finished runs, files of pairs, or -."),
    ],
    *,
    to: Annotated[str, typer.Option(help="moses, tmx, hf, parquet, csv or xliff.", autocompletion=complete_format)],
    out: Annotated[
        Path,
        typer.Option(
            parser=non_empty_path,
            metavar="PATH",
            help="File to write, or -; for moses, what its files' names begin with.",
        ),
    ],
    lang: Annotated[
        str,
        typer.Option(
            help="Source languages to take, with commas between; all if not given.", autocompletion=complete_language
        ),
    ] = "",
    min_score: Annotated[float | None, typer.Option(help="Take pairs with this score or a better one.")] = None,
    without_flag: Annotated[
        list[str] | None,
        typer.Option(help="Leave out pairs with this flag; repeatable.", autocompletion=complete_flag),
    ] = None,
    no_flagged: Annotated[bool, typer.Option("--no-flagged", help="Leave out pairs with any flag.")] = False,
    min_chars: Annotated[int, typer.Option(min=0, help="Leave out pairs with a side shorter than this.")] = 0,
    max_chars: Annotated[int | None, typer.Option(min=1, help="Leave out pairs with a side longer than this.")] = None,
    dedupe: Annotated[bool, typer.Option("--dedupe", help="Take each pair of texts once.")] = False,
) -> None:
    """Write pairs in another tool's format, filtered."""
    from pipeline.export import FORMATS, Choice, export_pairs

    if to not in FORMATS:
        message = f"--to is one of {', '.join(FORMATS)}, not {to!r}."
        raise typer.BadParameter(message)
    _check_lengths(min_chars, max_chars)
    choice = Choice(
        langs=_check_langs(_split(lang)),
        min_score=_check_score(min_score),
        without_flags=_check_flags(tuple(flag for given in without_flag or () for flag in _split(given))),
        no_flagged=no_flagged,
        min_chars=min_chars,
        max_chars=max_chars,
        dedupe=dedupe,
    )
    typer.echo(_summary(export_pairs(pairs, out, to, choice), to), err=True)


def _split(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


def _check_langs(langs: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what no pair's language can be."""
    for code in langs:
        if not is_language_code(code):
            message = f"{code!r} is not a language code such as sv or id (ISO 639)."
            raise typer.BadParameter(message)
    return langs


def _check_score(score: float | None) -> float | None:
    """Refuse what no score reaches: it is a logarithm of a probability."""
    if score is None or score <= 0:
        return score
    message = f"--min-score is 0 or less, as every score is, not {score}; -1.0 is a good one to begin with."
    raise typer.BadParameter(message)


def _check_lengths(least: int, most: int | None) -> None:
    """Refuse bounds that no length is between."""
    if most is not None and most < least:
        message = f"--min-chars {least} is more than --max-chars {most}, so no pair would be left. Turn them round."
        raise typer.BadParameter(message)


def _check_flags(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a flag that no pair has: it is misspelled, and what it was to leave out would stay."""
    known = list_flags()
    for flag in flags:
        if flag not in known:
            message = f"There is no flag {flag!r}. Known are {', '.join(known)}."
            raise typer.BadParameter(message)
    return flags


def _summary(done: Exported, to: str) -> str:
    """Say what was written, what was left out and why, and what a reader of several languages must know."""
    lines = [f"{done.written} of {done.read} pairs written: {', '.join(map(str, done.files)) or 'no file'}"]
    lines += [f"  {count} left out: {reason}" for reason, count in sorted(done.left_out.items())]
    if to == "hf" and len(done.langs) > 1:
        lines.append(f"  rows differ in their keys ({', '.join(done.langs)}); --lang gives one language a file")
    return "\n".join(lines)
