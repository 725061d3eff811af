"""What stands beside fields that have just changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from inspector.decode.node import Node, NodeKind
from inspector.gui.cells.change_look import CHANGE_LOOKS
from inspector.gui.cells.value_cells import length, value_runs
from inspector.gui.fields.field_items import FieldItem, shown_children
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import Run
from inspector.gui.style.time_format import TimeStyle
from inspector.history.difference import Change
from inspector.named_tuple import NamedTuple
from inspector.session.field_changes import FieldChange, FieldChanges

_LEAVES: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))
_LONGEST: Final = 100  #: characters of an earlier value
_PART: Final = FieldChange(Change.CHANGED, None, hidden=False)
_MOST_NAMED: Final = 10  #: paths of removed values in a tooltip


class FieldMarks(NamedTuple):
    """The marks of a record.

    Attributes:
        found: what differs from what was looked at before.
        fresh: ``id()`` of the nodes that changed just now.
    """

    found: FieldChanges
    fresh: frozenset[int] = frozenset()

    def of(self, item: FieldItem) -> FieldChange | None:
        """How the value of a row differs; None where it does not, or only in rows below it."""
        node = item.node
        if node is None:
            return None
        change = self.found.changes.get(id(node))
        if change is None and id(node) in self.found.above and not shown_children(node):
            return _PART
        return change

    def runs(self, item: FieldItem) -> Iterator[Run]:
        """What stands behind the name of a row; what holds a changed value has the sign alone."""
        change = self.of(item)
        if change is not None:
            style, icon, _ = CHANGE_LOOKS[change.change]
            yield Run("", style, icon=icon, gap=6)
            yield Run(change.change.capitalize(), style, optional=True, gap=3)
        elif self._holds(item):
            style, icon, _ = CHANGE_LOOKS[Change.CHANGED]
            yield Run("", style, icon=icon, gap=6)

    def words(self, item: FieldItem) -> str:
        """What the sign stands for, and what is not there any more."""
        paths = self.found.removed.get(id(item.node), ()) if item.node is not None else ()
        more = f" and {len(paths) - _MOST_NAMED:,} more" if len(paths) > _MOST_NAMED else ""
        parts = [f"Removed: {', '.join(map(visible, paths[:_MOST_NAMED]))}{more}"] if paths else []
        if self.of(item) is None and self._holds(item):
            parts.insert(0, "Changed below")
        return "\n".join(parts)

    def tint(self, item: FieldItem) -> str:
        """The ground of a row that changed just now; empty for others."""
        change = self.of(item)
        if change is None or id(item.node) not in self.fresh:
            return ""
        return CHANGE_LOOKS[change.change].tint

    def was(self, item: FieldItem) -> str:
        """What a value was: ``was EXECUTION_PENDING 1``; empty where nothing is to be said."""
        change = self.found.changes.get(id(item.node)) if item.node is not None else None
        if change is None or change.change is Change.MOVED:
            return ""
        if change.before is None:
            return "was not set"
        return f"was {_earlier(change.before, hidden=change.hidden)}"

    def _holds(self, item: FieldItem) -> bool:
        if item.node is not None:
            return id(item.node) in self.found.above
        if item.span is None or item.parent is None or item.parent.node is None:
            return False
        first, last = item.span
        part = item.parent.node.children[first : last + 1]
        return any(id(one) in self.found.changes or id(one) in self.found.above for one in part)


def _earlier(node: Node, *, hidden: bool) -> str:
    if hidden:
        return f"hidden, {length(node)}"
    if node.kind not in _LEAVES and not node.is_time:
        return length(node)
    runs = value_runs(node, frozenset(), b"", TimeStyle.UTC, datetime.now(UTC))
    text = visible(" ".join(run.text for run in runs))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\N{HORIZONTAL ELLIPSIS}"
