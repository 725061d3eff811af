"""Two texts side by side or unified: only the lines in sight are drawn, long ones are wrapped."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from inspector.gui.fonts import fonts_of, px
from inspector.gui.models.text_lines import Line, TextRows
from inspector.gui.theme import Tokens, tokens_of
from inspector.gui.words import count, visible

_DIGITS: Final = 5  #: of line numbers
_MINUS: Final = "\N{MINUS SIGN}"


def pieces(text: str, columns: int) -> list[tuple[int, int]]:
    """Where a line is wrapped: ranges of at most so many characters, cut behind a blank."""
    if len(text) <= columns:
        return [(0, len(text))]
    found: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > columns:
        blank = text.rfind(" ", start + 1, start + columns + 1)
        end = blank + 1 if blank > 0 else start + columns
        found.append((start, end))
        start = end
    found.append((start, len(text)))
    return found


class _Side(NamedTuple):
    """A column of text: its left edge, the left edge of its letters, and how many fit."""

    left: int
    text: int
    columns: int
    right: int


class TextDifferenceView(QAbstractScrollArea):
    """Shows :class:`TextRows`. Signs stand before changed lines; changed words have a ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: TextRows | None = None
        self._beside = False
        self._ends: list[int] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Difference of the text")
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_rows(self, rows: TextRows | None) -> None:
        """Show other texts from their beginning."""
        self._rows = rows
        words = rows.lines.words if rows is not None else ""
        self.setAccessibleDescription(words or "The same text.")
        self._fit()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()

    def set_beside(self, on: bool) -> None:
        """Show the two texts beside each other, or one below the other."""
        if on != self._beside:
            self._beside = on
            self._fit()
            self.viewport().update()

    @property
    def beside(self) -> bool:
        """Whether the two texts stand beside each other."""
        return self._beside

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) change; False where there is none further on."""
        bar = self.verticalScrollBar()
        tops = [self._top(start[0 if self._beside else 1]) for start in self._starts()]
        further = [top for top in tops if (top > bar.value() if by > 0 else top < bar.value())]
        if not further or (by > 0 and bar.value() >= bar.maximum()):
            return False
        bar.setValue(further[0] if by > 0 else further[-1])
        return True

    def _starts(self) -> list[tuple[int, int]]:
        return self._rows.starts if self._rows is not None else []

    # Geometry

    def _lines(self) -> list[Line]:
        if self._rows is None:
            return []
        return self._rows.beside if self._beside else self._rows.unified

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(fonts_of(self.font()).fixed)

    def _height(self) -> int:
        return max(px(self, 18), round(self._metrics().height()) + 2)

    def _sides(self) -> tuple[_Side, _Side]:
        """Where the earlier and the later text stand; the same place where they are unified."""
        advance = max(1.0, self._metrics().horizontalAdvance("0"))
        width = self.viewport().width()
        half = width // 2 if self._beside else width
        numbers = 1 if self._beside else 2
        lead = round((_DIGITS * numbers + 3) * advance) + px(self, 8)
        columns = max(10, int((half - lead - px(self, 8)) / advance))
        first = _Side(0, lead, columns, half)
        if not self._beside:
            return first, first
        return first, _Side(half + 1, half + 1 + lead, columns, width)

    def _fit(self) -> None:
        columns = self._sides()[0].columns
        rows, lines = self._rows, self._lines()
        before = rows.lines.before if rows is not None else []
        after = rows.lines.after if rows is not None else []
        heights = (
            max(
                len(pieces(before[one.before], columns)) if one.before is not None else 1,
                len(pieces(after[one.after], columns)) if one.after is not None else 1,
            )
            for one in lines
        )
        self._ends = list(accumulate(heights))
        total = self._ends[-1] if self._ends else 0
        room = max(1, self.viewport().height() // self._height())
        self.verticalScrollBar().setRange(0, max(0, total - room))
        self.verticalScrollBar().setPageStep(room)

    def _top(self, row: int) -> int:
        return self._ends[row - 1] if row else 0

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines in sight."""
        painter = QPainter(self.viewport())
        painter.setFont(fonts_of(self.font()).fixed)
        tokens = tokens_of(self.palette())
        first, height = self.verticalScrollBar().value(), self._height()
        row, lines = bisect_right(self._ends, first), self._lines()
        while row < len(lines):
            y = (self._top(row) - first) * height
            if y > self.viewport().height():
                break
            rect = QRect(0, y, self.viewport().width(), (self._ends[row] - self._top(row)) * height)
            self._paint_row(painter, tokens, lines[row], rect)
            row += 1
        if self._beside and lines:
            middle = self._sides()[0].right
            painter.fillRect(middle, 0, 1, self.viewport().height(), tokens.color("line"))
        painter.end()

    def _paint_row(self, painter: QPainter, tokens: Tokens, line: Line, rect: QRect) -> None:
        if line.folded:
            painter.fillRect(rect, tokens.color("bars"))
            painter.setPen(tokens.color("dim"))
            words = f"{count(line.folded, 'unchanged line')}"
            area = rect.adjusted(px(self, 12), 0, 0, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)
            return
        before, after = self._sides()
        if self._beside or line.before is not None:
            self._paint_side(painter, tokens, line, rect, before, after=False)
        if self._beside or line.before is None:
            self._paint_side(painter, tokens, line, rect, after, after=True)

    def _paint_side(
        self,
        painter: QPainter,
        tokens: Tokens,
        line: Line,
        rect: QRect,
        side: _Side,
        *,
        after: bool,
    ) -> None:
        number = line.after if after else line.before
        if number is None or self._rows is None:
            return
        height, name = self._height(), "added" if after else "removed"
        if line.changed:
            area = QRect(side.left, rect.top(), side.right - side.left, rect.height())
            painter.fillRect(area, tokens.color(f"tint_{name}"))
        baseline = rect.top() + round((height + self._metrics().ascent()) / 2) - 1
        self._paint_numbers(painter, tokens, line, side, baseline, after=after)
        texts = self._rows.lines.after if after else self._rows.lines.before
        text = texts[number]
        marks = self._rows.marks(line, after=after)
        for at, (start, stop) in enumerate(pieces(text, side.columns)):
            if rect.top() + (at + 1) * height < 0:
                continue
            if rect.top() + at * height > self.viewport().height():
                break
            piece = text[start:stop]
            for begin, end in marks:
                low, high = max(begin, start) - start, min(end, stop) - start
                if low < high:
                    left = side.text + self._wide(piece[:low])
                    area = QRect(left, rect.top() + at * height + 1, 0, height - 2)
                    area.setWidth(self._wide(piece[low:high]))
                    painter.fillRect(area, tokens.color(f"inline_{name}"))
            painter.setPen(tokens.color("text"))
            painter.drawText(side.text, baseline + at * height, visible(piece))

    def _paint_numbers(
        self, painter: QPainter, tokens: Tokens, line: Line, side: _Side, y: int, *, after: bool
    ) -> None:
        advance = self._metrics().horizontalAdvance("0")
        painter.setPen(tokens.color("dim"))
        numbers = [line.after if after else line.before]
        if not self._beside:
            numbers = [line.before, line.after]
        for at, number in enumerate(numbers):
            if number is not None:
                text = f"{number + 1}"
                right = side.left + (at + 1) * _DIGITS * advance
                painter.drawText(round(right - self._wide(text)), y, text)
        if line.changed:
            painter.setPen(tokens.color("added" if after else "removed"))
            sign = "+" if after else _MINUS
            painter.drawText(round(side.text - 2 * advance), y, sign)

    def _wide(self, text: str) -> int:
        return round(self._metrics().horizontalAdvance(visible(text)))

    # Input

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End; the rest is Qt's."""
        bar = self.verticalScrollBar()
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(0 if event.key() == Qt.Key.Key_Home else bar.maximum())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
