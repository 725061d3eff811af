"""The middle pane with what was found in all records, and what was searched for it.

Under each kind stand its records, under each of them the places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from inspector.gui.cells.cell_delegate import TwoLines
from inspector.gui.cells.columns import Column
from inspector.gui.cells.titled_list import ResultsPage, TitledModel, TitledTable
from inspector.gui.style.fonts import px
from inspector.gui.style.text_format import kind_title, visible
from inspector.gui.style.text_runs import (
    BOLD,
    DIM,
    FIXED,
    FIXED_DIM,
    FOUND,
    TEXT,
    Cell,
    Elide,
    Run,
)
from inspector.gui.widgets.bar import OverflowBar
from inspector.gui.widgets.search_field import SearchField
from inspector.named_tuple import NamedTuple
from inspector.session.store_search import SearchHit, SearchQuery

_SEEN: Final = "In earlier states that were seen"
HIT_COLUMNS: Final = (Column("hit", "Hit", 200, stretch=True),)
_BEFORE: Final = 18  #: characters shown before what was found, so that it is in sight


class HitRow(NamedTuple):
    """A row: a hit, or with ``hit`` None a title over what follows it.

    Attributes:
        hit: a place that holds it.
        of: the first hit of the kind or record that a title names.
        title: the words of a title over all that follows.
    """

    hit: SearchHit | None
    of: SearchHit | None = None
    of_kind: bool = False
    title: str = ""


class HitsModel(TitledModel[HitRow]):
    """Rows as they are found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(HIT_COLUMNS, parent)
        self._last: SearchHit | None = None

    def clear(self) -> None:
        """Nothing is found yet."""
        self._last = None
        self.set_rows(())

    def put(self, hits: Iterable[SearchHit], title: str = "") -> None:
        """More was found; ``title`` stands over it and what follows, where it is not empty."""
        rows: list[HitRow] = []
        if title:
            rows.append(HitRow(None, title=title))
            self._last = None
        for hit in hits:
            last = self._last
            if hit.seen is not None and (last is None or last.seen is None):
                rows.append(HitRow(None, title=_SEEN))
                last = None
            if last is None or last.kind != hit.kind:
                rows.append(HitRow(None, hit, of_kind=True))
            if last is None or _record(last) != _record(hit):
                rows.append(HitRow(None, hit))
            rows.append(HitRow(hit))
            self._last = hit
        self.add(rows)

    def is_title(self, row: HitRow) -> bool:
        """Whether a row is the title of a kind, of a record, or of all that follows."""
        return row.hit is None

    def spoken(self, row: HitRow) -> str:
        """A title by what it is of; of a hit what was found and where."""
        if row.hit is not None:
            where = row.hit.path + (", in the key" if row.hit.in_key else "")
            return f"{visible(row.hit.snippet.text)}, {visible(where)}"
        if row.of is None:
            return row.title
        if row.of_kind:
            return f"Kind {visible(kind_title(row.of.kind))}"
        of = row.of
        part = f", version {of.version.name}" if of.version is not None else ""
        part = f", {_part(of)}" if _part(of) else part
        return visible(f"Record {of.name or of.id}{part}")

    def cell(self, row: HitRow, key: str) -> Cell:
        """A hit in two lines: where, and what."""
        hit = row.hit
        if hit is None:
            return _title(row)
        before, match, behind = map(visible, hit.snippet)
        if len(before) > _BEFORE:
            before = f"\N{HORIZONTAL ELLIPSIS}{before[1 - _BEFORE :]}"
        words = [Run(before, TEXT)] if before else []
        words.append(Run(match, FOUND, Elide.ElideRight, gap=0))
        if behind:
            words.append(Run(behind, TEXT, Elide.ElideRight, gap=0))
        path = f"{hit.path}{' (key)' if hit.in_key else ''}"
        return TwoLines(
            (Run(visible(path), FIXED_DIM, Elide.ElideLeft),),
            second=tuple(words),
        )

    def tip(self, row: HitRow) -> str | None:
        """Where a hit is, in full."""
        return visible(row.hit.path) if row.hit is not None else None


