"""Which child of one value is which child of another."""

from __future__ import annotations

import operator
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Any, Final, final

from inspector.decode.decoder import Decoder
from inspector.decode.element_runs import ElementRuns
from inspector.decode.field_runs import behind_first, kept_node
from inspector.decode.nested_runs import NestedRuns
from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.paths import NodePlace, below
from inspector.decode.record_summary import child
from inspector.decode.unknown_runs import UnknownFields, WireField
from inspector.decode.well_known import FOLDED
from inspector.decode.wire import group_end, read_field, read_varint
from inspector.history.bit_parallel import IndexPairs
from inspector.history.equality import (
    Digests,
    Meanings,
    counts,
    leaf_key,
    member_name,
)
from inspector.history.lcs import common_subsequence, increasing
from inspector.lazy_sequence import LazySequence
from inspector.named_tuple import NamedTuple

if TYPE_CHECKING:
    from inspector.store.rows import Cancel

_LISTS: Final = frozenset((NodeKind.LIST, NodeKind.ARRAY))
_RECORDS: Final = frozenset((NodeKind.MESSAGE, NodeKind.STRUCT))
_LEAVES: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))
_NAMELESS: Final = frozenset((NodeKind.UNKNOWN, NodeKind.MALFORMED))
#: What tells elements of a list apart, tried in this order.
_NAMES: Final = ("id", "name", "slug")
#: So many neighbours in one of two lists alone are made when they are asked for.
MANY: Final = 1000
_INDEX: Final = "I"  #: of an element in a list
#: What the elements of two lists are known by.
_Names = tuple[list[Any], list[Any]]


class Pair(NamedTuple):
    """A child before and after, None where there is none; ``moved`` within its list."""

    before: NodePlace | None
    after: NodePlace | None
    moved: bool = False


@final
class LoneElements(LazySequence[NodePlace]):
    """Elements of a list that have no partner in the other one, each made when it is asked for.

    An element may take four bytes, and its pair on its own a thousand.

    Attributes:
        above: the list.
        gone: whether they are of the earlier list.
        elements: their indices in the list, ascending.
    """

    __slots__ = ("_listed", "_repeats", "above", "elements", "gone")

    def __init__(
        self,
        above: NodePlace,
        listed: Sequence[Node],
        elements: Sequence[int],
        *,
        gone: bool,
        repeats: Sequence[int] = (),
    ) -> None:
        """Says which elements of a list they are, by their indices.

        Args:
            above: the list, or a message of which they are unknown fields.
            listed: what the indices are of.
            elements: the indices.
            gone: whether they are of the earlier one.
            repeats: of unknown fields how many of the same number stand before each.
        """
        self._repeats = repeats
        self.above, self.gone = above, gone
        self._listed = listed
        self.elements = elements

    def kept(self) -> Iterator[NodePlace]:
        """The places of nodes that stay the same ones, so that the ``id()`` of each is its own."""
        for place in self:
            kept_node(self._listed, place.node)
            yield place

    def __len__(self) -> int:
        return len(self.elements)

    def _made(self, index: int) -> NodePlace:
        repeat = self._repeats[index] if self._repeats else 0
        return NodePlace(self._listed[self.elements[index]], self.above, repeat)


@final
class _Stretch(LazySequence[Node]):
    """Elements side by side of a very long list, each made when it is asked for.

    Attributes:
        above: the list.
        listed: all its elements.
        elements: the indices of these.
    """

    __slots__ = ("above", "elements", "listed")

    def __init__(self, above: NodePlace, listed: NestedRuns, elements: range) -> None:
        self.above, self.listed, self.elements = above, listed, elements

    def kept(self, index: int) -> NodePlace:
        """The place of one of them, whose node stays the same one."""
        return NodePlace(kept_node(self.listed, self[index]), self.above)

    def __len__(self) -> int:
        return len(self.elements)

    def _made(self, index: int) -> Node:
        return self.listed[self.elements[index]]


