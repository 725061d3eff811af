"""An event of a record as JSON: the columns of its row, and its message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.decode.secrets import COVERED
from inspector.export.json_object import Raw, object_text
from inspector.export.record_text import Written, message_text, unwritable
from inspector.history.stored_events import StoredEvent
from inspector.schema.secret_columns import secret_test
from inspector.schema.secrets_table import json_name
from inspector.store.event_log import EventRow
from inspector.times import stored_time

_TIME: Final = "_at"


def event_text(
    event: StoredEvent, *, reveal: bool = False, indent: int | None = 2, level: int = 0
) -> Written:
    """The columns of an event in their order, ``value``, and ``problem`` where there is one."""
    members = list(_columns(event.row, reveal))
    secrets = sum(value == COVERED for _, value in members)
    why, problem = unwritable(event.record), event.problem
    value: object = None
    notes: tuple[str, ...] = ()
    if not why:
        written = message_text(event.record, reveal=reveal, indent=indent, level=level + 1)
        value, notes, secrets = Raw(written.text), written.notes, secrets + written.covered
    members.append(("value", value))
    if why or problem:
        members.append(("problem", problem or f"{why[:1].upper()}{why[1:]}"))
    return Written(object_text(members, indent=indent, level=level), notes, secrets)


def _columns(row: EventRow, reveal: bool) -> Iterator[tuple[str, object]]:
    for name, value in row.columns:
        shown: object = value
        if not reveal and value not in ("", b"") and secret_test(row.table, name)(value):
            shown = None if value is None else COVERED
        elif isinstance(value, bytes):
            shown = {"blob": len(value)}
        elif isinstance(value, str) and name.lower().endswith(_TIME):
            shown = stored_time(value)
        elif isinstance(value, float) and value - value != 0:
            shown = str(value)  # infinity, which JSON cannot say
        yield json_name(name), shown
