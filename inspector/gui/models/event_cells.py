"""The cells of a line of a record's events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from inspector.gui.columns import Column
from inspector.gui.placing import ELLIPSIS
from inspector.gui.runs import CHANGED, DIM, EMPTY, FIXED, REMOVED, TEXT, Cell, Elide, Run, text
from inspector.gui.times import TimeStyle, head_name, parse, show, tip
from inspector.gui.words import one_line, visible
from inspector.session.event_pages import EventLine
from inspector.store.event_log import SESSION_EVENTS

_ABSOLUTE: Final = "2026-12-28 20:58:58"


def event_columns(style: TimeStyle, table: str = "") -> tuple[Column, ...]:
    """The columns of a list of events; those of a session belong to threads, not to tasks."""
    wide = 72 if style is TimeStyle.RELATIVE else 144
    sample = "" if style is TimeStyle.RELATIVE else _ABSOLUTE
    return (
        Column("number", "No.", 40, right=True, sample="9,999"),
        Column("time", head_name("Time", style), wide, drop=2, sample=sample),
        Column("type", "Type", 168, narrow=112),
        Column("task", "Thread" if table == SESSION_EVENTS else "Task", 96, drop=1),
        Column("what", "Summary", 140, stretch=True),
    )


EVENT_KEYS: Final = tuple(column.key for column in event_columns(TimeStyle.UTC))


def event_cell(line: EventLine | None, key: str, style: TimeStyle) -> Cell:
    """The cell of a column; of a line that is not read yet the first one says so."""
    if line is None:
        return text(ELLIPSIS, DIM) if key == "number" else EMPTY
    if key == "number":
        return Cell((Run(line.name if line.key.number is not None else "?"),), right=True)
    if key == "time":
        moment = parse(line.stored_at)
        words = show(moment, style, datetime.now(UTC)) if moment else visible(line.stored_at or "")
        return Cell((Run(words, DIM),))
    if key == "type":
        return text(visible(line.type), FIXED)
    if key == "task":
        return text(visible(line.task), TEXT)
    return _what(line)


def _what(line: EventLine) -> Cell:
    """What it is about; before it what is wrong, which one came to find."""
    said = Run(one_line(line.said), TEXT, Elide.ElideRight)
    if line.lost:
        return Cell((Run(visible(line.problem or ""), REMOVED, Elide.ElideRight, icon="error"),))
    if line.problem:
        word = Run("Differs", CHANGED, icon="warning")
        return Cell((word, said) if line.said else (word,))
    return Cell((said,)) if line.said else EMPTY


def event_tip(line: EventLine, key: str) -> str | None:
    """What a cell says when pointed at, beyond what is cut in it."""
    if key == "time" and (moment := parse(line.stored_at)):
        return tip(moment)
    return visible(line.problem) if key == "what" and line.problem else None


def event_speech(line: EventLine | None, style: TimeStyle) -> str:
    """A line in words."""
    if line is None:
        return "not read yet"
    number = f"Event {line.name}"
    rest = (event_cell(line, key, style).text for key in EVENT_KEYS[1:-1])
    words = (number, *rest, visible(line.problem or ""), one_line(line.said))
    return ", ".join(word for word in words if word)