class Sides(NamedTuple):
    """The bytes that the two trees were made of, and what their values mean."""

    before: bytes
    after: bytes
    meanings: Meanings
    keeps: bool = True  #: whether nodes stay the same ones

    def same(self, before: Node, after: Node) -> bool:
        """Whether two nodes mean the same."""
        if _is_plain(before) and _is_plain(after):
            return leaf_key(before) == leaf_key(after)
        listed = _runs_of(before, after)
        if listed is not None:
            return self._same_elements(*listed)
        leaves = _leaf_runs_of(before, after)
        if leaves is not None:
            keys = (map(leaf_key, one) for one in leaves)
            return len(leaves[0]) == len(leaves[1]) and all(map(operator.eq, *keys))
        return self.meanings.of(before, self.before) == self.meanings.of(after, self.after)

    def _same_elements(self, before: NestedRuns, after: NestedRuns) -> bool:
        """Whether the elements of two lists mean the same, or the entries of two maps.

        Those of the same bytes are not read.
        """
        count = len(before) - before.replaced
        if count != len(after) - after.replaced:
            return False
        spans = zip(before.extents(), after.extents(), strict=False)
        return all(
            self.before[slice(*one)] == self.after[slice(*other)]
            or self._same_entry(before[at], after[at])
            for at, (one, other) in enumerate(islice(spans, count))
        )

    def _same_entry(self, before: Node, after: Node) -> bool:
        return before.label == after.label and self.same(before, after)


def sides_of(before: bytes, after: bytes, cancel: Cancel | None = None) -> Sides:
    """Two trees to be compared, told by the bytes that they were made of."""
    large = any(len(one) >= Decoder.from_size for one in (before, after))
    return Sides(before, after, Digests(cancel) if large else Meanings(cancel))


def _is_plain(node: Node) -> bool:
    return node.kind in _LEAVES and not node.children and node.problem is None


def align(before: NodePlace, after: NodePlace, sides: Sides) -> list[Pair]:
    """The children of two values that stand for the same, in the order of the later one.

    Fields pair by name, entries by key, elements by ``id``, else ``name``, else ``slug`` where all
    have one and each is there once, else by a longest common subsequence (``lcs`` says how far).
    """
    old, new = (members(one, keep=sides.keeps) for one in (before, after))
    if before.node.kind in _LISTS and after.node.kind == before.node.kind:
        # Unknown fields may lie around the elements of a list in a Struct.
        rest = [[one for one in side if not is_known(one)] for side in (old, new)]
        old, new = [one for one in old if is_known(one)], [one for one in new if is_known(one)]
        nodes = [[one.node for one in side] for side in (old, new)]
        return _elements(old, new, sides, _names_of(*nodes)) + _members(rest[0], rest[1])
    return _members(old, new)


def differing(before: NodePlace, after: NodePlace, sides: Sides) -> Sequence[Pair | LoneElements]:
    """What :func:`align` gives, of very long lists without what is alike at both ends.

    Alike are elements of the same bytes there; no node is made of them, nor of very many that lie
    between them in one list alone. Of very many unknown fields of a message those are left out,
    too, that have the bytes of their partner.
    """
    runs = _runs_of(before.node, after.node) if before.node.kind == NodeKind.LIST else None
    if runs is None:
        found = _differing_unknown(before, after, sides)
        return found if found is not None else align(before, after, sides)
    unlike = _unlike(*runs, sides)
    alone = _alone(before, after, runs, unlike)
    if alone is not None:
        return [alone]
    names = _names_of(*runs) if _can_be_named(before.node) else None
    if names is not None:
        old, new = (one[at.start : at.stop] for one, at in zip(names, unlike, strict=True))
        names = old, new
    stretches = _Stretch(before, runs[0], unlike[0]), _Stretch(after, runs[1], unlike[1])
    return _unlike_elements(*stretches, sides, names)


def _unlike_elements(
    old: _Stretch, new: _Stretch, sides: Sides, names: _Names | None
) -> list[Pair | LoneElements]:
    """What :func:`_elements` gives of parts of very long lists, but for pairs that are alike.

    No node is kept of those, nor of very many that have no partner: these come by the thousand.
    """
    if not isinstance(sides.meanings, Digests):  # which tells nodes by their id()
        for stretch in (old, new):
            for node in stretch:
                kept_node(stretch.listed, node)
    pairs, moved = _partners(old, new, sides, names)
    alone = len(old) + len(new) - 2 * len(pairs)
    apart = array(_INDEX), array(_INDEX)
    found: list[Pair | LoneElements] = []
    for one, other, has_moved in _in_order(len(old), len(new), pairs, moved):
        if one is not None and other is not None:
            if not has_moved and (names is None or _same_bytes(old, one, new, other, sides)):
                continue
        elif alone > MANY:
            if one is not None:
                apart[0].append(old.elements[one])
            elif other is not None:
                apart[1].append(new.elements[other])
            if max(map(len, apart)) >= MANY:
                found += _taken(apart, old, new)
            continue
        before = old.kept(one) if one is not None else None
        found.append(Pair(before, new.kept(other) if other is not None else None, has_moved))
    return found + _taken(apart, old, new)


