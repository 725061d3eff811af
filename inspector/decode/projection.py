"""A few values of a blob in the compiled way: what is looked at in every record of a list.

It tells what the decoder would, or nothing: a field that stands twice, an unknown wire type, bytes
that cannot be read or anything else that needs care is left to it. Nothing is said of the fields
that are not looked at but that they have an end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from inspector.decode.transcoding import MessageTranscoder
from inspector.decode.well_known import OWN_FORM
from inspector.schema.types import MessageType

if TYPE_CHECKING:
    from inspector.decode._transcoder import Projection


@dataclass(slots=True)
class Used:
    """Which fields of a message are looked at; ``whole`` where it may be all.

    Attributes:
        fields: by number.
        whole: all that stands in it is looked at.
        slot: where its value goes; None where it has no place.
        presence: where it goes whether it is there.
    """

    fields: dict[int, Used] = field(default_factory=dict)
    whole: bool = False
    slot: int | None = None
    presence: int | None = None


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
            if not inner.whole and held is not None and held.full_name not in OWN_FORM:
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
