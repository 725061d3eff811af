"""The rail of a timeline: a line from version to version with a mark for each."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from inspector.gui.cells import CellDelegate
from inspector.gui.fonts import px
from inspector.gui.models.version_cells import Mark
from inspector.gui.models.versions import MARK_ROLE
from inspector.gui.theme import tokens_of

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
        if not isinstance(mark, Mark):
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
        mark: Mark,
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
        pen = QPen(ink if mark is not Mark.VERSION else line, _WIDTH * scale)
        painter.setPen(pen)
        if mark is Mark.BROKEN:
            reach = radius * 0.8
            for sign in (1, -1):
                step = QPointF(reach, sign * reach)
                painter.drawLine(middle - step, middle + step)
            return
        live = mark in (Mark.LIVE, Mark.LIVE_BASE)
        if live:
            painter.setBrush(ink)
        painter.drawEllipse(middle, radius, radius)
        if mark in (Mark.BASE, Mark.LIVE_BASE):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground if live else ink)
            painter.drawEllipse(middle, _DOT * scale, _DOT * scale)
