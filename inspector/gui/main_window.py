"""The window of one store: three panes, the menus over them, the status line below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.commands import Commands
from inspector.gui.desk import Desk, Opened
from inspector.gui.going import Going
from inspector.gui.settings import Settings
from inspector.gui.source import Source
from inspector.gui.status import Status
from inspector.gui.tasks import Tasks
from inspector.gui.views.kinds import KindsView
from inspector.gui.views.record_pane import RecordPane
from inspector.gui.views.records_pane import RecordsPane
from inspector.gui.widgets.bars import Bar
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.pages import EmptyState
from inspector.gui.widgets.split import LineSplitter
from inspector.session.types import Record
from inspector.store.types import Label, StoreFacts

NAME: Final = "Stigmer Inspector"
_MINIMUM: Final = (152, 240, 420)


def shares(width: int) -> list[int]:
    """Widths of the three panes in a window nobody has arranged.

    The record needs its width first: the list gives way by dropping columns.
    """
    where = 192 if width >= 1200 else 164
    share = min(0.51, 0.34 + 0.17 * max(0, width - 1024) / (1440 - 1024))
    which = max(_MINIMUM[1], round((width - where) * share))
    return [where, which, width - where - which]


class MainWindow(QMainWindow):
    """A window. ``closing`` is emitted once, when it goes away for good.

    ``open_wanted`` asks for a file, ``demo_wanted`` for the demo store.
    """

    closing = Signal(object)
    open_wanted = Signal()
    demo_wanted = Signal()

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
        self.refusal = EmptyState()
        self._file = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.desk = Desk(self.tasks, self.kinds, self.records, self.record)
        self._lay_out()
        self.commands = Commands(self)
        self.going = Going(self)
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
        self._pages = QStackedWidget()
        self._pages.addWidget(self.panes)
        self._pages.addWidget(self.refusal)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._pages, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)
        self.actions_.fill(self.menuBar())
        self.setMinimumSize(900, 560)

    def open(self, make: Callable[[], Source], shown: str, select: str | None = None) -> None:
        """Open a store.

        Args:
            make: opens it; called in the worker.
            shown: what the window is called until the store is open.
            select: ``KIND/ID[@VERSION]``, the record to go to.
        """
        self._file.setText(Path(shown).name or shown)
        self._title(shown)
        self._pages.setCurrentWidget(self.panes)
        self.kinds.setFocus()
        self.desk.open(make, select)

    def is_refused(self) -> bool:
        """Whether the window shows no store, only why."""
        return self._pages.currentWidget() is self.refusal

    def store_path(self) -> Path | None:
        """The real path of the store that is open."""
        return Path(self.facts.real_path) if self.facts is not None else None

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the worker, remember where everything was."""
        self.hide()
        self.settings.geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self.desk.close()
        self.closing.emit(self)
        super().closeEvent(event)

    def _opened(self, answer: Opened) -> None:
        self.facts = answer.facts
        self._file.setText(Path(answer.facts.path).name)
        self.status.tell_store(answer.facts, answer.kinds)
        self._title(answer.facts.path)

    def _refused(self, error: InspectorError) -> None:
        another = ("Open another\N{HORIZONTAL ELLIPSIS}", self.open_wanted.emit)
        demo = ("Open the demo store", self.demo_wanted.emit)
        reason = "\n".join(part for part in (self.asked_for, error.hint) if part)
        self.refusal.tell(error.message, reason, (another, demo))
        self._pages.setCurrentWidget(self.refusal)

    def _shown(self, record: Record) -> None:
        self.status.tell_record(record)
        self._title(self.facts.path if self.facts is not None else "", self.record.name)

    def _title(self, path: str = "", record: str = "") -> None:
        file = Path(path).name
        if self.facts is not None and self.facts.label is not Label.PRODUCTION:
            file += f" ({self.facts.label})"
        self.setWindowTitle(" - ".join(part for part in (record, file, NAME) if part))

    def _restore(self) -> None:
        stored = QByteArray.fromBase64(QByteArray(self.settings.geometry.encode("ascii", "ignore")))
        if not (self.settings.geometry and self.restoreGeometry(stored)):
            screen = QGuiApplication.primaryScreen().availableSize()
            self.resize(
                min(1440, int(screen.width() * 0.85)), min(900, int(screen.height() * 0.85))
            )
        if len(self.settings.panes) == len(_MINIMUM):
            self.panes.setSizes([max(0, int(size)) for size in self.settings.panes])

    def _dragged(self) -> None:
        self.settings.panes = self.panes.sizes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width as the panes need it, until they were dragged by hand."""
        super().resizeEvent(event)
        if not self.settings.panes:
            self.panes.setSizes(shares(event.size().width()))
