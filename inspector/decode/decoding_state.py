"""What of a blob was found, what has still to be read, and what the parts of decoding share."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, final

from inspector.decode.element_runs import ElementRuns
from inspector.decode.field_runs import MessageChildren
from inspector.decode.field_table import FieldTable, TagStep
from inspector.decode.nested_runs import ElementDecoder, NestedRuns, PendingElements
from inspector.decode.node import Node, Seen, WireType
from inspector.decode.unknown_runs import Remains
from inspector.decode.wire import Closings, Occurrence, read_field
from inspector.lazy_sequence import LazySequence
from inspector.named_tuple import NamedTuple
from inspector.schema.types import MessageType

#: Start and end of each part of a message's payload.
Segments = Sequence[tuple[int, int]]


@final
class Parts(LazySequence[tuple[int, int]]):
    """The parts of a message that may stand in a million."""

    __slots__ = ("_offsets",)

    def __init__(self, first: tuple[int, int]) -> None:
        self._offsets = array("I", first)

    def append(self, part: tuple[int, int]) -> None:
        """Takes the next part."""
        self._offsets.extend(part)

    def __len__(self) -> int:
        return len(self._offsets) // 2

    def _made(self, index: int) -> tuple[int, int]:
        return self._offsets[2 * index], self._offsets[2 * index + 1]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        each = iter(self._offsets)
        return zip(each, each, strict=True)


@final
class Occurrences(LazySequence[Occurrence]):
    """Where a message that is one node stands, which may be in a million places.

    Each is read again when it is asked for.
    """

    __slots__ = ("_closings", "_data", "_starts")

    def __init__(self, data: bytes, closings: Closings) -> None:
        """Begins with none.

        Args:
            data: the blob, and zero bytes behind it.
            closings: where groups are closed.
        """
        self._data = data
        self._closings = closings
        self._starts = array("I")

    def append(self, one: Occurrence) -> None:
        """Takes the next one."""
        self._starts.append(one[0])

    def part(self, one: Occurrence) -> tuple[int, int]:
        """Where the payload of one begins and ends, without a group's closing tag."""
        start, body, end, tag = one
        return body, self._closings[start][0] if tag & 7 == WireType.SGROUP else end

    def __len__(self) -> int:
        return len(self._starts)

    def _made(self, index: int) -> Occurrence:
        return self._read(self._starts[index])

    def __iter__(self) -> Iterator[Occurrence]:
        return map(self._read, self._starts)

    def _read(self, start: int) -> Occurrence:
        one = read_field(self._data, start, len(self._data))
        assert one is not None  # it has been read before
        if one[3] & 7 == WireType.SGROUP:
            return start, one[1], self._closings[start][1], one[3]
        return one


@final
class Payloads(LazySequence[tuple[int, int]]):
    """Begin and end of the payload of each occurrence."""

    __slots__ = ("_found",)

    def __init__(self, found: Occurrences) -> None:
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    def _made(self, index: int) -> tuple[int, int]:
        return self._found.part(self._found[index])

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return map(self._found.part, self._found)


class More(NamedTuple):
    """Of a message that stands in several parts, or among other bytes.

    Attributes:
        segments: its parts; the job's own start and end then say nothing.
        rest: nodes found around it that belong to it.
    """

    segments: Segments
    rest: list[Node]


#: What the children of a message are put into: of a large one there may be many.
Children = list[Node] | MessageChildren

#: Where the children go, what the message is, its payload's start and end.
Job = tuple[Children | PendingElements, FieldTable, int, int, More | None]

#: A list of nodes, of nodes with their keys or of occurrences, or runs of elements.
Gathered = Any

#: The children of an Any, the types it can hold, and where it ends.
PackedAny = tuple[list[Node], Mapping[str, MessageType], int]


class FoundFields:
    """The fields of one message as they are found.

    Attributes:
        slots: by number, the node of a singular field, or a :class:`GatheredField`.
        parts: by number, the segments of a singular message.
        chosen: the member of each oneof that was set last.
        rest: all that no field takes.
    """

    __slots__ = ("chosen", "parts", "rest", "slots")

    def __init__(self, rest: list[Node]) -> None:
        self.slots: dict[int, Node | GatheredField] = {}
        self.parts: dict[int, Parts] = {}
        self.chosen: dict[str, TagStep] = {}
        self.rest = rest


class GatheredField:
    """What a repeated field, a map or a folded message is made of, and the bytes it spans."""

    __slots__ = ("body", "end", "found", "start", "tag")

    def __init__(self, first: Occurrence) -> None:
        self.found: Gathered = []
        self.start, self.body, self.end, self.tag = first


class Decoding(ElementDecoder, Protocol):
    """One decoding, as what reads single values sees it.

    Attributes: see :class:`inspector.decode.decoder.Decoder`.
    """

    malformed: bool
    odd: bool
    bad_text: bool
    seen: set[Any]
    within: set[Seen]
    large: int
    work: list[Job]
    aside: list[Job]
    sealed: list[PackedAny]

    def later(
        self,
        children: Children,
        message: MessageType | None,
        segments: Segments,
        rest: Sequence[Node] = (),
    ) -> None:
        """Puts a message in any number of parts on the work list."""

    def set_aside(self, begun: int) -> None:
        """Puts off what was put on the work list since it had a length."""

    def work_off(self) -> None:
        """Reads all that is on the work list."""

    def remains(self, own: FieldTable, rest: list[Node], size: int) -> Remains | None:
        """What keeps unknown fields of a message of so many bytes, if they may be many."""

    def scan(
        self,
        own: FieldTable,
        segments: Segments,
        rest: list[Node],
        remains: Remains | None = None,
    ) -> FoundFields:
        """Reads a message's fields; all that no field takes goes to ``rest``."""

    def finish(
        self, children: list[Node], own: FieldTable, found: FoundFields
    ) -> NestedRuns | None:
        """Puts the nodes in field order, lists and maps around theirs."""

    def listing(
        self,
        step: TagStep,
        found: Gathered,
        start: int,
        body: int,
        end: int,
        tag: int,
    ) -> Node:
        """The node of a repeated field or a map."""

    def unpack(self, step: TagStep, pos: int, end: int, listed: list[Node] | ElementRuns) -> None:
        """The elements of a packed occurrence, appended to ``listed``."""
