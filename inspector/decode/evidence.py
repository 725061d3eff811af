"""What the bytes of a record say of the releases that can have written it."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import and_, attrgetter
from typing import Final, NamedTuple

from inspector.decode.node import Seen, Tree
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import Mask, oldest, since
from inspector.schema.types import Field, Place

_KNOWN: Final = attrgetter("known")


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
    places: list[Place]
    unnamed: bool


def evidence(tree: Tree) -> Evidence:
    """Meets the releases of everything that tells them apart."""
    seen = tree.seen
    common = reduce(and_, map(_KNOWN, seen), -1)
    places = [one.contested for one in seen if one.contested is not None]
    unnamed = False
    if tree.values:
        known, more, unnamed = _met(frozenset(tree.values))
        common &= known
        places += more
    if not tree.within:
        return Evidence(common, common, places, unnamed)
    known, more, also = _met(frozenset(tree.within))
    places += more
    return Evidence(common, common & known, places, unnamed or also)


def later(tree: Tree, merged: MergedSchema) -> Mask:
    """The releases since all that stands in a tree was known: a writer keeps what it is not."""
    found = merged.full
    for one in (*tree.seen, *tree.values, *tree.within):
        releases = known_to(one)
        if releases > 0:
            found &= since(oldest(releases), merged.full)
    return found


@lru_cache(maxsize=4096)
def _met(some: frozenset[Seen]) -> tuple[Mask, tuple[Place, ...], bool]:
    """The releases that know all of some fields and values, which many records have in common.

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
    return mask, tuple(places), unnamed


def known_to(one: Seen) -> Mask:
    """The releases that know a field or value, whatever they take it for.

    It is -1 where that tells nothing, 0 where none does.
    """
    return one.known if isinstance(one, Field) else one[0].releases.get(one[1], 0)
