r"""Text that holds bytes which are no text, as one that can be copied and typed.

Such bytes are kept as lone surrogates, which no clipboard and no terminal carries. Written for
people each is ``\xff``, and a backslash beside it is doubled, so that both come back as they were.
Lists show control characters as ``\x0a``: these are read back too, but copied as they are.
"""

from __future__ import annotations

import re
from typing import Final

_BYTE: Final = "[\udc80-\udcff]"
_ESCAPE: Final = r"\\(?:\\|x([0189a-fA-F][0-9a-fA-F]|7[fF]))"
_FIRST: Final = 0xDC00
_ASCII: Final = 0x80


def escaped(text: str) -> str:
    """A text without such bytes; one that has none stays as it is, backslashes too."""
    if text.isascii() or not re.search(_BYTE, text):
        return text
    return with_bytes_escaped(text.replace("\\", "\\\\"))


def with_bytes_escaped(text: str) -> str:
    """A text in which such bytes are escaped and nothing else is, for what doubles backslashes."""
    return re.sub(_BYTE, lambda found: f"\\x{ord(found[0]) - _FIRST:02x}", text)


def unescaped(text: str) -> str:
    """What :func:`escaped` made this text of, if it did."""
    return re.sub(_ESCAPE, _meant, text)


def _meant(found: re.Match[str]) -> str:
    if not found[1]:
        return "\\"
    code = int(found[1], 16)
    return chr(code if code < _ASCII else _FIRST + code)
