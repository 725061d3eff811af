"""Two states of a record: the tree of what differs, two texts beside each other, both as text."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind
from inspector.decode.paths import NodePlace
from inspector.errors import CancelledError, InspectorError
from inspector.export.difference_json import difference_text, unsaid, value_json
from inspector.export.json_losses import loss_notes, plain_notes
from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.cells.tree_view import Index, TreeView
from inspector.gui.diff.diff_model import DIFFERENCE_COLUMNS, DiffModel, DiffRow, rows_of
from inspector.gui.diff.text_diff_rows import TextRows, text_rows
from inspector.gui.diff.text_diff_view import BESIDE, TextDiffView
from inspector.gui.style.fonts import fonts_of, row_height
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import CELL_ROLE, Cell
from inspector.gui.tasks import Report, Tasks
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.labels import CountsLabel, ElidedLabel
from inspector.gui.widgets.splitter import LineSplitter
from inspector.history.difference import Change, Difference, record_difference
from inspector.history.record import Record
from inspector.session.history_queries import Compared

_SIGNS: Final = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~", Change.MOVED: ">"}
_NOTHING: Final[frozenset[int]] = frozenset()


def compare_texts(row: DiffRow, compared: Compared, *, everything: bool, reveal: bool) -> TextRows:
    """The two values of a row as texts beside each other; called in the worker."""
    before = side_text(row.before, compared.before, reveal=reveal)
    after = side_text(row.after, compared.after, reveal=reveal)
    return text_rows(before, after, everything=everything)


def as_json(compared: Compared) -> str:
    """A JSON array of all differences, as the command line writes it."""
    return difference_text(
        record_difference(compared.before, compared.after), compared.before, compared.after
    )


def losses(compared: Compared) -> list[str]:
    """Sentences about what that JSON leaves out or changes."""
    covered = compared.before.covered | compared.after.covered
    sides = compared.before, compared.after
    found = unsaid(record_difference(*sides).entries, sides, covered).losses
    return plain_notes(loss_notes(found, covered))


def sameness(found: Difference) -> str:
    """In which way two records are the same that do not differ."""
    if found.same_bytes:
        return "The bytes are identical."
    return "The bytes differ, but the content is the same."


def as_text(compared: Compared) -> str:
    """Every difference with its sign, its word and its path, and below it before and after."""
    found = record_difference(compared.before, compared.after)
    lines: list[str] = []
    for entry in found.entries:
        lines.append(f"{_SIGNS[entry.change]} {entry.change.value:8}{entry.path}")
        if entry.change is Change.MOVED and entry.before is not None:
            lines.append(f"      from {entry.before.path}")
            continue
        sides = (("-", entry.before, compared.before), ("+", entry.after, compared.after))
        for sign, place, record in sides:
            if place is not None and record.tree is not None:
                text = value_json(place, record.tree, record.covered, entry.hidden, indent=None)
                lines.append(f"      {sign} {text}")
    if not lines:
        lines.append(f"No differences. {sameness(found)}")
    return "\n".join(lines) + "\n"


def side_text(place: NodePlace | None, record: Record, *, reveal: bool) -> str:
    """A value that may be seen, as a text to be compared: a text as it is, the rest as JSON."""
    if place is None or record.tree is None:
        return ""
    if isinstance(place.node.value, str):
        return place.node.value
    covered = _NOTHING if reveal else record.covered
    if place.node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return value_json(place, record.tree, covered, hidden=False)
    return write(place.node, covered, indent=2)


_FIELD: Final = 1
_MOST: Final = 100  #: rows that are counted


class _DiffDelegate(CellDelegate):
    def draws_bar(self, view: QWidget, index: Index) -> bool:
        return index.column() == 0

    def lead(self, index: Index) -> int:
        return 2 if index.column() == _FIELD else super().lead(index)


class DiffTree(TreeView):
    """What differs. ``selected`` tells the :class:`DiffRow` the cursor is on."""

    selected = Signal(DiffRow)  # or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(DIFFERENCE_COLUMNS, parent=parent)
        self.rows = DiffModel(self)
        self.setAccessibleName("Differences")
        self.setItemDelegate(_DiffDelegate(self))
        self.setModel(self.rows)
        self.setTreePosition(_FIELD)
        self.columns.reset_widths()
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell())

    def show_rows(self, compared: Compared | None, root: DiffRow, *, everything: bool) -> None:
        """Show another difference, the cursor on the first row that differs."""
        self.rows.show(compared, root)
        if everything:
            for row in root.changes():
                self._open(row)
        first = next(root.changes(), None)
        if first is not None:
            self.go_to(first)
        else:
            self.selected.emit(None)

    def height_of_rows(self) -> int:
        """The height that shows the head and all rows that are open."""
        count, index = 1, self.rows.index(0, 0)
        while (index := self.indexBelow(index)).isValid() and count < _MOST:
            count += 1
        return self.header().sizeHint().height() + count * row_height(self) + 2

    def current(self) -> DiffRow | None:
        """The row the cursor is on."""
        index = self.currentIndex()
        return self.rows.row_of(index) if index.isValid() else None

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) row that differs; False where there is none."""
        changes = list(self.rows.root.changes())
        row = self.current()
        while row is not None and row.entry is None and row.parent is not None:
            row = row.parent
        at = changes.index(row) if row in changes else (-1 if by > 0 else len(changes))
        if not 0 <= at + by < len(changes):
            return False
        self.go_to(changes[at + by])
        return True

    def go_to(self, row: DiffRow) -> None:
        """Put the cursor on a row."""
        self._open(row)
        index = self.rows.index_of(row)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def _open(self, row: DiffRow) -> None:
        above = row.parent
        while above is not None and above.parent is not None:
            self.expand(self.rows.index_of(above))
            above = above.parent

    def _tell(self) -> None:
        self.selected.emit(self.current())

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the row's ground left of the name, and a chevron where it opens."""
        cell = index.data(CELL_ROLE)
        tint = cell.tint if isinstance(cell, Cell) else ""
        self.paint_ground(painter, rect, index, tint, bar=False)
        self.paint_chevron(painter, rect, index)


