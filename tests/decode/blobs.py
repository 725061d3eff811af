"""Blobs of any message type in every form that protobuf reads, not only those it writes."""

from __future__ import annotations

import struct
from random import Random

from hypothesis import strategies as st

from inspector.decode.node import WireType
from inspector.decode.wire import FIXED, WIRE_OF
from inspector.schema.catalog import release
from inspector.schema.types import ANY, Field, MessageType, ScalarType
from tests.builders.demo import wire
from tests.decode.compiled import COMPILED, EDITION, KNOWN, OLD
from tests.decode.types import EVERYTHING, MADE, storable, type_of
from tests.releases import SOME, message_class

_INTEGERS = (0, 1, 2, 41, 127, 128, 300, 2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, -1, -5)
_DOUBLES = (0.0, -0.0, 1.0, 0.1, -2.5, 1e22, 5e-324, float("inf"), float("-inf"), float("nan"))
_TEXTS = (
    "",
    "a",
    "é",
    "plain text",
    "line\nbreak",
    '"\\/\x7f\x00',
    "\u2028",
    "😀 emoji",
    "k" * 200,
)
_SECONDS = (0, -1, 1769632348, -62135596800, 253402300799, 253402300800, 2**62, -(2**62))
_NANOS = (0, 1, 1000, 120_000_000, 999_999_999, 1_000_000_000, -1)
_PATHS = ("a", "some_path.to_it", "x.y", "_leading", "with1_digit2")
_TIMES = frozenset(("google.protobuf.Timestamp", "google.protobuf.Duration"))
_ZIGZAG = frozenset((ScalarType.SINT32, ScalarType.SINT64))


def varint(random: Random, value: int, longest: int = 10) -> bytes:
    """A varint, now and then with more bytes than it needs."""
    short = wire.varint(value)
    if random.random() > 0.1 or len(short) == longest:
        return short
    more = random.randint(1, longest - len(short))
    return short[:-1] + bytes([short[-1] | 0x80]) + b"\x80" * (more - 1) + b"\0"


def with_length(random: Random, payload: bytes) -> bytes:
    """A payload behind its length."""
    return varint(random, len(payload), 5) + payload


