"""Bytes to the immutable tree, guided by a message type. Never raises on any bytes.

The messages whose payload has still to be read are a work list, so depth costs memory, never
stack. A message in its usual form is read by :mod:`inspector.decode.fast_path`; any other here,
where what protobuf does with repeated singular fields is done too (the last one wins, messages are
merged, a later member of a oneof clears an earlier one), and what loses is kept as SHADOWED, so
that every byte belongs to a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final

from inspector.decode.decoding_state import (
    Children,
    FoundFields,
    Gathered,
    GatheredField,
    Job,
    More,
    Occurrences,
    PackedAny,
    Parts,
    Segments,
)
from inspector.decode.element_runs import ElementRuns, gathered
from inspector.decode.fast_path import usual
from inspector.decode.field_runs import LARGE, MessageChildren
from inspector.decode.field_table import (
    CONTESTED,
    DATED,
    DATED_VALUES,
    IN_ONEOF,
    FieldTable,
    Op,
    TagStep,
    is_closed,
    plan,
)
from inspector.decode.maps_and_structs import entry, folded, spliced, unique, without_names
from inspector.decode.nested_runs import (
    DeferredFields,
    MessageCache,
    NestedRuns,
    PendingElements,
)
from inspector.decode.node import Node, NodeKind, Seen, Sound, Tree, WireType
from inspector.decode.unknown_runs import Remains
from inspector.decode.wire import (
    DEEPEST_KNOWN,
    MAX_NUMBER,
    WIRE_OF,
    Closings,
    Occurrence,
    group_end,
    overlong,
    overlong_varint,
    read_field,
    read_tag,
    read_unknown,
    read_varint,
)
from inspector.schema.types import Field, MessageType
from inspector.store.allocator import expect_blocks

#: So many elements of a list are kept as nodes; from there on all as runs.
MANY_ELEMENTS: Final = 4096

_LEAST: Final = 8  #: bytes of a message that is kept by where it lies
_NONE: Final[tuple[Node, ...]] = ()
_MESSAGE, _LIST, _MAP = int(NodeKind.MESSAGE), int(NodeKind.LIST), int(NodeKind.MAP)
_SCALAR, _ENUM, _SHADOWED = int(NodeKind.SCALAR), int(NodeKind.ENUM), int(NodeKind.SHADOWED)
_MESSAGES: Final = (Op.MESSAGE, Op.GROUP)
_GROUP: Final = frozenset((int(WireType.SGROUP), int(WireType.EGROUP)))

#: Behind the blob lie this many zero bytes, so that a read past its end is found, not raised.
_MARGIN: Final = bytes(16)


def decode(data: bytes, message: MessageType | None, sound: Sound | None = None) -> Tree:
    """Decodes a blob.

    Args:
        data: the blob.
        message: what it is, or None to read it without a schema (every field is unknown).
        sound: what is known of one within which nothing is odd: no more of it is read than tells
            where its messages lie.
    """
    expect_blocks(len(data))
    decoder = Decoder(data)
    if sound is not None:
        decoder.trust(sound)
    if decoder.is_large:
        decoder.defer()
    children: Children = [] if len(data) < LARGE else MessageChildren()
    decoder.work.append((children, plan(message), 0, len(data), None))
    decoder.run()
    root = Node(_MESSAGE, plan(message).root, None, None, children, 0, 0, len(data), 0, None)
    return decoder.tree(root, message)


def decode_parts(data: bytes, parts: Iterable[tuple[MessageType, int, int]]) -> Tree:
    """Decodes some ranges of a blob, each of whole fields of a message.

    Args:
        data: the blob.
        parts: of each range the message whose fields stand there, its start and its end.

    Returns:
        A tree whose root is a list of messages, one for each range.
    """
    decoder = Decoder(data)
    listed: list[Node] = []
    for message, start, end in parts:
        children: list[Node] = []
        decoder.work.append((children, plan(message), start, end, None))
        label = len(listed)
        listed.append(Node(_MESSAGE, None, label, None, children, start, start, end, 0, None))
    decoder.run()
    root = Node(_LIST, None, None, None, listed, 0, 0, len(data), 0, None)
    return decoder.tree(root, None)


class Decoder:
    """One decoding.

    Attributes:
        blob: what is decoded.
        data: the same, and zero bytes behind it.
        malformed: whether there was something that protobuf refuses.
        odd: whether there was something else than known values.
        bad_text: whether there was text that is no UTF-8 and should be.
        seen: the fields and values of enums that tell releases apart, see :class:`Tree`.
        within: the same within contested fields.
        work: the messages whose payload has still to be read.
        aside: those within contested fields, which are read later.
        sealed: the Any messages whose content has still to be read.
        closings: of known groups, where their closing tags are.
        cache: what messages hold that were read again last.
        deferring: whether what messages hold is read to look at it, let go, and read again when
            it is asked for.
        sound: whether it was known before that nothing in it is odd.
        large: bytes of a message from which on its children may be made when asked for.
        many: elements from which on a list of few bytes is kept by where they lie.
    """

    __slots__ = (
        *("aside", "bad_text", "blob", "cache", "closings", "data", "deferring", "large"),
        *("malformed", "many", "odd", "sealed", "seen", "sound", "within", "work"),
    )

    #: A record of so many bytes is not kept as nodes, which take forty times its bytes.
    from_size: ClassVar = 1 << 21
    #: The same where it is known that nothing in it is odd: making nodes takes half a second a MB.
    sound_from: ClassVar = 1 << 17
    #: What a message of so many bytes holds is read at once where it is read again.
    whole: ClassVar = 1 << 16
    few: ClassVar = 64  #: elements of a list that are kept as nodes while messages are deferred

    def __init__(
        self, data: bytes, padded: bytes | None = None, cache: MessageCache | None = None
    ) -> None:
        self.blob = data
        self.cache = cache or MessageCache()
        self.deferring = False
        self.sound = False
        self.large = LARGE
        self.many = MANY_ELEMENTS
        self.data = data + _MARGIN if padded is None else padded
        self.malformed = False
        self.odd = False
        self.bad_text = False
        self.seen: set[Any] = set()
        self.within: set[Seen] = set()
        self.aside: list[Job] = []
        self.work: list[Job] = []
        self.sealed: list[PackedAny] = []
        self.closings: Closings = {}

    def tree(self, root: Node, message: MessageType | None) -> Tree:
        """What was decoded, and what was seen of it."""
        return Tree(
            self.blob,
            root,
            message,
            self.malformed,
            self.odd,
            self.bad_text,
            self.seen,
            self.within,
            self.sound,
        )

    def another(self) -> Decoder:
        """One that reads other parts of the same blob."""
        made = Decoder(self.blob, self.data, self.cache)
        made.sound = self.sound
        return made

    @property
    def is_large(self) -> bool:
        """Whether the record is too large to be kept as nodes, or need not be."""
        return self.sound or len(self.blob) >= self.from_size

    def defer(self) -> None:
        """Keeps messages by where they lie from now on, but for those that hold very much."""
        self.deferring = True
        self.large = _LEAST
        self.many = self.few

    def trust(self, sound: Sound) -> None:
        """Takes what is known of a blob within which nothing is odd."""
        self.sound = True
        self.seen |= sound.seen
        self.within |= sound.within

    def children(self, own: FieldTable, start: int, end: int) -> Sequence[Node]:
        """The fields of a message whose payload lies between two offsets."""
        children: Children = [] if end - start < LARGE else MessageChildren()
        self.work.append((children, own, start, end, None))
        self.run()
        return children

    def deferred(
        self, own: FieldTable, start: int, end: int, more: More | None
    ) -> DeferredFields | None:
        """What reads a message again, which is looked at once; None where it is kept as nodes.

        Where nothing can be odd it is not looked at.
        """
        if more is not None:
            if len(more.segments) != 1 or more.rest:
                return None
            [(start, end)] = more.segments
        if end - start > self.whole or own.packable is not None:
            return None
        if self.sound:
            return DeferredFields(self, own, start, end)
        reader = self.another()
        reader.seen, reader.within = self.seen, self.within
        count = len(reader.children(own, start, end))
        self.malformed = self.malformed or reader.malformed
        self.odd = self.odd or reader.odd
        self.bad_text = self.bad_text or reader.bad_text
        return DeferredFields(self, own, start, end, count)

    def later(
        self,
        children: Children,
        message: MessageType | None,
        segments: Segments,
        rest: Sequence[Node] = (),
    ) -> None:
        """Puts a message in any number of parts on the work list."""
        self.work.append((children, plan(message), 0, 0, More(segments, list(rest))))

    def set_aside(self, begun: int) -> None:
        """Puts off what was put on the work list since it had a length."""
        self.aside += self.work[begun:]
        del self.work[begun:]

    def run(self) -> None:
        """Reads all that is on the work list, what was set aside, and what Any messages hold."""
        self.work_off()
        self.catch_up()

    def catch_up(self) -> None:
        """Reads what was set aside so far, and what Any messages hold."""
        work = self.work
        seen = self.seen
        self.seen = self.within
        while self.aside:
            self.work, self.aside = self.aside, []
            self.work_off()
        self.seen = seen
        while self.sealed:
            from inspector.decode.any_message import unseal  # noqa: PLC0415 - few blobs have any

            self.work = []
            unseal(self, self.sealed.pop())
        self.work = work

    def work_off(self) -> None:  # noqa: C901, PLR0912 - the loop all goes through
        """Reads all that is on the work list."""
        work = self.work
        while work:
            into, own, start, end, more = work.pop()
            if isinstance(into, list):
                children = into
            elif isinstance(into, PendingElements):
                work.append((into, own, start, end, more))
                if not into.next(self):
                    work.pop()
                continue
            else:
                if self.deferring and (later := self.deferred(own, start, end, more)) is not None:
                    into.fields = later
                    continue
                children = into.fields
            if own.packable is not None:
                self.sealed.append((children, own.packable, more.segments[-1][1] if more else end))
            if more is None and self.at_once(children, own, start, end):
                continue
            segments, rest = more or More([(start, end)], [])
            tried = more is None or len(segments) != 1
            remains = None if isinstance(into, list) else Remains(self.blob, own, rest)
            if tried or not self.at_once(children, own, *segments[0]):
                found = self.scan(own, segments, rest, remains)
                spliced_in = self.finish(children, own, found)
                if spliced_in is not None and not isinstance(into, list):
                    into.fields = spliced_in
                if remains is not None and remains.shadows:
                    remains.add_shadows(segments, found.slots, self.closings)
            if rest:
                self.odd = True
                if remains is not None and not isinstance(into, list):
                    remains.hand_over(into)
                else:
                    rest.sort(key=_by_start)
                    children.extend(rest)

    def at_once(self, children: list[Node], own: FieldTable, start: int, end: int) -> bool:
        """A message in its usual form; False (and nothing done) where it is not."""
        begun = len(self.work)
        read = spliced if own.splice else usual
        if read(self, children, own, start, end):
            return True
        children.clear()
        del self.work[begun:]
        return False

    def remains(self, own: FieldTable, rest: list[Node], size: int) -> Remains | None:
        """What keeps unknown fields of a message of so many bytes, if they may be many."""
        return Remains(self.blob, own, rest, replaced=False) if size >= LARGE else None

    def scan(
        self,
        own: FieldTable,
        segments: Segments,
        rest: list[Node],
        remains: Remains | None = None,
    ) -> FoundFields:
        """Reads a message's fields; all that no field takes goes to ``rest``.

        Where there may be much of that, ``remains`` keeps it.
        """
        found = FoundFields(rest)
        for pos, end in segments:
            while pos < end:
                one = read_field(self.data, pos, end)
                step = own.steps.get(one[3]) if one is not None else None
                if one is not None and step is not None and one[3] in own.careful:
                    one = self.carefully(step, one, end)
                if one is None or step is None:
                    stop = self.skip(own, one, end, remains)
                    pos = stop if stop >= 0 else self.other(own, pos, end, rest, remains)
                    continue
                if step.mark & DATED:
                    self.seen.add(step.field)
                if step.mark & IN_ONEOF:
                    self.switch(step, found, remains)
                begun = len(self.work)
                self.take(step, one, found, remains)
                if step.mark & CONTESTED:
                    self.set_aside(begun)
                pos = one[2]
        return found

    def carefully(self, step: TagStep, one: Occurrence, end: int) -> Occurrence | None:
        """A group with all it holds, or a value of a closed enum; None where it is neither."""
        start, body, stop, tag = one
        if tag & 7 == WireType.SGROUP:
            if start not in self.closings:
                group_end(self.data, one, end, DEEPEST_KNOWN, self.closings)
            stop = self.closings.get(start, (-1, -1))[1]
            return (start, body, stop, tag) if 0 <= stop <= end else None
        enum = step.field.enum
        if enum is None or step.repeated:  # of several those without a name are told apart later
            return one
        return one if step.convert(read_varint(self.data, body, stop)[0]) in enum.names else None

    def part(self, one: Occurrence) -> tuple[int, int]:
        """Where the payload of an occurrence begins and ends, without a group's closing tag."""
        return one[1], self.closings[one[0]][0] if one[3] & 7 == WireType.SGROUP else one[2]

    def take(
        self, step: TagStep, one: Occurrence, found: FoundFields, remains: Remains | None
    ) -> None:
        """Puts an occurrence of a field to what was found of it before."""
        slots, number = found.slots, step.number
        before = slots.get(number)
        if step.repeated or step.op == Op.FOLDED:
            slot = before if isinstance(before, GatheredField) else self.begun(step, one)
            slots[number] = slot
            slot.end = one[2]
            listed = slot.found = gathered(self, step, slot.found, slot.start, one)
            if isinstance(listed, NestedRuns):
                listed.add(one[0])
            else:
                self.gather(step, one, listed)
            return
        if isinstance(before, Node):
            if step.op in _MESSAGES:
                found.parts[number].append(self.part(one))
                slots[number] = before._replace(end=one[2])
                return
            if remains is None or not remains.shadowed(step, before):
                found.rest.append(shadow(before))
        slots[number] = self.single(step, one, None)
        if step.op in _MESSAGES:
            more = self.work[-1][4]
            assert more is not None
            assert isinstance(more.segments, Parts)
            found.parts[number] = more.segments

    def begun(self, step: TagStep, one: Occurrence) -> GatheredField:
        """What takes the occurrences of a repeated or folded field, this one first."""
        slot = GatheredField(one)
        if not step.repeated:
            slot.found = Occurrences(self.data, self.closings)
        return slot

    def gather(self, step: TagStep, one: Occurrence, listed: Gathered) -> None:
        """Appends what an occurrence of a repeated or folded field adds."""
        start, body, end, tag = one
        if step.op == Op.MAP:
            listed.append(entry(self, step.field, start, body, end, tag))
        elif step.op == Op.PACKED:
            self.unpack(step, body, end, listed)
        elif step.op != Op.FOLDED:
            listed.append(self.single(step, one, len(listed)))
        elif step.repeated:
            span = (start, *self.part(one), tag)
            listed.append(folded(self, step.field, len(listed), [span], start, end))
        else:
            listed.append(one)

    def element(self, step: TagStep, one: Occurrence, index: int) -> tuple[Node, Any]:
        """The node of one element that holds others, or of an entry, with its key."""
        start, body, end, tag = one
        if step.op == Op.MAP:
            return entry(self, step.field, start, body, end, tag)
        if step.op == Op.FOLDED:
            return folded(self, step.field, index, [one], start, end), index
        if self.whole < end - body and not self.deferring and self.is_large:
            self.defer()
        children: Children = [] if end - body < self.large else MessageChildren()
        if body < end:
            self.work.append((children, step.inner, body, end, None))
        node = Node(_MESSAGE, step.field, index, None, children, start, body, end, tag, None)
        return node, index

    def single(self, step: TagStep, one: Occurrence, label: int | None) -> Node:
        """The node of one value; of a message, whose payload is put on the work list."""
        start, body, end, tag = one
        kind, problem = _SCALAR, None
        value: Any = None
        children: Children = []
        if step.op in _MESSAGES:
            kind = _MESSAGE
            if len(self.blob) >= LARGE:  # whatever its first part is like
                children = MessageChildren()
            self.work.append((children, step.inner, 0, 0, More(Parts(self.part(one)), [])))
        elif step.op == Op.STRING:
            payload = self.data[body:end]
            try:
                value = payload.decode()
            except UnicodeDecodeError:
                value = None
            if value is None:  # behind the exception, which keeps the bytes
                value = payload.decode(errors="replace")
                problem, self.odd = "invalid-utf8" if step.field.utf8 else "not-utf8", True
                self.bad_text = self.bad_text or step.field.utf8
        elif step.op == Op.BYTES:
            value = self.data[body:end]
        elif step.op == Op.FIXED:
            value = step.fixed.unpack_from(self.data, body)[0]
        else:
            kind = _ENUM if step.op == Op.ENUM else _SCALAR
            value = step.convert(read_varint(self.data, body, end)[0])
            self.note(step, value)
        return Node(kind, step.field, label, value, children, start, body, end, tag, problem)

    def note(self, step: TagStep, value: Any) -> None:
        """Notes a value of an enum, where that tells releases apart."""
        if step.mark & DATED_VALUES and step.field.enum is not None:
            noted = self.within if step.mark & CONTESTED else self.seen
            noted.add((step.field.enum, value))

    def stop(self, rest: list[Node] | ElementRuns, start: int, end: int) -> int:
        """The bytes from ``start`` are no wire format; the message ends here."""
        self.malformed = self.odd = True
        kind = int(NodeKind.MALFORMED)
        rest.append(Node(kind, None, None, None, (), start, start, end, 0, "undecodable"))
        return end

    def skip(
        self, own: FieldTable, one: Occurrence | None, end: int, remains: Remains | None
    ) -> int:
        """The offset behind an unknown field that was left to what keeps many; -1 if it was not."""
        if one is None or remains is None or not remains.full:
            return -1
        start, _, stop, tag = one
        group = tag & 7 in _GROUP
        if tag >> 3 > MAX_NUMBER:
            return -1
        if group:
            stop = group_end(self.data, one, end)[1] if tag & 7 == WireType.SGROUP else -1
            if stop < 0:
                return -1
        self.mind(own, tag)
        remains.takes(start, stop, group=group)
        return stop

    def mind(self, own: FieldTable, tag: int) -> None:
        """Notes that a contested field stands there with another wire type or number."""
        step = own.fields.get(tag >> 3)
        if step is not None and step.field.contested is not None:
            self.seen.add(step.field)

    def other(
        self, own: FieldTable, start: int, end: int, rest: list[Node], remains: Remains | None
    ) -> int:
        """A field the message type does not have, or not with this wire type or number."""
        tag = read_tag(self.data, start, end)[0]
        self.mind(own, tag)
        node = read_unknown(self.blob, start, end, own.misfit(tag))
        if node is not None and remains is not None:
            if remains.takes(start, node.end, group=True):
                return node.end
            remains.first += 1
        if node is not None:
            rest.append(node)
            return node.end
        long = overlong(self.data, start, end)
        if long is None:
            return self.stop(rest, start, end)
        self.refuse(rest, *long)
        return long[2]

    def refuse(
        self, rest: list[Node] | ElementRuns, start: int, body: int, end: int, tag: int
    ) -> None:
        """A varint of more than 64 bits; what follows can be read."""
        self.malformed = self.odd = True
        kind = int(NodeKind.MALFORMED)
        rest.append(Node(kind, None, None, None, (), start, body, end, tag, "undecodable"))

    def switch(self, step: TagStep, found: FoundFields, remains: Remains | None) -> None:
        """A member of a oneof clears the member that was set before it."""
        oneof = step.field.oneof
        assert oneof is not None
        before = found.chosen.get(oneof)
        if before is not None and before.number != step.number:
            lost = found.slots.pop(before.number)
            if isinstance(lost, Node):
                if remains is None or not remains.shadowed(before, lost):
                    found.rest.append(shadow(lost))
            else:
                found.rest.extend(shadowed(before.field, lost.found))
                # Lost or not, protobuf reads what it holds, and minds it.
                self.work += [([], before.inner, *self.part(one), None) for one in lost.found]
        found.chosen[oneof] = step

    def finish(
        self, children: list[Node], own: FieldTable, found: FoundFields
    ) -> NestedRuns | None:
        """Puts the nodes in field order, lists and maps around theirs.

        Returns:
            What the nodes of a Struct or ListValue are, where they are too many to be put anywhere.
        """
        for number, slot in sorted(found.slots.items()):
            if isinstance(slot, Node):
                children.append(slot)
                continue
            node = self.close(own.fields[number], slot)
            if not own.splice:
                children.append(node)
            elif isinstance(node.children, NestedRuns):
                return node.children
            else:
                children.extend(node.children)
        return None

    def close(self, step: TagStep, slot: GatheredField) -> Node:
        """The node of a repeated field, a map or a (merged) folded message."""
        if step.repeated:
            return self.listing(step, slot.found, slot.start, slot.body, slot.end, slot.tag)
        found = slot.found
        if len(found) == 1:
            [one] = found
            found = [(one[0], *self.part(one), one[3])]
        return folded(self, step.field, None, found, slot.start, slot.end)

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
        kind = _LIST
        unnamed: list[Node] = []
        if isinstance(found, NestedRuns):
            if step.op == Op.MAP:
                kind = _MAP
                self.odd = found.settle() or self.odd
            return Node(kind, step.field, None, None, found, start, body, end, tag, None)
        if is_closed(step.field):
            found, unnamed = without_names(step.field, found)
        if step.op == Op.MAP:
            kind = _MAP
            found, lost = unique(found)
            if lost:
                self.odd = True
                found += lost
        if unnamed:
            self.odd = True
            found += unnamed
        return Node(kind, step.field, None, None, found, start, body, end, tag, None)

    def unpack(self, step: TagStep, pos: int, end: int, listed: list[Node] | ElementRuns) -> None:
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
                if pos < 0 and (pos := overlong_varint(data, start, end)) >= 0:
                    self.refuse(listed, start, start, pos, tag)
                    continue
                self.note(step, value)
            else:
                pos += step.fixed.size
                value = step.fixed.unpack_from(data, start)[0] if pos <= end else None
            if pos > end or pos < 0:
                self.stop(listed, start, end)
                return
            label = len(listed)
            listed.append(Node(kind, field, label, value, _NONE, start, start, pos, tag, None))


def shadow(node: Node) -> Node:
    """The bytes of a node that a later one replaces; protobuf minds even their problem."""
    return node._replace(kind=_SHADOWED, value=None, children=_NONE)


def shadowed(field: Field, found: Iterable[Occurrence]) -> list[Node]:
    """The bytes of occurrences that a later one replaces."""
    return [Node(_SHADOWED, field, None, None, (), *one, None) for one in found]


def _by_start(node: Node) -> int:
    return node.start
