"""A few values of a blob without decoding the rest of it: a list of thousands needs no trees."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.decode.fields import NOTHING, Summary
from inspector.decode.node import WireType
from inspector.decode.scalars import VARINTS
from inspector.decode.wire import Occurrence, read_field
from inspector.schema.state import state_field
from inspector.schema.types import Field, MessageType, ScalarType

_METADATA = ("name", "org", "slug")
#: A payload with its fields, read once.
_Parsed = tuple[bytes, list[Occurrence]]


def peek(data: bytes, message: MessageType) -> Summary:
    """Name, state, organisation and slug of a message, read from the top alone.

    What lies deeper is not looked at, so nothing is said about whether it decodes; where the top
    does not, what was read before it stands.
    """
    whole = (data, _fields(data))
    top = _levels(whole, message, ("metadata",))
    metadata = top[-1] if top else None
    texts: dict[str, str | None] = dict.fromkeys(_METADATA)
    if metadata is not None:
        inner, payloads = metadata
        for name in _METADATA:
            texts[name] = _text(payloads, _named(inner, name))
    state = _state(whole, message)
    if state is None and not any(texts.values()):
        return NOTHING
    return Summary(texts["name"], state, texts["org"], texts["slug"])


def _state(data: _Parsed, message: MessageType) -> str | None:
    path = state_field(message)
    if path is None or path[-1].enum is None:
        return None
    levels = _levels(data, message, [field.name for field in path[:-1]])
    if not levels:
        return None
    raw = _last(levels[-1][1], path[-1], WireType.VARINT)
    if not isinstance(raw, int):
        return None
    number = int(VARINTS[ScalarType.ENUM](raw))
    return path[-1].enum.names.get(number, str(number)) if number else None


def _levels(
    data: _Parsed, message: MessageType, names: Sequence[str]
) -> list[tuple[MessageType, list[_Parsed]]]:
    """The messages on a way of names, each with all its payloads; empty where one is absent."""
    found: list[tuple[MessageType, list[_Parsed]]] = []
    payloads = [data]
    for name in names:
        field = _named(message, name)
        if field is None or field.message is None:
            return []
        payloads = [each for one in payloads for each in _payloads(one, field)]
        if not payloads:
            return []
        message = field.message
        found.append((message, payloads))
    return found


def _named(message: MessageType, name: str) -> Field | None:
    return next((field for field in message.fields.values() if field.name == name), None)


def _payloads(parsed: _Parsed, field: Field) -> list[_Parsed]:
    tag = field.number << 3 | WireType.LEN
    data, fields = parsed
    texts = (data[body:end] for _, body, end, found in fields if found == tag)
    return [(text, _fields(text)) for text in texts]


def _text(payloads: Sequence[_Parsed], field: Field | None) -> str | None:
    raw = _last(payloads, field, WireType.LEN) if field is not None else None
    return raw.decode(errors="replace") or None if isinstance(raw, bytes) else None


def _last(payloads: Sequence[_Parsed], field: Field, wire: WireType) -> bytes | int | None:
    tag = field.number << 3 | wire
    value: bytes | int | None = None
    for data, fields in payloads:
        for _, body, end, found in fields:
            if found == tag:
                value = data[body:end]
    if wire == WireType.VARINT and isinstance(value, bytes):
        return sum((byte & 0x7F) << 7 * index for index, byte in enumerate(value))
    return value


def _fields(data: bytes) -> list[Occurrence]:
    found = []
    pos, end = 0, len(data)
    while pos < end:
        field = read_field(data, pos, end)
        if field is None or field[3] & 7 in (WireType.SGROUP, WireType.EGROUP):
            break
        found.append(field)
        pos = field[2]
    return found
