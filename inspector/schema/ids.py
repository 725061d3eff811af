"""What an id tells: of which kind it is, and when it was made.

An id is a prefix, a hyphen or in later stores an underscore, and a ULID, whose first ten
characters are its time. Some ids only look so: those of access rules, and of people who sign in,
are hashes in the same letters, and an organization's is the slug that was chosen for it. Such an
id tells no time. Prefixes, and which of them may be hashes, are those of ``resources/ids.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from inspector import assets
from inspector.named_tuple import NamedTuple
from inspector.schema.kind_names import normal_kind
from inspector.store.renamed import names_of

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
#: The first character of a ULID is at most 7, or it would not fit 128 bits.
_ID: Final = rf"(?P<prefix>[a-z][a-z0-9]*)[-_](?P<ulid>[0-7][{_ALPHABET}]{{25}})"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLAUSIBLE: Final = range(2015, 2101)


class _IdTable(NamedTuple):
    """The table of ids.

    Attributes:
        kinds: of each prefix, the kinds whose ids begin with it, by :func:`normal_kind`.
        prefixes: of each kind, by all its names, what its ids begin with.
        timeless: beginnings of ids that tell no time.
    """

    kinds: Mapping[str, tuple[str, ...]]
    prefixes: Mapping[str, frozenset[str]]
    timeless: tuple[str, ...]


def created_at(id_: str, kind: str | None = None) -> datetime | None:
    """When an id such as ``agt_01kfw3...`` was made, in UTC with milliseconds.

    None where it cannot be told: what follows the prefix is no ULID, or its year is not plausible,
    or the id may be a hash, or its prefix is none of ``kind``, that of the record where it is
    known.
    """
    found = re.fullmatch(_ID, id_)
    if found is None or id_.startswith(_table().timeless):
        return None
    if kind is not None:
        own = _table().prefixes.get(normal_kind(kind))
        if own is not None and found["prefix"] not in own:
            return None
    milliseconds = 0
    for character in found["ulid"][:10]:
        milliseconds = milliseconds << 5 | _VALUES[character]
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return moment if moment.year in _PLAUSIBLE else None


def looks_like_id(text: str) -> bool:
    """Whether a text has the form of an id, of whatever kind."""
    return re.fullmatch(_ID, text) is not None


def kinds_of(id_: str) -> tuple[str, ...]:
    """The kinds an id may be of by its prefix, by :func:`normal_kind`; none where it is no id."""
    found = re.fullmatch(_ID, id_)
    return _table().kinds.get(found["prefix"], ()) if found is not None else ()


def kind_named(text: str) -> tuple[str, ...]:
    """All names of the kind that a text names, by :func:`normal_kind`; none where it names none."""
    own = normal_kind(text)
    return names_of(own) if own in _table().prefixes else ()


def ids_in(text: str) -> list[str]:
    """Every id that stands in a text, such as a line of a log, each once, in order."""
    bounded = re.finditer(rf"(?<![0-9a-z]){_ID}(?![0-9a-z])", text)
    return list(dict.fromkeys(found[0] for found in bounded))


@cache
def _table() -> _IdTable:
    kinds: dict[str, list[str]] = {}
    prefixes: dict[str, frozenset[str]] = {}
    timeless: list[str] = []
    for row in assets.table("ids.tsv"):
        names, own = names_of(row["kind"]), row["prefixes"].split()
        prefixes |= dict.fromkeys(names, frozenset(own))
        for prefix in own:
            kinds.setdefault(prefix, []).extend(names)
        timeless += row["no_time"].split()
    return _IdTable({one: tuple(of) for one, of in kinds.items()}, prefixes, tuple(timeless))
