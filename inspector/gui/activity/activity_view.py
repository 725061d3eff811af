"""The activity of an execution: nesting at the left, time at the right, what is said below.

The time axis has points, bars and frames beside the rows, and times in the head.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStackedWidget, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from inspector.gui.activity.activity_model import (
    ACTIVITY_COLUMNS,
    AXIS,
    ActivityModel,
    ActivityRow,
    clock,
    facts_of,
)
from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.cells.tree_view import Index, TreeView
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.fusion_style import FlatHeader
from inspector.gui.style.text_format import copied, visible
from inspector.gui.style.theme import ColourTokens, tokens_of
from inspector.gui.style.time_ticks import ticks
from inspector.gui.text.text_layout import Lines
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.values.value_pane import ValueTextView
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.labels import PathLink
from inspector.gui.widgets.splitter import LineSplitter
from inspector.history.activity import Activity, ActivityItem, Role, Shape

_MARGIN: Final = 8


def _x(activity: Activity, time: int, left: int, width: int) -> float:
    """Where a time stands; the whole axis where all times are one."""
    begin, end = activity.begin or 0, activity.end or 0
    room = max(1, width - 2 * _MARGIN)
    return left + _MARGIN + room * (time - begin) / max(1, end - begin)


class AxisHeader(FlatHeader):
    """Writes the times over the axis."""

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one head."""
        super().paintSection(painter, rect, section)
        model = self.model()
        activity = model.activity if isinstance(model, ActivityModel) else None
        if section != AXIS or activity is None or activity.begin is None or activity.end is None:
            return
        font = fonts_of(self.font()).small
        metrics = QFontMetrics(font)
        painter.save()
        painter.setFont(font)
        painter.setPen(tokens_of(self.palette()).color("dim"))
        baseline = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) // 2
        free = rect.left()
        for tick in ticks(activity.end - activity.begin):
            x = round(_x(activity, activity.begin + tick, rect.left(), rect.width()))
            words = clock(tick)
            wide = metrics.horizontalAdvance(words)
            if x >= free and x + wide <= rect.right():
                painter.drawText(QPoint(x, baseline), words)
                free = x + wide + _MARGIN
        painter.restore()


