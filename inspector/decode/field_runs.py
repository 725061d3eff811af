"""Millions of fields side by side: kept as places in the blob, made into nodes when asked for.

A node takes some two hundred bytes, and a field on the wire may take two. So what repeats without
end in a message is kept by where it lies, and a node of it lives as long as somebody holds it. One
that is told by its ``id()`` has to be kept for that, see :func:`kept_node`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final, final, overload

from inspector.decode.node import Node, NodeKind
from inspector.decode.wire import Occurrence
from inspector.lazy_sequence import LazySequence

#: A message with fewer bytes keeps nodes: it cannot have many.
LARGE: Final = 4096

_OFFSET: Final = "I"  #: in a blob, which SQLite keeps below 2 GiB
_STEP: Final = 32  #: fields of a run, so that any of them is found by reading a few
_UNKNOWN: Final = int(NodeKind.UNKNOWN)


class Keeping:
    """Nodes that are made when they are asked for, unless they are kept."""

    __slots__ = ()

    def keep(self, node: Node) -> None:
        """Gives out this node, and no other, for its place from now on, if it is one of these."""
        raise NotImplementedError


class FieldRuns(Keeping, LazySequence[Node]):
    """Fields as runs of bytes without a gap between them, each of so many fields.

    What makes a node of a field is for others to say.
    """

    __slots__ = ("_count", "_end", "_firsts", "_kept", "_last", "_starts")

    def __init__(self) -> None:
        self._starts = array(_OFFSET)
        self._firsts = array(_OFFSET)  #: index of the first field of each run
        self._count = 0
        self._end = -1  #: where another field would go on with the last run
        self._last = (0, -1)  #: an index that was asked for last, and where its field lies
        self._kept: dict[int, Node] = {}

    def add(self, start: int, end: int, *, alone: bool = False) -> None:
        """Puts a field behind the others.

        Args:
            start: its first byte.
            end: behind its last.
            alone: whether it takes long to read, so that it shares its run with none.
        """
        if start != self._end or alone or self._count - self._firsts[-1] >= _STEP:
            self._starts.append(start)
            self._firsts.append(self._count)
        self._count += 1
        self._end = -1 if alone else end

    def made(self, start: int, index: int = -1) -> Node:
        """The node of the field at an offset, which has this index."""
        raise NotImplementedError

    def nodes(self) -> Iterator[Node]:
        """The nodes that are kept as such, in order."""
        return map(self._kept.__getitem__, sorted(self._kept))

    @property
    def unmade(self) -> int:
        """How many are not kept as nodes."""
        return self._count - len(self._kept)

    @property
    def unknown(self) -> int:
        """How many of those are unknown fields."""
        return self.unmade

    def occurrences(self) -> Iterator[Occurrence]:
        """Those that are not kept as nodes, in order."""
        raise NotImplementedError

    def secret_payloads(self) -> Iterator[tuple[int, int]]:
        """Where the payloads of replaced secrets lie that are not kept as nodes, none empty."""
        return iter(())

    def keep(self, node: Node) -> None:
        """Gives out this node, and no other, for its field from now on, if it is one of these."""
        index = self.place(node.start)
        if index is not None:
            self._kept[index] = node

    def place(self, start: int) -> int | None:
        """The index of the field that begins at an offset; None where none does."""
        run = bisect_right(self._starts, start) - 1
        if run < 0:
            return None
        index, at = self._firsts[run], self._starts[run]
        stop = self._firsts[run + 1] if run + 1 < len(self._firsts) else self._count
        while at < start and index < stop:
            index, at = index + 1, self._end_of(index, at)
        return index if at == start and index < stop else None

    def known(self) -> Iterator[Node]:
        """Those among them that are no unknown field."""
        return (node for node in self.nodes() if node.kind != _UNKNOWN)

    def spans(self) -> Iterator[tuple[int, int]]:
        """The bytes of those that are not kept as nodes: what has no gap is one span.

        Each begins with a payload and has all tags behind that.
        """
        begin = stop = -1
        for start, body, end, _ in self.occurrences():
            if start != stop:
                if begin >= 0:
                    yield begin, stop
                begin = body
            stop = end
        if begin >= 0:
            yield begin, stop

    def __len__(self) -> int:
        return self._count

    def _made(self, index: int) -> Node:
        last, at = self._last
        run = bisect_right(self._firsts, index) - 1
        if at < 0 or not self._firsts[run] <= last <= index:
            last, at = self._firsts[run], self._starts[run]
        while last < index:
            last, at = last + 1, self._end_of(last, at)
        self._last = last, at
        return self._node(index, at)

    def __iter__(self) -> Iterator[Node]:
        return self._between(0, self._count)

    def _between(self, first: int, stop: int) -> Iterator[Node]:
        for begin, end, start in self._runs(max(0, bisect_right(self._firsts, first) - 1)):
            at = start
            for index in range(begin, min(end, stop)):
                node = self._node(index, at)
                at = node.end
                if index >= first:
                    yield node
            if end >= stop:
                return

    def _runs(self, run: int = 0) -> Iterator[tuple[int, int, int]]:
        """Of each run its first index, the one behind its last, and where it begins."""
        stops = chain(islice(self._firsts, run + 1, None), (self._count,))
        return zip(
            islice(self._firsts, run, None), stops, islice(self._starts, run, None), strict=False
        )

    def _node(self, index: int, start: int) -> Node:
        if self._kept and (node := self._kept.get(index)) is not None:
            return node
        return self.made(start, index)

    def _end_of(self, index: int, start: int) -> int:
        return self._node(index, start).end


@final
class MessageChildren(Sequence[Node]):
    """The children of a message that may have many unknown fields.

    Attributes:
        fields: the nodes of its fields, and what else was found while it has no runs: a list, or
            of a Struct or ListValue what makes them.
        rest: what stands behind them, if it is much.
    """

    __slots__ = ("fields", "rest")

    def __init__(self) -> None:
        self.fields: Any = []
        self.rest: FieldRuns | None = None

    def __len__(self) -> int:
        return len(self.fields) + (len(self.rest) if self.rest is not None else 0)

    def __bool__(self) -> bool:
        return bool(self.fields) or bool(self.rest)

    @overload
    def __getitem__(self, index: int) -> Node: ...
    @overload
    def __getitem__(self, index: slice) -> list[Node]: ...
    def __getitem__(self, index: int | slice) -> Node | list[Node]:
        rest = self.rest
        fields: Sequence[Node] = self.fields
        if rest is None:
            found: Node | list[Node] = self.fields[index]
            return found
        count = len(fields)
        if isinstance(index, slice):
            places = range(*index.indices(len(self)))
            if places.step != 1:
                return [self[one] for one in places]
            behind = rest[max(0, places.start - count) : max(0, places.stop - count)]
            return [*fields[places.start : places.stop], *behind]
        if index < 0:
            index += len(self)
            if index < 0:
                raise IndexError(index)
        return fields[index] if index < count else rest[index - count]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.fields) if self.rest is None else chain(self.fields, self.rest)


def known(children: Sequence[Node]) -> Iterable[Node]:
    """Children but for unknown fields that are many: those have no names, and no secrets."""
    if type(children) is MessageChildren and children.rest is not None:
        return chain(children.fields, children.rest.known())
    return children


def are_made(children: Sequence[Node]) -> bool:
    """Whether children are made when they are asked for: there may be a million."""
    if type(children) is MessageChildren:
        children = children.fields
    return type(children) is not list


def within(
    root: Node,
    enters: Callable[[Node], bool] | None = None,
    among: Callable[[Sequence[Node]], Iterable[Node]] = known,
) -> Iterator[Node]:
    """All that a node holds, depth first, each made when it is asked for.

    Args:
        root: the node.
        enters: whether what a node holds is looked at; None where it always is.
        among: which children of a node are, where they are not kept as a list.
    """
    stack = [iter(among(root.children))]
    while stack:
        for child in stack[-1]:
            yield child
            children = child.children
            if children and (enters is None or enters(child)):
                stack.append(iter(children if type(children) is list else among(children)))
                break
        else:
            stack.pop()


def foremost(children: Sequence[Node]) -> Iterable[Node]:
    """Children but for unknown fields behind the first of very many."""
    if type(children) is MessageChildren and children.rest is not None:
        return chain(children.fields, children.rest.nodes())
    return children


def behind_first(children: Sequence[Node]) -> FieldRuns | None:
    """What holds the fields that :func:`foremost` leaves out; None where it leaves out nothing."""
    return children.rest if type(children) is MessageChildren else None


def unmade(root: Node) -> int:
    """How many unknown fields :func:`foremost` leaves out of a node and of all it holds."""
    return sum(
        behind.unknown
        for node in chain((root,), within(root))
        if (behind := behind_first(node.children)) is not None
    )


def many_unknown(children: Sequence[Node]) -> int:
    """How many unknown fields :func:`known` leaves out."""
    if type(children) is MessageChildren and children.rest is not None:
        named = sum(node.kind != _UNKNOWN for node in children.rest.nodes())
        return children.rest.unknown + sum(1 for _ in children.rest.nodes()) - named
    return 0


def many_replaced(children: Sequence[Node]) -> int:
    """How many replaced fields :func:`known` leaves out."""
    rest = children.rest if type(children) is MessageChildren else None
    return rest.unmade - rest.unknown if rest is not None else 0


def spans_of_many(children: Sequence[Node]) -> Iterator[tuple[int, int]]:
    """The bytes of what :func:`foremost` leaves out, in order, each from a first payload on."""
    behind = behind_first(children)
    return behind.spans() if behind is not None else iter(())


def replaced_secrets(children: Sequence[Node]) -> Iterator[tuple[int, int]]:
    """The payloads of the secrets among what :func:`known` leaves out."""
    behind = behind_first(children)
    return behind.secret_payloads() if behind is not None else iter(())


def among_many(children: Sequence[Node], start: int) -> Node | None:
    """The one of those that :func:`known` leaves out that begins at an offset."""
    rest = children.rest if type(children) is MessageChildren else None
    at = rest.place(start) if rest is not None else None
    return rest[at] if rest is not None and at is not None else None


def kept_node(children: Sequence[Node], node: Node) -> Node:
    """A child of a message that stays the same one, so that its ``id()`` is its own."""
    parts: tuple[object, ...] = (children,)
    if type(children) is MessageChildren:
        parts = children.fields, children.rest
    for part in parts:
        if isinstance(part, Keeping):
            part.keep(node)
    return node
