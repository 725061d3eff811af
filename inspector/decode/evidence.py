"""What the bytes of a record say of the releases that can have written it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import reduce
from operator import and_
from typing import NamedTuple

from inspector.decode.node import Seen, Tree
from inspector.schema.merged import Clue, MergedSchema
from inspector.schema.releases import Mask, newest, oldest, since
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
    places: list[Place]
    unnamed: bool


def evidence(tree: Tree) -> Evidence:
    """Meets the releases of everything that tells them apart."""
    places: list[Place] = []
    common, unnamed = _met(tree.seen, -1, places)
    if not tree.within:
        return Evidence(common, common, places, unnamed)
    within, also = _met(tree.within, common, places)
    return Evidence(common, within, places, unnamed or also)


def later(tree: Tree, merged: MergedSchema) -> Mask:
    """The releases since all that stands in a tree was known: a writer keeps what it is not."""
    found = merged.full
    for one in (*tree.seen, *tree.within):
        releases = _releases(one)
        if releases > 0:
            found &= since(oldest(releases), merged.full)
    return found


def _met(seen: Set[Seen], mask: Mask, places: list[Place]) -> tuple[Mask, bool]:
    """What the releases of everything leave of a set, and whether an enum has an unknown number."""
    fields = [one for one in seen if type(one) is Field]
    mask = reduce(and_, [one.known for one in fields], mask)
    places += [one.contested for one in fields if one.contested is not None]
    unnamed = False
    if len(fields) < len(seen):
        for one in seen:
            if isinstance(one, Field):
                continue
            enum, value = one
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
    named = [(_name(one), _releases(one)) for one in (*tree.seen, *tree.within)]
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
