"""Pairs of records to compare, of any message type; and what a difference does to a value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from inspector.decode.decoder import decode
from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.paths import NodePlace, children
from inspector.history.alignment import members
from inspector.history.difference import Change, Entry
from inspector.history.equality import leaf_key, member_name
from tests.decode.blobs import BlobWriter
from tests.decode.types import EVERYTHING, MADE, storable, type_of

_LISTS = (NodeKind.LIST, NodeKind.ARRAY)
_STEP = re.compile(r"\.?<(\d+)>(?:\[(\d+)\])?|\.?([A-Za-z_]\w*)|\[(true|false|-?\d+)\]|\[(?=\")")


class Case(NamedTuple):
    """Two blobs of one message type."""

    generation: str
    full_name: str
    first: bytes
    second: bytes

    def trees(self) -> tuple[Tree, Tree]:
        """Both decoded."""
        type_ = type_of(self.generation, self.full_name)
        return decode(self.first, type_), decode(self.second, type_)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Two messages of a type: unlike, or one out of the other by more fields."""
    made = draw(st.booleans())
    name, full_name = (MADE, EVERYTHING) if made else draw(st.sampled_from(storable()))
    random = draw(st.randoms(use_true_random=False))
    related = draw(st.booleans())
    type_ = type_of(name, full_name)
    writer = BlobWriter(random)
    first, second = writer.message(type_), writer.message(type_)
    if related:
        second = first + second if random.random() < 0.5 else second + first
    return Case(name, full_name, first, second)


def find(root: Node, path: str) -> Node:
    """The node that a path names, read as the command line's contract says."""
    place, at = NodePlace(root, None), 0
    while at < len(path):
        found = _STEP.match(path, at)
        assert found is not None, path[at:]
        at = found.end()
        number, repeat, name, bare = found.groups()
        if number is not None:
            place = _only(c for c in children(place) if _is_unknown(c, int(number), repeat))
        elif name is not None:
            place = _only(c for c in children(place) if _named(c) == name)
        elif bare is not None:
            key: Any = bare == "true" if bare in ("true", "false") else int(bare)
            place = _only(c for c in children(place) if _labelled(c, key))
        else:
            text, size = json.JSONDecoder(strict=False).raw_decode(path[at:])
            at += size
            assert path[at] == "]"
            at += 1
            place = _only(c for c in children(place) if _labelled(c, text))
    return place.node


def _only(found: Iterable[NodePlace]) -> NodePlace:
    (place,) = found
    return place


def _is_unknown(place: NodePlace, number: int, repeat: str | None) -> bool:
    node = place.node
    unknown = node.kind == NodeKind.UNKNOWN
    return unknown and node.number == number and place.repeat == int(repeat or 0)


def _named(place: NodePlace) -> str | None:
    node = place.node
    if node.kind >= NodeKind.UNKNOWN or node.label is not None or node.field is None:
        return None
    return node.field.name


def _labelled(place: NodePlace, key: Any) -> bool:
    node = place.node
    known = node.kind < NodeKind.UNKNOWN
    return known and type(node.label) is type(key) and node.label == key


class Plain(NamedTuple):
    """A value: what it is, its members by name, and its elements where it is a list."""

    what: Any
    members: dict[Any, Plain]
    elements: list[Plain]


def plain(place: NodePlace, data: bytes) -> Plain:
    """A value as far as it has a meaning."""
    node = place.node
    named: dict[Any, Plain] = {}
    elements: list[Plain] = []
    for one in members(place):
        below = plain(one, data)
        if node.kind in _LISTS and one.node.kind < NodeKind.UNKNOWN:
            elements.append(below)
        else:
            named[_name(one, named)] = below
    return Plain(_what(node, data), named, elements)


def _what(node: Node, data: bytes) -> Any:
    if node.kind == NodeKind.UNKNOWN and node.wire_type == WireType.VARINT:
        # Overlong ones mean the same.
        digits = enumerate(data[node.body : node.end])
        return node.tag, sum((digit & 0x7F) << 7 * at for at, digit in digits) & (1 << 64) - 1
    if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return node.tag, None if node.children else data[node.body : node.end]
    exact = data[node.start : node.end] if node.problem else None
    leaf = node.kind in (NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC)
    return (leaf_key(node) if leaf else node.kind), exact


