"""The page of a window whose file cannot be opened: what is wrong, where, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.errors import InspectorError, StoreError, StoreErrorKind
from inspector.gui.start.start_page import BoxedList, StoresList, ignore
from inspector.gui.start.stores_model import StoreFile
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import pixmap
from inspector.gui.style.text_format import short_path
from inspector.gui.style.theme import tokens_of
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import plain_label
from inspector.session.store_probe import StoreProbe, probes_within

_WIDTH: Final = 420
_WIDE: Final = 640  #: with a list of files, as on the start page
_CHANNEL: Final = "folder"


class OpenErrorPage(QWidget):
    """Asks for another file (``another``), or to open the same again (``again``).

    Where a folder was opened, the databases in it are listed; ``chosen`` tells one of them.
    """

    another = Signal()
    again = Signal()
    chosen = Signal(str)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._path = ""
        self.within = StoresList("Databases in this folder")
        self._box = BoxedList(self.within)
        self.within.wanted.connect(self.chosen)
        self._icon = QLabel()
        self.sentence, self.path, self.hint = plain_label(), plain_label(), plain_label()
        self.open = QPushButton("Open another\N{HORIZONTAL ELLIPSIS}")
        self.copy = QPushButton("Copy path")
        self.retry = QPushButton("Try again")
        self.open.clicked.connect(self.another)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._path))
        self.retry.clicked.connect(self.again)
        self._lay_out()
        self._show_within(False)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.open, self.copy, self.retry):
            button.setAutoDefault(True)
            button.setMinimumHeight(px(self, 28))
            buttons.addWidget(button)
        buttons.addStretch()
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        for row, part in enumerate((self.sentence, self.path, self.hint)):
            grid.addWidget(part, row, 1)
        grid.addWidget(self._box, 3, 1)
        grid.setRowMinimumHeight(4, 2)
        grid.addLayout(buttons, 5, 1)
        grid.setColumnStretch(1, 1)
        row_ = QHBoxLayout()
        row_.addStretch(1)
        row_.addWidget(self._body, 1000)
        row_.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.addStretch(1)
        column.addLayout(row_)
        column.addStretch(2)
        self._dress()

    def tell(self, error: InspectorError, path: str) -> None:
        """Say why a file cannot be opened.

        Args:
            error: the reason and what can be done.
            path: the file; empty where none was named.
        """
        self._path = path
        self.sentence.setText(error.message)
        self.path.setText(short_path(path))
        self.path.setVisible(bool(path))
        self.copy.setVisible(bool(path))
        self.hint.setText(error.hint)
        self.hint.setVisible(bool(error.hint))
        self._look_within(error)
        words = (error.message, short_path(path), error.hint)
        self.setAccessibleName(" ".join(part for part in words if part))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _look_within(self, error: InspectorError) -> None:
        self.within.places.set_places(())
        self._show_within(False)
        self._tasks.forget(_CHANNEL)
        if isinstance(error, StoreError) and error.kind is StoreErrorKind.DIRECTORY and self._path:
            work = partial(_probes, self._path)
            self._tasks.run(_CHANNEL, work, self._found, ignore, slow=True)

    def _found(self, seen: Sequence[StoreProbe]) -> None:
        self.within.places.set_places([StoreFile(one.path, seen=one) for one in seen])
        self._show_within(bool(seen))
        if seen and self.open.hasFocus():
            self.within.selectRow(0)
            self.within.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_within(self, on: bool) -> None:
        self._box.setVisible(on)
        self._body.setMaximumWidth(px(self, _WIDE if on else _WIDTH))

    def focus(self) -> None:
        """Give the focus to what most people want next."""
        self.open.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self) -> None:
        color = tokens_of(self.palette()).color("removed")
        self._icon.setPixmap(pixmap("error", color, px(self, 16), self.devicePixelRatioF()))
        self.sentence.setFont(fonts_of(self.font()).bold)
        self.hint.setForegroundRole(QPalette.ColorRole.Text)
        self._show_within(not self._box.isHidden())

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the views' ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens_of(self.palette()).color("ground"))
        painter.end()


def _probes(folder: str, cancel: Event, _report: Report) -> tuple[StoreProbe, ...]:
    return probes_within(folder, cancel)
