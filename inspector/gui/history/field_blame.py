"""Since which version fields have their values, and one field through all versions."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QObject

from inspector.errors import CancelledError, InspectorError
from inspector.gui.actions import Actions
from inspector.gui.fields.field_cells import history_lines, place_of
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.history.artifact_dialog import ArtifactDialog
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Report
from inspector.session.history_queries import Blamed, blame, field_history
from inspector.session.summaries import Version

#: The two versions that are compared, None being the live state.
Pair = tuple[Version | None, Version | None]


class FieldBlame(QObject):
    """Connects the fields of a record with its history.

    Args:
        context: the record on screen.
        tree: its fields.
        reader: tells facts and a text about the field the cursor is on.
        actions: of the window.
        pair: gives the two versions that are compared, None where none are.
    """

    def __init__(
        self,
        context: RecordContext,
        tree: FieldTree,
        reader: Callable[[str, str], None],
        actions: Actions,
        pair: Callable[[], Pair | None],
    ) -> None:
        super().__init__(tree)
        self._context, self._tree, self._reader = context, tree, reader
        self._actions, self._pair = actions, pair

    def switch(self, on: bool) -> None:
        """Show or hide since which version fields have their values."""
        self._tree.columns.switch("since", on)
        if on:
            self._context.shown.connect(self.look)
            self.look()
        else:
            self._context.shown.disconnect(self.look)
            self._context.tasks.forget("blame")

    def look(self) -> None:
        """Find out since when the fields of the record are what they are."""
        session, record = self._context.session(), self._context.record()
        fields, tell = self._tree.fields, self._context.tell
        if session is None or record is None:
            return

        def done(found: Blamed | None) -> None:
            if self._context.record() is record:
                fields.set_blamed(found)
                if found is not None and not found.has_versions:
                    tell("No versions, so it is unknown when this last changed.")

        def fail(error: InspectorError) -> None:
            if not isinstance(error, CancelledError):
                tell(error.message)

        def work(cancel: Event, report: Report) -> Blamed | None:
            return blame(session, record, cancel, report)

        self._context.tasks.run("blame", work, done, fail, slow=True)

    def ask_artifact(self) -> ArtifactDialog | None:
        """Show the artifact of the skill's version on screen, or of the two that are compared."""
        session, record = self._context.session(), self._context.record()
        if session is None or record is None:
            return None
        parent, tasks = self._tree.window(), self._context.tasks
        dialog = ArtifactDialog(parent, tasks, session, record, self._pair())
        dialog.open()
        return dialog

    def tell_field(self) -> None:
        """Tell in the reader what the field the cursor is on was in every version."""
        session, record = self._context.session(), self._context.record()
        item = self._tree.current()
        place = place_of(item)
        if session is None or record is None or item is None or place is None:
            self._context.tell("Choose a field of the record first.")
            return
        self._context.tabs.choose("fields")
        self._actions["reader"].setChecked(True)

        def work(cancel: Event, _report: Report) -> tuple[list[str], int]:
            found = list(field_history(session, record, place, cancel))
            return list(history_lines(found)), len(found)

        def done(answer: tuple[list[str], int]) -> None:
            lines, number = answer
            if self._tree.current() is item:
                changes = sum(line.startswith("~") for line in lines)
                times = "once" if changes == 1 else f"{changes:,} times"
                states = count(number, "state")
                facts = f"changed {times} in {states}, newest first"
                self._reader(facts, "\n".join(lines))

        def fail(error: InspectorError) -> None:
            if not isinstance(error, CancelledError):
                self._reader(error.message, error.hint)

        self._context.tasks.run("field history", work, done, fail, slow=True)
