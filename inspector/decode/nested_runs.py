"""Lists of messages, and maps, however long: kept by where their elements lie.

What an element holds is read each time somebody asks for it, and let go after that.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from heapq import merge
from typing import Any, Final, Protocol, final, overload

from inspector.decode.field_runs import Keeping, MessageChildren, kept_node
from inspector.decode.field_table import FieldTable, Op, TagStep
from inspector.decode.node import Node, NodeKind
from inspector.decode.wire import Occurrence, read_field
from inspector.lazy_sequence import LazySequence

_OFFSET: Final = "I"  #: in a blob, which SQLite keeps below 2 GiB
_CHUNK: Final = 1 << 16  #: entries that are put in order at once
_MESSAGE, _SHADOWED = int(NodeKind.MESSAGE), int(NodeKind.SHADOWED)
_LEAST: Final = 64  #: bytes of a message that are not read with it
TINY: Final = 64  #: bytes of an element, on average
_ANY: Final = 1 << 16  #: so many elements at most are kept as nodes, however much they hold
_CACHED: Final = 4  #: messages of a large record that are at hand
_NEAR: Final = 12  #: messages that begin in the same so many bits of offsets take the same place
_ASIDE: Final = 4096  #: jobs set aside, and Any messages, that wait while elements are read


class ElementDecoder(Protocol):
    """One decoding, as what reads elements again sees it.

    Attributes: see :class:`inspector.decode.decoder.Decoder`.
    """

    blob: bytes
    data: bytes
    cache: MessageCache
    work: list[Any]
    aside: list[Any]
    sealed: list[Any]
    many: int
    sound: bool

    def children(self, own: FieldTable, start: int, end: int) -> Sequence[Node]:
        """The fields of a message whose payload lies between two offsets."""

    def another(self) -> Any:
        """One that reads other parts of the same blob."""

    def run(self) -> None:
        """Reads all that is on the work list, what was set aside, and what Any messages hold."""

    def catch_up(self) -> None:
        """Reads what was set aside so far, and what Any messages hold."""

    def element(self, step: TagStep, one: Occurrence, index: int) -> tuple[Node, Any]:
        """The node of one element that holds others, or of an entry, with its key."""


@final
class NestedRuns(Keeping, LazySequence[Node]):
    """Elements that hold others, or entries of a map.

    Of a blob within which nothing is odd, an element that is asked for by its index holds what is
    read when that is asked for. One that is told by its ``id()``, or by that of what it holds, has
    to be kept for that.
    """

    __slots__ = ("_decoder", "_kept", "_lost", "_own", "_starts", "_step")

    def __init__(self, decoder: ElementDecoder, step: TagStep, starts: Sequence[int]) -> None:
        """Begins with elements that are there.

        Args:
            decoder: what reads the blob.
            step: what a tag of the field means.
            starts: where the elements begin.
        """
        self._decoder: ElementDecoder = decoder.another()
        self._step = step
        self._own = step.field.map_value if step.op == Op.MAP else step.field
        self._starts = array(_OFFSET, starts)
        self._lost = 0  #: how many entries, the last ones, are replaced by others
        self._kept: dict[int, Node] = {}

    def add(self, start: int) -> None:
        """Takes the next element, by where it begins."""
        self._starts.append(start)

    def keep(self, node: Node) -> None:
        """Gives out this node, and no other, for its element from now on."""
        if node.field is self._own:
            self._kept[node.start] = node

    def forget(self) -> None:
        """Lets go what was kept."""
        self._kept.clear()

    def read(self, decoder: ElementDecoder, index: int) -> Node:
        """The node of an element, what it holds left on a decoder's work list."""
        return self._element(decoder, index)[0]

    def _element(self, decoder: ElementDecoder, index: int) -> tuple[Node, Any]:
        """The same, with the key of an entry."""
        one = read_field(decoder.data, self._starts[index], len(decoder.blob))
        assert one is not None  # it has been read before
        return decoder.element(self._step, one, index)

    def settle(self) -> bool:
        """Puts entries in the order of their keys, and those that a later one replaces behind them.

        Returns:
            Whether there are such.
        """
        keys = map(self._key, range(len(self._starts)))
        before = next(keys, (None, 0))
        for key in keys:
            if not before[0] < key[0]:
                break
            before = key
        else:
            return False
        count = len(self._starts)
        chunks = [
            array(_OFFSET, [index for _, index in sorted(map(self._key, range(at, stop)))])
            for at, stop in ((at, min(at + _CHUNK, count)) for at in range(0, count, _CHUNK))
        ]
        last = bytearray(count)
        order = array(_OFFSET)
        for index in self._last_of_each(merge(*(map(self._key, one) for one in chunks))):
            order.append(self._starts[index])
            last[index] = 1
        self._lost = count - len(order)
        order.extend(start for at, start in enumerate(self._starts) if not last[at])
        self._starts = order
        return bool(self._lost)

    def _key(self, index: int) -> tuple[Any, int]:
        """The key of an entry as it is shown, and the index."""
        return self._entry(index)[0].label, index

    def _entry(self, index: int) -> tuple[Node, Any]:
        return self._element(self._decoder.another(), index)

    def _last_of_each(self, ordered: Iterator[tuple[Any, int]]) -> Iterator[int]:
        """The indexes of the last entries of each key; keys that look alike may be several."""
        group: dict[Any, int] = {}
        label: Any = None
        for shown, index in ordered:
            if shown != label:
                yield from group.values()
                group, label = {}, shown
            group[self._entry(index)[1]] = index
        yield from group.values()

    def extents(self) -> Iterator[tuple[int, int]]:
        """The first byte of each element and the one behind its last, no element read for it."""
        data, size = self._decoder.data, len(self._decoder.blob)
        for start in self._starts:
            one = read_field(data, start, size)
            assert one is not None  # it has been read before
            yield start, one[2]

    def extent(self, index: int) -> tuple[int, int]:
        """The first byte of one element and the one behind its last, without reading it."""
        one = read_field(self._decoder.data, self._starts[index], len(self._decoder.blob))
        assert one is not None  # it has been read before
        return one[0], one[2]

    @property
    def replaced(self) -> int:
        """How many of the elements, the last ones, are entries that others replace."""
        return self._lost

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Node]:
        decoder: ElementDecoder = self._decoder.another()
        step, kept = self._step, self._kept
        data, size, work = decoder.data, len(decoder.blob), decoder.work
        last = len(self._starts) - self._lost
        for index, start in enumerate(self._starts):
            if index == last:
                yield from map(self._made, range(last, len(self._starts)))
                return
            if kept and start in kept:
                yield kept[start]
                continue
            one = read_field(data, start, size)
            assert one is not None  # it has been read before
            node = decoder.element(step, one, index)[0]
            if work:
                decoder.run()
            yield node

    def _made(self, index: int) -> Node:
        kept = self._kept.get(self._starts[index]) if self._kept else None
        if kept is not None:
            return kept
        if self._decoder.sound and (later := self._unread(index)) is not None:
            return later
        decoder: ElementDecoder = self._decoder.another()
        node = self.read(decoder, index)
        if index >= len(self) - self._lost:
            return node._replace(kind=_SHADOWED, value=None, children=())
        if decoder.work:
            decoder.run()
        return node

    def _unread(self, index: int) -> Node | None:
        """An element of which nothing is read yet; None where that is no plain message."""
        step = self._step
        if step.op != Op.MESSAGE or step.inner.packable is not None:
            return None
        one = read_field(self._decoder.data, self._starts[index], len(self._decoder.blob))
        assert one is not None  # it has been read before
        start, body, end, tag = one
        if end - body < _LEAST:
            return None
        children = MessageChildren()
        children.fields = DeferredFields(self._decoder, step.inner, body, end)
        return Node(_MESSAGE, step.field, index, None, children, start, body, end, tag, None)


