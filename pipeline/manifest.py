"""What a run did: its signature, the packages it used, and counts that must add up."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from pipeline.errors import InputError, PipelineError
from pipeline.layout import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.packages.model_store import ModelPackage
    from pipeline.prepare import Prepared
    from pipeline.records import Pair

MANIFEST_SCHEMA: Final = "tolk.manifest/1"


class Counts(msgspec.Struct, kw_only=True):
    """A run's books: every record, character and segment is entered once on either side."""

    records: int = 0
    documents: int = 0
    rejects: int = 0
    empty_documents: int = 0
    """Documents without a segment, counted among `documents`."""
    characters: int = 0
    segment_characters: int = 0
    blank_characters: int = 0
    segments: int = 0
    pairs: int = 0
    translated: int = 0
    english: int = 0
    untranslated: int = 0
    flagged: int = 0
    languages: dict[str, int] = {}
    """Segments by language."""
    flags: dict[str, int] = {}
    fixes: dict[str, int] = {}
    """Documents by repair step."""

    def enter_prepared(self, records: Iterable[Prepared]) -> None:
        """Enter what came out of preparation."""
        fixes: Counter[str] = Counter()
        for record in records:
            self.records += 1
            if record.reject is not None:
                self.rejects += 1
                continue
            self.documents += 1
            self.empty_documents += not record.segments
            self.characters += record.characters
            self.blank_characters += record.blanks
            self.segments += len(record.segments)
            self.segment_characters += sum(s.end - s.start for s in record.segments)
            fixes.update(record.fixes)
        self.fixes = _added(self.fixes, fixes)

    def enter_pairs(self, pairs: Iterable[Pair]) -> None:
        """Enter what came out of translation."""
        languages: Counter[str] = Counter()
        flags: Counter[str] = Counter()
        for pair in pairs:
            self.pairs += 1
            self.translated += pair.model is not None
            self.english += pair.model is None and pair.tgt is not None
            self.untranslated += pair.tgt is None
            self.flagged += bool(pair.flags)
            languages[pair.src_lang] += 1
            flags.update(pair.flags)
        self.languages = _added(self.languages, languages)
        self.flags = _added(self.flags, flags)

    def plus(self, other: Counts) -> Counts:
        """Add the books of two runs."""
        sums: dict[str, Any] = {}
        for field in self.__struct_fields__:
            mine, theirs = getattr(self, field), getattr(other, field)
            sums[field] = _added(mine, Counter(theirs)) if isinstance(mine, dict) else mine + theirs
        return Counts(**sums)

    def without_empty(self) -> Counts:
        """Give the books without documents that have no segment; their white space stays, for none knows its length."""
        known = {"records": self.records - self.empty_documents, "documents": self.documents - self.empty_documents}
        return msgspec.structs.replace(self, **known, empty_documents=0)

    def reconcile(self, lines: int) -> None:
        """Fail where the books do not add up: something was lost or doubled, and nobody may take it for whole.

        Raises:
            PipelineError: naming the sums that differ.
        """
        sums = {
            "records = documents + rejects": (self.records, self.documents + self.rejects),
            "characters = in segments + between them": (
                self.characters,
                self.segment_characters + self.blank_characters,
            ),
            "segments = pairs": (self.segments, self.pairs),
            "pairs = translated + english + untranslated": (
                self.pairs,
                self.translated + self.english + self.untranslated,
            ),
            "pairs = lines written": (self.pairs, lines),
        }
        wrong = [f"{name}: {left} and {right}" for name, (left, right) in sums.items() if left != right]
        if wrong:
            message = f"The run's counts do not add up ({'; '.join(wrong)}): this is a fault in Tolk, please report it."
            raise PipelineError(message)


class PackageEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A package that a run could translate with."""

    name: str
    version: str
    sha256: str
    """Of its content."""
    from_lang: str
    to_lang: str
    embedded: bool
    """Whether it came with Tolk."""

    @property
    def label(self) -> str:
        """Name, version and short hash, as pairs have them."""
        return f"{self.name} {self.version} {self.sha256[:8]}"


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """What the last run alone did; in a run that is not incremental that is everything."""

    incremental: bool = False
    counts: Counts = msgspec.field(default_factory=Counts)
    """Of what was new: the manifest's counts are the sums over all runs."""
    unchanged: int = 0
    """Records that were passed over, since an earlier run had taken them in."""
    removed: int = 0
    """Documents of earlier runs that the input does not hold, however long ago they went: lines of `removed.jsonl`."""
    shards: tuple[str, ...] = ()


class Manifest(msgspec.Struct, kw_only=True):
    """`manifest.json`: enough to tell, a year later, how the pairs beside it were made."""

    schema: Literal["tolk.manifest/1"] = MANIFEST_SCHEMA
    tolk: str
    """Tolk's version."""
    signature: str
    """One line: version, packages and a hash of the settings; equal signatures and inputs give equal pairs."""
    inputs: list[str]
    settings: dict[str, object]
    packages: list[PackageEntry]
    shards: list[str]
    counts: Counts
    last_run: LastRun = msgspec.field(default_factory=LastRun)
    seconds: dict[str, float]
    """Wall-clock time by stage; preparation in other processes overlaps with translation."""
    started: str
    finished: str


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a finished run.

    Raises:
        InputError: if there is none, because the folder holds no run or one that is not finished.
    """
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except OSError as error:
        message = (
            f"{folder} holds no finished run: its {MANIFEST} cannot be read ({error.strerror}). "
            f"Finish the run first: tolk run INPUT --out {folder}"
        )
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"{folder / MANIFEST} is not a run's manifest ({error}). Translate anew into another folder."
    raise InputError(message)


def package_entries(packages: Iterable[ModelPackage]) -> list[PackageEntry]:
    """Describe packages for the manifest."""
    return [PackageEntry(**describe_package(package)) for package in packages]


def describe_package(package: ModelPackage) -> dict[str, Any]:
    """Give what is written of a package, in a manifest or in a list."""
    return {
        "name": package.name,
        "version": package.version,
        "sha256": package.sha256,
        "from_lang": package.from_code,
        "to_lang": package.to_code,
        "embedded": package.embedded,
    }


def sign(version: str, settings: dict[str, object], packages: Iterable[PackageEntry]) -> str:
    """Write the one line that decides whether two runs may be continued as one.

    >>> sign("0.1.0", {"beam": 1}, [])
    'tolk 0.1.0 | no package | settings 60f23757'
    """
    used = ", ".join(p.label for p in packages) or "no package"
    digest = hashlib.sha256(msgspec.json.encode(settings, order="deterministic")).hexdigest()[:8]
    return f"tolk {version} | {used} | settings {digest}"


def _added(counts: dict[str, int], more: Counter[str]) -> dict[str, int]:
    """Add counts by name, in the order of the names."""
    return dict(sorted((Counter(counts) + more).items()))
