"""Lays out and paints the cells of lists and trees, and rows of two lines; all look alike by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from inspector.gui.style.fonts import Fonts, fonts_of, px, row_height_of, unit
from inspector.gui.style.icons import pixmap
from inspector.gui.style.text_format import tooltip
from inspector.gui.style.text_runs import CELL_ROLE, EMPTY, TEXT, Cell, Elide, Run, Style
from inspector.gui.style.theme import ColourTokens, fill, tokens_of
from inspector.named_tuple import NamedTuple

ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
_MOST: Final = 1000  #: characters of a run that are ever measured
_ICON: Final = 16
_ICON_GAP: Final = 4
_BOX_PAD: Final = 4
_MOST_ADVANCES: Final = 8192  #: widths of texts that are kept


class Placed(NamedTuple):
    """A run with the text that is drawn of it, its left edge and its width."""

    run: Run
    text: str
    x: int
    width: int


class Placing(NamedTuple):
    """The placed runs of a cell; ``cut`` says that something of it is not to be seen."""

    placed: tuple[Placed, ...]
    cut: bool


class Measure:
    """Widths of text in the fonts of a widget; kept as long as the font is the same."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        names = ("body", "small", "bold", "fixed", "small_bold")
        self._metrics = {name: QFontMetrics(fonts.named(name)) for name in names}
        body = self._metrics["body"]
        self.unit = unit(fonts.body)
        self.ascent, self.descent = body.ascent(), body.descent()
        self.row_height = row_height_of(body)
        self._advances: dict[tuple[str, str], int] = {}
        self._styled: dict[Style, QFont] = {}

    def px(self, size: float) -> int:
        """A size drawn for a 13 px font, as :func:`~inspector.gui.style.fonts.px` gives it."""
        return round(size * self.unit)

    def metrics(self, run: Run) -> QFontMetrics:
        """The metrics of a run's font."""
        return self._metrics[run.style.font]

    def font(self, run: Run) -> QFont:
        """The font of a run, with what its style adds."""
        style = run.style
        if not (style.underline or style.strike or style.italic):
            return self.fonts.named(style.font)
        font = self._styled.get(style)
        if font is None:
            font = self._styled[style] = QFont(self.fonts.named(style.font))
            font.setUnderline(style.underline)
            font.setStrikeOut(style.strike)
            font.setItalic(style.italic)
        return font

    def around(self, run: Run) -> int:
        """What a run takes besides its text: icon and box."""
        icon = _ICON + (_ICON_GAP if run.text else 0) if run.icon else 0
        return round((icon + (2 * _BOX_PAD if run.style.box else 0)) * self.unit)

    def width(self, run: Run) -> int:
        """Width of a run in full."""
        return self.around(run) + self._advance(run.style.font, run.text[:_MOST])

    def _advance(self, font: str, text: str) -> int:
        """Width of a text. The same ones are measured whenever the view is painted."""
        key = font, text
        found = self._advances.get(key)
        if found is None:
            if len(self._advances) >= _MOST_ADVANCES:
                self._advances.clear()
            found = self._advances[key] = self._metrics[font].horizontalAdvance(text)
        return found

    def gap(self, run: Run) -> int:
        """Distance of a run to the one before it."""
        return round(run.gap * self.unit)

    def total(self, runs: Sequence[Run]) -> int:
        """Width of several runs with the gaps between them."""
        return sum(map(self.width, runs)) + sum(map(self.gap, runs[1:]))


def place(runs: Sequence[Run], width: int, measure: Measure, *, right: bool = False) -> Placing:
    """Place runs in a width.

    Optional runs go first, the last of them first of all; then runs that may be cut are, again from
    the last; a run that may not be cut and has no room becomes an ellipsis, never a part of itself.
    One that may be cut and of which nothing would be left makes room for those before it.
    """
    kept, widths = list(runs), [measure.width(run) for run in runs]
    texts = [run.text[:_MOST] for run in runs]
    if sum(widths) + sum(map(measure.gap, runs[1:])) > width:
        kept = _drop_optional(runs, width, measure)
        texts, widths = _cut(kept, width, measure)
        while (gone := _emptied(kept, texts)) is not None:
            del kept[gone]
            texts, widths = _cut(kept, width, measure)
    cut = len(kept) < len(runs) or any(t != r.text for t, r in zip(texts, kept, strict=True))
    total = sum(widths) + sum(map(measure.gap, kept[1:]))
    x = width - total if right else 0
    spare = max(0, width - total)
    placed = []
    for index, run in enumerate(kept):
        x += measure.gap(run) if index else 0
        if run.right:
            x, spare = x + spare, 0
        placed.append(Placed(run, texts[index], x, widths[index]))
        x += widths[index]
    return Placing(tuple(placed), cut)


def _drop_optional(runs: Sequence[Run], width: int, measure: Measure) -> list[Run]:
    kept = list(runs)
    while measure.total(kept) > width:
        optional = [index for index, run in enumerate(kept) if run.optional]
        if not optional or len(kept) == 1:
            break
        last = kept[optional[-1]]
        if last.group:
            kept = [run for run in kept if run.group != last.group]
        else:
            del kept[optional[-1]]
    return kept


