"""A strip over a timeline: when its versions came about, bursts and gaps, zoomed by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import log2
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.text_format import tooltip
from inspector.gui.style.theme import tokens_of
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.style.time_ticks import AxisMark, marks
from inspector.gui.widgets.time_axis import (
    TimeBucket,
    TimeBuckets,
    TimeSpan,
    column_of,
    described,
    moments_of,
    told_bin,
    told_gap,
)
from inspector.named_tuple import NamedTuple

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

    span: TimeSpan
    left: int
    columns: int

    def x(self, at: int) -> int:
        """The left edge of the column of a time that is seen."""
        return self.left + column_of(at, self.span, self.columns) * COLUMN

    def time(self, x: float) -> int:
        """The time at a place, which may lie beyond what is seen."""
        share = (x - self.left) / (self.columns * COLUMN)
        return self.span.begin + round(share * self.span.length)


class AxisPainter:
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

    def sight(self, sight: TimeSpan | None) -> None:
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

    def bars(self, bins: Sequence[TimeBucket]) -> None:
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

    def times(self, marks: Sequence[AxisMark]) -> None:
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


_NEAR: Final = 3  #: pixels a pointer may be off
_STEP: Final = 1.25  #: what a notch of the wheel zooms by
_KEYS: Final[dict[int, float]] = {
    Qt.Key.Key_Plus: 2.0,
    Qt.Key.Key_Equal: 2.0,
    Qt.Key.Key_Minus: 0.5,
    Qt.Key.Key_0: 0.0,
    Qt.Key.Key_Home: 0.0,
}


class TimeAxis(QWidget):
    """Shows :class:`TimeBuckets`. ``chosen`` tells the row of the version that is wanted.

    Everything it shows is said by the list below it; its description says it in a sentence.
    """

    chosen = Signal(int)
    zoomed = Signal()

    def __init__(self, name: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name  #: what the version of a row is called
        self._style = TimeStyle.UTC
        self._current, self._live = -1, -1  #: indices of moments
        self._sight: TimeSpan | None = None
        self._pressed: QPointF | None = None
        self._dragged = False
        self._has_room = True
        self._bins: list[TimeBucket] | None = None
        self._marks: list[AxisMark] | None = None
        self.moments = moments_of(())
        self.span = self.moments.whole()
        self.setAccessibleName("Times of the versions")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    # What is shown

    def show_moments(self, moments: TimeBuckets, live: int) -> None:
        """Show other versions; nothing is shown of few.

        The part of the time that is seen stays, where there were versions before: these are more of
        the same record.

        Args:
            moments: their times.
            live: the row of the live state, or -1.
        """
        zoomed = self.is_zoomed() and len(self.moments.times) > 0
        self.moments = moments
        self._current, self._live = -1, moments.index_of(live)
        self._sight = None
        self._appear()
        self._describe()
        whole = moments.whole()
        self._show(self.span.zoomed(whole, 1, whole.end) if zoomed else whole)

    def give_room(self, has_room: bool) -> None:
        """Show it where it says something, or leave its place to the rows below it."""
        self._has_room = has_room
        self._appear()

    def _appear(self) -> None:
        self.setVisible(self._has_room and self.moments.is_worth_drawing())

    def set_current(self, row: int) -> None:
        """Mark the version of a row, and bring its time into the part that is seen."""
        self._current = self.moments.index_of(row)
        if self._current >= 0:
            at = self.moments.times[self._current]
            self._show(self.span.around(self.moments.whole(), at))
        else:
            self.update()

    def set_sight(self, rows: range) -> None:
        """Tell which rows of the list are in sight."""
        found = [self.moments.index_of(row) for row in rows]
        times = [self.moments.times[index] for index in found if index >= 0]
        self._sight = TimeSpan(min(times), max(times)) if times else None
        self.update()

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._style = style
        self._marks = None
        self._describe()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(described(self.moments, self._style))

    # Zoom

    def zoom(self, factor: float, anchor: int | None = None) -> None:
        """Show less (over 1) or more of the time.

        Args:
            factor: by how much.
            anchor: the time that stays where it is, unless no version would be seen then; the
                selected version's where it is seen, else that of the one nearest to the middle.
        """
        anchor = self._anchor() if anchor is None else anchor
        whole = self.moments.whole()
        zoomed = self.span.zoomed(whole, factor, anchor)
        nearest = self.moments.nearest(anchor)
        if factor > 1 and nearest >= 0 and not self.moments.is_any_in(zoomed):
            at = self.moments.times[nearest]
            zoomed = zoomed.moved(whole, at if at < zoomed.begin else at - zoomed.length)
        self._show(zoomed)

    def _anchor(self) -> int:
        middle = (self.span.begin + self.span.end) // 2
        for index in (self._current, self.moments.nearest(middle)):
            at = self.moments.times[index] if index >= 0 else middle
            if self.span.begin <= at <= self.span.end:
                return at
        return middle

    def show_all(self) -> None:
        """Show all of the time."""
        self._show(self.moments.whole())

    def is_zoomed(self) -> bool:
        """Whether only a part of the time is shown."""
        return self.span != self.moments.whole()

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) version in time."""
        index = self._current + by if self._current >= 0 else len(self.moments.times) - 1
        if 0 <= index < len(self.moments.times):
            self.chosen.emit(self.moments.rows[index])

    def _show(self, span: TimeSpan) -> None:
        self.span = span
        self._bins = self._marks = None
        self.zoomed.emit()
        self.update()

    # Geometry

    def sizeHint(self) -> QSize:
        """A line of labels below the bars."""
        labels = QFontMetrics(fonts_of(self.font()).small).height()
        return QSize(px(self, 240), px(self, LINE) + labels + px(self, 7))

    def minimumSizeHint(self) -> QSize:
        """As high as it is, and as narrow as need be."""
        return QSize(px(self, 80), self.sizeHint().height())

    def scale(self) -> Scale:
        """Where times stand now."""
        left = px(self, MARGIN)
        return Scale(self.span, left, max(1, (self.width() - 2 * left) // COLUMN))

    def bins(self) -> list[TimeBucket]:
        """The bars that are drawn."""
        if self._bins is None:
            self._bins = self.moments.bins(self.span, self.scale().columns)
        return self._bins

    def marks(self) -> list[AxisMark]:
        """The lines whose times are written; ages go on while they are shown."""
        if self._marks is None or self._style is TimeStyle.RELATIVE:
            room = QFontMetrics(fonts_of(self.font()).small).horizontalAdvance("2026-11-21")
            most = max(1, self.width() // (room + px(self, 32)))
            span, now = self.span, datetime.now(UTC)
            self._marks = marks(span.begin, span.end, most, self._style, now)
        return self._marks

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in sight, the bars, the marks, the times."""
        painter = QPainter(self)
        ink = AxisPainter(painter, self, self.scale())
        ink.ground()
        ink.sight(self._sight)
        ink.bars(self.bins())
        times = self.moments.times
        for index in (self._live, self._current):
            if index >= 0:
                ink.mark(times[index], live=index == self._live)
        ink.times(self.marks())
        painter.end()

    # Input

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom, 0 and Home show all, Left and Right go from version to version."""
        key, factor = event.key(), _KEYS.get(event.key())
        if factor:
            self.zoom(factor)
        elif factor is not None:
            self.show_all()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if key == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the pointer is; sideways move."""
        turned = event.angleDelta()
        if abs(turned.x()) > abs(turned.y()):
            self._move(-turned.x())
        else:
            self.zoom(_STEP ** (turned.y() / 120), self.scale().time(event.position().x()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Pinching zooms; pointing tells what is there."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(max(0.1, 1 + event.value()), self.scale().time(event.position().x()))
                return True
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.told_at(event.pos().x())
            QToolTip.showText(event.globalPos(), tooltip(words) if words else "", self)
            return True
        return super().event(event)

    def told_at(self, x: int) -> str:
        """What is said of a place: the versions there, or how long there were none."""
        column = (x - px(self, MARGIN)) // COLUMN
        near = min(self.bins(), key=lambda one: abs(one.column - column), default=None)
        if near is not None and abs(near.column - column) * COLUMN <= px(self, _NEAR):
            return told_bin(self.moments, near, self._style, self._name)
        return told_gap(self.moments, self.scale().time(x), self._style)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click or a drag begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the axis along."""
        if self._pressed is None:
            return
        by = self._pressed.x() - event.position().x()
        if self._dragged or abs(by) >= QApplication.startDragDistance():
            self._dragged, self._pressed = True, event.position()
            self._move(by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click selects the version that is nearest in time."""
        if self._pressed is not None and not self._dragged:
            index = self.moments.nearest(self.scale().time(event.position().x()))
            if index >= 0:
                self.chosen.emit(self.moments.rows[index])
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all of the time."""
        self.show_all()

    def _move(self, by: float) -> None:
        """Move on by so many pixels."""
        time = round(by * self.span.length / (self.scale().columns * COLUMN))
        self._show(self.span.moved(self.moments.whole(), self.span.begin + time))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Count anew."""
        super().resizeEvent(event)
        self._bins = self._marks = None

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._bins = self._marks = None
            self.updateGeometry()
