"""Two texts side by side or unified: only the lines in sight are drawn, long ones are wrapped."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from inspector.gui.diff.text_diff_rows import DiffLine, TextRows
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.theme import tokens_of
from inspector.gui.text.text_layout import height, pieces
from inspector.gui.widgets.scroll_bars import slim
from inspector.named_tuple import NamedTuple

_FEWEST: Final = 10  #: columns of the narrowest view
_DIGITS: Final = 4  #: of line numbers, at least
_PADDING: Final = 8


class TextColumn(NamedTuple):
    """A column of text: its left edge, the left edge of its letters, its right edge."""

    left: int
    text: int
    right: int


class TextDiffLayout:
    """Rows laid out for the size and the font of a view.

    Attributes:
        lines: the rows, of which each has one line of either text or of both.
        beside: whether the two texts stand beside each other.
        sides: where the earlier and the later text stand; the same place where they are unified.
        columns: characters that fit beside each other.
        digits: of the line numbers.
        row: height of a visual row.
        advance: width of a character.
        metrics: of the font.
    """

    def __init__(self, view: QAbstractScrollArea, rows: TextRows | None, *, beside: bool) -> None:
        self.rows, self.beside = rows, beside
        self.lines: Sequence[DiffLine] = ()
        if rows is not None:
            self.lines = rows.beside if beside else rows.unified
        font = fonts_of(view.font()).fixed
        self.metrics = QFontMetricsF(font)
        self.advance = max(1.0, self.metrics.horizontalAdvance("0"))
        self.row = max(px(view, 18), round(self.metrics.height()) + 2)
        last = max(len(rows.lines.before), len(rows.lines.after)) if rows is not None else 0
        self.digits = max(_DIGITS, len(f"{last}"))
        width, padding = view.viewport().width(), px(view, _PADDING)
        half = width // 2 if beside else width
        lead = round((self.digits * (1 if beside else 2) + 3) * self.advance) + padding
        self.columns = max(_FEWEST, int((half - lead - padding) / self.advance))
        first = TextColumn(0, lead, half)
        self.sides = (first, TextColumn(half + 1, half + 1 + lead, width) if beside else first)
        #: The rows that are wrapped, the visual rows that they and those before take beyond their
        #: number, and where they end.
        self._wide = rows.widths[0 if beside else 1].over(self.columns) if rows is not None else []
        self._more = list(accumulate((self._height(row) - 1 for row in self._wide), initial=0))
        self._ends = [row + 1 + more for row, more in zip(self._wide, self._more[1:], strict=True)]

    @property
    def wrapped(self) -> int:
        """How many rows take more than one visual row."""
        return len(self._wide)

    @property
    def total(self) -> int:
        """How many visual rows there are."""
        return len(self.lines) + self._more[-1]

    def top(self, row: int) -> int:
        """The first visual row of a row."""
        return row + self._more[bisect_left(self._wide, row)]

    def end(self, row: int) -> int:
        """The visual row behind a row."""
        return self.top(row + 1)

    def at(self, visual: int) -> int:
        """The row of a visual row; beyond all, how many rows there are."""
        place = bisect_right(self._ends, visual)
        row = visual - self._more[place]
        # Within a wrapped row its visual rows are all its own.
        row = min(row, self._wide[place]) if place < len(self._wide) else row
        return min(row, len(self.lines))

    def text(self, row: int, *, after: bool) -> str | None:
        """The line of a row on one side; None where there is none."""
        line = self.lines[row]
        number = line.after if after else line.before
        if number is None or self.rows is None:
            return None
        return (self.rows.lines.after if after else self.rows.lines.before)[number]

    def is_after(self, row: int, *, after: bool) -> bool:
        """Which text a row shows where a side was asked for: unified ones have their own."""
        return after if self.beside else self.lines[row].before is None

    def wide(self, text: str) -> float:
        """The width of a text."""
        if text.isascii():
            return len(text) * self.advance
        return self.metrics.horizontalAdvance(visible(text))

    def offset(self, text: str, piece: tuple[int, int], x: float) -> int:
        """The place between two characters of a piece that is nearest to ``x`` from its left."""
        start, stop = piece
        part = text[start:stop]
        return start + min(range(len(part) + 1), key=lambda at: abs(self.wide(part[:at]) - x))

    def _height(self, row: int) -> int:
        sides = (self.text(row, after=after) for after in (False, True))
        return max(height(text, self.columns) for text in sides if text is not None)


class TextPlace(NamedTuple):
    """A place between two characters: its row and the offset in that row's line."""

    row: int
    offset: int


START: Final = TextPlace(0, 0)


@dataclass(frozen=True, slots=True)
class TextSelection:
    """From one place to another, in the order they were chosen, on one side.

    Attributes:
        anchor: where it began.
        cursor: where it ends.
        after: the side, where the texts stand beside each other.
        beside: whether they do.
    """

    anchor: TextPlace = START
    cursor: TextPlace = START
    after: bool = True
    beside: bool = True

    def is_empty(self) -> bool:
        """Whether nothing is chosen."""
        return self.anchor == self.cursor

    def part(self, row: int, length: int, *, after: bool) -> tuple[int, int] | None:
        """What is chosen of a row's line of so many characters; None for nothing."""
        first, last = sorted((self.anchor, self.cursor))
        if not first.row <= row <= last.row or (self.beside and after != self.after):
            return None
        low = first.offset if row == first.row else 0
        high = last.offset if row == last.row else length
        return (low, min(high, length)) if low < high else None

    def text(self, layout: TextDiffLayout) -> str:
        """What is chosen, as it is seen: unchanged lines that are left out are counted."""
        first, last = sorted((self.anchor, self.cursor))
        found: list[str] = []
        for row in range(first.row, last.row + 1):
            after = layout.is_after(row, after=self.after)
            line, text = layout.lines[row], layout.text(row, after=after)
            if line.folded:
                found.append(f"[{count(line.folded, 'unchanged line')}]")
            elif text is not None:
                low = first.offset if row == first.row else 0
                found.append(text[low : last.offset if row == last.row else len(text)])
        return "\n".join(found)


