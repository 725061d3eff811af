"""What the status line says: read-only, which file, how it is read, how much is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from inspector.gui.actions import SPECS, Actions
from inspector.gui.announce import announce
from inspector.gui.paths import short_path
from inspector.gui.times import TimeStyle
from inspector.gui.widgets.status import StatusLine, StatusPart, StatusWords
from inspector.gui.words import count, visible
from inspector.session.types import KindSummary, Record
from inspector.store.types import Form, Journal, Label, StoreFacts, TableInfo, TableType

_LABELS: Final = {Label.TEST: "Test database", Label.DEMO: "Demo store", Label.PRODUCTION: ""}
_FORMS: Final = {
    Form.JSON: "JSON store",
    Form.FOREIGN: "SQLite database (not Stigmer)",
    Form.BADGER: "BadgerDB directory",
}
_JOURNALS: Final = {
    Journal.CLEAN: "Not in use",
    Journal.LIVE: "Daemon running",
    Journal.LEFT: "Daemon was killed; WAL included",
    Journal.ROLLBACK: "Has a rollback journal; fully readable",
    Journal.UNKNOWN: "Unknown who has it open",
}
#: The same where no daemon of Stigmer writes the file.
_OTHERS: Final = {
    Journal.LIVE: "In use by another program",
    Journal.LEFT: "Not closed by its program; WAL included",
}
#: Without a WAL who has a file open and does nothing with it is not seen.
_NOT_IN_USE: Final = "Not being read or written"
_NOTE_LEAVES: Final = 8000  #: milliseconds after which what was just done is no longer said
_READ_ONLY: Final = "Opened read-only. Nothing beside the file was created or changed."


class Status(StatusLine):
    """The status line of a window."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lock = self.add(StatusPart("", "lock"))
        self.label = self.add(StatusWords("Label", gives_way=2))
        self.file = self.add(StatusWords("File", gives_way=1))
        self.layout_ = self.add(StatusWords("", dim=True, gives_way=6))
        self.schema = self.add(StatusPart("", gives_way=3))
        self.note = self.add(StatusWords(""), right=True)
        self.secrets = self.add(StatusPart("", "changed"), right=True)
        self.counts = self.add(StatusWords("", dim=True, gives_way=4), right=True)
        self.daemon = self.add(StatusWords("", dim=True, gives_way=5), right=True)
        self.times = self.add(StatusPart("Times"), right=True)
        self.mode = self.add(StatusWords(""), right=True)
        self.secrets.clicked.connect(actions["secrets"].trigger)
        self.times.clicked.connect(actions["next_times"].trigger)
        self.note_leaves = QTimer(self, singleShot=True, interval=_NOTE_LEAVES)
        self.note_leaves.timeout.connect(self._clear_note)
        # Before all that actions do, which may say something; switches act before they trigger.
        for spec in SPECS:
            if not spec.checkable:
                actions[spec.name].triggered.connect(self._clear_note)
        self.lock.say("Read-only", _READ_ONLY)
        self.tell_times(TimeStyle.UTC)

    def tell_store(
        self,
        facts: StoreFacts,
        kinds: Sequence[KindSummary],
        tables: Sequence[TableInfo] = (),
        *,
        damaged: bool = False,
    ) -> None:
        """Say what the file is.

        Args:
            facts: the file as a whole.
            kinds: what a store holds.
            tables: what a file holds that is no store.
            damaged: not everything in it could be counted.
        """
        test = facts.label is Label.TEST and facts.form is not Form.SQLITE
        self.label.say("" if test else _LABELS[facts.label])
        self.lock.say("Read-only", _READ_ONLY)
        # Where the demo lies says nothing to anybody.
        shown = "built in" if facts.label is Label.DEMO else short_path(facts.path)
        self.file.say(shown, visible(facts.real_path))
        layout = f"Layout {facts.layout}" if facts.layout is not None else ""
        self.layout_.say(_FORMS.get(facts.form, layout))
        if facts.form is Form.FOREIGN:
            views = sum(table.type is TableType.VIEW for table in tables)
            said = count(len(tables) - views, "table")
            self.counts.say(f"{said}, {count(views, 'view')}" if views else said)
        else:
            self.tell_counts(kinds, versioned=facts.form is Form.SQLITE, damaged=damaged)
        self.daemon.say(_in_use(facts))
        self.mode.say("Snapshot", "Data as last read. Press F5 to refresh.")

    def tell_counts(
        self, kinds: Sequence[KindSummary], *, versioned: bool = True, damaged: bool = False
    ) -> None:
        """Say how much there is.

        Args:
            kinds: what is in the store.
            versioned: whether it can hold versions at all.
            damaged: not everything could be counted; no versions may mean that none can be read.
        """
        if not all(kind.counted for kind in kinds):
            self.counts.say("Counting\N{HORIZONTAL ELLIPSIS}")
            return
        parts = [count(sum(kind.records for kind in kinds), "record")]
        versions = sum(kind.versions for kind in kinds)
        if versioned and (versions or not damaged):
            parts.append(count(versions, "version"))
        self.counts.say(", ".join(parts) + (" readable" if damaged else ""))

    def tell_no_store(self) -> None:
        """Say that no store is open."""
        self.lock.say("Read-only: nothing this app opens is ever changed", _READ_ONLY)
        parts = (self.label, self.file, self.layout_, self.schema, self.counts, self.daemon)
        for part in (*parts, self.mode, self.note):
            part.say("")

    def tell_record(self, record: Record) -> None:
        """Say what a record was read with, and why."""
        schema = record.choice.schema
        words = f"Schema {schema}" if schema else "No schema"
        tip = f"{record.choice.why[:1].upper()}{record.choice.why[1:]}. Click to choose another."
        self.schema.say("" if record.json_store else words, tip)

    def tell_no_record(self) -> None:
        """Say that nothing is read with a schema now."""
        self.schema.say("")

    def tell_times(self, style: TimeStyle) -> None:
        """Say how times are written."""
        self.times.say(style.value, "How times are written. Click to switch.")

    def tell_secrets(self, *, shown: bool) -> None:
        """Say that secrets are shown, as long as they are."""
        self.secrets.say("Secrets shown" if shown else "", "Click to hide them.", "changed")

    def tell(self, sentence: str) -> None:
        """Say what was just done, for a while or until the next is done."""
        self.note.say(visible(sentence))
        self.note_leaves.start()
        announce(self, visible(sentence))

    def _clear_note(self) -> None:
        self.note_leaves.stop()
        self.note.say("")


def _in_use(facts: StoreFacts) -> str:
    """Who has the file open, as far as it is known; of the one that is built in nobody asks."""
    if facts.label is Label.DEMO:
        return ""
    words = _JOURNALS[facts.journal]
    if facts.form is Form.FOREIGN:
        words = _OTHERS.get(facts.journal, words)
    if facts.journal is Journal.CLEAN and not facts.asleep:
        words = _NOT_IN_USE
    if facts.form is not Form.FOREIGN and facts.daemon_pid is not None:
        words += f", pid {facts.daemon_pid}"
    return words
