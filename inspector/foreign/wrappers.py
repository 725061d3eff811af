"""What blobs are wrapped in, and how they are taken out of it: bounded in size and in depth."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from importlib import import_module
from io import BytesIO
from typing import Any, Final

from inspector.decode.wire import read_varint
from inspector.errors import UnwritableError

MOST: Final = 64 << 20  #: bytes that any step of unwrapping may give
DEEPEST: Final = 8  #: steps one after the other
_CHUNK: Final = 1 << 20
_FIRST: Final = 1 << 10  #: bytes of a stream that are read at first: it may be short
_MEMBERS: Final = 100_000  #: streams one behind the other
_TRIED: Final = 16 << 10  #: bytes that are read to be sure
_TRIED_OUT: Final = 256 << 10  #: bytes that these may give
_LONGEST_HEAD: Final = 10  #: bytes of a length
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
        raise UnwritableError(f"At most {DEEPEST} wrappers can be removed.")
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
    if _has_zlib_head(data):
        try:
            zlib.decompressobj().decompress(data[:256], 1)
        except zlib.error:
            return None
        return Wrapper.ZLIB
    return None


def is_surely_zlib(data: bytes) -> bool:
    """Whether bytes are zlib beyond doubt, though messages may begin with the same two bytes.

    All of it is read, and its checksum right; or it is long, and so much of it can be read as no
    other bytes can.
    """
    if not _has_zlib_head(data):
        return False
    reader = zlib.decompressobj()
    try:
        got = len(reader.decompress(data[:_TRIED], _TRIED_OUT))
    except zlib.error:
        return False
    if reader.eof:
        return not reader.unused_data and len(data) <= _TRIED
    return got == _TRIED_OUT or len(data) > _TRIED


def _has_zlib_head(data: bytes) -> bool:
    return len(data) > 2 and data[0] & 0x8F == 0x08 and (data[0] << 8 | data[1]) % 31 == 0


def _gzip(data: bytes, most: int) -> bytes:
    """All members of a gzip file."""
    out, at = BytesIO(), 0
    for _ in range(_MEMBERS):
        at = _inflate(data, at, _GZIP, out, most)
        if not data.startswith(_GZIP_HEAD[:2], at):
            if data[at:].strip(b"\0"):
                raise _wrong("gzip", "something else follows it")
            return out.getvalue()
    raise _wrong("gzip", f"it has more than {_MEMBERS:,} members")


def _zlib(data: bytes, most: int) -> bytes:
    out = BytesIO()
    if _inflate(data, 0, zlib.MAX_WBITS, out, most) < len(data):
        raise _wrong("zlib", "something else follows it")
    return out.getvalue()


def _inflate(data: bytes, at: int, bits: int, out: BytesIO, most: int) -> int:
    """Reads one stream, which begins at a place; gives the place behind it."""
    name = "gzip" if bits == _GZIP else "zlib"
    reader = zlib.decompressobj(bits)
    try:
        for part in _parts(data, at):
            at += len(part)
            rest: bytes | memoryview = part
            while rest and not reader.eof:
                out.write(reader.decompress(rest, _CHUNK))
                _check(out.tell(), most, name)
                rest = reader.unconsumed_tail
            if reader.eof:
                return at - len(reader.unused_data)
        while got := reader.decompress(b"", _CHUNK):  # what is still in the reader
            out.write(got)
            _check(out.tell(), most, name)
            if reader.eof:
                return at
    except zlib.error:
        raise _wrong(name, "the bytes are not of that form") from None
    raise _wrong(name, "it ends too early")


def _parts(data: bytes, at: int) -> Iterator[memoryview]:
    """The bytes from a place on, little by little: a reader copies what it has not used."""
    view, size = memoryview(data), _FIRST
    while at < len(data):
        yield view[at : at + size]
        at += size
        size = min(2 * size, _CHUNK)


def _zstd(data: bytes, most: int) -> bytes:
    """All frames of a zstd file."""
    try:
        library: Any = import_module("compression.zstd")
    except ImportError:
        raise UnwritableError(
            "zstd is not read by this Python.", "Python 3.14 and newer can read it."
        ) from None
    out, at = BytesIO(), 0
    try:
        for _ in range(_MEMBERS):
            at = _zstd_frame(library.ZstdDecompressor(), data, at, out, most)
            if at == len(data):
                return out.getvalue()
    except library.ZstdError:
        raise _wrong("zstd", "the bytes are not of that form") from None
    raise _wrong("zstd", f"it has more than {_MEMBERS:,} frames")


def _zstd_frame(reader: Any, data: bytes, at: int, out: BytesIO, most: int) -> int:
    """Reads one frame, which begins at a place; gives the place behind it."""
    for part in _parts(data, at):
        at += len(part)
        out.write(reader.decompress(part, _CHUNK))
        _check(out.tell(), most, "zstd")
        while not reader.eof and not reader.needs_input:
            out.write(reader.decompress(b"", _CHUNK))
            _check(out.tell(), most, "zstd")
        if reader.eof:
            return at - len(reader.unused_data)
    raise _wrong("zstd", "it ends too early")


def _base64(data: bytes, most: int) -> bytes:
    out, left = BytesIO(), b""
    ended = False  # by padding
    try:
        for part in _parts(data, 0):
            text = left + part.tobytes().translate(_URL_SAFE, _BLANK)
            whole = len(text) // 4 * 4
            text, left = text[:whole], text[whole:]
            if ended and text:
                raise _wrong("base64", "something else follows it")
            out.write(base64.b64decode(text, validate=True))
            ended = text.endswith(b"=")
            _check(out.tell(), most, "base64")
        if ended and left:
            raise _wrong("base64", "something else follows it")
        out.write(base64.b64decode(left + b"=" * (-len(left) % 4), validate=True))
    except (binascii.Error, ValueError):
        raise _wrong("base64", "the bytes are not of that form") from None
    return out.getvalue()


def _length(data: bytes, most: int) -> bytes:
    _check(len(data) - _LONGEST_HEAD, most, "a length")
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
_BLANK: Final = b" \t\n\v\f\r"
_READ: Final[dict[Wrapper, Callable[[bytes, int], bytes]]] = {
    Wrapper.GZIP: _gzip,
    Wrapper.ZLIB: _zlib,
    Wrapper.ZSTD: _zstd,
    Wrapper.BASE64: _base64,
    Wrapper.LENGTH: _length,
}
