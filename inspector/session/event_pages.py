"""The events that the daemon keeps beside a record, page by page, decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from inspector.errors import NotFoundError
from inspector.history.stored_events import MESSAGES, StoredEvent, mismatches, time_text
from inspector.invisible import typed
from inspector.named_tuple import NamedTuple
from inspector.session.reading import BlobReader
from inspector.session.record_lookup import resolve
from inspector.store.event_log import EXECUTION_EVENTS, SESSION_EVENTS, EventKey, EventRow, EventsOf
from inspector.store.renamed import is_same
from inspector.store.rows import PAGE, Cancel, Page, Row

if TYPE_CHECKING:
    from inspector.session.session import Session

#: Kinds with events, by one of their names: the table, and whether its rows name such a record
#: beside the one that they are numbered within.
_KINDS: Final = {
    "workflow_execution": (EXECUTION_EVENTS, False),
    "session": (SESSION_EVENTS, False),
    "run": (SESSION_EVENTS, True),
}
#: The kind whose records the events of a table are numbered within, where the store has none.
OWNERS: Final = {EXECUTION_EVENTS: "workflow_execution", SESSION_EVENTS: "session"}
_KIND: Final = "event"  #: what the message of an event is called where a record has its kind
_NAME: Final = "Event"


def events_of(kind: str, id_: str) -> EventsOf | None:
    """Where the events of a record would be; None for kinds that have none."""
    for name, (table, via) in _KINDS.items():
        if is_same(kind, name):
            return EventsOf(table, id_, via)
    return None


class EventLine(NamedTuple):
    """A line of a list of events.

    ``name`` is the event's number, ``stored_at`` its time as times are answered, ``said`` what it
    is about in a line, ``problem`` as in :class:`StoredEvent`; ``lost`` says that there is no
    message.
    """

    key: EventKey
    name: str
    stored_at: str | None
    type: str
    task: str
    said: str
    problem: str | None
    lost: bool


class EventOwners(NamedTuple):
    """A kind whose records own the events of a table, and the others that do too."""

    table: str
    others: tuple[str, ...]

    def lives_elsewhere(self, session: Session, id_: str, cancel: Cancel | None) -> bool:
        """Whether one of the other kinds has a record of an id."""
        return any(session.store.row(kind, id_, cancel) is not None for kind in self.others)


def event_owners(
    session: Session, kinds: Sequence[str], cancel: Cancel | None = None
) -> dict[str, EventOwners]:
    """The kinds whose records own events, for every table of events that the store has.

    Args:
        session: the store.
        kinds: its kinds; where none of them owns the events of a table, its usual kind does.
        cancel: ends the reading when set.
    """
    found: dict[str, EventOwners] = {}
    for table in session.store.events.tables(cancel):
        own = [kind for kind in kinds if is_same(kind, OWNERS[table])] or [OWNERS[table]]
        for kind in own:
            found[kind] = EventOwners(table, tuple(one for one in own if one != kind))
    return found


def event_page(
    session: Session,
    kind: str,
    id_: str,
    after: EventKey | None = None,
    offset: int = 0,
    limit: int = PAGE,
    cancel: Cancel | None = None,
) -> Page[StoredEvent]:
    """Events of a record, oldest first: those after a key, then ``offset`` further on."""
    of = events_of(kind, id_)
    if of is None:
        return Page((), more=False)
    page = session.store.events.page(of, after, offset, limit, cancel=cancel)
    reader = session.reader(cancel)
    return Page(tuple(decoded(reader, row) for row in page.rows), page.more, page.damage)


def event_lines(
    session: Session,
    kind: str,
    id_: str,
    after: EventKey | None,
    offset: int,
    limit: int,
    cancel: Cancel | None = None,
) -> Page[EventLine]:
    """Events of a record as lines of a list; arguments are those of :func:`event_page`."""
    page = event_page(session, kind, id_, after, offset, limit, cancel)
    lines = tuple(
        EventLine(e.row.key, e.name, e.stored_at, e.type, e.task, e.said, e.problem, e.lost)
        for e in page.rows
    )
    return Page(lines, page.more, page.damage)


def one_event(
    session: Session, kind: str, id_: str, key: EventKey, cancel: Cancel | None = None
) -> StoredEvent | None:
    """One event of a record; None where the file has no table of them any more."""
    of = events_of(kind, id_)
    row = session.store.events.row(of, key, cancel) if of is not None else None
    return decoded(session.reader(cancel), row) if row is not None else None


def every_event(
    session: Session,
    of: EventsOf,
    cancel: Cancel | None = None,
    reader: BlobReader | None = None,
) -> Iterator[StoredEvent]:
    """All events of a record, oldest first, page by page.

    Args:
        session: the store.
        of: whose events.
        cancel: ends the reading when set.
        reader: what decodes them, the session's own where None.

    Raises:
        StoreError: the file is damaged; all that can be read has been given.
    """
    reader = reader or session.reader(cancel)
    after: EventKey | None = None
    while True:
        page = session.store.events.page(of, after, 0, PAGE, cancel=cancel)
        yield from (decoded(reader, row) for row in page.rows)
        if page.damage is not None:
            raise page.damage
        if not page.more or not page.rows:
            return
        after = page.rows[-1].key


def resolve_events(
    session: Session, kind: str | None, text: str, cancel: Cancel | None = None
) -> EventsOf | None:
    """Where the events are of the one record that a text names; None for kinds that have none.

    Of a record that is not there any more its events may be, which is said in the session's
    notes.

    Raises:
        NotFoundError, UsageError: no record has that name, or several have.
    """
    try:
        return events_of(*resolve(session, kind, text, cancel))
    except NotFoundError:
        for one in (kind,) if kind is not None else OWNERS.values():
            of = events_of(one, text)
            if of is not None and session.store.events.count(of, cancel):
                session.note(f"There is no record {typed(text)} any more, only its events.")
                return of
        raise


def decoded(reader: BlobReader, row: EventRow) -> StoredEvent:
    """An event with its message."""
    id_ = f"{row.owner}:{row.number}" if row.number is not None else row.owner
    as_row = Row(_KIND, id_, row.data, row.size, time_text(row), row.problem)
    record = reader.message(as_row, MESSAGES[row.table])
    record.display_kind = _NAME
    told = mismatches(row, record.tree) if record.tree is not None else ()
    return StoredEvent(row, record, told)
