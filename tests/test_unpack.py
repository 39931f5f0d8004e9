"""Hostile zip files, made for real: none may write anything outside, or anything at all that is not wanted."""

from __future__ import annotations

import io
import os
import stat
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import PackageError
from pipeline.packages.unpack import MAX_ENTRIES, unpack_package

if TYPE_CHECKING:
    from pathlib import Path

METADATA = "p/metadata.json"
CENTRAL = b"PK\x01\x02"
"""What each record of the zip's table of contents begins with."""


def make_zip(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack entries as they are told, however wrong."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for entry, content in ((METADATA, b"{}"), *entries):
            archive.writestr(entry, content, compress_type=method)
    return buffer.getvalue()


def make_special(name: str, mode: int) -> zipfile.ZipInfo:
    """Make an entry that is said to be a link, a pipe or the like."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def patch(raw: bytes, at: int, layout: str, value: int) -> bytes:
    """Overwrite a number of the last record in the table of contents."""
    changed = bytearray(raw)
    struct.pack_into(layout, changed, raw.rindex(CENTRAL) + at, value)
    return bytes(changed)


def list_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "one" / "two" / "inside"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/passwd", "absolute path"),
        ("//server/share", "absolute path"),
        ("../evil", "leads out of the package"),
        ("p/../../evil", "leads out of the package"),
        ("p/model/../../../evil.bin", "leads out of the package"),
        ("p\\..\\evil", "backslash"),
        ("C:/evil", "colon"),
        ("p/c:evil", "colon"),
        ("p/./metadata.json", "unclear name"),
        ("p//metadata.json", "unclear name"),
        ("p/" + "x" * 300, "unclear name"),
        ("p/\x1b[2Jevil", "control characters"),
        ("q/metadata.json", "2 top-level folders"),
        ("loose.json", "2 top-level folders"),
        (METADATA, "comes twice"),
        ("p/METADATA.json", "comes twice"),
        ("P/metadata.json", "comes twice"),
        ("p/metadata.json/", "comes twice"),
        ("p/metadata.json/inner", "file and a folder of one name"),
    ],
)
def test_an_unclear_name_is_refused_before_anything_is_written(inside: Path, name: str, reason: str) -> None:
    with pytest.raises(PackageError, match=reason):
        unpack_package(io.BytesIO(make_zip((name, b"evil"))), inside)
    assert list_files(inside.parents[2]) == []


def test_names_that_differ_in_unicode_form_alone_are_refused(inside: Path) -> None:
    with pytest.raises(PackageError, match="comes twice"):
        unpack_package(io.BytesIO(make_zip(("p/å", b"1"), ("p/a\u030a", b"2"))), inside)


def test_a_name_that_hides_its_end_behind_a_nul_is_refused(inside: Path) -> None:
    raw = make_zip(("p/model/x.bin?evil", b"")).replace(b"x.bin?evil", b"x.bin\0evil")
    with pytest.raises(PackageError, match="control characters"):
        unpack_package(io.BytesIO(raw), inside)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFDIR])
def test_links_and_special_files_are_refused(inside: Path, kind: int) -> None:
    raw = make_zip((make_special("p/README.md", kind | 0o777), b"/etc/passwd"))
    with pytest.raises(PackageError, match=r"is a link|neither a file nor a folder"):
        unpack_package(io.BytesIO(raw), inside)
    assert list_files(inside) == []


def test_an_entry_that_grows_beyond_reason_is_refused(inside: Path) -> None:
    raw = make_zip(("p/model/model.bin", bytes(30 * 2**20)))
    with pytest.raises(PackageError, match="grows more than 100-fold"):
        unpack_package(io.BytesIO(raw), inside)


def test_many_small_entries_that_grow_beyond_reason_are_refused(inside: Path) -> None:
    raw = make_zip(*((f"p/model/{number}.bin", bytes(2**20)) for number in range(20)))
    with pytest.raises(PackageError, match=r"^it grows more than 100-fold"):
        unpack_package(io.BytesIO(raw), inside)


def test_more_than_four_gigabytes_declared_are_refused(inside: Path) -> None:
    raw = make_zip(("p/model/a.bin", b"a"), ("p/model/b.bin", b"b"), method=zipfile.ZIP_STORED)
    at = raw.index(CENTRAL, raw.index(CENTRAL) + 1)
    for start in (at, raw.rindex(CENTRAL)):
        raw = raw[: start + 20] + struct.pack("<II", 2**31, 2**31) + raw[start + 28 :]
    with pytest.raises(PackageError, match="more than 4 GB"):
        unpack_package(io.BytesIO(raw), inside)


@pytest.mark.parametrize("declared", [0, 10, 99])
def test_an_entry_that_holds_more_than_it_declares_is_refused(inside: Path, declared: int) -> None:
    raw = patch(make_zip(("p/model/model.bin", b"x" * 100)), 24, "<I", declared)
    with pytest.raises(PackageError, match=r"no sound zip file|holds more"):
        unpack_package(io.BytesIO(raw), inside)
    assert all(path.stat().st_size <= declared for path in inside.glob("model/*"))


def test_an_entry_that_holds_less_than_it_declares_is_refused(inside: Path) -> None:
    raw = patch(make_zip(("p/model/model.bin", b"x" * 100)), 24, "<I", 101)
    with pytest.raises(PackageError, match="holds less than it declares"):
        unpack_package(io.BytesIO(raw), inside)


def test_a_flipped_byte_is_found_by_the_checksum(inside: Path) -> None:
    raw = make_zip(("p/model/model.bin", b"x" * 100), method=zipfile.ZIP_STORED).replace(b"xxx", b"xyx", 1)
    with pytest.raises(PackageError, match="Bad CRC-32"):
        unpack_package(io.BytesIO(raw), inside)


def test_entries_that_share_their_bytes_are_refused(inside: Path) -> None:
    raw = patch(make_zip(("p/model/model.bin", b"x" * 100)), 42, "<I", 3)
    with pytest.raises(PackageError, match="overlap"):
        unpack_package(io.BytesIO(raw), inside)


def test_too_many_entries_are_refused(inside: Path) -> None:
    raw = make_zip(*((f"p/{number}", b"") for number in range(MAX_ENTRIES)))
    with pytest.raises(PackageError, match="more than 1000 entries"):
        unpack_package(io.BytesIO(raw), inside)


def test_too_many_entries_are_refused_also_when_the_end_lies_about_them(inside: Path) -> None:
    raw = bytearray(make_zip(*((f"p/{number}", b"") for number in range(MAX_ENTRIES))))
    struct.pack_into("<HH", raw, len(raw) - 14, 1, 1)
    with pytest.raises(PackageError, match="more than 1000 entries"):
        unpack_package(io.BytesIO(raw), inside)


def test_a_zip64_file_is_refused(inside: Path) -> None:
    raw = make_zip()
    end = raw.rindex(b"PK\x05\x06")
    with pytest.raises(PackageError, match="zip64"):
        unpack_package(io.BytesIO(raw[:end] + b"PK\x06\x07" + bytes(16) + raw[end:]), inside)


def test_an_encrypted_entry_is_refused(inside: Path) -> None:
    raw = patch(make_zip(("p/README.md", b"secret")), 8, "<H", 1)
    with pytest.raises(PackageError, match="encrypted"):
        unpack_package(io.BytesIO(raw), inside)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing_is_refused(inside: Path, method: int) -> None:
    with pytest.raises(PackageError, match="packed by a method"):
        unpack_package(io.BytesIO(make_zip(method=method)), inside)


NO_ZIPS = {
    "nothing": b"",
    "two letters": b"PK",
    "text": b"no zip at all" * 100,
    "cut off": make_zip()[:-30],
    "begun too late": make_zip()[40:],
    "zeros": bytes(100_000),
}


@pytest.mark.parametrize("raw", NO_ZIPS.values(), ids=NO_ZIPS)
def test_what_is_no_zip_file_is_refused(inside: Path, raw: bytes) -> None:
    with pytest.raises(PackageError, match="zip file"):
        unpack_package(io.BytesIO(raw), inside)


def test_only_what_a_translation_needs_is_unpacked(inside: Path) -> None:
    wanted = ("README.md", "bpe.model", "metadata.json", "model/model.bin", "model/source_vocabulary.txt")
    useless = (
        *("stanza/sv/tokenize/talbanken.pt", "model/weights.pt", "model/model.pkl", "spacy/config.cfg"),
        *("minisbd/sv.onnx", "setup.py", "model/code.py", "model/deep/x.bin", "model/.bin", "model/x.bin"),
    )
    raw = make_zip(*((f"p/{name}", b"x") for name in (*wanted, *useless) if name != "metadata.json"))
    unpack_package(io.BytesIO(raw), inside)
    assert list_files(inside) == sorted(wanted)


def test_the_modes_that_a_zip_asks_for_are_not_given(inside: Path) -> None:
    raw = make_zip((make_special("p/README.md", stat.S_IFREG | stat.S_ISUID | 0o777), b"x"))
    before = os.umask(0o022)
    try:
        unpack_package(io.BytesIO(raw), inside)
    finally:
        os.umask(before)
    assert stat.S_IMODE((inside / "README.md").stat().st_mode) == 0o644


def test_a_comment_behind_the_zip_is_allowed(inside: Path) -> None:
    buffer = io.BytesIO(make_zip())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"made by hand"
    unpack_package(buffer, inside)
    assert list_files(inside) == ["metadata.json"]


@given(changes=st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_changed_in_a_zip_it_is_unpacked_inside_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    raw = bytearray(make_zip(("p/model/model.bin", b"abc" * 100), ("p/README.md", b"x")))
    for at, value in changes:
        raw[at % len(raw)] = value
    root = tmp_path_factory.mktemp("fuzz")
    (root / "inside").mkdir()
    try:
        unpack_package(io.BytesIO(raw), root / "inside")
    except PackageError as error:
        assert str(error)  # noqa: PT017 - being refused is one of the two good ends
    assert [path.name for path in root.iterdir()] == ["inside"]
