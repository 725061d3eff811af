"""Drawing of a text difference: numbers, signs, grounds of what differs and of what is chosen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from inspector.gui.fonts import fonts_of, px
from inspector.gui.models.text_lines import Line
from inspector.gui.models.wrapping import pieces
from inspector.gui.theme import tokens_of
from inspector.gui.views.text_difference_layout import DifferenceLayout, Side
from inspector.gui.views.text_selection import TextSelection
from inspector.gui.words import count, visible

_MINUS: Final = "\N{MINUS SIGN}"


class DifferenceInk:
    """Draws the rows of one view with one painter."""

    def __init__(
        self, painter: QPainter, view: QWidget, layout: DifferenceLayout, chosen: TextSelection
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

    def _folded(self, line: Line, rect: QRect) -> None:
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

    def _numbers(self, line: Line, side: Side, y: int, *, after: bool) -> None:
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
