"""What the bytes of a record say of the releases that can have written it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from inspector.decode.node import Seen, Tree
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import Mask, oldest, since
from inspector.schema.types import Field, Place


class Evidence(NamedTuple):
    """What the fields and values of a tree say.

    Attributes:
        common: the releases that know all of them but for what stands within contested fields,
            whatever those are read as; all bits are set where nothing tells them apart.
        releases: those that know all of them; 0 where no release does.
        places: the contested places among them.
        unnamed: whether a number stands in it that its enum never had.
    """

    common: Mask
    releases: Mask
    places: frozenset[Place]
    unnamed: bool


def evidence(tree: Tree) -> Evidence:
    """Meets the releases of everything that tells them apart."""
    return _evidence(frozenset(tree.seen), frozenset(tree.within))


@lru_cache(maxsize=4096)
def _evidence(seen: frozenset[Seen], within: frozenset[Seen]) -> Evidence:
    """The same; records of a kind have few shapes, so most of them ask for what was met before."""
    common, places, unnamed = _met(seen)
    if not within:
        return Evidence(common, common, places, unnamed)
    known, more, also = _met(within)
    return Evidence(common, common & known, places | more, unnamed or also)


def later(tree: Tree, merged: MergedSchema) -> Mask:
    """The releases since all that stands in a tree was known: a writer keeps what it is not."""
    found = merged.full
    for one in (*tree.seen, *tree.within):
        releases = known_to(one)
        if releases > 0:
            found &= since(oldest(releases), merged.full)
    return found


def _met(some: frozenset[Seen]) -> tuple[Mask, frozenset[Place], bool]:
    """The releases that know all of some fields and values.

    Besides: the contested places among them, and whether an enum has a number it never had.
    """
    mask, unnamed = -1, False
    places: list[Place] = []
    for one in some:
        if isinstance(one, Field):
            mask &= one.known
            if one.contested is not None:
                places.append(one.contested)
            continue
        enum, value = one
        releases = enum.releases.get(value)
        if releases is not None:
            mask &= releases
            if value in enum.contested:
                places.append((enum.full_name, value))
        elif value not in enum.names:
            unnamed = True
    return mask, frozenset(places), unnamed


def known_to(one: Seen) -> Mask:
    """The releases that know a field or value, whatever they take it for.

    It is -1 where that tells nothing, 0 where none does.
    """
    return one.known if isinstance(one, Field) else one[0].releases.get(one[1], 0)


def place_of(one: Seen) -> Place | None:
    """Where a field or value is contested, None where it is not."""
    if isinstance(one, Field):
        return one.contested
    enum, value = one
    return (enum.full_name, value) if value in enum.contested else None
