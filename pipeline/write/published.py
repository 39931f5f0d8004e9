"""What this machine has published to an address, and what it finds there."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.write.guard import read_claim

if TYPE_CHECKING:
    from pipeline.write.lease import Mark

PUBLISHED: Final = ".published.json"


class Published(msgspec.Struct, kw_only=True):
    """What this machine has published to the address; the record stands in the folder that is published."""

    writer: str = msgspec.field(default_factory=lambda: uuid.uuid4().hex)
    manifest: str = ""
    """Hash of the manifest that stood there last."""
    files: dict[str, tuple[int, int]] = {}
    """Files that stand there, as they were here: size and time."""
    shards: list[str] = []
    """What the marker says may stand there, for a line may break while that is written."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the address."""

    sizes: dict[str, int]
    manifest: bytes = b""
    mark: Mark | None = None

    def shards(self, published: Published) -> set[str]:
        """Name the shards that are a run's."""
        marked = () if self.mark is None else self.mark.shards if self.mark.writer else published.shards
        return {*(read_claim(self.manifest) or ()), *marked} & self.sizes.keys()


def must_upload(name: str, stamp: tuple[int, int], published: Published, found: Found) -> bool:
    """Whether a file is new or changed; one that was uploaded, and is not there any more, was moved away."""
    return published.files.get(name) != stamp or found.sizes.get(name, stamp[0]) != stamp[0]


def is_ours(published: Published, found: Found) -> bool:
    """Whether what stands at the address is what this machine has left there."""
    if found.manifest:
        return hash_manifest(found.manifest) == published.manifest
    return found.mark is not None and found.mark.writer == published.writer


def hash_manifest(manifest: bytes) -> str:
    """Give what a manifest is known again by."""
    return hashlib.sha256(manifest).hexdigest()
