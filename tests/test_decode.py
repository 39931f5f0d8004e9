"""Bytes become text by a ladder that never raises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.read.decode import PIECE, Decoder, decode_bytes, find_encoding

SWEDISH = "Så här gör du på Åland – läs mer om våra tjänster.\n”Det är också möjligt”, säger hon.\n"
ENGLISH = "He said “it’s free” – and they’re hiring.\nThe café’s résumé is naïve…\n"
INDONESIAN = "“Kami tidak tahu,” katanya – harga mulai £5.\nKata dia: ‘ya’ dan “tidak”…\n"
DANISH = "Det er også muligt at læse øvrige artikler på dansk, når du får tid.\n"
GERMAN = "Größere Städte müssen natürlich früher überlegen, „was möglich wäre“.\n"
TEXTS = [SWEDISH, ENGLISH, INDONESIAN, DANISH, GERMAN]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("page", ["cp1252", "mac-roman", "cp850", "cp437"])
def test_an_eight_bit_page_is_told_by_where_its_letters_stand(text: str, page: str) -> None:
    data = text.encode(page, "ignore")
    assert decode_bytes(data)[0] == data.decode(page)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_unicode_is_told_with_and_without_a_mark(text: str, encoding: str) -> None:
    assert decode_bytes(text.encode(encoding))[0] == text


@pytest.mark.parametrize(("data", "text"), [(b"", ""), (b"\xe5", "å"), (b"abc\n", "abc\n"), (b"\xef\xbb\xbf", "")])
def test_the_smallest_files_are_read(data: bytes, text: str) -> None:
    assert decode_bytes(data)[0] == text


def test_a_character_cut_off_at_the_end_is_dropped() -> None:
    assert decode_bytes("Så här. ”".encode()[:-1])[0] == "Så här. "


def test_stray_bytes_in_a_utf8_line_become_replacement_characters() -> None:
    assert decode_bytes("Så h".encode() + b"\x92" + "är gör du".encode())[0] == "Så h\ufffdär gör du"


def test_lines_of_another_page_in_a_utf8_text_are_read_with_that_page() -> None:
    lines = [line.encode("cp1252" if n % 3 == 0 else "utf-8") for n, line in enumerate([SWEDISH] * 9)]
    assert decode_bytes(b"".join(lines))[0] == SWEDISH * 9


def test_a_text_with_zero_bytes_that_is_no_utf16_keeps_them() -> None:
    assert decode_bytes(b"name\0value\0\0 long enough to be a text of its own")[0].count("\0") == 3


def test_three_zero_bytes_are_no_part_of_a_wider_character() -> None:
    assert decode_bytes(b"\0\0\0")[0] == "\0\0\0"


def test_the_five_bytes_that_cp1252_leaves_open_are_kept_as_controls() -> None:
    assert decode_bytes(b"S\xe5 h\xe4r g\xf6r du p\xe5 \xc5land\x81")[0].endswith("land\x81")


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_decoded_without_an_error(data: bytes) -> None:
    text, name = decode_bytes(data)
    assert isinstance(text, str)
    assert name == find_encoding(data)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_valid_utf8_is_decoded_as_it_is(text: str) -> None:
    data = text.encode()
    if not find_encoding(data).startswith(("utf-16", "utf-32")):
        assert decode_bytes(data)[0] == text.removeprefix("\ufeff")


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40)))
def test_a_stream_is_decoded_as_its_bytes_together_are(blocks: list[bytes]) -> None:
    assert "".join(Decoder().decode(blocks)) == decode_bytes(b"".join(blocks))[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1252", "mac-roman"])
def test_a_stream_longer_than_a_piece_is_cut_between_characters(encoding: str) -> None:
    text = SWEDISH.replace("\n", " ") * (2 * PIECE // len(SWEDISH))
    data = text.encode(encoding)
    blocks = [data[at : at + 65_537] for at in range(0, len(data), 65_537)]
    assert "".join(Decoder().decode(blocks)) == text


def test_a_stream_that_begins_in_ascii_is_judged_by_its_first_letters() -> None:
    blocks = [b"plain words. " * 200_000, SWEDISH.encode("mac-roman") * 100]
    assert "".join(Decoder().decode(blocks)).endswith(SWEDISH)