def _name(place: NodePlace, taken: Any) -> Any:
    name, repeat = member_name(place.node), 0
    while (name, repeat) in taken:
        repeat += 1
    return name, repeat


class _Changes:
    """Entries by where they are: ``own`` at this place, below it by step of either side."""

    def __init__(self) -> None:
        self.own: list[Entry] = []
        self.old: dict[Any, _Changes] = {}
        self.new: dict[Any, _Changes] = {}


def apply(before: Tree, after: Tree, entries: Sequence[Entry]) -> Plain:
    """What the entries make of the earlier tree; the later one is asked for added values only."""
    old, new = _Changes(), _Changes()
    for entry in entries:
        place = entry.before if entry.after is None else entry.after
        at = old if entry.after is None else new
        for step in _steps(place):
            below = at.old if entry.after is None else at.new
            at = below.setdefault(step, _Changes())
        at.own.append(entry)
    return _applied(plain(NodePlace(before.root, None), before.data), old, new, after.data)


def reverse(entries: Sequence[Entry]) -> list[Entry]:
    """The entries of the way back."""
    back = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}
    return [Entry(back.get(e.change, e.change), e.after, e.before, e.hidden) for e in entries]


def _steps(place: NodePlace | None) -> list[Any]:
    steps: list[Any] = []
    while place is not None and place.parent is not None:
        node = place.node
        if place.parent.node.kind in _LISTS and node.kind < NodeKind.UNKNOWN:
            steps.append(node.label)
        else:
            taken: set[Any] = set()
            for one in members(place.parent):
                name = _name(one, taken)
                taken.add(name)
                if one.node is node:
                    steps.append(name)
        place = place.parent
    return steps[::-1]


_NONE = _Changes()


def _applied(before: Plain, old: _Changes, new: _Changes, data: bytes) -> Plain:
    for entry in new.own:
        if entry.change == Change.CHANGED:
            assert entry.after is not None
            return plain(entry.after, data)
    named = {
        name: _applied(one, old.old.get(name, _NONE), new.new.get(name, _NONE), data)
        for name, one in before.members.items()
        if not old.old.get(name, _NONE).own
    }
    for name, changes in new.new.items():
        added = [entry.after for entry in changes.own if _is_added(entry)]
        if added and added[0] is not None and not isinstance(name, int):
            named[name] = plain(added[0], data)
    elements = _elements(before.elements, old, new, data)
    return Plain(before.what, named, elements)


def _elements(before: Sequence[Plain], old: _Changes, new: _Changes, data: bytes) -> list[Plain]:
    """Removed ones go, moved and added ones are put where they belong, the rest keeps its order."""
    put: dict[int, Plain] = {}
    moved: dict[int, int] = {}
    for at, changes in new.new.items():
        for entry in changes.own:
            if isinstance(at, int) and _is_added(entry) and entry.after is not None:
                put[at] = plain(entry.after, data)
            elif entry.change == Change.MOVED and entry.before is not None:
                moved[at] = int(str(entry.before.node.label))
    lost = {at for at, changes in old.old.items() if changes.own and isinstance(at, int)}
    gone = lost | set(moved.values())
    staying = iter([at for at in range(len(before)) if at not in gone])
    made: list[Plain] = []
    for at in range(len(before) - len(gone) + len(put) + len(moved)):
        if at in put:
            made.append(put[at])
            continue
        source = moved[at] if at in moved else next(staying)
        below = new.new.get(at, _NONE)
        made.append(_applied(before[source], old.old.get(source, _NONE), below, data))
    return made


def _is_added(entry: Entry) -> bool:
    return entry.change == Change.ADDED


def longest(before: Sequence[int], after: Sequence[int]) -> int:
    """The length of a longest common subsequence, by the quadratic table."""
    row = [0] * (len(after) + 1)
    for one in before:
        last, row = row, [0] * (len(after) + 1)
        for at, other in enumerate(after):
            row[at + 1] = last[at] + 1 if one == other else max(row[at], last[at + 1])
    return row[-1]


def edited(kinds: int, items: int, edits: int) -> tuple[list[int], list[int]]:
    """A list of so many kinds of items, and the same with some taken out and put in."""
    random = Random(kinds)
    before = [random.randrange(kinds) for _ in range(items)]
    after = list(before)
    for _ in range(edits):
        at = random.randrange(len(after))
        if random.random() < 0.5:
            del after[at]
        else:
            after.insert(at, random.randrange(kinds))
    return before, after
