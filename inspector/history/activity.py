"""What an execution did and when: messages, calls, sub-agents and tasks on one time axis.

What the store keeps beside the record stands among them: its events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from inspector.decode.node import NodeKind
from inspector.decode.paths import NodePlace, children
from inspector.decode.secrets import COVERED
from inspector.history.record import Record
from inspector.history.record_times import moment, part
from inspector.history.stored_events import StoredEvent
from inspector.named_tuple import NamedTuple
from inspector.store.renamed import is_same

#: By one of their names.
_KINDS: Final = ("agent_execution", "workflow_execution")
_LISTED: Final = frozenset((NodeKind.LIST, NodeKind.MAP, NodeKind.ARRAY))
_OVER: Final = ("COMPLETED", "FAILED", "CANCELLED", "TERMINATED", "SKIPPED")
_SECOND: Final = 1_000_000_000
_LONGEST: Final = 200
_EVENT: Final = "event:"


class Shape(StrEnum):
    """How an item is drawn."""

    POINT = "point"  #: something that happened
    BAR = "bar"  #: something that was done and took its time
    FRAME = "frame"  #: something that only spans others


class Role(StrEnum):
    """What an item is, as the window names it."""

    EXECUTION = "Execution"
    SESSION = "Session"
    HUMAN = "Human"
    AI = "AI"
    TOOL_ANSWER = "Tool result"
    TOOL_ANSWERS = "Tool results"
    SYSTEM = "System"
    MESSAGE = "Message"
    TOOL_CALL = "Tool call"
    SUB_AGENT = "Sub-agent"
    TASK = "Task"
    ARTIFACT = "Artifact"
    WRITE_BACK = "Write-back"
    USAGE = "Usage"
    FILE_CHANGES = "File changes"
    EVENT = "Event"


@dataclass(frozen=True, slots=True)
class ActivityItem:
    """Something that happened within an execution.

    Attributes:
        name: its own name, empty where it has none.
        text: the beginning of what it says: its content, or the error it ended with.
        state: name of the state's enum value, empty where it has none.
        start, end: nanoseconds since 1970; None where there is none, or none that can be read.
        place: the value it was read from; of a fold the first one, of an event its message.
        children: what belongs to it; of a fold what is folded.
        no_end: it has begun, it or the whole execution is over, and no end is stored; of a task
            with a state, it is not over, and ``end`` is its last change.
        notes: sentences about times that cannot be read or be true, and about an event.
        event: what the store keeps beside the record; None for what is in it.
        number: which of the events that are shown it is, from 0.
    """

    role: Role
    shape: Shape
    name: str
    text: str
    state: str
    start: int | None
    end: int | None
    place: NodePlace
    children: tuple[ActivityItem, ...] = ()
    no_end: bool = False
    notes: tuple[str, ...] = ()
    event: StoredEvent | None = None
    number: int = 0

    @property
    def way(self) -> str:
        """What the item is found by: the path of its value, or which event it is."""
        return f"{_EVENT}{self.number}" if self.event is not None else self.place.path

    @property
    def length(self) -> int | None:
        """Nanoseconds from start to end."""
        if self.start is None or self.end is None or self.no_end:
            return None
        return self.end - self.start

    @property
    def failed(self) -> bool:
        """Whether its state says so."""
        return self.state.upper().endswith("FAILED")


@dataclass(frozen=True, slots=True)
class Activity:
    """An execution with all that is in it.

    Attributes:
        begin, end: of the axis, nanoseconds since 1970; None without times.
        words: how many of what there are.
    """

    root: ActivityItem
    begin: int | None
    end: int | None
    words: str

    def items(self) -> Iterator[ActivityItem]:
        """Every item, parents before their children."""
        return _all(self.root)


class _Source(NamedTuple):
    """Where items are stored: a field of ``status`` and the names of what is shown of them."""

    field: str
    role: Role
    shape: Shape
    start: str = "started_at"
    end: str = "completed_at"
    name: str = "name"
    text: str = "error"
    state: str = "status"


_CALLS: Final = _Source("tool_calls", Role.TOOL_CALL, Shape.BAR)
_MESSAGES: Final = _Source(
    "messages", Role.MESSAGE, Shape.POINT, "timestamp", "", "", "content", ""
)
_SOURCES: Final = (
    _CALLS,
    _Source("sub_agent_executions", Role.SUB_AGENT, Shape.BAR),
    _Source("todos", Role.TASK, Shape.FRAME, "created_at", "updated_at", "", "content"),
    _Source("tasks", Role.TASK, Shape.BAR, name="task_name"),
    _Source("artifacts", Role.ARTIFACT, Shape.POINT, "created_at", "", text="", state=""),
    _Source(
        "workspace_write_backs", Role.WRITE_BACK, Shape.POINT, "", "",
        "workspace_entry_name", state="phase",
    ),
    _Source("streaming_usage", Role.USAGE, Shape.POINT, "observed_at", "", "model", "", ""),
    _Source("file_change_progress", Role.FILE_CHANGES, Shape.POINT, "captured_at", "", "", "", ""),
)  # fmt: skip
_STATUS: Final = _Source("status", Role.EXECUTION, Shape.FRAME, state="phase")
_ROLES: Final = {
    "MESSAGE_HUMAN": Role.HUMAN,
    "MESSAGE_AI": Role.AI,
    "MESSAGE_TOOL": Role.TOOL_ANSWER,
    "MESSAGE_SYSTEM": Role.SYSTEM,
}


def event_at(way: str) -> int | None:
    """Which event a way leads to, from 0; None for one that leads to a value of the record."""
    number = way.removeprefix(_EVENT)
    return int(number) if number != way and number.isdecimal() else None


def has_activity(kind: str) -> bool:
    """Whether records of a kind carry times inside."""
    return any(is_same(kind, one) for one in _KINDS)


def activity(record: Record, events: Sequence[StoredEvent] = ()) -> Activity | None:
    """What happened within an execution, its events among it.

    Args:
        record: an execution; any record where it has events.
        events: what the store keeps beside it, oldest first.

    Returns:
        None for other records and such that do not decode.
    """
    if record.tree is None or record.tree.malformed:
        return None
    root = NodePlace(record.tree.root, None)
    reader = _ItemReader(record.covered)
    if has_activity(record.kind):
        return reader.execution(root, events)
    return reader.session(root, events) if events else None


def reason(execution: ActivityItem) -> NodePlace | None:
    """The whole text of the error that an execution ended with; None where it has none."""
    return part(execution.place, _STATUS.text)


class _ItemReader:
    """Reads items of one record; covered texts stay covered."""

    def __init__(self, covered: frozenset[int]) -> None:
        self._covered = covered

    def execution(self, root: NodePlace, events: Sequence[StoredEvent]) -> Activity:
        status = part(root, "status") or root
        whole = self._item(status, _STATUS)
        own = list(_folded(_by_time([self._messages(status), *self._others(status)])))
        found = tuple(_by_time([own, _events(events, root)]))
        over = whole.end is not None or _is_over(whole.state)
        return _whole(_marked(replace(whole, name=self._name(root), children=found), over))

    def session(self, root: NodePlace, events: Sequence[StoredEvent]) -> Activity:
        """The events of a record that says nothing of times itself."""
        found = tuple(_events(events, root))
        name = self._name(root)
        return _whole(
            ActivityItem(Role.SESSION, Shape.FRAME, name, "", "", None, None, root, children=found)
        )

    def _name(self, root: NodePlace) -> str:
        metadata = part(root, "metadata")
        return self._line(metadata, "name") if metadata is not None else ""

    def _messages(self, status: NodePlace) -> list[ActivityItem]:
        made = []
        for place in _listed(status, _MESSAGES.field):
            item = self._item(place, _MESSAGES)
            role = _ROLES.get(self._line(place, "type"), Role.MESSAGE)
            calls = tuple(self._item(one, _CALLS) for one in _listed(place, _CALLS.field))
            made.append(replace(item, role=role, children=calls))
        return made

    def _others(self, status: NodePlace) -> Iterator[list[ActivityItem]]:
        """By field; calls that stand at their message too are left to it."""
        known = {
            self._same(call)
            for message in _listed(status, _MESSAGES.field)
            for call in _listed(message, _CALLS.field)
        }
        for source in _SOURCES:
            places = _listed(status, source.field)
            if source is _CALLS:
                places = [one for one in places if self._same(one) not in known]
            yield [self._item(place, source) for place in places]

    def _same(self, call: NodePlace) -> tuple[str, ...]:
        """What two mentions of one call share; without an id only the place."""
        id_ = self._line(call, "id") or call.path
        return (id_, *(self._line(call, n) for n in ("status", "started_at", "completed_at")))

    def _item(self, place: NodePlace, source: _Source) -> ActivityItem:
        start, end = moment(place, source.start), moment(place, source.end)
        notes = [one.problem for one in (start, end) if one.problem]
        begun, ended = start.nanoseconds, end.nanoseconds
        if begun is not None and ended is not None and ended < begun:
            notes.append("It ends before it starts.")
        return ActivityItem(
            source.role, source.shape, self._line(place, source.name),
            self._text(place, source.text), self._line(place, source.state),
            begun, ended, place, notes=tuple(notes),
        )  # fmt: skip

    def _line(self, place: NodePlace, name: str) -> str:
        """The first line of a text, or the name of an enum value."""
        return self._text(place, name).partition("\n")[0]

    def _text(self, place: NodePlace, name: str) -> str:
        """The beginning of a text, or the name of an enum value."""
        found = part(place, name) if name else None
        if found is None:
            return ""
        node = found.node
        if id(node) in self._covered:
            return COVERED
        if node.kind == NodeKind.ENUM and node.field is not None and node.field.enum is not None:
            return node.field.enum.names.get(node.value, str(node.value)) if node.value else ""
        text = node.value.strip() if isinstance(node.value, str) else ""
        return text[:_LONGEST]


def _whole(root: ActivityItem) -> Activity:
    items = list(_all(root))
    times = [time for one in items for time in (one.start, one.end) if time is not None]
    return Activity(root, min(times, default=None), max(times, default=None), _words(items))


def _events(events: Sequence[StoredEvent], root: NodePlace) -> list[ActivityItem]:
    """Events as items; one that cannot be read says why."""
    made = []
    for number, event in enumerate(events):
        tree = event.record.tree
        place = NodePlace(tree.root, None) if tree is not None else root
        notes = (event.problem,) if event.problem else ()
        item = ActivityItem(
            Role.EVENT, Shape.POINT, event.type, event.said, "", event.instant, None, place,
            notes=notes, event=event, number=number,
        )  # fmt: skip
        made.append(item)
    return made


def _listed(place: NodePlace, name: str) -> list[NodePlace]:
    """The elements of a list, the values of a map, or a single message."""
    found = part(place, name)
    if found is None:
        return []
    if found.node.kind in _LISTED or (found.node.kind == NodeKind.STRUCT and name == "todos"):
        return [one for one in children(found) if one.node.kind < NodeKind.UNKNOWN]
    return [found]


def _by_time(lists: Sequence[Sequence[ActivityItem]]) -> list[ActivityItem]:
    """One list in the order of time; what has no time follows what it is stored after."""
    timed: list[tuple[int, ActivityItem]] = []
    for items in lists:
        last = 0
        for item in items:
            last = item.start if item.start is not None else last
            timed.append((last, item))
    return [item for _, item in sorted(timed, key=lambda pair: pair[0])]


def _folded(items: Sequence[ActivityItem]) -> Iterator[ActivityItem]:
    """Tool results that follow each other within a second are one row."""
    group: list[ActivityItem] = []
    for item in items:
        if group and not _folds(group[0], item):
            yield _fold(group)
            group = []
        group.append(item)
    if group:
        yield _fold(group)


def _folds(first: ActivityItem, item: ActivityItem) -> bool:
    if first.role != Role.TOOL_ANSWER or item.role != Role.TOOL_ANSWER:
        return False
    if first.start is None or item.start is None:
        return False
    return first.start // _SECOND == item.start // _SECOND


def _fold(group: Sequence[ActivityItem]) -> ActivityItem:
    first = group[0]
    if len(group) == 1:
        return first
    return replace(
        first, role=Role.TOOL_ANSWERS, name=f"{len(group)} tool results", text="",
        children=tuple(group), notes=(),
    )  # fmt: skip


def _is_over(state: str) -> bool:
    return state.upper().endswith(_OVER)


def _marked(item: ActivityItem, over: bool) -> ActivityItem:
    """The item with those marked that should have an end and have none."""
    begun = item.shape != Shape.POINT and item.start is not None
    if item.role is Role.TASK and item.shape is Shape.FRAME and item.state:
        # Of these the last change is stored, not the end.
        no_end = begun and over and not _is_over(item.state)
    else:
        no_end = begun and item.end is None and (over or _is_over(item.state))
    return replace(
        item,
        no_end=no_end,
        children=tuple(_marked(one, over) for one in item.children),
    )


def _all(root: ActivityItem) -> Iterator[ActivityItem]:
    stack = [root]
    while stack:
        item = stack.pop()
        yield item
        stack.extend(reversed(item.children))


def _words(items: Sequence[ActivityItem]) -> str:
    """Such as ``19 messages, 11 tool calls, 3 failed, 2 sub-agents, 2 tasks``."""
    messages = {Role.HUMAN, Role.AI, Role.TOOL_ANSWER, Role.SYSTEM, Role.MESSAGE}
    failed = sum(item.failed for item in items if item.role is not Role.EXECUTION)
    counts = (
        (sum(item.role in messages for item in items), "message"),
        (sum(item.role == Role.TOOL_CALL for item in items), "tool call"),
        (failed, ""),
        (sum(item.role == Role.SUB_AGENT for item in items), "sub-agent"),
        (sum(item.role == Role.TASK for item in items), "task"),
        (sum(item.role == Role.ARTIFACT for item in items), "artifact"),
        (sum(item.role == Role.EVENT for item in items), "event"),
    )
    return ", ".join(
        f"{count:,} {noun + 's' * (count != 1) if noun else 'failed'}"
        for count, noun in counts
        if count
    )
