"""What happened within an execution, as a tree, and what each of its rows says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject

from inspector.decode.node import NodeKind
from inspector.gui.cells.columns import Column
from inspector.gui.cells.tree_model import TreeModel
from inspector.gui.cells.value_cells import enum_word
from inspector.gui.style.text_format import RETURN, one_line, state_run, visible
from inspector.gui.style.text_runs import (
    BOLD,
    CHANGED,
    DIM,
    EMPTY,
    REMOVED,
    TEXT,
    Cell,
    Elide,
    Run,
)
from inspector.history.activity import Activity, ActivityItem, Role

_SECOND: Final = 1_000_000_000
#: What is called by its own name, not by what it is.
_NAMED: Final = frozenset((Role.TOOL_CALL, Role.EVENT))
_ICONS: Final = {
    Role.EXECUTION: "play",
    Role.SESSION: "play",
    Role.EVENT: "event",
    Role.HUMAN: "person",
    Role.AI: "ai",
    Role.TOOL_ANSWER: "reply",
    Role.TOOL_ANSWERS: "reply",
    Role.TOOL_CALL: "tool",
    Role.SUB_AGENT: "subagent",
    Role.TASK: "task",
    Role.ARTIFACT: "file",
}


def clock(nanoseconds: int) -> str:
    """A time since the beginning as minutes and seconds, with hours where there are any."""
    seconds = nanoseconds // _SECOND
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def span(nanoseconds: int) -> str:
    """How long something took: milliseconds, seconds, then as :func:`clock`."""
    if nanoseconds < 0:
        return f"\N{MINUS SIGN}{span(-nanoseconds)}"
    if 0 < nanoseconds < _SECOND:
        return f"{nanoseconds // 1_000_000} ms"
    if nanoseconds < 60 * _SECOND:
        return f"{nanoseconds // _SECOND} s"
    return clock(nanoseconds)


def what_cell(item: ActivityItem) -> Cell:
    """What it is, and what it is called or says."""
    icon = _ICONS.get(item.role, "info")
    if item.role is Role.TOOL_ANSWERS:
        return Cell((Run(visible(item.name), TEXT, Elide.ElideRight, icon=icon),))
    named = item.role in _NAMED and item.name
    style = BOLD if item.role in (Role.EXECUTION, Role.SESSION) else TEXT
    words = visible(item.name) if named else item.role.value
    runs = [Run(words, style, Elide.ElideRight, icon=icon)]
    if item.name and not named:
        runs.append(Run(visible(item.name), DIM, Elide.ElideRight))
    if item.text:
        said = REMOVED if item.failed else DIM
        runs.append(Run(one_line(item.text), said, Elide.ElideRight))
    return Cell(tuple(runs))


def state_cell(item: ActivityItem) -> Cell:
    """Its state, and whether its end is missing, which is what one came to find."""
    if item.no_end:
        return Cell((Run("No end", CHANGED, icon="warning"),))
    return Cell((_state(item),)) if item.state else EMPTY


def _state(item: ActivityItem) -> Run:
    """The state without what the names of its enum share."""
    for node in item.place.node.children:
        enum = node.field.enum if node.kind == NodeKind.ENUM and node.field is not None else None
        if enum is not None and enum.names.get(node.value) == item.state:
            return state_run(enum_word(node))
    return state_run(item.state)


def start_cell(item: ActivityItem, begin: int | None) -> Cell:
    """When it began, from the beginning of the axis."""
    if item.start is None or begin is None:
        return EMPTY
    return Cell((Run(clock(item.start - begin), DIM),), right=True)


def length_cell(item: ActivityItem) -> Cell:
    """How long it took; of an end before the start that, which is no time anything took."""
    if item.length is None:
        return EMPTY
    if item.length < 0:
        return Cell((Run("", CHANGED, icon="warning"), Run(span(item.length), CHANGED)), right=True)
    return Cell((Run(span(item.length)),), right=True)


def spoken(item: ActivityItem, begin: int | None) -> str:
    """A row in words; what the axis shows is said."""
    state = _state(item).text if item.state else ""
    start = start_cell(item, begin).text
    length = length_cell(item).text
    words = [
        what_cell(item).text if item.role not in _NAMED else f"{item.role.value} {item.name}",
        item.text if item.role in _NAMED else "",
        state,
        "no end" if item.no_end else "",
        f"at {start}" if start else "no time",
        f"for {length}" if length else "",
        *item.notes,
    ]
    joined = ", ".join(word for word in words if word)
    return visible(joined.replace(RETURN, " ").replace("\n", " "))


def tip_of(item: ActivityItem) -> str:
    """Its times as they are stored, and what is wrong with them."""
    begun, ended = _moment(item.start), _moment(item.end)
    times = f"{begun} to {ended}" if ended else begun
    return "\n".join(word for word in (times, *item.notes) if word)


def facts_of(item: ActivityItem) -> str:
    """What the line over the reader says: state, times, length."""
    state = _state(item).text if item.state else ""
    length = length_cell(item).text
    words = [state, "no end" if item.no_end else "", tip_of(item).replace("\n", ", "), length]
    return ", ".join(word for word in words if word)


def _moment(nanoseconds: int | None) -> str:
    if nanoseconds is None:
        return ""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return ""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


ACTIVITY_COLUMNS: Final = (
    Column("what", "Step", 300, narrow=120),
    Column("state", "State", 116, drop=3),
    Column("start", "Start", 60, right=True, drop=1, sample="999:59:59"),
    Column("length", "Duration", 64, right=True, drop=2, sample="9:59:59"),
    Column("axis", "", 120, stretch=True, spoken="Time axis"),
)
ACTIVITY_KEYS: Final = tuple(column.key for column in ACTIVITY_COLUMNS)
AXIS: Final = ACTIVITY_KEYS.index("axis")


@dataclass(eq=False)
class ActivityRow:
    """An item, its row, and the row above."""

    item: ActivityItem
    parent: ActivityRow | None
    row: int
    below: list[ActivityRow] = field(default_factory=list, repr=False)


def rows_of(activity: Activity) -> ActivityRow:
    """The row of the execution, with all rows below it."""
    top = ActivityRow(activity.root, None, 0)
    stack = [top]
    while stack:
        one = stack.pop()
        one.below = [ActivityRow(item, one, row) for row, item in enumerate(one.item.children)]
        stack.extend(one.below)
    return top


class ActivityModel(TreeModel[ActivityRow]):
    """The execution is the only row at the top."""

    columns = ACTIVITY_COLUMNS

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.activity: Activity | None = None
        self.top: ActivityRow | None = None

    def show(self, activity: Activity | None, top: ActivityRow | None) -> None:
        """Show another execution."""
        self.beginResetModel()
        self.activity, self.top = activity, top
        self.endResetModel()

    def below(self, row: ActivityRow | None) -> Sequence[ActivityRow]:
        """What belongs to an item; the execution for None."""
        if row is None:
            return (self.top,) if self.top is not None else ()
        return row.below

    def above(self, row: ActivityRow) -> ActivityRow | None:
        """What an item belongs to."""
        return row.parent

    def cell(self, row: ActivityRow, key: str) -> Cell:
        """A cell of an item."""
        return _cell(row.item, key, self._begin)

    def spoken(self, row: ActivityRow) -> str:
        """An item in words."""
        return spoken(row.item, self._begin)

    def tip(self, row: ActivityRow, key: str) -> str | None:
        """All of what an item says of its times and its state."""
        return tip_of(row.item) if key != "what" else None

    @property
    def _begin(self) -> int | None:
        return self.activity.begin if self.activity is not None else None


def _cell(item: ActivityItem, key: str, begin: int | None) -> Cell:
    if key == "what":
        return what_cell(item)
    if key == "state":
        return state_cell(item)
    if key == "start":
        return start_cell(item, begin)
    return length_cell(item) if key == "length" else EMPTY
