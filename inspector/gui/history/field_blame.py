"""Since which version fields have their values, and one field through all versions."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.errors import CancelledError, InspectorError
from inspector.gui.fields.blame_cells import history_lines, place_of
from inspector.gui.history.artifact_dialog import ArtifactDialog
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Report
from inspector.schema.kind_names import normal_kind
from inspector.session.history_queries import Blamed, blame, field_history
from inspector.session.session import Session

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow


class FieldBlame(QObject):
    """Connects the field tree of a window with the history of its record."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions = window.actions_
        self._actions["since"].toggled.connect(self._switch)
        self._actions["field_history"].triggered.connect(lambda _=False: self.tell_field())
        self._actions["artifact"].triggered.connect(lambda _=False: self.ask_artifact())
        self._actions.enable(("field_history", "artifact"), on=False)
        window.desk.shown.connect(self._shown)

    def _session(self) -> Session | None:
        return self._window.desk.source()

    def _switch(self, on: bool) -> None:
        self._window.record.tree.columns.switch("since", on)
        if on:
            self.look()
        else:
            self._window.tasks.forget("blame")

    def _shown(self, _record: object) -> None:
        record = self._window.record.record
        self._actions.enable(("field_history",), on=record is not None)
        skill = record is not None and normal_kind(record.kind) == "skill"
        self._actions.enable(("artifact",), on=skill)
        if self._actions["since"].isChecked():
            self.look()

    def look(self) -> None:
        """Find out since when the fields of the record are what they are."""
        session, record = self._session(), self._window.record.record
        fields, status = self._window.record.tree.fields, self._window.status
        if session is None or record is None:
            return

        def done(found: Blamed | None) -> None:
            if self._window.record.record is record:
                fields.set_blamed(found)
                if found is not None and not found.has_versions:
                    status.tell("No versions: it is not known since when.")

        def fail(error: InspectorError) -> None:
            if not isinstance(error, CancelledError):
                status.tell(error.message)

        def work(cancel: Event, report: Report) -> Blamed | None:
            return blame(session, record, cancel, report)

        self._window.tasks.run("blame", work, done, fail, slow=True)

    def ask_artifact(self) -> ArtifactDialog | None:
        """Show the artifact of the skill's version on screen, or of the two that are compared."""
        session, record = self._session(), self._window.record.record
        if session is None or record is None:
            return None
        pair = self._window.comparing.pair()
        dialog = ArtifactDialog(self._window, self._window.tasks, session, record, pair)
        dialog.open()
        return dialog

    def tell_field(self) -> None:
        """Tell in the reader what the field the cursor is on was in every version."""
        session, pane = self._session(), self._window.record
        record, item = pane.record, pane.tree.current()
        place = place_of(item)
        if session is None or record is None or item is None or place is None:
            self._window.status.tell("Choose a field of the record first.")
            return
        pane.tabs.choose("fields")
        self._actions["reader"].setChecked(True)

        def work(cancel: Event, _report: Report) -> tuple[list[str], int]:
            found = list(field_history(session, record, place, cancel))
            return list(history_lines(found)), len(found)

        def done(answer: tuple[list[str], int]) -> None:
            lines, number = answer
            if pane.tree.current() is item:
                changes = sum(line.startswith("~") for line in lines)
                times = "once" if changes == 1 else f"{changes:,} times"
                states = count(number, "state")
                facts = f"changed {times} in {states}, newest first"
                pane.reader.show_text(facts, "\n".join(lines))

        def fail(error: InspectorError) -> None:
            if not isinstance(error, CancelledError):
                pane.reader.show_text(error.message, error.hint)

        self._window.tasks.run("field history", work, done, fail, slow=True)