def _record(hit: SearchHit) -> Sequence[object]:
    version = hit.version.name if hit.version is not None else None
    return hit.kind, hit.id, version, hit.event, hit.seen.number if hit.seen is not None else 0


def _part(hit: SearchHit) -> str:
    """The event of the record, or until when it was as it is shown; empty for neither."""
    if hit.event is not None:
        return f"event {hit.event.name}"
    return f"until {hit.seen.time.astimezone():%H:%M:%S}" if hit.seen is not None else ""


def _title(row: HitRow) -> Cell:
    hit = row.of
    if hit is None:
        return Cell((Run(row.title, BOLD, Elide.ElideRight),), tint="tint_span")
    if row.of_kind:
        return Cell((Run(visible(kind_title(hit.kind)), BOLD, Elide.ElideRight),))
    runs = [Run(visible(hit.name or hit.id), TEXT, Elide.ElideRight)]
    if hit.version is not None:
        runs.append(Run(visible(hit.version.name), DIM))
    if _part(hit):
        runs.append(Run(visible(_part(hit)), DIM))
    if hit.name:
        runs.append(Run(visible(hit.id), FIXED if not hit.name else FIXED_DIM, Elide.ElideMiddle))
    return Cell(tuple(runs))


_PAUSE: Final = 300  #: milliseconds after a key until what is typed is sought
_LEAST: Final = 2  #: characters that are sought without Enter
_WORDS: Final = "Search all records"
_BEGIN: Final = (
    "Search all records.",
    "Finds text in strings, map keys and fields without a name. Secrets are left out.",
)
_NOTHING: Final = "Nothing found."
_VALUES: Final = "Numbers too"
_AROUND: Final = 64  #: of the words of the field, for a 13 px font: its icons, the bar's edges
_BESIDE: Final = 36  #: what edges take beside the words and the button, for a 13 px font


