"""The menu of the filter: what records have, counted, and expressions to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.filter_chips import NO_ORG, PERIOD_WORDS, state_or_none
from inspector.gui.records.filter_sort import ListOutcome, ListQuery
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.settings.file_memory import FileMemory
from inspector.gui.settings.settings import Settings
from inspector.gui.style.text_format import kind_title, told_apart, visible
from inspector.gui.tasks import Report, Tasks
from inspector.schema.kind_names import family, normal_kind
from inspector.session.facet_filter import FacetChoice
from inspector.session.since import PERIODS

if TYPE_CHECKING:
    from inspector.expression.examples import Example
    from inspector.session.facet_counts import FacetCount

_CHANNEL: Final = "facets"
_EXAMPLES: Final = "examples"
_VALUES: Final = 30  #: of a facet that are offered
RECENT: Final = 10  #: expressions of a kind that are remembered
_FACETS: Final = {"State": "states", "Organization": "orgs", "Kind": "kinds"}
_LONGEST: Final = 60  #: characters of an expression in a menu


class FilterMenu(QMenu):
    """Filled when it is looked at; counting ends when it is not any more.

    Args:
        parent: the window.
        records: the list.
        tasks: the worker.
        settings: keeps expressions that were saved.
        memory: what is remembered of the file.
        expression: the action that asks for one, shown above those that are offered.
    """

    def __init__(
        self,
        parent: QWidget,
        records: RecordsPane,
        tasks: Tasks,
        settings: Settings,
        memory: Callable[[], FileMemory],
        expression: QAction,
    ) -> None:
        super().__init__("&Filters", parent)
        self._records, self._tasks = records, tasks
        self._settings, self._memory, self._expression = settings, memory, expression
        self._counted: FacetCount | None = None
        self._counted_of: tuple[ListOutcome, ListQuery] | None = None
        self._examples: tuple[str, tuple[Example, ...]] = ("", ())
        self._parts: dict[str, QMenu] = {}
        self._menus: list[QMenu] = []
        self._example_menu: QMenu | None = None
        self.aboutToShow.connect(self.fill)
        self.aboutToHide.connect(lambda: tasks.forget(_CHANNEL))
        records.menu_button.clicked.connect(self.pop_up)
        records.filter.icon_clicked.connect(self._pop_up_at_icon)
        key = QShortcut(QKeySequence("Alt+Down"), records.filter, self.pop_up)
        key.setObjectName("filters")
        records.expression_used.connect(self.add_recent)

    def pop_up(self) -> None:
        """Show it below the filter."""
        button = self._records.menu_button
        self.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _pop_up_at_icon(self) -> None:
        field = self._records.filter
        self.popup(field.mapToGlobal(QPoint(0, field.height())))

    # What is offered

    def fill(self) -> None:
        """Offer what the records that are listed can be filtered by."""
        self.clear()
        for menu in self._menus:
            menu.deleteLater()
        self._menus, self._parts, self._example_menu = [], {}, None
        entry, listed = self._records.entry, self._records.sifting.listed
        if entry is None or listed is None:
            self.addAction("No records to filter").setEnabled(False)
            return
        names = ["State", "Organization", "Updated"]
        if entry.type is EntryType.ALL:
            names.insert(0, "Kind")
        for name in names:
            self._parts[name] = self._below(f"&{name}")
        self._error = self.addAction("Has &error")
        self._error.setCheckable(True)
        self._error.setEnabled(entry.type is not EntryType.GONE)
        self._error.triggered.connect(lambda on: self._choose(failed=on))
        clear = self.addAction("&Remove all filters")
        clear.setEnabled(self._records.facets.any)
        clear.triggered.connect(lambda: self._records.choose_facets(FacetChoice()))
        wish = _unordered(self._records.sifting.listing)
        before = self._counted_of
        if self._counted is None or before is None or before[0] is not listed or before[1] != wish:
            self._count(listed, wish)
        self._fill_facets()
        if entry.type is EntryType.KIND:
            self._offer_expressions(entry.kind, listed)

    def _count(self, listed: ListOutcome, wish: ListQuery) -> None:
        self._counted, self._counted_of = None, None
        so_far: list[FacetCount] = []

        def work(cancel: Event, report: Report) -> FacetCount:
            from inspector.session.facet_counts import count_facets  # noqa: PLC0415 - in the worker

            def progress(found: FacetCount) -> None:
                # The last one is looked at in the window, while counting goes on in another.
                so_far[:] = [found.copy()]
                report(found.looked, listed.total)

            return count_facets(
                *(listed.session, listed.kinds),
                choice=wish.facets,
                text=wish.text,
                expression=wish.expression,
                gone=listed.gone,
                cancel=cancel,
                progress=progress,
            )

        def done(found: FacetCount) -> None:
            self._counted, self._counted_of = found, (listed, wish)
            self._fill_facets()

        def failed(error: InspectorError) -> None:
            if not isinstance(error, CancelledError):
                self._tell(f"Not counted: {visible(str(error))}")

        def progress(done_: int, total: int) -> None:
            of = f" of {total:,}" if total else ""
            if so_far:
                self._show_counts(so_far[-1], f"Counting, {done_:,}{of}")

        self._tell("Counting")
        self._tasks.run(_CHANNEL, work, done, failed, progress, slow=True)

    def _tell(self, words: str) -> None:
        for part in self._parts.values():
            part.clear()
            part.addAction(words).setEnabled(False)

    def _fill_facets(self) -> None:
        if self._counted is None:
            self._error.setChecked(self._records.facets.failed)
        else:
            self._show_counts(self._counted)

    def _show_counts(self, found: FacetCount, so_far: str = "") -> None:
        """Show the values with their counts; what is there already stays where it is.

        Args:
            found: them.
            so_far: how far counting is, where it goes on.
        """
        choice = self._records.facets
        self._fill_values("State", found.states, choice.states, state_or_none, so_far)
        self._fill_values("Organization", found.orgs, choice.orgs, _org_or_none, so_far)
        self._fill_values("Kind", found.kinds, choice.kinds, kind_title, so_far)
        updated = self._parts.get("Updated")
        if updated is not None:
            shown = self._begin(updated, so_far)
            for period in PERIODS:
                action = shown.get(period) or self._add(updated, period)
                action.setText(f"{PERIOD_WORDS[period]}\t{found.since[period]:,}")
                action.setChecked(choice.since == period)
        self._error.setText(f"Has &error\t{found.failed:,}")
        self._error.setChecked(choice.failed)

    def _begin(self, part: QMenu, so_far: str) -> dict[str, QAction]:
        """The values that a menu shows, above a line that says how far counting is, if it goes on.

        A menu that is looked at keeps its entries, so that none moves under the pointer.
        """
        shown = {one.data(): one for one in part.actions() if isinstance(one.data(), str)}
        lines = [one for one in part.actions() if one.data() is None]
        for line in lines if not so_far else lines[1:]:
            part.removeAction(line)
        if so_far:
            line = lines[0] if lines else part.addAction("")
            line.setEnabled(False)
            line.setText(so_far)
        return shown

    def _add(self, part: QMenu, value: str) -> QAction:
        action = QAction(part)
        action.setData(value)
        action.setCheckable(True)
        name = next(name for name, one in self._parts.items() if one is part)
        action.triggered.connect(lambda on: self._choose_value(name, value, on=on))
        line = next((one for one in part.actions() if one.data() is None), None)
        if line is None:
            part.addAction(action)
        else:
            part.insertAction(line, action)
        return action

    def _choose_value(self, name: str, value: str, *, on: bool) -> None:
        if name == "Updated":
            self._choose(since=value if on else "")
            return
        facet = _FACETS[name]
        self._choose(**{facet: getattr(self._records.facets, facet) ^ {value}})

    def _fill_values(
        self,
        name: str,
        counted: Counter[str],
        chosen: frozenset[str],
        word: Callable[[str], str],
        so_far: str,
    ) -> None:
        part = self._parts.get(name)
        if part is None:
            return
        shown = self._begin(part, so_far)
        words = told_apart({**shown, **dict.fromkeys(counted), **dict.fromkeys(chosen)}, word)
        # What is chosen stands among the others, in its place where there is one.
        for value in dict.fromkeys((*(one for one, _ in counted.most_common()), *sorted(chosen))):
            action = shown.get(value)
            if action is None:
                if len(shown) >= _VALUES and value not in chosen:
                    continue
                action = shown[value] = self._add(part, value)
            called = visible(words[value]).replace("&", "&&")
            action.setText(f"{called}\t{counted[value]:,}")
            action.setChecked(value in chosen)
        more = len(counted.keys() - shown.keys())
        if more and not so_far:
            part.addAction(f"{more:,} more").setEnabled(False)
        elif not shown and not so_far:
            part.addAction("None").setEnabled(False)

    def _choose(self, **changed: object) -> None:
        self._records.choose_facets(self._records.facets._replace(**changed))  # type: ignore[arg-type]

    # Expressions

    def _offer_expressions(self, kind: str, listed: ListOutcome) -> None:
        self.addSeparator()
        self.addAction(self._expression)
        known = [(one.title, one.expression) for one in self._known(kind)]
        self._example_menu = self._parts_of("E&xamples", known)
        recent = self._memory().expressions.get(kind, [])
        self._parts_of("Re&cent", [(one, one) for one in recent])
        saved = [(name, text) for name, of, text in self._settings.filters if _is_of(of, kind)]
        self._parts_of("Sa&ved", saved)
        save = self.addAction("Save ex&pression\N{HORIZONTAL ELLIPSIS}")
        text = self._records.expression
        save.setEnabled(bool(text))
        save.triggered.connect(lambda: self.ask_name(kind, text))
        forget = self._below("&Delete expression")
        for name, of, kept in list(self._settings.filters):
            if _is_of(of, kind):
                action = forget.addAction(_escaped(name))
                action.triggered.connect(
                    lambda _on=False, entry=[name, of, kept]: self._settings.filters.remove(entry)
                )
        if recent:
            forget.addSeparator()
            clear = forget.addAction("All &recent ones")
            clear.triggered.connect(lambda: self._memory().expressions.pop(kind, None))
        forget.setEnabled(bool(forget.actions()))
        if self._examples[0] != kind:
            self._ask_examples(kind, listed)

    def _known(self, kind: str) -> tuple[Example, ...]:
        return self._examples[1] if self._examples[0] == kind else ()

    def _below(self, title: str) -> QMenu:
        menu = self.addMenu(title)
        self._menus.append(menu)
        return menu

    def _parts_of(self, title: str, entries: list[tuple[str, str]]) -> QMenu:
        menu = self._below(title)
        menu.setToolTipsVisible(True)
        self._put(menu, entries)
        return menu

    def _put(self, menu: QMenu, entries: list[tuple[str, str]]) -> None:
        menu.clear()
        for words, text in entries:
            action = menu.addAction(_escaped(words))
            action.setToolTip(visible(text))
            action.triggered.connect(
                lambda _on=False, text=text: self._records.ask_expression(text)
            )
        menu.setEnabled(bool(entries))

    def _ask_examples(self, kind: str, listed: ListOutcome) -> None:
        def work(cancel: Event, _report: Report) -> tuple[Example, ...]:
            from inspector.expression.examples import examples  # noqa: PLC0415 - in the worker

            messages = listed.session.reader(cancel).messages(kind)
            message = next((one for one in messages if one is not None), None)
            return examples(message) if message is not None else ()

        def done(found: tuple[Example, ...]) -> None:
            self._examples = (kind, found)
            entry, menu = self._records.entry, self._example_menu
            if menu is not None and entry is not None and entry.kind == kind:
                self._put(menu, [(one.title, one.expression) for one in found])

        self._tasks.run(_EXAMPLES, work, done, lambda _: None)

    # What is kept

    def add_recent(self, kind: str, text: str) -> None:
        """Remember an expression that was used."""
        kept = self._memory().expressions
        others = [one for one in kept.get(kind, []) if one != text]
        kept[kind] = [text, *others][:RECENT]

    def ask_name(self, kind: str, text: str) -> None:
        """Ask what an expression is to be called."""
        dialog = QInputDialog(self._records.window())
        dialog.setWindowTitle("Save expression")
        dialog.setLabelText("Name:")
        dialog.setTextValue(text[:_LONGEST])
        dialog.textValueSelected.connect(lambda name: self.save(name, kind, text))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, name: str, kind: str, text: str) -> None:
        """Keep an expression by a name, in place of one that has it."""
        called = " ".join(name.split())
        if called:
            others = [one for one in self._settings.filters if one[:2] != [called, kind]]
            self._settings.filters = [*others, [called, kind, text]]


def _unordered(query: ListQuery) -> ListQuery:
    """The same in any order, which counts do not depend on."""
    return query._replace(column="id", descending=False)


def _org_or_none(org: str) -> str:
    return org or NO_ORG


def _escaped(words: str) -> str:
    short = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}\N{HORIZONTAL ELLIPSIS}"
    return visible(short).replace("&", "&&")


def _is_of(kind: str, other: str) -> bool:
    return kind == other or normal_kind(kind) in map(normal_kind, family(other))
