"""The window of one store: three panes, the menus over them, the status line below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.actions import WINDOWS, Actions
from inspector.gui.activities import Activities
from inspector.gui.alert_stack import AlertStack, tell_ignored
from inspector.gui.alerts import Alerts
from inspector.gui.blaming import Blaming
from inspector.gui.commands import Commands
from inspector.gui.comparing import Comparing
from inspector.gui.context import offer
from inspector.gui.desk import Desk, Opened
from inspector.gui.dialogs import notes
from inspector.gui.exporting_rows import RowExport
from inspector.gui.going import Going
from inspector.gui.histories import Histories
from inspector.gui.keeper import Keeper
from inspector.gui.lists import Lists
from inspector.gui.looking import Looking
from inspector.gui.menus import SchemaMenu, WindowList
from inspector.gui.settings import Settings
from inspector.gui.source import Source
from inspector.gui.status import Status
from inspector.gui.taking import Taking
from inspector.gui.tasks import Tasks
from inspector.gui.views.kinds import KindsView
from inspector.gui.views.record_pane import RecordPane
from inspector.gui.views.records_pane import RecordsPane
from inspector.gui.views.refused import RefusedPage
from inspector.gui.views.start import StartPage
from inspector.gui.widgets.banner import Banner
from inspector.gui.widgets.bars import Bar
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.split import LineSplitter
from inspector.gui.words import visible
from inspector.session.trace import FileState
from inspector.session.types import Record
from inspector.store.types import Label, StoreFacts

NAME: Final = "Stigmer Inspector"
_MINIMUM: Final = (152, 240, 420)
_BESIDE: Final = 300  #: width of the list beside a history


def shares(width: int, *, beside: bool = False) -> list[int]:
    """Widths of the three panes in a window nobody has arranged.

    The record needs its width first: the list gives way by dropping columns, ``beside`` a history
    most of them.
    """
    where = 192 if width >= 1200 else 164
    share = min(0.51, 0.34 + 0.17 * max(0, width - 1024) / (1440 - 1024))
    which = max(_MINIMUM[1], round((width - where) * share))
    if beside:
        which = min(which, _BESIDE)
    return [where, which, width - where - which]


class MainWindow(QMainWindow):
    """A window. ``closing`` is emitted once, when it goes away for good.

    ``open_wanted`` asks for a file, ``paths_wanted`` for files by their paths, ``demo_wanted`` for
    the demo store. ``read`` tells that a store was opened, with its facts;
    ``preferred`` that a setting was changed here.
    """

    closing = Signal(object)
    open_wanted = Signal()
    paths_wanted = Signal(list)
    demo_wanted = Signal()
    read = Signal(object)
    unwanted = Signal(str)
    preferred = Signal()

    def __init__(self, settings: Settings, tasks: Tasks | None = None) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.settings = settings
        self.tasks = tasks or Tasks(self)
        self.asked_for = ""  #: path of the file this window is for, empty where none was named
        self.facts: StoreFacts | None = None
        self.actions_ = Actions(self)
        self.kinds = KindsView()
        self.records = RecordsPane(self.tasks)
        self.record = RecordPane(self.actions_, self.tasks)
        self.status = Status(self.actions_)
        self.banner = Banner()
        self.notice = Banner()  #: of what concerns the program, not the store
        self.notices = AlertStack(self.notice, self)
        self.start = StartPage(self.tasks)
        self.refusal = RefusedPage()
        self._make: Callable[[], Source] | None = None
        self._shown_as = ""
        self._files: tuple[FileState, ...] = ()
        self._file = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.desk = Desk(self.tasks, self.kinds, self.records, self.record)
        self._lay_out()
        self.keeper = Keeper(self)
        self.alerts = Alerts(self)
        self.schemas = SchemaMenu(self)
        self.windows = WindowList(self.actions_.menus[WINDOWS], self)
        self.looking = Looking(self)
        self.commands = Commands(self)
        self.going = Going(self)
        self.taking = Taking(self)
        self.row_export = RowExport(self)
        offer(self)
        self.histories = Histories(self)
        self.comparing = Comparing(self)
        self.blaming = Blaming(self)
        self.activities = Activities(self)
        self.lists = Lists(self)
        self._connect_pages()
        self.record.tabs.changed.connect(lambda _: self._share())
        self.desk.opened.connect(self._opened)
        self.desk.refused.connect(self._refused)
        self.desk.shown.connect(self._shown)
        self._title()
        self._restore()

    def _lay_out(self) -> None:
        self.left = QWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = Bar(40, left=8, line=True)
        head.row.addWidget(self._file, 1)
        head.row.addStretch()
        column.addWidget(head)
        column.addWidget(self.kinds, 1)
        self.panes = LineSplitter(Qt.Orientation.Horizontal)
        for pane, stretch, least in zip(
            (self.left, self.records, self.record), (0, 2, 3), _MINIMUM, strict=True
        ):
            pane.setMinimumWidth(least)
            self.panes.addWidget(pane)
            self.panes.setStretchFactor(self.panes.indexOf(pane), stretch)
        self.panes.splitterMoved.connect(self._dragged)
        self._store = QWidget()
        store = QVBoxLayout(self._store)
        store.addWidget(self.banner)
        store.addWidget(self.panes, 1)
        store.setContentsMargins(0, 0, 0, 0)
        store.setSpacing(0)
        self._pages = QStackedWidget()
        for page in (self._store, self.start, self.refusal):
            self._pages.addWidget(page)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.notice)
        rows.addWidget(self._pages, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)
        self.actions_.fill(self.menuBar())
        self.setMinimumSize(900, 560)
        self.setAcceptDrops(True)

    def _connect_pages(self) -> None:
        self.start.path_wanted.connect(lambda path: self.paths_wanted.emit([path]))
        self.start.open_wanted.connect(self.open_wanted)
        self.start.demo_wanted.connect(self.demo_wanted)
        self.start.unwanted.connect(self.unwanted)
        self.refusal.another.connect(self.open_wanted)
        self.refusal.again.connect(self.reopen)
        self.status.lock.clicked.connect(self.tell_files)

    def open(
        self,
        make: Callable[[], Source],
        shown: str,
        select: str | None = None,
        *,
        remembered_by: str = "",
    ) -> None:
        """Open a store.

        Args:
            make: opens it; called in the worker.
            shown: what the window is called until the store is open.
            select: ``KIND/ID[@VERSION]``, the record to go to.
            remembered_by: what the settings know the file by: its real path.
        """
        self.keeper.keep()
        self.start.leave()
        self.alerts.clear()
        self.facts, self._make, self._shown_as = None, make, shown
        self._file.setText(Path(shown).name or shown)
        self._title(shown)
        self._pages.setCurrentWidget(self._store)
        self.kinds.setFocus()
        spot = self.keeper.begin(remembered_by)
        now = self.keeper.now

        def made() -> Source:
            source = make()
            source.read_with(now.schema, now.schemas)
            return source

        self.desk.open(made, select, spot)

    def copy_of(self, other: MainWindow) -> None:
        """Show what another window shows, where it is now."""
        if other._make is not None:
            self.resize(other.size())
            self.open(other._make, other._shown_as, remembered_by=other.keeper.file)

    def reopen(self, select: str | None = None) -> None:
        """Open the same file anew, and go to where the window was or to a record."""
        if self._make is not None:
            self.keeper.keep()
            by = self.keeper.file
            self.open(self._make, self._shown_as, select, remembered_by=by)

    def show_start(self, recent: Sequence[tuple[str, str]]) -> None:
        """Show the start page.

        Args:
            recent: path and time of the last opening of recent files, newest first.
        """
        self.status.tell_no_store()
        self._file.setText("")
        self._pages.setCurrentWidget(self.start)
        self.start.enter(recent)
        tell_ignored(self)

    def is_free(self) -> bool:
        """Whether the window shows no store."""
        return self._pages.currentWidget() is not self._store

    def is_start(self) -> bool:
        """Whether the window shows the start page."""
        return self._pages.currentWidget() is self.start

    def come_up(self) -> None:
        """Bring the window before the others."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def read_again(self) -> None:
        """Look at what is shown anew: the store, or the files of the start page."""
        if self.is_start():
            self.start.refresh(self.settings.recent_files())
        elif self.is_free():
            self.reopen()
        else:
            self.desk.read_again()

    def tell_files(self) -> None:
        """Say how the file is opened, and what lies on the disk beside what lay there before."""
        before = self._files

        def tell(now: tuple[FileState, ...]) -> None:
            notes.opened_read_only(self, before, now)

        self.desk.file_states(tell)

    def store_path(self) -> Path | None:
        """The real path of the store that is open."""
        return Path(self.facts.real_path) if self.facts is not None else None

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the worker, remember where everything was."""
        self.keeper.keep()
        self.hide()
        self.settings.geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self.desk.close()
        self.closing.emit(self)
        super().closeEvent(event)

    def _opened(self, answer: Opened) -> None:
        self.facts = answer.facts
        self._files = answer.files or self._files
        if not self.keeper.file:
            self.keeper.file = answer.facts.real_path
        self.records.damage.begin(answer.source, answer.facts, answer.damage)
        self.read.emit(answer.facts)
        self._file.setText(Path(answer.facts.path).name)
        self.status.tell_store(answer.facts, answer.kinds)
        record = self.record.record
        if record is None:
            self._title(answer.facts.path)

    def _refused(self, error: InspectorError) -> None:
        self.facts = None
        self.status.tell_no_store()
        self.refusal.tell(error, self.asked_for)
        self._pages.setCurrentWidget(self.refusal)
        self.refusal.focus()

    def _shown(self, record: Record) -> None:
        self.status.tell_record(record)
        if self.facts is not None:
            self._title(self.facts.path, self.record.name, record.display_kind or record.kind)

    def _title(self, path: str = "", record: str = "", kind: str = "") -> None:
        file = Path(path).name
        if self.facts is not None and self.facts.label is not Label.PRODUCTION:
            file += f" ({self.facts.label})"
        words = " - ".join(visible(part) for part in (record, kind, file, NAME) if part)
        # Qt takes a lone [*] for the place of its mark of changed documents.
        self.setWindowTitle(words.replace("[*]", "[*][*]"))

    def _restore(self) -> None:
        stored = QByteArray.fromBase64(QByteArray(self.settings.geometry.encode("ascii", "ignore")))
        if not (self.settings.geometry and self.restoreGeometry(stored)):
            screen = QGuiApplication.primaryScreen().availableSize()
            self.resize(
                min(1440, int(screen.width() * 0.85)), min(900, int(screen.height() * 0.85))
            )
        if len(self.settings.panes) == len(_MINIMUM):
            self.panes.setSizes([max(0, int(size)) for size in self.settings.panes])

    def set_panes(self, sizes: Sequence[int]) -> None:
        """Give the panes widths that were dragged once."""
        self.settings.panes = list(sizes)
        self.panes.setSizes(self.settings.panes)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open files, a window each."""
        paths = _paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.paths_wanted.emit(paths)

    def _dragged(self) -> None:
        self.settings.panes = self.panes.sizes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width as the panes need it, until they were dragged by hand."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        if not self.settings.panes:
            beside = self.record.tabs.current() in ("history", "activity")
            self.panes.setSizes(shares(self.width(), beside=beside))


def _paths(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
