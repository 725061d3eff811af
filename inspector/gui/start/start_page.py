"""The page of a window without a file: stores of this computer, recent files, open, demo."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QFont,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.gui.cells.cell_delegate import TwoLineDelegate
from inspector.gui.cells.table_view import TableView
from inspector.gui.start.stores_model import PLACE_COLUMNS, StoreFile, StoresModel
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import app_icon
from inspector.gui.style.theme import tokens_of
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.scroll_bars import slim
from inspector.session.store_probe import StoreProbe, elsewhere, probe, usual_places


class StoresList(TableView):
    """The list. ``wanted`` tells the path of a file to open, ``unwanted`` one to forget.

    ``left`` tells that the cursor wants to go beyond the first (-1) or the last row (1).
    """

    wanted = Signal(str)
    unwanted = Signal(str)
    left = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(PLACE_COLUMNS, parent)
        self.places = StoresModel(self)
        self.setModel(self.places)
        self.setItemDelegate(TwoLineDelegate(self))
        self.setAccessibleName(name)
        self.horizontalHeader().hide()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.activated.connect(self._want)
        self.places.modelReset.connect(self.fit_rows)

    def current(self) -> StoreFile | None:
        """The file the cursor is on."""
        return self.places.place(self.current_row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete forgets, the arrows leave at the ends."""
        key, row, last = event.key(), self.current_row(), self.places.rowCount() - 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._want()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.forget()
        elif (key == Qt.Key.Key_Down and row == last) or (key == Qt.Key.Key_Up and row <= 0):
            self.left.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def forget(self) -> None:
        """Take the file the cursor is on off the list, where the list allows it."""
        place = self.current()
        if place is not None:
            self.unwanted.emit(place.path)

    def _want(self) -> None:
        place = self.current()
        if place is not None:
            self.wanted.emit(place.path)

    def fit_rows(self) -> None:
        """Be as high as all rows are."""
        super().fit_rows()
        rows = self.model().rowCount() if self.model() is not None else 0
        self.setFixedHeight(self.verticalHeader().defaultSectionSize() * rows)