class MessageCache:
    """What the messages of a large record hold that were read again last, four at most.

    It may be asked by several threads: a place of it is read and written at once.
    """

    __slots__ = ("_places",)

    def __init__(self) -> None:
        self._places: list[tuple[int, int, Sequence[Node]] | None] = [None] * _CACHED

    def get(self, start: int, end: int) -> Sequence[Node] | None:
        """What the message between two offsets holds, if it is there."""
        found = self._places[(start >> _NEAR) % _CACHED]
        return found[2] if found is not None and found[:2] == (start, end) else None

    def put(self, start: int, end: int, children: Sequence[Node]) -> None:
        """Takes what it holds in place of what another one does."""
        self._places[(start >> _NEAR) % _CACHED] = start, end, children


@final
class DeferredFields(Keeping, Sequence[Node]):
    """The fields of a message of a large record, read each time they are asked for.

    Some of those read last are at hand, since one is hardly ever asked for once. One that is told
    by its ``id()`` has to be kept for that, and all beside it is kept with it.
    """

    __slots__ = ("_count", "_decoder", "_end", "_kept", "_own", "_start")

    def __init__(
        self, decoder: ElementDecoder, own: FieldTable, start: int, end: int, count: int = -1
    ) -> None:
        """Says where they are.

        Args:
            decoder: what reads the blob.
            own: what the message is.
            start: where its payload begins.
            end: where that ends.
            count: how many fields there are; below 0 where they are counted when that is asked.
        """
        self._decoder = decoder
        self._own = own
        self._start = start
        self._end = end
        self._count = count
        self._kept: Sequence[Node] | None = None

    def keep(self, node: Node) -> None:
        """Gives out this node, and no other, for its field from now on, if it is one of these."""
        children = self._children()
        kept_node(children, node)
        if all(one is not node for one in children):
            # It was read before those that are at hand now.
            places = [at for at, one in enumerate(children) if _same_place(one, node)]
            if not places:
                return
            children = list(children)
            children[places[0]] = node
        self._kept = children

    def forget(self) -> None:
        """Lets go what was kept."""
        self._kept = None

    def _children(self) -> Sequence[Node]:
        kept = self._kept
        if kept is not None:
            return kept
        cache = self._decoder.cache
        found = cache.get(self._start, self._end)
        if found is None:
            found = self._decoder.another().children(self._own, self._start, self._end)
            cache.put(self._start, self._end, found)
        return found

    def __len__(self) -> int:
        if self._count < 0:
            self._count = len(self._children())
        return self._count

    def __bool__(self) -> bool:
        return self._end > self._start if self._count < 0 else self._count > 0

    @overload
    def __getitem__(self, index: int) -> Node: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Node]: ...
    def __getitem__(self, index: int | slice) -> Node | Sequence[Node]:
        return self._children()[index]

    def __iter__(self) -> Iterator[Node]:
        return iter(self._children())


