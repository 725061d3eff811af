"""Tells most records that a filter cannot fit by their bytes, before anything of them is decoded.

It may let through what does not match, but never holds back what does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from inspector.invisible import joined
from inspector.schema.catalog import merged_schema
from inspector.schema.releases import newest
from inspector.schema.state import state_field

_PLANE = 0x10000  #: beyond it no character is folded to a letter of ASCII
#: What beyond it has no width: format characters of shorthand and music, tags.
_BEYOND = rb"\xf0\x9b\xb2[\xa0-\xa3]|\xf0\x9d\x85[\xb3-\xba]|\xf3\xa0[\x80-\xbf][\x80-\xbf]"


class Prefilter:
    """The words of a filter, for the records of one kind."""

    def __init__(self, words: Sequence[str], kind: str, *, documents: bool) -> None:
        """Takes what is looked for.

        Args:
            words: case-folded.
            kind: as the store spells it.
            documents: the blobs are JSON, where a character may be written as an escape.
        """
        states = _states(kind)
        held = f"{kind}/".casefold()
        self._kind = held
        # A state is stored as a number, so its name is in no blob; an unknown one shows its number.
        self._words = [
            (word, word.encode())
            for word in words
            if not documents
            and word.isascii()
            and not word.lstrip("-").isdigit()
            and not any(word in state for state in states)
        ]

    def may_match(self, id_: str, data: bytes) -> bool:
        """Whether a record may hold every word."""
        if not self._words:
            return True
        lowered = data.lower()
        key = self._kind + joined(id_).casefold()
        missing = any(raw not in lowered and word not in key for word, raw in self._words)
        return not missing or _special().search(data) is not None


@cache
def _states(kind: str) -> tuple[str, ...]:
    """All names of states that a record of a kind may have, case-folded."""
    found: set[str] = set()
    merged = merged_schema()
    for row in merged.rows_of(kind):
        if row.message is None:
            continue
        message = merged.view(newest(row.releases)).message(row.message)
        path = state_field(message)
        if path is not None and path[-1].enum is not None:
            values = merged.values(path[-1].enum.full_name)
            found.update(name.casefold() for known in values.values() for name, _ in known)
    return tuple(found)


@cache
def _special() -> re.Pattern[bytes]:
    """The characters outside ASCII that case folding makes letters of ASCII, such as a sharp s.

    And those without a width, which may stand between such letters.
    """
    every = (chr(code) for code in range(0x80, _PLANE) if not 0xD800 <= code < 0xE000)
    found = [
        one for one in every if not joined(one) or any(part < "\x80" for part in one.casefold())
    ]
    return re.compile(b"|".join([*(re.escape(one.encode()) for one in found), _BEYOND]))
