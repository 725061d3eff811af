"""Boxes that list records to go to. They never block, and close with the record chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from inspector.gui.actions import SPECS, Actions
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.dialogs.message_boxes import give_size
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import DIM, EMPTY, FIXED_DIM, Cell, Elide, Run, text
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.work_footer import WorkBar, WorkFooter
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import display

FOUND_COLUMNS: Final = (
    Column("name", "Name", 160, stretch=True),
    Column("kind", "Kind", 140),
    Column("path", "Field", 220, drop=1),
    Column("id", "ID", 130, drop=2),
)
NAMED_COLUMNS: Final = tuple(column for column in FOUND_COLUMNS if column.key != "path")


class FoundRecord(NamedTuple):
    """A record that was found; ``path`` is the field that names another, or empty.

    ``former`` says that it had the name that was looked for and has another one now.
    """

    kind: str
    id: str
    name: str | None
    path: str = ""
    live: bool = True
    former: bool = False


class FoundRecordsModel(ListModel[FoundRecord]):
    """Rows of records that were found, in the order they came."""

    def __init__(
        self, parent: QObject | None = None, columns: Sequence[Column] = FOUND_COLUMNS
    ) -> None:
        super().__init__(columns, parent)

    def cell(self, row: FoundRecord, key: str) -> Cell:
        """What stands in a column of a row."""
        return _cell(row, key)

    def tip(self, row: FoundRecord) -> str:
        """Kind and id in full."""
        return f"{row.kind}/{visible(row.id)}"


def _cell(found: FoundRecord, key: str) -> Cell:
    if key == "name":
        runs: tuple[Run, ...] = (Run(visible(found.name or found.id), elide=Elide.ElideRight),)
        if found.former:
            runs += (Run("former name", DIM),)
        if not found.live:
            runs += (Run("deleted", DIM),)
        return Cell(runs)
    if key == "kind":
        known = display(found.kind)
        return text(known[0] if known else visible(found.kind), DIM)
    if key == "path":
        return text(found.path, FIXED_DIM, elide=Elide.ElideLeft) if found.path else EMPTY
    return text(visible(found.id), FIXED_DIM, elide=Elide.ElideMiddle)


class FoundRecordsDialog(QDialog, ClipSource):
    """A list of records. ``chosen`` tells the :class:`FoundRecord` to go to.

    The keys of the window it stands beside do the same here; the one that closes a window closes
    the box.
    """

    chosen = Signal(FoundRecord)

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        channel: str,
        columns: Sequence[Column] = FOUND_COLUMNS,
    ) -> None:
        # Its work would end that of this one, or this one its.
        self.close_all(parent, channel)
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tasks, self._channel, self._below = tasks, channel, parent
        self._held: QWidget | None = None  #: what would have the focus in the window
        self.found = FoundRecordsModel(self, columns)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.table = TableView(columns)
        self.table.setModel(self.found)
        self.table.setAccessibleName("Records found")
        self.bar = WorkBar()
        self.footer = WorkFooter(self.bar)
        self.footer.cancelled.connect(lambda: tasks.cancel(channel))
        self.table.activated.connect(self._choose)
        self.finished.connect(lambda _: tasks.forget(channel))
        self.column = QVBoxLayout(self)
        for part in (self.words, self.bar, self.table, self.footer):
            self.column.addWidget(part, int(part is self.table))
        give_size(self, 720, 360)

    def _choose(self, index: QModelIndex) -> None:
        found = self.found.at(index.row())
        if found is not None:
            self._leave()
            self.chosen.emit(found)

    def _leave(self) -> None:
        """A record was chosen."""
        self.accept()

    def take_keys(self, actions: Actions) -> None:
        """Let the keys of the window do here what they do there."""
        for spec in SPECS:
            if spec.keys and spec.name != "close":
                action = actions[spec.name]
                self.addAction(action)
                # Only when all of it is done, also what other objects do.
                action.triggered.connect(self._follow, Qt.ConnectionType.QueuedConnection)

    def _follow(self) -> None:
        """Go to the window where a key moved the focus in it."""
        if self.isActiveWindow() and self._below.focusWidget() is not self._held:
            self._below.activateWindow()

    def copy(self) -> Clip:
        """Kind and ID of the record the cursor is on."""
        found = self.found.at(self.table.current_row())
        return (
            Clip(f"{found.kind}/{found.id}", "Copied kind and ID") if found is not None else NO_CLIP
        )

    def event(self, event: QEvent) -> bool:
        """Remember before each key where the focus would be."""
        if event.type() == QEvent.Type.ShortcutOverride:
            self._held = self._below.focusWidget()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key that closes a window closes the box."""
        if event.matches(QKeySequence.StandardKey.Close):
            self.reject()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def close_all(window: QWidget, channel: str = "") -> None:
        """Close the boxes of a window, or those whose work is on one channel."""
        for box in window.findChildren(FoundRecordsDialog):
            if channel in ("", box._channel):
                box.reject()


def shown(
    dialog: FoundRecordsDialog, take: Callable[[FoundRecord], None], actions: Actions
) -> FoundRecordsDialog:
    """Open a box beside the window, whose keys are those of ``actions``, without waiting for it."""
    dialog.chosen.connect(take)
    dialog.take_keys(actions)
    dialog.show()
    dialog.activateWindow()
    return dialog
