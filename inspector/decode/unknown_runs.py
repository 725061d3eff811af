"""What of a message no field takes, however much it is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from operator import attrgetter, itemgetter
from typing import Final

from inspector.decode.field_runs import FieldRuns, MessageChildren
from inspector.decode.field_table import FieldTable, Op, TagStep
from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.wire import Closings, Occurrence, group_end, read_field, read_unknown

#: So many unknown fields of a message are kept as nodes; those behind them as runs.
MANY: Final = 1000

#: A group of more bytes takes long to read, since its end is sought.
_LONG: Final = 64
_UNKNOWN, _SHADOWED = int(NodeKind.UNKNOWN), int(NodeKind.SHADOWED)
_SGROUP: Final = int(WireType.SGROUP)
_MESSAGES: Final = frozenset((Op.MESSAGE, Op.GROUP, Op.FOLDED))
_start: Final = attrgetter("start")

#: Of a field that no type names: index, start, body, end, tag and kind of node.
WireField = tuple[int, int, int, int, int, int]


class UnknownFields(FieldRuns):
    """Fields that a message type does not have, and what else lies among them."""

    __slots__ = ("_data", "_own", "secrets", "shadows")

    def __init__(self, data: bytes, own: FieldTable) -> None:
        super().__init__()
        self._data = data
        self._own = own
        self.shadows = 0
        self.secrets = False

    @property
    def unknown(self) -> int:
        """How many of those that are not kept as nodes are unknown fields."""
        return self.unmade - self.shadows

    def made(self, start: int, index: int = -1) -> Node:
        """The UNKNOWN node of the field at an offset."""
        found = read_field(self._data, start, len(self._data))
        assert found is not None  # it has been read before
        _, body, end, tag = found
        step = self._own.steps.get(tag)
        if step is not None and tag not in self._own.careful:
            return Node(_SHADOWED, step.field, None, None, (), start, body, end, tag, None)
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

    def counted(self) -> Iterator[WireField]:
        """All that is part of what a message means, in order: no replaced field, no node made."""
        data, size, kept = self._data, len(self._data), self._kept
        steps, careful = self._own.steps, self._own.careful
        for first, stop, at in self._runs():
            for index in range(first, stop):
                node = kept.get(index) if kept else None
                if node is not None:
                    at = node.end
                    if node.kind != _SHADOWED:
                        yield index, node.start, node.body, at, node.tag, node.kind
                    continue
                one = read_field(data, at, size)
                assert one is not None  # it has been read before
                start, body, at, tag = one
                if tag in steps and tag not in careful:
                    continue
                if tag & 7 == _SGROUP:
                    at = group_end(data, one, size)[1]
                yield index, start, body, at, tag, _UNKNOWN

    def secret_payloads(self) -> Iterator[tuple[int, int]]:
        """Where the payloads of replaced secrets lie that are not kept as nodes, none empty."""
        steps = self._own.steps
        for _, body, end, tag in self.occurrences() if self.secrets else ():
            step = steps.get(tag)
            if step is not None and step.field.secret is not None and body < end:
                yield body, end

    def among(self, others: Iterable[Node]) -> UnknownFields:
        """These fields with other nodes in place of those whose bytes they have."""
        found = UnknownFields(self._data, self._own)
        found.shadows, found.secrets = self.shadows, self.secrets
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

    __slots__ = (
        "_data",
        "_may_replace",
        "all_in_runs",
        "first",
        "nodes",
        "replaced",
        "runs",
        "secrets",
        "shadows",
    )

    def __init__(
        self, data: bytes, own: FieldTable, nodes: list[Node], *, replaced: bool = True
    ) -> None:
        """Begins with nothing.

        Args:
            data: the blob.
            own: what the message is.
            nodes: takes the nodes.
            replaced: whether replaced fields may be kept without nodes too.
        """
        self._may_replace = replaced
        self._data = data
        self.nodes = nodes
        self.runs = UnknownFields(data, own)
        self.first = 0  #: how many unknown fields are nodes
        self.replaced = 0  #: how many fields are replaced
        self.shadows = 0  #: how many of them are no nodes
        self.secrets = False  #: whether there may be secrets among those
        self.all_in_runs = False

    @property
    def full(self) -> bool:
        """Whether so many unknown fields are nodes that the next one is kept without."""
        return self.first >= MANY

    def takes(self, start: int, end: int, *, group: bool = False) -> bool:
        """Whether an unknown field is kept without a node."""
        if not self.full:
            return False
        self.runs.add(start, end, alone=group and end - start > _LONG)
        return True

    def shadowed(self, step: TagStep, node: Node) -> bool:
        """Whether a field that a later one replaces needs no node: none is made of it for now.

        What was wrong with a text is known by its node.
        """
        if step.op in _MESSAGES or node.problem is not None:
            return False
        if not self._may_replace or node.tag in self.runs._own.careful:
            return False
        self.replaced += 1
        if self.replaced <= MANY:
            return False
        self.shadows += 1
        self.secrets = self.secrets or step.field.secret is not None
        return True

    def add_shadows(
        self, segments: Iterable[tuple[int, int]], slots: Mapping[int, object], closings: Closings
    ) -> None:
        """Puts the replaced fields that have no node, and the nodes, to the unknown ones."""
        both = UnknownFields(self._data, self.runs._own)
        both.shadows, both.secrets = self.shadows, self.secrets
        nodes = ((node.start, node, node.end, 0) for node in sorted(self.nodes, key=_start))
        for start, node, end, tag in merge(
            self.runs.occurrences(),
            self._replaced(segments, slots, closings),
            nodes,
            key=itemgetter(0),
        ):
            if isinstance(node, Node):
                both._kept[both._count] = node
            both.add(start, end, alone=not tag or tag & 7 == WireType.SGROUP)
        self.runs = both
        self.all_in_runs = True

    def _replaced(
        self, segments: Iterable[tuple[int, int]], slots: Mapping[int, object], closings: Closings
    ) -> Iterator[Occurrence]:
        """Those fields, found again among all."""
        own, data = self.runs._own, self._data
        nodes = {node.start: node.end for node in self.nodes}
        for begin, stop in segments:
            at = begin
            while at < stop:
                if at in nodes:
                    at = nodes[at]
                    continue
                one = read_field(data, at, stop)
                assert one is not None  # what cannot be read has a node
                start, _, at, tag = one
                if tag & 7 == WireType.SGROUP:
                    unknown = read_unknown(data, start, stop) if start not in closings else None
                    at = unknown.end if unknown is not None else closings[start][1]
                    continue
                step = own.steps.get(tag)
                if step is None or tag in own.careful or step.repeated or step.op in _MESSAGES:
                    continue
                slot = slots.get(step.number)
                if not isinstance(slot, Node) or slot.start != start:
                    yield one

    def hand_over(self, children: MessageChildren) -> None:
        """Puts all of it behind a message's fields, in the order of the bytes."""
        if self.all_in_runs:
            children.rest = self.runs
        elif self.runs or not isinstance(children.fields, list):
            children.rest = self.runs.among(self.nodes)
        else:
            children.fields.extend(sorted(self.nodes, key=_start))
