"""What is counted of a store while its first rows are on screen already."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from inspector.gui.tasks import Report, Tasks
from inspector.session.summaries import KindSummary
from inspector.store.rows import PAGE, TableInfo

if TYPE_CHECKING:
    from inspector.session.seen_changes import SeenChange
    from inspector.session.session import Session

_TABLES_REST: Final = 1000  #: milliseconds at least from a change to counting tables again
_DUTY: Final = 20  #: as many times as long as counting took nothing is counted again


class KindCounts(QObject):
    """Numbers of records, of gone records and of rows, each looked for once.

    ``changed`` tells that one is known; ``counted`` that the kinds are, which were not at once;
    ``recounted`` that there are more or fewer records now;
    ``gone_known`` that it is known what is gone.
    """

    changed = Signal()
    counted = Signal()
    recounted = Signal()
    gone_known = Signal()

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._session: Session | None = None
        self._asked = True
        self.kinds: Sequence[KindSummary] = ()
        self.gone: dict[str, tuple[int, bool]] = {}
        self.tables: Sequence[TableInfo] = ()
        self._counting = QElapsedTimer()
        self._tables_later = QTimer(self, singleShot=True, interval=_TABLES_REST)
        self._tables_later.timeout.connect(self._count_tables_again)

    def begin(self, session: Session, kinds: Sequence[KindSummary]) -> None:
        """A store was opened, or read again; what was counted before is kept until it is anew."""
        for channel in ("count", "gone", "tables", "new kinds"):
            self._tasks.forget(channel)
        self._tables_later.stop()
        self._session, self._asked, self.kinds = session, False, kinds

    def clear(self, tables: Sequence[TableInfo]) -> None:
        """Another store has other numbers."""
        self.gone, self.tables = {}, tables

    def live(self) -> list[KindSummary]:
        """Kinds with a record."""
        return [kind for kind in self.kinds if kind.records]

    def take(self, changes: Sequence[SeenChange]) -> None:
        """Count what was seen to change; a kind that is new is asked for."""
        session = self._session
        if session is None or not changes:
            return
        from inspector.session.seen_changes import Happened  # noqa: PLC0415 - not before a store is followed

        known = {kind.kind: kind for kind in self.kinds}
        by = {Happened.CREATED: 1, Happened.DELETED: -1}
        missing = False
        for change in changes:
            kind = known.get(change.kind)
            if kind is None:
                missing = True
            elif kind.counted:
                versions = kind.versions + (change.happened is Happened.ARCHIVED)
                records = max(0, kind.records + by.get(change.happened, 0))
                known[change.kind] = kind._replace(records=records, versions=versions)
        self.kinds = tuple(known[kind.kind] for kind in self.kinds)
        self.changed.emit()
        self.recounted.emit()
        if not self._tables_later.isActive():
            self._tables_later.start()
        if missing:
            self._ask_for_kinds(session)

    def _ask_for_kinds(self, session: Session) -> None:
        def done(kinds: Sequence[KindSummary]) -> None:
            known = {kind.kind: kind for kind in self.kinds if kind.counted}
            self.kinds = [known.get(kind.kind, kind) for kind in kinds]
            self.changed.emit()
            self.recounted.emit()

        self._tasks.run(
            "new kinds", lambda cancel, _: session.kinds_at_once(cancel), done, lambda _: None
        )

    def look(self) -> None:
        """The first rows are there: count the rest, which nobody waits for."""
        session = self._session
        if self._asked or session is None:
            return
        self._asked = True
        if all(kind.counted for kind in self.kinds):
            self._look_for_gone(session)
        else:
            self._count(session)
        self._list_tables(session)

    def _list_tables(self, session: Session) -> None:
        """List the tables, and then count them: one after another, as long as it takes."""

        def done(tables: Sequence[TableInfo]) -> None:
            known = {table.name: table.rows for table in self.tables}
            self._show_tables([one._replace(rows=known.get(one.name)) for one in tables])
            self._count_tables(session)

        self._tasks.run(
            *("tables", lambda cancel, _: session.store.table_names(cancel)),
            *(done, lambda _: None),
        )

    def _count_tables_again(self) -> None:
        """The rows of tables have to be counted by reading: now and then, while others write."""
        session = self._session
        if session is None or not self.tables:
            return
        if self._tasks.is_busy("tables"):
            self._tables_later.start()
        else:
            self._count_tables(session)

    def _count_tables(self, session: Session) -> None:
        counted: list[TableInfo] = []  # only ever appended to, by the worker

        def work(cancel: Event, report: Report) -> None:
            for table in session.store.counted_tables(cancel):
                counted.append(table)
                report(len(counted), 0)

        def done(_: object) -> None:
            so_far()
            self._tables_later.setInterval(max(_TABLES_REST, _DUTY * self._counting.elapsed()))

        def so_far(*_: object) -> None:
            rows = {table.name: table for table in list(counted)}
            self._show_tables([rows.get(table.name, table) for table in self.tables])

        self._counting.start()
        self._tasks.run("tables", work, done, lambda _: None, so_far, slow=True)

    def _count(self, session: Session) -> None:
        def done(kinds: Sequence[KindSummary]) -> None:
            self.kinds = kinds
            self.changed.emit()
            self.counted.emit()
            self._look_for_gone(session)

        self._tasks.run(
            "count", lambda cancel, _: session.kinds(cancel), done, lambda _: None, slow=True
        )

    def _look_for_gone(self, session: Session) -> None:
        versioned = [kind.kind for kind in self.kinds if kind.versions]

        def work(cancel: Event, _report: Report) -> dict[str, tuple[int, bool]]:
            found: dict[str, tuple[int, bool]] = {}
            for kind in versioned:
                page = session.gone(kind, None, PAGE, cancel)
                if page.rows:
                    found[kind] = (len(page.rows), page.more)
            return found

        if versioned:
            self._tasks.run("gone", work, self._gone_counted, lambda _: None)

    def _gone_counted(self, gone: dict[str, tuple[int, bool]]) -> None:
        self.gone = gone
        self.changed.emit()
        self.gone_known.emit()
        self._count_gone()

    def _count_gone(self) -> None:
        """Count those that are more than a page."""
        session, many = self._session, [kind for kind, (_, more) in self.gone.items() if more]
        if session is None or not many:
            return

        def work(cancel: Event, _report: Report) -> dict[str, tuple[int, bool]]:
            from inspector.session.listing import gone_anchors  # noqa: PLC0415 - not before the first rows

            return {kind: (gone_anchors(session, kind, cancel)[1], False) for kind in many}

        def done(counted: dict[str, tuple[int, bool]]) -> None:
            self.gone = self.gone | counted
            self.changed.emit()

        self._tasks.run("gone", work, done, lambda _: None, slow=True)

    def _show_tables(self, tables: Sequence[TableInfo]) -> None:
        if tables != self.tables:
            self.tables = tables
            self.changed.emit()
