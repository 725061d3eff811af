"""An event that the daemon keeps beside a record: its row, its message, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from inspector.decode.field_runs import known
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import NodePlace, below
from inspector.decode.record_summary import child
from inspector.decode.secrets import COVERED
from inspector.history.record import Record
from inspector.store.event_log import EXECUTION_EVENTS, SESSION_EVENTS, EventRow
from inspector.times import instant, stored_time

#: The message that the blobs of a table hold.
MESSAGES: Final = {
    EXECUTION_EVENTS: "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionEvent",
    SESSION_EVENTS: "ai.stigmer.agentic.session.v1.SessionEvent",
}
#: The column with the time of an event, its type, and what it belongs to within the record.
_TIMES: Final = {EXECUTION_EVENTS: "created_at", SESSION_EVENTS: "processed_at"}
_TYPES: Final = {EXECUTION_EVENTS: "event_type", SESSION_EVENTS: "type"}
_TASKS: Final = {EXECUTION_EVENTS: "task_name", SESSION_EVENTS: "thread_id"}
#: Columns that a message may repeat, by its own names.
_SAME: Final = {
    EXECUTION_EVENTS: ("sequence_number", "task_name"),
    SESSION_EVENTS: ("seq", "session_id", "run_id", "thread_id"),
}
#: Texts that say best what an event is about, the best first.
_TELLING: Final = (
    *("error", "text", "message", "reason", "failure", "content", "summary", "args_preview"),
    *("name", "tool_name", "current_tool_name", "agent_name", "signal_name", "phase", "action"),
)
#: Names that end so say how something is called, not what it is.
_SILENT: Final = ("_id", "_ids", "_digest", "_hash", "_key", "id")
_TIME: Final = "_at"
_MOST: Final = 256  #: values of a message that are looked at for what it says
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class StoredEvent:
    """An event of a record.

    Attributes:
        row: as it is stored.
        record: its message, in the form of a record, so that it is shown and written as one.
        mismatches: sentences about what row and message say differently.
    """

    row: EventRow
    record: Record
    mismatches: tuple[str, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether there is no message: its row cannot be read, or it does not decode."""
        return self.record.tree is None or self.record.tree.malformed

    @property
    def problem(self) -> str | None:
        """Why there is no message, or what row and message say differently; None for neither."""
        if self.lost:
            errors = [one.message for one in self.record.problems if one.severity == "error"]
            return errors[0] if errors else "It does not decode."
        return " ".join(self.mismatches) or None

    @property
    def name(self) -> str:
        """What it is called within its record: its number where it has one."""
        return "without a number" if self.row.number is None else f"{self.row.number}"

    @property
    def type(self) -> str:
        """What kind of event it is, as the row says, else as the message does."""
        return _text(column(self.row, _TYPES[self.row.table])) or self._own_type

    @property
    def task(self) -> str:
        """The task or thread it belongs to, empty where it belongs to none."""
        return _text(column(self.row, _TASKS[self.row.table]))

    @property
    def stored_at(self) -> str | None:
        """When it was stored, as times are answered."""
        return stored_time(time_text(self.row))

    @property
    def instant(self) -> int | None:
        """When it happened, in nanoseconds since 1970; when it was stored where it does not say."""
        own = _own(self.record.tree, "occurred_at") if self.record.tree is not None else None
        if own is not None and isinstance(own.value, str):
            when = instant(own.value)
            if when is not None:
                return when
        return instant(time_text(self.row))

    @property
    def telling(self) -> NodePlace | None:
        """Where the message says best what the event is about; its payload where nothing does."""
        tree = self.record.tree
        payload = _payload(tree) if tree is not None else None
        if tree is None or payload is None:
            return None
        top = NodePlace(payload, NodePlace(tree.root, None))
        return min(_values(top, self.record.covered), key=_rank, default=top)

    @property
    def said(self) -> str:
        """The first line of the text that says best what it is about, else an enum's name."""
        place = self.telling
        if place is None:
            return ""
        if id(place.node) in self.record.covered:
            return COVERED
        return _word(place.node).strip()[:_LONGEST].partition("\n")[0]

    @property
    def _own_type(self) -> str:
        payload = _payload(self.record.tree) if self.record.tree is not None else None
        return payload.field.name if payload is not None and payload.field is not None else ""