def _taken(
    apart: tuple[array[int], array[int]], old: _Stretch, new: _Stretch
) -> list[LoneElements]:
    """Elements without partners, of which none are left behind."""
    found = [
        LoneElements(stretch.above, stretch.listed, indices[:], gone=stretch is old)
        for stretch, indices in zip((old, new), apart, strict=True)
        if indices
    ]
    for indices in apart:
        del indices[:]
    return found


def _same_bytes(old: _Stretch, one: int, new: _Stretch, other: int, sides: Sides) -> bool:
    before = slice(*old.listed.extent(old.elements[one]))
    after = slice(*new.listed.extent(new.elements[other]))
    return sides.before[before] == sides.after[after]


def lone_elements(before: NodePlace, after: NodePlace, sides: Sides) -> LoneElements | None:
    """What one of two very long lists has more than the other one, where that is all that differs.

    None where more does, where it is not very much, and for what is no list.
    """
    runs = _runs_of(before.node, after.node) if before.node.kind == NodeKind.LIST else None
    if runs is None or abs(len(runs[0]) - len(runs[1])) <= MANY:
        return None
    return _alone(before, after, runs, _unlike(*runs, sides))


def _alone(
    before: NodePlace,
    after: NodePlace,
    runs: tuple[NestedRuns, NestedRuns],
    unlike: tuple[range, range],
) -> LoneElements | None:
    old, new = unlike
    if (old and new) or max(len(old), len(new)) <= MANY:
        return None
    way = (before, runs[0], old) if old else (after, runs[1], new)
    return LoneElements(*way, gone=bool(old))


def _can_be_named(listed: Node) -> bool:
    """Whether the elements of a list may have what tells them apart."""
    type_ = listed.field.message if listed.field is not None else None
    if type_ is None or type_.full_name in FOLDED:
        return True
    return any(one.name in _NAMES for one in type_.fields.values())


def _runs_of(before: Node, after: Node) -> tuple[NestedRuns, NestedRuns] | None:
    """The elements of two lists, or the entries of two maps, that are kept by where they lie."""
    old, new = before.children, after.children
    if not isinstance(old, NestedRuns) or not isinstance(new, NestedRuns):
        return None
    return (old, new) if _are_one_field(before, after) else None


def _leaf_runs_of(before: Node, after: Node) -> tuple[ElementRuns, ElementRuns] | None:
    """The elements of two lists that hold no others, kept by where they lie, none of them odd."""
    old, new = before.children, after.children
    if not isinstance(old, ElementRuns) or not isinstance(new, ElementRuns):
        return None
    plain = old.unmade == len(old) and new.unmade == len(new)
    return (old, new) if plain and _are_one_field(before, after) else None


def _are_one_field(before: Node, after: Node) -> bool:
    if before.kind != after.kind or before.problem or after.problem:
        return False
    return before.field is not None and before.field is after.field


def _differing_unknown(
    before: NodePlace, after: NodePlace, sides: Sides
) -> list[Pair | LoneElements] | None:
    """Pairs of the members of two messages, but for unknown fields that are alike.

    None where neither has very many of those. No node is made of what is alike. Where more than a
    thousand are not, the earlier ones are told as gone and the later ones as new, in the order of
    their bytes.
    """
    places = before, after
    if before.node.kind != NodeKind.MESSAGE:
        return None
    if not any(behind_first(one.node.children) for one in places):
        return None
    found = [_known_members(one) for one in places]
    unlike, in_step = _unlike_unknown(before, after, sides)
    if sum(one.count for one in unlike) <= 2 * MANY:
        for kept, one in zip(found, unlike, strict=True):
            kept += one.kept()
        return list(_members(*found, in_step=in_step))
    parts: list[Pair | LoneElements] = [*_members(*found)]
    for chunks in zip_longest(*(one.chunks(gone=one is unlike[0]) for one in unlike)):
        parts += (one for one in chunks if one is not None)
    return parts