class BlobWriter:
    """Writes blobs out of the choices of ``random``.

    ``plain`` leaves out what protobuf's own JSON cannot say or keeps in another way: times out of
    range, numbers that are none, unknown fields.
    """

    def __init__(self, random: Random, *, plain: bool = False) -> None:
        self.random = random
        self.plain = plain

    def message(self, type_: MessageType, depth: int = 3, *, unknown: bool = True) -> bytes:
        """The payload of a message."""
        random = self.random
        usable = [f for f in type_.fields.values() if depth > 0 or f.message is None]
        if type_.full_name in _TIMES:
            return self.time()
        if type_.full_name == ANY:
            return self.any_message(type_, depth)
        if self.plain and type_.full_name == "google.protobuf.FieldMask":
            return b"".join(wire.text(1, path) for path in random.sample(_PATHS, 2))
        parts: list[bytes] = []
        for _ in range(random.randint(0, 6) if usable else 0):
            field = random.choice(usable)
            parts.append(self.field(field, depth))
            if random.random() < 0.2:
                parts.append(self.field(field, depth))
        if unknown and not self.plain and random.random() < 0.2:
            parts.append(self.unknown(type_, 2))
        random.shuffle(parts)
        return b"".join(parts)

    def time(self) -> bytes:
        """A Timestamp or Duration."""
        seconds, nanos = self.random.choice(_SECONDS), self.random.choice(_NANOS)
        if self.plain:
            seconds, nanos = self.random.choice(_SECONDS[2:3]), self.random.choice(_NANOS[:5])
        return wire.integer(1, seconds) + wire.integer(2, nanos)

    def any_message(self, type_: MessageType, depth: int) -> bytes:
        """A message of any type with the name of that type, now and then of none."""
        random = self.random
        assert type_.packable is not None
        name = random.choice([one for one in type_.packable if not one.endswith("Entry")])
        inside = self.message(type_.packable[name], min(depth, 2) - 1)
        if not self.plain and random.random() < 0.3:
            name, inside = random.choice(((f"{name}s", inside), ("", inside), (name, b"\x0f")))
        url = wire.text(1, f"type.googleapis.com/{name}" if name else "")
        return b"".join(random.sample((url, wire.text(2, inside)), 2))

    def field(self, field: Field, depth: int) -> bytes:
        """One occurrence of a field, of a packed one with any number of elements."""
        random = self.random
        own = WIRE_OF[field.type]
        if field.is_map:
            return self.tag(field.number, WireType.LEN) + with_length(
                random, self.entry(field, depth)
            )
        packable = field.repeated and own in (WireType.VARINT, WireType.I64, WireType.I32)
        if packable and random.random() < 0.5:
            packed = b"".join(self.payload(field, depth) for _ in range(random.randint(0, 4)))
            return self.tag(field.number, WireType.LEN) + with_length(random, packed)
        if field.type == ScalarType.GROUP:
            assert field.message is not None
            inside = self.message(field.message, depth - 1)
            return self.tag(field.number, own) + inside + self.tag(field.number, WireType.EGROUP)
        return self.tag(field.number, own) + self.payload(field, depth)

    def tag(self, number: int, wire_type: int) -> bytes:
        """A tag, now and then overlong."""
        return varint(self.random, number << 3 | wire_type, 5)

    def entry(self, field: Field, depth: int) -> bytes:
        """A map entry: key or value may be missing, stand twice, or in either order."""
        assert field.map_key is not None
        assert field.map_value is not None
        random = self.random
        members = [field.map_key, field.map_value]
        if random.random() < 0.3:
            members = random.choices(members, k=random.randint(0, 3))
        return b"".join(self.field(member, depth - 1) for member in members)

    def payload(self, field: Field, depth: int) -> bytes:
        """What stands behind the tag of a field outside a packed one."""
        random = self.random
        type_ = field.type
        if field.message is not None:
            return with_length(random, self.message(field.message, depth - 1))
        if type_ in (ScalarType.STRING, ScalarType.BYTES):
            text = random.choice(_TEXTS).encode()
            return with_length(random, text + (b"\xff" if type_ == ScalarType.BYTES else b""))
        if type_ in (ScalarType.DOUBLE, ScalarType.FLOAT):
            number = random.choice(_DOUBLES[:5] if self.plain else _DOUBLES)
            code = "<d" if type_ == ScalarType.DOUBLE else "<f"
            return struct.pack(code, number if code == "<d" or abs(number) < 1e9 else 3.5)
        if type_ in FIXED:
            return random.choice(_INTEGERS).to_bytes(16, "little", signed=True)[: FIXED[type_].size]
        integer = random.choice(_INTEGERS)
        if type_ in _ZIGZAG and integer < 0:
            integer = (-integer << 1) - 1
        return varint(random, integer)

    def unknown(self, type_: MessageType, depth: int) -> bytes:
        """A field the type does not have, or has with another wire type."""
        random = self.random
        number = random.choice((17, 19, 1000, 2**29 - 1, *type_.fields))
        wire_type = random.choice((WireType.VARINT, WireType.I64, WireType.LEN, WireType.I32))
        declared = type_.fields.get(number)
        taken = {WIRE_OF[declared.type], WireType.LEN} if declared else set()
        if wire_type in taken or (depth and random.random() < 0.2):
            inner = b"".join(self.unknown(type_, depth - 1) for _ in range(depth))
            start, stop = WireType.SGROUP, WireType.EGROUP
            return self.tag(number, start) + inner + self.tag(number, stop)
        if wire_type == WireType.VARINT:
            payload = varint(random, random.choice(_INTEGERS))
        elif wire_type == WireType.LEN:
            payload = with_length(random, random.randbytes(random.randint(0, 9)))
        else:
            payload = random.randbytes(8 if wire_type == WireType.I64 else 4)
        return self.tag(number, wire_type) + payload


Case = tuple[str, str, bytes]
OTHERS = tuple((COMPILED, full_name) for full_name in (OLD, EDITION, KNOWN))

#: One number decides all of a blob: a choice at a time, Hypothesis takes minutes over one failure.
SEEDS = st.integers(0, 2**32).map(Random)


@st.composite
def blobs(draw: st.DrawFn, *, plain: bool = False) -> Case:
    """(generation, full name, blob) of any message type that a record can hold."""
    some = st.sampled_from(((MADE, EVERYTHING), *OTHERS)), st.sampled_from(storable())
    name, full_name = draw(st.one_of(*some))
    writer = BlobWriter(draw(SEEDS), plain=plain)
    return name, full_name, writer.message(type_of(name, full_name), draw(st.integers(0, 3)))


#: Release, kind and message of every record that some releases can write.
KINDS = [
    (name, info.kind, info.message.full_name)
    for name in SOME
    for info in release(name).kinds.values()
    if info.message is not None
]


def as_written(random: Random, name: str, full_name: str) -> bytes:
    """A message as a daemon writes it: fields in order, each once, nothing unset."""
    raw = BlobWriter(random, plain=True).message(release(name).messages[full_name], 3)
    read = message_class(name, full_name).FromString(raw)
    return bytes(read.SerializeToString(deterministic=True))
