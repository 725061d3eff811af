"""What the daemon writes beside records: the events of executions and sessions, row by row.

A table of events is known by its name and the columns that its rows are found by; columns that
are missing, or more of them, are no error. A page is read as one of records is: the keys, which
an index gives without touching a blob, then each row by its key, so that a row that cannot be
read costs only itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from inspector.errors import StoreError, StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.store.allocator import expect_blocks
from inspector.store.blob_finder import SIEVE, MayHold, blob_sieve
from inspector.store.error_sentences import UNREADABLE_ROW, store_error
from inspector.store.files import Signature, look
from inspector.store.keys import ROUTES, KeyColumn, keeps_text, quoted
from inspector.store.layout import Layout, columns_of, rowid_name
from inspector.store.reader import (
    DAMAGE,
    START,
    After,
    Snapshot,
    SqlRow,
    StoreReader,
    Value,
    advanced,
    after_or_end,
)
from inspector.store.records import HUGE, PAGE_BYTES, problem_of
from inspector.store.rows import PAGE, Cancel, Form, Page
from inspector.store.text import UTF_8, decode, encode, folded

if TYPE_CHECKING:
    from inspector.store.blob_finder import AnySieve

EXECUTION_EVENTS: Final = "workflow_execution_events"
SESSION_EVENTS: Final = "session_events"

_DATA: Final = "data"
#: SQL of the blob, unless it is too long.
_LOADED: Final = f"CASE WHEN octet_length({_DATA}) <= {HUGE} THEN CAST({_DATA} AS BLOB) END"
_TABLE: Final = ROUTES[1]
#: Columns of a table of events that are read.
_MOST_COLUMNS: Final = 64
#: Ids of records that have events, read at a time.
_CHUNK: Final = 500
_GONE: Final = "This event is no longer in the file."
#: Value and type of a column that cannot be read.
_NO_CELL: Final = (None, "null")


class _Naming(NamedTuple):
    """The columns that rows of a table of events are found by.

    ``number`` orders the events of an ``owner``; rows name another record in ``via``.
    """

    owner: str
    number: str
    via: str | None = None


_TABLES: Final = {
    EXECUTION_EVENTS: _Naming("execution_id", "sequence_number"),
    SESSION_EVENTS: _Naming("session_id", "seq", "run_id"),
}


class EventsOf(NamedTuple):
    """Whose events are asked for: the rows of a table that name a record.

    Attributes:
        table: one of :data:`EXECUTION_EVENTS` and :data:`SESSION_EVENTS`.
        id: the record's.
        via: the record is named beside the one that the events are numbered within, as a run is
            beside its session.
    """

    table: str
    id: str
    via: bool = False


class EventKey(NamedTuple):
    """Where an event is: those of one owner in the order of their numbers.

    ``number`` is None for a row whose number is none; ``odd`` says how many such come before it,
    and they come last.
    """

    owner: bytes
    number: int | None
    rowid: int | None
    odd: int = 0


class EventRow(NamedTuple):
    """An event as it is stored.

    Attributes:
        table: where it lies.
        owner: id of the record that it is numbered within.
        number: its number there, None where that is no whole number.
        columns: name and value of every other column than the blob's, in the table's order.
        data: the blob, None where it cannot be read; ``problem`` then says why.
        size: bytes of the blob.
        key: to go on after it.
    """

    table: str
    owner: str
    number: int | None
    columns: tuple[tuple[str, Value], ...]
    data: bytes | None
    size: int
    problem: str | None
    key: EventKey


@dataclass(frozen=True, slots=True)
class _EventTable:
    """A table of events as this file has it; ``rowid`` is None in a table without row numbers."""

    name: str
    columns: tuple[str, ...]
    owner: KeyColumn
    number: str
    via: KeyColumn | None
    rowid: str | None
    encoding: str


class _Segment(NamedTuple):
    """Events of one owner, those with a number or those without."""

    owner: bytes
    odd: bool


class _EventKeys(NamedTuple):
    keys: list[EventKey]
    more: bool
    damage: bool


class EventLog:
    """Questions about events, asked of one file."""

    def __init__(
        self, path: str, reader: StoreReader, layout: Callable[[Snapshot], Layout]
    ) -> None:
        self._path = path
        self._reader = reader
        self._layout = layout
        self._known: dict[tuple[int, int, int], dict[str, _EventTable]] = {}
        #: The owners of what was last asked for through another record.
        self._owners: tuple[EventsOf, Signature, list[bytes]] | None = None

    def tables(self, cancel: Cancel | None = None) -> tuple[str, ...]:
        """The tables in which this file keeps events of records; most have none."""
        return tuple(self._reader.read(self._tables, cancel))

    def count(self, of: EventsOf, cancel: Cancel | None = None) -> int:
        """How many events a record has.

        Raises:
            StoreError: the file is damaged so that they cannot be counted.
        """
        owners = self._owners_of(of, cancel, anew=True)

        def read(snapshot: Snapshot) -> int:
            table = self._tables(snapshot).get(of.table)
            if table is None:
                return 0
            return sum(_count(snapshot, table, of, owner) for owner in owners)

        return self._reader.read(read, cancel) if owners else 0

    def page(
        self,
        of: EventsOf,
        after: EventKey | None = None,
        offset: int = 0,
        limit: int = PAGE,
        *,
        cancel: Cancel | None = None,
    ) -> Page[EventRow]:
        """Events of a record by number, those after a key, then ``offset`` further on.

        Those whose number is none come last; a page ends early when it grows large.
        """
        try:
            owners = self._owners_of(of, cancel)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            return Page((), more=False, damage=error)

        def read(snapshot: Snapshot) -> Page[EventRow]:
            table = self._tables(snapshot).get(of.table)
            if table is None:
                return Page((), more=False)
            return _page(snapshot, table, of, owners, _EventPlace(after, offset, limit))

        return self._reader.read(read, cancel) if owners else Page((), more=False)

    def row(self, of: EventsOf, key: EventKey, cancel: Cancel | None = None) -> EventRow | None:
        """One event of a record by its key; None in a file without such a table."""

        def read(snapshot: Snapshot) -> EventRow | None:
            table = self._tables(snapshot).get(of.table)
            return _row(snapshot, table, of, key) if table is not None else None

        return self._reader.read(read, cancel)

    def owners(self, table: str, cancel: Cancel | None = None) -> Iterator[str]:
        """Ids of the records that the events of a table are numbered within, by their bytes.

        Raises:
            StoreError: the file is damaged; those before have been given.
        """

        def chunk(snapshot: Snapshot, place: After) -> tuple[list[bytes], After | None]:
            found = self._tables(snapshot).get(table)
            if found is None:
                return [], None
            ids = _owner_ids(snapshot, found, place.key)
            return ids, after_or_end(ids[-1] if len(ids) == _CHUNK else None)

        for ids in self._reader.sweep(chunk, START, cancel):
            yield from map(decode, ids)

    def sifted(
        self, table: str, may_hold: MayHold, cancel: Cancel | None = None
    ) -> Iterator[SiftedOwner]:
        """The ids of :meth:`owners`, each with what the bytes of its events tell.

        Args:
            table: as for :meth:`owners`.
            may_hold: called within a read: it must be quick, and change nothing.
            cancel: ends the reading when set.

        Raises:
            StoreError: the file is damaged; those before have been given.
        """

        def chunk(
            snapshot: Snapshot, place: _SiftedPlace
        ) -> tuple[list[SiftedOwner], _SiftedPlace | None]:
            found = self._tables(snapshot).get(table)
            return _sifted(snapshot, found, place, may_hold) if found is not None else ([], None)

        for some in self._reader.sweep(chunk, _SiftedPlace(None), cancel):
            yield from some

    def _tables(self, snapshot: Snapshot) -> dict[str, _EventTable]:
        state = (*snapshot.identity, snapshot.schema_cookie())
        found = self._known.get(state)
        if found is None:
            found = _recognised(snapshot, self._layout(snapshot))
        snapshot.afterwards(partial(self._learn, state, found))
        return found

    def _learn(self, state: tuple[int, int, int], tables: dict[str, _EventTable]) -> None:
        self._known = {state: tables}

    def _owners_of(self, of: EventsOf, cancel: Cancel | None, *, anew: bool = False) -> list[bytes]:
        """The owners whose events may be those of a record: itself, or those it is named with.

        Those it is named with are looked for ``anew`` where the file was written to meanwhile;
        else those that were found last will do, since each look may go through all events.
        """
        if not of.via:
            return [encode(of.id)]
        files = look(self._path)
        known = self._owners
        if known is not None and known[0] == of and (not anew or known[1] == files.signature):
            return known[2]

        def chunk(snapshot: Snapshot, place: After) -> tuple[list[bytes], After | None]:
            table = self._tables(snapshot).get(of.table)
            if table is None or table.via is None:
                return [], None
            # One owner at a time: a look through the events of all may take long.
            owner = _next_owner(snapshot, table, place.key)
            named = owner is not None and _has(snapshot, table, of, owner)
            return [owner] if named and owner is not None else [], after_or_end(owner)

        found = [owner for some in self._reader.sweep(chunk, START, cancel) for owner in some]
        self._owners = (of, files.signature if files.settled else (), found)
        return found


class SiftedOwner(NamedTuple):
    """A record with events.

    Attributes:
        id: its id.
        passed: how many events it has, none of which can hold what is sought; None where one may,
            or not all can be read.
    """

    id: str
    passed: int | None


class _SiftedPlace(NamedTuple):
    """Behind an owner; within the next one, where some of its events have been ``passed``."""

    owner: bytes | None
    passed: int = 0
    last: EventKey | None = None


class _EventPlace(NamedTuple):
    after: EventKey | None
    offset: int
    limit: int


def _recognised(snapshot: Snapshot, layout: Layout) -> dict[str, _EventTable]:
    found: dict[str, _EventTable] = {}
    for name, naming in _TABLES.items():
        if layout.form is Form.SQLITE and layout.reads(name):
            table = _table(snapshot, name, naming, layout.encoding)
            if table is not None:
                found[name] = table
    return found


def _table(snapshot: Snapshot, name: str, naming: _Naming, encoding: str) -> _EventTable | None:
    """A table of events, None where its columns are not such or its rows cannot be told apart."""
    columns = columns_of(snapshot, name)[:_MOST_COLUMNS]
    declared = {folded(column.name): column.type for column in columns}
    if not declared.keys() >= {naming.owner, naming.number, _DATA}:
        return None
    rowid = rowid_name(snapshot, name, columns)
    key = {folded(column.name) for column in columns if column.primary_key}
    if rowid is None and key != {naming.owner, naming.number}:
        return None
    plain = encoding == UTF_8
    owner = KeyColumn(naming.owner)
    if not (plain and keeps_text(declared[naming.owner])) or _holds_other_than_text(
        snapshot, name, owner
    ):
        owner = KeyColumn(naming.owner, mixed=True, encoding=encoding)
    via = None
    if naming.via is not None and naming.via in declared:
        mixed = not (plain and keeps_text(declared[naming.via]))
        via = KeyColumn(naming.via, mixed, encoding)
    names = tuple(column.name for column in columns if folded(column.name) != _DATA)
    return _EventTable(name, names, owner, naming.number, via, rowid, encoding)


def _holds_other_than_text(snapshot: Snapshot, table: str, key: KeyColumn) -> bool:
    try:
        return any(
            snapshot.one(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1") is not None
            for condition in key.odd()
        )
    except DAMAGE:
        # As in nearly all stores; whoever reads the rows meets the damage again.
        return False


def _of(table: _EventTable, of: EventsOf) -> str:
    """The condition on the events of a record within one owner."""
    own = table.owner.compared("=", "owner")
    if not of.via or table.via is None:
        return own
    return f"{own} AND {table.via.compared('=', 'id')}"


def _values(of: EventsOf, owner: bytes) -> dict[str, Value]:
    return {"owner": owner, "id": encode(of.id)}


def _count(snapshot: Snapshot, table: _EventTable, of: EventsOf, owner: bytes) -> int:
    row = snapshot.one(
        f"SELECT count(*) FROM {table.name} WHERE {_of(table, of)}", **_values(of, owner)
    )
    return row[0] if row else 0


def _has(snapshot: Snapshot, table: _EventTable, of: EventsOf, owner: bytes) -> bool:
    sql = f"SELECT 1 FROM {table.name} WHERE {_of(table, of)} LIMIT 1"
    return snapshot.one(sql, **_values(of, owner)) is not None


def _owner_ids(snapshot: Snapshot, table: _EventTable, after: bytes | None) -> list[bytes]:
    key = table.owner
    sql = (
        f"SELECT DISTINCT {key.value} FROM {table.name} WHERE {key.within(after is not None)}"
        f" ORDER BY {key.order} LIMIT {_CHUNK}"
    )
    ids = [row[0] for row in snapshot.each(sql, after=after)]
    if ids:
        advanced(after, ids[-1])
    return ids


def _next_owner(snapshot: Snapshot, table: _EventTable, after: bytes | None) -> bytes | None:
    key = table.owner
    row = snapshot.one(
        f"SELECT {key.value} FROM {table.name} WHERE {key.within(after is not None)}"
        f" ORDER BY {key.order} LIMIT 1",
        after=after,
    )
    return advanced(after, row[0]) if row else None


def _sifted(
    snapshot: Snapshot, table: _EventTable, place: _SiftedPlace, may_hold: MayHold
) -> tuple[list[SiftedOwner], _SiftedPlace | None]:
    """Owners behind a place, as many as have the bytes of a short reading."""
    found: list[SiftedOwner] = []
    owners = _owner_ids(snapshot, table, place.owner)
    sieve = blob_sieve(may_hold, PAGE_BYTES)
    snapshot.calls(SIEVE, sieve)
    if not _lie_in_order(snapshot, table):
        return [SiftedOwner(decode(owner), None) for owner in owners], _next_sifted(owners)
    for owner in owners:
        last, passed = place.last, place.passed
        if last is not None and last.owner != owner:
            last, passed = None, 0
        passed -= sieve.looked
        try:
            last = _sift(snapshot, table, owner, last, sieve)
        except DAMAGE:
            passed = 0
        else:
            passed += sieve.looked
            if last is not None and sieve.found:
                passed = 0
            elif last is not None:
                return found, _SiftedPlace(place.owner, passed, last)
        # Of no events at all it is for who reads them to say whether that is for damage.
        found.append(SiftedOwner(decode(owner), passed or None))
        place = _SiftedPlace(owner)
        if sieve.full:
            return found, place
    return found, _next_sifted(owners)


def _next_sifted(owners: list[bytes]) -> _SiftedPlace | None:
    return _SiftedPlace(owners[-1]) if len(owners) == _CHUNK else None


def _sift(
    snapshot: Snapshot,
    table: _EventTable,
    owner: bytes,
    after: EventKey | None,
    sieve: AnySieve,
) -> EventKey | None:
    """Let a sieve look at the events of an owner; where it ended, None where that is the end."""
    sql = _sieve_sql(table, after)
    row = snapshot.one(sql, owner=owner, **_bounds(after))
    return None if row is None else EventKey(owner, *row)


def _sieve_sql(table: _EventTable, after: EventKey | None) -> str:
    # A row whose number is none is found in another way, if there is one.
    test = f"{SIEVE}(CASE WHEN {_numbered(table, odd=False)} THEN {_LOADED} END)"
    return (
        f"SELECT {table.number}, {table.rowid or 'NULL'} FROM {table.name}"
        f" WHERE {table.owner.compared('=', 'owner')} AND {_behind(table, after)} AND {test}"
        f" ORDER BY {_order(table)}"
    )


def _lie_in_order(snapshot: Snapshot, table: _EventTable) -> bool:
    """Whether SQLite hands out the events of an owner as it comes to them, by its own planner."""
    key = EventKey(b"", 0, 0)
    plan = snapshot.rows(f"EXPLAIN QUERY PLAN {_sieve_sql(table, key)}", owner=b"", **_bounds(key))
    return len(plan) == 1 and str(plan[0][-1]).startswith(f"SEARCH {table.name} ")


def _page(
    snapshot: Snapshot, table: _EventTable, of: EventsOf, owners: list[bytes], place: _EventPlace
) -> Page[EventRow]:
    found = _keys(snapshot, table, of, owners, place)
    rows: list[EventRow] = []
    total = 0
    for key in found.keys:
        row = _row(snapshot, table, of, key)
        rows.append(row)
        total += len(row.data or b"")
        if total >= PAGE_BYTES:
            break
    whole = len(rows) == len(found.keys)
    damage = None
    if found.damage and whole:
        damage = store_error(
            StoreErrorKind.DAMAGED, f"The file is damaged; events of {of.id} may be missing."
        )
    return Page(tuple(rows), found.more or not whole, damage)


def _keys(
    snapshot: Snapshot, table: _EventTable, of: EventsOf, owners: list[bytes], place: _EventPlace
) -> _EventKeys:
    """The keys of a page, segment after segment."""
    after, offset, limit = place
    keys: list[EventKey] = []
    segments = [_Segment(owner, odd) for owner in sorted(owners) for odd in (False, True)]
    if after is not None:
        start = _Segment(after.owner, after.number is None)
        segments = [one for one in segments if one >= start]
    damaged = False
    for segment in segments:
        begin = after if after is not None and _within(after, segment) else None
        wanted = _EventPlace(begin, offset, limit + 1 - len(keys))
        found = _segment_keys(snapshot, table, of, segment, wanted)
        keys += found.keys
        damaged = damaged or found.damage
        if len(keys) > limit:
            return _EventKeys(keys[:limit], more=True, damage=damaged)
        if offset and not found.keys:
            rows = _segment_count(snapshot, table, of, segment, begin)
            offset = max(0, offset - rows)
        else:
            offset = 0
    return _EventKeys(keys, more=False, damage=damaged)


def _within(key: EventKey, segment: _Segment) -> bool:
    return segment == _Segment(key.owner, key.number is None)


def _segment_keys(
    snapshot: Snapshot, table: _EventTable, of: EventsOf, segment: _Segment, place: _EventPlace
) -> _EventKeys:
    """Keys of a segment; where the index is damaged, from the table itself."""
    try:
        return _EventKeys(list(_select_keys(snapshot, table, of, segment, place)), False, False)
    except DAMAGE:
        return _salvaged(snapshot, table, of, segment, place)


def _select_keys(
    snapshot: Snapshot, table: _EventTable, of: EventsOf, segment: _Segment, place: _EventPlace
) -> Iterator[EventKey]:
    after, offset, limit = place
    passed = after.odd + 1 if after is not None and segment.odd else 0
    where, order = _conditions(table, of, segment, None if segment.odd else after)
    sql = (
        f"SELECT {'NULL' if segment.odd else table.number}, {table.rowid or 'NULL'}"
        f" FROM {table.name} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"
    )
    values = _values(of, segment.owner) | _bounds(after)
    rows = snapshot.each(sql, **values, limit=limit, offset=offset + passed)
    for at, (number, rowid) in enumerate(rows, offset + passed):
        yield EventKey(segment.owner, number, rowid, at if segment.odd else 0)


def _salvaged(
    snapshot: Snapshot, table: _EventTable, of: EventsOf, segment: _Segment, place: _EventPlace
) -> _EventKeys:
    """Keys of a segment by a look through the table: from its beginning, and from its end.

    They are put into order here, since SQLite gives nothing where its sorting meets damage.
    """
    after, offset, limit = place
    where, _ = _conditions(table, of, segment, None if segment.odd else after)
    if segment.odd:
        # Those are told apart by their order alone, which is not known here.
        return _EventKeys(
            [], more=False, damage=_some(snapshot, table, where, _values(of, segment.owner))
        )
    way = table.rowid or f"{table.number} COLLATE BINARY"
    values = _values(of, segment.owner) | _bounds(after)
    found: set[EventKey] = set()
    for direction in ("ASC", "DESC"):
        sql = (
            f"SELECT {table.number}, {table.rowid or 'NULL'} FROM {table.name} {_TABLE.access}"
            f" WHERE {where} AND {_TABLE.condition} ORDER BY {way} {direction}"
        )
        try:
            for number, rowid in snapshot.each(sql, **values):
                found.add(EventKey(segment.owner, number, rowid))
            return _EventKeys(_in_order(found)[offset : offset + limit], more=False, damage=False)
        except DAMAGE:
            continue
    return _EventKeys(_in_order(found)[offset : offset + limit], more=False, damage=True)


def _some(snapshot: Snapshot, table: _EventTable, where: str, values: dict[str, Value]) -> bool:
    """Whether there are such rows in the table, or may be."""
    sql = f"SELECT 1 FROM {table.name} {_TABLE.access} WHERE {where} AND {_TABLE.condition}"
    try:
        return snapshot.one(sql, **values) is not None
    except DAMAGE:
        return True


def _in_order(keys: set[EventKey]) -> list[EventKey]:
    return sorted(keys, key=lambda key: (key.number or 0, key.rowid or 0))


def _conditions(
    table: _EventTable, of: EventsOf, segment: _Segment, after: EventKey | None
) -> tuple[str, str]:
    """The condition on the rows of a segment behind a key, and their order."""
    numbered = _numbered(table, odd=segment.odd)
    return f"{_of(table, of)} AND {numbered} AND {_behind(table, after)}", _order(table)


def _order(table: _EventTable) -> str:
    number = f"{table.number} COLLATE BINARY"
    return f"{number}, {table.rowid}" if table.rowid else number


def _behind(table: _EventTable, after: EventKey | None) -> str:
    """The condition on rows behind a key, in that order."""
    if after is None:
        return "1"
    number = f"{table.number} COLLATE BINARY"
    return (
        f"({number}, {table.rowid}) > (:number, :rowid)" if table.rowid else f"{number} > :number"
    )


def _numbered(table: _EventTable, *, odd: bool) -> str:
    """The condition on rows whose number is one, or is none."""
    return f"typeof({table.number}) {'<>' if odd else '='} 'integer'"


def _bounds(key: EventKey | None) -> dict[str, Value]:
    return {"number": key.number, "rowid": key.rowid} if key is not None else {}


def _segment_count(
    snapshot: Snapshot, table: _EventTable, of: EventsOf, segment: _Segment, after: EventKey | None
) -> int:
    where, _ = _conditions(table, of, segment, None if segment.odd else after)
    values = _values(of, segment.owner) | _bounds(after)
    with suppress(*DAMAGE):
        row = snapshot.one(f"SELECT count(*) FROM {table.name} WHERE {where}", **values)
        passed = after.odd + 1 if after is not None and segment.odd else 0
        return row[0] - passed if row else 0
    return 0


def _row(snapshot: Snapshot, table: _EventTable, of: EventsOf, key: EventKey) -> EventRow:
    size = f"coalesce(octet_length({_DATA}), 0)"
    try:
        found = _select(snapshot, table, of, key, [_LOADED, size, *map(_cell, table.columns)])
    except DAMAGE:
        return _damaged_row(snapshot, table, of, key)
    if found is None:
        return _lost(table, key, (None, 0, *_NO_CELL * len(table.columns)), _GONE)
    expect_blocks(found[1])
    return _made(table, key, found, problem_of(found[0], found[1]))


def _damaged_row(snapshot: Snapshot, table: _EventTable, of: EventsOf, key: EventKey) -> EventRow:
    """A row without its blob, and without the columns that are lost with it."""
    found: list[Value] = [None, 0]
    for name in table.columns:
        cell: SqlRow | None = None
        with suppress(*DAMAGE):
            cell = _select(snapshot, table, of, key, [_cell(name)])
        found += cell or _NO_CELL
    return _lost(table, key, tuple(found), UNREADABLE_ROW)


def _lost(table: _EventTable, key: EventKey, found: SqlRow, problem: str) -> EventRow:
    """A row of which at least the index says whose event it is, and which."""
    row = _made(table, key, found, problem)
    known: dict[str, Value] = {table.owner.column: row.owner, table.number: row.number}
    columns = tuple((name, known.get(name.lower(), value)) for name, value in row.columns)
    return row._replace(columns=columns)


def _select(
    snapshot: Snapshot, table: _EventTable, of: EventsOf, key: EventKey, columns: list[str]
) -> SqlRow | None:
    values = _values(of, key.owner) | _bounds(key)
    rest = "LIMIT 1"
    if table.rowid:
        where = f"{table.rowid} = :rowid"
    elif key.number is not None:
        where = f"{_of(table, of)} AND {table.number} = :number"
    else:
        where, order = _conditions(table, of, _Segment(key.owner, odd=True), None)
        rest, values = f"ORDER BY {order} LIMIT 1 OFFSET :odd", values | {"odd": key.odd}
    sql = f"SELECT {', '.join(columns)} FROM {table.name} NOT INDEXED WHERE {where} {rest}"
    return snapshot.one(sql, **values)


def _cell(name: str) -> str:
    """SQL of a column's value, text as its bytes, and of its type; none of one that is too long."""
    column = quoted(name)
    return (
        f"CASE WHEN octet_length({column}) > {HUGE} THEN NULL"
        f" WHEN typeof({column}) = 'text' THEN CAST({column} AS BLOB) ELSE {column} END,"
        f" typeof({column})"
    )


def _made(table: _EventTable, key: EventKey, found: SqlRow, problem: str | None) -> EventRow:
    data, size, *cells = found
    values = (
        decode(value, table.encoding) if kind == "text" and value is not None else value
        for value, kind in zip(cells[::2], cells[1::2], strict=True)
    )
    columns = tuple(zip(table.columns, values, strict=True))
    return EventRow(table.name, decode(key.owner), key.number, columns, data, size, problem, key)
