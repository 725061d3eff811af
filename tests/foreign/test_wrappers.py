"""Taking blobs out of what they are wrapped in, bombs too."""

from __future__ import annotations

import base64
import gzip
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
    with pytest.raises(UnwritableError, match="No more than 8"):
        unwrapped(b"", [Wrapper.BASE64] * 9)


def test_first_bytes_tell() -> None:
    assert wrapper_of(gzip.compress(DATA, mtime=0)) is Wrapper.GZIP
    assert wrapper_of(zlib.compress(DATA)) is Wrapper.ZLIB
    assert wrapper_of(DATA) is None
