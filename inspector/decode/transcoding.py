"""The compiled way from bytes to JSON, for what is usual; the Python decoder takes all else.

It is there where the program was built with a C compiler. What it answers is what the decoder and
the JSON writer give, to the last byte; a blob that they would read with care it does not take:
unknown fields, bytes that do not decode, values that JSON cannot say, numbers without a name, and
whatever more than one release can have meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import partial
from struct import Struct
from typing import TYPE_CHECKING, Final

from inspector.compiled_part import compiled_part
from inspector.decode.choice import Choice, Expectation, settled
from inspector.decode.decoder import decode
from inspector.decode.node import Node, NodeKind, Seen, Sound, Tree
from inspector.decode.secrets import secret_spans
from inspector.decode.well_known import NULL, OWN_FORM
from inspector.decode.wire import WIRE_OF
from inspector.named_tuple import NamedTuple
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import numbers
from inspector.schema.secrets_table import secret_table
from inspector.schema.types import Field, MessageType, ScalarType, SecretRule

if TYPE_CHECKING:
    from inspector.decode._transcoder import Transcoder


class WriteOp(IntEnum):
    """How a field's payload is written; the compiled part has the same numbers."""

    UNSUPPORTED = 0
    STRING = 1
    BYTES = 2
    MESSAGE = 3
    MAP = 4
    STRUCT = 5
    VALUE = 6
    LIST_VALUE = 7
    TIMESTAMP = 8
    DURATION = 9
    INT32 = 10
    INT64 = 11
    UINT32 = 12
    UINT64 = 13
    SINT32 = 14
    SINT64 = 15
    BOOL = 16
    ENUM = 17
    DOUBLE = 18
    FIXED32 = 19
    FIXED64 = 20
    SFIXED32 = 21
    SFIXED64 = 22


#: Fields with a higher number have tags of more than two bytes.
_MOST_FIELDS: Final = 2048
_MOST_VALUES: Final = 4096
_MOST_ONEOFS: Final = 64
_OWN: Final = {
    "google.protobuf.Struct": WriteOp.STRUCT,
    "google.protobuf.Value": WriteOp.VALUE,
    "google.protobuf.ListValue": WriteOp.LIST_VALUE,
    "google.protobuf.Timestamp": WriteOp.TIMESTAMP,
    "google.protobuf.Duration": WriteOp.DURATION,
}
#: A float of 32 bits is not among them: its shortest digits are another matter.
_SCALARS: Final[dict[ScalarType, WriteOp]] = {
    one: WriteOp[one.name]
    for one in ScalarType
    if one.name in WriteOp.__members__ and one != ScalarType.MESSAGE
}
_RULES: Final = {
    None: 0,
    SecretRule.ALWAYS: 1,
    SecretRule.IF_FLAGGED: 2,
    SecretRule.HEADER_KEYS: 3,
}
_FLAG: Final = "is_secret"
_DOUBT: Final = Struct("=II")
_LEN: Final = 2
_NOWHERE: Final = Node(int(NodeKind.MESSAGE), None, None, None, (), 0, 0, 0, 0, None)
_MOST_KNOWN: Final = 4096
_SHORT: Final = 512  #: bytes of doubts that are remembered
_ROOM: Final = 1 << 18  #: bytes of text that are made at a time
#: A blob of more bytes is written in parts: its text may be more than ten times as long.
LONG: Final = 1 << 19

_FieldTuple = tuple[object, ...]
_MessageTuple = tuple[int, bool, list[_FieldTuple]]
CompiledTables = tuple[list[_MessageTuple], int, tuple[bytes, ...]]


class Transcoded(NamedTuple):
    """The JSON text of a record, or of several, in UTF-8, and how many secrets it has covered."""

    text: bytes
    covered: int

    def write(self, take: Callable[[bytes], object]) -> None:
        """Hands it to whom it is given, as :attr:`LongText.write` does in parts."""
        take(self.text)


class LongText(NamedTuple):
    """The JSON text of a record in UTF-8, which is made in parts when it is asked for.

    Attributes:
        write: hands the parts to whom it is given.
        covered: how many secrets stand covered in it.
    """

    write: Callable[[Callable[[bytes], object]], None]
    covered: int


