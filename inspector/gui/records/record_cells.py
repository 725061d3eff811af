"""The columns and the cells of the record list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inspector.errors import InspectorError, StoreError, StoreErrorKind
from inspector.gui.cells.cell_delegate import ELLIPSIS
from inspector.gui.cells.columns import Column
from inspector.gui.style.text_format import count, state_run, visible
from inspector.gui.style.text_runs import (
    DIM,
    EMPTY,
    FIXED_DIM,
    GUESS,
    REMOVED,
    TEXT,
    Cell,
    Elide,
    Run,
    number,
    text,
)
from inspector.gui.style.time_format import TimeStyle, parse, show, tip
from inspector.invisible import named
from inspector.schema.ids import created_at
from inspector.session.summaries import RecordHead

if TYPE_CHECKING:
    from inspector.gui.records.row_marks import RowMark

RECORD_COLUMNS: Final = (
    Column("mark", "", 8, spoken="Mark"),
    Column("name", "Name", 124, stretch=True),
    Column("state", "State", 114, drop=7, sample="In progress 00"),
    Column("error", "Error", 200, drop=4, off=True),
    Column("id", "ID", 116, drop=3),
    Column("key", "Key", 264, drop=8, off=True),
    Column("updated", "Updated", 160, drop=5, sample="2026-11-21 05:32:48"),
    Column("bytes", "Bytes", 64, right=True, drop=2, sample="99,999,999"),
    Column("versions", "Ver.", 44, right=True, drop=6, off=True),
    Column("org", "Organization", 110, drop=1, off=True),
)
KEYS: Final = tuple(column.key for column in RECORD_COLUMNS)


_MIDDLE: Final = Elide.ElideMiddle
Found = RecordHead | InspectorError | None

#: What is said before a value when it is read out.
TITLES: Final = {
    "name": "",
    "state": "State",
    "error": "Error",
    "id": "ID",
    "key": "Key",
    "updated": "Updated",
    "bytes": "Bytes",
    "versions": "Versions",
    "org": "Organization",
}


def cell_of(found: Found, key: str, style: TimeStyle, mark: RowMark | None = None) -> Cell:
    """The cell of a column.

    Args:
        found: the record; an error that stands in its place; None while it is not read.
        key: the column's.
        style: how times are written.
        mark: what has just happened to the record.
    """
    if mark is not None:
        return _marked(cell_of(found, key, style), key, mark)
    if found is None:
        return text(ELLIPSIS, DIM) if key == "name" else EMPTY
    if isinstance(found, InspectorError):
        return _error(_broken(found)) if key == "name" else EMPTY
    return _value(found, key, style)


def _marked(cell: Cell, key: str, mark: RowMark) -> Cell:
    from inspector.gui.cells.change_look import HAPPENED  # noqa: PLC0415 - not before a store is followed

    look = HAPPENED[mark.happened]
    runs = cell.runs
    if key == "name":
        # Where there is no room for the word there is for its sign.
        runs += (
            Run("", look.style, icon=look.icon, right=True),
            Run(look.word, look.style, optional=True, gap=4),
        )
    return Cell(runs, cell.right, look.tint if mark.fresh else cell.tint)


def _word(mark: RowMark) -> str:
    from inspector.gui.cells.change_look import HAPPENED  # noqa: PLC0415 - not before a store is followed

    return HAPPENED[mark.happened].word.lower()


def _broken(error: InspectorError) -> str:
    damaged = isinstance(error, StoreError) and error.kind is StoreErrorKind.DAMAGED
    return "Damaged from here" if damaged else str(error)


def _error(sentence: str) -> Cell:
    return Cell((Run(visible(sentence), REMOVED, Elide.ElideRight, icon="error"),))


def _value(head: RecordHead, key: str, style: TimeStyle) -> Cell:
    if key == "name":
        return _name(head)
    if key == "state":
        return Cell((state_run(head.state),)) if head.state else EMPTY
    if key == "error":
        return text(visible(head.error or ""))
    if key == "id":
        return text(visible(named(head.id)), FIXED_DIM, elide=Elide.ElideMiddle)
    if key == "key":
        return text(visible(f"{head.kind}/{head.id}"), FIXED_DIM, elide=Elide.ElideMiddle)
    if key == "updated":
        return _time(head.updated_at, style)
    if key == "bytes":
        return number(head.size or (None if head.problem else 0))
    if key == "versions":
        return number(head.versions or None)
    if key == "org":
        return text(visible(head.org or ""), DIM)
    return EMPTY


def _name(head: RecordHead) -> Cell:
    if head.problem:
        called = Run(visible(head.name or head.slug or head.id), TEXT, _MIDDLE, icon="error")
        return Cell((called, Run(visible(head.problem), REMOVED, Elide.ElideRight)))
    if head.name or head.slug:
        return text(visible(head.name or head.slug or ""))
    return text("no name", GUESS)


def _time(stamp: str | None, style: TimeStyle) -> Cell:
    moment = parse(stamp)
    words = show(moment, style, datetime.now(UTC)) if moment else visible(stamp or "")
    return Cell((Run(words, TEXT),))


def tip_of(found: Found, key: str) -> str | None:
    """What a cell says when pointed at, beyond what is cut in it."""
    if isinstance(found, InspectorError):
        return str(found) if key == "name" else None
    if found is None:
        return None
    if key == "name" and found.problem:
        return found.problem
    if key == "updated" and (moment := parse(found.updated_at)):
        return tip(moment)
    if key in ("id", "key"):
        return _tip_of_id(found, key)
    return visible(found.state) if key == "state" and found.state else None


def _tip_of_id(head: RecordHead, key: str) -> str | None:
    """All of an id, and when it was made where it tells that."""
    made = created_at(head.id, head.kind)
    if made is None:
        return None
    whole = f"{head.kind}/{head.id}" if key == "key" else head.id
    return f"{visible(whole)}\nCreated {tip(made)}"


def speech_of(found: Found, key: str, style: TimeStyle, mark: RowMark | None = None) -> str:
    """What is read out: of the name the whole row, of another cell its title and value."""
    if found is None:
        return "not read yet"
    if isinstance(found, InspectorError):
        return str(found)
    value = cell_of(found, key, style).text
    if key != "name":
        return f"{TITLES[key]} {value or 'none'}"
    parts = [
        value,
        _word(mark) if mark is not None else "",
        cell_of(found, "state", style).text,
        f"id {visible(found.id)}",
    ]
    if found.updated_at:
        parts.append(f"updated {cell_of(found, 'updated', style).text}")
    if found.size or not found.problem:
        parts.append(count(found.size, "byte"))
    if found.versions:
        parts.append(count(found.versions, "version"))
    return ", ".join(part for part in parts if part)
