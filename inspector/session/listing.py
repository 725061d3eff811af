"""Filtered and sorted lists: the keys of what matches, and the lines of the rows on screen.

A list that is neither filtered nor sorted needs none of this: it is read page by page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inspector.session.scan import COLUMNS, Progress, RecordLine, Scan
from inspector.session.summaries import RecordHead, RecordKey
from inspector.store.rows import PAGE, Cancel, Row

if TYPE_CHECKING:
    from inspector.session.session import Session

__all__ = ["COLUMNS", "RecordLine", "gone_anchors", "heads", "matching", "ordered"]


def matching(
    session: Session,
    kinds: Sequence[str],
    text: str,
    *,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[RecordKey]:
    """Keys of the live records that a filter text fits, in kind and id order.

    Raises:
        StoreError: the file is damaged; :class:`Scan` gives what can be read.
    """
    return ordered(session, kinds, "id", text=text, cancel=cancel, progress=progress)


def ordered(
    session: Session,
    kinds: Sequence[str],
    column: str,
    *,
    descending: bool = False,
    text: str = "",
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[RecordKey]:
    """Keys of the live records in the order of a column, ties by kind and id.

    Records that have nothing in the column come last either way.

    Raises:
        StoreError: the file is damaged; :class:`Scan` gives what can be read.
    """
    scan = Scan(session, kinds, text=text, column=column, descending=descending)
    keys = scan.run(cancel, progress)
    if scan.damage is not None:
        raise scan.damage
    return keys


def heads(
    session: Session,
    keys: Sequence[RecordKey],
    cancel: Cancel | None = None,
    *,
    gone: bool = False,
) -> list[RecordHead | None]:
    """The list lines of some records in the order asked; None for one that is gone meanwhile.

    ``gone``: the records only have history; their lines are those of the newest version.
    """
    if gone:
        return [session.gone_head(key.kind, key.id, cancel) for key in keys]
    reader = session.reader(cancel)
    found: dict[RecordKey, RecordHead] = {}
    for kind in dict.fromkeys(key.kind for key in keys):
        ids = [key.id for key in keys if key.kind == kind]
        counts = session.store.history.counts(kind, ids, cancel)
        rows: list[Row] = session.store.rows_by_id(kind, ids, cancel)
        for row in rows:
            found[RecordKey(kind, row.id)] = reader.head(row, counts.get(row.id, 0))
    return [found.get(key) for key in keys]


def gone_anchors(
    session: Session,
    kind: str,
    cancel: Cancel | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[str], int]:
    """The last id of every full page of records that only have history, and their number.

    In a damaged file they end where it does.
    """
    anchors: list[str] = []
    total, more = 0, True
    while more:
        page = session.store.history.gone(
            kind, anchors[-1] if anchors else None, PAGE, cancel=cancel
        )
        total += len(page.rows)
        more = page.more and bool(page.rows)
        if more:
            anchors.append(page.rows[-1])
        if progress is not None:
            progress(total)
    return anchors, total
