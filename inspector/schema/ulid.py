"""The time that a ULID id carries in its first ten characters."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
#: ``<prefix>-<ulid>``; the first character of a ULID is at most 7, or it would not fit 128 bits.
_ID: Final = re.compile(rf"([a-z][a-z0-9]*)-([0-7][{_ALPHABET}]{{25}})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLAUSIBLE: Final = range(2015, 2101)


def created_at(id_: str) -> datetime | None:
    """When an id such as ``agt-01kfw3...`` was made, in UTC with milliseconds.

    None where what follows the prefix is no ULID, or its year is not plausible.
    """
    found = _ID.fullmatch(id_)
    if found is None:
        return None
    milliseconds = 0
    for character in found[2][:10]:
        milliseconds = milliseconds << 5 | _VALUES[character]
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return moment if moment.year in _PLAUSIBLE else None


def prefix(id_: str) -> str | None:
    """The prefix of an id with a ULID, else None."""
    found = _ID.fullmatch(id_)
    return found[1] if found is not None else None


def ids_in(text: str) -> list[str]:
    """Every such id that stands in a text, such as a line of a log, each once, in order."""
    bounded = re.finditer(rf"(?<![0-9a-z-]){_ID.pattern}(?![0-9a-z])", text)
    return list(dict.fromkeys(found[0] for found in bounded))
