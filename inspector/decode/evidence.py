"""What the bytes of a record say of the releases that can have written it."""

from __future__ import annotations

from collections.abc import Set
from functools import reduce
from operator import and_, attrgetter
from typing import Final, NamedTuple

from inspector.decode.node import Seen, Tree
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import Mask, oldest, since
from inspector.schema.types import EnumType, Field, Place

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
        common, unnamed = _met(tree.values, common, places)
    if not tree.within:
        return Evidence(common, common, places, unnamed)
    within = [one for one in tree.within if isinstance(one, Field)]
    places += [one.contested for one in within if one.contested is not None]
    values = {one for one in tree.within if not isinstance(one, Field)}
    releases, also = _met(values, reduce(and_, map(_KNOWN, within), common), places)
    return Evidence(common, releases, places, unnamed or also)


def later(tree: Tree, merged: MergedSchema) -> Mask:
    """The releases since all that stands in a tree was known: a writer keeps what it is not."""
    found = merged.full
    for one in (*tree.seen, *tree.values, *tree.within):
        releases = known_to(one)
        if releases > 0:
            found &= since(oldest(releases), merged.full)
    return found


def _met(values: Set[tuple[EnumType, int]], mask: Mask, places: list[Place]) -> tuple[Mask, bool]:
    """What values leave of a set of releases, and whether an enum has a number it never had."""
    unnamed = False
    for enum, value in values:
        releases = enum.releases.get(value)
        if releases is not None:
            mask &= releases
            if value in enum.contested:
                places.append((enum.full_name, value))
        elif value not in enum.names:
            unnamed = True
    return mask, unnamed


def known_to(one: Seen) -> Mask:
    """The releases that know a field or value, whatever they take it for.

    It is -1 where that tells nothing, 0 where none does.
    """
    return one.known if isinstance(one, Field) else one[0].releases.get(one[1], 0)
