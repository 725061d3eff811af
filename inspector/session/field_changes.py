"""Which fields of a record are other ones than in an earlier state of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import NodePlace
from inspector.history.difference import Change, kept_entries, record_difference
from inspector.history.record import shown_path
from inspector.named_tuple import NamedTuple
from inspector.store.rows import Cancel, Row

if TYPE_CHECKING:
    from inspector.session.session import Session
    from inspector.session.summaries import Record

#: What holds elements, which have other numbers where one before them came or went.
_ELEMENTS: Final = frozenset((NodeKind.LIST, NodeKind.ARRAY))


class FieldChange(NamedTuple):
    """How a value differs.

    Attributes:
        change: added, changed or moved.
        before: what it was; None for what was added.
        hidden: one of the two is a secret, or may hold one.
    """

    change: Change
    before: Node | None
    hidden: bool


class FieldChanges(NamedTuple):
    """What differs in a record, by ``id()`` of the nodes of its tree.

    Attributes:
        changes: the values that differ.
        above: what holds one of them, or held one.
        removed: paths of what is no more, by what held it.
    """

    changes: Mapping[int, FieldChange]
    above: frozenset[int]
    removed: Mapping[int, tuple[str, ...]]


def field_changes(
    session: Session, before: Row, after: Record, cancel: Cancel | None = None
) -> FieldChanges | None:
    """What differs between an earlier state of a record and the one that is shown.

    Args:
        session: which both are read with.
        before: the row as it was.
        after: the record that is shown.
        cancel: ends it when set.

    Returns:
        None where one of the two does not decode.
    """
    earlier = session.reader(cancel).record(before)
    if earlier.tree is None or after.tree is None:
        return None
    if earlier.tree.malformed or after.tree.malformed:
        return None
    changes: dict[int, FieldChange] = {}
    above: set[int] = set()
    removed: dict[int, tuple[str, ...]] = {}
    found = record_difference(earlier, after, cancel=cancel)
    for entry in kept_entries(found.entries):
        if entry.after is not None:
            was = entry.before.node if entry.before is not None else None
            changes[id(entry.after.node)] = FieldChange(entry.change, was, entry.hidden)
            _take_above(above, entry.after)
        elif entry.before is not None:
            held = _holders(after.tree.root, entry.before)
            above.update(map(id, held))
            paths = removed.get(id(held[-1]), ())
            removed[id(held[-1])] = (*paths, shown_path(entry.before, earlier.covered))
    return FieldChanges(changes, frozenset(above), removed)


def _take_above(above: set[int], place: NodePlace) -> None:
    here = place.parent
    while here is not None and id(here.node) not in above:
        above.add(id(here.node))
        here = here.parent


def _holders(root: Node, place: NodePlace) -> list[Node]:
    """What held a value, from the root on, as far as it is certain to be the same."""
    way: list[Node] = []
    here = place.parent
    while here is not None and here.parent is not None:
        way.append(here.node)
        here = here.parent
    found = [root]
    for node in reversed(way):
        last = found[-1]
        if last.kind in _ELEMENTS:
            break
        same = next((one for one in last.children if _is_same(one, node)), None)
        if same is None:
            break
        found.append(same)
    return found


def _is_same(one: Node, other: Node) -> bool:
    return (one.kind, one.number, one.label) == (other.kind, other.number, other.label)
