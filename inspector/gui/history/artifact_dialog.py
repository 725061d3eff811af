"""A skill version's artifact: whether it is there, what its hash says, its entries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.cells.version_cells import name_of
from inspector.gui.dialogs.message_boxes import give_size
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import (
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
from inspector.gui.tasks import Report, Tasks
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.values.value_pane import ValueTextView
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.splitter import LineSplitter
from inspector.history.archive import ArchiveEntry, entry_text
from inspector.history.artifacts import Artifact, EntryPair, compare
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.session.history_queries import artifact
from inspector.session.session import Session
from inspector.session.summaries import Record, Version
from inspector.session.version_outline import versions_of

ENTRY_COLUMNS: Final = (
    Column("change", "Change", 116),
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
    size = counted(artifact.size, "byte") if artifact.size is not None else ""
    facts = ", ".join(part for part in (visible(str(artifact.path)), size) if part)
    if artifact.problem:
        return artifact.problem, facts
    if artifact.matches is None:
        return "Artifact found. The version has no hash to check it against.", facts
    if artifact.matches:
        return "Artifact found. Its SHA-256 matches the version's hash.", facts
    differs = "Artifact found, but it does not match the version's hash."
    return f"{differs} Its SHA-256 is {artifact.sha256}.", facts


class EntriesModel(ListModel[EntryPair]):
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


def _note(entry: ArchiveEntry) -> str:
    if entry.note:
        return entry.note
    if entry.is_directory:
        return "folder"
    return "not text" if entry.is_text is False else ""


_CHANNEL = "artifact"
_TEXT_CHANNEL = "artifact text"


class ArtifactPair(NamedTuple):
    """The artifact of a version and that of another one before it, None where there is none."""

    own: Artifact | None
    before: Artifact | None


class ArtifactDialog(QDialog):
    """Reads in the worker; nothing is unpacked to disk.

    Args:
        parent: the window.
        tasks: its worker.
        session: the store.
        record: the version whose artifact is shown, beside that of the version before it.
        pair: two versions of the record that are shown beside each other instead, None being the
            live state.
    """

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        session: Session,
        record: Record,
        pair: tuple[Version | None, Version | None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_title(pair))
        self._tasks, self._found = tasks, ArtifactPair(None, None)
        self.words = QLabel("Looking")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.facts = ElidedLabel(Qt.TextElideMode.ElideLeft, dim=True)
        self.entries = EntriesModel(self)
        self.table = TableView(ENTRY_COLUMNS)
        self.table.setAccessibleName("Entries of the artifact")
        self.table.setModel(self.entries)
        self.head = ValueHeader(self)
        self.text = ValueTextView()
        self.text.set_wrap(True)
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._read())
        self.finished.connect(self._forget)
        self._look(session, record, pair)

    def _lay_out(self) -> None:
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.head)
        below.addWidget(self.text, 1)
        split = LineSplitter(Qt.Orientation.Vertical, name="Files and their text")
        split.addWidget(self.table)
        split.addWidget(lower)
        split.setSizes([160, 280])
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(self.facts)
        column.addWidget(split, 1)
        give_size(self, 820, 560)

    def _look(
        self,
        session: Session,
        record: Record,
        pair: tuple[Version | None, Version | None] | None,
    ) -> None:
        def read(version: Version | None, cancel: Event) -> Artifact | None:
            return artifact(
                session, session.record(record.kind, record.id, version, cancel), cancel
            )

        def work(cancel: Event, _report: Report) -> ArtifactPair:
            if pair is not None:
                before, after = pair
                return ArtifactPair(read(after, cancel), read(before, cancel))
            own = artifact(session, record, cancel)
            older = _before(versions_of(session, record.kind, record.id, cancel), record)
            if own is None or older is None:
                return ArtifactPair(own, None)
            return ArtifactPair(own, read(older, cancel))

        self._tasks.run(_CHANNEL, work, self._done, self._fail, slow=True)

    def _done(self, found: ArtifactPair) -> None:
        self._found = found
        if found.own is None:
            self.words.setText("The record names no artifact.")
            return
        sentence, facts = verdict(found.own)
        if found.before is not None and found.before.path is None:
            sentence += " The previous version's artifact was not found, so they are not compared."
        self.words.setText(visible(sentence))
        self.facts.setText(facts)
        before = found.before if found.before is not None else Artifact("", None)
        compared = found.before is not None and found.before.path is not None
        self.entries.show(compare(before, found.own), compared=compared)
        if self.entries.rowCount():
            self.table.selectRow(0)

    def _read(self) -> None:
        """Read the text of the entry the cursor is on."""
        pair = self.entries.at(self.table.current_row())
        if pair is None:
            return
        where = self._path_of(pair)
        entry = pair.after or pair.before
        if where is None or entry is None:
            return
        name = visible(entry.name)

        def work(_cancel: Event, _report: Report) -> tuple[str, str]:
            found = entry_text(where, entry)
            if found.problem:
                return found.problem, ""
            return ("truncated" if found.cut else ""), found.text

        def done(answer: tuple[str, str]) -> None:
            if self.entries.at(self.table.current_row()) is pair:
                self.head.tell(name, answer[0])
                self.text.set_text(answer[1], fixed=True)

        self._tasks.run(_TEXT_CHANNEL, work, done, self._fail, slow=True)

    def _path_of(self, pair: EntryPair) -> Path | None:
        holder = self._found.own if pair.after is not None else self._found.before
        return holder.path if holder is not None else None

    def _fail(self, error: InspectorError) -> None:
        if not isinstance(error, CancelledError):
            self.words.setText(str(error))

    def _forget(self, _result: int) -> None:
        self._tasks.forget(_CHANNEL)
        self._tasks.forget(_TEXT_CHANNEL)


def _title(pair: tuple[Version | None, Version | None] | None) -> str:
    if pair is None:
        return "Artifact"
    names = [" ".join((name_of(one), one.tag or "")).strip() if one else "current" for one in pair]
    return f"Artifact: before {visible(names[0])}, after {visible(names[1])}"


def _before(versions: Sequence[Version], record: Record) -> Version | None:
    """The version before a record."""
    if record.version is None:
        return next((version for version in versions if not version.live), None)
    names = [version.name for version in versions]
    at = names.index(record.version.name) + 1 if record.version.name in names else len(names)
    return versions[at] if at < len(versions) else None
