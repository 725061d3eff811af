"""Rows of two lines with an icon before them and a time at their right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QTableView, QWidget

from inspector.gui.cells.cell_delegate import (
    CellDelegate,
    Index,
    Measure,
    Placing,
    RunPainter,
    place,
)
from inspector.gui.style.fonts import px
from inspector.gui.style.text_runs import TEXT, Cell, Run
from inspector.gui.style.theme import tokens_of

HEIGHT: Final = 44
_EDGE: Final = 16
_INDENT: Final = 22  #: distance of the lines to the icon's left edge
_PAD: Final = 4


@dataclass(frozen=True, slots=True)
class TwoLines(Cell):
    """A row. ``runs`` is its first line.

    Attributes:
        second: the line below.
        side: what stands at the right of both, or None.
        icon: a run with nothing but an icon, or None.
    """

    second: tuple[Run, ...] = ()
    side: Run | None = None
    icon: Run | None = None

    @property
    def text(self) -> str:
        """All of it as plain text, a line for each."""
        lines = (self.runs, self.second, (self.side,) if self.side else ())
        return "\n".join(" ".join(run.text for run in line) for line in lines if line)


class TwoLineDelegate(CellDelegate):
    """Paints :class:`TwoLines`, with a line between two rows."""

    def lead(self, index: Index) -> int:
        """Distance of the icon to the left edge."""
        return _EDGE

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row and the line under it."""
        super().paint(painter, option, index)
        if index.row() < index.model().rowCount() - 1:
            rect, color = option.rect, tokens_of(option.widget.palette()).color("line")
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as all of them."""
        return QSize(0, px(option.widget, HEIGHT))

    def draws_bar(self, view: QWidget, index: Index) -> bool:
        """Only in lists."""
        return isinstance(view, QTableView)

    def _paint_runs(self, pen: RunPainter, view: QWidget, cell: Cell, area: QRect) -> None:
        if not isinstance(cell, TwoLines):
            super()._paint_runs(pen, view, cell, area)
            return
        measure, px = pen.measure, pen.measure.px
        area = area.adjusted(0, 0, -px(_PAD), 0)
        width, indent = self._room(measure, cell, area.width()), px(_INDENT)
        line = (area.height() - 2 * px(_PAD)) // 2
        top = area.top() + px(_PAD)
        self._line(pen, cell.runs, QRect(area.left() + indent, top, width, line))
        self._line(pen, cell.second, QRect(area.left() + indent, top + line, width, line))
        if cell.icon is not None:
            self._line(pen, (cell.icon,), area)
        if cell.side is not None:
            self._line(pen, (cell.side._replace(right=True),), area)

    def _line(self, pen: RunPainter, runs: tuple[Run, ...], area: QRect) -> None:
        measure = pen.measure
        baseline = area.top() + (area.height() + measure.ascent - measure.descent) // 2
        for placed in place(runs, area.width(), measure).placed:
            pen.draw(placed, QPoint(area.left() + placed.x, baseline))

    def _room(self, measure: Measure, cell: TwoLines, width: int) -> int:
        side = measure.width(cell.side) + measure.px(16) if cell.side else 0
        return max(0, width - measure.px(_INDENT) - side)

    def _placing(self, measure: Measure, cell: Cell, width: int) -> Placing:
        if not isinstance(cell, TwoLines):
            return super()._placing(measure, cell, width)
        room = self._room(measure, cell, width - measure.px(_PAD))
        lines = [place(runs, room, measure) for runs in (cell.runs, cell.second)]
        return Placing(lines[0].placed, any(line.cut for line in lines))


def icon_run(name: str) -> Run:
    """A run that is only an icon."""
    return Run("", TEXT, icon=name)
