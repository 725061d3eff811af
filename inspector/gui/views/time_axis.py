"""A strip over a timeline: when its versions came about, bursts and gaps, zoomed by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
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

from inspector.gui.cells import tooltip
from inspector.gui.fonts import fonts_of, px
from inspector.gui.models.moment_words import described, told_bin, told_gap
from inspector.gui.models.moments import Bin, Moments, Span, moments_of
from inspector.gui.models.ticks import Mark, marks
from inspector.gui.times import TimeStyle
from inspector.gui.views.time_ink import COLUMN, LINE, MARGIN, AxisInk, Scale

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
    """Shows :class:`Moments`. ``chosen`` tells the row of the version that is wanted.

    Everything it shows is said by the list below it; its description says it in a sentence.
    """

    chosen = Signal(int)
    zoomed = Signal()

    def __init__(self, name: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name  #: what the version of a row is called
        self._style = TimeStyle.UTC
        self._current, self._live = -1, -1  #: indices of moments
        self._sight: Span | None = None
        self._pressed: QPointF | None = None
        self._dragged = False
        self._bins: list[Bin] | None = None
        self._marks: list[Mark] | None = None
        self.moments = moments_of(())
        self.span = self.moments.whole()
        self.setAccessibleName("Times of the versions")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    # What is shown

    def show_moments(self, moments: Moments, live: int) -> None:
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
        self.setVisible(moments.is_worth_drawing())
        self._describe()
        whole = moments.whole()
        self._show(self.span.zoomed(whole, 1, whole.end) if zoomed else whole)

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
        self._sight = Span(min(times), max(times)) if times else None
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

    def _show(self, span: Span) -> None:
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

    def bins(self) -> list[Bin]:
        """The bars that are drawn."""
        if self._bins is None:
            self._bins = self.moments.bins(self.span, self.scale().columns)
        return self._bins

    def marks(self) -> list[Mark]:
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
        ink = AxisInk(painter, self, self.scale())
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
