"""The one door to argostranslate: imported late, and without the folders and settings that its import brings along."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import tempfile
import threading
from typing import TYPE_CHECKING, Any, Final, Protocol

from pipeline.errors import PackageError
from pipeline.packages.provenance import METADATA_FILE, REINSTALL, clean_line, read_metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

INDEX_VARIABLE: Final = "ARGOS_PACKAGE_INDEX"
"""The only one of Argos's settings that Tolk follows: where its package index is."""

PIECES: Final = "sentencepiece.model"
MERGES: Final = "bpe.model"

_IMPORT_LOCK: Final = threading.Lock()
_TRIAL_LOCK: Final = threading.Lock()
"""There is one standard error, and whoever puts another in its place has to be the one who puts it back."""


class Tokenizer(Protocol):
    """What both kinds of Argos tokenizers can do."""

    def encode(self, sentence: str) -> list[str]:
        """Cut a sentence into the model's source tokens."""
        ...

    def decode(self, tokens: Sequence[str]) -> str:
        """Join target tokens to text."""
        ...


def import_argos() -> Any:  # noqa: ANN401 - argostranslate has no types
    """Give `argostranslate.package`, imported so that nothing is written under the user's home."""
    with _IMPORT_LOCK, _borrowed_environment():
        return importlib.import_module("argostranslate.package")


def open_argos_tokenizer(path: Path) -> Tokenizer:
    """Open the tokenizer of a package's folder and try it, for Argos loads it only when it is first used.

    Argos's tokenizers by themselves: its packages bring a downloader along, which takes longer than both.
    """
    metadata = read_metadata(path / METADATA_FILE)
    kinds = importlib.import_module("argostranslate.tokenizer")
    try:
        # A broken bpe.model makes Argos write to stderr and leave the process.
        with _TRIAL_LOCK, contextlib.redirect_stderr(io.StringIO()):
            tokenizer: Tokenizer
            if (path / PIECES).exists():
                tokenizer = kinds.SentencePieceTokenizer(path / PIECES)
            else:
                tokenizer = kinds.BPETokenizer(path / MERGES, metadata.from_code, metadata.to_code)
            tokenizer.decode(tokenizer.encode("A test."))
    except (Exception, SystemExit) as error:
        reason = "it is damaged" if isinstance(error, SystemExit) else clean_line(error)
        message = f"The tokenizer in {path} cannot be opened: {reason}"
        raise PackageError(message, mend=REINSTALL) from error
    return tokenizer


def index_address() -> str:
    """Give the address of the Argos package index, from argostranslate's own settings."""
    import_argos()
    base: str = importlib.import_module("argostranslate.settings").package_index
    return base.rstrip("/") + "/index.json"


@contextlib.contextmanager
def _borrowed_environment() -> Iterator[None]:
    """Show argostranslate an empty home for as long as its import lasts.

    The import makes folders under the home, which may be read-only, and obeys variables that could make it fail or
    write to stdout.
    """
    before = dict(os.environ)
    try:
        with tempfile.TemporaryDirectory(prefix="tolk-") as home:
            for name in before:
                if name == "SNAP" or (name.startswith("ARGOS_") and name != INDEX_VARIABLE):
                    del os.environ[name]
            os.environ |= dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), home)
            yield
    except OSError as error:
        message = f"No folder for temporary files: {error.strerror}. Name a writable one: TMPDIR=/path tolk …"
        raise PackageError(message) from error
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ |= before
