"""What blobs are wrapped in, and how they are taken out of it: bounded in size and in depth."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Sequence
from enum import StrEnum
from importlib import import_module
from typing import Any, Final

from inspector.decode.scalars import read_varint
from inspector.errors import UnwritableError

MOST: Final = 64 << 20  #: bytes that any step of unwrapping may give
DEEPEST: Final = 8  #: steps one after the other
_CHUNK: Final = 1 << 20
_GZIP: Final = 31  #: what zlib calls a gzip member with its head
_GZIP_HEAD: Final = b"\x1f\x8b\x08"
_ZSTD_HEAD: Final = b"\x28\xb5\x2f\xfd"


class Wrapper(StrEnum):
    """What bytes may be wrapped in, by the name it is asked for with."""

    GZIP = "gzip"
    ZLIB = "zlib"
    ZSTD = "zstd"
    BASE64 = "base64"
    LENGTH = "length"  #: its own length before it, as a varint or as 32 bits, or as gRPC does


def unwrapped(data: bytes, steps: Sequence[Wrapper], most: int = MOST) -> bytes:
    """What is in bytes behind one wrapper after the other, the outermost first.

    Args:
        data: the bytes.
        steps: what they are wrapped in.
        most: bytes that any step may give.

    Raises:
        UnwritableError: they are not wrapped so, or hold more than that.
    """
    if len(steps) > DEEPEST:
        raise UnwritableError(f"No more than {DEEPEST} wrappers are taken off.")
    for step in steps:
        data = _READ[step](data, most)
    return data


def wrapper_of(data: bytes) -> Wrapper | None:
    """The wrapper that the first bytes tell of, None where they tell of none.

    Nothing tells base64 or a length from what happens to look like it, so these are not guessed.
    """
    if data.startswith(_GZIP_HEAD):
        return Wrapper.GZIP
    if data.startswith(_ZSTD_HEAD):
        return Wrapper.ZSTD
    if len(data) > 2 and data[0] & 0x8F == 0x08 and (data[0] << 8 | data[1]) % 31 == 0:
        try:
            zlib.decompressobj().decompress(data[:256], 1)
        except zlib.error:
            return None
        return Wrapper.ZLIB
    return None


def _gzip(data: bytes, most: int) -> bytes:
    """All members of a gzip file."""
    out = bytearray()
    while data:
        data = _inflate(data, _GZIP, "gzip", out, most)
        if data and not data.startswith(_GZIP_HEAD[:2]):
            if data.strip(b"\0"):
                raise _wrong("gzip", "something else follows it")
            break
    return bytes(out)


def _zlib(data: bytes, most: int) -> bytes:
    out = bytearray()
    if _inflate(data, zlib.MAX_WBITS, "zlib", out, most):
        raise _wrong("zlib", "something else follows it")
    return bytes(out)


def _inflate(data: bytes, bits: int, name: str, out: bytearray, most: int) -> bytes:
    """Reads one stream; gives what follows it."""
    reader = zlib.decompressobj(bits)
    try:
        while not reader.eof:
            got = reader.decompress(data, _CHUNK)
            data = reader.unconsumed_tail
            out += got
            _check(len(out), most, name)
            if not got and not data and not reader.eof:
                raise _wrong(name, "it ends too early")
    except zlib.error:
        raise _wrong(name, "the bytes are not of that form") from None
    return reader.unused_data


def _zstd(data: bytes, most: int) -> bytes:
    try:
        library: Any = import_module("compression.zstd")
    except ImportError:
        raise UnwritableError(
            "zstd is not read by this Python.", "Python 3.14 and newer can read it."
        ) from None
    out = bytearray()
    try:
        while data:
            reader = library.ZstdDecompressor()
            while not reader.eof:
                if reader.needs_input and not data:
                    raise _wrong("zstd", "it ends too early")
                out += reader.decompress(data, _CHUNK)
                data = b""
                _check(len(out), most, "zstd")
            data = reader.unused_data
    except library.ZstdError:
        raise _wrong("zstd", "the bytes are not of that form") from None
    return bytes(out)


def _base64(data: bytes, most: int) -> bytes:
    _check(len(data) * 3 // 4, most, "base64")
    text = b"".join(data.split()).translate(_URL_SAFE)
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("base64", "the bytes are not of that form") from None


def _length(data: bytes, _most: int) -> bytes:
    size, start = read_varint(data, 0, len(data))
    if start > 0 and start + size == len(data):
        return data[start:]
    for head, order in ((0, "big"), (0, "little"), (1, "big")):
        end = head + 4
        size = int.from_bytes(data[head:end], order)  # type: ignore[arg-type]
        # gRPC says in a byte before it whether the message is compressed.
        if len(data) >= end and size == len(data) - end and (not head or not data[0]):
            return data[end:]
    raise _wrong("length", "no length before the bytes is that of all that follows")


def _check(size: int, most: int, name: str) -> None:
    if size > most:
        raise UnwritableError(
            f"What is wrapped in {name} is larger than the {most >> 20} MiB that are unwrapped."
        )


def _wrong(name: str, why: str) -> UnwritableError:
    return UnwritableError(f"This cannot be read as {name}: {why}.")


_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_READ: Final[dict[Wrapper, Callable[[bytes, int], bytes]]] = {
    Wrapper.GZIP: _gzip,
    Wrapper.ZLIB: _zlib,
    Wrapper.ZSTD: _zstd,
    Wrapper.BASE64: _base64,
    Wrapper.LENGTH: _length,
}
