"""What is compared in a window: a version with another one, or a record with another."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from threading import Event
from typing import Protocol

from PySide6.QtCore import QModelIndex, QObject
from PySide6.QtGui import QGuiApplication

from inspector.errors import CancelledError, InspectorError
from inspector.export.json_object import encode
from inspector.export.replaced_file import refuse_store, replacing
from inspector.gui.actions import Actions
from inspector.gui.cells.version_cells import first_words, name_of, tag_words
from inspector.gui.dialogs.file_dialogs import ExportDialogs
from inspector.gui.dialogs.file_names import file_name
from inspector.gui.diff.diff_model import DiffRow, rows_of
from inspector.gui.diff.difference_pane import as_json, as_text, compare_texts, losses
from inspector.gui.diff.text_diff_rows import TextRows
from inspector.gui.history.history_view import HistoryView
from inspector.gui.history.version_picker import ComparedSide
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import copied, visible
from inspector.gui.switched_connection import SwitchedConnection
from inspector.gui.tasks import Report
from inspector.session.history_queries import Compared, compare
from inspector.session.session import Session
from inspector.session.summaries import Record, Version

_TAKING = ("copy_difference", "export_difference")
_PICKING = ("pick_before", "pick_after")


class Against(Enum):
    """What the selected version is compared with."""

    PREVIOUS = "previous"
    LIVE = "live"
    MARKED = "marked"


class OtherRecord(Protocol):
    """A record that was chosen to compare with; ``live`` unless it is gone."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str | None:
        """Its name, where it has one."""

    @property
    def live(self) -> bool:
        """Whether it is in the store."""


#: Asks for another record of the kind of a record, and calls a function with it.
AskOther = Callable[[Record, Callable[[OtherRecord], None]], object]


