"""Drawing of the time axis over a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from inspector.gui.fonts import fonts_of, px
from inspector.gui.models.moments import Bin, Span, column_of
from inspector.gui.models.ticks import Mark
from inspector.gui.theme import tokens_of

MARGIN: Final = 18  #: left and right of the axis, where the rail below has its line
COLUMN: Final = 2  #: pixels of a bar
LINE: Final = 22  #: where the line of the axis is
_LOW: Final = 8  #: height of a single version's bar
_HIGH: Final = 14  #: of the highest
_MARK: Final = 16  #: of the marks of the live and of the selected version
_TICK: Final = 4
_FAINT: Final = 0.6


class Scale(NamedTuple):
    """Where times stand: the part that is seen, its left edge in pixels, how many columns."""

    span: Span
    left: int
    columns: int

    def x(self, at: int) -> int:
        """The left edge of the column of a time that is seen."""
        return self.left + column_of(at, self.span, self.columns) * COLUMN

    def time(self, x: float) -> int:
        """The time at a place, which may lie beyond what is seen."""
        share = (x - self.left) / (self.columns * COLUMN)
        return self.span.begin + round(share * self.span.length)


class AxisInk:
    """Draws one axis with one painter."""

    def __init__(self, painter: QPainter, widget: QWidget, scale: Scale) -> None:
        self._painter, self._widget, self._scale = painter, widget, scale
        self._tokens = tokens_of(widget.palette())
        self._line = px(widget, LINE)

    def ground(self) -> None:
        """Draw what everything stands on, and where the focus is."""
        painter, widget = self._painter, self._widget
        painter.fillRect(widget.rect(), self._tokens.color("bars"))
        painter.fillRect(0, widget.height() - 1, widget.width(), 1, self._tokens.color("line"))
        if widget.hasFocus():
            painter.setPen(self._tokens.color("link"))
            painter.drawRect(widget.rect().adjusted(1, 1, -2, -3))

    def sight(self, sight: Span | None) -> None:
        """Draw the time of the rows that are in sight, where that is not all that is seen."""
        seen = self._scale.span
        if sight is None or sight.end < seen.begin or sight.begin > seen.end:
            return
        if sight.begin <= seen.begin and seen.end <= sight.end:
            return
        left = self._scale.x(max(sight.begin, seen.begin)) - COLUMN
        right = self._scale.x(min(sight.end, seen.end)) + 2 * COLUMN
        top = self._line - px(self._widget, _MARK)
        area = QRect(left, top, right - left, self._line - top)
        ink = self._tokens.color("tint_span")
        ink.setAlphaF(_FAINT)
        self._painter.fillRect(area, ink)

    def bars(self, bins: Sequence[Bin]) -> None:
        """Draw the line and the bars on it, higher ones for more versions."""
        scale, ink = self._scale, self._tokens.color("dim")
        low, high = px(self._widget, _LOW), px(self._widget, _HIGH)
        wide = scale.columns * COLUMN
        self._painter.fillRect(scale.left, self._line, wide, 1, self._tokens.color("line"))
        most = max((one.stop - one.start for one in bins), default=1)
        for one in bins:
            share = log2(one.stop - one.start) / log2(most) if most > 1 else 0.0
            tall = low + round(share * (high - low))
            x = scale.left + one.column * COLUMN
            self._painter.fillRect(x, self._line - tall, COLUMN, tall, ink)

    def mark(self, at: int, *, live: bool) -> None:
        """Draw a high bar; the live version's has a dot at its head, as on the rail below."""
        if not self._scale.span.begin <= at <= self._scale.span.end:
            return
        painter, ink = self._painter, self._tokens.color("link")
        x, high = self._scale.x(at), px(self._widget, _MARK)
        painter.fillRect(x, self._line - high, COLUMN, high, ink)
        if live:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            radius = px(self._widget, 6) / 2
            painter.drawEllipse(QPointF(x + COLUMN / 2, self._line - high), radius, radius)
            painter.restore()

    def times(self, marks: Sequence[Mark]) -> None:
        """Draw the ticks and, where there is room, their times below them."""
        painter, widget = self._painter, self._widget
        font = fonts_of(widget.font()).small
        metrics, tick = QFontMetrics(font), px(widget, _TICK)
        painter.setFont(font)
        painter.setPen(self._tokens.color("dim"))
        free = edge = px(widget, 4)
        for mark in marks:
            x, wide = self._scale.x(mark.at), metrics.horizontalAdvance(mark.words)
            painter.fillRect(x, self._line, 1, tick, self._tokens.color("dim"))
            # At the ends a time moves in, so that what is first, often a day, is said.
            left = max(edge, min(x - wide // 2, widget.width() - wide - edge))
            if left >= free:
                painter.drawText(left, self._line + tick + metrics.ascent(), mark.words)
                free = left + wide + px(widget, 8)
