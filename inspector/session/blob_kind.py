"""What a blob says of itself in its first bytes, in a word, or may be by its length."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from inspector.foreign.message_fit import is_document
from inspector.foreign.wrappers import Wrapper, is_surely_zlib, wrapper_of

_HEADS: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"SQLite format 3\0", "SQLite database"),
)
_SHORT: Final = 4 << 10  #: bytes of a document that are read for a word
_WEBP: Final = (b"RIFF", b"WEBP")
_UUID: Final = 16  #: bytes


def blob_kind(data: bytes) -> str:
    """What a blob is by its first bytes; empty where these say nothing.

    What only may be so, such as a message or an id of 16 bytes, is not told: a cell has no room to
    say that it is a guess. zlib is told where it can be read.
    """
    for head, words in _HEADS:
        if data.startswith(head):
            return words
    if data.startswith(_WEBP[0]) and data[8:12] == _WEBP[1]:
        return "WebP image"
    if len(data) <= _SHORT and is_document(data):
        return "JSON"
    wrapper = wrapper_of(data)
    if wrapper is Wrapper.ZLIB and not is_surely_zlib(data):
        return ""
    return wrapper.value if wrapper is not None else ""


def uuid_of(data: bytes) -> str:
    """What 16 bytes are as a UUID, where their bits are those of one; empty for others.

    That they are one is a guess.
    """
    if len(data) != _UUID or data[8] >> 6 != 2 or not 1 <= data[6] >> 4 <= 8:
        return ""
    return str(UUID(bytes=data))
