"""Bytes that are no text are copied so that they can be typed, and never as another text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.byte_text import escaped, unescaped


@given(st.binary())
def test_what_is_escaped_comes_back(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    shown = escaped(text)
    shown.encode()
    assert shown == text or unescaped(shown) == text


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"plain", "plain"),
        (b"a\\b\\xff", "a\\b\\xff"),
        (b"\xc3\xa4", "\u00e4"),
        (b"a\xff", "a\\xff"),
        (b"a\\\xff", "a\\\\\\xff"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),
    ],
)
def test_only_a_text_with_such_bytes_is_changed(data: bytes, shown: str) -> None:
    assert escaped(data.decode("utf-8", "surrogateescape")) == shown
