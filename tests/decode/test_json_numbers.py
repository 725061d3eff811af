"""Numbers in JSON beside the law they follow, stated here a second time in the law's own words."""

from __future__ import annotations

import json
import math
import struct
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.json_text import number, single
from inspector.decode.json_writer import write
from tests.builders.demo import wire
from tests.decode.ecmascript import digits_of, law
from tests.decode.types import EVERYTHING, MADE, type_of

#: Written by Go's protojson v1.36.12.
BY_GO = {
    9007199254740992.0: "9007199254740992",
    1e16: "10000000000000000",
    1e20: "100000000000000000000",
    1e21: "1e+21",
    999999999999999900000.0: "999999999999999900000",
    1.7689412345678902e18: "1768941234567890200",
    -1.25e22: "-1.25e+22",
    1e-5: "0.00001",
    -1e-6: "-0.000001",
    1e-7: "1e-7",
    1.5e-10: "1.5e-10",
    0.00012: "0.00012",
    123456.789: "123456.789",
    5e-324: "5e-324",
    1.7976931348623157e308: "1.7976931348623157e+308",
}
SINGLES_BY_GO = {
    0x3DCCCCCD: "0.1",
    0x501502F9: "10000000000",
    0x51E5F4C9: "123456790000",
    0x358637BD: "0.000001",
    0x358637BC: "9.999999e-7",
    0x33D6BF95: "1e-7",
    0x6258D727: "1e+21",
    0x6258D726: "999999950000000000000",
    0x4B800000: "16777216",
    0x4D000000: "134217730",
    0x33800000: "5.9604645e-8",
    0x00000001: "1e-45",
    0x00800000: "1.1754944e-38",
    0x7F7FFFFF: "3.4028235e+38",
    0xBDCCCCCD: "-0.1",
    0x80000000: "-0",
}


def single_of(bits: int) -> float:
    return float(struct.unpack("<f", struct.pack("<I", bits))[0])


def shortest_single(bits: int) -> tuple[str, int]:
    """The fewest digits that are nearer to a float of 32 bits than to any other, the nearest."""
    value = Fraction(single_of(bits))
    above = Fraction(2) ** 128 if bits == 0x7F7FFFFF else Fraction(single_of(bits + 1))
    low, high = (value + Fraction(single_of(bits - 1))) / 2, (value + above) / 2
    point = 1 + math.floor(math.log10(value))
    point += Fraction(10) ** point <= value
    for k in range(1, 10):
        unit = Fraction(10) ** (point - k)
        able = [
            s
            for s in range(math.ceil(low / unit), math.floor(high / unit) + 1)
            if low < s * unit < high or bits % 2 == 0
        ]
        if able:
            # Of two that are as near the even one, as ECMAScript says.
            s = min(able, key=lambda s: (abs(s * unit - value), s % 2))
            return digits_of(f"{s}e{point - k}")
    raise AssertionError("nine digits are enough for any float of 32 bits")


@pytest.mark.parametrize(("value", "text"), BY_GO.items())
def test_doubles_as_go_writes_them(value: float, text: str) -> None:
    assert number(value) == text
    assert number(-value) == (text.removeprefix("-") if value < 0 else f"-{text}")


@pytest.mark.parametrize(("bits", "text"), SINGLES_BY_GO.items())
def test_floats_as_go_writes_them(bits: int, text: str) -> None:
    assert single(single_of(bits)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(0.0)
@example(-0.0)
@example(2.0**53)
@example(2.0**53 - 1)
@example(1e-6)
@example(9.999999999999999e-7)
def test_doubles_follow_the_law(value: float) -> None:
    text = number(value)
    assert text == law(value, *digits_of(repr(value)))
    assert struct.pack("<d", float(text)) == struct.pack("<d", value)
    assert isinstance(json.loads(text), int | float)


@given(st.integers(1, 0x7F7FFFFF))
def test_floats_follow_the_law(bits: int) -> None:
    value = single_of(bits)
    assert single(value) == law(value, *shortest_single(bits))
    assert single(-value) == "-" + single(value)
    assert struct.pack("<f", float(single(value))) == struct.pack("<f", value)


def test_floats_follow_the_law_where_they_lie_twice_as_close_below_as_above() -> None:
    for exponent in range(1, 255):
        for bits in (exponent << 23, (exponent << 23) - 1, (exponent << 23) + 1):
            value = single_of(bits)
            assert single(value) == law(value, *shortest_single(bits)), hex(bits)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_alike_wherever_it_stands(value: float) -> None:
    """As a field, in a Struct, and in a document that says it in Python's way."""
    type_ = type_of(MADE, EVERYTHING)
    entry = wire.text(601, wire.struct_entry("k", wire.double(2, value)))
    in_struct = write(decode(entry, type_).root, indent=None)
    assert in_struct == f'{{"known601":{{"k":{number(value)}}}}}'
    in_list = write(decode(wire.double(101, value), type_).root, indent=None)
    assert in_list == f'{{"someDouble":[{number(value)}]}}'
    document = write(read_document(repr(value).encode()).root, indent=None)
    assert document == number(value)