def _known_members(place: NodePlace) -> list[NodePlace]:
    """The children of a message that its type has, as :func:`members` gives them."""
    children = place.node.children
    rest = behind_first(children)
    nodes = islice(children, len(children) - len(rest)) if rest is not None else children
    return [
        NodePlace(kept_node(children, one), place)
        for one in nodes
        if one.kind < NodeKind.UNKNOWN and counts(one)
    ]


class _Waiting:
    """Unknown fields of one message that have no partner so far, by where they begin."""

    __slots__ = ("_data", "_odd", "_starts", "_taken")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._starts: dict[int, array[int]] = {}  #: by tag
        self._taken: Counter[int] = Counter()  #: how many of the first ones wait no longer
        self._odd: dict[int, WireField] = {}  #: what cannot be read again

    def add(self, field: WireField) -> None:
        """Puts one behind the others of its tag."""
        _, start, _, _, tag, kind = field
        self._starts.setdefault(tag, array(_INDEX)).append(start)
        if kind != NodeKind.UNKNOWN:
            self._odd[start] = field

    def take(self, tag: int) -> WireField | None:
        """The first of a tag, which waits no longer; None where none does."""
        starts, taken = self._starts.get(tag), self._taken[tag]
        if starts is None or taken == len(starts):
            return None
        start = starts[taken]
        self._taken[tag] = taken + 1
        if taken + 1 == MANY:
            del starts[:MANY], self._taken[tag]
        return self._odd.get(start) or self._read_again(start)

    def left(self) -> Iterator[int]:
        """Where all begin."""
        parts = (islice(one, self._taken[tag], None) for tag, one in self._starts.items())
        return chain.from_iterable(parts)

    def _read_again(self, start: int) -> WireField:
        one = read_field(self._data, start, len(self._data))
        assert one is not None  # it has been read before
        _, body, end, tag = one
        if tag & 7 == WireType.SGROUP:
            end = group_end(self._data, one, len(self._data))[1]
        return -1, start, body, end, tag, NodeKind.UNKNOWN


class _UnlikeUnknown:
    """Unknown fields of a message that differ from what the other one has in their place.

    They are told by a bit for each byte of the message.

    Attributes:
        count: how many there are.
    """

    __slots__ = ("_bits", "_first", "_listed", "_place", "count")

    def __init__(self, place: NodePlace) -> None:
        node = place.node
        rest = behind_first(node.children)
        self._place = place
        self._listed: Sequence[Node] = node.children if rest is None else rest
        self._first = node.start
        self._bits = bytearray((node.end - node.start >> 3) + 1)
        self.count = 0

    def all_fields(self) -> Iterator[WireField]:
        """Those of the message, alike or not, in order."""
        if isinstance(self._listed, UnknownFields):
            return self._listed.counted()
        return (
            (at, one.start, one.body, one.end, one.tag, one.kind)
            for at, one in enumerate(self._listed)
            if one.kind in _NAMELESS
        )

    def add(self, start: int) -> None:
        """Takes the one that begins at an offset."""
        at = start - self._first
        self._bits[at >> 3] |= 1 << (at & 7)
        self.count += 1

    def kept(self) -> Iterator[NodePlace]:
        """The places of nodes that stay the same ones."""
        for at, repeat in self._indices():
            node = kept_node(self._listed, self._listed[at])
            yield NodePlace(node, self._place, repeat)

    def chunks(self, *, gone: bool) -> Iterator[LoneElements]:
        """All of them, a thousand in each."""
        found = self._indices()
        while True:
            indices, repeats = array(_INDEX), array(_INDEX)
            for at, repeat in islice(found, MANY):
                indices.append(at)
                repeats.append(repeat)
            if not indices:
                return
            yield LoneElements(
                self._place,
                self._listed,
                _in_short(indices),
                gone=gone,
                repeats=_in_short(repeats),
            )

    def _indices(self) -> Iterator[tuple[int, int]]:
        """The index of each, and how many of the same number stand before it."""
        seen: Counter[int] = Counter()
        left = self.count
        for index, start, _, _, tag, kind in self.all_fields() if left else ():
            at = start - self._first
            known = kind == NodeKind.UNKNOWN
            if self._bits[at >> 3] >> (at & 7) & 1:
                yield index, seen[tag >> 3] if known else 0
                left -= 1
                if not left:
                    return
            if known:
                seen[tag >> 3] += 1


