"""Which rows a commit changed, told by its pages as they were before and as they are.

It is quick: what did not change on a page is not read. And it is told only where no page entered or
left a tree meanwhile, else a row might be gone with a page that was not even written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeAlias

from inspector.named_tuple import NamedTuple
from inspector.store.btree import (
    FIRST_LEAF,
    TABLE_INNER,
    DamagedPageError,
    TreeCell,
    cell_of,
    cell_slices,
    children,
    follow_overflow,
    page_type,
    read_page,
    usable_size,
)
from inspector.store.changed_pages import KeyPlaces, free_pages, keys_of
from inspector.store.commits import PrefixPages
from inspector.store.live_pages import LivePages, LogMark
from inspector.store.wal_index import WalIndex, published

#: A row's kind and id.
RowKey: TypeAlias = tuple[bytes, bytes]

#: What of the first page changes with any commit: a counter, the file's size, pages that are not
#: in use, and the version of who wrote it.
_ANY_COMMIT: Final = (slice(24, 40), slice(92, 100))


def changed_rows(
    pages: Iterable[int],
    page_size: int,
    before: Callable[[int], bytes],
    now: Callable[[int], bytes],
    places: KeyPlaces,
) -> dict[RowKey, bool] | None:
    """Keys of rows that differ, each with whether the row was there before.

    Rows of other tables may be among them, by what stands in the columns of the key.

    Args:
        pages: those that were written.
        page_size: in bytes.
        before: gives a page as it was, fewer bytes of one that was not there.
        now: gives a page as it is.
        places: where the columns stand.

    Returns:
        None where the pages do not tell.
    """
    header = now(1)
    if len(header) < page_size:
        return None
    usable = usable_size(header, page_size)
    found = _CellChanges({}, {})
    trees: dict[int, bytes] = {}
    others: dict[int, bytes] = {}
    try:
        for number in pages:
            new, old = now(number), before(number)
            if len(new) < page_size or not found.compare(number, old, new, usable, places):
                return None
            if number > 1:
                into = others if page_type(new, number) is None else trees
                into[number] = new
        changed = found.keys()
        left = others.keys() - (_owned(trees, others, usable, places, changed) if others else set())
    except DamagedPageError:
        return None
    if left:
        left -= free_pages(header, now, page_size)
    # Nor does a page that a row goes on in say whose it is.
    return None if any(any(others[number]) for number in left) else changed


class _CellChanges(NamedTuple):
    """Cells that are not on a page any more, and those that are new on one, by their keys."""

    before: dict[RowKey, set[TreeCell]]
    after: dict[RowKey, set[TreeCell]]

    def compare(self, number: int, old: bytes, new: bytes, usable: int, places: KeyPlaces) -> bool:
        """Take in a page; False where it may have entered or left a tree, or another one has.

        Raises:
            DamagedPageError: it is none.
        """
        if number == 1 and old:
            return _without_counters(old) == _without_counters(new)
        kind = page_type(new, number)
        if kind is None and not old:
            # The file has grown, and a row goes on there.
            return True
        if len(old) < len(new) or page_type(old, number) != kind:
            return False
        if kind is None:
            return True
        if kind < FIRST_LEAF and children(old, number, usable) != children(new, number, usable):
            return False
        if kind != TABLE_INNER:
            olds, news = (cell_slices(one, number, usable) for one in (old, new))
            for slices, into in ((olds - news, self.before), (news - olds, self.after)):
                for cell in (cell_of(one, kind, usable) for one in slices):
                    for key in keys_of(cell, places):
                        into.setdefault(key, set()).add(cell)
        return True

    def keys(self) -> dict[RowKey, bool]:
        """Those whose cells differ; a row that only went to another page is none."""
        both = self.before.keys() | self.after.keys()
        return {
            key: key in self.before for key in both if self.before.get(key) != self.after.get(key)
        }


def _owned(
    trees: Mapping[int, bytes],
    others: Mapping[int, bytes],
    usable: int,
    places: KeyPlaces,
    changed: dict[RowKey, bool],
) -> set[int]:
    """Those pages that rows go on in which begin in written pages; takes in the rows' keys."""
    owned: set[int] = set()
    for number, image in trees.items():
        for cell in read_page(image, number, usable).cells:
            if cell.overflow not in others:
                continue
            for key in keys_of(cell, places):
                changed.setdefault(key, True)
            follow_overflow(cell.overflow, others, owned)
    return owned


def _without_counters(page: bytes) -> bytes:
    made = bytearray(page)
    for part in _ANY_COMMIT:
        made[part] = bytes(part.stop - part.start)
    return bytes(made)


class TwoStates(NamedTuple):
    """Pages by their numbers, as they were and as they are; fewer bytes where there is none."""

    before: Callable[[int], bytes]
    now: Callable[[int], bytes]


@contextmanager
def two_states(live: LivePages, before: LogMark) -> Iterator[TwoStates | None]:
    """Gives pages as they were in an earlier state of a log, and as they are now.

    The process-wide lock must be held. What was given counts if :func:`still_holds` says so.

    Gives None where that state cannot be read: another generation of the log was begun, or what
    came after it was copied into the database.
    """
    then, now = before.published, live.mark.published
    if before.log != live.mark.log or not _is_readable(then, now):
        yield None
        return
    pages = PrefixPages(live)
    size = live.page_size

    def page_then(number: int) -> bytes:
        return pages.read(number, 0, size, then.last_frame) if number <= then.pages else b""

    try:
        yield TwoStates(page_then, lambda number: pages.read(number, 0, size, live.last))
    finally:
        pages.close()


def still_holds(live: LivePages, before: LogMark) -> bool:
    """Whether what was read of an earlier state is that state.

    The process-wide lock must be held and no connection have a lock.
    """
    now = published(live.path)
    return now is not None and _is_readable(before.published, now)


def _is_readable(then: WalIndex, now: WalIndex) -> bool:
    return (
        then.salts == now.salts
        and then.page_size == now.page_size
        and then.last_frame <= now.last_frame
        and now.attempted <= then.last_frame
    )
