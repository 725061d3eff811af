"""Kinds that got another name: one thing, whichever of its names a row is stored under.

Migrations rename a kind in place, and not every row of it: what is archived may keep the name that
the live record had before. The names are those of ``resources/ids.tsv``.
"""

from __future__ import annotations

from functools import cache

from inspector import assets
from inspector.store.legacy import normalised


def names_of(kind: str) -> tuple[str, ...]:
    """All names of a kind, as :func:`~inspector.store.legacy.normalised`, the newest first.

    A kind that never had another name, or is unknown, has its own alone.
    """
    own = normalised(kind)
    return _names().get(own, (own,))


def is_same(kind: str, other: str) -> bool:
    """Whether two kinds, however they are spelled, are one thing."""
    return normalised(other) in names_of(kind)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Of each kind that ever had several, all its names."""
    found: dict[str, tuple[str, ...]] = {}
    for row in assets.table("ids.tsv"):
        names = tuple(map(normalised, (row["kind"], *row["earlier"].split())))
        if len(names) > 1:
            found |= dict.fromkeys(names, names)
    return found
