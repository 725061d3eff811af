"""What a value looks like in one line: the middle column of the field tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from inspector.decode import json_text
from inspector.decode.encrypted_values import sealed
from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.well_known import is_flat
from inspector.gui.style.text_format import count, lines_of, one_line, state_word
from inspector.gui.style.text_runs import CHANGED, DIM, FIXED, GUESS, TEXT, Elide, Run
from inspector.gui.style.time_format import TimeStyle, from_seconds, parse, show, zone_name
from inspector.schema.ids import looks_like_id
from inspector.schema.types import EnumType, MessageType, ScalarType

_HEX: Final = re.compile(r"[0-9a-f]{32,}")
_LONGEST_TIME: Final = 40  #: characters
_NAMING: Final = ("name", "title", "content", "subject", "text", "message", "slug", "id", "key")
_ALONE: Final = ("id", "name", "slug")
_PREVIEW: Final = 16  #: bytes shown of a bytes field

_WIRE: Final = {
    WireType.VARINT: "varint",
    WireType.I64: "64-bit",
    WireType.LEN: "length-delimited",
    WireType.SGROUP: "group",
    WireType.I32: "32-bit",
}
_NOUNS: Final = {
    NodeKind.LIST: ("item", ""),
    NodeKind.ARRAY: ("item", ""),
    NodeKind.MAP: ("entry", "entries"),
    NodeKind.STRUCT: ("key", ""),
    NodeKind.MESSAGE: ("field", ""),
}
#: Nodes whose payload no schema speaks for, so that it may hold a secret.
OPAQUE: Final = frozenset((NodeKind.UNKNOWN, NodeKind.SHADOWED, NodeKind.MALFORMED))


def wire_name(node: Node) -> str:
    """The wire type in words; bytes that are no wire format have none."""
    if node.kind == NodeKind.MALFORMED:
        return "not valid protobuf"
    return _WIRE.get(WireType(node.wire_type), "unknown") if node.wire_type < 6 else "unknown"


def covered_runs(node: Node) -> tuple[Run, ...]:
    """A value that stays covered: how long it is, not what it is; of a sealed one with what."""
    seal = sealed(node.value)
    if seal is not None:
        return (
            Run("Sealed", icon="covered"),
            Run(seal.facts, DIM, Elide.ElideRight),
        )
    return (
        Run("Hidden", icon="covered"),
        Run(length(node), DIM, Elide.ElideRight, optional=True),
    )


def length(node: Node) -> str:
    """How long a value is, in what it is counted in."""
    if isinstance(node.value, str):
        return count(len(node.value), "character")
    if isinstance(node.value, bytes) or node.kind in OPAQUE:
        return count(node.end - node.body, "byte")
    if node.kind in _NOUNS:
        return count(len(node.children), *_NOUNS[NodeKind(node.kind)])
    return count(node.end - node.body, "byte")


def value_runs(
    node: Node, covered: frozenset[int] | set[int], data: bytes, style: TimeStyle, now: datetime
) -> tuple[Run, ...]:
    """A value that may be seen.

    Args:
        node: the value.
        covered: ``id()`` of nodes that may not, for the words about what is within a message.
        data: the blob, of which an unknown field shows its payload.
        style: how times are written.
        now: what relative times count from.
    """
    kind = node.kind
    if kind == NodeKind.ENUM:
        return _enum(node)
    if is_flat(node):
        return _flat(node, style, now)
    if kind in _NOUNS:
        return _container(node, covered)
    if kind in OPAQUE:
        return _bytes(data[node.body : node.end], node.end - node.body, guess=True)
    return _scalar(node, style, now)


def _container(node: Node, covered: frozenset[int] | set[int]) -> tuple[Run, ...]:
    words = length(node)
    if node.kind == NodeKind.MESSAGE:
        words = peek(node, covered) or words
    return (Run(words, DIM, Elide.ElideRight),)


def peek(node: Node, covered: frozenset[int] | set[int]) -> str:
    """A message in a few words: what it is called, or what it says; empty where nothing does."""
    texts: dict[str, str] = {}
    sort = ""
    for child in node.children[:12]:
        if id(child) in covered or child.field is None or child.label is not None:
            continue
        if child.kind == NodeKind.SCALAR and isinstance(child.value, str):
            texts[child.field.name] = child.value
        elif child.kind == NodeKind.ENUM and child.field.name in ("type", "role", "kind"):
            sort = enum_word(child)
    if node.label is None:
        return _lonely(node, texts)
    words = next((texts[name] for name in _NAMING if texts.get(name)), "")
    return one_line(f"{sort}: {words}" if sort and words else words or sort)


def _lonely(node: Node, texts: dict[str, str]) -> str:
    if len(node.children) == 1:
        return one_line(next((texts[name] for name in _ALONE if texts.get(name)), ""))
    return ""


def _enum(node: Node) -> tuple[Run, ...]:
    enum = node.field.enum if node.field is not None else None
    name = enum.names.get(node.value) if enum is not None else None
    if name is None:
        return (Run(str(node.value)), Run("has no name", CHANGED, icon="warning"))
    return (Run(name, TEXT, Elide.ElideRight), Run(str(node.value), DIM, optional=True))


def enum_word(node: Node) -> str:
    """An enum value in a sentence: without what its name shares with the others."""
    enum: EnumType | None = node.field.enum if node.field is not None else None
    name = enum.names.get(node.value) if enum is not None else None
    if enum is None or name is None:
        return str(node.value)
    return _without_prefix(name, enum.names.values())


def _without_prefix(name: str, names: Iterable[str]) -> str:
    parts = [other.split("_") for other in names if not other.lower().endswith("_unspecified")]
    shared = 0
    while len(parts) > 1 and all(
        len(part) > shared + 1 and part[shared] == parts[0][shared] for part in parts
    ):
        shared += 1
    words = " ".join(name.split("_")[shared:]).lower()
    return words.upper() if len(words) <= 2 else words.capitalize() or state_word(name)


def _flat(node: Node, style: TimeStyle, now: datetime) -> tuple[Run, ...]:
    seconds, nanos = parts(node)
    message: MessageType | None = node.message_type
    if message is not None and message.name == "Timestamp":
        moment = from_seconds(seconds, nanos)
        if moment is None:
            return (Run(f"{seconds} s"), Run("invalid timestamp", DIM, optional=True))
        return _moment(moment, style, now)
    if not nanos:
        return (Run(f"{seconds:,} s"),)
    places = next(count for count in (3, 6, 9) if not nanos % 10 ** (9 - count))
    return (Run(f"{Decimal(seconds) + Decimal(nanos).scaleb(-9):,.{places}f} s"),)


def parts(node: Node) -> tuple[int, int]:
    """Seconds and nanoseconds of a Timestamp or Duration."""
    found = {child.field.name: child.value for child in node.children if child.field is not None}
    return int(found.get("seconds") or 0), int(found.get("nanos") or 0)


def moment_of(node: Node) -> datetime | None:
    """The time a value is: a Timestamp, or a text that looks like one."""
    if isinstance(node.value, str):
        return _stamp(node.value)
    message = node.message_type if is_flat(node) else None
    if message is None or message.name != "Timestamp":
        return None
    return from_seconds(*parts(node))


def _stamp(value: str) -> datetime | None:
    """The time that a text is, as those of stores are read."""
    return parse(value) if len(value) < _LONGEST_TIME and value[:4].isdecimal() else None


def _moment(moment: datetime, style: TimeStyle, now: datetime) -> tuple[Run, ...]:
    zone = zone_name(moment, style)
    runs = (Run(show(moment, style, now, fine=True)),)
    return (*runs, Run(zone, DIM, optional=True, gap=4)) if zone else runs


def _scalar(node: Node, style: TimeStyle, now: datetime) -> tuple[Run, ...]:
    value = node.value
    if isinstance(value, str):
        runs = _text(value, style, now)
    elif isinstance(value, bytes):
        runs = _bytes(value[:_PREVIEW], len(value), guess=False)
    elif value is None:
        runs = (Run("null"),)
    elif isinstance(value, bool):
        runs = (Run("true" if value else "false"),)
    else:
        runs = (Run(number_text(node)),)
    if node.problem == "invalid-utf8":
        warning = Run("not valid UTF-8", CHANGED, icon="warning")
        return (*runs, warning)
    return runs


def number_text(node: Node) -> str:
    """A number as JSON has it: the fewest digits that read back the same, at any size alike."""
    value = node.value
    field = node.field
    single = field is not None and node.kind == NodeKind.SCALAR and field.type == ScalarType.FLOAT
    if not isinstance(value, float):
        return str(value)
    return (json_text.single if single else json_text.number)(value).strip('"')


def _text(value: str, style: TimeStyle, now: datetime) -> tuple[Run, ...]:
    if not value:
        return (Run("empty text", GUESS),)
    seal = sealed(value)
    if seal is not None:
        stored = Run(one_line(value), FIXED, Elide.ElideRight, gap=12)
        return (Run("Sealed", icon="lock"), Run(seal.facts, DIM), stored)
    if len(value) < 100:
        if looks_like_id(value) or _HEX.fullmatch(value):
            return (Run(value, FIXED, Elide.ElideMiddle),)
        moment = _stamp(value)
        if moment is not None:
            return _moment(moment, style, now)
    lines = lines_of(value) if "\n" in value else 1
    shown = one_line(value)
    head = Run(shown, TEXT, Elide.ElideRight)
    if lines > 1:
        return (head, Run(count(lines, "line"), DIM, optional=True, gap=12))
    if len(value) > len(shown):
        return (head, Run(count(len(value), "character"), DIM, optional=True, gap=12))
    return (head,)


def _bytes(value: bytes, size: int, *, guess: bool) -> tuple[Run, ...]:
    shown = value[:_PREVIEW].hex(" ")
    words = count(size, "byte")
    if guess and size and _looks_like_text(value):
        words += ", maybe text"
    if not size:
        return (Run("empty", GUESS),)
    return (Run(shown, FIXED, Elide.ElideRight), Run(words, DIM, optional=True))


def _looks_like_text(value: bytes) -> bool:
    try:
        return value.decode().isprintable()
    except UnicodeDecodeError:
        return False
