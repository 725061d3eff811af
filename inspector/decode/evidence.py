"""What the bytes of a record say of the releases that can have written it, also in a phrase."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache, reduce
from operator import and_, attrgetter
from typing import Final

from inspector.decode.node import Node, Seen, Tree
from inspector.named_tuple import NamedTuple
from inspector.schema.clues import Clue
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import Mask, newest, oldest, since
from inspector.schema.types import Field, Place

#: status, audit, of the spec or of the status, when it was updated, and of that the seconds.
_LAST_CHANGES: Final = ((5,), (99,), (1, 2), (4,), (1,))


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


def changed_at(root: Node) -> str | None:
    """When a record says that it was changed last; None where it does not.

    Args:
        root: of its tree. In all releases the status has an audit of the spec and one of the
            status at the same numbers.
    """
    found = [root]
    for numbers in _LAST_CHANGES:
        found = [child for one in found for child in one.children if child.number in numbers]
    seconds = [one.value for one in found if isinstance(one.value, int)]
    try:
        return f"{datetime.fromtimestamp(max(seconds), UTC):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return None


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


# Which evidence bounds the releases that can have written a record, in a phrase.

_RELEASES: Final = attrgetter("releases")
#: Between phrases where no single one reaches a bound.
_AND: Final = " and "


class Bounds(NamedTuple):
    """What bounds the releases of a record on either side, as phrases; empty where nothing does."""

    first: str
    last: str


def bounds(tree: Tree, merged: MergedSchema, number: int, clues: Iterable[Clue]) -> Bounds:
    """Which evidence says that no earlier, and which that no later release wrote a record.

    Args:
        tree: the record as it is read.
        merged: the releases.
        number: the one whose meaning contested places are read with.
        clues: what else is known of the writer, what counts most first.
    """
    reasons = _of_bytes(tree, merged, number)
    left = _agreed(reasons, merged.full)
    for clue in clues:
        # One that leaves nothing of what counts more is passed, and so bounds nothing.
        if left & clue.releases:
            left &= clue.releases
            reasons.append(clue)
    return Bounds(
        _reaching(reasons, merged.full, oldest),
        _reaching(reasons, merged.full, lambda mask: -newest(mask)),
    )


def _reaching(reasons: list[Clue], full: Mask, bound: Callable[[Mask], int]) -> str:
    """The fewest reasons that bound as much as all of them; the larger a bound is, the more."""
    target = bound(_agreed(reasons, full))
    mask = full
    words: list[str] = []
    while bound(mask) < target:
        best = max(reasons, key=lambda one: bound(mask & one.releases))
        mask &= best.releases
        words.append(best.words)
    return _AND.join(words)


def _agreed(reasons: Iterable[Clue], full: Mask) -> Mask:
    return reduce(and_, map(_RELEASES, reasons), full)


def _of_bytes(tree: Tree, merged: MergedSchema, number: int) -> list[Clue]:
    """What the fields and values of a record say; what is read by choice comes last."""
    said: list[tuple[bool, str, Mask, Mask]] = []
    for one in {*tree.seen, *tree.within}:
        known = known_to(one)
        place = place_of(one)
        if known > 0 and place is None:
            said.append((False, _presence(one, merged), known, merged.full))
        elif known > 0 and place is not None:
            alike = merged.alike(frozenset((place,)), number)
            said.append((True, _meaning(one, merged), known, alike))
    said.sort()
    own = [Clue(known & alike, words) for _, words, known, alike in said]
    if _agreed(own, merged.full):
        return own
    # No release knows all of it: a writer keeps what it does not know.
    kept = [Clue(since(oldest(known), alike), words) for _, words, known, alike in said]
    if _agreed(kept, merged.full):
        return kept
    return [Clue(alike, words) for _, words, _, alike in said]


def _presence(one: Seen, merged: MergedSchema) -> str:
    """That a field or a value is there, which means the same whoever wrote it."""
    if isinstance(one, Field):
        moved = any(
            other.name == one.name
            for number, others in merged.variants(merged.keys[one.owner]).items()
            for other in others
            if number != one.number
        )
        number = f" with the number {one.number}" if moved else ""
        return f"it has the field {one.name} of {_short(one.owner, merged)}{number}"
    enum, value = one
    return f"it has the value {enum.names[value]} of {_short(enum.full_name, merged)}"


def _meaning(one: Seen, merged: MergedSchema) -> str:
    """What a number is read as that ever meant something else."""
    if not isinstance(one, Field):
        enum, value = one
        whole = _short(enum.full_name, merged)
        return f"value {value} of {whole} is read as {enum.names[value]}"
    words = f"field {one.number} of {_short(one.owner, merged)} is read as {one.name}"
    assert one.contested is not None
    key, number = one.contested
    namesakes = [
        other
        for other in merged.variants(key)[number]
        if other.name == one.name and other.releases & ~one.releases
    ]
    if not namesakes:
        return words
    held = one.map_value or one
    named = held.message or held.enum
    words = f"{words} of type {one.type_name}"
    if named is None or all(
        _last(str(other.type)) != _last(named.full_name) for other in namesakes
    ):
        return words
    return f"{words} of {named.full_name.rpartition('.')[0]}"


def _short(full_name: str, merged: MergedSchema) -> str:
    """The last part of a type's name, all of it where another type ends the same."""
    last = _last(full_name)
    return full_name if last in merged.shared_names else last


def _last(full_name: str) -> str:
    return full_name.rpartition(".")[2]
