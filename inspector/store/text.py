"""Text as SQLite stores it and as Python shows it."""

from __future__ import annotations

from typing import Final

#: How SQLite calls the encoding of nearly all databases, and of every store.
UTF_8: Final = "UTF-8"


def decode(stored: bytes, encoding: str = UTF_8) -> str:
    """Stored text, by default UTF-8, of which bytes that are none survive as lone surrogates."""
    if encoding == UTF_8:
        return stored.decode("utf-8", "surrogateescape")
    return stored.decode(encoding, "replace")


def can_be_named(text: str) -> bool:
    """Whether a table or column of this name can be asked for in SQL."""
    try:
        return "\0" not in text.encode().decode()
    except UnicodeEncodeError:
        return False


def decode_or_none(stored: bytes | None) -> str | None:
    """As :func:`decode`, None where there is nothing or only an empty text."""
    return decode(stored) if stored else None


def encode(text: str) -> bytes:
    """The bytes that :func:`decode` made this text of; also the key to order by."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