class CompareController(QObject):
    """Connects the timeline of a record with its difference.

    Args:
        context: the record on screen.
        view: its timeline, with the difference.
        actions: of the window.
        name: gives what the record on screen is called.
        ask_other: asks for another record.
        dialogs: ask where a difference is exported to.
    """

    def __init__(
        self,
        context: RecordContext,
        view: HistoryView,
        actions: Actions,
        name: Callable[[], str],
        ask_other: AskOther,
        dialogs: ExportDialogs,
    ) -> None:
        super().__init__(view)
        self._context, self._view, self._actions = context, view, actions
        self._pane = view.difference
        self._name, self._ask_other, self._dialogs = name, ask_other, dialogs
        self._against = Against.PREVIOUS
        self._against_first = Against.PREVIOUS  #: as soon as versions are listed
        self._marked: Version | None = None
        self._other = ""  #: id of another record that is compared with
        self._other_name = ""
        #: Kind and id of the record it was chosen for.
        self._other_of: tuple[str, str] | None = None
        self._shown: object = None
        self._choosing = False  #: whether a version is to be chosen as soon as they are listed
        names = (*_TAKING, *_PICKING, "compare_selected")
        actions.enable(names, on=False)
        selection = self._view.table.selectionModel()
        selection.currentRowChanged.connect(lambda *_: self.look())
        selection.selectionChanged.connect(lambda *_: self._selected())
        context.tabs.changed.connect(lambda _: self._offer_selected())
        self._view.versions.modelReset.connect(self._reset)
        self._view.versions.dataChanged.connect(self._name_again)
        self._view.looked_at.connect(self.look)
        self._pane.before.picked.connect(self.pick_before)
        self._pane.after.picked.connect(self.pick_after)
        self._pane.text_wanted.connect(self._want_text)
        #: While something holds only until another record is shown.
        self._until_shown = SwitchedConnection(context.shown)

    # What is compared

    def set_against(self, against: Against) -> None:
        """Compare with the previous version, or with the live state."""
        self._end_pair()
        self._against, self._other = against, ""
        self._against_first = Against.PREVIOUS
        if not self._view.isVisible():
            # What was not looked at before is read only then.
            self._against_first = against
            self._hold()
            self._context.tabs.choose("history")
        self.look(again=True)

    def _end_pair(self) -> None:
        """Two versions that were selected give way to what is asked for; the newer one stays."""
        pair = self._view.selected_pair()
        if pair is not None:
            self._view.choose(pair[1])

    def mark(self) -> None:
        """Compare other versions with the one the cursor is on; once more, with the previous."""
        row, model = self._view.table.current_row(), self._view.versions
        if row < 0:
            self._show_choice()
            return
        if self._view.selected_pair() is not None:
            self._view.choose(row)
        marked = self._against is Against.MARKED and model.base == row
        self._against = Against.PREVIOUS if marked else Against.MARKED
        self._marked, self._other = None if marked else model.version(row), ""
        self.look(again=True)

    def compare_selected(self) -> None:
        """Compare the two versions that are selected, whatever was compared before."""
        if self._view.selected_pair() is not None:
            self._other = ""
            self.look(again=True)

    def _show_choice(self) -> None:
        """Show the versions to choose from, or say that there are none."""
        if self._view.isVisible():
            self._context.tell("No versions of this record to compare.")
            return
        # Only then they are read, and where there are none it is said in their place.
        self._choosing = True
        self._hold()
        self._context.tabs.choose("history")

    def pick_before(self, row: int) -> None:
        """Compare with a version from now on; with the live state always, where that is after."""
        self._end_pair()
        if self._against is Against.LIVE and not self._other:
            self._view.choose(row)
            return
        self._against, self._other = Against.MARKED, ""
        self._marked = self._view.versions.version(row)
        self.look(again=True)

    def pick_after(self, row: int) -> None:
        """Compare a version with what others are compared with: the cursor goes there."""
        before, after = self._sides()
        if self._view.selected_pair() is not None or (
            self._against is Against.LIVE and row != after
        ):
            self._against, self._marked = Against.MARKED, self._view.versions.version(before)
        if self._against is not Against.LIVE:
            self._view.choose(row)
        self._other = ""
        self.look(again=True)

    def pair(self) -> tuple[Version | None, Version | None] | None:
        """The two versions that are compared, None being the live state; None where they are not.

        They are those of the history that is on screen.
        """
        before, after = self._sides()
        if self._other or before < 0 or after < 0 or not self._view.isVisible():
            return None
        return self._view.versions.version(before), self._view.versions.version(after)

    def ask_record(self) -> None:
        """Ask for another record of the kind to compare with."""
        record = self._context.record()
        if record is not None:
            self._ask_other(record, self.compare_with)

    def compare_with(self, found: OtherRecord) -> None:
        """Compare the record on screen with another one of its kind."""
        record = self._context.record()
        if record is None:
            self._context.tell("No record is shown to compare with.")
            return
        self._context.tabs.choose("history")
        if found.kind != record.kind or not found.live:
            self._pane.clear("Cannot compare.", "Only current records of one kind can be compared.")
            return
        self._other, self._other_name = found.id, found.name or found.id
        self._other_of = (record.kind, record.id)
        self._hold()
        self.look(again=True)

    def _selected(self) -> None:
        self._offer_selected()
        self.look()

    def _offer_selected(self) -> None:
        listed = self._context.tabs.current() == "history"
        on = listed and self._view.selected_pair() is not None
        self._actions.enable(("compare_selected",), on=on)

    def _hold(self) -> None:
        """What was asked for ends when another record is shown; till then none is looked at."""
        self._until_shown.switch(self._record_shown, on=True)

    def _record_shown(self, _record: Record) -> None:
        self._choosing, before = False, self._other
        self._forget_other()
        self._against_first = Against.PREVIOUS
        if not self._other:
            self._until_shown.switch(self._record_shown, on=False)
        if before != self._other:
            # Where neither record has versions nothing else tells that another one is shown.
            self.look()

    def _reset(self) -> None:
        self._against, self._marked = self._against_first, None
        self._against_first = Against.PREVIOUS
        if self._choosing and self._view.versions.rowCount():
            self._choosing = False
            self._context.tell("Choose a version, then press Ctrl+D again.")
        self._forget_other()
        self._shown = None
        self._actions.enable(_PICKING, on=self._view.versions.rowCount() > 0)

    def _forget_other(self) -> None:
        """Another record is compared with the one it was chosen for alone.

        Where neither has versions the timeline stays as it is, and tells of no change.
        """
        record = self._context.record()
        # The versions of a record are read only when its history is first looked at.
        if record is None or self._other_of != (record.kind, record.id):
            self._other = ""

    def _sides(self) -> tuple[int, int]:
        """The rows before and after; -1 where there is none."""
        row, model = self._view.table.current_row(), self._view.versions
        pair = self._view.selected_pair()
        if pair is not None:
            return pair
        if self._against is Against.LIVE:
            return row, model.live_row()
        if self._against is Against.MARKED:
            return (0 if self._marked is None else model.row_of(self._marked)), row
        return (row + 1 if 0 <= row < model.rowCount() - 1 else -1), row

    # Reading

    def look(self, *, again: bool = False) -> None:
        """Compare what is chosen, where it is in sight and not compared yet."""
        record, session = self._context.record(), self._context.session()
        if record is None or session is None or not self._view.isVisible():
            return
        before, after = self._sides()
        key = (record.kind, record.id, before, after, self._other)
        if key == self._shown and not again:
            return
        self._shown = key
        model = self._view.versions
        # Where there are no versions nothing differs: that is said once, in their place.
        self._pane.setVisible(bool(self._other) or model.rowCount() > 0)
        self._view.give_way(bool(self._other))
        if self._other:
            model.set_base(-1)
            own, other = self._name(), self._other_name
            titles = (own, other) if own != other else ("", "")
            sides = (
                ComparedSide(record.id, "", -1, titles[0]),
                ComparedSide(self._other, "", -1, titles[1]),
            )
            self._run(session, sides, (record.kind, record.id), (None, None), self._other)
            return
        live = self._against is Against.LIVE and self._view.selected_pair() is None
        model.set_base(after if live else before)
        sides = self._side(before), self._side(after)
        self._actions.enable(_TAKING, on=False)
        if before < 0 or after < 0:
            self._pane.tell_sides(*sides)
            self._tell_nothing(after)
            return
        if before == after:
            self._pane.tell_sides(*sides)
            self._pane.clear("This is the comparison base.", "Choose another version.")
            return
        versions = (model.version(before), model.version(after))
        self._run(session, sides, (record.kind, record.id), versions, None)

    def _tell_nothing(self, after: int) -> None:
        self._context.tasks.forget("difference")
        if after < 0 and self._against is Against.LIVE:
            self._pane.clear("No current version to compare with.", "This record was deleted.")
        elif self._view.versions.rowCount():
            words = first_words(self._view.versions.version(after))
            reason = "Press Enter in the list to see it as it was."
            self._pane.clear(f"This is the {words}; nothing to compare.", reason)
        else:
            self._pane.clear("Nothing to compare.")

    def _side(self, row: int) -> ComparedSide:
        """What a row is called; nothing for no row."""
        model = self._view.versions
        version = model.version(row)
        if version is not None:
            return ComparedSide(name_of(version), tag_words(model.row(row)), row)
        return ComparedSide("current" if 0 <= row == model.live_row() else "", "", row)

    def _name_again(self, first: QModelIndex, last: QModelIndex) -> None:
        """What the two that are compared are called may be known only now."""
        for picker in (self._pane.before, self._pane.after):
            if picker.row >= 0 and first.row() <= picker.row <= last.row():
                picker.tell(self._side(picker.row))

    def _run(
        self,
        session: Session,
        sides: tuple[ComparedSide, ComparedSide],
        record: tuple[str, str],
        versions: tuple[Version | None, Version | None],
        other: str | None,
    ) -> None:
        everything = not self._actions["only_changes"].isChecked()
        reveal = self._actions["secrets"].isChecked()

        def work(cancel: Event, _report: Report) -> tuple[Compared, DiffRow]:
            found = compare(session, *record, *versions, other=other, reveal=reveal, cancel=cancel)
            return found, rows_of(found, everything=everything, reveal=reveal)

        def done(answer: tuple[Compared, DiffRow]) -> None:
            self._actions.enable(_TAKING, on=True)
            # Not sooner: what is said goes with what is shown.
            self._pane.tell_sides(*sides)
            self._pane.show_difference(*answer)

        def fail(error: InspectorError) -> None:
            if not isinstance(error, CancelledError):
                self._pane.tell_sides(*sides)
                self._pane.clear(error.message, error.hint)

        self._context.tasks.run("difference", work, done, fail, slow=True)

    def _want_text(self, row: DiffRow) -> None:
        compared = self._pane.compared
        if compared is None:
            return
        place = row.after or row.before
        path = visible(place.path) if place is not None and not row.hidden else visible(row.name)
        if row.hidden:
            self._context.tasks.forget("difference text")
            self._pane.show_text(path, None)
            return
        everything = not self._actions["only_changes"].isChecked()
        reveal = self._actions["secrets"].isChecked()

        def work(_cancel: Event, _report: Report) -> TextRows:
            return compare_texts(row, compared, everything=everything, reveal=reveal)

        def done(rows: TextRows) -> None:
            if self._pane.tree.current() is row:
                self._pane.show_text(path, rows)

        self._context.tasks.run("difference text", work, done, lambda _: None, slow=True)

    # Taking away

    def copy(self) -> None:
        """Copy the difference as text; secrets stay covered."""
        compared = self._pane.compared
        if compared is None:
            return

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._context.tell(copied("difference", text))

        self._context.tasks.run("copy", lambda _c, _r: as_text(compared), done, self._dialogs.fail)

    def export(self) -> None:
        """Ask for a file and write the difference to it as JSON; secrets stay covered."""
        compared, store = self._pane.compared, self._dialogs.store()
        if compared is None or store is None:
            return
        name = f"difference-{file_name(compared.after, None)}"

        def write(path: Path) -> None:
            work = _writer(compared, path, store)
            self._context.tasks.run("export", work, self._context.tell, self._dialogs.fail)

        self._dialogs.ask(name, write)


def _writer(compared: Compared, path: Path, store: Path) -> Callable[[Event, Report], str]:
    def work(_cancel: Event, _report: Report) -> str:
        refuse_store(path, store)
        with replacing(path) as file:
            file.write(encode(as_json(compared)))
        return " ".join((f"Difference written to {path}.", *losses(compared)))

    return work