_MINUS: Final = "\N{MINUS SIGN}"


class TextDiffPainter:
    """Draws the rows of one view with one painter."""

    def __init__(
        self, painter: QPainter, view: QWidget, layout: TextDiffLayout, chosen: TextSelection
    ) -> None:
        self._painter, self._view, self._layout, self._chosen = painter, view, layout, chosen
        self._tokens = tokens_of(view.palette())
        self._lit = view.hasFocus()
        painter.setFont(fonts_of(view.font()).fixed)

    def row(self, row: int, rect: QRect) -> None:
        """Draw one row."""
        line, layout = self._layout.lines[row], self._layout
        if line.folded or line.note:
            self._folded(line, rect)
            return
        if layout.beside or line.before is not None:
            self._side(row, rect, after=False)
        if layout.beside or line.before is None:
            self._side(row, rect, after=True)

    def middle(self, height: int) -> None:
        """Draw the line between the two texts."""
        x = self._layout.sides[0].right
        self._painter.fillRect(x, 0, 1, height, self._tokens.color("line"))

    def _folded(self, line: DiffLine, rect: QRect) -> None:
        self._painter.fillRect(rect, self._tokens.color("bars"))
        self._painter.setPen(self._tokens.color("dim"))
        area = rect.adjusted(px(self._view, 12), 0, 0, 0)
        words = line.note or count(line.folded, "unchanged line")
        self._painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)

    def _side(self, row: int, rect: QRect, *, after: bool) -> None:
        layout, painter = self._layout, self._painter
        line, side, text = layout.lines[row], layout.sides[after], layout.text(row, after=after)
        if text is None or layout.rows is None:
            return
        name = "added" if after else "removed"
        if line.changed:
            area = QRect(side.left, rect.top(), side.right - side.left, rect.height())
            painter.fillRect(area, self._tokens.color(f"tint_{name}"))
        baseline = rect.top() + round((layout.row + layout.metrics.ascent()) / 2) - 1
        self._numbers(line, side, baseline, after=after)
        marks = layout.rows.marks(line, after=after)
        chosen = self._chosen.part(row, len(text), after=after)
        for at, piece in enumerate(pieces(text, layout.columns)):
            top = rect.top() + at * layout.row
            if top + layout.row < 0:
                continue
            if top > self._view.height():
                break
            for mark in marks:
                self._ground(text, piece, mark, QRect(side.text, top, 0, layout.row), name)
            painter.setPen(self._tokens.color("text"))
            painter.drawText(side.text, top - rect.top() + baseline, visible(text[slice(*piece)]))
            if chosen is not None:
                self._selected(text, piece, chosen, QRect(side.text, top, 0, layout.row))

    def _area(
        self, text: str, piece: tuple[int, int], part: tuple[int, int], rect: QRect
    ) -> QRect | None:
        """Where a part of a text stands within one of its pieces."""
        low, high = max(part[0], piece[0]), min(part[1], piece[1])
        if low >= high:
            return None
        left = rect.left() + round(self._layout.wide(text[piece[0] : low]))
        wide = round(self._layout.wide(text[low:high]))
        return QRect(left, rect.top() + 1, wide, rect.height() - 2)

    def _ground(
        self, text: str, piece: tuple[int, int], mark: tuple[int, int], rect: QRect, name: str
    ) -> None:
        area = self._area(text, piece, mark, rect)
        if area is not None:
            self._painter.fillRect(area, self._tokens.color(f"inline_{name}"))

    def _selected(
        self, text: str, piece: tuple[int, int], part: tuple[int, int], rect: QRect
    ) -> None:
        area = self._area(text, piece, part, rect)
        if area is None:
            return
        ground, ink = ("selection", "selected_text") if self._lit else ("unfocused", "text")
        self._painter.fillRect(area, self._tokens.color(ground))
        self._painter.setPen(self._tokens.color(ink))
        shown = visible(text[max(part[0], piece[0]) : min(part[1], piece[1])])
        layout = self._layout
        baseline = rect.top() + round((layout.row + layout.metrics.ascent()) / 2) - 1
        self._painter.drawText(area.left(), baseline, shown)

    def _numbers(self, line: DiffLine, side: TextColumn, y: int, *, after: bool) -> None:
        layout, painter = self._layout, self._painter
        painter.setPen(self._tokens.color("dim"))
        numbers = [line.after if after else line.before]
        if not layout.beside:
            numbers = [line.before, line.after]
        for at, number in enumerate(numbers):
            if number is not None:
                text = f"{number + 1}"
                right = side.left + (at * (layout.digits + 1) + layout.digits) * layout.advance
                painter.drawText(round(right - layout.wide(text)), y, text)
        if line.changed:
            painter.setPen(self._tokens.color("added" if after else "removed"))
            sign = "+" if after else _MINUS
            painter.drawText(round(side.text - 2 * layout.advance), y, sign)


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
