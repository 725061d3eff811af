"""What a list shows of a record, in the compiled way: the columns of a list of thousands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from inspector.decode.partial_decode import ERROR, METADATA, TEXTS, text_way
from inspector.decode.projection import Used, projection
from inspector.decode.record_summary import RecordSummary
from inspector.schema.state import state_field
from inspector.schema.types import EnumType, Field, MessageType

if TYPE_CHECKING:
    from inspector.decode._transcoder import Projection
    from inspector.decode.transcoding import MessageTranscoder

_STATE = len(TEXTS)


class SummaryProjection:
    """Name, state, organisation and slug of the records of a message.

    Attributes:
        contested: whether one of their fields ever meant something else.
    """

    def __init__(self, reader: Projection, state: EnumType | None, *, contested: bool) -> None:
        self._values = reader.values
        self._state = state
        self.contested = contested

    def summary(self, data: bytes, *, certain: bool = False) -> RecordSummary | None:
        """What a list shows of a blob; None where that is to be read with care.

        Args:
            data: the blob.
            certain: a state that another release calls otherwise is to be read with care.
        """
        found: list[Any] | None = self._values(data)
        if found is None:
            return None
        name, org, slug, number = found
        state = None
        if number and self._state is not None:
            if certain and number in self._state.contested:
                return None
            state = self._state.names.get(number, str(number))
        return RecordSummary(name or None, state, org or None, slug or None)


@cache
def summary_projection(made: MessageTranscoder, message: MessageType) -> SummaryProjection | None:
    """What reads the summaries of a message.

    Args:
        made: the compiled way to read it.
        message: it.

    Returns:
        None where one of the fields has a form that is left to the decoder.
    """
    used = Used()
    ways: list[Sequence[Field]] = []
    for slot, name in enumerate(TEXTS):
        way = text_way(message, METADATA, name)
        if way is None:
            return None
        ways.append(way)
        _place(used, way, slot)
    path = state_field(message)
    state = path[-1].enum if path is not None else None
    if path is not None and state is not None:
        ways.append(path)
        _place(used, path, _STATE)
    fields = [field for way in ways for field in way]
    if any(field.oneof or field.repeated for field in fields):
        return None
    reader = projection(made, message, used, ["" for _ in TEXTS] + [0])
    if reader is None:
        return None
    contested = any(field.contested is not None for field in fields)
    return SummaryProjection(reader, state, contested=contested)


@cache
def error_projection(made: MessageTranscoder, message: MessageType) -> Projection | None:
    """What reads the error of a message, in its only slot.

    Args:
        made: the compiled way to read it.
        message: it.

    Returns:
        None where it has none, or of a form that is left to the decoder.
    """
    way = text_way(message, *ERROR)
    if not way or any(field.oneof or field.contested for field in way):
        return None
    used = Used()
    _place(used, way, 0)
    return projection(made, message, used, [""])


def _place(used: Used, way: Sequence[Field], slot: int) -> None:
    for field in way:
        used = used.fields.setdefault(field.number, Used())
    if way:
        used.whole, used.slot = True, slot
