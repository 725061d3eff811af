"""Going from record to record: links, back and forward, go to, who refers to this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from inspector.gui.navigation_history import FieldPlace, NavigationHistory, Visit, visit_of
from inspector.gui.search.goto_dialog import (
    FoundRecordsDialog,
    GotoDialog,
    ReferrersDialog,
    Wanted,
    shown,
)
from inspector.gui.search.goto_model import FoundRecord
from inspector.history.activity import event_at
from inspector.schema.ids import ids_in
from inspector.session.lines import RecordKey
from inspector.session.record_links import LinkTarget

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow

_LONGEST = 400  #: characters of a clipboard that may be an id from a log
_RECENT = 20  #: records read lately that are offered


class Navigation(QObject):
    """Connects what leads from one record to another in a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions = window.actions_
        self.trail = NavigationHistory(self)
        self._awaited: Visit | None = None
        does = {
            "back": lambda: self._step(-1),
            "forward": lambda: self._step(1),
            "follow": window.record.follow,
            "go_to": self.ask,
            "referrers": self.referrers,
        }
        for name, do in does.items():
            self._actions[name].triggered.connect(lambda _=False, do=do: do())
        window.settled.connect(self._opened)
        window.desk.shown.connect(self._shown)
        window.record.link_wanted.connect(self._follow)
        self.trail.changed.connect(self._enable)
        self._actions.enable(("go_to", "referrers"), on=False)
        self._enable()

    def ask(self) -> FoundRecordsDialog | None:
        """Ask for an id; one that lies on the clipboard is proposed."""
        source = self._window.desk.source()
        if source is None:
            return None
        pasted = QGuiApplication.clipboard().text().strip()
        known = len(pasted) <= _LONGEST and ids_in(pasted.lower())
        wanted = Wanted(self.recent())
        dialog = GotoDialog(
            self._window, self._window.tasks, source, pasted if known else "", wanted
        )
        return shown(dialog, self._go)

    def recent(self, kind: str | None = None) -> list[RecordKey]:
        """The records read lately, the last one first, without the one on screen.

        Args:
            kind: only those of it.
        """
        record = self._window.record.record
        here = RecordKey(record.kind, record.id) if record is not None else None
        before = ((one.kind, one.id) for one in reversed(self._window.record.open_fields()))
        keys = dict.fromkeys(RecordKey(*one) for one in (*self.trail.visited(), *before))
        return [key for key in keys if key != here and kind in (None, key.kind)][:_RECENT]

    def referrers(self) -> FoundRecordsDialog | None:
        """List who refers to the record that is read."""
        source, record = self._window.desk.source(), self._window.record.record
        if source is None or record is None:
            return None
        return shown(ReferrersDialog(self._window, self._window.tasks, source, record), self._go)

    def _go(self, found: FoundRecord) -> None:
        desk = self._window.desk
        if found.live:
            desk.go(found.kind, found.id)
        else:
            desk.go_gone(found.kind, found.id)
        self._window.record.focus()
        if found.former:
            self._window.status.tell("Found by a former name.")

    def _follow(self, target: LinkTarget) -> None:
        self._go(FoundRecord(target.kind, target.id, target.name, live=target.live))

    def lead(self, origin: FieldPlace, to: FieldPlace) -> None:
        """Go from a spot of the record to another one; back leads to where one was."""
        record = self._window.record.record
        if record is not None:
            self.trail.lead(record, origin, to)
            self._show_spot(to)

    def _show_spot(self, spot: FieldPlace) -> None:
        """Show a tab at a field; without a tab all stays as it is."""
        pane = self._window.record
        if not spot.tab:
            return
        event = event_at(spot.path)
        if event is None:
            pane.tree.go_to(spot.path)
        pane.tabs.choose(spot.tab)
        pane.activity.go_to(spot.path)
        if event is not None and spot.tab == "events":
            self._window.record_events.go_to(event)
        pane.focus()

    def _step(self, by: int) -> None:
        visit = self.trail.step(by)
        if visit is None:
            return
        record = self._window.record.record
        if record is not None and visit.same_place(visit_of(record)):
            self._show_spot(visit.spot)
        else:
            self._awaited = visit
            self._window.desk.go(visit.kind, visit.id, visit.version)

    def _opened(self) -> None:
        self._actions.enable(("go_to",), on=True)

    def _shown(self, record: object) -> None:
        self._actions.enable(("referrers",), on=record is not None)
        shown, awaited = self._window.record.record, self._awaited
        if shown is None:
            return
        self.trail.visit(shown)
        self._awaited = None
        if awaited is not None and awaited.same_place(visit_of(shown)):
            self._show_spot(awaited.spot)

    def _enable(self) -> None:
        self._actions.enable(("back",), on=self.trail.can_step(-1))
        self._actions.enable(("forward",), on=self.trail.can_step(1))
