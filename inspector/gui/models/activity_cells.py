"""What a row of an activity says: what it is, its state, when it began and how long it took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from inspector.decode.node import NodeKind
from inspector.gui.models.values import enum_word
from inspector.gui.runs import BOLD, CHANGED, DIM, EMPTY, REMOVED, TEXT, Cell, Elide, Run
from inspector.gui.words import RETURN, one_line, state_run, visible
from inspector.history.activity import Item, Role

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


def what_cell(item: Item) -> Cell:
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


def state_cell(item: Item) -> Cell:
    """Its state, and whether its end is missing, which is what one came to find."""
    if item.no_end:
        return Cell((Run("No end", CHANGED, icon="warning"),))
    return Cell((_state(item),)) if item.state else EMPTY


def _state(item: Item) -> Run:
    """The state without what the names of its enum share."""
    for node in item.place.node.children:
        enum = node.field.enum if node.kind == NodeKind.ENUM and node.field is not None else None
        if enum is not None and enum.names.get(node.value) == item.state:
            return state_run(enum_word(node))
    return state_run(item.state)


def start_cell(item: Item, begin: int | None) -> Cell:
    """When it began, from the beginning of the axis."""
    if item.start is None or begin is None:
        return EMPTY
    return Cell((Run(clock(item.start - begin), DIM),), right=True)


def length_cell(item: Item) -> Cell:
    """How long it took; of an end before the start that, which is no time anything took."""
    if item.length is None:
        return EMPTY
    if item.length < 0:
        return Cell((Run("", CHANGED, icon="warning"), Run(span(item.length), CHANGED)), right=True)
    return Cell((Run(span(item.length)),), right=True)


def spoken(item: Item, begin: int | None) -> str:
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


def tip_of(item: Item) -> str:
    """Its times as they are stored, and what is wrong with them."""
    begun, ended = _moment(item.start), _moment(item.end)
    times = f"{begun} to {ended}" if ended else begun
    return "\n".join(word for word in (times, *item.notes) if word)


def facts_of(item: Item) -> str:
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