CHANNEL: Final = "change"
TEXTS: Final = "change text"


class DifferencePane(QWidget):
    """Shows one difference; secrets are covered, and still told to differ."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.compared: Compared | None = None
        self._only = ""
        self.name = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.facts = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self.tree = DiffTree()
        self.text = TextDiffView()
        self._text_head = ValueHeader(self, facts=CountsLabel())
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._lay_out()
        self._dress()
        self.tree.selected.connect(self._want_text)

    def _lay_out(self) -> None:
        head = Bar(40, line=True)
        head.row.addWidget(self.name)
        head.row.addWidget(self.facts)
        head.row.addStretch(1)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.addWidget(self._text_head)
        below.addWidget(self.text, 1)
        split = LineSplitter(Qt.Orientation.Vertical, name="Fields and text")
        split.addWidget(self.tree)
        split.addWidget(lower)
        split.setSizes([240, 320])
        self._stack.addWidget(split)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        for layout in (below, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    def show_loaded(
        self, load: Callable[[Event], Compared], name: str, facts: str, *, only: str = ""
    ) -> None:
        """Show what differs between two states.

        Args:
            load: reads and compares them; called in the worker.
            name: what the record is called.
            facts: its kind, and when or where it differs.
            only: the column to show, ``before`` or ``after``, of a state that there is no other to
                compare with: both are the same, and all of it is shown.
        """
        self._name(name, facts)

        def work(cancel: Event, _report: Report) -> tuple[Compared, DiffRow]:
            found = load(cancel)
            return found, rows_of(found, everything=bool(only), reveal=False)

        def done(answer: tuple[Compared, DiffRow]) -> None:
            self._only = only
            for key in ("change", "before", "after"):
                self.tree.columns.switch(key, only in ("", key))
            self.arrange()
            self._show(*answer)

        self._tasks.run(CHANNEL, work, done, self._fail)

    def tell(self, name: str, facts: str, sentence: str, reason: str = "") -> None:
        """Show that there are no two states to compare, and why."""
        self._name(name, facts)
        self._tasks.forget(CHANNEL)
        self._tell(sentence, reason)

    def forget(self) -> None:
        """Nobody looks at it any more: what is still compared for it is let go of."""
        for channel in (CHANNEL, TEXTS):
            self._tasks.forget(channel)

    def _name(self, name: str, facts: str) -> None:
        self.name.setText(visible(name))
        self.facts.setText(visible(facts))
        self._tasks.forget(TEXTS)

    def _show(self, compared: Compared, root: DiffRow) -> None:
        self.compared = compared
        if compared.difference.entries or self._only:
            self._stack.setCurrentIndex(0)
        else:
            self._tell("No differences.", sameness(compared.difference))
        self.tree.show_rows(compared, root, everything=bool(self._only))

    def _fail(self, error: InspectorError) -> None:
        if not isinstance(error, CancelledError):
            self._tell(error.message, error.hint)

    def _tell(self, sentence: str, reason: str) -> None:
        self.empty.tell(sentence, reason)
        self._stack.setCurrentWidget(self.empty)

    def _want_text(self, row: DiffRow | None) -> None:
        compared = self.compared
        if row is None or compared is None or row.hidden:
            self._tasks.forget(TEXTS)
            self._text(visible(row.name) if row is not None else "", None)
            return
        place = row.after or row.before
        path = visible(place.path if place is not None else row.name)

        everything = bool(self._only)

        def work(_cancel: Event, _report: Report) -> TextRows:
            return compare_texts(row, compared, everything=everything, reveal=False)

        self._tasks.run(TEXTS, work, lambda rows: self._text(path, rows), lambda _: None, slow=True)

    def _dress(self) -> None:
        self.name.setFont(fonts_of(self.font()).bold)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()

    def _text(self, path: str, rows: TextRows | None) -> None:
        self._text_head.path.setText(path)
        self._text_head.facts.setText(rows.lines.words if rows is not None else "")
        self.text.show_rows(rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below a width texts are unified."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Lay texts side by side, where there is room and there are two."""
        self.text.set_beside(self.width() >= BESIDE and not self._only)
