"""Which child of one value is which child of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from inspector.decode.fields import text
from inspector.decode.node import NodeKind
from inspector.decode.paths import Place, children
from inspector.history.equality import Meanings, counts, member_name
from inspector.history.lcs import common_subsequence, increasing

_LISTS: Final = frozenset((NodeKind.LIST, NodeKind.ARRAY))
#: What tells elements of a list apart, tried in this order.
_NAMES: Final = ("id", "name", "slug")


class Pair(NamedTuple):
    """A child before and after, None where there is none; ``moved`` within its list."""

    before: Place | None
    after: Place | None
    moved: bool = False


def align(before: Place, after: Place, meanings: Meanings) -> list[Pair]:
    """The children of two values that stand for the same, in the order of the later one.

    Fields pair by name, entries by key, elements by ``id``, else ``name``, else ``slug`` where all
    have one and each is there once, else by the longest common subsequence. What is gone stands
    before what took its place.
    """
    old = [place for place in children(before) if counts(place.node)]
    new = [place for place in children(after) if counts(place.node)]
    if before.node.kind in _LISTS and after.node.kind == before.node.kind:
        return _elements(old, new, meanings)
    return _members(old, new)


def _members(old: Sequence[Place], new: Sequence[Place]) -> list[Pair]:
    before = {(member_name(place.node), place.repeat): place for place in old}
    after = {(member_name(place.node), place.repeat): place for place in new}
    order = sorted({**before, **after}.items(), key=lambda item: _member_order(item[1]))
    return [Pair(before.get(name), after.get(name)) for name, _ in order]


def _member_order(place: Place) -> tuple[Any, ...]:
    node = place.node
    unknown = node.kind >= NodeKind.UNKNOWN
    if node.label is not None:
        return (unknown, isinstance(node.label, str), node.label, 0)
    number = node.number if unknown or node.field is None else node.field.number
    return (unknown, False, number, place.repeat)


def _elements(old: Sequence[Place], new: Sequence[Place], meanings: Meanings) -> list[Pair]:
    names = _names(old, new)
    if names is None:
        before = [meanings.of(place.node) for place in old]
        after = [meanings.of(place.node) for place in new]
        return _in_order(old, new, common_subsequence(before, after), set())
    at = {name: index for index, name in enumerate(names[0])}
    pairs = [(at[name], index) for index, name in enumerate(names[1]) if name in at]
    staying = increasing([before for before, _ in pairs])
    moved = {after for position, (_, after) in enumerate(pairs) if position not in staying}
    return _in_order(old, new, pairs, moved)


def _in_order(
    old: Sequence[Place], new: Sequence[Place], pairs: Sequence[tuple[int, int]], moved: set[int]
) -> list[Pair]:
    partner = {after: before for before, after in pairs}
    kept = set(partner.values())
    made: list[Pair] = []
    passed = 0
    for index, place in enumerate(new):
        before = partner.get(index)
        if before is None or index in moved:
            made.append(Pair(None if before is None else old[before], place, before is not None))
            continue
        made.extend(Pair(old[lost], None) for lost in range(passed, before) if lost not in kept)
        passed = max(passed, before)
        made.append(Pair(old[before], place))
    made.extend(Pair(old[lost], None) for lost in range(passed, len(old)) if lost not in kept)
    return made


def _names(old: Sequence[Place], new: Sequence[Place]) -> tuple[list[str], list[str]] | None:
    if not all(place.node.kind in (NodeKind.MESSAGE, NodeKind.STRUCT) for place in (*old, *new)):
        return None
    for name in _NAMES:
        before = [text(place.node, name) for place in old]
        after = [text(place.node, name) for place in new]
        if _all_once(before) and _all_once(after):
            return [one for one in before if one], [one for one in after if one]
    return None


def _all_once(names: Sequence[str | None]) -> bool:
    return all(names) and len(set(names)) == len(names)