def time_text(row: EventRow) -> str | None:
    """When an event was stored, as its row says."""
    return _text(column(row, _TIMES[row.table])) or None


def column(row: EventRow, name: str) -> object:
    """What stands in a column of a row, None where it has no such column."""
    return next((value for key, value in row.columns if key.lower() == name), None)


def _has(row: EventRow, name: str) -> bool:
    return any(key.lower() == name for key, _ in row.columns)


def mismatches(row: EventRow, tree: Tree) -> tuple[str, ...]:
    """Where a message says something else than its row; what it does not say is no difference."""
    found: list[str] = []

    def differ(name: str, of_row: object, of_message: object) -> None:
        found.append(f"Row {name} {_shown(of_row)} differs from message {_shown(of_message)}.")

    for name in _SAME[row.table]:
        own = _own(tree, name)
        if own is not None and _has(row, name) and column(row, name) != own.value:
            differ(name, column(row, name), own.value)
    if row.table == EXECUTION_EVENTS:
        id_ = _own(tree, "event_id")
        owner, _, number = str(id_.value).rpartition(":") if id_ is not None else ("", "", "")
        if owner and number.isdecimal() and owner != row.owner:
            differ("execution_id", row.owner, owner)
    elif _has(row, "type"):
        # The row of an execution's event has a type too, which daemons take from elsewhere.
        own_type, of_row = _own_type(row, tree), column(row, "type")
        if own_type and _normal(own_type) != _normal(_text(of_row)):
            differ("type", of_row, own_type)
    return tuple(found)


def _own_type(row: EventRow, tree: Tree) -> str:
    """The type of an event as its message has it: an enum, or which payload there is."""
    if row.table == EXECUTION_EVENTS:
        own = _own(tree, "event_type")
        enum = own.field.enum if own is not None and own.field is not None else None
        # A number without a name is told as that.
        return enum.names.get(own.value, "") if enum is not None and own is not None else ""
    payload = _payload(tree)
    return payload.field.name if payload is not None and payload.field is not None else ""


def _normal(type_: str) -> str:
    return type_.lower().replace(".", "_").replace("-", "_")


def _own(tree: Tree, name: str) -> Node | None:
    """A field of the message that says something."""
    found = child(tree.root, name)
    return found if found is not None and found.value else None


def _payload(tree: Tree) -> Node | None:
    for node in known(tree.root.children):
        if node.kind < NodeKind.UNKNOWN and node.field is not None and node.field.oneof:
            return node
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value[:_LONGEST])
    return "not there" if value is None else str(value)


def _values(top: NodePlace, covered: frozenset[int]) -> Iterator[NodePlace]:
    """Texts and enum values of a payload that say something, of a large one the first."""
    stack = [top]
    for _ in range(_MOST):
        if not stack:
            return
        place = stack.pop()
        node = place.node
        if id(node) in covered:
            yield place
        elif node.children and node.kind < NodeKind.UNKNOWN:
            stack.extend(reversed(list(islice(below(place), _MOST))))
        elif _word(node).strip() and not _name(node).endswith(_TIME):
            yield place


def _word(node: Node) -> str:
    """A text as it is, an enum's value by its name; empty for all else."""
    if node.kind == NodeKind.ENUM and node.field is not None and node.field.enum is not None:
        return node.field.enum.names.get(node.value, str(node.value)) if node.value else ""
    texts = (NodeKind.SCALAR, NodeKind.DYNAMIC)
    return node.value if node.kind in texts and isinstance(node.value, str) else ""


def _name(node: Node) -> str:
    return node.field.name if node.field is not None else str(node.label)


def _rank(place: NodePlace) -> int:
    name = _name(place.node)
    if name in _TELLING:
        return _TELLING.index(name)
    if place.node.kind == NodeKind.ENUM:
        return len(_TELLING) + 1
    # An enum's value says more than an id.
    return len(_TELLING) + (2 if name.endswith(_SILENT) else 0)
