"""Text as SQLite stores it and as Python shows it."""

from __future__ import annotations


def decode(stored: bytes) -> str:
    """Stored UTF-8 as text; bytes that are none survive as lone surrogates."""
    return stored.decode("utf-8", "surrogateescape")


def decode_or_none(stored: bytes | None) -> str | None:
    """As :func:`decode`, None where there is nothing or only an empty text."""
    return decode(stored) if stored else None


def encode(text: str) -> bytes:
    """The bytes that :func:`decode` made this text of; also the key to order by."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
