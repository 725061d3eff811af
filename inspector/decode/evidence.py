"""What the bytes of a record say of the releases that can have written it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inspector.decode.node import Seen, Tree
from inspector.schema.merged import Clue, MergedSchema
from inspector.schema.releases import Mask, newest, oldest, since
from inspector.schema.types import Field, Place


class Evidence(NamedTuple):
    """What the fields and values of a tree say.

    Attributes:
        releases: those that know all of them; 0 where no release does.
        common: the same without the values of contested fields, whatever those are read as.
        later: those since all of them were known, for a writer keeps fields it does not know.
        places: the contested places among them.
        unnamed: whether a number stands in it that its enum never had.
    """

    releases: Mask
    common: Mask
    later: Mask
    places: frozenset[Place]
    unnamed: bool


def evidence(tree: Tree, merged: MergedSchema) -> Evidence:
    """Meets the releases of everything that tells them apart."""
    full = merged.full
    strict = common = later = full
    own = {one.enum for one in tree.seen if isinstance(one, Field) and one.contested}
    places: list[Place] = []
    unnamed = False
    for one in tree.seen:
        if isinstance(one, Field):
            place = one.contested
            if place is None:
                releases = one.releases
            else:
                releases = merged.known_at(place)
                places.append(place)
        else:
            enum, value = one
            releases = enum.releases.get(value, 0)
            if value in enum.contested:
                places.append((enum.full_name, value))
            elif value not in enum.names:
                unnamed = True
        if releases:
            strict &= releases
            if isinstance(one, Field) or one[0] not in own:
                common &= releases
            later &= since(oldest(releases), full)
    return Evidence(strict, common, later, frozenset(places), unnamed)


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
    named = [(_name(one), _releases(one, merged)) for one in tree.seen]
    yield from sorted(reason for reason in named if reason[1])
    for clue in clues:
        if clue.releases & merged.full:
            yield clue.words, clue.releases & merged.full


def _releases(one: Seen, merged: MergedSchema) -> Mask:
    if not isinstance(one, Field):
        return one[0].releases.get(one[1], 0)
    return one.releases if one.contested is None else merged.known_at(one.contested)


def _name(one: Seen) -> str:
    if isinstance(one, Field):
        return f"it has the field {one.name}"
    return f"it has the value {one[0].names.get(one[1], one[1])}"
