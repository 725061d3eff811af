"""Taking blobs out of what they are wrapped in, bombs too."""

from __future__ import annotations

import base64
import gzip
import random
import zlib

import pytest

from inspector.errors import UnwritableError
from inspector.foreign.wrappers import Wrapper, unwrapped, wrapper_of

DATA = bytes(range(256)) * 9


@pytest.mark.parametrize(
    ("wrapper", "data"),
    [
        (Wrapper.GZIP, gzip.compress(DATA, mtime=0)),
        (Wrapper.GZIP, gzip.compress(DATA[:99], mtime=0) + gzip.compress(DATA[99:], mtime=0)),
        (Wrapper.ZLIB, zlib.compress(DATA)),
        (Wrapper.BASE64, base64.b64encode(DATA)),
        (Wrapper.BASE64, base64.urlsafe_b64encode(DATA).rstrip(b"=")),
        (Wrapper.LENGTH, b"\x80\x12" + DATA),
        (Wrapper.LENGTH, b"\0\0\x09\0" + DATA),
        (Wrapper.LENGTH, b"\0\0\0\x09\0" + DATA),
    ],
)
def test_what_is_wrapped_comes_out(wrapper: Wrapper, data: bytes) -> None:
    assert unwrapped(data, [wrapper]) == DATA


@pytest.mark.parametrize("size", [0, 1 << 20, (3 << 20) - 1, 3 << 20, (3 << 20) + 1])
@pytest.mark.parametrize("noise", [False, True])
def test_what_is_long_comes_out_whole(size: int, noise: bool) -> None:
    data = random.Random(size).randbytes(size) if noise else bytes(size)
    assert unwrapped(gzip.compress(data, 1, mtime=0), [Wrapper.GZIP]) == data
    assert unwrapped(zlib.compress(data, 1), [Wrapper.ZLIB]) == data
    text = base64.encodebytes(data)
    assert unwrapped(text, [Wrapper.BASE64]) == data
    steps = [Wrapper.BASE64, Wrapper.GZIP, Wrapper.ZLIB]
    packed = gzip.compress(zlib.compress(data, 1), 1, mtime=0)
    assert unwrapped(base64.b64encode(packed), steps) == data


@pytest.mark.parametrize("wrapper", [Wrapper.GZIP, Wrapper.ZSTD])
def test_members_without_number_are_refused(wrapper: Wrapper) -> None:
    if wrapper is Wrapper.ZSTD:
        library = pytest.importorskip("compression.zstd")
        one = library.compress(b"")
    else:
        one = gzip.compress(b"", mtime=0)
    assert unwrapped(one * 1000, [wrapper]) == b""
    with pytest.raises(UnwritableError, match="more than 100,000"):
        unwrapped(one * 100_001, [wrapper])


@pytest.mark.parametrize("text", [b"QQ==QQ==", b"QQ=Q", b"Q", b"QUJD" * 400 + b"QQ==" + b"QUJD"])
def test_base64_ends_at_its_padding(text: bytes) -> None:
    with pytest.raises(UnwritableError, match="base64"):
        unwrapped(text, [Wrapper.BASE64])


@pytest.mark.parametrize("wrapper", [Wrapper.GZIP, Wrapper.ZLIB, Wrapper.LENGTH])
def test_what_is_cut_off_or_something_else_is_refused(wrapper: Wrapper) -> None:
    whole = {
        Wrapper.GZIP: gzip.compress(DATA, mtime=0),
        Wrapper.ZLIB: zlib.compress(DATA),
        Wrapper.LENGTH: b"\x80\x12" + DATA,
    }[wrapper]
    for broken in (b"", whole[:-1], whole + b"more", b"\xff" * 40):
        if broken or wrapper is not Wrapper.GZIP:
            with pytest.raises(UnwritableError):
                unwrapped(broken, [wrapper])


@pytest.mark.parametrize("make", [gzip.compress, zlib.compress])
def test_a_bomb_ends_at_the_bound(make: object) -> None:
    bomb = make(bytes(4 << 20))  # type: ignore[operator]
    wrapper = Wrapper.GZIP if make is gzip.compress else Wrapper.ZLIB
    with pytest.raises(UnwritableError, match="larger than the 1 MiB"):
        unwrapped(bomb, [wrapper], most=1 << 20)


def test_too_many_wrappers_are_refused() -> None:
    with pytest.raises(UnwritableError, match="At most 8"):
        unwrapped(b"", [Wrapper.BASE64] * 9)


def test_first_bytes_tell() -> None:
    assert wrapper_of(gzip.compress(DATA, mtime=0)) is Wrapper.GZIP
    assert wrapper_of(zlib.compress(DATA)) is Wrapper.ZLIB
    assert wrapper_of(DATA) is None