def _same_place(one: Node, other: Node) -> bool:
    return one.start == other.start and one.end == other.end and one.kind == other.kind


@final
class PendingElements:
    """Elements that are read once for what the tree says of itself, and let go.

    Attributes:
        runs: where they lie.
        at: the index of the next one.
    """

    __slots__ = ("at", "runs")

    def __init__(self, runs: NestedRuns, at: int) -> None:
        self.runs = runs
        self.at = at

    def next(self, decoder: ElementDecoder) -> bool:
        """Reads elements up to one that holds others, which are then on the work list.

        Returns:
            False where there are no more.
        """
        mark, count = len(decoder.work), len(self.runs)
        while self.at < count:
            if len(decoder.aside) + len(decoder.sealed) > _ASIDE:
                decoder.catch_up()
            self.runs.read(decoder, self.at)
            self.at += 1
            if len(decoder.work) > mark:
                return True
        return False


def are_read_again(children: Sequence[Node]) -> bool:
    """Whether children are other nodes each time they are asked for, but for those kept."""
    if isinstance(children, MessageChildren):
        children = children.fields
    return isinstance(children, NestedRuns | DeferredFields)


def let_go(children: Sequence[Node]) -> bool:
    """Lets go what was kept of elements, or of what they hold, where it is read again.

    Returns:
        Whether it is.
    """
    if isinstance(children, NestedRuns):
        children.forget()
        return True
    again = False
    for child in children:
        held = child.children
        if isinstance(held, MessageChildren) and isinstance(held.fields, DeferredFields):
            held.fields.forget()
            again = True
    return again


def starts_of(found: Sequence[Any], step: TagStep) -> list[int]:
    """Where elements begin, or entries with their keys."""
    return [one[0].start if step.op == Op.MAP else one.start for one in found]


def is_tiny(size: int, count: int) -> bool:
    """Whether so many elements are of so few bytes that nodes of them would take far more."""
    return size < count * TINY or count >= _ANY
