"""The versions of a record as a timeline, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.cells.table_view import TableView
from inspector.gui.cells.version_cells import called, version_columns
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.history.diff_pane import DiffPane
from inspector.gui.history.rail_delegate import RailDelegate
from inspector.gui.history.versions_model import VersionsModel
from inspector.gui.style.fonts import px
from inspector.gui.style.text_format import count
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.splitter import LineSplitter
from inspector.gui.widgets.time_axis import moments_of
from inspector.gui.widgets.time_axis_view import TimeAxis
from inspector.history.migrations import Rewrite, rewritten_words
from inspector.session.browse import TableCell, as_tsv
from inspector.session.summaries import Version
from inspector.store.rows import TableColumn

#: Width from which timeline and difference stand side by side, in pixels.
WIDE: Final = 1280
#: What timeline and difference need for their heads and a row, in pixels, of text that is not
#: enlarged; and what the axis leaves to both where it is shown.
_LEAST_TIMELINE: Final = 50
_LEAST_DIFFERENCE: Final = 82
_WITH_AXIS: Final = 260


#: What is copied of a version, as the command ``history`` lists it.
_COPIED: Final = tuple(
    TableColumn(name, "", 0) for name in ("version", "time", "hash", "tag", "bytes")
)


class HistoryView(QWidget, ClipSource):
    """A timeline, or why there is none, and a difference.

    ``opened`` tells the version to be read, None for the live state. ``looked_at`` tells that other
    rows may be in sight.
    """

    opened = Signal(Version)  # or None for the live state
    looked_at = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.versions = VersionsModel(self)
        self._current: Version | None = None  #: the version that is read
        self._blank = False  #: whether it is said that there are none
        self.table = TableView(version_columns(TimeStyle.UTC))
        self.table.setAccessibleName("Versions")
        self.table.setModel(self.versions)
        # Two versions selected with Ctrl are compared with each other.
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setItemDelegateForColumn(0, RailDelegate(self.table))
        self.table.activated.connect(self._open)
        self.table.verticalScrollBar().valueChanged.connect(self._look_soon)
        self.table.verticalScrollBar().rangeChanged.connect(self._look_soon)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)
        self.axis = TimeAxis(self._called)
        self.axis.chosen.connect(self.choose)
        self.table.selectionModel().currentRowChanged.connect(
            lambda index, _: self.axis.set_current(index.row())
        )
        self._offer_zoom(actions)
        self.empty = EmptyState()
        self.difference = DiffPane(actions, self.versions)
        self._timeline = QWidget()
        rows = QVBoxLayout(self._timeline)
        rows.addWidget(self.axis)
        rows.addWidget(self.table, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._timeline)
        self._stack.addWidget(self.empty)
        self.split = LineSplitter(Qt.Orientation.Vertical, name="Versions and difference")
        self.split.addWidget(self._stack)
        self.split.addWidget(self.difference)
        self.split.setSizes([280, 320])
        self.rewritten = plain_label("")
        self.rewritten.setContentsMargins(12, 6, 12, 6)
        self.rewritten.hide()
        column = QVBoxLayout(self)
        column.addWidget(self.rewritten)
        column.addWidget(self.split, 1)
        for layout in (rows, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        self.setFocusProxy(self.table)

    def copy(self) -> Clip | None:
        """The chosen versions as tab-separated text, where their list has the focus."""
        if not self.table.hasFocus():
            return None
        rows = [row for some in self.table.selected_rows() for row in some]
        cells = [tuple(map(TableCell, _copied(self.versions.version(row)))) for row in rows]
        said = f"Copied {count(len(rows), 'row')}."
        return Clip(as_tsv(_COPIED, cells), said) if rows else NO_CLIP

    def _offer_zoom(self, actions: Actions) -> None:
        """The zoom of the time axis, in the menus too; it is there where the axis is."""
        self.axis.addActions([actions[name] for name in ("axis_in", "axis_out", "axis_all")])
        self.axis.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

        def offer() -> None:
            worth = self.axis.moments.is_worth_drawing()
            actions.enable(("axis_in",), on=worth)
            actions.enable(("axis_out", "axis_all"), on=worth and self.axis.is_zoomed())

        self.axis.zoomed.connect(offer)
        offer()

    def show_versions(
        self, versions: Sequence[Version], current: Version | None, *, gone: bool = True
    ) -> None:
        """Show versions, the cursor on the one that is read, else on the live state.

        The same versions again leave the cursor where it is, unless another is read by now.

        Args:
            versions: newest first.
            current: the one that is read, None for the live state.
            gone: whether the record has no live state.
        """
        before, self._current = self._current, current
        if not versions and self._blank:
            return
        self._blank = not versions
        if not self.versions.show(versions, gone=gone):
            if self.versions.row_of(before) != self.versions.row_of(current):
                self._point_at(current)
            self._look_soon()
            return
        if not versions:
            self.empty.tell("No history.", "The daemon keeps no versions of this record.")
        stamps = (version.archived_at for version in versions)
        moments = moments_of(stamps, int(self.versions.own_head))
        self.axis.show_moments(moments, self.versions.live_row())
        # After the axis, which follows the cursor: a list that gets the focus places it.
        self._show_page(self._timeline if versions else self.empty)
        self._point_at(current)
        self._look_soon()

    def tell_rewritten(self, found: Sequence[Rewrite], note: str = "") -> None:
        """Say which migrations rewrote the live state and kept its time, where any did.

        Args:
            found: the migrations.
            note: what else there is to be said of the versions.
        """
        self.rewritten.setText(" ".join(filter(None, (rewritten_words(found), note))))
        what = "\n".join(f"Layout {one.layout} {one.did}." for one in found)
        self.rewritten.setToolTip(what)
        self.rewritten.setAccessibleDescription(what)
        self.rewritten.setVisible(bool(found or note))

    def _point_at(self, current: Version | None) -> None:
        """Put the cursor on the version that is read, else on the live state."""
        row = self.versions.row_of(current)
        if row < 0:
            row = max(0, self.versions.live_row())
        if self.versions.rowCount():
            self.choose(row)

    def show_error(self, error: InspectorError) -> None:
        """Say why the versions cannot be read."""
        self.versions.show(())
        self._blank = False
        self.empty.tell(error.message, error.hint)
        self._show_page(self.empty)

    def _show_page(self, page: QWidget) -> None:
        """Show the timeline, or why there is none; the focus stays with what is shown."""
        if page is self._stack.currentWidget():
            return
        focus = self.window().focusWidget()
        within = focus is not None and self._stack.isAncestorOf(focus)
        self._stack.setCurrentWidget(page)
        self.setFocusProxy(self.table if page is self._timeline else self.empty)
        if within:
            # Qt gives the focus to whatever comes next to a view that is hidden.
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_way(self, on: bool) -> None:
        """Leave all of the room to the difference, where there are no versions to choose from."""
        hidden = on and self._blank
        if hidden == self._stack.isHidden():
            return
        self._stack.setHidden(hidden)
        page = self.table if self._stack.currentWidget() is self._timeline else self.empty
        self.setFocusProxy(self.difference.tree if hidden else page)

    def choose(self, row: int) -> None:
        """Put the cursor on a version."""
        self.table.selectRow(row)
        self.table.scrollTo(self.versions.index(row, 0))

    def selected_pair(self) -> tuple[int, int] | None:
        """The rows of the older and the newer one of two selected versions; None for no pair."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return (rows[1], rows[0]) if len(rows) == 2 else None

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way; time or age gives way to the other."""
        self.axis.set_times(style)
        self.versions.set_times(style)
        self.table.columns.set_columns(version_columns(style))

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what is in sight now."""
        super().showEvent(event)
        self._look_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay timeline and difference side by side where there is room."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        self.split.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self.axis.give_room(wide or self.height() >= px(self, _WITH_AXIS))
        if not wide:
            self._share_height()

    def _share_height(self) -> None:
        """Leave timeline and difference a row each, however low the window is."""
        least, other = px(self, _LEAST_TIMELINE), px(self, _LEAST_DIFFERENCE)
        above, below = self.split.sizes()
        if (whole := above + below) and (above < least or below < other):
            above = max(min(above, whole - other), least)
            self.split.setSizes([above, whole - above])

    def in_sight(self) -> range:
        """The rows in sight; none while the timeline is not on screen."""
        if not self.table.isVisible() or not self.versions.rowCount():
            return range(0)
        height = self.table.viewport().height()
        last = self.table.rowAt(height - 1)
        stop = self.versions.rowCount() if last < 0 else last + 1
        return range(max(0, self.table.rowAt(0)), stop)

    def tick(self) -> None:
        """A second went by: ages are others now."""
        self.axis.update()
        self.table.viewport().update()

    def _look_soon(self) -> None:
        self._soon.start(0)

    def _look(self) -> None:
        self.axis.set_sight(self.in_sight())
        self.looked_at.emit()

    def _called(self, row: int) -> str:
        return called(self.versions.row(row))

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.versions.version(index.row()))


def _copied(version: Version | None) -> tuple[str, ...]:
    """The cells of a version, its time as it is stored; None for a live row that is no version."""
    if version is None:
        return ("live", "", "", "", "")
    hash_, tag = version.version_hash or "", version.tag or ""
    return (version.name, version.archived_at or "", hash_, tag, str(version.size))
