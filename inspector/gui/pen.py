"""Drawing of one run of text: its icon, its ground, its box, its letters."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.gui.icons import pixmap
from inspector.gui.placing import ELLIPSIS, Measure, Placed
from inspector.gui.theme import Tokens


class Pen:
    """Draws placed runs with one painter."""

    def __init__(
        self, painter: QPainter, tokens: Tokens, measure: Measure, ratio: float, lit: bool
    ) -> None:
        self._painter = painter
        self._tokens = tokens
        self._measure = measure
        self._ratio = ratio
        self._lit = lit
        self.mark: re.Pattern[str] | None = None  #: what of a run stands out

    def draw(self, placed: Placed, at: QPoint) -> None:
        """Draw a run with its left edge and baseline at a point."""
        run, measure = placed.run, self._measure
        color = self._color(run.style.color if not run.style.ground else "text")
        x = at.x()
        if run.icon:
            x = self._icon(run.icon, color, QPoint(x, at.y()), bool(run.text))
        area = QRect(
            x,
            at.y() - measure.ascent,
            placed.width - (x - at.x()),
            measure.ascent + measure.descent,
        )
        if run.style.ground:
            self._painter.fillRect(area, self._tokens.color(run.style.ground))
            color = self._tokens.color("text")
        self._painter.setPen(color)
        if run.style.box:
            x += self._box(area, color)
        self._painter.setFont(measure.font(run))
        self._painter.drawText(x, at.y(), placed.text)
        if self.mark is not None:
            self._mark(placed, self.mark, QPoint(x, at.y()))

    def _mark(self, placed: Placed, mark: re.Pattern[str], at: QPoint) -> None:
        """Draw what stands out once more, on a ground of its own; dots stand for what is cut."""
        metrics, measure = self._measure.metrics(placed.run), self._measure
        self._painter.setPen(self._tokens.color("text"))
        text, spans = placed.text, [found.span() for found in mark.finditer(placed.text)]
        dots = text.find(ELLIPSIS) if text != placed.run.text else -1
        if dots >= 0 and len(mark.findall(placed.run.text)) > len(spans):
            spans.append((dots, dots + len(ELLIPSIS)))
        for first, last in spans:
            left = at.x() + metrics.horizontalAdvance(text[:first])
            wide = metrics.horizontalAdvance(text[first:last])
            high = measure.ascent + measure.descent
            area = QRect(left, at.y() - measure.ascent, wide, high)
            self._painter.fillRect(area, self._tokens.color("found"))
            self._painter.drawText(left, at.y(), text[first:last])

    def _color(self, token: str) -> QColor:
        if self._lit:
            token = "selected_dim" if token == "dim" else "selected_text"
        return self._tokens.color(token)

    def _icon(self, name: str, color: QColor, at: QPoint, text_follows: bool) -> int:
        measure = self._measure
        edge = round(16 * measure.unit)
        middle = at.y() - (measure.ascent - measure.descent) / 2
        top = round(middle - edge / 2)
        self._painter.drawPixmap(at.x(), top, pixmap(name, color, edge, self._ratio))
        return at.x() + round((16 + (4 if text_follows else 0)) * measure.unit)

    def _box(self, area: QRect, color: QColor) -> int:
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(QPen(color, 1))
        self._painter.translate(0.5, 0.5)
        self._painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), 3, 3)
        self._painter.restore()
        return round(4 * self._measure.unit)
