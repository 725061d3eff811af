"""What differs between two decoded values, field by field."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING, Final, final, overload

from inspector.decode.field_runs import are_made
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import NodePlace
from inspector.history.alignment import (
    LoneElements,
    Pair,
    Sides,
    differing,
    lone_elements,
    sides_of,
)
from inspector.history.equality import Digests, leaf_key, same_bytes
from inspector.named_tuple import NamedTuple

if TYPE_CHECKING:
    from inspector.history.record import Record
    from inspector.store.rows import Cancel

_OPEN: Final = frozenset(
    (NodeKind.MESSAGE, NodeKind.LIST, NodeKind.MAP, NodeKind.STRUCT, NodeKind.ARRAY)
)
_LEAVES: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))
MOST: Final = 1 << 17  #: children of a value, none of them kept, that are compared one by one
_NAMELESS: Final = frozenset((NodeKind.UNKNOWN, NodeKind.MALFORMED))
_NOTHING: Final[frozenset[int]] = frozenset()


class Change(StrEnum):
    """How a value differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Entry(NamedTuple):
    """One difference. ``before`` is None for what was added, ``after`` for what was removed.

    ``hidden`` says that one of the two is a secret, or bytes that may hold one: neither is shown.
    """

    change: Change
    before: NodePlace | None
    after: NodePlace | None
    hidden: bool = False

    @property
    def path(self) -> str:
        """As in the later value; of what was removed, as in the earlier one."""
        place = self.after if self.after is not None else self.before
        return place.path if place is not None else ""


class EntryRun(NamedTuple):
    """Very many elements that were added to a list side by side, or removed from one.

    Attributes:
        change: which of the two.
        places: the elements.
        covered: ``id()`` of the nodes that are secrets.
        reveal: whether fields without a name are shown, which may hold one.
    """

    change: Change
    places: LoneElements
    covered: frozenset[int]
    reveal: bool

    def entry(self, place: NodePlace) -> Entry:
        """The difference that one of them is."""
        hidden = id(place.node) in self.covered or _is_nameless(place.node, self.reveal)
        if self.places.gone:
            return Entry(self.change, place, None, hidden)
        return Entry(self.change, None, place, hidden)


@final
class Entries(Sequence[Entry]):
    """Differences of which very many are elements side by side, each made when it is asked for.

    Each time it may be another object. Where they are told by their ``id()``, or by that of a
    node, they are asked for by :func:`kept_entries`.

    Attributes:
        parts: them, elements side by side as one.
    """

    __slots__ = ("_firsts", "parts")

    def __init__(self, parts: Iterable[Entry | EntryRun]) -> None:
        self.parts = list(parts)
        #: The index of the first entry of each part, and how many there are.
        self._firsts = list(accumulate(map(_size, self.parts), initial=0))

    def __len__(self) -> int:
        return self._firsts[-1]

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        at = bisect_right(self._firsts, index) - 1
        part = self.parts[at]
        if isinstance(part, Entry):
            return part
        return part.entry(part.places[index - self._firsts[at]])

    def __iter__(self) -> Iterator[Entry]:
        return _each(self.parts)


def _size(part: Entry | EntryRun) -> int:
    return 1 if isinstance(part, Entry) else len(part.places)


def entry_parts(entries: Sequence[Entry]) -> Sequence[Entry | EntryRun]:
    """Differences, very many elements side by side as one."""
    return entries.parts if isinstance(entries, Entries) else entries


