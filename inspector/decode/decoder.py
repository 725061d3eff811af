"""Bytes to the immutable tree, guided by a message type. Never raises on any bytes.

A message is read level by level: :meth:`Decoder.scan` makes a node of every field it finds and
puts the messages they hold on a work list, so depth costs memory, never stack. What protobuf does
with repeated singular fields (the last one wins, messages are merged, a later member of a oneof
clears an earlier one) is done here too, and what loses is kept as SHADOWED, so that every byte
belongs to a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from inspector.decode.folded import entry, folded, plain_entries, plain_values, unique
from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.plan import STRUCT, Op, Plan, Step, plan
from inspector.decode.scalars import WIRE_OF, read_varint
from inspector.decode.wire import read_length, read_tag, read_unknown
from inspector.schema.types import Field, MessageType

Segments = list[tuple[int, int]]

# Plain names for the hot loop: an attribute of an enum costs as much as the work it guards.
_new: Final = tuple.__new__
_NONE: Final[tuple[Node, ...]] = ()
_MESSAGE, _LIST, _MAP = int(NodeKind.MESSAGE), int(NodeKind.LIST), int(NodeKind.MAP)
_SCALAR, _ENUM, _SHADOWED = int(NodeKind.SCALAR), int(NodeKind.ENUM), int(NodeKind.SHADOWED)
_OP_STRING, _OP_MESSAGE, _OP_MAP = int(Op.STRING), int(Op.MESSAGE), int(Op.MAP)
_OP_PACKED, _OP_VARINT, _OP_ENUM = int(Op.PACKED), int(Op.VARINT), int(Op.ENUM)
_OP_BYTES, _OP_FIXED = int(Op.BYTES), int(Op.FIXED)

#: Behind the blob lie this many zero bytes, so that a read past its end is found, not raised.
_MARGIN: Final = bytes(16)


def decode(data: bytes, message: MessageType | None) -> Tree:
    """Decodes a blob.

    Args:
        data: the blob.
        message: what it is, or None to read it without a schema (every field is unknown).
    """
    decoder = Decoder(data)
    children: list[Node] = []
    decoder.later(children, message, [(0, len(data))])
    decoder.run()
    root = Node(_MESSAGE, None, None, None, children, 0, 0, len(data), 0, None)
    return Tree(data, root, message, decoder.malformed, decoder.odd)


class Decoder:
    """One decoding; ``work`` holds the messages whose payload has still to be read."""

    __slots__ = ("data", "malformed", "odd", "work")

    def __init__(self, data: bytes) -> None:
        self.data = data + _MARGIN
        self.malformed = False
        self.odd = False
        self.work: list[tuple[list[Node], Plan, Segments, list[Node]]] = []

    def later(
        self,
        children: list[Node],
        message: MessageType | None,
        segments: Segments,
        rest: Sequence[Node] = (),
    ) -> None:
        """Puts a message's payload on the work list; ``rest`` are nodes found around it."""
        self.work.append((children, plan(message), segments, list(rest)))

    def run(self) -> None:
        """Reads all that is on the work list."""
        work = self.work
        while work:
            children, own, segments, rest = work.pop()
            if not (own.splice and len(segments) == 1 and self.splice(children, own, segments[0])):
                slots = self.scan(own, segments, rest)
                self.finish(children, own, slots)
            if rest:
                self.odd = True
                rest.sort(key=_by_start)
                children.extend(rest)

    def splice(self, children: list[Node], own: Plan, segment: tuple[int, int]) -> bool:
        """A Struct or ListValue in its usual form; False (and nothing done) where it is not."""
        begun = len(self.work)
        assert own.message is not None
        if own.message.full_name == STRUCT:
            entries = plain_entries(self, own.message, *segment)
            if entries is not None:
                found, lost = unique(entries)
                self.odd = self.odd or bool(lost)
                children.extend(found)
                children.extend(lost)
                return True
        else:
            values = plain_values(self, own.message, *segment)
            if values is not None:
                children.extend(values)
                return True
        del self.work[begun:]
        return False

    def scan(  # noqa: C901, PLR0912, PLR0915 - the hot loop: calls cost more than branches here
        self, own: Plan, segments: Segments, rest: list[Node]
    ) -> dict[int, Any]:
        """Reads a message's fields.

        Returns:
            By number: the node of a singular field, a list of nodes of a repeated one, entries of
            a map. All that no field takes goes to ``rest``.
        """
        data = self.data
        steps = own.steps
        slots: dict[int, Any] = {}
        merging: dict[int, Segments] = {}
        oneofs: dict[str, Step] = {}
        for pos, end in segments:
            while pos < end:
                start = pos
                tag = data[pos]
                pos += 1
                if tag >= 0x80:
                    tag, pos = read_tag(data, start, end)
                step = steps.get(tag)
                if step is None:
                    pos = self.other(own, start, end, rest)
                    continue
                op, field, number, repeated, oneof, convert, fixed = step
                if op < _OP_VARINT:
                    body = pos + 1
                    pos = body + data[pos]
                    if data[body - 1] >= 0x80:
                        body, pos = read_length(data, body - 1, end)
                    if pos > end or pos < 0:
                        pos = self.stop(rest, start, end)
                        continue
                elif op == _OP_FIXED:
                    body, pos = pos, pos + fixed.size
                    if pos > end:
                        pos = self.stop(rest, start, end)
                        continue
                else:
                    body, raw = pos, data[pos]
                    pos += 1
                    if raw >= 0x80:
                        raw, pos = read_varint(data, body, end)
                    if pos > end or pos < 0:
                        pos = self.stop(rest, start, end)
                        continue
                if oneof is not None:
                    self.switch(oneofs, step, slots, merging, rest)
                problem = None
                children: Sequence[Node] = _NONE
                kind = _SCALAR
                value: Any = None
                if op == _OP_STRING:
                    try:
                        value = data[body:pos].decode()
                    except UnicodeDecodeError:
                        value = data[body:pos].decode(errors="replace")
                        problem = "invalid-utf8"
                        self.odd = True
                elif op == _OP_MESSAGE:
                    if not repeated and number in merging:
                        merging[number].append((body, pos))
                        slots[number] = slots[number]._replace(end=pos)
                        continue
                    kind = _MESSAGE
                    children = []
                    parts = [(body, pos)]
                    self.work.append((children, plan(field.message), parts, []))
                    if not repeated:
                        merging[number] = parts
                elif op == _OP_VARINT:
                    value = convert(raw)
                elif op == _OP_ENUM:
                    kind = _ENUM
                    value = convert(raw)
                elif op == _OP_FIXED:
                    value = fixed.unpack_from(data, body)[0]
                elif op == _OP_BYTES:
                    value = data[body:pos]
                else:
                    cell = slots.get(number)
                    if cell is None:
                        cell = slots[number] = [[], start, body, tag, pos]
                    else:
                        cell[4] = pos
                    listed = cell[0]
                    if op == _OP_MAP:
                        listed.append(entry(self, field, start, body, pos, tag))
                    elif op == _OP_PACKED:
                        self.unpack(step, body, pos, listed)
                    elif repeated:
                        span = (start, body, pos, tag)
                        listed.append(folded(self, field, len(listed), [span], start, pos))
                    else:
                        listed.append((start, body, pos, tag))
                    continue
                if repeated:
                    cell = slots.get(number)
                    if cell is None:
                        cell = slots[number] = [[], start, body, tag, pos]
                    else:
                        cell[4] = pos
                    label = len(cell[0])
                    cell[0].append(
                        _new(
                            Node,
                            (kind, field, label, value, children, start, body, pos, tag, problem),
                        )
                    )
                    continue
                if number in slots:
                    rest.append(shadow(slots[number]))
                slots[number] = _new(
                    Node, (kind, field, None, value, children, start, body, pos, tag, problem)
                )
        return slots

    def stop(self, rest: list[Node], start: int, end: int) -> int:
        """The bytes from ``start`` are no wire format; the message ends here."""
        self.malformed = True
        kind = int(NodeKind.MALFORMED)
        rest.append(Node(kind, None, None, None, (), start, start, end, 0, "undecodable"))
        return end

    def other(self, own: Plan, start: int, end: int, rest: list[Node]) -> int:
        """A field the message type does not have, or has with another wire type."""
        tag = read_tag(self.data, start, end)[0]
        number = tag >> 3
        declared = number in own.fields
        node = read_unknown(self.data, start, end, "wire-type" if declared else None)
        if node is None:
            return self.stop(rest, start, end)
        rest.append(node)
        return node.end

    def switch(
        self,
        oneofs: dict[str, Step],
        step: Step,
        slots: dict[int, Any],
        merging: dict[int, Segments],
        rest: list[Node],
    ) -> None:
        """A member of a oneof clears the member that was set before it."""
        assert step.oneof is not None
        before = oneofs.get(step.oneof)
        if before is not None and before.number != step.number:
            lost = slots.pop(before.number, None)
            merging.pop(before.number, None)
            if isinstance(lost, Node):
                rest.append(shadow(lost))
            elif lost is not None:
                rest.extend(shadowed(before.field, lost[0]))
        oneofs[step.oneof] = step

    def finish(self, children: list[Node], own: Plan, slots: dict[int, Any]) -> None:
        """Puts the nodes in field order, lists and maps around theirs."""
        if len(slots) > 1:
            numbers = list(slots)
            if sorted(numbers) != numbers:
                slots = dict(sorted(slots.items()))
        for number, found in slots.items():
            if type(found) is Node:
                children.append(found)
                continue
            node = self.gather(own.fields[number], found)
            if own.splice:
                children.extend(node.children)
            else:
                children.append(node)

    def gather(self, step: Step, cell: list[Any]) -> Node:
        """The node of a repeated field, a map or a (merged) folded message."""
        found, start, body, tag, end = cell
        kind = _LIST
        if step.op == _OP_MAP:
            kind = _MAP
            found, lost = unique(found)
            if lost:
                self.odd = True
                found += lost
        elif not step.repeated:
            return folded(self, step.field, None, found, start, end)
        return Node(kind, step.field, None, None, found, start, body, end, tag, None)

    def unpack(self, step: Step, pos: int, end: int, listed: list[Node]) -> None:
        """The elements of a packed occurrence, appended to ``listed``."""
        field, data = step.field, self.data
        wire = WIRE_OF[field.type]
        tag = step.number << 3 | wire
        kind = _ENUM if field.enum is not None else _SCALAR
        while pos < end:
            start = pos
            if wire == WireType.VARINT:
                raw, pos = read_varint(data, start, end)
                value = step.convert(raw)
            else:
                pos += step.fixed.size
                value = step.fixed.unpack_from(data, start)[0] if pos <= end else None
            if pos > end or pos < 0:
                self.odd = True
                self.stop(listed, start, end)
                return
            listed.append(
                _new(Node, (kind, field, len(listed), value, _NONE, start, start, pos, tag, None))
            )


def shadow(node: Node) -> Node:
    """The bytes of a node that a later one replaces; protobuf minds even their problem."""
    return node._replace(kind=_SHADOWED, value=None, children=_NONE)


def shadowed(field: Field, found: Iterable[tuple[int, int, int, int]]) -> list[Node]:
    """The bytes of occurrences that a later one replaces."""
    return [Node(_SHADOWED, field, None, None, (), *one, None) for one in found]


def _by_start(node: Node) -> int:
    return node.start
