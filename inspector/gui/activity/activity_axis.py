"""The time axis of an activity: points, bars and frames beside the rows, times in the head."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from inspector.gui.activity.activity_model import AXIS, ActivityModel, clock
from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.fusion_style import FlatHeader
from inspector.gui.style.theme import ColourTokens, tokens_of
from inspector.gui.style.time_ticks import ticks
from inspector.history.activity import Activity, ActivityItem, Role, Shape

_MARGIN: Final = 8


def _x(activity: Activity, time: int, left: int, width: int) -> float:
    """Where a time stands; the whole axis where all times are one."""
    begin, end = activity.begin or 0, activity.end or 0
    room = max(1, width - 2 * _MARGIN)
    return left + _MARGIN + room * (time - begin) / max(1, end - begin)


class AxisHeader(FlatHeader):
    """Writes the times over the axis."""

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one head."""
        super().paintSection(painter, rect, section)
        model = self.model()
        activity = model.activity if isinstance(model, ActivityModel) else None
        if section != AXIS or activity is None or activity.begin is None or activity.end is None:
            return
        font = fonts_of(self.font()).small
        metrics = QFontMetrics(font)
        painter.save()
        painter.setFont(font)
        painter.setPen(tokens_of(self.palette()).color("dim"))
        baseline = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) // 2
        free = rect.left()
        for tick in ticks(activity.end - activity.begin):
            x = round(_x(activity, activity.begin + tick, rect.left(), rect.width()))
            words = clock(tick)
            wide = metrics.horizontalAdvance(words)
            if x >= free and x + wide <= rect.right():
                painter.drawText(QPoint(x, baseline), words)
                free = x + wide + _MARGIN
        painter.restore()


class AxisDelegate(CellDelegate):
    """Paints what a row is on the axis; state and length say the same in words."""

    def draws_bar(self, view: QWidget, index: QModelIndex | QPersistentModelIndex) -> bool:
        """The bar of the current row stands at its left end."""
        return False

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw ground, lines and shape."""
        super().paint(painter, option, index)
        model = index.model()
        if not isinstance(model, ActivityModel) or model.activity is None:
            return
        row, activity, rect = model.row_of(index), model.activity, option.rect
        if row is None or activity.begin is None or activity.end is None:
            return
        view = option.widget
        tokens = tokens_of(view.palette())
        lit = bool(option.state & QStyle.StateFlag.State_Selected) and view.hasFocus()
        painter.save()
        painter.setClipRect(rect)
        if not lit:
            for tick in ticks(activity.end - activity.begin):
                x = round(_x(activity, activity.begin + tick, rect.left(), rect.width()))
                painter.fillRect(x, rect.top(), 1, rect.height(), tokens.color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw(painter, activity, row.item, rect, _ink(tokens, row.item, lit=lit), px(view, 8))
        painter.restore()


def _ink(tokens: ColourTokens, item: ActivityItem, *, lit: bool) -> QColor:
    if lit:
        return tokens.color("selected_text")
    if item.failed:
        return tokens.color("removed")
    return tokens.color("changed" if item.no_end else "dim")


def _draw(
    painter: QPainter, activity: Activity, item: ActivityItem, rect: QRect, ink: QColor, high: int
) -> None:
    if item.start is None:
        return
    left = _x(activity, item.start, rect.left(), rect.width())
    middle = rect.top() + rect.height() / 2
    if item.role is Role.EVENT:
        _draw_event(painter, QPointF(left, middle), ink, high)
        return
    if item.shape is Shape.POINT or (item.end is None and not item.no_end):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QRectF(left - high / 3, middle - high / 3, high / 1.5, high / 1.5))
        return
    end = item.end if item.end is not None and not item.no_end else activity.end or item.start
    right = _x(activity, max(end, item.start), rect.left(), rect.width())
    area = QRectF(left, middle - high / 2, max(3.0, right - left), high)
    if item.shape is Shape.BAR and not item.no_end:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
    else:
        style = Qt.PenStyle.DashLine if item.no_end else Qt.PenStyle.SolidLine
        painter.setPen(QPen(ink, 1.2, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, 2, 2)


def _draw_event(painter: QPainter, at: QPointF, ink: QColor, high: int) -> None:
    """An outline with four corners: what stands beside the record is no point of its own."""
    half = high / 2
    corners = (QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0))
    painter.setPen(QPen(ink, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))
