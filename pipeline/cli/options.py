"""Options that several commands share, and the Settings made of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipeline.cli.complete import complete_detector, complete_device, complete_language
from pipeline.errors import SettingsError
from pipeline.records import TARGET_LANG
from pipeline.settings import MAX_BEAM, MAX_WORKERS, Settings

if TYPE_CHECKING:
    from pipeline.executor import OpenExecutor


def non_empty(given: str) -> str:
    """Refuse an empty name: a variable that was not set, most likely, and `.` to the system."""
    if not given:
        message = "It is empty. Give a name, or set the variable that stands for it."
        raise typer.BadParameter(message)
    return given


def non_empty_path(given: str) -> Path:
    """Refuse a path without a name."""
    return Path(non_empty(given))


Inputs = Annotated[
    list[str],
    typer.Argument(
        envvar="TOLK_IN",
        parser=non_empty,
        metavar="INPUTS",
        help="Files, folders, globs, addresses, or - for standard input.",
    ),
]
OutPlace = Annotated[
    str,
    typer.Option(
        "--out",
        envvar="TOLK_OUT",
        parser=non_empty,
        metavar="PATH",
        help="Folder or address to write: pairs, rejects, manifest, report.",
    ),
]
Lines = Annotated[
    str,
    typer.Argument(parser=non_empty, metavar="LINES", help="JSON lines of the stage before, or - for standard input."),
]
OutFile = Annotated[
    Path | None,
    typer.Option(
        "--out", parser=non_empty_path, metavar="PATH", help="File to write; standard output if not given, or -."
    ),
]
TextField = Annotated[str, typer.Option(envvar="TOLK_TEXT_FIELD", help="Field or column that holds a record's text.")]
SourceLang = Annotated[
    str | None,
    typer.Option(
        envvar="TOLK_SOURCE_LANG",
        help="Language of all input; detection is skipped.",
        autocompletion=complete_language,
    ),
]
Languages = Annotated[
    str,
    typer.Option(
        envvar="TOLK_LANGUAGES",
        help="Languages to translate, with commas between.",
        autocompletion=complete_language,
    ),
]
Detector = Annotated[
    str,
    typer.Option(
        envvar="TOLK_DETECTOR",
        help="Language detector: tolk or langdetect.",
        autocompletion=complete_detector,
    ),
]
Beam = Annotated[
    int, typer.Option(envvar="TOLK_BEAM", min=1, max=MAX_BEAM, help="Hypotheses kept while decoding; 1 is greedy.")
]
Workers = Annotated[
    int | None,
    typer.Option(
        envvar="TOLK_WORKERS", min=1, max=MAX_WORKERS, help="Processes and decoding threads; all cores if not given."
    ),
]
Strict = Annotated[bool, typer.Option("--strict", envvar="TOLK_STRICT", help="Exit with 3 where input was rejected.")]
MemoryLimit = Annotated[
    int | None, typer.Option(envvar="TOLK_MEMORY_LIMIT", min=1, help="Megabytes that the translation memory may keep.")
]
NoMemory = Annotated[
    bool, typer.Option("--no-memory", envvar="TOLK_NO_MEMORY", help="Neither use the translation memory nor add to it.")
]
Compress = Annotated[
    bool, typer.Option("--compress", envvar="TOLK_COMPRESS", help="Pack the shards: pairs-00000.jsonl.zst.")
]
Device = Annotated[
    str, typer.Option(envvar="TOLK_DEVICE", help="What decodes: cpu or cuda.", autocompletion=complete_device)
]
Ray = Annotated[
    str | None,
    typer.Option(
        envvar="TOLK_RAY",
        parser=non_empty,
        metavar="ADDRESS",
        help="Work on a Ray cluster: HOST:PORT, auto, or local. --workers is then its translators at most.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON: an object a line.")]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Show no progress bar.")]

DEFAULTS: Final = Settings()
LANGUAGES: Final = ",".join(DEFAULTS.languages)


def make_settings(**given: Any) -> Settings:  # noqa: ANN401 - the options of whichever command
    """Make Settings of a command's options.

    Raises:
        typer.BadParameter: naming the option that cannot be.
    """
    given = {name: value for name, value in given.items() if value is not None}
    for name in ("text_field", "languages", "source_lang"):
        _check_encoding(name, given.get(name, ""))
    if "languages" in given:
        given["languages"] = tuple(
            dict.fromkeys(code.strip() for code in given["languages"].split(",") if code.strip())
        )
    lang, named = given.get("source_lang"), given.get("languages", DEFAULTS.languages)
    if lang and lang != TARGET_LANG and lang not in named and named != DEFAULTS.languages:
        message = (
            f"--source-lang {lang} is not among --languages {','.join(named)}. Name it there too, or leave one out."
        )
        raise typer.BadParameter(message)
    if lang:
        given["languages"] = tuple(dict.fromkeys((*given.get("languages", ()), lang)))
    limit = given.pop("memory_limit", None)
    if given.pop("no_memory", False):
        given["memory_bytes"] = 0
    elif limit is not None:
        given["memory_bytes"] = limit * 2**20
    try:
        return Settings(**given)
    except SettingsError as error:
        message = f"{_option(error.field)} {error.problem}"
        raise typer.BadParameter(message) from error


def choose_executor(address: str | None, most: int | None) -> OpenExecutor:
    """Give this machine, or the cluster at an address."""
    if address is None:
        from pipeline.executor import open_local

        return open_local
    from pipeline.cluster import open_cluster

    return open_cluster(address, most)


def _option(field: str) -> str:
    return f"--{field.replace('_', '-')}"


def _check_encoding(field: str, given: str) -> None:
    if not given.isprintable() and re.search("[\ud800-\udfff]", given):
        message = f"{_option(field)} holds bytes that are not UTF-8: {given!r}. Type it in a UTF-8 terminal."
        raise typer.BadParameter(message)
