"""A few values of a blob without decoding the rest of it: a list of thousands needs no trees.

The bytes are not copied on the way down, and of a text no more than it takes to see that it is too
long to be shown.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, cast

from inspector.decode.node import WireType
from inspector.decode.record_summary import NOTHING, RecordSummary
from inspector.decode.well_known import OWN_FORM
from inspector.decode.wire import VARINTS, Occurrence, read_field
from inspector.named_tuple import NamedTuple
from inspector.schema.state_field import state_field
from inspector.schema.types import Field, MessageType, ScalarType

METADATA: Final = "metadata"
ERROR: Final = ("status", "error")  #: where a record says what went wrong
TEXTS: Final = ("name", "org", "slug")
_OFFSET = "I"  #: in a blob, which SQLite keeps below 2 GiB


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
    """Where the payloads of some fields of a message lie, and where what was read ends.

    A field may stand there millions of times, so that nothing is made for one but two numbers.
    """

    spans: dict[int, array[int]]  #: by number and wire type: begin, end, begin, end, ...
    end: int

    def of(self, field: Field | None, wire: WireType) -> Iterator[tuple[int, int]]:
        numbers = iter(self._spans(field, wire))
        return zip(numbers, numbers, strict=True)

    def last(self, field: Field | None, wire: WireType) -> tuple[int, int] | None:
        spans = self._spans(field, wire)
        return (spans[-2], spans[-1]) if spans else None

    def _spans(self, field: Field | None, wire: WireType) -> array[int]:
        found = self.spans.get(field.number << 3 | wire) if field is not None else None
        return array(_OFFSET) if found is None else found


def peek(data: bytes, message: MessageType) -> RecordSummary:
    """Name, state, organisation and slug of a message, read from the top alone.

    What lies deeper is not looked at, so nothing is said about whether it decodes; where the top
    does not, what was read before it stands.
    """
    return top_of(data, message, len(data)).summary


def top_of(data: bytes, message: MessageType, longest: int) -> Top:
    """Name, state, organisation and slug of a message from its top, and what was left out.

    Args:
        data: the blob.
        message: what it is.
        longest: bytes of a text up to which it is given.
    """
    view = memoryview(data)
    metadata, path = _named(message, METADATA), state_field(message)
    whole = _fields(view, [(0, len(view))], (metadata, path[0] if path else None))
    texts: dict[str, str | None] = dict.fromkeys(TEXTS)
    long: list[str] = []
    if metadata is not None and metadata.message is not None:
        wanted = [_named(metadata.message, name) for name in TEXTS]
        inner = _fields(view, whole.of(metadata, WireType.LEN), wanted)
        for field in filter(None, wanted):
            found = inner.last(field, WireType.LEN)
            if found is None:
                continue
            begin, stop = found
            if stop - begin > longest:
                long.append(field.name)
            else:
                texts[field.name] = bytes(view[begin:stop]).decode(errors="replace") or None
    state = _state(view, whole, path) if path is not None else None
    summary = RecordSummary(texts["name"], state, texts["org"], texts["slug"])
    broken = group = None
    if whole.end < len(view):
        is_group = _field(view, whole.end, len(view)) is not None
        broken, group = (None, whole.end) if is_group else (whole.end, None)
    return Top(summary if any(summary) else NOTHING, tuple(long), broken, group)


def text_of(data: bytes, way: Sequence[Field]) -> str | None:
    """The non-empty text at the end of a way, of whatever blob, as far as its top can be read.

    Args:
        data: a blob.
        way: of its message, as :func:`text_way` gives it.
    """
    view = memoryview(data)
    found = _innermost(view, _fields(view, [(0, len(view))], way[:1]), way)
    span = found.last(way[-1], WireType.LEN) if way else None
    return bytes(view[slice(*span)]).decode(errors="replace") or None if span else None


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


def _state(view: memoryview, whole: _Fields, path: Sequence[Field]) -> str | None:
    if path[-1].enum is None:
        return None
    raw = _innermost(view, whole, path).last(path[-1], WireType.VARINT)
    if raw is None:
        return None
    value = sum((byte & 0x7F) << 7 * index for index, byte in enumerate(view[slice(*raw)]))
    number = int(VARINTS[ScalarType.ENUM](value))
    return path[-1].enum.names.get(number, str(number)) if number else None


def _innermost(view: memoryview, found: _Fields, path: Sequence[Field]) -> _Fields:
    """What the last message of a path has of its last field, from what the first one has."""
    for outer, inner in pairwise(path):
        found = _fields(view, found.of(outer, WireType.LEN), (inner,))
    return found


def _named(message: MessageType, name: str) -> Field | None:
    return next((field for field in message.fields.values() if field.name == name), None)


def _fields(
    view: memoryview, parts: Iterable[tuple[int, int]], wanted: Iterable[Field | None]
) -> _Fields:
    """The wanted fields of a message, which may come in several parts."""
    numbers = {field.number for field in wanted if field is not None}
    spans: dict[int, array[int]] = {}
    pos = 0
    for begin, end in parts:
        pos = begin
        while pos < end:
            field = _field(view, pos, end)
            if field is None or field[3] & 7 in (WireType.SGROUP, WireType.EGROUP):
                break
            _, body, pos, tag = field
            if tag >> 3 in numbers:
                if tag not in spans:
                    spans[tag] = array(_OFFSET)
                spans[tag].extend((body, pos))
    return _Fields(spans, pos)


def _field(view: memoryview, pos: int, end: int) -> Occurrence | None:
    # Which indexes to a number, and slices, as bytes do.
    return read_field(cast(bytes, view), pos, end)
