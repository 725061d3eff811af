"""The one delegate of all tables and trees: it paints runs of text, their icons and boxes."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from inspector.gui.cells.cell_layout import ELLIPSIS, Measure, Placed, Placing, place
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.icons import pixmap
from inspector.gui.style.text_format import tooltip
from inspector.gui.style.text_runs import CELL_ROLE, EMPTY, Cell
from inspector.gui.style.theme import ColourTokens, tokens_of


class RunPainter:
    """Draws placed runs with one painter."""

    def __init__(
        self, painter: QPainter, tokens: ColourTokens, measure: Measure, ratio: float, lit: bool
    ) -> None:
        self._painter = painter
        self._tokens = tokens
        self.measure = measure
        self._ratio = ratio
        self._lit = lit
        self.mark: re.Pattern[str] | None = None  #: what of a run stands out

    def draw(self, placed: Placed, at: QPoint) -> None:
        """Draw a run with its left edge and baseline at a point."""
        run, measure = placed.run, self.measure
        color = self._color(run.style.color if not run.style.ground else "text")
        x = at.x()
        if run.icon:
            x = self._icon(run.icon, color, QPoint(x, at.y()), bool(run.text))
        area = QRect(
            x,
            at.y() - measure.ascent,
            placed.width - (x - at.x()),
            measure.ascent + measure.descent,
        )
        if run.style.ground:
            self._painter.fillRect(area, self._tokens.color(run.style.ground))
            color = self._tokens.color("text")
        self._painter.setPen(color)
        if run.style.box:
            x += self._box(area, color)
        self._painter.setFont(measure.font(run))
        self._painter.drawText(x, at.y(), placed.text)
        if self.mark is not None:
            self._mark(placed, self.mark, QPoint(x, at.y()))

    def _mark(self, placed: Placed, mark: re.Pattern[str], at: QPoint) -> None:
        """Draw what stands out once more, on a ground of its own; dots stand for what is cut."""
        metrics, measure = self.measure.metrics(placed.run), self.measure
        self._painter.setPen(self._tokens.color("text"))
        text, spans = placed.text, [found.span() for found in mark.finditer(placed.text)]
        dots = text.find(ELLIPSIS) if text != placed.run.text else -1
        if dots >= 0 and len(mark.findall(placed.run.text)) > len(spans):
            spans.append((dots, dots + len(ELLIPSIS)))
        for first, last in spans:
            left = at.x() + metrics.horizontalAdvance(text[:first])
            wide = metrics.horizontalAdvance(text[first:last])
            high = measure.ascent + measure.descent
            area = QRect(left, at.y() - measure.ascent, wide, high)
            self._painter.fillRect(area, self._tokens.color("found"))
            self._painter.drawText(left, at.y(), text[first:last])

    def _color(self, token: str) -> QColor:
        if self._lit:
            token = "selected_dim" if token == "dim" else "selected_text"
        return self._tokens.color(token)

    def _icon(self, name: str, color: QColor, at: QPoint, text_follows: bool) -> int:
        measure = self.measure
        edge = round(16 * measure.unit)
        middle = at.y() - (measure.ascent - measure.descent) / 2
        top = round(middle - edge / 2)
        self._painter.drawPixmap(at.x(), top, pixmap(name, color, edge, self._ratio))
        return at.x() + round((16 + (4 if text_follows else 0)) * measure.unit)

    def _box(self, area: QRect, color: QColor) -> int:
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(QPen(color, 1))
        self._painter.translate(0.5, 0.5)
        self._painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), 3, 3)
        self._painter.restore()
        return round(4 * self.measure.unit)


Index = QModelIndex | QPersistentModelIndex
PADDING: Final = 8
BAR: Final = 3  #: width of the bar that marks the current row of a pane without focus
_State = QStyle.StateFlag
_SELECTED: Final = _State.State_Selected
_HOVERED: Final = _State.State_MouseOver


def ground(
    tokens: ColourTokens, view: QWidget, tint: str, *, selected: bool, hovered: bool
) -> QColor | None:
    """The ground of a row: selection, hover or tint, in this order; None for the view's own."""
    if selected:
        return tokens.color("selection" if view.hasFocus() else "unfocused")
    if tint:
        return tokens.color(tint)
    return tokens.color("hover") if hovered else None


def paint_bar(painter: QPainter, rect: QRect, tokens: ColourTokens, view: QWidget) -> None:
    """Mark the current row of a pane that has not the focus."""
    if not view.hasFocus():
        painter.fillRect(rect.left(), rect.top(), BAR, rect.height(), tokens.color("link"))


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
        tokens, measure = tokens_of(view.palette()), self.measure(view)
        cell = _cell(index)
        rect = option.rect
        state = option.state
        selected, hovered = bool(state & _SELECTED), bool(state & _HOVERED)
        is_hovered = getattr(view, "is_hovered", None)
        hovered = hovered or (is_hovered is not None and is_hovered(index))
        color = ground(tokens, view, cell.tint, selected=selected, hovered=hovered)
        bar = selected and self.draws_bar(view, index)
        if color is None and not bar and type(cell) is Cell and not cell.runs:
            return
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        if color is not None:
            painter.fillRect(rect, color)
        if bar:
            paint_bar(painter, rect, tokens, view)
        lead = measure.px(self.lead(index))
        area = rect.adjusted(lead, 0, -measure.px(PADDING), 0)
        lit = selected and view.hasFocus()
        pen = RunPainter(painter, tokens, measure, view.devicePixelRatioF(), lit)
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

    def _paint_runs(self, pen: RunPainter, view: QWidget, cell: Cell, area: QRect) -> None:
        measure = pen.measure
        baseline = area.top() + (area.height() + measure.ascent - measure.descent) // 2
        for placed in self._placing(measure, cell, area.width()).placed:
            pen.draw(placed, QPoint(area.left() + placed.x, baseline))

    def _placing(self, measure: Measure, cell: Cell, width: int) -> Placing:
        return place(cell.runs, width, measure, right=cell.right)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All of the cell in one row."""
        view = option.widget
        measure = self.measure(view)
        width = measure.total(_cell(index).runs) + 2 * measure.px(PADDING)
        return QSize(width, measure.row_height)

    def least_width(self, view: QWidget, index: Index) -> int:
        """What a cell needs so that nothing of it is cut; what is optional may be missing."""
        runs = [run for run in _cell(index).runs if not run.optional]
        return self.measure(view).total(runs) + self.measure(view).px(self.lead(index) + PADDING)

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
        measure = self.measure(view)
        width = option.rect.width() - measure.px(self.lead(index) + PADDING)
        if not text and self._placing(measure, cell, width).cut:
            text = cell.text
        QToolTip.showText(event.globalPos(), tooltip(text) if text else "", view)
        return True


def _cell(index: Index) -> Cell:
    cell = index.data(CELL_ROLE)
    return cell if isinstance(cell, Cell) else EMPTY
