"""Values that the daemon encrypted before it stored them: told from others, never opened.

Such a text is ``enc:v1:`` and base64: AES-256-GCM, a nonce of 12 bytes, what was encrypted, and a
tag of 16. The key lies with the daemon and is not looked for. A later edition of it has another
number.
"""

from __future__ import annotations

import re
from typing import Final

from inspector.named_tuple import NamedTuple

_BEGIN: Final = "enc:v"
_SEALED: Final = r"(?P<edition>enc:v[0-9]{1,9}):(?P<data>[A-Za-z0-9+/_-]+)(?P<rest>={0,2})"


class Sealed(NamedTuple):
    """What is told of such a value: the edition, such as ``enc:v1``, and the bytes behind it."""

    edition: str
    size: int

    @property
    def facts(self) -> str:
        """Edition and size, as ``(enc:v1, 44 bytes)``."""
        return f"({self.edition}, {self.size:,} byte{'' if self.size == 1 else 's'})"

    @property
    def words(self) -> str:
        """Edition and size as a sentence."""
        return f"Sealed {self.facts}"


def sealed(value: object) -> Sealed | None:
    """What a stored value is sealed with; None for every other value."""
    if not isinstance(value, str) or not value.startswith(_BEGIN):
        return None
    found = re.fullmatch(_SEALED, value)
    return Sealed(found["edition"], len(found["data"]) * 3 // 4) if found is not None else None
