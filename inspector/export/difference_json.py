"""Differences as JSON: a path, what happened, and the value before and after."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind
from inspector.decode.paths import Place
from inspector.decode.secrets import COVERED
from inspector.export.json_object import Raw, object_text
from inspector.history.difference import Change, Difference, Entry
from inspector.history.record import Record

_NOTHING: Final[frozenset[int]] = frozenset()
_COVERED: Final = Raw(f'"{COVERED}"')


def difference_text(
    found: Difference, before: Record, after: Record, *, reveal: bool = False
) -> str:
    """One JSON array of all differences, with a final newline."""
    if not found.entries:
        return "[]\n"
    entries = (_entry(entry, before, after, reveal) for entry in found.entries)
    return "[" + ",".join(f"\n  {text}" for text in entries) + "\n]\n"


def _entry(entry: Entry, before: Record, after: Record, reveal: bool) -> str:
    members: list[tuple[str, object]] = [("path", entry.path), ("change", entry.change.value)]
    if entry.change == Change.MOVED and entry.before is not None:
        members.append(("from", entry.before.path))
    old = _value(entry.before, before, reveal)
    new = _value(entry.after, after, reveal)
    if entry.change == Change.CHANGED and _COVERED in (old, new):
        # One of the two being a secret makes what it is compared with one.
        old = new = _COVERED
    if old is not None:
        members.append(("before", old))
    if new is not None:
        members.append(("after", new))
    return object_text(members, level=1)


def _value(place: Place | None, record: Record, reveal: bool) -> Raw | None:
    if place is None or record.tree is None:
        return None
    node = place.node
    if not reveal and is_covered(place, record.covered):
        return _COVERED
    if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        payload = record.tree.data[node.body : node.end]
        return Raw(f'"{b64encode(payload).decode()}"')
    return Raw(write(node, _NOTHING if reveal else record.covered, level=2))


def is_covered(place: Place, covered: frozenset[int]) -> bool:
    """Whether a value is a secret or lies in one, or cannot be told from one."""
    at: Place | None = place
    while at is not None:
        if id(at.node) in covered or at.node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
            return True
        at = at.parent
    return False
