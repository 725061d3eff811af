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
from inspector.gui.widgets.status import StatusLine, StatusPart
from inspector.gui.words import count, visible
from inspector.session.types import KindSummary, Record
from inspector.store.types import Form, Journal, Label, StoreFacts

_LABELS: Final = {Label.TEST: "Test database", Label.DEMO: "Demo store", Label.PRODUCTION: ""}
_FORMS: Final = {
    Form.JSON: "JSON store",
    Form.FOREIGN: "Another SQLite database",
    Form.BADGER: "BadgerDB directory",
}
_JOURNALS: Final = {
    Journal.CLEAN: "Daemon stopped cleanly",
    Journal.LIVE: "Daemon running",
    Journal.LEFT: "Daemon was killed; its last writes are in the WAL and shown",
    Journal.ROLLBACK: "A journal lies beside the file",
    Journal.UNKNOWN: "",
}
_NOTE_LEAVES: Final = 8000  #: milliseconds after which what was just done is no longer said
_READ_ONLY: Final = "Opened read-only. Nothing beside the file was created or changed."


class Status(StatusLine):
    """The status line of a window."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lock = self.add(StatusPart("", "lock"))
        self.label = self.add(StatusPart("Label", gives_way=2))
        self.file = self.add(StatusPart("File", gives_way=1))
        self.layout_ = self.add(StatusPart("", dim=True, gives_way=6))
        self.schema = self.add(StatusPart("", gives_way=3))
        self.note = self.add(StatusPart(""), right=True)
        self.secrets = self.add(StatusPart("", "changed"), right=True)
        self.counts = self.add(StatusPart("", dim=True, gives_way=4), right=True)
        self.daemon = self.add(StatusPart("", dim=True, gives_way=5), right=True)
        self.times = self.add(StatusPart("Times"), right=True)
        self.mode = self.add(StatusPart(""), right=True)
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

    def tell_store(self, facts: StoreFacts, kinds: Sequence[KindSummary]) -> None:
        """Say what the file is."""
        self.label.say(_LABELS[facts.label])
        self.lock.say("Read-only", _READ_ONLY)
        # Where the demo lies says nothing to anybody.
        shown = "built in" if facts.label is Label.DEMO else short_path(facts.path)
        self.file.say(shown, visible(facts.real_path))
        layout = f"Layout {facts.layout}" if facts.layout is not None else ""
        self.layout_.say(_FORMS.get(facts.form, layout))
        self.tell_counts(kinds)
        daemon = _JOURNALS[facts.journal]
        if facts.daemon_pid is not None:
            daemon += f", pid {facts.daemon_pid}"
        self.daemon.say(daemon)
        self.mode.say("Snapshot", "What is shown is as it was when it was read. F5 reads it again.")

    def tell_counts(self, kinds: Sequence[KindSummary]) -> None:
        """Say how much there is."""
        if not all(kind.counted for kind in kinds):
            self.counts.say("Counting\N{HORIZONTAL ELLIPSIS}")
            return
        records = count(sum(kind.records for kind in kinds), "record")
        versions = count(sum(kind.versions for kind in kinds), "version")
        self.counts.say(f"{records}, {versions}")

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
        tip = f"{record.choice.why[:1].upper()}{record.choice.why[1:]}. Press to choose another."
        self.schema.say("" if record.json_store else words, tip)

    def tell_times(self, style: TimeStyle) -> None:
        """Say how times are written."""
        self.times.say(style.value, "How times are written. Press for the next way.")

    def tell_secrets(self, *, shown: bool) -> None:
        """Say that secrets are shown, as long as they are."""
        self.secrets.say("Secrets shown" if shown else "", "Press to cover them.", "changed")

    def tell(self, sentence: str) -> None:
        """Say what was just done, for a while or until the next is done."""
        self.note.say(visible(sentence))
        self.note_leaves.start()
        announce(self, visible(sentence))

    def _clear_note(self) -> None:
        self.note_leaves.stop()
        self.note.say("")
