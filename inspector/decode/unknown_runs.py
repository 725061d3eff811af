"""What of a message no field takes, however much it is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final

from inspector.decode.field_runs import FieldRuns, MessageChildren
from inspector.decode.field_table import FieldTable
from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.wire import Occurrence, read_field, read_unknown

#: So many unknown fields of a message are kept as nodes; those behind them as runs.
MANY: Final = 1000

#: A group of more bytes takes long to read, since its end is sought.
_LONG: Final = 64
_UNKNOWN: Final = int(NodeKind.UNKNOWN)
_start: Final = attrgetter("start")


class UnknownFields(FieldRuns):
    """Fields that a message type does not have, and what else lies among them."""

    __slots__ = ("_data", "_own")

    def __init__(self, data: bytes, own: FieldTable) -> None:
        super().__init__()
        self._data = data
        self._own = own

    def made(self, start: int, index: int = -1) -> Node:
        """The UNKNOWN node of the field at an offset."""
        found = read_field(self._data, start, len(self._data))
        assert found is not None  # it has been read before
        _, body, end, tag = found
        problem = self._own.misfit(tag)
        if tag & 7 != WireType.SGROUP:
            return Node(_UNKNOWN, None, None, None, (), start, body, end, tag, problem)
        node = read_unknown(self._data, start, len(self._data), problem)
        assert node is not None
        return node

    def occurrences(self) -> Iterator[Occurrence]:
        """Those that are not kept as nodes, in order."""
        data, size, kept = self._data, len(self._data), self._kept
        for first, stop, begin in self._runs():
            at = begin
            for index in range(first, stop):
                if index in kept:
                    at = kept[index].end
                    continue
                one = read_field(data, at, size)
                assert one is not None
                start, body, at, tag = one
                if tag & 7 == WireType.SGROUP:
                    at = self.made(start).end
                yield start, body, at, tag

    def among(self, others: Iterable[Node]) -> UnknownFields:
        """The same with other nodes where their bytes lie."""
        found = UnknownFields(self._data, self._own)
        taken = 0
        for node in sorted(others, key=_start):
            stop = bisect_left(self._starts, node.start)
            found._take(self, taken, stop)
            found._kept[found._count] = node
            found.add(node.start, node.end, alone=True)
            taken = stop
        found._take(self, taken, len(self._starts))
        return found

    def _take(self, other: UnknownFields, run: int, stop: int) -> None:
        """Puts some runs of another behind one's own."""
        firsts = other._firsts
        moved = self._count - firsts[run] if run < stop else 0
        self._starts.extend(other._starts[run:stop])
        self._firsts.extend(first + moved for first in firsts[run:stop])
        end = firsts[stop] if stop < len(firsts) else other._count
        self._count = end + moved if run < stop else self._count


class Remains:
    """What of a message no field takes, while it is read: nodes, and runs where they are many."""

    __slots__ = ("first", "nodes", "runs")

    def __init__(self, data: bytes, own: FieldTable, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.runs = UnknownFields(data, own)
        self.first = 0  #: how many unknown fields are nodes

    def takes(self, start: int, end: int, *, group: bool = False) -> bool:
        """Whether an unknown field is kept without a node."""
        if self.first < MANY:
            return False
        self.runs.add(start, end, alone=group and end - start > _LONG)
        return True

    def hand_over(self, children: MessageChildren) -> None:
        """Puts all of it behind a message's fields, in the order of the bytes."""
        if self.runs:
            children.rest = self.runs.among(self.nodes)
        else:
            children.fields.extend(sorted(self.nodes, key=_start))
