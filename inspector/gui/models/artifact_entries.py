"""The entries of a skill's artifact, beside those of the version before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject

from inspector.gui.columns import Column
from inspector.gui.models.short_list import ShortListModel
from inspector.gui.runs import (
    ADDED,
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


class EntriesModel(ShortListModel[EntryPair]):
    """A row for each entry of either artifact; without an earlier one nothing is compared."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(ENTRY_COLUMNS, parent)
        self._compared = False

    def show(self, pairs: Sequence[EntryPair], *, compared: bool) -> None:
        """Show other entries."""
        self._compared = compared
        self.set_rows(pairs)

    def cell(self, row: EntryPair, key: str) -> Cell:
        """What stands in a column of a row."""
        entry = row.after or row.before
        if entry is None:
            return EMPTY
        if key == "change":
            return self._change(row)
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