class MessageTranscoder:
    """A message as the compiled part reads it, and what it tells of who wrote one.

    Attributes:
        compiled: what reads it.
    """

    def __init__(
        self, compiled: Transcoder, items: list[Seen], messages: list[MessageType]
    ) -> None:
        self.compiled = compiled
        self._items = items
        self._messages = messages
        #: By what is expected, by whether what was seen settles how a blob is read.
        self._settled: dict[Expectation, dict[bytes, bool]] = {}
        #: Whether short doubts hide a secret: records are often made of the same parts.
        self._doubted: dict[bytes, bool] = {}

    def json(
        self,
        data: bytes,
        expected: Expectation,
        *,
        indent: int | None,
        level: int = 0,
        reveal: bool = False,
    ) -> Transcoded | None:
        """A blob as canonical JSON; None where the decoder has to read it.

        Args:
            data: the blob.
            expected: what is known of it, with this message.
            indent: spaces a level, or None for one compact line.
            level: how many levels deep the text will stand.
            reveal: whether secrets are written.
        """
        found = self.compiled.json(data, -1 if indent is None else indent, level, reveal)
        if found is None or not self._is_certain(found[2], found[3], expected):
            return None
        return Transcoded(found[0], found[1])

    def long_json(
        self,
        data: bytes,
        expected: Expectation,
        *,
        indent: int | None,
        level: int = 0,
        reveal: bool = False,
    ) -> LongText | None:
        """The same of a blob whose text may be many times as long; arguments are those."""
        found = self.compiled.checked(data, reveal)
        if found is None or not self._is_certain(found[1], found[2], expected):
            return None
        spaces = -1 if indent is None else indent
        return LongText(partial(self.compiled.write, data, spaces, level, reveal, _ROOM), found[0])

    def json_of_several(
        self,
        blobs: list[bytes | None],
        start: int,
        end: int,
        expected: Expectation,
        *,
        between: bytes,
        indent: int | None,
        level: int,
        reveal: bool,
    ) -> tuple[bytes, int, int]:
        """The JSON of blobs from one place on, up to one that :meth:`json` has to take.

        Args:
            blobs: of rows, None of one without.
            start: the first.
            end: the place behind the last.
            expected: what is known of each of them, with this message.
            between: what stands between two texts.
            indent: as of one.
            level: the same.
            reveal: the same.

        Returns:
            The text, of how many blobs, and how many secrets stand covered in it.
        """
        spaces = -1 if indent is None else indent
        settled = self._settled_of(expected)
        return self.compiled.json_of_several(
            blobs, start, end, spaces, level, reveal, between, settled, self._doubted, _ROOM
        )

    def is_usual(self, data: bytes, expected: Expectation) -> bool:
        """Whether nothing within a blob is odd, and nothing can be read in another way."""
        found = self.compiled.usual(data)
        return found is not None and self._is_certain(found[0], found[1], expected)

    def sound(self, data: bytes) -> Sound | None:
        """What tells releases apart in a blob within which nothing is odd; None of another one."""
        found = self.compiled.seen(data)
        if found is None:
            return None
        tree = self._tree(found)
        return Sound(tree.seen, tree.within)

    def usual_of_several(
        self, blobs: list[bytes | None], start: int, end: int, expected: Expectation
    ) -> int:
        """How many blobs from one place on are usual, up to one that :meth:`is_usual` has to take.

        Args:
            blobs: of rows, None of one without.
            start: the first.
            end: the place behind the last.
            expected: what is known of each of them, with this message.
        """
        settled = self._settled_of(expected)
        return self.compiled.usual_of_several(blobs, start, end, settled, self._doubted)

    def choice(self, data: bytes, expected: Expectation) -> Choice | None:
        """What :func:`~inspector.decode.choice.read` would choose; None where that is not clear."""
        found = self.compiled.usual(data)
        if found is None or found[0] is None:
            return None
        return settled(self._tree(found[0]), expected)

    def decodes(self, data: bytes) -> bool:
        """Whether nothing within a blob is odd, whatever its contested numbers mean."""
        return self.compiled.decodes(data)

    def _is_certain(self, seen: bytes | None, doubts: bytes | None, expected: Expectation) -> bool:
        """Whether a blob can be read in one way alone, and no secret is one otherwise."""
        return self._is_settled(seen, expected) and not self._hides(doubts)

    def _is_settled(self, seen: bytes | None, expected: Expectation) -> bool:
        """Whether what was seen leaves no other way to read a blob; None where that is clear."""
        if seen is None:
            return True
        answers = self._settled_of(expected)
        known = answers.get(seen)
        if known is None:
            if len(answers) >= _MOST_KNOWN:
                answers.clear()
            known = answers[seen] = settled(self._tree(seen), expected) is not None
        return known

    def _settled_of(self, expected: Expectation) -> dict[bytes, bool]:
        found = self._settled.get(expected)
        if found is None:
            if len(self._settled) >= _MOST_KNOWN:
                self._settled.clear()
            found = self._settled[expected] = {}
        return found

    def _hides(self, doubts: bytes | None) -> bool:
        """Whether something that the compiled part doubts holds a secret if it is another field."""
        if doubts is None:
            return False
        found = self._doubted.get(doubts)
        if found is None:
            found = self._hides_any(doubts)
            if len(self._doubted) >= _MOST_KNOWN:
                self._doubted.clear()
            if len(doubts) <= _SHORT:
                self._doubted[doubts] = found
        return found

    def _hides_any(self, doubts: bytes) -> bool:
        at = 0
        while at < len(doubts):
            place, length = _DOUBT.unpack_from(doubts, at)
            at += _DOUBT.size + length
            inner = decode(doubts[at - length : at], self._messages[place])
            if not inner.odd and secret_spans(inner):
                return True
        return False

    def _tree(self, seen: bytes) -> Tree:
        """What was seen, in the form that a decoded blob has it."""
        items, count = self._items, len(self._items)
        places = list(numbers(int.from_bytes(seen, "little")))
        plain = [items[at] for at in places if at < count]
        within = [items[at - count] for at in places if at >= count]
        return Tree(
            *(b"", _NOWHERE, None, False, False, False),
            seen=frozenset(plain),
            within=frozenset(within),
        )


