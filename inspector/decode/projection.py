"""A few values of a blob in the compiled way: those that lists and filters look at.

It tells what the decoder would, or nothing: a field that stands twice, an unknown wire type, bytes
that cannot be read or anything else that needs care is left to it. Nothing is said of the fields
that are not looked at but that they have an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from inspector.decode.partial_decode import ERROR, METADATA, TEXTS, text_way
from inspector.decode.record_summary import RecordSummary
from inspector.decode.transcoding import MessageTranscoder
from inspector.decode.well_known import OWN_FORM
from inspector.schema.state_field import state_field
from inspector.schema.types import EnumType, Field, MessageType

if TYPE_CHECKING:
    from inspector.decode._transcoder import Projection


class Used:
    """Which fields of a message are looked at; ``whole`` where it may be all.

    Attributes:
        fields: by number.
        whole: all that stands in it is looked at.
        slot: where its value goes; None where it has no place.
        presence: where it goes whether it is there.
    """

    __slots__ = ("fields", "presence", "slot", "whole")

    def __init__(self, *, whole: bool = False) -> None:
        self.whole = whole
        self.fields: dict[int, Used] = {}
        self.slot: int | None = None
        self.presence: int | None = None

    def paths(self) -> frozenset[tuple[int, ...]]:
        """The numbers that lead to each field that is looked at."""
        return frozenset(
            (number, *below)
            for number, inner in self.fields.items()
            for below in ((), *inner.paths())
        )


def projection(
    made: MessageTranscoder, message: MessageType, used: Used, absent: list[Any]
) -> Projection | None:
    """What reads the values of some fields.

    Args:
        made: the compiled way to read the message.
        message: it.
        used: the fields.
        absent: for each slot what it is where the field is not there.

    Returns:
        None where one of them has a form that is left to the decoder.
    """
    from inspector.decode._transcoder import Projection  # noqa: PLC0415 - it may not be there

    messages: list[list[tuple[int, int, int, int]]] = []
    pending = [(used, message)]
    for one, type_ in pending:  # which grows meanwhile
        picked: list[tuple[int, int, int, int]] = []
        for number, inner in one.fields.items():
            below, held = -1, type_.fields[number].message
            # All of a member of a oneof may be looked at for the others, and a part of it besides.
            into = inner.fields or not inner.whole
            if into and held is not None and held.full_name not in OWN_FORM:
                below = len(pending)
                pending.append((inner, held))
            picked.append((number, _place(inner.slot), _place(inner.presence), below))
        messages.append(picked)
    try:
        return Projection(made.compiled, absent, messages)
    except ValueError:
        return None


def _place(slot: int | None) -> int:
    return -1 if slot is None else slot


# What a list shows of a record, in the compiled way: the columns of a list of thousands.

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
        _put(used, way, slot)
    path = state_field(message)
    state = path[-1].enum if path is not None else None
    if path is not None and state is not None:
        ways.append(path)
        _put(used, path, _STATE)
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
    if not way or any(field.contested for field in way):
        return None
    return _of_texts(made, message, way)


@cache
def names_projection(made: MessageTranscoder, message: MessageType) -> Projection | None:
    """What reads which record a message says it is: its id in the first slot, its kind behind it.

    Args:
        made: the compiled way to read it.
        message: it.

    Returns:
        None where one of them has a form that is left to the decoder.
    """
    return _of_texts(made, message, text_way(message, METADATA, "id"), text_way(message, "kind"))


def _of_texts(
    made: MessageTranscoder, message: MessageType, *ways: Sequence[Field] | None
) -> Projection | None:
    """What reads texts, a slot each; None where one has a form that is left to the decoder."""
    used = Used()
    for slot, way in enumerate(ways):
        if way is None or any(field.oneof for field in way):
            return None
        _put(used, way, slot)
    return projection(made, message, used, [""] * len(ways))


def _put(used: Used, way: Sequence[Field], slot: int) -> None:
    for step in way:
        used = used.fields.setdefault(step.number, Used())
    if way:
        used.whole, used.slot = True, slot
