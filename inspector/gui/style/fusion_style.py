"""Header and tab bar without Fusion's gradients; other styles paint their own."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionTab, QTabBar, QWidget

from inspector.gui.style.fonts import fonts_of, px, row_height
from inspector.gui.style.icons import pixmap
from inspector.gui.style.theme import fill, tokens_of

_PADDING: Final = 8
_ARROW: Final = 16
_BESIDE: Final = (12, 8, 5, 3)  #: space beside the word of a tab, and where there is little of it
_TIGHT: Final = _BESIDE[-1]  #: with so little the words are small, and none is heavier


def is_fusion(widget: QWidget) -> bool:
    """Whether the widget is drawn by Fusion, the style of sessions without a desktop's own."""
    return widget.style().name() == "fusion"


class FlatHeader(QHeaderView):
    """Column heads in small type on the bars' ground, a line below, the sort arrow behind."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(4)

    def sizeHint(self) -> QSize:
        """As high as a row."""
        return QSize(super().sizeHint().width(), row_height(self))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one head."""
        if not is_fusion(self):
            super().paintSection(painter, rect, section)
            return
        tokens = tokens_of(self.palette())
        painter.save()
        fill(painter, rect, tokens.color("bars"))
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        fill(painter, line, tokens.color("line"))
        painter.setPen(tokens.color("dim"))
        self._paint_title(painter, rect, section)
        painter.restore()

    def _paint_title(self, painter: QPainter, rect: QRect, section: int) -> None:
        model, role = self.model(), Qt.ItemDataRole
        title = str(model.headerData(section, self.orientation(), role.DisplayRole) or "")
        align = model.headerData(section, self.orientation(), role.TextAlignmentRole)
        right = bool(align is not None and Qt.AlignmentFlag(align) & Qt.AlignmentFlag.AlignRight)
        font = fonts_of(self.font()).small
        metrics = QFontMetrics(font)
        pad, arrow = px(self, _PADDING), px(self, _ARROW)
        sorted_by = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        room = rect.width() - 2 * pad - (arrow if sorted_by else 0)
        text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(text)
        x = rect.left() + pad + (room - width if right else 0)
        painter.setFont(font)
        baseline = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) // 2
        painter.drawText(QPoint(x, baseline), text)
        if sorted_by:
            self._paint_arrow(painter, QPoint(x + width + 4, rect.center().y()), arrow)

    def _paint_arrow(self, painter: QPainter, left_middle: QPoint, edge: int) -> None:
        ascending = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        color = tokens_of(self.palette()).color("dim")
        drawn = pixmap("up" if ascending else "down", color, edge, self.devicePixelRatioF())
        painter.drawPixmap(left_middle - QPoint(0, edge // 2), drawn)


class FlatTabBar(QTabBar):
    """Tabs as words; the current one heavier, over a line of two pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self._beside = _BESIDE[0]

    def tabSizeHint(self, index: int) -> QSize:
        """Room for the word in the heavier weight, so that choosing a tab moves none."""
        if not is_fusion(self):
            return super().tabSizeHint(index)
        return QSize(self._width(index, self._beside), px(self, 32))

    def _width(self, index: int, beside: int) -> int:
        font = self._font(beside, current=True)
        return QFontMetrics(font).horizontalAdvance(self.tabText(index)) + 2 * px(self, beside)

    def fit(self, room: int) -> None:
        """Let the space beside the words give way where all tabs need more than ``room`` pixels."""
        if not is_fusion(self):
            return
        beside = next((each for each in _BESIDE if self.needed(each) <= room), _BESIDE[-1])
        if beside != self._beside:
            self._beside = beside
            self.setTabText(0, self.tabText(0))  # has Qt lay all tabs out anew
            self.updateGeometry()

    def needed(self, beside: int = _BESIDE[0]) -> int:
        """Pixels that all tabs need, with so much space at either side of their words."""
        tabs = [index for index in range(self.count()) if self.isTabVisible(index)]
        if not is_fusion(self):
            return sum(self.tabSizeHint(index).width() for index in tabs)
        return sum(self._width(index, beside) for index in tabs)

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Tabs are never squeezed."""
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all tabs."""
        if not is_fusion(self):
            super().paintEvent(event)
            return
        painter = QPainter(self)
        for index in range(self.count()):
            if self.isTabVisible(index):
                self._paint_tab(painter, index)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        option = QStyleOptionTab()
        self.initStyleOption(option, index)
        tokens = tokens_of(self.palette())
        current = index == self.currentIndex()
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        rect = self.tabRect(index)
        painter.setFont(self._font(self._beside, current=current))
        painter.setPen(self._ink(index, lit=current or hovered))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.tabText(index))
        line = rect.adjusted(px(self, 4), rect.height() - 2, -px(self, 4), 0)
        if current:
            painter.fillRect(line, tokens.color("link"))
            if self.hasFocus():
                painter.drawRect(rect.adjusted(2, 3, -3, -5))

    def _ink(self, index: int, *, lit: bool) -> QColor:
        if not self.isTabEnabled(index):
            return self.palette().color(
                self.palette().ColorGroup.Disabled, self.palette().ColorRole.Text
            )
        return tokens_of(self.palette()).color("text" if lit else "dim")

    def _font(self, beside: int, *, current: bool) -> QFont:
        fonts = fonts_of(self.font())
        if beside == _TIGHT:
            return fonts.small
        return fonts.bold if current else fonts.body
