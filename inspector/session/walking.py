"""All records of a store, or of a kind, one after another, as far as the file can be read."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Final, TypeVar

from inspector.decode.transcoding import LongText, Transcoded
from inspector.errors import StoreError, StoreErrorKind
from inspector.history.record import Record
from inspector.named_tuple import NamedTuple
from inspector.schema.kind_names import normal_kind
from inspector.session.reading import MessageText
from inspector.session.session import Session
from inspector.store import legacy
from inspector.store.column_values import BlobPage
from inspector.store.rows import Cancel, Page, Row
from inspector.store.text import decode, encode

if TYPE_CHECKING:
    from inspector.session.log_history import LogRecords

T = TypeVar("T")
_ROWS: Final = 2048  #: that are read at a time
_BYTES: Final = 2 << 20  #: of their blobs
_EXPORTED: Final = 1 << 19  #: of these for an export, which makes longer texts of them


def archived(
    session: Session, kind: str, id_: str, cancel: Cancel | None = None
) -> Iterator[Record]:
    """The versions of a record, newest first, each read and decoded once."""
    reader = session.reader(cancel)
    for found in session.store.history.rows_of(kind, id_, cancel):
        yield reader.archived(found)


def with_history(
    session: Session, kind: str, id_: str, cancel: Cancel | None = None
) -> Iterator[Record]:
    """A record, where it is live, and then its versions, newest first."""
    live = session.store.row(kind, id_, cancel)
    if live is not None:
        yield session.reader(cancel).record(live)
    yield from archived(session, kind, id_, cancel)


def every_record(
    session: Session,
    kinds: Sequence[str],
    *,
    history: bool = False,
    log: LogRecords | None = None,
    cancel: Cancel | None = None,
) -> Iterator[Record]:
    """The records of kinds in id order, with ``history`` each before its versions.

    With ``log`` its states follow them, and records that only the log has stand among the others.

    Raises:
        StoreError: the file is damaged; all that can be read has been given.
    """
    damage: list[StoreError] = []
    for kind in kinds:
        yield from _readable(_records(session, kind, history, log, cancel), damage)
    if damage:
        raise damage[0]


def every_message(
    session: Session,
    kinds: Sequence[str],
    *,
    between: bytes,
    indent: int | None,
    level: int,
    reveal: bool,
    cancel: Cancel | None = None,
) -> Iterator[Record | MessageText]:
    """The live records of kinds in id order, those that are usual as JSON at once.

    What is odd about a record that can be written as JSON is not looked for.

    Args:
        session: the store.
        kinds: as the store has them.
        between: what stands between two texts.
        indent: spaces a level, or None for one compact line.
        level: how many levels deep the text will stand.
        reveal: whether secrets are written.
        cancel: ends the reading when set.

    Raises:
        StoreError: the file is damaged; all that can be read has been given.
    """
    damage: list[StoreError] = []
    for kind in kinds:
        reader = session.reader(cancel)
        for page in blob_pages(session, kind, cancel, _EXPORTED):
            if isinstance(page, Page):
                yield from (reader.record(row, checked=False) for row in page.rows)
                if page.damage is not None:
                    damage.append(page.damage)
                continue
            texts = reader.message_texts(
                *(kind, page), between=between, indent=indent, level=level, reveal=reveal
            )
            for one in texts:
                if isinstance(one, MessageText):
                    yield one
                    continue
                row = page.row(kind, one) or session.store.row(kind, page.ids[one], cancel)
                if row is not None:
                    yield reader.record(row, checked=False)
            del page, texts  # before the next one is read
    if damage:
        raise damage[0]


class RowPage(NamedTuple):
    """Live rows by id.

    Attributes:
        rows: in order.
        end: the id to go on after, None where there are no more.
        damage: what ended the reading early.
    """

    rows: list[Row]
    end: str | None
    damage: StoreError | None = None


def page_of_rows(
    session: Session, kind: str, after: str | None, cancel: Cancel | None = None
) -> RowPage:
    """The rows of the next page as :func:`blob_pages` reads it, which is the quickest way.

    Args:
        session: the store.
        kind: as stored.
        after: an id to begin behind, None for the beginning.
        cancel: ends the reading when set.
    """
    page = _next_page(session, kind, after, _BYTES, cancel)
    if isinstance(page, Page):
        return RowPage([*page.rows], _end(page), page.damage)
    # One that is too large for the page is read by itself; it may be gone by now.
    rows = (
        page.row(kind, at) or session.store.row(kind, id_, cancel)
        for at, id_ in enumerate(page.ids)
    )
    return RowPage([row for row in rows if row is not None], page.end)


def _next_page(
    session: Session, kind: str, after: str | None, most: int, cancel: Cancel | None
) -> BlobPage | Page[Row]:
    page = session.store.blobs(kind, after, _ROWS, most, cancel)
    return page if page is not None else session.store.rows(kind, after, cancel=cancel)


def _end(page: BlobPage | Page[Row]) -> str | None:
    """The id that a page goes on after, None where there are no more or it is damaged there."""
    if not isinstance(page, Page):
        return page.end
    return page.rows[-1].id if page.more and page.damage is None and page.rows else None


def row_pages(session: Session, kind: str, cancel: Cancel | None = None) -> Iterator[list[Row]]:
    """All rows of a kind, in id order, as :func:`page_of_rows` reads them.

    Raises:
        StoreError: the file is damaged; what could be read has been given.
    """
    after: str | None = None
    while True:
        page = page_of_rows(session, kind, after, cancel)
        yield page.rows
        if page.damage is not None:
            raise page.damage
        after = page.end
        if after is None:
            return


def blob_pages(
    session: Session, kind: str, cancel: Cancel | None = None, most: int = _BYTES
) -> Iterator[BlobPage | Page[Row]]:
    """The live rows of a kind as bare columns, or as rows where only that gives them.

    Args:
        session: the store.
        kind: as stored.
        cancel: ends the reading when set.
        most: bytes of blobs after which a page ends.

    Yields:
        Pages in id order; the last one has the damage, if any, that ends the reading.
    """
    after: str | None = None
    while True:
        page = _next_page(session, kind, after, most, cancel)
        # Nothing is kept of it here: two pages at a time would be megabytes.
        after, given = _end(page), [page]
        del page
        yield given.pop()
        if after is None:
            return


def _records(
    session: Session, kind: str, history: bool, log: LogRecords | None, cancel: Cancel | None
) -> Iterator[Record]:
    reader = session.reader(cancel)
    if not history:
        yield from map(reader.record, session.rows(kind, cancel))
        return
    logged = log.gone(kind) if log is not None else ()
    for row, id_, last in rows_and_gone(session, kind, cancel, logged):
        if row is not None:
            yield reader.record(row)
        if not last:
            continue
        yield from archived(session, kind, id_, cancel)
        if log is not None:
            yield from log.of(kind, id_)


def rows_and_gone(
    session: Session, kind: str, cancel: Cancel | None = None, others: Sequence[str] = ()
) -> Iterator[tuple[Row | None, str, bool]]:
    """Live rows and ids that only have history (their row is None), in one id order.

    With each comes whether it is the last of its id: a table without a key may hold one several
    times, and its versions are those of all of them.

    Args:
        session: the store.
        kind: as the store has it.
        cancel: ends the reading when set.
        others: further ids, in order, which stand among them without a row.

    Raises:
        StoreError: the file is damaged; all that can be read has been given.
    """
    live = ((row.id, row) for row in session.rows(kind, cancel))
    return live_and_gone(session, kind, live, cancel, others)


def live_and_gone(
    session: Session,
    kind: str,
    live: Iterator[tuple[str, T]],
    cancel: Cancel | None,
    others: Sequence[str] = (),
) -> Iterator[tuple[T | None, str, bool]]:
    """What is given of live rows, and None for ids that only have history, in one id order.

    Args:
        session: the store.
        kind: as stored.
        live: of each live row its id, and what is known of it; in id order.
        cancel: ends the reading when set.
        others: see :func:`rows_and_gone`, as for what is given.

    Raises:
        StoreError: the file is damaged; all that can be read has been given.
    """
    before: tuple[T | None, str] | None = None
    try:
        for one in _merged(session, kind, live, cancel, others):
            if before is not None:
                yield *before, before[1] != one[1]
            before = one
    except StoreError:
        if before is not None:
            yield *before, True
        raise
    if before is not None:
        yield *before, True


def _merged(
    session: Session,
    kind: str,
    live: Iterator[tuple[str, T]],
    cancel: Cancel | None,
    others: Sequence[str],
) -> Iterator[tuple[T | None, str]]:
    damage: list[StoreError] = []
    rows = _readable(live, damage)
    ids = _readable(session.gone_ids(kind, cancel), damage)
    head, first = next(rows, None), next(ids, None)
    rows = chain((head,) if head is not None else (), rows)
    if first is None and not others:
        # As most often: nothing is to be put in its place.
        for id_, row in rows:
            yield row, id_
        if damage:
            raise damage[0]
        return
    ids = chain((first,) if first is not None else (), ids)
    there: Iterator[tuple[bytes, str, T | None]] = ((encode(id_), id_, row) for id_, row in rows)
    gone = ((encode(one), one, None) for one in ids)
    more = ((encode(one), one, None) for one in others)
    for _, id_, found in heapq.merge(there, gone, more, key=itemgetter(0)):
        yield found, id_
    if damage:
        raise damage[0]


def stored(
    session: Session,
    only_kind: str | None = None,
    *,
    reveal: bool = False,
    cancel: Cancel | None = None,
) -> Iterator[tuple[Row, Record | Transcoded | LongText]]:
    """Every row of the table of records as it lies there, legacy rows too, by its key's bytes.

    With each comes the record, or of a usual one at once the JSON of its message on one line.

    Args:
        session: the store.
        only_kind: rows of this stored kind, however it is spelled; None for all.
        reveal: whether secrets are written in such a text.
        cancel: ends the reading when set.

    Raises:
        StoreError: the file is damaged; all that can be read has been given.
    """
    reader = session.reader(cancel)
    wanted = None if only_kind is None else normal_kind(only_kind)
    for row in session.store.raw_rows(None, cancel):
        if wanted is not None and normal_kind(row.kind) != wanted:
            continue
        read = _resource(row)
        line = None
        if read.data is not None:
            line = reader.json_line(read.data, read.kind, read.updated_at, reveal=reveal)
        yield row, line if line is not None else reader.record(read)


def _resource(row: Row) -> Row:
    """A legacy row as what it is a version of; any other row as it is."""
    in_audit_kind = legacy.is_audit_kind(row.kind)
    key = legacy.parse(encode(row.id), in_audit_kind=in_audit_kind)
    if key is None:
        return row
    kind = legacy.resource_kind(row.kind, ()) if in_audit_kind else row.kind
    return row._replace(kind=kind, id=decode(key.resource_id))


def _readable(rows: Iterator[T], damage: list[StoreError]) -> Iterator[T]:
    """What comes before the file's damage, which is put aside."""
    try:
        yield from rows
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        damage.append(error)
