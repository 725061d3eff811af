"""The window of one store: three panes, the menus over them, the status line below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from inspector.errors import InspectorError, StateGoneError
from inspector.gui.actions import WINDOWS
from inspector.gui.app.action_handlers import (
    ActionDispatcher,
    part_commands,
    part_switches,
    window_commands,
)
from inspector.gui.app.changing_menus import WindowList
from inspector.gui.app.store_controller import OpenedStore, StoreController
from inspector.gui.app.window_layout import AfterPaint, WindowLayout
from inspector.gui.app.window_state import WindowState
from inspector.gui.kinds.kinds_model import WITHOUT_RECORDS, EntryType, KindEntry
from inspector.gui.settings.settings import Settings
from inspector.gui.signature_loading import load_later
from inspector.gui.store_request import read_with_own
from inspector.gui.style.text_format import full_path
from inspector.gui.support.help_controller import HelpedWindow
from inspector.gui.tasks import Tasks, painting
from inspector.gui.widgets.notification_stack import tell_ignored
from inspector.session.file_states import FileState
from inspector.session.summaries import Record
from inspector.store.rows import Form, Label, StoreFacts

if TYPE_CHECKING:
    from inspector.gui.app.deferred_parts import DeferredParts
    from inspector.gui.record.record_pane import RecordPane
    from inspector.gui.start.open_error_page import OpenErrorPage
    from inspector.gui.start.start_page import StartPage
    from inspector.gui.support.diagnostics import WindowReport
    from inspector.session.session import Session

_PATIENCE: Final = 500  #: milliseconds the first rows may take to be painted
#: Switches that are in a new window as they were in the last one.
_KEPT: Final = ("types", "unset", "wrap", "wrap_json", "reader", "only_changes", "side_by_side")


class MainWindow(WindowLayout):
    """A window. ``closing`` is emitted once, when it goes away for good.

    ``open_wanted`` asks for a file, ``paths_wanted`` for files by their paths, ``demo_wanted`` for
    the demo store. ``read`` tells that a store was opened, with its facts; ``preferred`` that a
    setting was changed here. ``completed`` is emitted once, when what is not needed to list records
    is there too. ``state_wanted`` asks for a state of a store and the record to go to.

    Attributes:
        asked_for: path of the file this window is for, empty where none was named.
        store_controller: what is open.
        window_state: where the window was in its file.
        dispatcher: knows what the actions do.
        parts: what is not needed to list records; None until :meth:`complete`.
    """

    closing = Signal(WindowLayout)
    open_wanted = Signal()
    demo_wanted = Signal()
    read = Signal(StoreFacts)
    unwanted = Signal(str)
    preferred = Signal()
    completed = Signal()
    state_wanted = Signal(object, str)  # a StoreMoment, and KIND/ID or nothing

    def __init__(self, settings: Settings, tasks: Tasks | None = None) -> None:
        super().__init__(settings, tasks)
        self.asked_for = ""
        self.parts: DeferredParts | None = None
        self._start: StartPage | None = None
        self._open_error_page: OpenErrorPage | None = None
        self._make: Callable[[], Session] | None = None
        self._shown_as = self._like = ""
        self._named_by_entry = False  #: whether the title names a list that a record stands beside
        self._arriving = False  #: whether a record was asked for that is not shown yet
        self._answer: OpenedStore | None = None
        self._files: tuple[FileState, ...] = ()
        self.store_controller = StoreController(
            self.tasks, self.kinds, self.records, lambda: self.record
        )
        self._later = QTimer(self, singleShot=True, interval=0)
        self.window_state = WindowState(self, self.store_controller)
        self.windows = WindowList(self.actions_.menus[WINDOWS], self)
        self.helped = HelpedWindow(self, self.notices, self.status.tell, self.report)
        for name in _KEPT:
            self.actions_[name].setChecked(getattr(settings, name))
        self.dispatcher = ActionDispatcher(self.actions_, self.complete)
        self._connect()
        self.tell_title()
        self.restore()

    def _connect(self) -> None:
        self.store_controller.opened.connect(self._opened)
        self.store_controller.refused.connect(self._refused)
        self.store_controller.shown.connect(self._shown)
        for counted in (
            self.store_controller.kind_counts.counted,
            self.store_controller.kind_counts.recounted,
        ):
            counted.connect(self._counted)
        self.records.listed.connect(self._listed)
        self.kinds.chosen.connect(self._entry_chosen)
        self.tasks.failed.connect(self._task_failed)
        self.status.lock.clicked.connect(self.tell_files)
        self._later.timeout.connect(self.complete)
        for menu in self.actions_.menus.values():
            menu.aboutToShow.connect(self.complete)
        self.dispatcher.add_commands(
            window_commands(
                ask_open=self.open_wanted.emit,
                open_demo=self.demo_wanted.emit,
                close=self.close,
                close_all=QApplication.closeAllWindows,
                tell_files=self.tell_files,
            )
        )

    # What is not needed to list records

    @property
    def is_complete(self) -> bool:
        """Whether all of it is made."""
        return self.parts is not None

    @property
    def record(self) -> RecordPane:
        """The record's pane, which is made now where it is not there yet."""
        return self.parts_now().record

    def parts_now(self) -> DeferredParts:
        """What :meth:`complete` makes, made now where it is not there yet."""
        self.complete()
        assert self.parts is not None
        return self.parts

    def complete(self) -> None:
        """Make what is not needed to list records: the record's pane and what actions do.

        It takes longer than all before, so it is done when the first rows are on screen, or when
        something of it is first asked for.
        """
        if self.parts is not None:
            return
        from inspector.gui.app.deferred_parts import DeferredParts  # noqa: PLC0415 - takes long

        self.parts = parts = DeferredParts(
            *(self, self.store_controller, self.window_state),
            reopen=self.reopen,
            read_again=self.read_again,
            preferred=self.preferred.emit,
            open_state=self.state_wanted.emit,
        )
        parts.begin_as(self)
        self.dispatcher.add_commands(
            part_commands(
                parts, self.records, read_again=self.read_again, show_keys=self._show_keys
            )
        )
        self.dispatcher.add_switches(part_switches(parts, self.records))
        menus = {"schema": parts.schema_menu, "columns": parts.columns_menu}
        others = {"filters": parts.filter_menu, "show_time": parts.table_actions.times_menu}
        self.dispatcher.add_menus({**menus, **others})
        self.share()
        if self._answer is not None:
            self._settle(parts, self._answer)
        self.store_controller.attend()
        self.completed.emit()
        load_later()

    def _settle(self, parts: DeferredParts, answer: OpenedStore) -> None:
        parts.opened(answer)
        tell_ignored(self.settings.ignored, self.notices)

    @property
    def start(self) -> StartPage:
        """The page of a window that shows no store, made when it is first asked for."""
        if self._start is None:
            from inspector.gui.start.start_page import StartPage  # noqa: PLC0415 - seldom shown

            self._start = page = StartPage(self.tasks)
            page.path_wanted.connect(lambda path: self.paths_wanted.emit([path]))
            page.open_wanted.connect(self.open_wanted)
            page.demo_wanted.connect(self.demo_wanted)
            page.unwanted.connect(self.unwanted)
            self.pages.addWidget(page)
        return self._start

    @property
    def open_error_page(self) -> OpenErrorPage:
        """The page that says why a store cannot be opened, made when it is first asked for."""
        if self._open_error_page is None:
            from inspector.gui.start.open_error_page import OpenErrorPage  # noqa: PLC0415 - seldom

            self._open_error_page = page = OpenErrorPage(self.tasks)
            page.chosen.connect(lambda path: self.paths_wanted.emit([path]))
            page.another.connect(self.open_wanted)
            page.again.connect(self.reopen)
            self.pages.addWidget(page)
        return self._open_error_page

    def _listed(self) -> None:
        if not self.is_complete:
            AfterPaint(self.records.table.viewport(), self.complete)
            # What nobody sees may never be painted.
            self._later.start(_PATIENCE)

    def _task_failed(self, channel: str, error: InspectorError) -> None:
        if self.store_controller.facts is not None:
            if isinstance(error, StateGoneError):
                self.status.tell_lost(error.message)
            self.parts_now().notifications.failed(channel, error)

    @property
    def facts(self) -> StoreFacts | None:
        """What the file is that is open, None while none is."""
        return self.store_controller.facts

    # For the whole program

    def follow_preference(self, name: str) -> None:
        """Show a preference that was changed."""
        self.parts_now().view_settings.follow(name)

    def reset_schemas(self) -> None:
        """Read the file and all of its kinds with what fits each record."""
        self.parts_now().schema.reset()

    def report(self) -> WindowReport:
        """What diagnostics tell of this window."""
        from inspector.gui.support.diagnostics import WindowReport  # noqa: PLC0415 - seldom told

        record = self.parts.record.record if self.parts is not None else None
        holds = self.status.counts.text()
        return WindowReport(self.store_controller.facts, holds, self.window_state.now, record)

    def _show_keys(self) -> None:
        from inspector.gui.support.shortcuts_dialog import (  # noqa: PLC0415 - seldom shown
            ShortcutsDialog,
        )

        ShortcutsDialog(self.menuBar()).open()

    # Files

    def open(
        self,
        make: Callable[[], Session],
        shown: str,
        select: str | None = None,
        *,
        remembered_by: str = "",
        like: str = "",
    ) -> None:
        """Open a store.

        Args:
            make: opens it; called in the worker.
            shown: what the window is called until the store is open.
            select: ``KIND/ID[@VERSION]``, the record to go to.
            remembered_by: what the settings know the file by: its real path.
            like: the file that it is an earlier state of; nothing is remembered of that alone.
        """
        self.window_state.keep()
        self.dispatcher.begin()
        if self._start is not None and self.is_start():
            self._start.leave()
        if self.parts is not None:
            self.parts.notifications.clear()
            self.parts.follow.end()
            self.parts.navigation.leave()
        self._answer, self._make, self._shown_as, self._like = None, make, shown, like
        self.file.setText(Path(shown).name or shown)
        self.tell_title(shown)
        self.pages.setCurrentWidget(self.store)
        self.kinds.setFocus()
        spot = self.window_state.begin(remembered_by, like)
        now = self.window_state.now

        def made() -> Session:
            session = make()
            self.store_controller.unread = read_with_own(session, now.schema, dict(now.schemas))
            return session

        self.store_controller.open(made, select, spot)

    def copy_of(self, other: MainWindow) -> None:
        """Show what another window shows, where it is now."""
        if other._make is not None:
            self.resize(other.size())
            by, like = other.window_state.file, other._like
            self.open(other._make, other._shown_as, remembered_by=by, like=like)

    def reopen(self, select: str | None = None) -> None:
        """Open the same file anew, and go to where the window was or to a record."""
        if self._make is not None:
            self.window_state.keep()
            by = self.window_state.file
            self.open(self._make, self._shown_as, select, remembered_by=by, like=self._like)

    def show_start(self, recent: Sequence[tuple[str, str]]) -> None:
        """Show the start page.

        Args:
            recent: path and time of the last opening of recent files, newest first.
        """
        self.status.tell_no_store()
        self.file.setText("")
        self.pages.setCurrentWidget(self.start)
        self.start.enter(recent)
        tell_ignored(self.settings.ignored, self.notices)
        self._later.start(0)

    def is_free(self) -> bool:
        """Whether the window shows no store."""
        return self.pages.currentWidget() is not self.store

    def is_start(self) -> bool:
        """Whether the window shows the start page."""
        return self._start is not None and self.pages.currentWidget() is self._start

    def read_again(self) -> None:
        """Look at what is shown anew: the store, or the files of the start page."""
        if self.is_start():
            self.start.refresh(self.settings.recent_files())
        elif self.is_free():
            self.reopen()
        else:
            self.store_controller.read_again()
            parts = self.parts_now()
            parts.updates.see_all()
            parts.follow.look()

    def tell_files(self) -> None:
        """Say how the file is opened, and what lies on the disk beside what lay there before."""
        from inspector.gui.dialogs import message_boxes  # noqa: PLC0415 - seldom shown

        before = self._files

        def tell(now: tuple[FileState, ...]) -> None:
            message_boxes.opened_read_only(self, before, now)

        self.store_controller.file_states(tell)

    def event(self, event: QEvent) -> bool:
        """Paint a frame before slow work goes on; tell who waits for it that it is left."""
        if event.type() in (QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate):
            self.in_use.emit(event.type() == QEvent.Type.WindowActivate)
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        with painting():
            return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of what can be done once the store is open wait for it."""
        if not self.dispatcher.put_off(QKeySequence(event.keyCombination())):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the worker, remember where everything was."""
        self.window_state.keep()
        self.hide()
        self.settings.geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self.store_controller.close()
        self.closing.emit(self)
        super().closeEvent(event)

    def _opened(self, answer: OpenedStore) -> None:
        self._arriving = bool(answer.asked) and answer.target is not None
        self._files = answer.files or self._files
        if not self.window_state.file:
            self.window_state.file = answer.facts.real_path
        self.records.damage.begin(answer.session, answer.facts, answer.damage)
        self.read.emit(answer.facts)
        self.file.setText(f"{Path(answer.facts.path).name} {answer.facts.as_of}".rstrip())
        tables = answer.tables or self.store_controller.kind_counts.tables
        damaged = answer.damage is not None
        self.status.tell_store(answer.facts, answer.kinds, tables, damaged=damaged)
        entry = self.kinds.entry()
        if entry is not None and entry.type in WITHOUT_RECORDS:
            self._entry_chosen(entry)
        elif self.parts is None or self.parts.record.record is None:
            self._name()
        self._answer = answer
        if self.parts is not None:
            self._settle(self.parts, answer)
        # What is listed first is chosen only now.
        QTimer.singleShot(0, self, lambda: self._do_what_waits(answer))

    def _do_what_waits(self, answer: OpenedStore) -> None:
        if self._answer is answer:
            self.dispatcher.settle(opened=True)

    def _counted(self) -> None:
        session, entry = self.store_controller.session(), self.kinds.entry()
        damaged = session is not None and session.damage is not None
        versioned = self.facts is None or self.facts.form is Form.SQLITE
        self.status.tell_counts(
            self.store_controller.kind_counts.kinds, versioned=versioned, damaged=damaged
        )
        if session is None or session.damage is None or self.facts is None:
            return
        self.records.damage.begin(session, self.facts, session.damage)
        if entry is not None:
            self.records.damage.show_entry(entry)

    def _refused(self, error: InspectorError) -> None:
        self.status.tell_no_store()
        self.open_error_page.tell(error, self.asked_for)
        self._later.start(0)
        self.pages.setCurrentWidget(self.open_error_page)
        self.open_error_page.focus()
        self.dispatcher.settle(opened=False)

    def _shown(self, record: Record) -> None:
        self.status.tell_record(record)
        arriving, self._arriving = self._arriving, False
        self._named_by_entry = False
        if arriving and self.focusWidget() in (None, self.kinds):
            self.record.focus()
        self._name_record(record)

    def _entry_chosen(self, entry: KindEntry) -> None:
        """The rows of a table are no record, nor read with a schema; beside hits a record stays."""
        beside = entry.type in (EntryType.SEARCH, EntryType.CHECK)
        if entry.type in WITHOUT_RECORDS:
            self._name(entry.title, "Table" if entry.type is EntryType.TABLE else "")
            if not beside:
                self.status.tell_no_record()
        elif self._named_by_entry:
            # The record that stood beside hits and findings may be the one that is listed; after
            # a table it is shown anew, and named then.
            self._name_record(self.record.record)
        self._named_by_entry = beside

    def _name_record(self, record: Record | None) -> None:
        kind = record.display_kind or record.kind if record is not None else ""
        self._name(self.record.name, kind)

    def _name(self, record: str = "", kind: str = "") -> None:
        facts = self.facts
        if facts is not None:
            path = full_path(facts.path)
            marked = facts.is_test or facts.label is Label.DEMO
            label = facts.label if marked else Label.PRODUCTION
            self.tell_title(path, record, kind, label=label, as_of=facts.as_of)
