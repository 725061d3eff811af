"""The immutable tree a blob is decoded into; every view of a record is a view of it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from enum import IntEnum
from typing import Any, Final

from inspector.named_tuple import NamedTuple
from inspector.schema.types import EnumType, Field, MessageType

#: What tells releases apart: a field that not all of them have, or a value of an enum.
Seen = Field | tuple[EnumType, int]


class NodeKind(IntEnum):
    """What a node stands for."""

    MESSAGE = 1  #: a message; children are its fields by number
    LIST = 2  #: a repeated field; children are its elements, ``label`` their index
    MAP = 3  #: a map field; children are its entries, ``label`` their key
    SCALAR = 4  #: number, bool, text, bytes
    ENUM = 5  #: ``value`` is the number
    STRUCT = 6  #: google.protobuf.Struct, folded: children are its entries by key
    ARRAY = 7  #: google.protobuf.ListValue, folded: children are its values by index
    DYNAMIC = 8  #: scalar google.protobuf.Value, folded: None, bool, float or str
    UNKNOWN = 9  #: a field its message type does not have; ``value`` is None
    SHADOWED = 10  #: bytes a later occurrence replaced (last one wins); ``value`` is None
    MALFORMED = 11  #: bytes that are no wire format: a varint, or all to the end of the message


class WireType(IntEnum):
    """Wire types of the protobuf encoding."""

    VARINT = 0
    I64 = 1
    LEN = 2
    SGROUP = 3
    EGROUP = 4
    I32 = 5


_TIMES: Final = frozenset(("google.protobuf.Timestamp", "google.protobuf.Duration"))


class Node(NamedTuple):
    """A value, or a place where bytes are, within a record.

    Attributes:
        kind: what it stands for.
        field: the schema's field, also on list elements and map entries (there the map's value
            field, in an Any one for what it holds); None on the root, unless its type has a JSON
            form of its own, on unknown fields, and in a JSON document.
        label: None where the field's name says it; else the index in a list or the map key.
        value: the Python value of a scalar (int, float, bool, str, bytes, None); an enum's number.
        children: nodes in field order; of a message also UNKNOWN, SHADOWED and MALFORMED ones last.
        start: offset of the first byte, tag included, in the blob; of a packed element its own.
        body: offset of the first payload byte (behind tag and length).
        end: offset behind the last byte. A list, map or merged message spans its first to its last
            occurrence.
        tag: ``number << 3 | wire type`` as last read; 0 on the root and inside packed fields.
        problem: a code such as ``invalid-utf8``, or None.
    """

    kind: int
    field: Field | None
    label: str | int | bool | None
    value: Any
    children: Sequence[Node]
    start: int
    body: int
    end: int
    tag: int
    problem: str | None

    @property
    def number(self) -> int:
        """The field number on the wire."""
        return self.tag >> 3

    @property
    def wire_type(self) -> int:
        """The wire type, see :class:`WireType`."""
        return self.tag & 7

    @property
    def message_type(self) -> MessageType | None:
        """The type of a MESSAGE node other than the root (see :attr:`Tree.type`)."""
        return self.field.message if self.field is not None else None

    @property
    def is_time(self) -> bool:
        """Whether it is a Timestamp or Duration: one value to a person, whatever its fields."""
        message = self.message_type if self.kind == NodeKind.MESSAGE else None
        return message is not None and message.full_name in _TIMES


class Sound(NamedTuple):
    """What is known of a blob within which nothing is odd; both as a :class:`Tree` has them."""

    seen: Set[Seen]
    within: Set[Seen]


class Tree:
    """A decoded blob.

    Attributes:
        data: the blob.
        root: a MESSAGE node that spans all of it (JSON store: STRUCT of the document).
        type: the root's message type; None when read without a schema or from a JSON document.
        malformed: True where the daemon's protobuf would refuse the blob: it is shown, not written
            as JSON.
        odd: True where a walk would find unknown, shadowed, malformed or problem nodes.
        bad_text: True where text is no UTF-8 and should be, be it in bytes that were replaced.
        seen: the fields in it that tell releases apart, contested ones too where their wire type
            is another one, and the values of enums that do.
        within: the same of what stands within contested fields, and their own values, which says
            something only if they are what they were read as.
        sound: True where it was known before that nothing in it is odd, nor nests too deep, and
            that JSON can say all of it; what it holds may not have been read yet.
    """

    __slots__ = (
        *("bad_text", "data", "malformed", "odd", "root", "seen", "sound", "type", "within"),
    )

    def __init__(
        self,
        data: bytes,
        root: Node,
        type: MessageType | None,
        malformed: bool,
        odd: bool,
        bad_text: bool = False,
        seen: Set[Seen] = frozenset(),
        within: Set[Seen] = frozenset(),
        sound: bool = False,
    ) -> None:
        self.data = data
        self.root = root
        self.type = type
        self.malformed = malformed
        self.odd = odd
        self.bad_text = bad_text
        self.seen = seen
        self.within = within
        self.sound = sound