def _compiled() -> type[Transcoder] | None:
    part = compiled_part("inspector.decode._transcoder")
    return part.Transcoder if part is not None else None


def is_compiled() -> bool:
    """Whether the compiled part is there and is used."""
    return _compiled() is not None


_made: dict[MessageType, MessageTranscoder | None] = {}


def transcoder(message: MessageType, merged: MergedSchema) -> MessageTranscoder | None:
    """What reads a message in the compiled way; None where nothing does.

    Args:
        message: of a view of the merged schema.
        merged: that schema.
    """
    compiled = _compiled()
    if compiled is None:
        return None
    if message not in _made:
        plan = compiled_plan(message, merged)
        made = None
        if plan is not None:
            made = MessageTranscoder(compiled(*plan.tables), list(plan.items), plan.types)
        _made[message] = made
    return _made[message]


def compiled_plan(message: MessageType, merged: MergedSchema) -> TranscoderPlan | None:
    """What the compiled part is made with to read a message; None where it cannot.

    Args:
        message: of a view of the merged schema.
        merged: that schema.
    """
    plan = TranscoderPlan(message, merged)
    return plan if plan.is_whole else None


class TranscoderPlan:
    """A message and all that it can hold, in the form that the compiled part takes.

    Attributes:
        messages: by place, the number of is_secret, whether all fields are there, and those.
        types: what the messages are, by place.
        items: the fields and values that tell releases apart, each with its place.
        is_whole: whether the message can be read at all.
    """

    def __init__(self, root: MessageType, merged: MergedSchema) -> None:
        self.items: dict[Seen, int] = {}
        self.messages: list[_MessageTuple] = []
        self.is_whole = root.full_name not in OWN_FORM
        self._secret_fields = merged.secret_fields
        self._places = {root: 0}
        self.types = [root]
        for message in self.types:  # which grows meanwhile
            fields = message.fields.values()
            self.is_whole = self.is_whole and not any(one.required for one in fields)
            complete = all(one.number < _MOST_FIELDS for one in fields)
            oneofs = sorted({one.oneof for one in fields if one.oneof})
            own = [self._field(one, message, oneofs) for one in fields if one.number < _MOST_FIELDS]
            self.messages.append((_flag(message), complete, own))

    @property
    def tables(self) -> CompiledTables:
        """What the compiled part is made with."""
        words = tuple(sorted(word.encode() for word in secret_table().header_words))
        return self.messages, len(self.items), words

    def _field(self, field: Field, message: MessageType, oneofs: list[str]) -> _FieldTuple:
        op = self._op(field, message)
        entry = None
        if op == WriteOp.MAP and field.map_value is not None:
            entry = self._field(field.map_value, message, oneofs)
            if entry[1] == WriteOp.UNSUPPORTED:
                op = WriteOp.UNSUPPORTED
        wire = WIRE_OF[field.type]
        return (
            field.number,
            int(op),
            int(wire),
            field.repeated,
            field.repeated and wire != _LEN,
            field.presence,
            oneofs.index(field.oneof) if field.oneof else -1,
            _RULES[field.secret],
            self._item(field) if field.dated else -1,
            field.contested is not None,
            f'"{field.json_name}":'.encode(),
            list(self._values(field)) if op == WriteOp.ENUM else [],
            self._place(field.message)
            if op == WriteOp.MESSAGE and field.message is not None
            else 0,
            entry,
            [self._place(one) for one in self._others(field, message)],
        )

    def _others(self, field: Field, message: MessageType) -> Iterator[MessageType]:
        """What else a field may be that can hold a secret, each as the only field of a message."""
        place = field.contested if message.full_name else None
        for other in self._secret_fields(place) if place is not None else ():
            if other.name != field.name:
                yield MessageType("", {other.number: other}, has_secrets=True)

    def _item(self, seen: Seen) -> int:
        return self.items.setdefault(seen, len(self.items))

    def _place(self, message: MessageType) -> int:
        if message not in self._places:
            self._places[message] = len(self._places)
            self.types.append(message)
        return self._places[message]

    def _values(self, field: Field) -> Iterator[tuple[int, bytes, int, bool]]:
        enum = field.enum
        assert enum is not None
        for number, name in enum.names.items():
            if 0 <= number < _MOST_VALUES:
                item = self._item((enum, number)) if number in enum.releases else -1
                yield number, f'"{name}"'.encode(), item, number in enum.contested

    def _op(self, field: Field, message: MessageType) -> WriteOp:
        """How a field is written; UNSUPPORTED leaves every blob that has it to the decoder."""
        if field.extension:
            return WriteOp.UNSUPPORTED
        if field.oneof and len({one.oneof for one in message.fields.values()}) > _MOST_ONEOFS:
            return WriteOp.UNSUPPORTED
        if not _can_cover(field, message):
            return WriteOp.UNSUPPORTED
        if field.is_map:
            return _map_op(field)
        if field.message is not None:
            if field.type != ScalarType.MESSAGE:
                return WriteOp.UNSUPPORTED
            name = field.message.full_name
            return _OWN.get(name, WriteOp.UNSUPPORTED if name in OWN_FORM else WriteOp.MESSAGE)
        if field.enum is not None and (field.enum.closed or field.enum.full_name == NULL):
            return WriteOp.UNSUPPORTED
        if field.type == ScalarType.STRING and not field.utf8:
            return WriteOp.UNSUPPORTED
        return _SCALARS.get(field.type, WriteOp.UNSUPPORTED)