class BoxedList(QWidget):
    """A line around a list."""

    def __init__(self, view: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(view)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.setPen(tokens_of(self.palette()).color("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


PROMISE: Final = "Reads a Stigmer store and changes nothing."
_NONE: Final = "None found in ~/.stigmer. The daemon makes one when it is first started."
_WIDTH: Final = 640
_TICK: Final = 2000  #: milliseconds between two looks at a store that a daemon writes
_CHANNEL: Final = "place "


class StartPage(QScrollArea):
    """Asks for what is chosen.

    ``path_wanted`` tells a file, ``open_wanted`` asks for one, ``demo_wanted`` for the demo store;
    ``unwanted`` tells a recent file that is to be forgotten.
    """

    path_wanted = Signal(str)
    open_wanted = Signal()
    demo_wanted = Signal()
    unwanted = Signal(str)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._channels: set[str] = set()
        self._entering = False
        self._recent: list[StoreFile] = []
        self.here = StoresList("Stores on this computer")
        self.recent = StoresList("Recent")
        self.none = plain_label(_NONE)
        self.elsewhere = plain_label("")
        self.elsewhere.setContentsMargins(0, 6, 0, 0)
        self.open = QPushButton("Open\N{HORIZONTAL ELLIPSIS}")
        self.demo = QPushButton("Open the demo store")
        self._name = QLabel("Stigmer Inspector")
        self._titles = (QLabel("Stores on this computer"), QLabel("Recent"))
        self._box_here, self._box_recent = BoxedList(self.here), BoxedList(self.recent)
        self._lay_out()
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self._look_again)
        self._connect()

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        slim(self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(2)
        self._column.addLayout(self._head())
        for title, parts in zip(
            self._titles,
            ((self._box_here, self.none, self.elsewhere), (self._box_recent,)),
            strict=True,
        ):
            self._column.addSpacing(32 if title is self._titles[0] else 28)
            self._column.addWidget(title)
            self._column.addSpacing(8)
            for part in parts:
                self._column.addWidget(part)
        self._column.addSpacing(28)
        self._column.addLayout(self._buttons())
        self._column.addStretch(3)
        self._page = QWidget()
        self._page.setLayout(self._column)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(24, 16, 24, 16)
        row.addStretch(1)
        row.addWidget(self._page, 1000)
        row.addStretch(1)
        self.setWidget(body)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self._dress()

    def _head(self) -> QHBoxLayout:
        self._icon = QLabel()
        words = QVBoxLayout()
        words.setSpacing(2)
        promise = plain_label(PROMISE)
        promise.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        words.addWidget(self._name)
        words.addWidget(promise)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._icon)
        head.addLayout(words, 1)
        return head

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        hint = plain_label("or drop a file anywhere in this window")
        hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for label in (self.none, self.elsewhere):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for button in (self.open, self.demo):
            button.setAutoDefault(True)
            row.addWidget(button)
        row.addWidget(hint, 1)
        return row

    def _connect(self) -> None:
        self.open.clicked.connect(self.open_wanted)
        self.demo.clicked.connect(self.demo_wanted)
        for view in (self.here, self.recent):
            view.wanted.connect(self.path_wanted)
            view.selectionModel().currentRowChanged.connect(partial(self._follow, view))
            self._add_action(view, "Copy path", partial(_copy_path, view))
        self.recent.unwanted.connect(self.unwanted)
        self._add_action(self.recent, "Remove from list", self.recent.forget)
        self.here.left.connect(self._down)
        self.recent.left.connect(self._up)
        self.here.selectionModel().selectionChanged.connect(partial(_deselect, self.recent))
        self.recent.selectionModel().selectionChanged.connect(partial(_deselect, self.here))

    @staticmethod
    def _add_action(view: StoresList, words: str, do: Callable[[], None]) -> None:
        action = QAction(words, view)
        action.triggered.connect(lambda _=False: do())
        view.addAction(action)

    def _down(self, by: int) -> None:
        if by > 0:
            self._enter(self.recent, 0)

    def _up(self, by: int) -> None:
        if by < 0:
            self._enter(self.here, -1)

    # What is listed

    def enter(self, recent: Sequence[tuple[str, str]]) -> None:
        """Look, and put the cursor on the first file as soon as it is known; as :meth:`refresh`."""
        self._entering = True
        self.refresh(recent)

    def refresh(self, recent: Sequence[tuple[str, str]]) -> None:
        """Look again.

        Args:
            recent: path and time of the last opening of recent files, newest first.
        """
        self._recent = [StoreFile(path, opened) for path, opened in recent]
        self._list_recent()
        self._tasks.run("places", lambda _c, _r: usual_places(), self._found, slow=True)
        for path, _ in recent:
            self._look(path)

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        for view in (self.here, self.recent):
            view.places.set_times(style)

    def leave(self) -> None:
        """Nobody waits for what is still looked at."""
        self._tick.stop()
        for channel in ("places", *self._channels):
            self._tasks.forget(channel)
        self._channels.clear()

    def _found(self, places: Sequence[Path]) -> None:
        paths = [os.fspath(place) for place in places]
        self._list(self.here, [StoreFile(path) for path in paths])
        self._list_recent()
        self._box_here.setVisible(bool(paths))
        words = elsewhere()
        self.elsewhere.setText(words)
        self.elsewhere.setVisible(bool(words))
        # Started as it is here, the daemon would make none.
        self.none.setText(_NONE.partition(" The ")[0] if words else _NONE)
        self.none.setVisible(not paths)
        for path in paths:
            self._look(path)
        if self._entering:
            self._entering = False
            self._focus_first()

    def _focus_first(self) -> None:
        filled = [view for view in (self.here, self.recent) if view.places.rowCount()]
        if filled:
            self._enter(filled[0], 0)
        else:
            self.open.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list_recent(self) -> None:
        """List the recent files that are not listed above already."""
        above = {place.path for place in self.here.places.places()}
        recent = [place for place in self._recent if place.path not in above]
        self._list(self.recent, recent)
        self._titles[1].setVisible(bool(recent))
        self._box_recent.setVisible(bool(recent))

    def _list(self, view: StoresList, places: Sequence[StoreFile]) -> None:
        before, had = view.current(), view.selectionModel().hasSelection()
        view.places.set_places(places)
        rows = [row for row, place in enumerate(places) if before and place.path == before.path]
        if had and places:
            view.selectRow(rows[0] if rows else 0)

    def _look(self, path: str) -> None:
        channel = _CHANNEL + path
        self._channels.add(channel)
        work = partial(_glance, path)
        self._tasks.run(channel, work, self._seen, ignore, slow=True)

    def _seen(self, seen: StoreProbe) -> None:
        for view in (self.here, self.recent):
            view.places.tell(seen)

    def _look_again(self) -> None:
        """Look at the stores that are being written, so that what is said of them holds."""
        for view in (self.here, self.recent):
            for place in view.places.places():
                channel = _CHANNEL + place.path
                if place.seen and place.seen.running and not self._tasks.is_busy(channel):
                    self._look(place.path)

    # How it looks

    def _follow(self, view: StoresList, row: QModelIndex, _before: QModelIndex) -> None:
        """Bring the row the cursor is on into sight where the page is higher than the window."""
        body, rect = self.widget(), view.visualRect(row)
        if body is not None and rect.isValid():
            middle = view.viewport().mapTo(body, rect.center())
            self.ensureVisible(middle.x(), middle.y(), 0, rect.height())

    def _enter(self, view: StoresList, row: int) -> None:
        if view.places.rowCount():
            (self.recent if view is self.here else self.here).clearSelection()
            view.selectRow(row % view.places.rowCount())
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self) -> None:
        name = QFont(fonts_of(self.font()).bold)
        name.setPointSizeF(name.pointSizeF() * 1.3)
        self._name.setFont(name)
        for title in self._titles:
            title.setFont(fonts_of(self.font()).bold)
        for button in (self.open, self.demo):
            button.setMinimumSize(px(self, 96), px(self, 28))
        edge = px(self, 40)
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(app_icon().pixmap(QSize(edge, edge), ratio))
        self._page.setMaximumWidth(px(self, _WIDTH))

    def showEvent(self, event: QShowEvent) -> None:
        """Follow what is written, while it can be seen."""
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop following."""
        self._tick.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()


def _deselect(other: StoresList, chosen: QItemSelection, _before: QItemSelection) -> None:
    """A row is selected in one list only."""
    if not chosen.isEmpty():
        other.clearSelection()


def _copy_path(view: StoresList) -> None:
    place = view.current()
    if place is not None:
        QGuiApplication.clipboard().setText(place.path)


def _glance(path: str, cancel: Event, _report: Report) -> StoreProbe:
    return probe(path, cancel)


def ignore(_error: InspectorError) -> None:
    """A look that was cancelled says nothing."""
