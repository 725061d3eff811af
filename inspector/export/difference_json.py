"""Differences as JSON: a path, what happened, and the value before and after."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import partial
from typing import Final

from inspector.decode.json_writer import beginning, write, write_parts
from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import NodePlace
from inspector.decode.problems import inexpressible_in, payload
from inspector.decode.secrets import COVERED, count_covered
from inspector.export.json_object import Put, write_object
from inspector.history.difference import Change, Difference, Entry
from inspector.history.record import Record
from inspector.named_tuple import NamedTuple

_NOTHING: Final[frozenset[int]] = frozenset()
_NAMELESS: Final = frozenset((NodeKind.UNKNOWN, NodeKind.MALFORMED))


def difference_text(
    found: Difference, before: Record, after: Record, *, reveal: bool = False
) -> str:
    """One JSON array of all differences, with a final newline.

    ``found`` is made with the same ``reveal`` and with what is covered in both records.
    """
    parts: list[str] = []
    write_difference(found.entries, before, after, parts.append, reveal=reveal)
    return "".join(parts)


def write_difference(
    entries: Iterable[Entry], before: Record, after: Record, put: Put, *, reveal: bool = False
) -> None:
    """What :func:`difference_text` gives, handed out in parts: it may be hundreds of MB."""
    lead = "["
    for entry in entries:
        put(f"{lead}\n  ")
        write_object(_members(entry, before, after, reveal), put, level=1)
        lead = ","
    put("[]\n" if lead == "[" else "\n]\n")


class Unsaid(NamedTuple):
    """What the values of entries do not say.

    Attributes:
        secrets: how many are covered; both sides of a change count as one.
        payloads: how many values without a name are covered.
        losses: what JSON leaves out or changes, as ``inexpressible`` finds it.
    """

    secrets: int
    payloads: int
    losses: list[tuple[str, NodePlace]]


def unsaid(
    entries: Iterable[Entry], sides: tuple[Record, Record], covered: frozenset[int]
) -> Unsaid:
    """What the values of entries of two records do not say.

    Args:
        entries: them.
        sides: the records.
        covered: the secrets of both that are not shown.
    """
    tally = UnsaidTally(sides, covered)
    if tally.may_find:
        for entry in entries:
            tally.add(entry)
    return tally.found


class UnsaidTally:
    """Gathers what the values of entries do not say, one entry after another.

    Attributes:
        may_find: whether there can be anything; else no value has to be read once more.
    """

    def __init__(self, sides: tuple[Record, Record], covered: frozenset[int]) -> None:
        """Begins with nothing; arguments are those of :func:`unsaid`."""
        trees = [one.tree for one in sides]
        self.may_find = bool(covered) or not all(tree is not None and tree.sound for tree in trees)
        self._covered = covered
        self._secrets = self._payloads = 0
        self._losses: list[tuple[str, NodePlace]] = []

    @property
    def found(self) -> Unsaid:
        """All so far."""
        return Unsaid(self._secrets, self._payloads, self._losses)

    def add(self, entry: Entry) -> None:
        """Takes in the values of one more entry."""
        if not self.may_find:
            return
        places = [place for place in (entry.before, entry.after) if place is not None]
        if entry.hidden:
            nameless = all(place.node.kind in _NAMELESS for place in places)
            self._payloads += nameless
            self._secrets += not nameless
            return
        self._secrets += max(count_covered(place.node, self._covered) for place in places)
        for place in places:
            if place.node.kind not in _NAMELESS:
                self._losses += inexpressible_in(place)


def _members(entry: Entry, before: Record, after: Record, reveal: bool) -> list[tuple[str, object]]:
    members: list[tuple[str, object]] = [("path", entry.path), ("change", entry.change.value)]
    if entry.change == Change.MOVED and entry.before is not None:
        members.append(("from", entry.before.path))
    for name, place, record in (("before", entry.before, before), ("after", entry.after, after)):
        if place is not None and record.tree is not None:
            covered = _NOTHING if reveal else record.covered
            members.append((name, partial(_value, place, record.tree, covered, entry.hidden)))
    return members


def _value(place: NodePlace, tree: Tree, covered: frozenset[int], hidden: bool, put: Put) -> None:
    if hidden or place.node.kind in _NAMELESS:
        put(value_json(place, tree, covered, hidden))
    else:
        write_parts(place.node, covered, put, level=2)


def value_json(
    place: NodePlace, tree: Tree, covered: frozenset[int], hidden: bool, *, indent: int | None = 2
) -> str:
    """A value of an entry as JSON: bytes without a name as base64, ``[covered]`` where hidden."""
    if hidden:
        return f'"{COVERED}"'
    if place.node.kind in _NAMELESS:
        return f'"{b64encode(payload(tree, place.node)).decode()}"'
    return write(place.node, covered, indent=indent, level=2)


def value_beginning(
    place: NodePlace, tree: Tree, covered: frozenset[int], hidden: bool, most: int
) -> tuple[str, int]:
    """The first characters of that on one line, and how many there are in all."""
    if hidden:
        text = f'"{COVERED}"'
        return text[:most], len(text)
    if place.node.kind not in _NAMELESS:
        return beginning(place.node, most, covered)
    whole = payload(tree, place.node)
    text = f'"{b64encode(whole[:most]).decode()}"'  # which is longer than what it is of
    return text[:most], 2 + 4 * -(-len(whole) // 3)
