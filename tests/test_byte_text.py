"""Bytes that are no text are copied so that they can be typed, and never as another text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.byte_text import escaped, unescaped
from inspector.invisible import visible


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
        (b"a\nb", "a\nb"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),
    ],
)
def test_only_a_text_with_such_bytes_is_changed(data: bytes, shown: str) -> None:
    assert escaped(data.decode("utf-8", "surrogateescape")) == shown


def test_what_a_list_shows_of_control_characters_is_read_back() -> None:
    for code in (*range(0x20), 0x7F):
        text = f"a{chr(code)}b"
        assert unescaped(visible(text)) == text
    assert unescaped("a\\x41") == "a\\x41", "what can be typed stays as it is"
