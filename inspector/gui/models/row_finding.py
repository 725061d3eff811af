"""Which row of a list a record has, or the first whose id or name begins with some letters."""

from __future__ import annotations

from collections.abc import Callable

from inspector.gui.models.orders import FirstRows
from inspector.gui.models.paged_rows import PagedRows
from inspector.gui.tasks import Tasks
from inspector.invisible import joined
from inspector.session.lines import Key
from inspector.session.types import RecordHead


class RowFinder:
    """Finds rows in the worker; what is sought before all rows are known waits for them."""

    def __init__(self, tasks: Tasks, rows: PagedRows) -> None:
        self._tasks = tasks
        self._rows = rows
        self._seeking: tuple[Key, Callable[[int], None]] | None = None

    def stop(self) -> None:
        """Seek nothing any more."""
        self._seeking = None
        for channel in ("seek", "letters"):
            self._tasks.forget(channel)

    def seek(self, key: Key, found: Callable[[int], None]) -> None:
        """Find the row of a record; ``found`` is called with it, or with -1, once it is known."""
        self._seeking = (key, found)
        self.go_on()

    def go_on(self) -> None:
        """Find what is sought, if there is now an order to look in."""
        reading = self._tasks.is_busy("rows") or self._tasks.is_busy("anchors")
        order = self._rows.order
        if self._seeking is None or (isinstance(order, FirstRows) and reading):
            return
        key, found = self._seeking

        def done(row: int) -> None:
            self._seeking = None
            found(row)

        self._tasks.run("seek", lambda cancel, _: order.find(key, cancel), done, lambda _: None)

    def starting(self, text: str, after: int, found: Callable[[int], None], *, keyed: bool) -> None:
        """Find a row whose id or name begins so.

        Names are looked at only in what is in memory, the rows behind ``after`` first; ids in all
        of the list. ``found`` is called with the row, or with -1. ``keyed``: records are called by
        kind and id.
        """
        rows = [row for row, head in self._rows.known() if _begins(head, text, keyed=keyed)]
        if rows:
            found(min(rows, key=lambda row: (row <= after, row)))
            return
        order = self._rows.order
        self._tasks.run(
            "letters", lambda cancel, _: order.starting(text, cancel), found, lambda _: None
        )


def _begins(head: RecordHead, text: str, *, keyed: bool) -> bool:
    names = (head.name or head.slug or "", head.id, f"{head.kind}/{head.id}" if keyed else "")
    begin = (joined(text) or text).casefold()
    return any(joined(name).casefold().startswith(begin) for name in names)
