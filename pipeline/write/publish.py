"""A finished folder to an address on any file system that fsspec knows: what has a manifest there is whole.

The address can neither be locked nor appended to, so a run works in a folder of this machine, and publishes it when it
is done. While files come and go, a marker stands beside them. It names the shards that runs may have left, so that
whoever goes on, on whichever machine, knows what is a run's; and who is at work, so that no second run begins.
"""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

import msgspec

from pipeline.addresses import connect, explain_failure, redact
from pipeline.errors import OutputError, PipelineError
from pipeline.files import explain_write_errors, locked, replace_file
from pipeline.layout import MANIFEST, PROGRESS, REJECTS, REMOVED, REPORT, WORK_FOLDER, is_own, list_own
from pipeline.write.guard import read_claim, refuse_foreign
from pipeline.write.lease import MARKER, Lease, put_small
from pipeline.write.published import PUBLISHED, Found, Published, hash_manifest, is_ours, must_upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Publisher:
    """An output folder at an address, and the folder of this machine that is published there."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = redact(address).rstrip("/")
        self.folder = folder
        with self._explaining():
            self._system, path = connect(address)
            self._path = path.rstrip("/")
            alone, _ = connect(address, shared=False)  # for not every line carries two things at a time
            self._lease = Lease(alone, self._path, self.address)

    @contextlib.contextmanager
    def claimed(self, *, follow: bool, force: bool) -> Iterator[None]:
        """Keep other runs away while one is at work.

        Args:
            follow: Whether to bring here first what stands there.
            force: Whether to take over from a run that may be alive.

        Raises:
            OutputError: if it cannot be written, another run is at work, or files stand there that no run has left.
        """
        self._claim(follow=follow, force=force)
        try:
            yield
        except BaseException:
            with contextlib.suppress(Exception):
                self._lease.leave(done=False)
            raise
        with self._explaining():
            self._lease.leave(done=True)

    def renew(self) -> None:
        """Let others see that the run is alive; to be called now and then.

        Raises:
            OutputError: if another run has taken over.
        """
        self._lease.renew()

    def _claim(self, *, follow: bool, force: bool) -> None:
        with self._explaining():
            self._make_folder(self._path)
            found = self._look()
        if found.mark is None:
            self._refuse_foreign(found)
        with explain_write_errors(self.folder):
            (self.folder / WORK_FOLDER).mkdir(parents=True, exist_ok=True)
        with locked(self.folder), self._explaining():
            published = self._read_published(found)
            if not force:
                self._lease.refuse_held(found.mark, published.writer)
            if follow and found.manifest and hash_manifest(found.manifest) != published.manifest:
                published = self._fetch(found)
            self._mark(published, found.shards(published))  # which also tries whether it may be written

    def publish(self) -> None:
        """Upload what is new, the manifest last; the caller must hold the lock on the folder.

        Raises:
            OutputError: if it cannot be written; what is done is known, and the next call goes on.
        """
        with self._explaining():
            self._lease.check()
            found = self._look()
            published = self._read_published(found)
            manifest = (self.folder / MANIFEST).read_bytes()
            shards = read_claim(manifest) or []
            stamps = {name: stamp for name in [*shards, REJECTS, REMOVED, REPORT] if (stamp := self._stamp(name))}
            uploads = {name: stamp for name, stamp in stamps.items() if must_upload(name, stamp, published, found)}
            deletions = (found.shards(published) | ({REMOVED} & found.sizes.keys())) - {*shards, *stamps}
            self._mark(published, found.shards(published) | set(shards))
            if (uploads or deletions) and MANIFEST in found.sizes:
                self._system.rm_file(f"{self._path}/{MANIFEST}")  # no folder shall look whole while it is not
            for name, stamp in uploads.items():
                self._lease.renew()
                self._lease.check()
                with self._lease.renewing():
                    self._system.put_file(str(self.folder / name), f"{self._path}/{name}")
                published.files[name] = stamp
                self._write_published(published)
            for name in sorted(deletions):
                self._lease.renew()
                self._lease.check()
                self._system.rm_file(f"{self._path}/{name}")
            self._check(uploads)
            self._lease.check()
            put_small(self._system, f"{self._path}/{MANIFEST}", manifest)
            published.manifest, published.files = hash_manifest(manifest), stamps
            self._write_published(published)

    def clear(self) -> None:
        """Remove this machine's copy of what is published."""
        with contextlib.suppress(OSError, OutputError), locked(self.folder):
            self._empty()
            shutil.rmtree(self.folder / WORK_FOLDER, ignore_errors=True)
            self.folder.rmdir()  # unless it holds more, the log of nights

    def _fetch(self, found: Found) -> Published:
        """Bring here what another machine has published: the register is made anew from it."""
        names = [*(read_claim(found.manifest) or ()), *({REJECTS, REMOVED, REPORT} & found.sizes.keys())]
        if away := [name for name in names if name not in found.sizes]:
            message = (
                f"{away[0]} was moved away from {self.address}, so this machine cannot tell what is new. Run where the "
                "runs before were done, put it back, or start over with --fresh."
            )
            raise OutputError(message)
        shutil.rmtree(self.folder / WORK_FOLDER)
        (self.folder / WORK_FOLDER).mkdir()
        self._empty()
        for name in names:
            self._system.get_file(f"{self._path}/{name}", str(self.folder / name))
        replace_file(self.folder / MANIFEST, found.manifest)
        files = {name: stamp for name in names if (stamp := self._stamp(name))}
        return Published(manifest=hash_manifest(found.manifest), files=files)

    def _empty(self) -> None:
        for path in [self.folder / PUBLISHED, *list_own(self.folder)]:
            path.unlink(missing_ok=True)

    def _look(self) -> Found:
        self._system.invalidate_cache()
        try:
            listed = self._system.ls(self._path, detail=True)
        except FileNotFoundError:
            listed = []
        files = (entry for entry in listed if entry["type"] != "directory")
        sizes = {str(entry["name"]).rpartition("/")[2]: int(entry["size"]) for entry in files}
        mark = self._lease.look() if MARKER in sizes else None
        manifest = self._system.cat_file(f"{self._path}/{MANIFEST}") if MANIFEST in sizes else b""
        if mark is not None and read_claim(manifest) is None:
            manifest = b""  # torn by a crash
        return Found(sizes=sizes, manifest=manifest, mark=mark)

    def _refuse_foreign(self, found: Found) -> None:
        if MANIFEST in found.sizes and read_claim(found.manifest) is None:
            refuse_foreign(f"{self.address}/{MANIFEST}")
        if MANIFEST not in found.sizes and (own := sorted(filter(is_own, found.sizes))):
            refuse_foreign(f"{self.address}/{own[0]}")

    def _make_folder(self, path: str) -> None:
        """Make a folder where the system has any; what stands first is a bucket, and those are not a run's to make."""
        if "/" in path.strip("/") and not self._system.exists(path):
            self._make_folder(path.rpartition("/")[0])
            self._system.mkdir(path, create_parents=False)

    def _mark(self, published: Published, shards: set[str]) -> None:
        published.shards = sorted(shards)
        self._write_published(published)
        self._lease.write(published.writer, shards)

    def _check(self, stamps: dict[str, tuple[int, int]]) -> None:
        """Make sure that everything has arrived, before the manifest says so."""
        sizes = self._look().sizes
        for name, stamp in stamps.items():
            if sizes.get(name) != stamp[0]:
                message = f"{self.address}/{name} has not arrived whole. Run the same command again."
                raise OutputError(message)

    def _stamp(self, name: str) -> tuple[int, int] | None:
        path = self.folder / name
        return (path.stat().st_size, path.stat().st_mtime_ns) if path.exists() else None

    def _read_published(self, found: Found) -> Published:
        try:
            published = msgspec.json.decode((self.folder / PUBLISHED).read_bytes(), type=Published)
        except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
            published = Published()
        if not is_ours(published, found):  # somebody else has written there since, or cleared it
            published.files.clear()
        return published

    def _write_published(self, published: Published) -> None:
        with explain_write_errors(self.folder):
            replace_file(self.folder / PUBLISHED, msgspec.json.encode(published))

    @contextlib.contextmanager
    def _explaining(self) -> Iterator[None]:
        """Turn whatever a library of another system raises into an OutputError that says what is kept."""
        try:
            yield
        except PipelineError:
            raise
        except Exception as error:
            message = explain_failure(self.address, error, "Writing", "write")
            if any((self.folder / name).exists() for name in (MANIFEST, f"{WORK_FOLDER}/{PROGRESS}")):
                message += f" What is done is kept in {self.folder}: the same command goes on from there."
            raise OutputError(message) from error
