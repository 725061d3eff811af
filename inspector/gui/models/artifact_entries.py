"""The entries of a skill's artifact, beside those of the version before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.columns import Column, head
from inspector.gui.runs import (
    ADDED,
    CELL_ROLE,
    CHANGED,
    DIM,
    EMPTY,
    FIXED,
    REMOVED,
    Cell,
    Elide,
    Run,
    number,
    text,
)
from inspector.gui.words import visible
from inspector.history.archive import Entry
from inspector.history.artifacts import Artifact, EntryPair

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()

ENTRY_COLUMNS: Final = (
    Column("change", "Against before", 116),
    Column("name", "Entry", 200, stretch=True),
    Column("size", "Bytes", 76, right=True, sample="99,999,999"),
    Column("packed", "Packed", 76, right=True, drop=1, sample="99,999,999"),
    Column("note", "Note", 140, drop=2),
)
ENTRY_KEYS: Final = tuple(column.key for column in ENTRY_COLUMNS)
_LOOKS: Final = {
    "added": (ADDED, "new"),
    "removed": (REMOVED, "gone"),
    "changed": (CHANGED, "changed"),
}


def verdict(artifact: Artifact) -> tuple[str, str]:
    """Whether an artifact is there and is what its hash says: a sentence, and what is known."""
    if artifact.path is None:
        return artifact.problem, artifact.key
    size = f"{artifact.size:,} bytes" if artifact.size is not None else ""
    facts = ", ".join(part for part in (visible(str(artifact.path)), size) if part)
    if artifact.problem:
        return artifact.problem, facts
    if artifact.matches is None:
        return "The artifact is there. The version has no hash to hold against it.", facts
    if artifact.matches:
        return "The artifact is there, and its sha256 is the version's hash.", facts
    return f"The artifact is not what its hash says. Its sha256 is {artifact.sha256}.", facts


class EntriesModel(QAbstractTableModel):
    """A row for each entry of either artifact; without an earlier one nothing is compared."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pairs: tuple[EntryPair, ...] = ()
        self._compared = False

    def show(self, pairs: Sequence[EntryPair], *, compared: bool) -> None:
        """Show other entries."""
        self.beginResetModel()
        self._pairs, self._compared = tuple(pairs), compared
        self.endResetModel()

    def pair(self, row: int) -> EntryPair | None:
        """The entry of a row."""
        return self._pairs[row] if 0 <= row < len(self._pairs) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of entries."""
        return 0 if parent.isValid() else len(self._pairs)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(ENTRY_KEYS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(ENTRY_KEYS):
            return None
        return head(ENTRY_COLUMNS[section], role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text and speech."""
        pair = self.pair(index.row())
        if pair is None or not 0 <= index.column() < len(ENTRY_KEYS):
            return None
        key = ENTRY_KEYS[index.column()]
        if role == CELL_ROLE:
            return self._cell(pair, key)
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            words = (self._cell(pair, each).text for each in ENTRY_KEYS)
            return ", ".join(word for word in words if word)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._cell(pair, key).text
        return None

    def _cell(self, pair: EntryPair, key: str) -> Cell:
        entry = pair.after or pair.before
        if entry is None:
            return EMPTY
        if key == "change":
            return self._change(pair)
        if key == "name":
            return text(visible(entry.name), FIXED, elide=Elide.ElideLeft)
        if key == "note":
            return text(visible(_note(entry)), DIM)
        return number(entry.size if key == "size" else entry.packed, DIM)

    def _change(self, pair: EntryPair) -> Cell:
        if not self._compared:
            return EMPTY
        if pair.change not in _LOOKS:
            return text("the same", DIM)
        style, icon = _LOOKS[pair.change]
        return Cell((Run(pair.change.capitalize(), style, icon=icon),))


def _note(entry: Entry) -> str:
    if entry.note:
        return entry.note
    if entry.is_directory:
        return "folder"
    return "not a text" if entry.is_text is False else ""