class AxisDelegate(CellDelegate):
    """Paints what a row is on the axis; state and length say the same in words."""

    def draws_bar(self, view: QWidget, index: QModelIndex | QPersistentModelIndex) -> bool:
        """The bar of the current row stands at its left end."""
        return False

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw ground, lines and shape."""
        super().paint(painter, option, index)
        model = index.model()
        if not isinstance(model, ActivityModel) or model.activity is None:
            return
        row, activity, rect = model.row_of(index), model.activity, option.rect
        if row is None or activity.begin is None or activity.end is None:
            return
        view = option.widget
        tokens = tokens_of(view.palette())
        lit = bool(option.state & QStyle.StateFlag.State_Selected) and view.hasFocus()
        painter.save()
        painter.setClipRect(rect)
        if not lit:
            for tick in ticks(activity.end - activity.begin):
                x = round(_x(activity, activity.begin + tick, rect.left(), rect.width()))
                painter.fillRect(x, rect.top(), 1, rect.height(), tokens.color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw(painter, activity, row.item, rect, _ink(tokens, row.item, lit=lit), px(view, 8))
        painter.restore()


def _ink(tokens: ColourTokens, item: ActivityItem, *, lit: bool) -> QColor:
    if lit:
        return tokens.color("selected_text")
    if item.failed:
        return tokens.color("removed")
    return tokens.color("changed" if item.no_end else "dim")


def _draw(
    painter: QPainter, activity: Activity, item: ActivityItem, rect: QRect, ink: QColor, high: int
) -> None:
    if item.start is None:
        return
    left = _x(activity, item.start, rect.left(), rect.width())
    middle = rect.top() + rect.height() / 2
    if item.role is Role.EVENT:
        _draw_event(painter, QPointF(left, middle), ink, high)
        return
    if item.shape is Shape.POINT or (item.end is None and not item.no_end):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QRectF(left - high / 3, middle - high / 3, high / 1.5, high / 1.5))
        return
    end = item.end if item.end is not None and not item.no_end else activity.end or item.start
    right = _x(activity, max(end, item.start), rect.left(), rect.width())
    area = QRectF(left, middle - high / 2, max(3.0, right - left), high)
    if item.shape is Shape.BAR and not item.no_end:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
    else:
        style = Qt.PenStyle.DashLine if item.no_end else Qt.PenStyle.SolidLine
        painter.setPen(QPen(ink, 1.2, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, 2, 2)


def _draw_event(painter: QPainter, at: QPointF, ink: QColor, high: int) -> None:
    """An outline with four corners: what stands beside the record is no point of its own."""
    half = high / 2
    corners = (QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0))
    painter.setPen(QPen(ink, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))


class _ActivityDelegate(CellDelegate):
    def draws_bar(self, view: QWidget, index: Index) -> bool:
        return False

    def lead(self, index: Index) -> int:
        return 2 if index.column() == 0 else super().lead(index)


class ActivityTree(TreeView):
    """The rows; Enter is told as ``activated``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ACTIVITY_COLUMNS, AxisHeader, parent)
        self.rows = ActivityModel(self)
        self.setAccessibleName("Activity")
        self.setExpandsOnDoubleClick(False)
        self.setItemDelegate(_ActivityDelegate(self))
        self.setItemDelegateForColumn(AXIS, AxisDelegate(self))
        self.setModel(self.rows)
        self.columns.reset_widths()

    def show_rows(self, activity: Activity, top: ActivityRow) -> None:
        """Show another execution, all open but what is folded."""
        self.rows.show(activity, top)
        items = list(activity.items())
        self.columns.switch("state", any(item.state or item.no_end for item in items))
        self.columns.switch("length", any(item.length is not None for item in items))
        stack = [top]
        while stack:
            row = stack.pop()
            if row.item.role is not Role.TOOL_ANSWERS and row.below:
                self.expand(self.rows.index_of(row))
                stack.extend(row.below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is told as ``activated``; the rest is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the row's ground left of its words, its bar, and a chevron where it opens."""
        self.paint_ground(painter, rect, index, bar=True)
        self.paint_chevron(painter, rect, index)


class ActivityView(QStackedWidget, ClipSource):
    """Rows and what the current one says. ``wanted`` tells the way of an item to go to.

    ``selected`` tells the :class:`ActivityRow` the cursor is on.
    """

    wanted = Signal(str)
    selected = Signal(ActivityRow)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""  #: what is copied in place of the text
        self.tree = ActivityTree()
        self.link = PathLink(keep=120)
        self.head = ValueHeader(self, self.link)
        self.text = ValueTextView()
        self.text.set_wrap(True)
        self.empty = EmptyState()
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.text, 1)
        split = LineSplitter(Qt.Orientation.Vertical, name="Steps and their text")
        split.addWidget(self.tree)
        split.addWidget(lower)
        split.setStretchFactor(0, 1)
        split.setSizes([600, 140])
        self._split = split
        self.addWidget(split)
        self.addWidget(self.empty)
        self.setFocusProxy(self.tree)
        self.tree.activated.connect(self._go)
        self.tree.doubleClicked.connect(self._go)
        self.link.followed.connect(lambda: self._go(self.tree.currentIndex()))
        self.tree.selectionModel().currentRowChanged.connect(lambda *_: self._tell())

    def show_activity(self, activity: Activity, top: ActivityRow) -> None:
        """Show another execution, the cursor on it."""
        self.setCurrentWidget(self._split)
        self.tree.show_rows(activity, top)
        self.tree.setCurrentIndex(self.tree.rows.index_of(top))

    def clear(self, sentence: str, reason: str = "") -> None:
        """Show no execution, and why."""
        self.tree.rows.show(None, None)
        self.empty.tell(sentence, reason)
        self.setCurrentWidget(self.empty)

    def go_to(self, path: str) -> None:
        """Put the cursor on the innermost row that a field belongs to."""
        best, stack = None, [self.tree.rows.top]
        while stack:
            row = stack.pop()
            if row is None:
                continue
            stack.extend(row.below)
            own = row.item.way
            if path == own or path.startswith((f"{own}.", f"{own}[")):
                longer = best is None or len(own) >= len(best.item.way)
                best = row if longer else best
        if best is not None:
            index = self.tree.rows.index_of(best)
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index)

    def current(self) -> ActivityRow | None:
        """The row the cursor is on."""
        return self.tree.rows.row_of(self.tree.currentIndex())

    def copy(self) -> Clip | None:
        """What of the text of the row is selected, else all of it; a covered one stays covered."""
        row = self.current()
        if row is None:
            return None
        part = self.text.selected_text()
        text = part or self._said or self.text.text()
        what = "selection" if part else row.item.way or "text"
        return Clip(text, copied(what, text)) if text else NO_CLIP

    def tell_text(
        self, row: ActivityRow, text: str, lines: Lines | None = None, *, said: str = ""
    ) -> None:
        """Show what a row says.

        Args:
            row: it.
            text: its text.
            lines: of it, where it is long.
            said: what is copied of it, where that is not the text.
        """
        self._said = said
        event = row.item.event
        where = row.item.way if event is None else f"Event {event.name}"
        self.head.tell(visible(where), facts_of(row.item))
        if event is not None:
            self.link.setAccessibleName(f"Go to event {event.name}")
        self.text.set_text(text, fixed=text.startswith("{"), lines=lines)

    def _tell(self) -> None:
        row = self.current()
        if row is not None:
            self.tell_text(row, "")
            self.selected.emit(row)

    def _go(self, index: QModelIndex) -> None:
        row = self.tree.rows.row_of(index)
        if row is not None:
            self.wanted.emit(row.item.way)
