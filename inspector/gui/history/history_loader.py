"""What is worked out of a record's history while it is looked at, and done with a version of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from inspector.byte_text import escaped
from inspector.errors import CancelledError, InspectorError
from inspector.gui.actions import Actions
from inspector.gui.history.history_view import HistoryView
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import copied
from inspector.gui.tasks import Report
from inspector.session.history_queries import TimelineChange, live_row, timeline_rows
from inspector.session.session import Session
from inspector.session.summaries import Record, Version
from inspector.session.version_outline import whole

_AT_ONCE: Final = 16  #: rows worked out between two looks at the window
_BLOBS: Final = 256  #: versions whose hash and tag are read from their blobs at a time


class HistoryLoader(QObject):
    """Feeds the history of the record on screen with what its rows changed."""

    def __init__(self, context: RecordContext, view: HistoryView) -> None:
        super().__init__(view)
        self._context, self._view = context, view
        view.looked_at.connect(self.look)

    def look(self) -> None:
        """Work out what the rows in sight changed, some at a time, the uppermost first."""
        view, session, record = self._view, self._context.session(), self._context.record()
        if session is None or record is None:
            return
        missing = view.versions.wanting(view.in_sight())
        rows = missing[:_AT_ONCE]
        if not rows:
            self._ask_blobs(session)
            return
        model, versions, own_head = view.versions, view.versions.versions, view.versions.own_head

        def work(cancel: Event, _report: Report) -> dict[int, TimelineChange]:
            shift = int(own_head)
            among = range(max(0, rows.start - shift), rows.stop - shift)
            told = _told(among, lambda: timeline_rows(session, versions, among, cancel))
            found = {row + shift: change for row, change in told.items()}
            if own_head and rows.start == 0:
                found |= _told(range(1), lambda: {0: _live(session, record, versions, cancel)})
            return found

        def done(found: dict[int, TimelineChange]) -> None:
            if model.versions is versions:
                model.tell(found)
                self.look()

        # What fails is told by its rows; nothing but the end of the work comes here.
        self._context.tasks.run("timeline", work, done, lambda _: None, slow=True)

    def _ask_blobs(self, session: Session) -> None:
        """Read the hashes and tags that rows do not have, while the history is looked at."""
        model, sight = self._view.versions, self._view.in_sight()
        versions, wanted = model.versions, model.silent(sight, _BLOBS)
        if not sight or not wanted or self._context.tasks.is_busy("version blobs"):
            return

        def work(cancel: Event, _report: Report) -> list[Version]:
            return whole(session, [versions[at] for at in wanted], cancel)

        def done(found: list[Version]) -> None:
            if model.versions is versions:
                model.complete(dict(zip(wanted, found, strict=True)))
            self.look()

        # A row that cannot be read says so where what it changed is told.
        self._context.tasks.run("version blobs", work, done, lambda _: None, slow=True)


def _told(rows: range, read: Callable[[], dict[int, TimelineChange]]) -> dict[int, TimelineChange]:
    """What rows changed, or why that cannot be read."""
    try:
        return read()
    except CancelledError:
        raise
    except InspectorError as error:
        return {row: TimelineChange(None, None, str(error)) for row in rows}


def _live(
    session: Session, record: Record, versions: Sequence[Version], cancel: Event
) -> TimelineChange:
    """What the live state changed, where it is no version."""
    live = session.record(record.kind, record.id, None, cancel)
    return live_row(session, live, versions, cancel)


class VersionActions(QObject):
    """What those actions of a window do; each is enabled where there is something to do."""

    def __init__(self, context: RecordContext, view: HistoryView, actions: Actions) -> None:
        super().__init__(view)
        self._context, self._view, self._actions = context, view, actions
        selection, model = self._view.table.selectionModel(), self._view.versions
        for changed in (selection.currentRowChanged, model.modelReset, model.dataChanged):
            changed.connect(lambda *_: self.enable())
        for changed in (context.tabs.changed, context.version_changed):
            changed.connect(lambda *_: self.enable())
        self.enable()

    def version(self) -> Version | None:
        """The version the cursor is on where versions are listed, else the one that is read."""
        record, row = self._context.record(), self._view.table.current_row()
        if record is None:
            return None
        listed = self._context.tabs.current() == "history" and row >= 0
        return self._view.versions.version(row) if listed else record.version

    def enable(self) -> None:
        """Enable what can be done now."""
        version, actions = self.version(), self._actions
        record = self._context.record()
        listed = record is not None and self._context.tabs.current() == "history"
        read = record.version if record is not None else None
        other = version is not read and (version is None or read is None or version != read)
        rows = self._view.versions.rowCount() > 0
        actions["open_version"].setEnabled(listed and rows and other)
        actions["live"].setEnabled(read is not None)
        actions["open_state"].setEnabled(version is not None and version.logged is not None)
        actions["copy_hash"].setEnabled(version is not None and bool(version.version_hash))
        actions["copy_tag"].setEnabled(version is not None and bool(version.tag))

    def open(self) -> None:
        """Read the version the cursor is on, None of them being the current state."""
        self._view.opened.emit(self.version())

    def copy_hash(self) -> None:
        """Copy all of the version's hash."""
        version = self.version()
        self._put("hash", version.version_hash if version is not None else None)

    def copy_tag(self) -> None:
        """Copy the version's tag."""
        version = self.version()
        self._put("tag", version.tag if version is not None else None)

    def _put(self, what: str, text: str | None) -> None:
        if text:
            QGuiApplication.clipboard().setText(escaped(text))
            self._context.tell(copied(what, text))
