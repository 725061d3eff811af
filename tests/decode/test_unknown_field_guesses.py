"""Readings of bytes that no schema speaks for."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.decoder import decode
from inspector.decode.unknown_field_guesses import MOST, is_message, numbers, packed, text
from tests.builders.demo import wire


def read(blob: bytes) -> dict[str, str]:
    return dict(numbers(blob, decode(blob, None).root.children[0]))


def test_a_varint_in_all_its_readings() -> None:
    assert read(wire.integer(9, 3)) == {"unsigned": "3", "signed": "3", "zigzag": "-2"}
    assert read(wire.integer(9, -1)) == {
        "unsigned": "18446744073709551615",
        "signed": "-1",
        "zigzag": "-9223372036854775808",
    }
    assert read(wire.integer(9, 1))["bool"] == "true"


def test_fixed_widths_as_float_and_integer() -> None:
    assert read(b"\x49" + struct.pack("<d", -2.5)) == {
        "double": "-2.5",
        "unsigned": str(struct.unpack("<Q", struct.pack("<d", -2.5))[0]),
        "signed": str(struct.unpack("<q", struct.pack("<d", -2.5))[0]),
    }
    assert read(b"\x4d" + struct.pack("<i", -7)) == {
        "float": "NaN",
        "unsigned": str(2**32 - 7),
        "signed": "-7",
    }


def test_nothing_is_guessed_of_a_length_delimited_one_as_a_number() -> None:
    assert read(wire.text(9, "abc")) == {}


@pytest.mark.parametrize(
    ("payload", "result"),
    [
        (b"hello\nworld", "hello\nworld"),
        ("é".encode(), "é"),
        (b"\x00\x01", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_text_only_where_it_can_be_read(payload: bytes, result: str | None) -> None:
    assert text(payload) == result


@given(st.binary(max_size=40))
def test_a_message_is_what_decodes_without_a_rest(payload: bytes) -> None:
    assert is_message(payload) == (bool(payload) and not decode(payload, None).malformed)


def test_packed_numbers_in_every_width_that_fits() -> None:
    found = dict(packed(b"\x01\x02\x96\x01" + bytes(4)))
    assert found["packed varints"] == "1, 2, 150, 0, 0, 0, 0"
    assert set(found) == {
        *("packed varints", "packed 64-bit floats", "packed 64-bit integers"),
        *("packed 32-bit floats", "packed 32-bit integers"),
    }
    assert packed(b"\xff\xff\xff") == []
    assert packed(b"") == []


def test_a_long_list_says_that_there_is_more() -> None:
    found = dict(packed(bytes(MOST + 1)))
    assert found["packed varints"].endswith(f"and more behind the first {MOST:,}")