def _in_short(numbers: array[int]) -> Sequence[int]:
    """Numbers, as a range where each is one more than that before."""
    found = range(numbers[0], numbers[0] + len(numbers))
    return found if all(map(operator.eq, numbers, found)) else numbers


def _unlike_unknown(
    before: NodePlace, after: NodePlace, sides: Sides
) -> tuple[tuple[_UnlikeUnknown, _UnlikeUnknown], bool]:
    """The unknown fields of two messages that are not alike; and whether all have the same tags.

    The partner of one is the other of its tag that as many of the tag stand before. Of those only
    that is kept for which the partner is still to come.
    """
    found = _UnlikeUnknown(before), _UnlikeUnknown(after)
    waiting = _Waiting(sides.before), _Waiting(sides.after)

    def compare(one: WireField, other: WireField) -> None:
        if not _same_unknown(one, other, sides):
            found[0].add(one[1])
            found[1].add(other[1])

    in_step = True
    for one, other in zip_longest(*(side.all_fields() for side in found)):
        sides.meanings.check()
        in_step = in_step and one is not None and other is not None and one[4] == other[4]
        if in_step:
            compare(one, other)
            continue
        if one is not None and (partner := waiting[1].take(one[4])) is not None:
            compare(one, partner)
        elif one is not None:
            waiting[0].add(one)
        if other is not None and (partner := waiting[0].take(other[4])) is not None:
            compare(partner, other)
        elif other is not None:
            waiting[1].add(other)
    for side, lone in zip(found, waiting, strict=True):
        for start in lone.left():
            side.add(start)
    return found, in_step


def _same_unknown(one: WireField, other: WireField, sides: Sides) -> bool:
    """Whether two unknown fields of the same tag mean the same."""
    _, start, body, end, tag, kind = one
    first, second = sides.before[body:end], sides.after[other[2] : other[3]]
    if kind != other[5] or first == second:
        return kind == other[5]
    wire = tag & 7
    if kind != NodeKind.UNKNOWN or wire not in (WireType.VARINT, WireType.SGROUP):
        return False
    if wire == WireType.VARINT:
        values = read_varint(first, 0, len(first)), read_varint(second, 0, len(second))
        return values[0][0] == values[1][0]
    meant = sides.meanings.of_unknown
    return meant(sides.before, start) == meant(sides.after, other[1])


def _unlike(before: NestedRuns, after: NestedRuns, sides: Sides) -> tuple[range, range]:
    """The elements of two lists but for those at both ends that have the same bytes in both."""
    old, new = sides.before, sides.after
    first = last = 0
    for one, other in zip(before.extents(), after.extents(), strict=False):
        if old[slice(*one)] != new[slice(*other)]:
            break
        first += 1
    most = min(len(before), len(after)) - first
    while last < most:
        one, other = before.extent(-1 - last), after.extent(-1 - last)
        if old[slice(*one)] != new[slice(*other)]:
            break
        last += 1
    return range(first, len(before) - last), range(first, len(after) - last)


def is_known(place: NodePlace) -> bool:
    """Whether a place is a value of the schema, not bytes it has no name for."""
    return place.node.kind < NodeKind.UNKNOWN


def members(place: NodePlace, *, keep: bool = True) -> list[NodePlace]:
    """The children that are part of what a value means, in order.

    They are told by their ``id()``, and asked for more than once, unless they are not to ``keep``.
    """
    found = [one for one in below(place) if counts(one.node)]
    for one in found if keep else ():
        kept_node(place.node.children, one.node)
    return found


def identity(place: NodePlace) -> tuple[str, Any] | None:
    """What an element is known by: its first of ``id``, ``name`` and ``slug``."""
    for name in _NAMES:
        value = _value(place.node, name)
        if value is not None:
            return name, value
    return None


