"""Keeps where a window was in its file, and brings it back there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject

from inspector.gui.app.store_controller import StoreController
from inspector.gui.app.window_layout import WindowLayout
from inspector.gui.kinds.kinds_model import KindEntry
from inspector.gui.record_tabs import TABS
from inspector.gui.settings.file_memory import FileMemory
from inspector.gui.store_request import WindowPlace
from inspector.session.facet_filter import FacetChoice
from inspector.session.summaries import Record

if TYPE_CHECKING:
    from inspector.gui.record.record_pane import RecordPane


class WindowState(QObject):
    """What a window remembers of the file it shows.

    :meth:`begin` when a file is about to be opened, :meth:`keep` whenever it may be left.

    Args:
        layout: what has a size, and panes with widths.
        store_controller: what is open.
    """

    def __init__(self, layout: WindowLayout, store_controller: StoreController) -> None:
        super().__init__(layout)
        self._layout, self._store_controller = layout, store_controller
        self._pane: RecordPane | None = None  #: made after the first rows are on screen
        self.file = ""  #: what the settings know the file by
        self._keeps = True
        self._kind = ""  #: the kind whose columns are on screen
        self.now = FileMemory()
        layout.kinds.chosen.connect(self._entry_chosen)
        store_controller.shown.connect(self._shown)

    def begin(self, file: str, like: str = "") -> WindowPlace | None:
        """Remember for a file from now on, and put the window where it was.

        Args:
            file: what the file is remembered by: its real path.
            like: the file that it is an earlier state of, where it is one: the window begins where
                that was, and nothing is kept of it.

        Returns:
            Where to go in it, None where nothing is remembered.
        """
        self.file, self._kind = file, ""
        layout = self._layout
        self._keeps = not like
        self.now = now = layout.settings.remembered(like or file)
        if now.geometry and not layout.isVisible():
            layout.restoreGeometry(_bytes(now.geometry))
        if now.panes and len(now.panes) == layout.panes.count():
            layout.set_panes(now.panes)
        layout.records.kept_facets = {
            key: FacetChoice(frozenset(states), frozenset(orgs), frozenset(kinds), since, failed)
            for key, (states, orgs, kinds, since, failed) in now.facets.items()
        }
        if self._pane is not None:
            self._put_record(self._pane)
        if not now.entry:
            return None
        return WindowPlace(now.entry, now.kind, now.record_kind, now.record, now.version)

    def attend(self, pane: RecordPane) -> None:
        """Remember how records are looked at, and show them so."""
        self._pane = pane
        self._put_record(pane)
        pane.tabs.changed.connect(self._tab_chosen)

    def _put_record(self, pane: RecordPane) -> None:
        if len(self.now.reader) == pane.split.count():
            pane.split.setSizes(self.now.reader)
        pane.open_fields_again(self.now.opened)
        if self.now.tab in TABS:
            pane.tabs.choose(self.now.tab)

    def keep(self) -> None:
        """Put what is to be remembered into the settings."""
        layout, pane, now = self._layout, self._pane, self.now
        if not self._keeps or not self.file or self._store_controller.facts is None or pane is None:
            return
        self._keep_columns()
        now.geometry = bytes(layout.saveGeometry().toBase64().data()).decode("ascii")
        now.panes = layout.panes.sizes() if layout.settings.panes or now.panes else []
        now.reader = pane.reader_sizes()
        now.facets = {
            key: [*map(sorted, (one.states, one.orgs, one.kinds)), one.since, one.failed]
            for key, one in layout.records.kept_facets.items()
        }
        now.opened = pane.open_fields()
        now.tab = pane.tabs.current()
        record = pane.record
        if record is not None:
            now.record_kind, now.record = record.kind, record.id
            now.version = record.version.name if record.version is not None else ""
        layout.settings.remember(self.file, now)

    def _entry_chosen(self, entry: KindEntry) -> None:
        self._keep_columns()
        self._kind = entry.key
        self.now.entry, self.now.kind = entry.type.value, entry.kind
        self._layout.records.table.columns.drag(self.now.columns.get(entry.key, {}))

    def _keep_columns(self) -> None:
        if self._kind:
            before = self.now.columns.pop(self._kind, {})
            dragged = self._layout.records.table.columns.dragged(before)
            self.now.columns.update({self._kind: dragged} if dragged else {})

    def _tab_chosen(self, name: str) -> None:
        record = self._pane.record if self._pane is not None else None
        if record is not None:
            self.keep_tab(record.kind, name)

    def keep_tab(self, kind: str, name: str) -> None:
        """Show the next record of a kind in a tab."""
        self.now.tabs[kind] = name

    def _shown(self, record: Record) -> None:
        """A kind is read in the tab it was last read in."""
        if self._pane is None:
            return
        tabs = self._pane.tabs
        name = self.now.tabs.setdefault(record.kind, tabs.current())
        if name in TABS and name != tabs.current():
            tabs.choose(name)


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(text.encode("ascii", "ignore")))
