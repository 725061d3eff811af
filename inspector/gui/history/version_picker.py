"""A button that says which version is meant, and a list to choose another one from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from inspector.gui.cells.columns import Column
from inspector.gui.cells.table_view import TableView
from inspector.gui.cells.version_cells import version_columns
from inspector.gui.history.rail_delegate import RailDelegate
from inspector.gui.history.versions_model import VersionsModel
from inspector.gui.style.fonts import fonts_of, px, row_height
from inspector.gui.style.icons import pixmap
from inspector.gui.style.text_format import tooltip, visible
from inspector.gui.style.theme import tokens_of
from inspector.gui.style.time_format import TimeStyle
from inspector.named_tuple import NamedTuple

_WIDEST: Final = 200  #: of the words on the button
_KEPT: Final = 150  #: of the name of another record
_ARROW: Final = 16
_ROWS: Final = 12  #: of the list that are seen at once
_KEYS: Final = ("rail", "version", "tag", "time")


class ComparedSide(NamedTuple):
    """What is compared, as it is called.

    Attributes:
        name: a hash, ``live``, or the id of another record; empty for nothing.
        tag: its tag, or empty.
        row: its row in the list, or -1.
        title: what is shown in place of the name: another record has one people know it by.
    """

    name: str
    tag: str
    row: int
    title: str = ""


def _columns() -> tuple[Column, ...]:
    """The timeline's columns, of which only those are shown that name a version."""
    return tuple(
        column._replace(stretch=column.key == "tag", off=column.key not in _KEYS, drop=0)
        for column in version_columns(TimeStyle.UTC)
    )


class VersionList(QFrame):
    """The versions as a list that pops up. ``picked`` tells the row that was chosen."""

    picked = Signal(int)

    def __init__(
        self, parent: QWidget, versions: VersionsModel, row: int, others: Mapping[str, QAction]
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.table = TableView(_columns())
        self.table.setAccessibleName("Versions to choose from")
        self.table.setModel(versions)
        self.table.setItemDelegateForColumn(0, RailDelegate(self.table))
        self.table.activated.connect(self._pick)
        self.table.clicked.connect(self._pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        line = QHBoxLayout()
        line.setContentsMargins(px(self, 4), px(self, 4), px(self, 4), px(self, 4))
        for words, action in others.items():
            button = QToolButton()
            button.setText(words)
            button.setAutoRaise(True)
            button.setEnabled(action.isEnabled())
            button.clicked.connect(self.close)
            button.clicked.connect(action.trigger)
            line.addWidget(button)
        line.addStretch()
        column.addLayout(line)
        seen = min(_ROWS, max(1, versions.rowCount())) + 3
        self.resize(px(self, 480), seen * row_height(self) + px(self, 8))
        self.table.setFocus()
        if row >= 0:
            self.table.selectRow(row)

    def _pick(self, index: QModelIndex) -> None:
        self.close()
        self.picked.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Enter are the list's."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.table.hasFocus():
            self._pick(self.table.currentIndex())
        else:
            super().keyPressEvent(event)


class VersionPicker(QToolButton):
    """Says a version. ``picked`` tells the row of another one that was chosen.

    It is enabled while there are versions.

    Args:
        role: what the version is for, for the ear.
        versions: what there is to choose from.
        others: further choices below the list.
    """

    picked = Signal(int)

    def __init__(self, role: str, versions: VersionsModel, others: Mapping[str, QAction]) -> None:
        super().__init__()
        self._role, self._versions, self._others = role, versions, others
        self._name, self._tag, self._row, self._title = "", "", -1, ""
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.ask)
        versions.modelReset.connect(self._offer)
        self._offer()
        self.tell(ComparedSide("", "", -1))

    def tell(self, side: ComparedSide) -> None:
        """Say another version."""
        self._name, self._tag, self._row = visible(side.name), visible(side.tag), side.row
        self._title = visible(side.title)
        told = ", ".join(part for part in (self._title, self.words()) if part) or "nothing"
        self.setAccessibleName(f"{self._role}: {told}")
        self.setToolTip(tooltip(f"{self._role}: {told}\nClick to choose another one"))
        self.updateGeometry()
        self.update()

    def _offer(self) -> None:
        self.setEnabled(self._versions.rowCount() > 0)

    @property
    def row(self) -> int:
        """The row of the version that is said, or -1."""
        return self._row

    def words(self) -> str:
        """What is said."""
        return " ".join(part for part in (self._name, self._tag) if part)

    def kept_width(self) -> int:
        """The width it keeps: a version is read whole, the name of another record may be cut."""
        width = self.sizeHint().width()
        return min(width, px(self, _KEPT)) if self._title else width

    def ask(self) -> VersionList:
        """Offer the versions to choose from, below the button."""
        offered = VersionList(self, self._versions, self._row, self._others)
        offered.picked.connect(self.picked)
        corner = self.mapToGlobal(QPoint(0, self.height()))
        screen = self.screen().availableGeometry()
        x = max(screen.left(), min(corner.x(), screen.right() - offered.width()))
        above = corner.y() + offered.height() > screen.bottom()
        y = corner.y() - self.height() - offered.height() if above else corner.y()
        offered.move(x, max(screen.top(), y))
        offered.show()
        offered.table.setFocus()
        return offered

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the list, as Space does."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ask()
            return
        super().keyPressEvent(event)

    # Geometry and painting

    def _parts(self) -> list[tuple[str, QFont]]:
        fonts = fonts_of(self.font())
        name = fonts.bold if self._name == "current" else fonts.fixed
        first = (self._title, fonts.body) if self._title else (self._name, name)
        parts = [first, (self._tag, fonts.body)]
        return [part for part in parts if part[0]] or [("nothing", fonts.body)]

    def sizeHint(self) -> QSize:
        """Room for the words, where they are not too long."""
        parts = [QFontMetrics(font).horizontalAdvance(words) + 1 for words, font in self._parts()]
        words = min(px(self, _WIDEST), sum(parts) + px(self, 6) * (len(parts) - 1))
        return QSize(words + px(self, _ARROW) + px(self, 8), px(self, 24))

    def minimumSizeHint(self) -> QSize:
        """Room for a hash."""
        return QSize(min(self.sizeHint().width(), px(self, 92)), px(self, 24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words and an arrow."""
        painter, tokens = QPainter(self), tokens_of(self.palette())
        if self.underMouse() and self.isEnabled():
            painter.fillRect(self.rect(), tokens.color("unfocused"))
        if self.hasFocus():
            painter.setPen(tokens.color("link"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(tokens.color("text" if self._name else "dim"))
        edge, x = px(self, _ARROW), px(self, 4)
        stop = self.width() - edge - px(self, 4)
        for words, font in self._parts():
            metrics = QFontMetrics(font)
            mode = Qt.TextElideMode.ElideMiddle
            shown = metrics.elidedText(words, mode, max(0, stop - x))
            painter.setFont(font)
            area = QRect(x, 0, max(0, stop - x), self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
            x += metrics.horizontalAdvance(shown) + px(self, 6)
        arrow = pixmap("down", tokens.color("dim"), edge, self.devicePixelRatioF())
        painter.drawPixmap(stop + px(self, 2), (self.height() - edge) // 2, arrow)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
