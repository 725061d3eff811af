"""Text as SQLite stores it and as Python shows it."""

from __future__ import annotations

import string
from typing import Final

#: How SQLite calls the encoding of nearly all databases, and of every store of the daemon's.
UTF_8: Final = "UTF-8"
#: Names of the SQL functions that make UTF-8 of bytes in another encoding, by SQLite's name for it.
TO_UTF_8: Final = {"UTF-16le": "utf8_of_utf16le", "UTF-16be": "utf8_of_utf16be"}
_CAPITALS: Final = {ord(capital): ord(capital) + 32 for capital in string.ascii_uppercase}


def decode(stored: bytes, encoding: str = UTF_8) -> str:
    """Stored text, by default UTF-8, of which bytes that are none survive as lone surrogates.

    Half a character of UTF-16 is kept as the bytes that SQLite makes UTF-8 of it.
    """
    if encoding != UTF_8:
        stored = to_utf_8(stored, encoding) or b""
    return stored.decode("utf-8", "surrogateescape")


def to_utf_8(stored: bytes | None, encoding: str) -> bytes | None:
    """Stored text of another encoding as UTF-8, broken characters as their own three bytes."""
    if stored is None:
        return None
    even = stored[: len(stored) // 2 * 2]
    return even.decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")


def folded(name: str) -> str:
    """A name as SQLite compares names: only the letters of ASCII are the same in both cases."""
    return name.translate(_CAPITALS)


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