def kept_entries(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Differences whose nodes stay the same ones, so that the ``id()`` of each is its own."""
    for part in entry_parts(entries):
        if isinstance(part, Entry):
            yield part
        else:
            yield from map(part.entry, part.places.kept())


class Difference(NamedTuple):
    """All differences of two trees, depth first; empty where they mean the same.

    Attributes:
        entries: a list, or :class:`Entries` where very many are elements side by side.
        same_bytes: whether the two have the same bytes.
    """

    entries: Sequence[Entry]
    same_bytes: bool


def difference(
    before: Tree,
    after: Tree,
    covered: frozenset[int] = _NOTHING,
    *,
    reveal: bool = False,
    cancel: Cancel | None = None,
) -> Difference:
    """Compares two trees, of any depth and of any generations.

    Args:
        before: the earlier one.
        after: the later one.
        covered: ``id()`` of the nodes of both trees that are secrets. Nothing within them is told.
        reveal: show secrets, and fields without a name, which may hold one.
        cancel: ends it when set.

    Raises:
        CancelledError: ``cancel`` was set.
    """
    if _is_same(before, after):
        return Difference([], True)
    parts = _parts(before, after, sides_of(before.data, after.data, cancel), covered, reveal)
    return Difference(entries_of(parts), before.data == after.data)


def _is_same(before: Tree, after: Tree) -> bool:
    return before.data == after.data and before.type is after.type


def _parts(
    before: Tree, after: Tree, sides: Sides, covered: frozenset[int], reveal: bool
) -> Iterator[Entry | EntryRun]:
    root = Pair(NodePlace(before.root, None), NodePlace(after.root, None))
    return _entries(root, sides, _NOTHING if reveal else covered, reveal)


def record_difference(
    before: Record, after: Record, *, reveal: bool = False, cancel: Cancel | None = None
) -> Difference:
    """Compares two records that decode; what is covered in either is in their difference too.

    Args:
        before: the earlier one.
        after: the later one.
        reveal: show secrets, and fields without a name, which may hold one.
        cancel: ends it when set.

    Raises:
        CancelledError: ``cancel`` was set.
    """
    assert before.tree is not None and after.tree is not None
    covered = before.covered | after.covered
    return difference(before.tree, after.tree, covered, reveal=reveal, cancel=cancel)


def each_difference(before: Record, after: Record, *, reveal: bool = False) -> Iterator[Entry]:
    """The entries of :func:`record_difference`, one after another; none is kept.

    Their nodes may be others than those that the trees give.
    """
    assert before.tree is not None and after.tree is not None
    old, new = before.tree, after.tree
    if _is_same(old, new):
        return iter(())
    sides = sides_of(old.data, new.data)
    if isinstance(sides.meanings, Digests):  # others tell nodes by their id()
        sides = sides._replace(keeps=False)
    return _each(_parts(old, new, sides, before.covered | after.covered, reveal))


def _each(parts: Iterable[Entry | EntryRun]) -> Iterator[Entry]:
    """Differences one after another; of elements side by side each is made when it comes."""
    for part in parts:
        if isinstance(part, Entry):
            yield part
        else:
            yield from map(part.entry, part.places)


def entries_of(parts: Iterable[Entry | EntryRun]) -> Sequence[Entry]:
    """Differences out of what :func:`entry_parts` gives."""
    found = Entries(parts)
    plain = [one for one in found.parts if isinstance(one, Entry)]
    return plain if len(plain) == len(found.parts) else found


def _entries(
    root: Pair, sides: Sides, covered: frozenset[int], reveal: bool
) -> Iterator[Entry | EntryRun]:
    stack: list[Pair | LoneElements] = [root]
    while stack:
        sides.meanings.check()
        pair = stack.pop()
        if isinstance(pair, LoneElements):
            yield EntryRun(Change.REMOVED if pair.gone else Change.ADDED, pair, covered, reveal)
            continue
        before, after = pair.before, pair.after
        hidden = any(
            id(one.node) in covered or _is_nameless(one.node, reveal)
            for one in (before, after)
            if one is not None
        )
        if before is None or after is None:
            yield Entry(Change.ADDED if before is None else Change.REMOVED, before, after, hidden)
            continue
        if pair.moved:
            yield Entry(Change.MOVED, before, after, hidden)
        if same_bytes(before.node, after.node, sides.before, sides.after):
            continue
        if comparable(before.node, after.node) and not hidden:
            stack.extend(reversed(differing(before, after, sides)))
        elif not hidden and (alone := lone_elements(before, after, sides)) is not None:
            stack.append(alone)
        elif not sides.same(before.node, after.node):
            yield Entry(Change.CHANGED, before, after, hidden)


def _is_nameless(node: Node, reveal: bool) -> bool:
    return node.kind in _NAMELESS and not reveal


def comparable(before: Node, after: Node) -> bool:
    """Whether two values are compared by what they hold, and not as wholes.

    What holds very many is, since a pair of each takes a hundred times their bytes.
    """
    if before.kind != after.kind or before.problem or after.problem:
        return False
    if before.kind in _NAMELESS:  # what a group holds would be made for its number
        return False
    children = before.children, after.children
    if any(are_made(one) for one in children) and max(map(len, children)) > MOST:
        return False
    if before.kind in _LEAVES:
        # Unknown fields may lie around a value of a Struct.
        return bool(before.children or after.children) and leaf_key(before) == leaf_key(after)
    return before.kind in _OPEN and not before.is_time
