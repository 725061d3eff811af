"""The elements of a repeated field, however many they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Final

from inspector.decode.field_runs import FieldRuns
from inspector.decode.field_table import Op, TagStep, is_closed
from inspector.decode.nested_runs import (
    ElementDecoder,
    NestedRuns,
    PendingElements,
    is_tiny,
    starts_of,
)
from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.wire import WIRE_OF, Occurrence, read_field, read_varint
from inspector.schema.types import ScalarType

_SCALAR, _ENUM = int(NodeKind.SCALAR), int(NodeKind.ENUM)
_LEAVES: Final = frozenset((Op.STRING, Op.BYTES, Op.VARINT, Op.ENUM, Op.FIXED, Op.PACKED))


class ElementRuns(FieldRuns):
    """Elements that hold no others: texts, bytes and numbers, these packed or not."""

    __slots__ = ("_data", "_packed", "_step", "_wire")

    def __init__(self, data: bytes, step: TagStep, nodes: Iterable[Node]) -> None:
        """Begins with elements that are there.

        Args:
            data: the blob.
            step: what a tag of the field means.
            nodes: the elements.
        """
        super().__init__()
        self._data = data
        self._step = step
        self._wire = WIRE_OF[step.field.type]
        self._packed = bytearray()  #: of each run whether its elements have no tags
        for node in nodes:
            self.append(node)

    def append(self, node: Node) -> None:
        """Takes the next element; the node itself is kept where bytes alone do not say it all."""
        if node.problem is not None or node.kind not in (_SCALAR, _ENUM):
            self._kept[self._count] = node
        packed = node.body == node.start
        if self._packed and packed != self._packed[-1]:
            self._end = -1
        self.add(node.start, node.end)
        if len(self._packed) < len(self._starts):
            self._packed.append(packed)

    def made(self, start: int, index: int = -1) -> Node:
        """The node of the element at an offset, which has this index."""
        step, data = self._step, self._data
        if self._packed[bisect_right(self._starts, start) - 1]:
            body, tag = start, step.number << 3 | self._wire
            end = body + step.fixed.size
            if self._wire == WireType.VARINT:
                end = read_varint(data, body, len(data))[1]
        else:
            found = read_field(data, start, len(data))
            assert found is not None  # it has been read before
            _, body, end, tag = found
        kind, value = self._value(body, end)
        return Node(kind, step.field, index, value, (), start, body, end, tag, None)

    def _value(self, body: int, end: int) -> tuple[int, object]:
        step, data = self._step, self._data
        if self._wire == WireType.LEN:
            payload = data[body:end]
            return _SCALAR, payload if step.field.type == ScalarType.BYTES else payload.decode()
        if self._wire == WireType.VARINT:
            kind = _SCALAR if step.field.enum is None else _ENUM
            return kind, step.convert(read_varint(data, body, end)[0])
        return _SCALAR, step.fixed.unpack_from(data, body)[0]

    def occurrences(self) -> Iterator[Occurrence]:
        """Those that are not kept as nodes, in order."""
        for index, node in enumerate(self):
            if index not in self._kept:
                yield node.start, node.body, node.end, node.tag


def gathered(
    decoder: ElementDecoder, step: TagStep, listed: Any, first: int, one: Occurrence
) -> Any:
    """What takes the next elements of a repeated field: runs, where they are very many.

    Args:
        decoder: what reads the blob.
        step: what the tag of the next ones means.
        listed: what takes them so far.
        first: where the first of all begins.
        one: the next ones, packed or one alone.
    """
    packed = one[2] - one[1] if step.op == Op.PACKED else 0
    if not isinstance(listed, list) or len(listed) + packed < decoder.many or not step.repeated:
        return listed
    if is_closed(step.field):
        return listed
    if step.op in _LEAVES:
        return ElementRuns(decoder.blob, step, listed)
    if one[3] & 7 != WireType.LEN:
        return listed
    # Where nothing can be odd, to keep places costs no more time than to keep nodes.
    if not decoder.sound and not is_tiny(one[0] - first, len(listed)):
        return listed
    runs = NestedRuns(decoder, step, starts_of(listed, step))
    if not decoder.sound:
        decoder.work.append((PendingElements(runs, len(listed)), step.inner, 0, 0, None))
    return runs
