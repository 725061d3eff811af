"""The left pane: kinds in groups, one of them chosen; typed letters narrow them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QTableView, QWidget

from inspector.gui.cells.table_view import TableView
from inspector.gui.kinds.kinds_model import KIND_COLUMNS, EntryType, KindEntry, KindsModel, narrowed
from inspector.gui.style.fonts import fonts_of, row_height
from inspector.gui.style.text_format import count, tooltip

_HIDDEN: Final = -1

_LEAVING: Final = frozenset(
    (
        *(Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason),
        *(Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ShortcutFocusReason),
    )
)
#: What is chosen without being asked for.
_OF_RECORDS: Final = (EntryType.ALL, EntryType.KIND, EntryType.GONE)


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


class KindsView(TableView):
    """A list without heads, on the bars' ground. ``chosen`` tells an :class:`KindEntry`.

    Letters narrow it to the entries that hold them; Esc, or choosing one, shows all again.
    """

    chosen = Signal(KindEntry)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(KIND_COLUMNS, parent)
        self._entries: list[KindEntry] = []
        self._current: KindEntry | None = None
        self._typed, self._found, self._moved = "", 0, False
        self._strip = QLabel(self)
        self._strip.setTextFormat(Qt.TextFormat.PlainText)
        self._strip.setContentsMargins(8, 0, 8, 0)
        self._strip.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._strip.hide()
        self.kinds = KindsModel(self)
        self.setModel(self.kinds)
        self.horizontalHeader().hide()
        self.setAccessibleName("Kinds")
        self.selectionModel().currentRowChanged.connect(self._choose)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)

    def set_entries(self, entries: Sequence[KindEntry]) -> None:
        """Show other rows; what is chosen stays so, without being told again, if it is there."""
        self._entries = list(entries)
        self._fill()

    def forget(self) -> None:
        """Let go of what was chosen: another store is listed next."""
        self._current = None
        self.narrow("")
        self.set_entries(())

    def _fill(self) -> None:
        shown = narrowed(self._entries, self._typed) if self._typed else self._entries
        blocked = QSignalBlocker(self.selectionModel())
        moved = self.kinds.set_rows(shown)
        before = self._current
        row = self.kinds.find(before.type, before.kind) if before is not None else _HIDDEN
        if row >= 0:
            self._current = self.kinds.entry(row)
        if moved:
            self._space()
            if row >= 0:
                self.selectRow(row)
        blocked.unblock()
        self.viewport().update()

    def entry(self) -> KindEntry | None:
        """What is chosen, also while it is not in sight."""
        return self._current

    def _space(self) -> None:
        """Groups after the first stand a little apart."""
        for row in range(self.kinds.rowCount()):
            entry = self.kinds.entry(row)
            apart = row and entry is not None and entry.type is EntryType.GROUP
            self.verticalHeader().resizeSection(row, row_height(self) + (10 if apart else 0))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._space()

    def choose_row(self, row: int) -> None:
        """Choose the entry of a row."""
        if row >= 0:
            self.selectRow(row)

    def choose(self, type_: EntryType, kind: str) -> bool:
        """Choose an entry, showing all rows for it; False where there is none."""
        self.narrow("")
        row = self.kinds.find(type_, kind)
        self.choose_row(row)
        return row >= 0

    def first_row(self) -> int:
        """The first row that can be chosen."""
        return self.kinds.first()

    def entered_row(self) -> int:
        """The first row with records, or -1: to anything else only a person goes."""
        row = self.first_row()
        entry = self.kinds.entry(row)
        return row if entry is not None and entry.type in _OF_RECORDS else -1

    # Narrowing

    @property
    def typed(self) -> str:
        """What the rows are narrowed to."""
        return self._typed

    def narrow(self, text: str) -> None:
        """Show only the rows that hold a text; all of them for an empty one."""
        if text == self._typed:
            return
        self._typed, self._moved = text, False
        self._fill()
        number = sum(
            entry is not None and entry.type is not EntryType.GROUP
            for entry in map(self.kinds.entry, range(self.kinds.rowCount()))
        )
        self._found = number
        self._strip.setToolTip(tooltip(f"Kinds and tables with {_quoted(text)}. Esc shows all."))
        self._strip.setVisible(bool(text))
        self._place()
        told = f"{text}, {count(number, 'kind')}" if text else "All kinds"
        from PySide6.QtGui import (  # noqa: PLC0415 - not before the first rows
            QAccessible,
            QAccessibleAnnouncementEvent,
        )

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, told))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters narrow, Backspace takes one back, Esc ends it, Enter takes the first."""
        typed = event.text()
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if self._typed and event.key() == Qt.Key.Key_Escape:
            self.narrow("")
        elif self._typed and event.key() == Qt.Key.Key_Backspace:
            self.narrow(self._typed[:-1])
        elif self._typed and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif plain and typed.isprintable() and typed.strip("" if self._typed else " "):
            self.narrow(self._typed + typed)
        else:
            super().keyPressEvent(event)

    def moveCursor(
        self, action: QTableView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go from nowhere to the first entry: Qt's own first row is a head, where no key leads."""
        if not self.currentIndex().isValid():
            return self.kinds.index(self.first_row(), 0)
        return super().moveCursor(action, modifiers)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Enter at the first records; where there are none, nothing is chosen yet."""
        if self.currentIndex().isValid() or self.entered_row() >= 0:
            super().focusInEvent(event)
            return
        # Qt makes a row the current one, which would choose it.
        blocked = QSignalBlocker(self.selectionModel())
        super().focusInEvent(event)
        self.selectionModel().clearCurrentIndex()
        blocked.unblock()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever leaves the kinds is done narrowing them: the panes must not disagree."""
        super().focusOutEvent(event)
        if event.reason() in _LEAVING:
            self.narrow("")

    def keyboardSearch(self, search: str) -> None:
        """Letters narrow instead."""

    def _take(self) -> None:
        """Choose what was gone to, else what is called what was typed, else the first."""
        row = self.current_row()
        if not self._moved:
            named = self._called(self._typed)
            row = named if named >= 0 else row
        entry = self.kinds.entry(row if row >= 0 else self.first_row())
        if entry is not None:
            self.choose(entry.type, entry.kind)

    def _called(self, text: str) -> int:
        """The row whose title is a text, whatever its case; -1 for none."""
        rows = range(self.kinds.rowCount())
        found = ((row, self.kinds.entry(row)) for row in rows)
        wanted = text.casefold()
        return next(
            (
                row
                for row, entry in found
                if entry is not None
                and entry.type is not EntryType.GROUP
                and entry.title.casefold() == wanted
            ),
            -1,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words at the lower edge."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        height = row_height(self) if not self._strip.isHidden() else 0
        self.setViewportMargins(0, 0, 0, height)
        self._strip.setFont(fonts_of(self.font()).small)
        self._strip.setGeometry(0, self.height() - height, self.width(), height)
        self._strip.setText(self._strip_words())

    def _strip_words(self) -> str:
        """What is typed gives way to how many hold it, and to the way out."""
        after = f": {self._found or 'none'}. Esc shows all."
        metrics, margins = self._strip.fontMetrics(), self._strip.contentsMargins()
        room = self._strip.width() - margins.left() - margins.right()
        room -= metrics.horizontalAdvance(_quoted("") + after)
        typed = metrics.elidedText(self._typed, Qt.TextElideMode.ElideLeft, max(0, room))
        return _quoted(typed) + after

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        entry = self.kinds.entry(current.row())
        if entry is not None and entry.type is not EntryType.GROUP:
            again = entry == self._current
            self._moved = True
            self._current = entry
            if not again or not self._typed:
                self.chosen.emit(entry)
