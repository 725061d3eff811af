"""The field tree: whole rows, which of them are open, and deep records indented less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHoverEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import label_step
from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.cells.tree_view import Index, TreeView
from inspector.gui.fields.field_items import FieldItem, Graft, path_of, step_of
from inspector.gui.fields.fields_model import FIELD_COLUMNS, FieldsModel
from inspector.gui.settings.file_memory import OpenedFields
from inspector.gui.style.fonts import fonts_of, px
from inspector.session.summaries import Record

LEVELS: Final = 500
_ROOM: Final = 104  #: of the name column that is left for names, for a 13 px font
_BELOW: Final = 2000  #: rows that are opened at once
_NAMED: Final = 200  #: rows whose names are measured
_WIDEST: Final = 264  #: that the name column gets for its names, for a 13 px font
_ROWS: Final = 2000  #: open rows that are remembered
_DEPTH: Final = 64  #: levels of them
_INDEX: Final = re.compile(r"\[(\d+)\]")
_FOLLOWS: Final = (".", "[", " ", "")


def shift(tree: FieldTree, item: FieldItem) -> int:
    """How many pixels a row stands left of where Qt would put it."""
    own = tree.indentation() * level(tree, item)
    most = max(4 * tree.indentation(), tree.columnWidth(0) - px(tree, _ROOM))
    return max(0, own - most)


def level(tree: FieldTree, item: FieldItem) -> int:
    """The level of a row below the row that the tree shows as its root; 1 is the first."""
    return item.depth - tree.fields.item(tree.rootIndex()).depth


def root_for(tree: FieldTree, item: FieldItem) -> FieldItem:
    """The row to be shown as the root so that a row is in reach: the present one if it can be."""
    now = tree.fields.item(tree.rootIndex())
    wanted = ((item.depth - 1) // LEVELS) * LEVELS
    near = 0 < item.depth - now.depth <= LEVELS
    here: FieldItem = item
    found = now
    while here.parent is not None:
        here = here.parent
        if here is now and near:
            return now
        if here.depth == wanted:
            found = here
    return found


def open_way(tree: FieldTree, item: FieldItem) -> None:
    """Open every row above a row, the uppermost first, so that nothing is laid out in depth."""
    root = tree.fields.item(tree.rootIndex())
    above: list[FieldItem] = []
    here = item.parent
    while here is not None and here is not root:
        above.append(here)
        here = here.parent
    for one in reversed(above):
        tree.expand(tree.fields.index_of(one))


def open_below(tree: FieldTree, top: FieldItem) -> bool:
    """Open a row and all below it, level by level; False where that was cut.

    At most :data:`_BELOW` rows come into sight, and no more levels than can be shown.
    """
    queue, rows = [top], 0
    for item in queue:
        below = tree.fields.rows_below(item) if item.has_children() else []
        if not below:
            continue
        rows += len(below)
        if (rows > _BELOW and item is not top) or level(tree, item) >= LEVELS:
            return False
        tree.expand(tree.fields.index_of(item))
        queue.extend(child for child in below if child.has_children())
    return True


def show_from(tree: FieldTree, item: FieldItem) -> None:
    """Show the tree from a row on; what was shown is closed, so that it is not laid out again."""
    before = tree.fields.item(tree.rootIndex())
    if before is item:
        return
    if before.parent is not None:
        tree.collapse(tree.fields.index_of(before))
    index = tree.fields.index_of(item) if item.parent is not None else QModelIndex()
    tree.setRootIndex(index)


_VALUE = [column.key for column in FIELD_COLUMNS].index("value")
_OPEN_AT_FIRST = ("spec", "status")
_MANY = 100  #: a message with more rows than this is not opened by itself


class _TreeDelegate(CellDelegate):
    def draws_bar(self, view: QWidget, index: Index) -> bool:
        return False

    def lead(self, index: Index) -> int:
        return 2 if index.column() == 0 else super().lead(index)

    def mark(self, index: Index) -> re.Pattern[str] | None:
        model = index.model()
        return model.mark(index) if isinstance(model, FieldsModel) else None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tree = option.widget
        if index.column() == 0 and isinstance(tree, FieldTree):
            moved = shift(tree, tree.fields.item(index))
            if moved:
                option.rect.setLeft(option.rect.left() - moved)
        super().paint(painter, option, index)


class FieldTree(TreeView):
    """The fields of a record. ``selected`` tells the :class:`FieldItem` the cursor is on, or None.

    ``pressed_value`` tells a click on the value of the row the cursor is on; ``rooted`` the row
    from which on the tree is shown, None for all of it; ``told`` a sentence for the status line.
    """

    selected = Signal(FieldItem)  # or None
    pressed_value = Signal()
    rooted = Signal(FieldItem)  # the same
    told = Signal(str)

    _hovered: FieldItem | None = None  #: the row under the pointer
    _rooted_at: FieldItem | None = None  #: the row ``rooted`` told last

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(FIELD_COLUMNS, parent=parent)
        self.fields = FieldsModel(self)
        self.setAccessibleName("Fields")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setItemDelegate(_TreeDelegate(self))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setModel(self.fields)
        self.clicked.connect(self._click)
        self.expanded.connect(self._opened_deep)
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._fit_names)
        self.expanded.connect(lambda _: self._fitting.start())
        self.fields.modelReset.connect(self._fitting.start)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show the fields of a model."""
        super().setModel(model)
        self.columns.reset_widths()
        self.selectionModel().currentRowChanged.connect(self._tell)

    def current(self) -> FieldItem | None:
        """The item the cursor is on."""
        index = self.currentIndex()
        return self.fields.item(index) if index.isValid() else None

    def open_first(self) -> None:
        """Open what most people look at first."""
        for item in self.fields.rows_below(self.fields.item(QModelIndex())):
            # The keys of a document are labels of its values.
            label = item.node.label if item.node is not None else None
            name = item.field.name if item.field is not None and label is None else label
            named = name in _OPEN_AT_FIRST
            if named and item.node is not None and len(item.node.children) <= _MANY:
                self.expand(self.fields.index_of(item))

    def open_short(self, most: int) -> None:
        """Open the rows at the top that have few below them."""
        for item in self.fields.rows_below(self.fields.item(QModelIndex())):
            if item.node is not None and 0 < len(item.node.children) <= most:
                self.expand(self.fields.index_of(item))

    def opened(self) -> set[str]:
        """Paths of the rows that are open."""
        fields, found = self.fields, set[str]()
        stack = [(fields.item(QModelIndex()), "")]
        while stack and len(found) < _ROWS:
            above, path = stack.pop()
            for item in above.made() or ():
                if item.depth <= _DEPTH and self.isExpanded(fields.index_of(item)):
                    own = path + _step(item, path)
                    found.add(own)
                    stack.append((item, own))
        return found

    def open_paths(self, paths: set[str]) -> None:
        """Open the rows with these paths, as far as they are there."""
        fields = self.fields
        stack = [(fields.item(QModelIndex()), "")]
        while stack:
            above, path = stack.pop()
            for item in fields.rows_below(above):
                own = path + _step(item, path)
                if own in paths and item.has_children():
                    self.expand(fields.index_of(item))
                    stack.append((item, own))

    def set_unset(self, on: bool) -> None:
        """Show or hide unset fields; what was open stays open."""
        paths, item = self.opened(), self.current()
        path = path_of(item) if item is not None else ""
        self.fields.set_unset(on)
        self.open_paths(paths)
        self.go_to(path)

    def go_to(self, path: str) -> bool:
        """Put the cursor on the row with a path; False where the record does not have it."""
        item = find_path(self.fields, path)
        if item is not None:
            self.reveal(item)
        return item is not None

    def reveal(self, item: FieldItem) -> None:
        """Put the cursor on a row, opening what is above it."""
        if item.parent is None:
            return
        self._show_from(root_for(self, item))
        open_way(self, item)
        index = self.fields.index_of(item)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def grow(self, item: FieldItem, graft: Graft) -> None:
        """Show a tree of its own below a row, and open it."""
        root = self.fields.graft(item, graft)
        self.expand(self.fields.index_of(item))
        self.expand(root)
        self.scrollTo(root)

    def open_below(self) -> None:
        """Open the current row and all below it, as far as is sensible."""
        item = self.current()
        if item is not None and not open_below(self, item):
            self.told.emit(
                "Not everything was expanded. Press * on a row below to expand the rest."
            )

    def show_all(self) -> None:
        """Show the tree from its top again, the cursor on the first row above where it was."""
        item = self.current() or self.fields.item(self.rootIndex())
        while item.depth > 1 and item.parent is not None:
            item = item.parent
        self._show_from(self.fields.item(QModelIndex()))
        self.reveal(item)

    def reset(self) -> None:
        """Show another record from its top."""
        super().reset()
        self._tell_root(None)

    def _show_from(self, item: FieldItem) -> None:
        if item is not self.fields.item(self.rootIndex()):
            show_from(self, item)
            self._tell_root(item if item.parent is not None else None)

    def _tell_root(self, item: FieldItem | None) -> None:
        if item is not self._rooted_at:
            self._rooted_at = item
            self.rooted.emit(item)

    def _opened_deep(self, index: QModelIndex) -> None:
        """A row is opened below as many levels as can be shown: go on when Qt is done with it."""
        if level(self, self.fields.item(index)) >= LEVELS:
            QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        item = self.current()
        rows = self.fields.rows_below(item) if item is not None else []
        if item is not None and rows and level(self, item) >= LEVELS:
            self._show_from(item)
            self.reveal(rows[0])

    def _fit_names(self) -> None:
        """Make room for the names of the rows that are open; the column never shrinks for them."""
        if not self.isVisible():
            return  # it is done when somebody looks
        delegate, index = self.itemDelegate(), self.fields.index(0, 0, self.rootIndex())
        assert isinstance(delegate, _TreeDelegate)
        needed = rows = 0
        while index.isValid() and rows < _NAMED:
            left = self.indentation() * level(self, self.fields.item(index))
            needed = max(needed, left + delegate.least_width(self, index))
            index, rows = self.indexBelow(index), rows + 1
        self.columns.fit("name", min(needed, px(self, _WIDEST)))

    def show_types(self, on: bool) -> None:
        """Show or hide types and numbers."""
        for key in ("type", "number"):
            self.columns.switch(key, on)

    def is_hovered(self, index: Index) -> bool:
        """Whether the pointer is on the row of an index."""
        return self._hovered is not None and self._hovered is self.fields.item(index)

    def _click(self, index: QModelIndex) -> None:
        if index.column() == _VALUE:
            self.pressed_value.emit()

    def _tell(self) -> None:
        self.selected.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is told as ``activated``; the rest is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
            event.accept()
            return
        if event.key() == Qt.Key.Key_Asterisk:
            self.open_below()
            return
        if event.key() == Qt.Key.Key_Left and self._at_the_top():
            self.reveal(self.fields.item(self.rootIndex()))
            return
        super().keyPressEvent(event)

    def _at_the_top(self) -> bool:
        """Whether the row is closed and stands right below a row that is shown as the root."""
        index = self.currentIndex().siblingAtColumn(0)
        below_root = self.rootIndex().isValid() and index.parent() == self.rootIndex()
        return below_root and not self.isExpanded(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A row that stands left of where Qt would put it has its chevron there too."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        moved = shift(self, self.fields.item(index)) if index.isValid() else 0
        if not moved or index.column() or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.setCurrentIndex(index)
        edge = self.indentation() * level(self, self.fields.item(index)) - moved
        if edge - self.indentation() <= point.x() + self.horizontalOffset() < edge:
            self.setExpanded(index, not self.isExpanded(index))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Entering a tree in which nothing is selected selects its first row."""
        super().focusInEvent(event)
        if self.fields.rowCount() and not self.selectionModel().hasSelection():
            self.setCurrentIndex(QModelIndex())
            self.setCurrentIndex(self.fields.index(0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the row the cursor is on in sight, as where the bytes take a part of the height."""
        index, before = self.currentIndex(), event.oldSize().height()
        row = self.visualRect(index)
        seen = before <= 0 or (row.top() >= 0 and row.bottom() <= before)
        super().resizeEvent(event)
        if index.isValid() and seen:
            self.scrollTo(index)

    def showEvent(self, event: QShowEvent) -> None:
        """Make room for the names that came while another tab was shown."""
        super().showEvent(event)
        self._fit_names()

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the pointer row by row."""
        over = self._hovered
        if isinstance(event, QHoverEvent):
            index = self.indexAt(event.position().toPoint())
            over = self.fields.item(index) if index.isValid() else None
        if event.type() in (QEvent.Type.HoverLeave, QEvent.Type.Leave):
            over = None
        if over is not self._hovered:
            self._hovered = over
            self.viewport().update()
        return super().viewportEvent(event)

    def state_of(self, index: Index) -> QStyle.StateFlag:
        """How the row of an index stands out; the one under the pointer does in all columns."""
        hovered = self.is_hovered(index)
        over = QStyle.StateFlag.State_MouseOver if hovered else QStyle.StateFlag.State_None
        return super().state_of(index) | over

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the row's ground left of the name, its bar, and a chevron where it opens."""
        item = self.fields.item(index)
        moved = shift(self, item)
        rect = rect.adjusted(0, 0, -moved, 0)
        self.paint_ground(painter, rect, index, bar=True)
        if moved:
            painter.setPen(self.ink_of(index, dim=True))
            painter.setFont(fonts_of(self.font()).small)
            area = rect.adjusted(px(self, 6), 0, 0, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, f"L{item.depth:,}")
        self.paint_chevron(painter, rect, index)


def find_path(fields: FieldsModel, path: str) -> FieldItem | None:
    """The row of a path, None where the record does not have it."""
    record = fields.tree
    if record is None or not path:
        return None
    way, rest = _way_at(record.root, path)
    item = fields.item_of(way)
    if not rest:
        return item
    rows = fields.rows_below(item)
    if len(rows) > _ROWS:
        return None
    return next(
        (row for row in rows if row.node is None and _step(row, "x" * len(way)) == rest), None
    )


def _step(item: FieldItem, path: str) -> str:
    if item.span is not None:
        return f"[{item.span[0]}:{item.span[1]}]"
    step = step_of(item)
    return step if path else step.removeprefix(".")


def _way_at(root: Node, path: str) -> tuple[list[int], str]:
    """The way along a path as far as it goes, and what is left of the path."""
    way: list[int] = []
    node, at = root, 0
    while at < len(path):
        index, size = _child(node, path, at)
        if index < 0:
            break
        way.append(index)
        node, at = node.children[index], at + size
    return way, path[at:]


def _child(node: Node, path: str, at: int) -> tuple[int, int]:
    """The child whose step stands at a place of a path, and the length of the step."""
    if node.kind in (NodeKind.LIST, NodeKind.ARRAY):
        found = _INDEX.match(path, at)
        index = int(found[1]) if found is not None else -1
        fits = found is not None and index < len(node.children)
        return (index, found.end() - at) if found is not None and fits else (-1, 0)
    best = -1, 0
    for index, step in enumerate(_steps(node)):
        own = step if at else step.removeprefix(".")
        end = at + len(own)
        if own and path.startswith(own, at) and path[end : end + 1] in _FOLLOWS:
            best = index, len(own)
            # What repeats a field without a name has the step of the first, and its number behind.
            if node.children[index].kind != NodeKind.UNKNOWN or path[end : end + 1] != "[":
                break
    return best


def _steps(node: Node) -> Iterator[str]:
    seen: dict[int, int] = {}
    for child in node.children:
        if child.kind == NodeKind.UNKNOWN:
            repeat = seen.get(child.number, 0)
            seen[child.number] = repeat + 1
            yield f".<{child.number}>" + (f"[{repeat}]" if repeat else "")
        elif child.kind > NodeKind.UNKNOWN:
            yield ""
        elif child.label is not None:
            yield label_step(child)
        else:
            yield f".{child.field.name}" if child.field is not None else ""


class ExpandedRows:
    """What one tree had open, record by record, the one that was left last at the end."""

    def __init__(self, tree: FieldTree) -> None:
        self._tree = tree
        self._opened: dict[tuple[str, str], tuple[set[str], str]] = {}

    def keep(self, record: Record) -> None:
        """Remember how the tree shows a record."""
        item = self._tree.current()
        path = path_of(item) if item is not None else ""
        self._opened.pop((record.kind, record.id), None)
        self._opened[record.kind, record.id] = (self._tree.opened(), path)

    def reopen(self, record: Record) -> bool:
        """Show a record as it was left; False where the cursor cannot be put back.

        A record that was never left is opened as far as its first levels.
        """
        opened, path = self._opened.get((record.kind, record.id), (set(), ""))
        if opened:
            self._tree.open_paths(opened)
        else:
            self._tree.open_first()
        return self._tree.go_to(path)

    def fields(self) -> list[OpenedFields]:
        """All that is remembered, newest record last."""
        return [
            OpenedFields(kind, id_, cursor, tuple(sorted(paths)))
            for (kind, id_), (paths, cursor) in self._opened.items()
        ]

    def take(self, opened: Sequence[OpenedFields]) -> None:
        """Remember these too."""
        for one in opened:
            self._opened[one.kind, one.id] = (set(one.paths), one.cursor)
