"""The head of a list of records: the filter, and how many of all it lets through."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from inspector.gui.models.kinds import Entry, EntryType
from inspector.gui.widgets.bars import Bar
from inspector.gui.widgets.field import HeadField

_WORDS: Final = "Filter by name, ID, state or org"


class FilterHead(Bar):
    """A field to filter by and, while it is used, a count beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(40, line=True, parent=parent)
        self.field = HeadField("filter", "Ctrl+F")
        self.count = QLabel()
        self.row.setSpacing(8)
        self.row.addWidget(self.field, 1)
        self.row.addWidget(self.count)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.hide()

    def show_entry(self, entry: Entry) -> None:
        """Say what is filtered, and by what."""
        what = "deleted records" if entry.type is EntryType.GONE else "records"
        self.field.set_words(_WORDS, f"Filter {what} by name, ID, state or org")

    def show_nothing(self) -> None:
        """There is nothing to filter."""
        self.field.put("")
        self.field.set_words(_WORDS, "Filter")
        self.count.hide()

    def tell_count(self, entry: Entry | None, listed: int | None) -> None:
        """Say how many of an entry's records are listed; nothing for None, where all are."""
        self.count.setVisible(listed is not None)
        if listed is not None and entry is not None:
            more = "+" if entry.more else ""
            self.count.setText(f"{listed:,} of {entry.count or 0:,}{more}")