def _emptied(runs: Sequence[Run], texts: Sequence[str]) -> int | None:
    """The last run of which cutting has left an ellipsis alone; never the first."""
    for index in range(len(runs) - 1, 0, -1):
        run = runs[index]
        if texts[index] == ELLIPSIS != run.text and run.elide != Elide.ElideNone:
            return index
    return None


def _cut(runs: Sequence[Run], width: int, measure: Measure) -> tuple[list[str], list[int]]:
    texts = [run.text[:_MOST] for run in runs]
    widths = [measure.width(run) for run in runs]
    over = sum(widths) + sum(map(measure.gap, runs[1:])) - width
    for elidable in (True, False):
        for index in range(len(runs) - 1, -1, -1):
            run = runs[index]
            if over <= 0 or (run.elide != Elide.ElideNone) != elidable or not run.text:
                continue
            before = widths[index]
            texts[index] = _shortened(run, before - over - measure.around(run), measure)
            advance = measure.metrics(run).horizontalAdvance(texts[index])
            widths[index] = measure.around(run) + advance
            over -= before - widths[index]
    return texts, widths


def _shortened(run: Run, width: int, measure: Measure) -> str:
    if run.elide == Elide.ElideNone:
        return ELLIPSIS
    return measure.metrics(run).elidedText(run.text[:_MOST], run.elide, max(0, width)) or ELLIPSIS


class RunPainter:
    """Draws placed runs with one painter."""

    def __init__(
        self, painter: QPainter, tokens: ColourTokens, measure: Measure, ratio: float, lit: bool
    ) -> None:
        self._painter = painter
        self._tokens = tokens
        self.measure = measure
        self._ratio = ratio
        self._lit = lit
        self.mark: re.Pattern[str] | None = None  #: what of a run stands out

    def draw(self, placed: Placed, at: QPoint) -> None:
        """Draw a run with its left edge and baseline at a point."""
        run, measure = placed.run, self.measure
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
            fill(self._painter, area, self._tokens.color(run.style.ground))
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
        metrics, measure = self.measure.metrics(placed.run), self.measure
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
            fill(self._painter, area, self._tokens.color("found"))
            self._painter.drawText(left, at.y(), text[first:last])

    def _color(self, token: str) -> QColor:
        if self._lit:
            token = "selected_dim" if token == "dim" else "selected_text"
        return self._tokens.color(token)

    def _icon(self, name: str, color: QColor, at: QPoint, text_follows: bool) -> int:
        measure = self.measure
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
        return round(4 * self.measure.unit)


Index = QModelIndex | QPersistentModelIndex
PADDING: Final = 8
BAR: Final = 3  #: width of the bar that marks the current row of a pane without focus
_State = QStyle.StateFlag
_SELECTED: Final = _State.State_Selected
_HOVERED: Final = _State.State_MouseOver


def ground(
    tokens: ColourTokens, view: QWidget, tint: str, *, selected: bool, hovered: bool
) -> QColor | None:
    """The ground of a row: selection, hover or tint, in this order; None for the view's own."""
    if selected:
        return tokens.color("selection" if view.hasFocus() else "unfocused")
    if tint:
        return tokens.color(tint)
    return tokens.color("hover") if hovered else None


def paint_bar(painter: QPainter, rect: QRect, tokens: ColourTokens, view: QWidget) -> None:
    """Mark the current row of a pane that has not the focus."""
    if not view.hasFocus():
        bar = QRect(rect.left(), rect.top(), BAR, rect.height())
        fill(painter, bar, tokens.color("link"))


