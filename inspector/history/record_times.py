"""Times inside a record: what parses, and what is said of what does not."""

from __future__ import annotations

from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import NodePlace
from inspector.decode.record_summary import child
from inspector.decode.well_known import member
from inspector.named_tuple import NamedTuple
from inspector.schema.secrets_table import json_name
from inspector.times import instant


class RecordTime(NamedTuple):
    """Nanoseconds since 1970, or None with a sentence where there is a text that is no time."""

    nanoseconds: int | None
    problem: str = ""


_NONE = RecordTime(None)


def part(place: NodePlace, name: str) -> NodePlace | None:
    """A field of a message by name, of a JSON document by its JSON name."""
    node = place.node
    found = child(node, json_name(name) if node.kind == NodeKind.STRUCT else name)
    return NodePlace(found, place) if found is not None else None


def moment(place: NodePlace, name: str) -> RecordTime:
    """A time in a field that is a text or a Timestamp."""
    found = part(place, name)
    if found is None:
        return _NONE
    node = found.node
    if node.kind == NodeKind.MESSAGE:
        return RecordTime(_stamp(node))
    if not isinstance(node.value, str) or not node.value:
        return _NONE
    when = instant(node.value)
    if when is None:
        return RecordTime(None, f"{name} is not a time: {node.value[:40]!r}.")
    return RecordTime(when)


def _stamp(node: Node) -> int:
    return member(node, 1) * 1_000_000_000 + member(node, 2)
