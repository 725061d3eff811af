"""The rail of a timeline: a line from version to version with a mark for each."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.cells.version_cells import RailMark
from inspector.gui.history.versions_model import MARK_ROLE
from inspector.gui.style.fonts import px
from inspector.gui.style.theme import tokens_of

_RADIUS: Final = 4.5
_DOT: Final = 2.0
_WIDTH: Final = 1.4


class RailDelegate(CellDelegate):
    """Paints the rail: filled is live, a dot is compared with, a cross does not decode."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the ground, the line and the mark."""
        super().paint(painter, option, index)
        mark = index.data(MARK_ROLE)
        if not isinstance(mark, RailMark):
            return
        view = option.widget
        tokens = tokens_of(view.palette())
        selected = bool(option.state & QStyle.StateFlag.State_Selected) and view.hasFocus()
        ink = tokens.color("selected_text" if selected else "text")
        line = tokens.color("selected_dim" if selected else "dim")
        last = index.row() + 1 >= index.model().rowCount()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = px(view, 100) / 100
        inks = (ink, line, tokens.color("selection" if selected else "ground"))
        self._draw(painter, option.rect, mark, inks, scale, (index.row() == 0, last))
        painter.restore()

    def _draw(
        self,
        painter: QPainter,
        rect: QRect,
        mark: RailMark,
        inks: tuple[QColor, QColor, QColor],
        scale: float,
        ends: tuple[bool, bool],
    ) -> None:
        ink, line, ground = inks
        radius = _RADIUS * scale
        middle = QPointF(rect.left() + 18 * scale, rect.top() + rect.height() / 2)
        painter.setPen(QPen(line, _WIDTH * scale))
        first, last = ends
        x = middle.x()
        if not first:
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, middle.y() - radius))
        if not last:
            painter.drawLine(QPointF(x, middle.y() + radius), QPointF(x, rect.bottom() + 1))
        pen = QPen(ink if mark is not RailMark.VERSION else line, _WIDTH * scale)
        painter.setPen(pen)
        if mark is RailMark.BROKEN:
            reach = radius * 0.8
            for sign in (1, -1):
                step = QPointF(reach, sign * reach)
                painter.drawLine(middle - step, middle + step)
            return
        live = mark in (RailMark.LIVE, RailMark.LIVE_BASE)
        if live:
            painter.setBrush(ink)
        painter.drawEllipse(middle, radius, radius)
        if mark in (RailMark.BASE, RailMark.LIVE_BASE):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground if live else ink)
            painter.drawEllipse(middle, _DOT * scale, _DOT * scale)
