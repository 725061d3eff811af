"""Whether two values mean the same: what google.protobuf calls equal, whatever the bytes."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final

from inspector.decode.field_runs import kept_node
from inspector.decode.json_text import WrittenNumber
from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.wire import read_field, read_varint, varint
from inspector.schema.types import MessageType
from inspector.store.rows import Cancel, check

_CONTAINERS: Final = frozenset((NodeKind.LIST, NodeKind.MAP))
_LEAVES: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))
_SPLICED: Final = frozenset((NodeKind.MESSAGE, NodeKind.STRUCT, NodeKind.ARRAY))
_EXACT: Final = 2**53
_SIZE: Final = 16  #: bytes of a digest
_LONG: Final = 4096  #: bytes of a value from which on it is not walked again


class Meanings:
    """Numbers for values: two nodes have the same number exactly where they mean the same.

    Works for nodes of any trees, whatever their depth; only what is asked for is walked, and once.
    Fields are told apart by name and enums compared by it, so that trees of two generations can be
    compared.
    """

    def __init__(self, cancel: Cancel | None = None) -> None:
        """Knows none yet.

        A walk ends with a :class:`~inspector.errors.CancelledError` when ``cancel`` is set.
        """
        self._cancel = cancel
        self._known: dict[Any, int] = {}
        self._of: dict[int, int] = {}  #: by ``id()``, of nodes that hold others
        self._alive: list[Node] = []  #: those, so that no other has the same

    def of(self, node: Node, data: bytes) -> int:
        """The number of a node of the tree that was made of ``data``."""
        stack: list[tuple[Node, bool]] = [(node, False)]
        while stack:
            self.check()
            one, ready = stack.pop()
            if ready:
                self._of[id(one)] = self._number(one, data)
                self._alive.append(one)
            elif one.children and id(one) not in self._of:
                stack.append((one, True))
                # What is made when asked for would be another the next time.
                stack.extend(
                    (kept_node(one.children, child), False)
                    for child in one.children
                    if child.children
                )
        return self._of[id(node)] if node.children else self._number(node, data)

    def check(self) -> None:
        """Ends what is no longer wanted.

        Raises:
            CancelledError: the flag is set.
        """
        check(self._cancel)

    def of_unknown(self, data: bytes, start: int) -> bytes:
        """A digest of the unknown field at an offset, no node made: equal ones mean the same.

        Fields within a group mean the same in any order, but for repeats of one.
        """
        end = len(data)
        opened: list[int] = []
        levels: list[dict[int, bytes]] = [{}]
        while True:
            self.check()
            found = read_field(data, start, end)
            assert found is not None  # it has been read before
            _, body, start, tag = found
            wire = tag & 7
            if wire == WireType.SGROUP:
                opened.append(tag)
                levels.append({})
                continue
            if wire == WireType.EGROUP:
                payload, tag = _together(levels.pop()), opened.pop()
            elif wire == WireType.VARINT and start - body > 1:
                payload = varint(read_varint(data, body, start)[0])
            else:
                payload = data[body:start]
            _chain(levels[-1], tag, payload)
            if not opened:
                return _together(levels[0])

    def _number(self, node: Node, data: bytes) -> int:
        """The number of a node, if those of what it holds are known."""
        return self._known.setdefault(self._key(node, data), len(self._known))

    def of_elements(self, lists: Sequence[tuple[Sequence[Node], bytes]]) -> Sequence[Sequence[int]]:
        """The numbers of the elements of lists, each with the bytes its tree was made of.

        They tell the elements of these lists apart and are no numbers of :meth:`of`: elements with
        the same bytes are not walked, unless others at least look as if they meant the same.
        """
        seen: dict[Any, dict[Any, tuple[Node, bytes]]] = {}
        keys: list[list[tuple[Any, Any]]] = []
        for nodes, data in lists:
            keys.append([])
            for node in nodes:
                self.check()
                look, exact = _look(node), _bytes_of(node, data)
                seen.setdefault(look, {}).setdefault(exact, (node, data))
                keys[-1].append((look, exact))
        numbers: dict[Any, int] = {}
        of: dict[tuple[Any, Any], int] = {}
        for look, alike in seen.items():
            for exact, (node, data) in alike.items():
                key = (look, self.of(node, data) if len(alike) > 1 else None)
                of[look, exact] = numbers.setdefault(key, len(numbers))
        return [[of[key] for key in made] for made in keys]

    def _key(self, node: Node, data: bytes) -> Any:
        kind, below = node.kind, self._below(node, data)
        if kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
            return (kind, node.tag, _payload(node, data), below)
        exact = data[node.start : node.end] if node.problem else None
        if kind in _LEAVES:
            return (*leaf_key(node), below, exact)
        return (kind, below, exact)

    def _below(self, node: Node, data: bytes) -> tuple[Any, ...]:
        known: list[Any] = []
        unknown: list[Any] = []
        for child in node.children:
            if child.kind >= NodeKind.UNKNOWN:
                if child.kind != NodeKind.SHADOWED:
                    unknown.append((child.tag, self._number_below(child, data)))
            elif counts(child):
                known.append((member_name(child), self._number_below(child, data)))
        if node.kind == NodeKind.MESSAGE:
            known.sort()
        if unknown:
            # Unknown fields mean the same in any order, but for repeats of one.
            unknown.sort(key=_tag)
        return (*known, *unknown)

    def _number_below(self, node: Node, data: bytes) -> int:
        return self._of[id(node)] if node.children else self._number(node, data)


class Digests(Meanings):
    """Meanings of values of large records: nothing is kept but digests of what is long.

    Values that mean the same have the same digest of 128 bits, and no others are known to.
    """

    def __init__(self, cancel: Cancel | None = None) -> None:
        super().__init__(cancel)
        self._long: dict[tuple[int, int, int, int], int] = {}

    def of(self, node: Node, data: bytes) -> int:
        """The number of a node of the tree that was made of ``data``."""
        at_once = self._at_once(node, data)
        if at_once is not None:
            return at_once
        stack = [_Walk(node)]
        while True:
            walk = stack[-1]
            for child in walk.left:
                self.check()
                if child.kind == NodeKind.SHADOWED or not (
                    child.kind >= NodeKind.UNKNOWN or counts(child)
                ):
                    continue
                number = self._at_once(child, data)
                if number is None:
                    number = self._long.get(_place(child, data))
                if number is None:
                    stack.append(_Walk(child))
                    break
                walk.add(child, number)
            else:
                number = self._digest(walk, data)
                if walk.node.end - walk.node.start >= _LONG:
                    self._long[_place(walk.node, data)] = number
                stack.pop()
                if not stack:
                    return number
                stack[-1].add(walk.node, number)

    def of_elements(self, lists: Sequence[tuple[Sequence[Node], bytes]]) -> Sequence[Sequence[int]]:
        """A number for each element; one whose bytes both lists have is not compared with others.

        Elements that both lists hold in two encodings may thus have two numbers.
        """
        known: dict[int, int] = {}
        found: list[Sequence[int]] = [
            array("I", (known.setdefault(self._exact(node, data), len(known)) for node in nodes))
            for nodes, data in lists
        ]
        # How many more the first list has of each, and where one of those is that it has more of.
        more, where = array("l", [0]) * len(known), array("I", [0]) * len(known)
        known.clear()
        for sign, numbers in zip((1, -1), found, strict=True):
            for number in numbers:
                more[number] += sign
        if max(more, default=0) <= 0 or min(more) >= 0:
            return found
        # What is left on both sides may mean the same in other bytes. No node is kept: there may be
        # a hundred thousand.
        first: dict[int, int] = {}  # by look
        several: dict[int, list[int]] = {}
        told = bytearray(len(more))
        for sign, numbers, (nodes, _) in zip((1, -1), found, lists, strict=True):
            for at, (number, node) in enumerate(zip(numbers, nodes, strict=True)):
                if more[number] * sign > 0 and not told[number]:
                    told[number], where[number] = 1, at
                    look = _digest(_look(node))
                    one = first.setdefault(look, number)
                    if one != number:
                        several.setdefault(look, [one]).append(number)
        same = array("I", range(len(more)))
        for alike in several.values():
            meant: dict[int, int] = {}
            for number in alike:
                nodes, data = lists[more[number] < 0]
                same[number] = meant.setdefault(self.of(nodes[where[number]], data), number)
        return [array("I", map(same.__getitem__, numbers)) for numbers in found]

    def _exact(self, node: Node, data: bytes) -> int:
        """A digest of the bytes that say all of an element, with its type; else of its meaning."""
        self.check()
        type_ = _type(node)
        if node.kind in _SPLICED and type_ is not None:
            return _digest((id(type_), data[node.start : node.end]))
        return self.of(node, data)

    def _at_once(self, node: Node, data: bytes) -> int | None:
        """The number of a node within which none has to be looked at; None of others."""
        if node.kind == NodeKind.UNKNOWN:
            return int.from_bytes(self.of_unknown(data, node.start), "little")
        return None if node.children else self._digest(_Walk(node), data)

    def _digest(self, walk: _Walk, data: bytes) -> int:
        node = walk.node
        if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
            return _digest((node.kind, node.tag, _payload(node, data), walk.below()))
        exact = data[node.start : node.end] if node.problem else None
        own: tuple[Any, ...] = leaf_key(node) if node.kind in _LEAVES else (node.kind,)
        return _digest((*own, walk.below(), exact))


class _Walk:
    """What of a node's children was seen so far."""

    __slots__ = ("_fed", "_known", "_unknown", "left", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.left = iter(node.children)
        self._fed: blake2b | None = None
        self._known: list[tuple[Any, int]] = []
        self._unknown: dict[int, bytes] = {}  #: by tag, a digest of all of it

    def add(self, child: Node, number: int) -> None:
        """Takes the number of the next child that counts."""
        if child.kind >= NodeKind.UNKNOWN:
            _chain(self._unknown, child.tag, number.to_bytes(_SIZE, "little"))
        elif self.node.kind == NodeKind.MESSAGE:
            self._known.append((member_name(child), number))
        else:  # in their order: there may be a million
            self._fed = self._fed or blake2b()
            _feed(self._fed, (member_name(child), number))

    def below(self) -> tuple[Any, ...]:
        """What tells all children from others."""
        self._known.sort()
        fed = self._fed.digest() if self._fed is not None else b""
        return (fed, *self._known, None, *sorted(self._unknown.items()))


def _together(fields: dict[int, bytes]) -> bytes:
    whole = blake2b(digest_size=_SIZE)
    for tag, payload in sorted(fields.items()):
        whole.update(b"%d:%d:%b" % (tag, len(payload), payload))
    return whole.digest()


def _chain(of: dict[int, bytes], tag: int, payload: bytes) -> None:
    """Puts a field to the digest of those of its tag that came before; a short one is its own."""
    known = of.get(tag)
    if known is not None or len(payload) >= _SIZE:
        payload = blake2b(payload, digest_size=_SIZE).digest()
    if known is not None:
        payload = blake2b(known + payload, digest_size=_SIZE, person=b"more").digest()
    of[tag] = payload


def _place(node: Node, data: bytes) -> tuple[int, int, int, int]:
    return id(data), node.start, node.end, node.kind


def _digest(value: object) -> int:
    """128 bits that stand for a value: equal ones have the same."""
    made = blake2b(digest_size=_SIZE)
    _feed(made, value)
    return int.from_bytes(made.digest(), "little")


def _feed(into: blake2b, value: object) -> None:
    if isinstance(value, tuple):
        into.update(b"(%d" % len(value))
        for one in value:
            _feed(into, one)
    elif isinstance(value, frozenset):
        _feed(into, tuple(sorted(map(_digest, value))))
    else:
        if isinstance(value, float) and not value:
            value = 0.0  # the two zeros are equal
        elif isinstance(value, Decimal):
            value = value.normalize()
        elif isinstance(value, WrittenNumber):
            value = value.text, "number"
        whole = value if isinstance(value, bytes) else None
        if isinstance(value, str):
            whole = value.encode("utf-8", "surrogatepass")
        kind = type(value).__name__
        if isinstance(value, int) and not isinstance(value, bool):
            value, kind = int(value), "int"  # a kind of node is one
        whole = repr(value).encode() if whole is None else whole
        into.update(b"%s%d:" % (kind.encode(), len(whole)))
        into.update(whole)


def same_bytes(before: Node, after: Node, old: bytes, new: bytes) -> bool:
    """Whether two messages are the same since their bytes are; False where that does not tell.

    Only for what stands in one piece: a merged message spans bytes of others.
    """
    size = after.end - after.start
    return (
        before.kind in _SPLICED
        and before.kind == after.kind
        and before.end - before.start == size
        and _type(before) is _type(after) is not None
        and _in_one_piece(before, old)
        and _in_one_piece(after, new)
        and old[before.start : before.end] == new[after.start : after.end]
    )


def counts(node: Node) -> bool:
    """Whether a node is part of what its message means."""
    if node.kind == NodeKind.SHADOWED:
        return False
    if node.kind in _CONTAINERS:
        return any(child.kind != NodeKind.SHADOWED for child in node.children)
    field = node.field
    if node.label is not None or field is None or field.presence or node.kind not in _LEAVES:
        return True
    # A set value that is the default of its type is an unset one, but for the negative zero.
    value = node.value
    return bool(value) or (isinstance(value, float) and math.copysign(1.0, value) < 0)


def member_name(node: Node) -> Any:
    """What a child is called among its siblings: field name, key or index; tag where unknown."""
    if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return (node.tag,)
    if node.label is not None:
        return node.label
    return node.field.name if node.field is not None else None


def leaf_key(node: Node) -> tuple[Any, ...]:
    """What two leaves that mean the same have in common; the two zeros are equal in protobuf."""
    value = node.value
    if node.kind == NodeKind.ENUM and node.field is not None and node.field.enum is not None:
        return (node.kind, node.field.enum.names.get(value, value))
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124 - NaN
            # It is the same as itself here, or nothing that holds one would equal itself.
            return (node.kind, "nan", None)
        if node.kind == NodeKind.DYNAMIC and value.is_integer() and abs(value) < _EXACT:
            return (node.kind, int, int(value))
    return (node.kind, type(value), value)


def _look(node: Node) -> Any:
    """What two nodes that mean the same have in common at a glance: their own kind and leaves."""
    if node.kind in _LEAVES:
        return leaf_key(node)
    known = [one for one in node.children if one.kind < NodeKind.UNKNOWN and counts(one)]
    if node.kind != NodeKind.MESSAGE:
        return (node.kind, len(known))
    return (
        node.kind,
        frozenset(
            (member_name(one), leaf_key(one) if one.kind in _LEAVES else one.kind) for one in known
        ),
    )


def _bytes_of(node: Node, data: bytes) -> Any:
    """The bytes that say all of an element, with its type; else the node itself."""
    type_ = _type(node)
    if node.kind in _SPLICED and type_ is not None:
        return id(type_), data[node.start : node.end]
    return id(node)


def _payload(node: Node, data: bytes) -> Any:
    """An unknown field's value: overlong varints mean the same, groups are what is in them."""
    if node.kind == NodeKind.UNKNOWN:
        if node.wire_type == WireType.VARINT:
            return read_varint(data, node.body, node.end)[0]
        if node.wire_type == WireType.SGROUP:
            return None
    return data[node.body : node.end]


def _type(node: Node) -> MessageType | None:
    return node.field.message if node.field is not None else None


def _in_one_piece(node: Node, data: bytes) -> bool:
    """Whether the payload goes on to the node's end: the length before it says so."""
    length = varint(node.end - node.body)
    return data[max(0, node.body - len(length)) : node.body] == length


def _tag(member: Sequence[int]) -> int:
    return member[0]
