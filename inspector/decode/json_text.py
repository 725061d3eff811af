"""JSON text of values as the canonical protobuf mapping has them."""

from __future__ import annotations

import math
import struct
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final

from inspector.schema.types import ScalarType

quote: Final[Callable[[str], str]] = encode_basestring

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY: Final = 24 * 60 * 60
_MIN_SECONDS: Final = -62135596800
_MAX_SECONDS: Final = 253402300799
_MAX_DURATION: Final = 315576000000
_MAX_NANOS: Final = 999_999_999
_EXACT: Final = float(2**53)
_SINGLE: Final = struct.Struct("<f")
_SINGLE_DIGITS: Final = 9  #: with so many, any float of 32 bits reads back the same


def number(value: float) -> str:
    """A double: shortest text that reads back the same, whole ones below 2^53 as integers."""
    if -_EXACT < value < _EXACT and value == (whole := int(value)):
        return str(whole) if whole or math.copysign(1.0, value) > 0 else "-0"
    if math.isnan(value):
        return '"NaN"'
    if value in (math.inf, -math.inf):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    return repr(value)


def single(value: float) -> str:
    """A float of 32 bits: shortest text that reads back to the same 32 bits."""
    if not math.isfinite(value) or (abs(value) < _EXACT and value == int(value)):
        return number(value)
    texts = (f"{value:.{digits}g}" for digits in range(1, _SINGLE_DIGITS))
    short = next((text for text in texts if _as_single(float(text)) == value), f"{value:.9g}")
    return number(float(short))


def _as_single(value: float) -> float:
    """The float of 32 bits nearest to a double."""
    try:
        return float(_SINGLE.unpack(_SINGLE.pack(value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


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


def dynamic(value: bool | float | int | str | None) -> str:
    """A value of a Struct, or of a JSON document."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return boolean(value)
    if isinstance(value, int | Decimal):
        return str(value)
    return number(value)


def map_key(label: str | int | bool) -> str:
    """A map key: keys of JSON objects are always text."""
    if isinstance(label, str):
        return quote(label)
    return f'"{boolean(label) if isinstance(label, bool) else label}"'
