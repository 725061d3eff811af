"""Two texts side by side or unified: only the lines in sight are drawn, long ones are wrapped."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from inspector.gui.diff.text_diff_painter import (
    START,
    TextDiffLayout,
    TextDiffPainter,
    TextPlace,
    TextSelection,
)
from inspector.gui.diff.text_diff_rows import TextRows
from inspector.gui.text.text_wrapping import pieces
from inspector.gui.widgets.scroll_bars import slim

#: Wrapped rows from which on a view that is being resized is laid out when it rests.
_MANY: Final = 4_000
_REST: Final = 80  #: milliseconds

#: Width from which texts stand side by side, in pixels.
BESIDE: Final = 720


class TextDiffView(QAbstractScrollArea):
    """Shows :class:`TextRows`. Signs stand before changed lines; changed words have a ground.

    Text of one side can be selected with the mouse and copied.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: TextRows | None = None
        self._beside = False
        self._layout = TextDiffLayout(self, None, beside=False)
        self._chosen = TextSelection()
        self._later = QTimer(self, singleShot=True, interval=_REST)
        self._later.timeout.connect(self._fit)
        self.setFrameShape(QFrame.Shape.NoFrame)
        slim(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Difference of the text")
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_rows(self, rows: TextRows | None) -> None:
        """Show other texts from their beginning."""
        self._rows = rows
        words = rows.lines.words if rows is not None else ""
        self.setAccessibleDescription(words or "The texts are identical.")
        self._fit()
        self._choose(TextSelection(beside=self._beside))
        self.verticalScrollBar().setValue(0)

    def set_beside(self, on: bool) -> None:
        """Show the two texts beside each other, or one below the other."""
        if on != self._beside:
            self._beside = on
            self._fit()
            self._choose(TextSelection(beside=on))

    @property
    def beside(self) -> bool:
        """Whether the two texts stand beside each other."""
        return self._beside

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) change; False where there is none further on."""
        bar = self.verticalScrollBar()
        starts = self._rows.starts if self._rows is not None else []
        tops = [self._layout.top(start[0 if self._beside else 1]) for start in starts]
        further = [top for top in tops if (top > bar.value() if by > 0 else top < bar.value())]
        if not further or (by > 0 and bar.value() >= bar.maximum()):
            return False
        bar.setValue(further[0] if by > 0 else further[-1])
        return True

    # Selection

    def selected_text(self) -> str:
        """What is selected; empty for nothing."""
        return "" if self._chosen.is_empty() else self._chosen.text(self._layout)

    def copy_selection(self) -> bool:
        """Copy what is selected; False for nothing."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)
        return bool(text)

    def select_all(self) -> None:
        """Select all of the text on the side that was selected on last."""
        last = len(self._layout.lines) - 1
        if last >= 0:
            after = self._layout.is_after(last, after=self._chosen.after)
            end = TextPlace(last, len(self._layout.text(last, after=after) or ""))
            self._choose(replace(self._chosen, anchor=START, cursor=end))

    def _choose(self, chosen: TextSelection) -> None:
        self._chosen = chosen
        self.viewport().update()

    def _place(self, point: QPoint, *, after: bool) -> TextPlace:
        """The place nearest to a point, on one side."""
        layout = self._layout
        visual = self.verticalScrollBar().value() + point.y() // layout.row
        if visual < 0 or not layout.lines:
            return START
        row = min(layout.at(visual), len(layout.lines) - 1)
        after = layout.is_after(row, after=after)
        text = layout.text(row, after=after) or ""
        if visual >= layout.total:
            return TextPlace(row, len(text))
        wrapped = pieces(text, layout.columns)
        piece = wrapped[min(visual - layout.top(row), len(wrapped) - 1)]
        return TextPlace(row, layout.offset(text, piece, point.x() - layout.sides[after].text))

    # Geometry and painting

    def layout_of(self) -> TextDiffLayout:
        """Where the lines stand now."""
        return self._layout

    def _fit(self) -> None:
        self._later.stop()
        self._layout = TextDiffLayout(self, self._rows, beside=self._beside)
        room = max(1, self.viewport().height() // self._layout.row)
        self.verticalScrollBar().setRange(0, max(0, self._layout.total - room))
        self.verticalScrollBar().setPageStep(room)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines in sight."""
        painter, layout = QPainter(self.viewport()), self._layout
        ink = TextDiffPainter(painter, self, layout, self._chosen)
        size, first = self.viewport().size(), self.verticalScrollBar().value()
        for row in range(layout.at(first), len(layout.lines)):
            y = (layout.top(row) - first) * layout.row
            if y > size.height():
                break
            height = (layout.end(row) - layout.top(row)) * layout.row
            ink.row(row, QRect(0, y, size.width(), height))
        if self._beside and layout.lines:
            ink.middle(size.height())
        painter.end()

    # Input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection on the side that is pressed on; with Shift, extend the one there is."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._extend(point)
            return
        after = not self._beside or point.x() >= self._layout.sides[1].left
        place = self._place(point, after=after)
        self._choose(TextSelection(place, place, after, self._beside))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, scrolling where the pointer leaves the view."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        point, bar = event.position().toPoint(), self.verticalScrollBar()
        if not 0 <= point.y() < self.viewport().height():
            bar.setValue(bar.value() + (1 if point.y() > 0 else -1))
        self._extend(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The selection stays."""
        event.accept()

    def _extend(self, point: QPoint) -> None:
        place = self._place(point, after=self._chosen.after)
        self._choose(replace(self._chosen, cursor=place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home, End and select all; the rest is Qt's."""
        bar = self.verticalScrollBar()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(0 if event.key() == Qt.Key.Key_Home else bar.maximum())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        if self._layout.wrapped < _MANY:
            self._fit()
        else:
            self._later.start()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
