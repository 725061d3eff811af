"""Bytes to the immutable tree, guided by a message type. Never raises on any bytes.

A message is read level by level: :meth:`_Decoder.scan` finds the occurrences of its fields,
:meth:`_Decoder.build` makes nodes of them and puts the messages they hold on a work list, so depth
costs memory, never stack. What protobuf would do with repeated singular fields (the last one wins,
messages are merged, a later member of a oneof clears an earlier one) is done here too, and what
loses is kept as SHADOWED, so that every byte belongs to a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.scalars import FIXED, VARINTS, WIRE_OF, default, read_varint
from inspector.decode.wire import Occurrence, read_field, read_group, unknown
from inspector.schema.types import Field, MessageType, ScalarType

Segments = Sequence[tuple[int, int]]
Groups = dict[int, list[Occurrence]]

_STRUCT: Final = "google.protobuf.Struct"
_VALUE: Final = "google.protobuf.Value"
_LIST_VALUE: Final = "google.protobuf.ListValue"
_NO_FIELDS: Final[dict[int, Field]] = {}
_MESSAGE_TYPES: Final = (ScalarType.MESSAGE, ScalarType.GROUP)
_new = tuple.__new__
_MESSAGE, _SCALAR, _ENUM = int(NodeKind.MESSAGE), int(NodeKind.SCALAR), int(NodeKind.ENUM)
_LEN, _VARINT = int(WireType.LEN), int(WireType.VARINT)
_T_STRING, _T_BYTES, _T_ENUM = int(ScalarType.STRING), int(ScalarType.BYTES), int(ScalarType.ENUM)


def decode(data: bytes, message: MessageType | None) -> Tree:
    """Decodes a blob.

    Args:
        data: the blob.
        message: what it is, or None to read it without a schema (every field is unknown).
    """
    decoder = _Decoder(data)
    children: list[Node] = []
    decoder.work.append((children, message, ((0, len(data)),), ()))
    decoder.run()
    root = Node(_MESSAGE, None, None, None, children, 0, 0, len(data), 0, None)
    return Tree(data, root, message, decoder.malformed, decoder.odd)


class _Decoder:
    """One decoding; ``work`` holds the messages whose payload has still to be read."""

    __slots__ = ("data", "malformed", "odd", "work")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.malformed = False
        self.odd = False
        self.work: list[tuple[list[Node], MessageType | None, Segments, Sequence[Node]]] = []

    def run(self) -> None:
        work = self.work
        while work:
            children, message, segments, tail = work.pop()
            fields = message.fields if message is not None else _NO_FIELDS
            rest: list[Node] = list(tail)
            groups = self.scan(fields, segments, rest)
            folded = message is not None and message.full_name in (_STRUCT, _LIST_VALUE)
            self.build(children, fields, groups, rest, folded)
            if rest:
                self.odd = True
                rest.sort(key=_by_start)
                children.extend(rest)

    def scan(  # noqa: PLR0912 - the hot loop: calls cost more than branches here
        self, fields: dict[int, Field], segments: Segments, rest: list[Node]
    ) -> Groups:
        """Occurrences of known fields by number; all else goes to ``rest`` as nodes."""
        data = self.data
        groups: Groups = {}
        oneofs: dict[str, int] = {}
        for begin, end in segments:
            pos = begin
            while pos < end:
                start = pos
                tag = data[pos]
                # One byte of tag and one of length or value is nearly every field.
                if 8 <= tag < 0x80 and pos + 1 < end and data[pos + 1] < 0x80 and tag & 7 in (0, 2):
                    body = pos + 2
                    if tag & 7 == _LEN:
                        pos = body + data[pos + 1]
                        found = _new(Occurrence, (start, body, pos, tag, 0))
                    else:
                        found = _new(Occurrence, (start, pos + 1, body, tag, data[pos + 1]))
                        pos = body
                    if pos > end:
                        self.stop(rest, start, end)
                        break
                else:
                    read = read_field(data, pos, end)
                    if read is None:
                        self.stop(rest, start, end)
                        break
                    found = read
                    tag, pos = found.tag, found.end
                field = fields.get(tag >> 3)
                if field is None or not _fits(field, tag & 7):
                    if tag & 7 in (WireType.SGROUP, WireType.EGROUP):
                        pos = self.group(found, end, rest)
                    else:
                        problem = None if field is None else "wire-type"
                        rest.append(unknown(found, problem=problem))
                    continue
                if field.oneof is not None:
                    before = oneofs.get(field.oneof)
                    if before is not None and before != field.number:
                        rest.extend(_shadowed(fields[before], groups.pop(before)))
                    oneofs[field.oneof] = field.number
                group = groups.get(field.number)
                if group is None:
                    groups[field.number] = [found]
                else:
                    group.append(found)
        return groups

    def stop(self, rest: list[Node], start: int, end: int) -> None:
        """The bytes from ``start`` are no wire format; the message ends here."""
        self.malformed = True
        rest.append(
            Node(NodeKind.MALFORMED, None, None, None, (), start, start, end, 0, "undecodable")
        )

    def group(self, opening: Occurrence, end: int, rest: list[Node]) -> int:
        """An unknown group; returns the offset behind it, ``end`` where it is none."""
        node = None
        if opening.tag & 7 == WireType.SGROUP:
            node = read_group(self.data, opening, end)
        if node is None:
            self.stop(rest, opening.start, end)
            return end
        rest.append(node)
        return node.end

    def build(
        self,
        children: list[Node],
        fields: dict[int, Field],
        groups: Groups,
        rest: list[Node],
        folded: bool,
    ) -> None:
        """Nodes of the fields found, by number, appended to ``children``."""
        last = 0
        for number in groups:
            if number < last:
                groups = dict(sorted(groups.items()))
                break
            last = number
        for number, found in groups.items():
            field = fields[number]
            if field.is_map:
                node = self.map_field(field, found)
            elif field.repeated:
                node = self.repeated(field, found)
            elif field.type in _MESSAGE_TYPES:
                node = self.message(field, None, found, found[0].start, found[-1].end)
            else:
                node = self.scalar(field, None, found[-1], found[-1].start)
                if len(found) > 1:
                    rest.extend(_shadowed(field, found[:-1]))
            if folded:
                children.extend(node.children)
            else:
                children.append(node)

    def scalar(
        self, field: Field, label: str | int | bool | None, found: Occurrence, start: int
    ) -> Node:
        """A node of a string, bytes, number, bool or enum."""
        _, body, end, tag, raw = found
        problem = None
        kind = _SCALAR
        type_ = field.type
        value: Any
        if type_ == _T_STRING:
            payload = self.data[body:end]
            try:
                value = payload.decode()
            except UnicodeDecodeError:
                value = payload.decode(errors="replace")
                problem = "invalid-utf8"
                self.odd = True
        elif type_ == _T_BYTES:
            value = self.data[body:end]
        elif tag & 7 == _VARINT:
            value = VARINTS[type_](raw)
            if type_ == _T_ENUM:
                kind = _ENUM
        else:
            value = FIXED[type_].unpack_from(self.data, body)[0]
        made: Node = _new(Node, (kind, field, label, value, (), start, body, end, tag, problem))
        return made

    def message(
        self,
        field: Field,
        label: str | int | bool | None,
        found: Sequence[Occurrence],
        start: int,
        end: int,
    ) -> Node:
        """A node of a message, merged from all its occurrences; its payload is read later."""
        if field.message is not None and field.message.full_name in (_STRUCT, _VALUE, _LIST_VALUE):
            return self.dynamic(field, label, found, start, end)
        children: list[Node] = []
        body, tag = (found[0].body, found[0].tag) if found else (end, 0)
        segments = [(one.body, one.end) for one in found]
        self.work.append((children, field.message, segments, ()))
        made: Node = _new(
            Node, (_MESSAGE, field, label, None, children, start, body, end, tag, None)
        )
        return made

    def dynamic(
        self,
        field: Field,
        label: str | int | bool | None,
        found: Sequence[Occurrence],
        start: int,
        end: int,
    ) -> Node:
        """A Struct, ListValue or Value, folded: three levels of messages become one."""
        message = field.message
        rest: list[Node] = []
        tag = found[0].tag if found else 0
        while message is not None and message.full_name == _VALUE:
            groups = self.scan(message.fields, [(one.body, one.end) for one in found], rest)
            if not groups:
                break
            number, found = next(iter(groups.items()))
            member = message.fields[number]
            if member.message is None:
                if len(found) > 1:
                    rest.extend(_shadowed(member, found[:-1]))
                inner = self.scalar(member, label, found[-1], start)
                value = None if inner.kind == NodeKind.ENUM else inner.value
                self.odd = self.odd or bool(rest)
                return Node(
                    NodeKind.DYNAMIC, field, label, value, rest, start, inner.body, end, tag,
                    inner.problem,
                )  # fmt: skip
            message = member.message
        body = found[0].body if found else end
        if message is None or message.full_name == _VALUE:
            self.odd = self.odd or bool(rest)
            return Node(NodeKind.DYNAMIC, field, label, None, rest, start, body, end, tag, None)
        children: list[Node] = []
        kind = NodeKind.STRUCT if message.full_name == _STRUCT else NodeKind.ARRAY
        self.work.append((children, message, [(one.body, one.end) for one in found], rest))
        return Node(kind, field, label, None, children, start, body, end, tag, None)

    def repeated(self, field: Field, found: Sequence[Occurrence]) -> Node:
        """A repeated field; packed and unpacked occurrences may be mixed."""
        children: list[Node] = []
        if field.type in _MESSAGE_TYPES:
            for index, one in enumerate(found):
                children.append(self.message(field, index, (one,), one.start, one.end))
        else:
            own = WIRE_OF[field.type]
            rest: list[Node] = []
            for one in found:
                for each in self.unpack(field, one, rest) if one.tag & 7 != own else (one,):
                    children.append(self.scalar(field, len(children), each, each.start))
            children += rest
        span = found[0].start, found[0].body, found[-1].end, found[0].tag
        return Node(NodeKind.LIST, field, None, None, children, *span, None)

    def unpack(self, field: Field, packed: Occurrence, rest: list[Node]) -> Iterable[Occurrence]:
        """The elements of a packed occurrence."""
        wire = WIRE_OF[field.type]
        tag = field.number << 3 | wire
        pos, end = packed.body, packed.end
        while pos < end:
            raw, stop = 0, pos + (8 if wire == WireType.I64 else 4)
            if wire == WireType.VARINT:
                raw, stop = read_varint(self.data, pos, end)
            if stop < 0 or stop > end:
                self.odd = True
                self.stop(rest, pos, end)
                return
            yield Occurrence(pos, pos, stop, tag, raw)
            pos = stop

    def map_field(self, field: Field, found: Sequence[Occurrence]) -> Node:
        """A map field: entries by key, the last one of a key; keys in canonical order."""
        assert field.message is not None and field.map_key is not None
        entries: dict[Any, Node] = {}
        rest: list[Node] = []
        for one in found:
            node, key = self.entry(field, one)
            if key in entries:
                rest.append(_shadow(field, entries[key]))
            entries[key] = node
        children = sorted(entries.values(), key=_by_label)
        span = found[0].start, found[0].body, found[-1].end, found[0].tag
        if rest:
            self.odd = True
            children += rest
        return Node(NodeKind.MAP, field, None, None, children, *span, None)

    def entry(self, field: Field, one: Occurrence) -> tuple[Node, Any]:
        """A map entry as the node of its value, labelled with its key.

        Returns:
            The node, and what tells the key from others: its bytes where they are no UTF-8, since
            two of those may look the same.
        """
        entry, key_field, value_field = field.message, field.map_key, field.map_value
        assert entry is not None and key_field is not None and value_field is not None
        rest: list[Node] = []
        groups = self.scan(entry.fields, ((one.body, one.end),), rest)
        keys: Sequence[Occurrence] = groups.get(1, ())
        values: Sequence[Occurrence] = groups.get(2, ())
        problem = None
        key: Any = default(key_field.type)
        if keys:
            node = self.scalar(key_field, None, keys[-1], keys[-1].start)
            key, problem = node.value, node.problem
            rest.extend(_shadowed(key_field, keys[:-1]))
        if value_field.message is not None:
            node = self.message(value_field, key, values, one.start, one.end)
        elif values:
            node = self.scalar(value_field, key, values[-1], one.start)._replace(end=one.end)
            rest.extend(_shadowed(value_field, values[:-1]))
        else:
            kind = _ENUM if value_field.enum else _SCALAR
            value = default(value_field.type)
            node = Node(kind, value_field, key, value, (), one.start, one.end, one.end, 0, None)
        if problem or rest:
            self.odd = True
            node = self.with_rest(node, rest, problem)
        return node, self.data[keys[-1].body : keys[-1].end] if problem else key

    def with_rest(self, node: Node, rest: Sequence[Node], problem: str | None) -> Node:
        """The node with what else its map entry holds, and the problem of its key."""
        node = node._replace(problem=node.problem or problem)
        if not rest:
            return node
        if self.work and self.work[-1][0] is node.children:
            children, message, segments, tail = self.work.pop()
            self.work.append((children, message, segments, (*tail, *rest)))
            return node
        return node._replace(children=(*node.children, *rest))


def _fits(field: Field, wire: int) -> bool:
    own = WIRE_OF[field.type]
    if wire == own:
        return True
    return wire == _LEN and field.repeated and own not in (_LEN, WireType.SGROUP)


def _shadowed(field: Field, found: Iterable[Occurrence]) -> list[Node]:
    return [
        Node(NodeKind.SHADOWED, field, None, None, (), one.start, one.body, one.end, one.tag, None)
        for one in found
    ]


def _shadow(field: Field, node: Node) -> Node:
    return node._replace(kind=NodeKind.SHADOWED, value=None, children=(), field=field)


def _by_start(node: Node) -> int:
    return node.start


def _by_label(node: Node) -> Any:
    return node.label