class CellDelegate(QStyledItemDelegate):
    """Paints the :class:`Cell` a model gives for ``CELL_ROLE``."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._measure: Measure | None = None

    def measure(self, view: QWidget) -> Measure:
        """Metrics of the view's font, made anew when the font is another."""
        fonts = fonts_of(view.font())
        if self._measure is None or self._measure.fonts is not fonts:
            self._measure = Measure(fonts)
        return self._measure

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the ground of the row and the runs of the cell."""
        view = option.widget
        tokens, measure = tokens_of(view.palette()), self.measure(view)
        cell = _cell(index)
        rect = option.rect
        state = option.state
        selected, hovered = bool(state & _SELECTED), bool(state & _HOVERED)
        is_hovered = getattr(view, "is_hovered", None)
        hovered = hovered or (is_hovered is not None and is_hovered(index))
        color = ground(tokens, view, cell.tint, selected=selected, hovered=hovered)
        bar = selected and self.draws_bar(view, index)
        if color is None and not bar and type(cell) is Cell and not cell.runs:
            return
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        if color is not None:
            fill(painter, rect, color)
        if bar:
            paint_bar(painter, rect, tokens, view)
        lead = measure.px(self.lead(index))
        area = rect.adjusted(lead, 0, -measure.px(PADDING), 0)
        lit = selected and view.hasFocus()
        pen = RunPainter(painter, tokens, measure, view.devicePixelRatioF(), lit)
        pen.mark = self.mark(index)
        self._paint_runs(pen, view, cell, area)
        painter.restore()

    def mark(self, index: Index) -> re.Pattern[str] | None:
        """What of a cell is to stand out, such as what was sought."""
        return None

    def draws_bar(self, view: QWidget, index: Index) -> bool:
        """Whether the bar is drawn in this cell: the first of its row."""
        return isinstance(view, QTableView) and view.horizontalHeader().logicalIndexAt(0) == (
            index.column()
        )

    def lead(self, index: Index) -> int:
        """Distance of the text to the left edge of the cell, for a 13 px font."""
        return PADDING

    def _paint_runs(self, pen: RunPainter, view: QWidget, cell: Cell, area: QRect) -> None:
        measure = pen.measure
        baseline = area.top() + (area.height() + measure.ascent - measure.descent) // 2
        for placed in self._placing(measure, cell, area.width()).placed:
            pen.draw(placed, QPoint(area.left() + placed.x, baseline))

    def _placing(self, measure: Measure, cell: Cell, width: int) -> Placing:
        return place(cell.runs, width, measure, right=cell.right)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All of the cell in one row."""
        view = option.widget
        measure = self.measure(view)
        width = measure.total(_cell(index).runs) + 2 * measure.px(PADDING)
        return QSize(width, measure.row_height)

    def least_width(self, view: QWidget, index: Index) -> int:
        """What a cell needs so that nothing of it is cut; what is optional may be missing."""
        runs = [run for run in _cell(index).runs if not run.optional]
        measure = self.measure(view)
        return measure.total(runs) + measure.px(self.lead(index) + PADDING)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show in a tooltip what the model says, or else what was cut."""
        if event.type() != QEvent.Type.ToolTip:
            return False
        text = index.data(Qt.ItemDataRole.ToolTipRole)
        cell = _cell(index)
        measure = self.measure(view)
        width = option.rect.width() - measure.px(self.lead(index) + PADDING)
        if not text and self._placing(measure, cell, width).cut:
            text = cell.text
        QToolTip.showText(event.globalPos(), tooltip(text) if text else "", view)
        return True


def _cell(index: Index) -> Cell:
    cell = index.data(CELL_ROLE)
    return cell if isinstance(cell, Cell) else EMPTY


# Rows of two lines with an icon before them and a time at their right.

HEIGHT: Final = 44
_EDGE: Final = 16
_INDENT: Final = 22  #: distance of the lines to the icon's left edge
_PAD: Final = 4
_LEAST: Final = 110  #: that what stands beside the lines must leave them


class TwoLines(Cell):
    """A row. ``runs`` is its first line.

    Attributes:
        second: the line below.
        side: what stands at the right of both, or None.
        icon: a run with nothing but an icon, or None.
    """

    __slots__ = ("icon", "second", "side")

    def __init__(
        self,
        runs: tuple[Run, ...] = (),
        *,
        tint: str = "",
        second: tuple[Run, ...] = (),
        side: Run | None = None,
        icon: Run | None = None,
    ) -> None:
        super().__init__(runs, tint=tint)
        self.second = second
        self.side = side
        self.icon = icon

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
            fill(painter, QRect(rect.left(), rect.bottom(), rect.width(), 1), color)

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
        side = self._side(measure, cell, area.width())
        width, indent = self._room(measure, side, area.width()), px(_INDENT)
        line = (area.height() - 2 * px(_PAD)) // 2
        top = area.top() + px(_PAD)
        self._line(pen, cell.runs, QRect(area.left() + indent, top, width, line))
        self._line(pen, cell.second, QRect(area.left() + indent, top + line, width, line))
        if cell.icon is not None:
            self._line(pen, (cell.icon,), area)
        if side is not None:
            self._line(pen, (side._replace(right=True),), area)

    def _line(self, pen: RunPainter, runs: tuple[Run, ...], area: QRect) -> None:
        measure = pen.measure
        baseline = area.top() + (area.height() + measure.ascent - measure.descent) // 2
        for placed in place(runs, area.width(), measure).placed:
            pen.draw(placed, QPoint(area.left() + placed.x, baseline))

    def _side(self, measure: Measure, cell: TwoLines, width: int) -> Run | None:
        """What stands at the right, unless it would leave the lines too little room."""
        left = self._room(measure, cell.side, width)
        return cell.side if left >= measure.px(_LEAST) else None

    def _room(self, measure: Measure, side: Run | None, width: int) -> int:
        taken = measure.width(side) + measure.px(16) if side else 0
        return max(0, width - measure.px(_INDENT) - taken)

    def _placing(self, measure: Measure, cell: Cell, width: int) -> Placing:
        if not isinstance(cell, TwoLines):
            return super()._placing(measure, cell, width)
        width -= measure.px(_PAD)
        side = self._side(measure, cell, width)
        room = self._room(measure, side, width)
        lines = [place(runs, room, measure) for runs in (cell.runs, cell.second)]
        cut = side is not cell.side or any(line.cut for line in lines)
        return Placing(lines[0].placed, cut)


def icon_run(name: str) -> Run:
    """A run that is only an icon."""
    return Run("", TEXT, icon=name)
