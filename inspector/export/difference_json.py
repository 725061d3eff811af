"""Differences as JSON: a path, what happened, and the value before and after."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Final

from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import Place, children
from inspector.decode.problems import payload
from inspector.decode.secrets import COVERED
from inspector.export.json_object import Raw, object_text
from inspector.history.difference import Change, Difference, Entry
from inspector.history.record import Record

_NOTHING: Final[frozenset[int]] = frozenset()


def difference_text(
    found: Difference, before: Record, after: Record, *, reveal: bool = False
) -> str:
    """One JSON array of all differences, with a final newline.

    ``found`` is made with the same ``reveal`` and with what is covered in both records.
    """
    if not found.entries:
        return "[]\n"
    entries = (_entry(entry, before, after, reveal) for entry in found.entries)
    return "[" + ",".join(f"\n  {text}" for text in entries) + "\n]\n"


def hidden_parts(entry: Entry, covered: frozenset[int]) -> tuple[int, list[Place]]:
    """What the values of an entry do not say: how many secrets, and which unknown fields.

    Both sides of a change count as one secret.
    """
    if entry.hidden:
        return 1, []
    secrets = 0
    unknown: list[Place] = []
    for place in (entry.before, entry.after):
        if place is None:
            continue
        for below in _below(place):
            if id(below.node) in covered:
                secrets += 1
            elif below.node.kind == NodeKind.UNKNOWN:
                unknown.append(below)
    return secrets, unknown


def _below(top: Place) -> Iterator[Place]:
    stack = [top]
    while stack:
        place = stack.pop()
        if place is not top:
            yield place
        if place.node.kind != NodeKind.UNKNOWN:
            stack.extend(reversed(children(place)))


def _entry(entry: Entry, before: Record, after: Record, reveal: bool) -> str:
    members: list[tuple[str, object]] = [("path", entry.path), ("change", entry.change.value)]
    if entry.change == Change.MOVED and entry.before is not None:
        members.append(("from", entry.before.path))
    for name, place, record in (("before", entry.before, before), ("after", entry.after, after)):
        if place is not None and record.tree is not None:
            covered = _NOTHING if reveal else record.covered
            members.append((name, Raw(value_json(place, record.tree, covered, entry.hidden))))
    return object_text(members, level=1)


def value_json(
    place: Place, tree: Tree, covered: frozenset[int], hidden: bool, *, indent: int | None = 2
) -> str:
    """A value of an entry as JSON: bytes without a name as base64, ``[covered]`` where hidden."""
    if hidden:
        return f'"{COVERED}"'
    if place.node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return f'"{b64encode(payload(tree, place.node)).decode()}"'
    return write(place.node, covered, indent=indent, level=2)
