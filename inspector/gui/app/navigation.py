"""Going from record to record: links, back and forward, go to, who refers to this."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from inspector.decode.record_summary import record_name
from inspector.gui.actions import Actions
from inspector.gui.app.store_controller import StoreController
from inspector.gui.navigation_history import FieldPlace, NavigationHistory, Visit, visit_of
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record_context import RecordContext
from inspector.gui.search.found_records import FoundRecord, FoundRecordsDialog, shown
from inspector.gui.search.goto_dialog import GotoDialog, Wanted
from inspector.gui.search.referrers_dialog import ReferrersDialog
from inspector.gui.style.text_format import visible
from inspector.history.activity import event_at
from inspector.schema.ids import ids_in
from inspector.session.record_links import LinkTarget
from inspector.session.summaries import Record, RecordKey

_LONGEST = 400  #: characters of a clipboard that may be an id from a log
_RECENT = 20  #: records read lately that are offered


class Navigation(QObject):
    """What leads from one record to another in a window.

    Args:
        context: the record on screen.
        pane: where it is.
        store_controller: shows another one.
        actions: of the window.
        go_to_event: shows an event of the record by its row.
    """

    def __init__(
        self,
        context: RecordContext,
        pane: RecordPane,
        store_controller: StoreController,
        actions: Actions,
        go_to_event: Callable[[int], None],
    ) -> None:
        super().__init__(pane)
        self._context, self._pane, self._store_controller = context, pane, store_controller
        self._actions, self._go_to_event = actions, go_to_event
        self.trail = NavigationHistory(self)
        self._awaited: Visit | None = None
        self._asking: list[GotoDialog] = []  #: the boxes that ask for another record
        context.shown.connect(self._shown)
        pane.link_wanted.connect(self._follow)
        self.trail.changed.connect(self._enable)
        self._actions.enable(("go_to",), on=False)
        self._enable()

    def ask(self) -> FoundRecordsDialog | None:
        """Ask for an id; one that lies on the clipboard is proposed."""
        session = self._context.session()
        if session is None:
            return None
        pasted = QGuiApplication.clipboard().text().strip()
        known = len(pasted) <= _LONGEST and ids_in(pasted.lower())
        wanted, words = Wanted(self.recent()), pasted if known else ""
        dialog = GotoDialog(self._pane.window(), self._context.tasks, session, words, wanted)
        return shown(dialog, self._go, self._actions)

    def ask_other(
        self, record: Record, take: Callable[[FoundRecord], None]
    ) -> FoundRecordsDialog | None:
        """Ask for another record of a record's kind; ``take`` is called with the answer.

        When another record comes on screen while it is asked, it is asked for that one.
        """
        session = self._context.session()
        if session is None:
            return None
        dialog = GotoDialog(self._pane.window(), self._context.tasks, session)
        self._ask_for(dialog, record)
        self._asking.append(dialog)
        dialog.finished.connect(lambda _: self._asked(dialog))
        return shown(dialog, take, self._actions)

    def _asked(self, dialog: GotoDialog) -> None:
        """A box was closed, perhaps once more before it is deleted."""
        self._asking = [one for one in self._asking if one is not dialog]

    def _ask_for(self, dialog: GotoDialog, record: Record) -> None:
        title, key = record.display_kind or record.kind, RecordKey(record.kind, record.id)
        dialog.setWindowTitle(f"Compare {visible(record_name(record.tree) or record.id)} with")
        dialog.offer(Wanted(self.recent(record.kind), record.kind, title, key))

    def recent(self, kind: str | None = None) -> list[RecordKey]:
        """The records read lately, the last one first, without the one on screen.

        Args:
            kind: only those of it.
        """
        record = self._context.record()
        here = RecordKey(record.kind, record.id) if record is not None else None
        before = ((one.kind, one.id) for one in reversed(self._pane.open_fields()))
        keys = dict.fromkeys(RecordKey(*one) for one in (*self.trail.visited(), *before))
        return [key for key in keys if key != here and kind in (None, key.kind)][:_RECENT]

    def referrers(self) -> FoundRecordsDialog | None:
        """List who refers to the record that is read."""
        session, record = self._context.session(), self._context.record()
        if session is None or record is None:
            return None
        dialog = ReferrersDialog(self._pane.window(), self._context.tasks, session, record)
        return shown(dialog, self._go, self._actions)

    def _go(self, found: FoundRecord) -> None:
        if found.live:
            self._store_controller.go(found.kind, found.id)
        else:
            self._store_controller.go_gone(found.kind, found.id)
        self._pane.focus()
        if found.former:
            self._context.tell("Found by a former name.")

    def _follow(self, target: LinkTarget) -> None:
        self._go(FoundRecord(target.kind, target.id, target.name, live=target.live))

    def lead(self, origin: FieldPlace, to: FieldPlace) -> None:
        """Go from a spot of the record to another one; back leads to where one was."""
        record = self._context.record()
        if record is not None:
            self.trail.lead(record, origin, to)
            self._show_spot(to)

    def _show_spot(self, spot: FieldPlace) -> None:
        """Show a tab at a field; without a tab all stays as it is."""
        pane = self._pane
        if not spot.tab:
            return
        event = event_at(spot.path)
        if event is None:
            pane.tree.go_to(spot.path)
        pane.tabs.choose(spot.tab)
        pane.activity.go_to(spot.path)
        if event is not None and spot.tab == "events":
            self._go_to_event(event)
        pane.focus()

    def step(self, by: int) -> None:
        """Go back (-1) or forward (1)."""
        visit = self.trail.step(by)
        if visit is None:
            return
        record = self._context.record()
        if record is not None and visit.same_place(visit_of(record)):
            self._show_spot(visit.spot)
        else:
            self._awaited = visit
            self._store_controller.go(visit.kind, visit.id, visit.version)

    def leave(self) -> None:
        """Another store is to be shown: what was found in this one is no more to be gone to."""
        FoundRecordsDialog.close_all(self._pane.window())

    def enable(self) -> None:
        """A store is open."""
        self._actions.enable(("go_to",), on=True)

    def _shown(self, _record: Record) -> None:
        shown, awaited = self._context.record(), self._awaited
        if shown is None:
            return
        self.trail.visit(shown)
        for dialog in self._asking:
            self._ask_for(dialog, shown)
        self._awaited = None
        if awaited is not None and awaited.same_place(visit_of(shown)):
            self._show_spot(awaited.spot)

    def _enable(self) -> None:
        self._actions.enable(("back",), on=self.trail.can_step(-1))
        self._actions.enable(("forward",), on=self.trail.can_step(1))
