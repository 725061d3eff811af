"""What the bytes of a record say of the releases that can have written it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import reduce
from operator import and_, attrgetter
from typing import Final, NamedTuple

from inspector.decode.node import Seen, Tree
from inspector.schema.merged import Clue, MergedSchema
from inspector.schema.releases import Mask, newest, oldest, since
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
        releases = _releases(one)
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


class Bounds(NamedTuple):
    """What bounds the releases of a record on either side, as phrases; empty where nothing does."""

    first: str
    last: str


def bounds(tree: Tree, merged: MergedSchema, clues: Iterable[Clue]) -> Bounds:
    """Which piece of evidence says that no earlier, and which that no later release wrote it."""
    first, last = (0, ""), (len(merged.names) - 1, "")
    for words, releases in _reasons(tree, merged, clues):
        if oldest(releases) > first[0]:
            first = oldest(releases), words
        if newest(releases) < last[0]:
            last = newest(releases), words
    return Bounds(first[1], last[1])


def _reasons(tree: Tree, merged: MergedSchema, clues: Iterable[Clue]) -> Iterator[tuple[str, Mask]]:
    named = [(_name(one), _releases(one)) for one in (*tree.seen, *tree.values, *tree.within)]
    yield from sorted(reason for reason in named if reason[1] > 0)
    for clue in clues:
        if clue.releases & merged.full:
            yield clue.words, clue.releases & merged.full


def _releases(one: Seen) -> Mask:
    """The releases that know a field or value; -1 where it tells nothing, 0 where none does."""
    return one.known if isinstance(one, Field) else one[0].releases.get(one[1], 0)


def _name(one: Seen) -> str:
    if isinstance(one, Field):
        return f"it has the field {one.name}"
    return f"it has the value {one[0].names.get(one[1], one[1])}"
