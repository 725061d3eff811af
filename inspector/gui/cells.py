"""The one delegate of all tables and trees: it paints runs of text."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from inspector.gui.fonts import fonts_of, px, row_height
from inspector.gui.pen import Pen
from inspector.gui.placing import Measure, Placing, place
from inspector.gui.runs import CELL_ROLE, EMPTY, Cell
from inspector.gui.theme import Tokens, tokens_of

Index = QModelIndex | QPersistentModelIndex
PADDING: Final = 8
BAR: Final = 3  #: width of the bar that marks the current row of a pane without focus
_State = QStyle.StateFlag


def ground(tokens: Tokens, view: QWidget, state: QStyle.StateFlag, tint: str) -> QColor | None:
    """The ground of a row: selection, hover or tint, in this order; None for the view's own."""
    if state & _State.State_Selected:
        return tokens.color("selection" if view.hasFocus() else "unfocused")
    if tint:
        return tokens.color(tint)
    return tokens.color("hover") if state & _State.State_MouseOver else None


def paint_bar(painter: QPainter, rect: QRect, tokens: Tokens, view: QWidget) -> None:
    """Mark the current row of a pane that has not the focus."""
    if not view.hasFocus():
        painter.fillRect(rect.left(), rect.top(), BAR, rect.height(), tokens.color("link"))


def tooltip(text: str) -> str:
    """A tooltip that shows data as it is: Qt guesses markup in plain text."""
    from html import escape  # noqa: PLC0415 - not needed before something is pointed at

    return f"<div style='white-space: pre-wrap'>{escape(text[:2000])}</div>"


class CellDelegate(QStyledItemDelegate):
    """Paints the :class:`Cell` a model gives for ``CELL_ROLE``."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._measure: Measure | None = None

    def measure(self, view: QWidget) -> Measure:
        """Metrics of the view's font, made anew when the font is another."""
        fonts = fonts_of(view.font())
        if self._measure is None or self._measure.fonts is not fonts:
            self._measure = Measure(fonts)
        return self._measure

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the ground of the row and the runs of the cell."""
        view = option.widget
        tokens = tokens_of(view.palette())
        cell = _cell(index)
        rect = option.rect
        state = option.state
        hovered = getattr(view, "is_hovered", None)
        if hovered is not None and hovered(index):
            state |= _State.State_MouseOver
        color = ground(tokens, view, state, cell.tint)
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        if color is not None:
            painter.fillRect(rect, color)
        selected = bool(state & _State.State_Selected)
        if selected and self.draws_bar(view, index):
            paint_bar(painter, rect, tokens, view)
        lead = px(view, self.lead(index))
        area = rect.adjusted(lead, 0, -px(view, PADDING), 0)
        pen = Pen(
            painter,
            tokens,
            self.measure(view),
            view.devicePixelRatioF(),
            selected and view.hasFocus(),
        )
        pen.mark = self.mark(index)
        self._paint_runs(pen, view, cell, area)
        painter.restore()

    def mark(self, index: Index) -> re.Pattern[str] | None:
        """What of a cell is to stand out, such as what was sought."""
        return None

    def draws_bar(self, view: QWidget, index: Index) -> bool:
        """Whether the bar is drawn in this cell: the first of its row."""
        return isinstance(view, QTableView) and view.horizontalHeader().logicalIndexAt(0) == (
            index.column()
        )

    def lead(self, index: Index) -> int:
        """Distance of the text to the left edge of the cell, for a 13 px font."""
        return PADDING

    def _paint_runs(self, pen: Pen, view: QWidget, cell: Cell, area: QRect) -> None:
        measure = self.measure(view)
        baseline = area.top() + (area.height() + measure.ascent - measure.descent) // 2
        for placed in self._placing(view, cell, area.width()).placed:
            pen.draw(placed, QPoint(area.left() + placed.x, baseline))

    def _placing(self, view: QWidget, cell: Cell, width: int) -> Placing:
        return place(cell.runs, width, self.measure(view), right=cell.right)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All of the cell in one row."""
        view = option.widget
        width = self.measure(view).total(_cell(index).runs) + 2 * px(view, PADDING)
        return QSize(width, row_height(view))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show in a tooltip what the model says, or else what was cut."""
        if event.type() != QEvent.Type.ToolTip:
            return False
        text = index.data(Qt.ItemDataRole.ToolTipRole)
        cell = _cell(index)
        width = option.rect.width() - px(view, self.lead(index) + PADDING)
        if not text and self._placing(view, cell, width).cut:
            text = cell.text
        QToolTip.showText(event.globalPos(), tooltip(text) if text else "", view)
        return True


def _cell(index: Index) -> Cell:
    cell = index.data(CELL_ROLE)
    return cell if isinstance(cell, Cell) else EMPTY