def _value(element: Node, name: str) -> Any:
    node = child(element, name) if element.kind in _RECORDS else None
    if node is None or node.kind not in _LEAVES or node.problem or not counts(node):
        return None
    if node.value is None or node.value in ("", b""):
        return None
    # A text on its own is no other's: there may be a hundred thousand.
    return node.value if type(node.value) is str else leaf_key(node)[1:]


def _values(nodes: Iterable[Node], name: str) -> list[Any] | None:
    """What each element of a list has under a name; None unless all have it, each another."""
    found: list[Any] = []
    for node in nodes:
        value = _value(node, name)
        if value is None:
            return None
        found.append(value)
    return found if len(set(found)) == len(found) else None


def _members(
    old: Sequence[NodePlace], new: Sequence[NodePlace], *, in_step: bool = True
) -> list[Pair]:
    """Members by name; as they stand if all do so in the same order, else sorted."""
    before, after = _named(old), _named(new)
    if in_step and before.keys() == after.keys() and list(before) == list(after):
        return [Pair(one, after[name]) for name, one in before.items()]
    order = sorted({**before, **after}.items(), key=lambda item: _member_order(item[1]))
    return [Pair(before.get(name), after.get(name)) for name, _ in order]


def by_name(place: NodePlace) -> dict[tuple[Any, int], NodePlace]:
    """The members of a value by what they are called; elements of a list by their index."""
    return _named(members(place))


def _named(places: Sequence[NodePlace]) -> dict[tuple[Any, int], NodePlace]:
    """Children by name and how often it stood before: unknown fields repeat."""
    found: dict[tuple[Any, int], NodePlace] = {}
    seen: Counter[Any] = Counter()
    for place in places:
        name = member_name(place.node)
        found[name, seen[name]] = place
        seen[name] += 1
    return found


def _member_order(place: NodePlace) -> tuple[Any, ...]:
    """Field numbers, then keys: by value, false before true."""
    node = place.node
    unknown = node.kind >= NodeKind.UNKNOWN
    if node.label is not None and not unknown:
        return (False, node.label)
    number = node.number if unknown or node.field is None else node.field.number
    return (True, number, unknown, place.repeat)


def _elements(
    old: Sequence[NodePlace], new: Sequence[NodePlace], sides: Sides, names: _Names | None
) -> list[Pair]:
    nodes = [place.node for place in old], [place.node for place in new]
    pairs, moved = _partners(*nodes, sides, names)
    return [
        Pair(
            old[one] if one is not None else None,
            new[other] if other is not None else None,
            has_moved,
        )
        for one, other, has_moved in _in_order(len(old), len(new), pairs, moved)
    ]


def _partners(
    old: Sequence[Node], new: Sequence[Node], sides: Sides, names: _Names | None
) -> tuple[Collection[tuple[int, int]], set[int]]:
    """Which elements stand for the same, by index, and which of the later ones have moved."""
    if names is None:
        before, after = sides.meanings.of_elements(((old, sides.before), (new, sides.after)))
        return common_subsequence(before, after), set()
    at = {name: index for index, name in enumerate(names[0])}
    later = array(_INDEX, (index for index, name in enumerate(names[1]) if name in at))
    earlier = array(_INDEX, (at[names[1][index]] for index in later))
    pairs = IndexPairs(earlier, later)
    if all(map(operator.lt, earlier, islice(earlier, 1, None))):
        return pairs, set()
    staying = increasing(earlier)
    return pairs, {one for place, one in enumerate(later) if place not in staying}


def _in_order(
    old: int, new: int, pairs: Collection[tuple[int, int]], moved: set[int]
) -> Iterator[tuple[int | None, int | None, bool]]:
    """By index, that of the later list; what is gone by its own, before what has the same now."""
    kept, partner = bytearray(old), array("l", [-1]) * new
    for one, other in pairs:
        kept[one], partner[other] = 1, one
    for index in range(max(old, new)):
        if index < old and not kept[index]:
            yield index, None, False
        if index < new:
            one = partner[index]
            yield (one if one >= 0 else None), index, index in moved


def _names_of(old: Sequence[Node], new: Sequence[Node]) -> _Names | None:
    """What the elements of two lists are known by; None where they are not."""
    if not all(node.kind in _RECORDS for node in chain(old, new)):
        return None
    for name in _NAMES:
        before, after = _values(old, name), _values(new, name)
        if before is not None and after is not None:
            return before, after
    return None