def _map_op(field: Field) -> WriteOp:
    key, value = field.map_key, field.map_value
    assert key is not None
    assert value is not None
    # What is noted of an enum's values in a contested map is another matter.
    unclear = field.contested is not None and value.enum is not None
    plain = key.type == ScalarType.STRING and key.utf8 and not unclear
    return WriteOp.MAP if plain else WriteOp.UNSUPPORTED


def _can_cover(field: Field, message: MessageType) -> bool:
    """Whether a field is without a secret rule, or is one text to which its rule applies."""
    rule = field.secret
    text = field.map_value if rule == SecretRule.HEADER_KEYS else field
    if rule is None:
        return True
    if text is None or text.type not in (ScalarType.STRING, ScalarType.BYTES) or text.repeated:
        return False
    return rule != SecretRule.IF_FLAGGED or _flag(message) > 0


def _flag(message: MessageType) -> int:
    """The number of the field that says whether a value is a secret, 0 where nothing asks."""
    fields = message.fields.values()
    if not any(one.secret == SecretRule.IF_FLAGGED for one in fields):
        return 0
    flags = [one for one in fields if one.name in (_FLAG, "isSecret")]
    plain = len(flags) == 1 and flags[0].type == ScalarType.BOOL and not flags[0].repeated
    return flags[0].number if plain and flags[0].number < _MOST_FIELDS else 0
