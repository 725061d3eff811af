"""A few values of a blob without decoding the rest of it: a list of thousands needs no trees.

The bytes are not copied on the way down, and of a text no more than it takes to see that it is too
long to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple, cast

from inspector.decode.node import WireType
from inspector.decode.record_summary import NOTHING, RecordSummary
from inspector.decode.scalars import VARINTS
from inspector.decode.well_known import OWN_FORM
from inspector.decode.wire import Occurrence, read_field
from inspector.schema.state import state_field
from inspector.schema.types import Field, MessageType, ScalarType

_METADATA = "metadata"
_TEXTS = ("name", "org", "slug")


class Top(NamedTuple):
    """What the top of a message says.

    Attributes:
        summary: the values.
        long: names of texts that are longer than wanted, which are left out.
        broken: where it stops being a message, None where it does not.
        group: where a group stands that was not looked into, nor what is behind it.
    """

    summary: RecordSummary
    long: tuple[str, ...]
    broken: int | None
    group: int | None


class _Fields(NamedTuple):
    """The payloads of some fields of a message, by number and wire type, and where they end."""

    payloads: dict[int, list[memoryview]]
    end: int

    def of(self, field: Field | None, wire: WireType) -> list[memoryview]:
        return self.payloads.get(field.number << 3 | wire, []) if field is not None else []


def peek(data: bytes, message: MessageType) -> RecordSummary:
    """Name, state, organisation and slug of a message, read from the top alone.

    What lies deeper is not looked at, so nothing is said about whether it decodes; where the top
    does not, what was read before it stands.
    """
    return top_of(data, message, len(data)).summary


def top_of(data: bytes, message: MessageType, longest: int) -> Top:
    """The same, and what is to be said of it; ``longest`` is the most bytes of a text."""
    view = memoryview(data)
    metadata, path = _named(message, _METADATA), state_field(message)
    whole = _fields([view], (metadata, path[0] if path else None))
    texts: dict[str, str | None] = dict.fromkeys(_TEXTS)
    long: list[str] = []
    if metadata is not None and metadata.message is not None:
        wanted = [_named(metadata.message, name) for name in _TEXTS]
        inner = _fields(whole.of(metadata, WireType.LEN), wanted)
        for field in filter(None, wanted):
            found = inner.of(field, WireType.LEN)
            if found and len(found[-1]) > longest:
                long.append(field.name)
            elif found:
                texts[field.name] = bytes(found[-1]).decode(errors="replace") or None
    state = _state(whole, path) if path is not None else None
    summary = RecordSummary(texts["name"], state, texts["org"], texts["slug"])
    broken = group = None
    if whole.end < len(view):
        is_group = _field(view, whole.end) is not None
        broken, group = (None, whole.end) if is_group else (whole.end, None)
    return Top(summary if any(summary) else NOTHING, tuple(long), broken, group)


@cache
def text_way(message: MessageType, *names: str) -> tuple[Field, ...] | None:
    """The fields that lead to a text of a message by their names, for :func:`text_on`.

    Returns:
        nothing where the message has no such text; None where a decoder has to look for it.
    """
    way: list[Field] = []
    within: MessageType | None = message
    for name in names:
        named = [one for one in within.fields.values() if one.name == name] if within else []
        if not named:
            return ()
        field = named[0]
        wanted = ScalarType.STRING if len(way) == len(names) - 1 else ScalarType.MESSAGE
        if len(named) > 1 or field.repeated or field.is_map or field.type != wanted:
            return None
        within = field.message
        if within is not None and within.full_name in OWN_FORM:
            return None
        way.append(field)
    return tuple(way)


def text_on(data: bytes, way: Sequence[Field]) -> str | None:
    """The non-empty text at the end of a way.

    Args:
        data: a blob that decodes, in which no field stands twice that is not repeated.
        way: of its message.
    """
    pos, end = 0, len(data)
    for field in way:
        while True:
            found = read_field(data, pos, end) if pos < end else None
            if found is None:
                return None
            _, body, pos, tag = found
            if tag == field.number << 3 | WireType.LEN:
                pos, end = body, pos
                break
    return data[pos:end].decode() or None if way else None


def _state(whole: _Fields, path: Sequence[Field]) -> str | None:
    if path[-1].enum is None:
        return None
    found = whole
    for outer, inner in pairwise(path):
        found = _fields(found.of(outer, WireType.LEN), (inner,))
    raw = found.of(path[-1], WireType.VARINT)
    if not raw:
        return None
    value = sum((byte & 0x7F) << 7 * index for index, byte in enumerate(raw[-1]))
    number = int(VARINTS[ScalarType.ENUM](value))
    return path[-1].enum.names.get(number, str(number)) if number else None


def _named(message: MessageType, name: str) -> Field | None:
    return next((field for field in message.fields.values() if field.name == name), None)


def _fields(parts: Iterable[memoryview], wanted: Iterable[Field | None]) -> _Fields:
    """The wanted fields of a message, which may come in several parts."""
    numbers = {field.number for field in wanted if field is not None}
    payloads: dict[int, list[memoryview]] = {}
    pos = 0
    for view in parts:
        pos, end = 0, len(view)
        while pos < end:
            field = _field(view, pos)
            if field is None or field[3] & 7 in (WireType.SGROUP, WireType.EGROUP):
                break
            _, body, pos, tag = field
            if tag >> 3 in numbers:
                payloads.setdefault(tag, []).append(view[body:pos])
    return _Fields(payloads, pos)


def _field(view: memoryview, pos: int) -> Occurrence | None:
    # Which indexes to a number, and slices, as bytes do.
    return read_field(cast(bytes, view), pos, len(view))
