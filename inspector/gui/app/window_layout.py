"""The layout of a window: its menus, three panes, pages and status line, and how wide each is."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from inspector.gui.actions import NAME, Actions
from inspector.gui.app.status_bar import StatusBar
from inspector.gui.kinds.kinds_view import KindsView
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.settings.settings import Settings
from inspector.gui.style.fonts import unit
from inspector.gui.style.text_format import short_path, visible
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.banner import Banner
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import IconButton
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.notification_stack import NotificationStack
from inspector.gui.widgets.splitter import LineSplitter
from inspector.store.rows import Label

MINIMUM: Final = (152, 240, 420)  #: widths of the panes, below which none goes
_WHERE: Final = 0.22  #: of the window, the most that the kinds take where text is large
_LARGE: Final = 1.3  #: how much wider than its minimum the record is where text is large


def shares(width: int, *, scale: float = 1.0) -> list[int]:
    """Widths of the three panes.

    The record needs its width first: the list gives way by dropping columns. They are the same
    whatever tab the record shows, so that nothing moves under the pointer that chooses one; at
    1440 pixels two texts have room beside each other, at 1920 a timeline and a difference.

    Args:
        width: of the window, in device-independent pixels.
        scale: how much larger text is than a 13 px font.
    """
    where = 192 if width >= 1200 else 164
    where = max(where, round(min(where * scale, width * _WHERE)))
    share = min(0.4, 0.34 + 0.05 * max(0, width - 1024) / (1440 - 1024))
    room = width - where - MINIMUM[2] * min(scale, _LARGE)
    which = max(MINIMUM[1], round(min((width - where) * share, room)))
    return [where, which, width - where - which]


class AfterPaint(QObject):
    """Calls a function once, after a widget was painted next."""

    def __init__(self, widget: QWidget, do: Callable[[], None]) -> None:
        super().__init__(widget)
        self._do = do
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint; what is to be done comes after it."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._call)
        return False

    def _call(self) -> None:
        self.deleteLater()
        self._do()


_STRETCH: Final = (0, 2, 3)
_RECORD: Final = 2  #: place of the record among the panes
_LARGEST: Final = (1440, 900)  #: of a window nobody has sized
_OF_SCREEN: Final = 0.85
_LEAST: Final = (sum(MINIMUM) + 2, 400)  #: below this no window goes, where the screen has as much
_COMFORT: Final = (1024, 640)  #: a window nobody has sized takes as much of a small screen
_FRAME: Final = (
    8,
    40,
)  #: pixels of a screen that the frame may take across, and with the title bar
_FOLDER: Final = 40  #: characters of a folder that stand in the title


class WindowLayout(QMainWindow):
    """A window without what drives it. ``paths_wanted`` asks for files that were dropped.

    ``in_use`` tells whether it is entered or left.

    The place of the record is kept free until :meth:`put_record`.
    """

    paths_wanted = Signal(list)
    in_use = Signal(bool)

    def __init__(self, settings: Settings, tasks: Tasks | None = None) -> None:
        super().__init__()
        self.panes = LineSplitter(Qt.Orientation.Horizontal, name="Kinds, records and record")
        self.settings = settings
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.tasks = tasks or Tasks(self)
        self.actions_ = Actions(self)
        self.kinds = KindsView()
        self.records = RecordsPane(self.tasks)
        self.status = StatusBar(self.actions_)
        self.banner = Banner()
        self.notice = Banner()  #: of what concerns the program, not the store
        self.notices = NotificationStack(self.notice, self)
        self.file = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self._lay_out()

    def _lay_out(self) -> None:
        self.left = QWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = Bar(40, left=8, line=True)
        head.row.addWidget(self.file, 1)
        head.row.addStretch()
        head.row.addWidget(IconButton(self.actions_["search"]))
        column.addWidget(head)
        column.addWidget(self.kinds, 1)
        for place, pane in enumerate((self.left, self.records, QWidget())):
            self.panes.addWidget(pane)
            self._fit(pane, place)
        self.panes.splitterMoved.connect(self._dragged)
        self.store = QWidget()
        store = QVBoxLayout(self.store)
        store.addWidget(self.banner)
        store.addWidget(self.panes, 1)
        store.setContentsMargins(0, 0, 0, 0)
        store.setSpacing(0)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.store)
        # What is shown must not make the window larger than the screen: the status line stays.
        self.pages.setMinimumSize(1, 1)
        whole = QWidget()
        rows = self._rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.notice)
        rows.addWidget(self.pages, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)
        self.actions_.fill(self.menuBar())
        room = self._room()
        self.setMinimumSize(*map(min, _LEAST, room))
        self.setAcceptDrops(True)

    def _fit(self, pane: QWidget, place: int) -> None:
        # On a screen that is narrower than all of them each gives way, and none is cut off.
        narrow = min(1.0, self.width() / _LEAST[0])
        pane.setMinimumWidth(int(MINIMUM[place] * narrow))
        self.panes.setStretchFactor(place, _STRETCH[place])

    def put_record(self, pane: QWidget) -> None:
        """Give the record its place, which was kept free for it."""
        free = self.panes.replaceWidget(_RECORD, pane)
        self._fit(pane, _RECORD)
        if free is not None:
            free.deleteLater()
        self.panes.keep_order()
        # The status line comes last for those who go by Tab: the record is made after it. The chain
        # itself is not asked for, since PySide takes what comes next in it for a child, and would
        # let go of the menus with the first button that is deleted.
        self.status.setParent(None)
        self._rows.addWidget(self.status)
        self.status.show()

    def tell_title(
        self,
        path: str = "",
        record: str = "",
        kind: str = "",
        *,
        label: Label = Label.PRODUCTION,
        as_of: str = "",
    ) -> None:
        """Say what is shown, the most particular first; the folder tells equal names apart."""
        file, folder = f"{Path(path).name} {as_of}".rstrip(), os.path.dirname(path)
        if label is not Label.PRODUCTION:
            file += f" ({label})"
        if label is Label.DEMO:
            folder = ""
        folder = short_path(folder) if folder else ""
        if len(folder) > _FOLDER:
            folder = f"\N{HORIZONTAL ELLIPSIS}{folder[1 - _FOLDER :]}"
        words = " - ".join(visible(part) for part in (record, kind, file, folder, NAME) if part)
        # Qt takes a lone [*] for the place of its mark of changed documents.
        self.setWindowTitle(words.replace("[*]", "[*][*]"))

    def restore(self) -> None:
        """Take the size and the widths of the window before."""
        stored = QByteArray.fromBase64(QByteArray(self.settings.geometry.encode("ascii", "ignore")))
        if not (self.settings.geometry and self.restoreGeometry(stored)):
            self.resize(*map(_first, _LARGEST, _COMFORT, self._room()))
        if len(self.settings.panes) == len(MINIMUM):
            self.panes.setSizes([max(0, int(size)) for size in self.settings.panes])

    def come_up(self) -> None:
        """Bring the window before the others."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    @staticmethod
    def _room() -> tuple[int, int]:
        """Width and height of the screen that a window may have within its frame."""
        screen = QGuiApplication.primaryScreen().availableSize()
        return screen.width() - _FRAME[0], screen.height() - _FRAME[1]

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
        for place in range(len(MINIMUM)):
            pane = self.panes.widget(place)
            if pane is not None:
                self._fit(pane, place)
        self.share()

    def changeEvent(self, event: QEvent) -> None:
        """Share it anew for another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.share()

    def share(self) -> None:
        """Give each pane its width."""
        if not self.settings.panes:
            scale = unit(self.font())
            self.panes.setSizes(shares(self.width(), scale=scale))


def _first(most: int, comfort: int, room: int) -> int:
    """An edge of a window nobody has sized: a part of the screen, but all of a small one."""
    return min(most, room, max(comfort, int(room * _OF_SCREEN)))


def _paths(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
