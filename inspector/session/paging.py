"""List lines page by page in id order, of what is live and of what only has history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from inspector.errors import StoreError, StoreErrorKind
from inspector.history.versions import archived_as, version_of
from inspector.session.summaries import RecordHead
from inspector.store.rows import Cancel, Page, Row

if TYPE_CHECKING:
    from inspector.session.session import Session

T = TypeVar("T")


def live_page(
    session: Session,
    kind: str,
    after: str | None,
    limit: int,
    cancel: Cancel | None,
    *,
    counted: bool,
) -> Page[RecordHead]:
    """A page of live records; their versions are given as 0 unless they are ``counted``.

    They are 0 as well where the file is damaged so that they cannot be counted.
    """
    reader = session.reader(cancel)
    page = session.store.rows(kind, after, limit, cancel=cancel)
    damage, counts = page.damage, dict[str, int]()
    try:
        if counted:
            counts = session.store.version_counts(kind, [row.id for row in page.rows], cancel)
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        damage = damage or error
    heads = tuple(reader.head(row, counts.get(row.id, 0)) for row in page.rows)
    return Page(heads, page.more, damage)


def gone_page(
    session: Session, kind: str, after: str | None, limit: int, cancel: Cancel | None
) -> Page[RecordHead]:
    """A page of records that only have history, with the values of the newest version."""
    page = session.store.gone(kind, after, limit, cancel=cancel)
    heads = tuple(session.gone_head(kind, one, cancel) for one in page.rows)
    return Page(heads, page.more, page.damage)


def gone_head(session: Session, kind: str, id_: str, cancel: Cancel | None) -> RecordHead:
    """The line of a record that only has history: the values of its newest version."""
    heads = session.store.versions(kind, id_, cancel)
    if not heads:  # taken away meanwhile
        return RecordHead(kind, id_, None, None, None, None, None, 0, 0)
    found = session.store.version_row(heads[0], cancel)
    newest = version_of(heads[0])
    stored = archived_as(kind, newest)
    row = Row(stored, id_, found.data, newest.size, newest.archived_at, found.problem)
    return session.reader(cancel).head(row, len(heads))._replace(kind=kind)


def all_pages(read: Callable[[str | None], Page[T]], id_of: Callable[[T], str]) -> Iterator[T]:
    """Everything that keyset pages hold; damage is raised behind what came before it."""
    after: str | None = None
    while True:
        page = read(after)
        yield from page.rows
        if page.damage is not None:
            raise page.damage
        if not page.more or not page.rows:
            return
        after = id_of(page.rows[-1])
