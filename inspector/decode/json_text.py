"""JSON text of values as the canonical protobuf mapping has them."""

from __future__ import annotations

import math
import struct
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, Final

from inspector.schema.types import ScalarType

if TYPE_CHECKING:
    from decimal import Decimal

quote: Final[Callable[[str], str]] = encode_basestring

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY: Final = 24 * 60 * 60
_MIN_SECONDS: Final = -62135596800
_MAX_SECONDS: Final = 253402300799
_MAX_DURATION: Final = 315576000000
_MAX_NANOS: Final = 999_999_999
_EXACT: Final = float(2**53)
_SINGLE: Final = struct.Struct("<f")
_BITS: Final = struct.Struct("<I")
_INFINITE: Final = 0x7F800000
_SINGLE_DIGITS: Final = 9  #: with so many, any float of 32 bits reads back the same
_LEAST_PLAIN, _EXPONENT_FROM = -6, 21  #: powers of ten between which no exponent is written


def number(value: float) -> str:
    """A double: the shortest digits that read back the same, as ECMAScript and protojson do it.

    The point is written out from 1e-6 up to below 1e21; a minus zero keeps its sign.
    """
    if -_EXACT < value < _EXACT and value == (whole := int(value)):
        return str(whole) if whole or math.copysign(1.0, value) > 0 else "-0"
    if not math.isfinite(value):
        return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'
    # repr has the right digits, but other bounds for the exponent.
    digits, mark, power = repr(value).partition("e")
    return _placed(digits, int(power)) if mark else digits.removesuffix(".0")


def single(value: float) -> str:
    """A float of 32 bits: the shortest digits that read back to the same 32 bits."""
    if not value or not math.isfinite(value):
        return number(value)
    digits, _, power = _shortest_single(abs(value)).partition("e")
    return _placed(f"-{digits}" if value < 0 else digits, int(power))


def _shortest_single(value: float) -> str:
    """``1.5e+03``: the shortest text nearer to a positive float of 32 bits than to its neighbours.

    A text as near to the neighbour reads as the one of them whose last bit is zero.
    """
    from decimal import Decimal  # noqa: PLC0415 - few messages have such a float

    [bits] = _BITS.unpack(_SINGLE.pack(value))
    below, above = (_single_of(bits + step) for step in (-1, 1))
    # Half-way between two floats of 32 bits lies a double, so nothing is rounded here.
    low, high = Decimal((below + value) / 2), Decimal((value + above) / 2)
    for digits in range(_SINGLE_DIGITS):
        near = Decimal(f"{value:.{digits}e}")
        # Below a power of two floats lie twice as close as above it: the next text may be within
        # though the nearest is not.
        after = near + Decimal((0, (1,), int(f"{near:e}".partition("e")[2]) - digits))
        for text in (near, after):
            if low < text < high or (not bits & 1 and text in (low, high)):
                return f"{text:e}"
    return f"{value:.{_SINGLE_DIGITS}e}"


def _single_of(bits: int) -> float:
    """The float of 32 bits with these bits; what would follow the largest one is 2^128."""
    return 2.0**128 if bits == _INFINITE else float(_SINGLE.unpack(_BITS.pack(bits))[0])


def _placed(digits: str, power: int) -> str:
    """``-1.5`` times ten to a power, with the point where ECMAScript and protojson have it."""
    sign = "-" if digits[0] == "-" else ""
    first, _, rest = digits.removeprefix("-").partition(".")
    rest = rest.rstrip("0")
    if not _LEAST_PLAIN <= power < _EXPONENT_FROM:
        return f"{sign}{first}{'.' if rest else ''}{rest}e{power:+d}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{first}{rest}"
    whole, rest = rest[:power].ljust(power, "0"), rest[power:]
    return f"{sign}{first}{whole}{'.' if rest else ''}{rest}"


def base64(value: bytes) -> str:
    """Padded base64, quoted."""
    return f'"{b64encode(value).decode()}"'


def fraction(nanos: int) -> str:
    """``.123`` with 3, 6 or 9 digits, empty for none."""
    if not nanos:
        return ""
    if nanos % 1000:
        return f".{nanos:09}"
    return f".{nanos // 1000:06}" if nanos % 1_000_000 else f".{nanos // 1_000_000:03}"


def timestamp(seconds: int, nanos: int) -> str | None:
    """RFC 3339 text of a Timestamp, or None where it is out of its range."""
    if not (_MIN_SECONDS <= seconds <= _MAX_SECONDS and 0 <= nanos <= _MAX_NANOS):
        return None
    days, second = divmod(seconds, _DAY)
    minute, second = divmod(second, 60)
    return f"{_date(days)}T{minute // 60:02}:{minute % 60:02}:{second:02}{fraction(nanos)}Z"


@lru_cache(maxsize=1024)
def _date(days: int) -> str:
    """The date so many days after 1970-01-01; the times of a record are of few days."""
    return date.fromordinal(_EPOCH + days).isoformat()


def duration(seconds: int, nanos: int) -> str | None:
    """Text of a Duration such as ``-1.500s``, or None where it is out of its range."""
    if not (-_MAX_DURATION <= seconds <= _MAX_DURATION and -_MAX_NANOS <= nanos <= _MAX_NANOS):
        return None
    if (seconds < 0 < nanos) or (nanos < 0 < seconds):
        return None
    sign = "-" if seconds < 0 or nanos < 0 else ""
    return f"{sign}{abs(seconds)}{fraction(abs(nanos))}s"


def quoted_int(value: int) -> str:
    """A 64-bit integer, as text in JSON."""
    return f'"{value}"'


def boolean(value: bool) -> str:
    """A bool."""
    return "true" if value else "false"


#: Type to the JSON text of its value; enums and messages are not here.
TEXT_OF: Final[dict[int, Callable[[Any], str]]] = {
    ScalarType.DOUBLE: number,
    ScalarType.FLOAT: single,
    ScalarType.INT64: quoted_int,
    ScalarType.UINT64: quoted_int,
    ScalarType.INT32: str,
    ScalarType.FIXED64: quoted_int,
    ScalarType.FIXED32: str,
    ScalarType.BOOL: boolean,
    ScalarType.STRING: quote,
    ScalarType.BYTES: base64,
    ScalarType.UINT32: str,
    ScalarType.SFIXED32: str,
    ScalarType.SFIXED64: quoted_int,
    ScalarType.SINT32: str,
    ScalarType.SINT64: quoted_int,
}


class WrittenNumber:
    """A number that neither a double nor a decimal holds: its exponent has 19 digits or more.

    Attributes:
        text: it, as it is written; two that are written alike are equal.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text: Final = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WrittenNumber) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.text


def dynamic(value: bool | float | int | str | Decimal | WrittenNumber | None) -> str:
    """A value of a Struct, or of a JSON document."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return boolean(value)
    return number(value) if isinstance(value, float) else str(value)


def map_key(label: str | int | bool) -> str:
    """A map key: keys of JSON objects are always text."""
    if isinstance(label, str):
        return quote(label)
    return f'"{boolean(label) if isinstance(label, bool) else label}"'