class SearchPane(ResultsPage):
    """A field over a list of hits.

    ``sought`` tells that what :meth:`query` gives is to be searched, ``values_wanted`` that numbers
    and the like are to be searched too, ``chosen`` the :class:`SearchHit` the cursor is on.
    """

    sought = Signal()
    values_wanted = Signal()
    chosen = Signal(SearchHit)

    def __init__(self, parent: QWidget | None = None) -> None:
        model = HitsModel()
        table = TitledTable(HIT_COLUMNS, model)
        super().__init__(SearchField("search", "Ctrl+Shift+F"), table, parent)
        self.hits = model
        model.setParent(self)
        table.setAccessibleName("Search results")
        self.filter.set_words(_WORDS, _WORDS)
        self.case = self._switch("Aa", "Match case")
        self.history = self._switch("History", "Search all versions too")
        self.events = self._switch("Events", "Search the events of executions and sessions too")
        self.values = QPushButton(_VALUES)
        self.values.setToolTip("Search numbers, enum names, times and truth values too")
        self.values.clicked.connect(self._ask_values)
        self.found = self.sentence()
        self._sought = SearchQuery("")
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._seek_soon)
        self._switches = OverflowBar(self.head, 34)
        self.column.insertWidget(1, self._switches)
        self.results.setSpacing(2)
        self._ends = QHBoxLayout()
        self._ends.addWidget(self.found, 1)
        self.results.insertLayout(0, self._ends)
        self.results.addWidget(self.values, 0, Qt.AlignmentFlag.AlignLeft)
        self.filter.textChanged.connect(self._wait)
        self.filter.returnPressed.connect(self._enter)
        for switch in self._all_switches():
            self._switches.add(switch)
            switch.toggled.connect(self._seek)
        self.begin()

    def _all_switches(self) -> tuple[QToolButton, ...]:
        return self.case, self.history, self.events

    def stops(self) -> list[QWidget]:
        """The switches before the list, as they stand."""
        field, *below = super().stops()
        return [field, *self._all_switches(), *below, self.values]

    def event(self, event: QEvent) -> bool:
        """Put the switches below the field where they would leave it too little room."""
        done = super().event(event)
        # Another text size asks for the layout anew.
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._share_end()
            least = self.filter.fontMetrics().horizontalAdvance(_WORDS) + px(self, _AROUND)
            self._switches.fit(self.width() - least)
        return done

    def _share_end(self) -> None:
        """The button stands beside how much was found where that takes one line there."""
        words = self.found.fontMetrics().horizontalAdvance(self.found.text())
        room = self.width() - px(self, _BESIDE) - self.values.sizeHint().width()
        beside = words <= room
        if beside == (self._ends.indexOf(self.values) >= 0):
            return  # to put it where it stands would ask for another layout
        if beside:
            self._ends.addWidget(self.values)
        else:
            self.results.addWidget(self.values, 0, Qt.AlignmentFlag.AlignLeft)

    def _ask_values(self) -> None:
        self.values_wanted.emit()

    def _wait(self) -> None:
        self._soon.start()

    def _switch(self, words: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    # What is sought

    def query(self) -> SearchQuery:
        """What is to be searched for."""
        return SearchQuery(
            self.filter.text(),
            ignore_case=not self.case.isChecked(),
            history=self.history.isChecked(),
            events=self.events.isChecked(),
        )

    def begin(self) -> None:
        """Nothing is sought."""
        self.hits.clear()
        self.below.hide()
        self.footer.finish()
        self.empty.tell(*_BEGIN)
        self.stack.setCurrentWidget(self.empty)

    def _seek_soon(self) -> None:
        if len(self.filter.text()) >= _LEAST or not self.filter.text():
            self._seek()

    def _seek(self) -> None:
        self._soon.stop()
        self._sought = self.query()
        self.sought.emit()

    def _enter(self) -> None:
        """Enter searches; where that is done already it goes to the first hit, as in a filter."""
        if self.query() == self._sought and self.hits.rowCount():
            self.filter.left.emit()
        else:
            self._seek()

    # What is found

    def start(self, doing: str, *, anew: bool) -> None:
        """A search has begun."""
        if anew:
            self.hits.clear()
            self.wait("Searching\N{HORIZONTAL ELLIPSIS}")
        self.values.setEnabled(False)
        self.footer.start(doing)

    def put(self, hits: Sequence[SearchHit], title: str = "") -> None:
        """Show more hits below the others."""
        if not hits:
            return
        first = self.hits.rowCount()
        self.hits.put(hits, title)
        self.table.fit_titles(first)
        self.stack.setCurrentWidget(self.table)

    def end(self, found: str, covered: str, *, values: bool) -> None:
        """A search is over: say what was found, and what was searched.

        Args:
            found: how much.
            covered: what was searched.
            values: whether numbers and the like may be searched yet.
        """
        self.footer.finish()
        self.found.setText(found)
        self._share_end()
        self.covered.setText(covered)
        self.values.setEnabled(True)
        self.values.setVisible(values)
        listed = self.hits.rowCount() > 0
        # Where nothing was found it is said in the place of the list.
        for words in (self.found, self.covered):
            words.setVisible(listed)
        self.below.setVisible(listed or values)
        if not listed:
            self.empty.tell(_NOTHING, covered)
            self.stack.setCurrentWidget(self.empty)

    def current(self) -> SearchHit | None:
        """The hit the cursor is on."""
        row = self.hits.at(self.table.current_row())
        return row.hit if row is not None else None

    def come_to(self, at: int) -> None:
        """Tell the hit of a row."""
        row = self.hits.at(at)
        if row is not None and row.hit is not None:
            self.chosen.emit(row.hit)

    # The focus

    def enter(self) -> None:
        """The list is shown."""
        if not self.hits.rowCount():
            self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask(self) -> None:
        """Put the cursor into the field, all of it selected."""
        self.filter.selectAll()
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
