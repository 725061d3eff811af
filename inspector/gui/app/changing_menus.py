"""Menus whose entries change: files opened lately, windows, schemas."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from inspector.gui.app.window_layout import WindowLayout
from inspector.gui.style.text_format import schema_labels, short_path, visible
from inspector.gui.tasks import Report, Tasks
from inspector.schema.catalog import AUTO, merged_schema, own_schemas, releases
from inspector.schema.kind_names import normal_kind
from inspector.schema.releases import newest, oldest
from inspector.session.summaries import Record
from inspector.store.rows import Form

if TYPE_CHECKING:
    from inspector.gui.app.schema_controller import SchemaController

_GONE: Final = " (file not found)"
_AS_FILE: Final = ""
_NAMES: Final = {AUTO: "&Detect per record", _AS_FILE: "Same as &file"}


def mnemonic(number: int, words: str) -> str:
    """A numbered entry of a menu whose words are data."""
    escaped = visible(words).replace("&", "&&")
    return f"&{number} {escaped}" if number < 10 else escaped


class RecentMenu(QMenu):
    """The files that were open last, filled when it is looked at.

    Whether they are there is found out by a worker meanwhile: a place on the network may take long.
    """

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        files: Callable[[], Sequence[str]],
        opened: Callable[[str], object],
        forget: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._files, self._opened, self._forget = files, opened, forget
        self._places: dict[str, QAction] = {}
        self._missing: frozenset[str] = frozenset()
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List the files anew."""
        self.clear()
        files = tuple(self._files())
        self._places = {path: self.addAction("") for path in files}
        for path, action in self._places.items():
            action.triggered.connect(lambda _=False, path=path: self._opened(path))
        self._grey(self._missing)
        if files:
            self.addSeparator()
            self.addAction("&Clear the list").triggered.connect(lambda _=False: self._forget())
        else:
            self.addAction("No recent files").setEnabled(False)
            return
        look = partial(_missing, files)
        self._tasks.run("recent", look, self._grey, slow=True)

    def _grey(self, missing: frozenset[str]) -> None:
        """Say which files are not there."""
        self._missing = missing
        for number, (path, action) in enumerate(self._places.items(), 1):
            gone = path in missing
            action.setText(mnemonic(number, short_path(path) + (_GONE if gone else "")))
            action.setEnabled(not gone)


def _missing(files: Sequence[str], cancel: Event, _report: Report) -> frozenset[str]:
    return frozenset(f for f in files if not cancel.is_set() and not os.path.exists(f))  # noqa: PTH110


class WindowList:
    """The open windows at the end of the window menu, which is there for more than one."""

    def __init__(self, menu: QMenu, own: WindowLayout) -> None:
        self._menu, self._own = menu, own
        self._windows: Sequence[WindowLayout] = ()
        self._actions: list[QAction] = []
        menu.aboutToShow.connect(self.fill)
        menu.menuAction().setVisible(False)

    def set_windows(self, windows: Sequence[WindowLayout]) -> None:
        """Other windows are open now."""
        self._windows = tuple(windows)
        self._menu.menuAction().setVisible(len(windows) > 1)

    def fill(self) -> None:
        """List the windows anew."""
        for action in self._actions:
            self._menu.removeAction(action)
            action.deleteLater()
        self._actions = []
        for number, window in enumerate(self._windows, 1):
            title = window.windowTitle().replace("[*][*]", "[*]")
            action = self._menu.addAction(mnemonic(number, title))
            action.setCheckable(True)
            action.setChecked(window is self._own)
            action.triggered.connect(lambda _=False, window=window: window.come_up())
            self._actions.append(action)


class SchemaMenu(QMenu):
    """What the file, and the kind of the record on screen, are read with.

    Args:
        schema: what is chosen, and how another one is.
        record: gives the record on screen.
        button: pops it up.
    """

    def __init__(
        self,
        schema: SchemaController,
        record: Callable[[], Record | None],
        button: QAbstractButton,
    ) -> None:
        super().__init__(button.window())
        self._schema, self._record, self._button = schema, record, button
        self.aboutToShow.connect(self.fill)
        button.clicked.connect(self._pop_up)

    def choose_for_record(self, name: str) -> None:
        """Read the kind of the record on screen with another schema."""
        record = self._record()
        if record is not None:
            self._schema.choose(name, record.kind)

    def _pop_up(self) -> None:
        self.fill()
        self.popup(self._button.mapToGlobal(QPoint(0, -self.sizeHint().height())))

    def fill(self) -> None:
        """Say what is used and why, and offer the others."""
        self.clear()
        record, (facts, now, _) = self._record(), self._schema.state()
        if facts is None or facts.form is not Form.SQLITE:
            self.addAction("No schema is used for this file").setEnabled(False)
            return
        if record is not None:
            name = record.choice.schema or "no schema"
            self.addAction(f"This record: {name}").setEnabled(False)
            why = f"Why: {visible(record.choice.why)}"
            self.addAction(why.replace("&", "&&")).setEnabled(False)
            self.addSeparator()
            kind = normal_kind(record.kind)
            title = f"All records of {record.display_kind or record.kind}"
            chosen = now.schemas.get(kind, _AS_FILE)
            self._choices(title, (_AS_FILE, *_near(record, chosen)), chosen, kind)
        self._choices("Whole file", _near(record, now.schema), now.schema, None)

    def _choices(self, title: str, names: Sequence[str], chosen: str, kind: str | None) -> None:
        self.addSeparator()
        self.addAction(visible(title).replace("&", "&&")).setEnabled(False)
        group = QActionGroup(self)
        for name, label in schema_labels(names).items():
            action = self.addAction(_NAMES.get(name) or label.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == chosen)
            group.addAction(action)
            action.triggered.connect(lambda _=False, name=name: self._schema.choose(name, kind))
        self._all_releases(kind, chosen)
        own = self.addMenu("&Own schema")
        ask = self._schema.ask
        for words, folder in (("From a &file\N{HORIZONTAL ELLIPSIS}", False),
                              ("From a f&older\N{HORIZONTAL ELLIPSIS}", True)):  # fmt: skip
            action = own.addAction(words)
            action.triggered.connect(lambda _=False, folder=folder: ask(kind, folder=folder))

    def _all_releases(self, kind: str | None, chosen: str) -> None:
        """Offer every release there is, newest first, those of a major version in a menu."""
        every = self.addMenu("All &releases")
        for major, names in groupby(reversed(releases()), lambda name: name.partition(".")[0]):
            found = list(names)
            menu = every.addMenu(f"{major}.x") if len(found) > 1 else every
            for name in found:
                action = menu.addAction(name)
                action.setCheckable(True)
                action.setChecked(name == chosen)
                action.triggered.connect(lambda _=False, name=name: self._schema.choose(name, kind))


def _near(record: Record | None, chosen: str) -> list[str]:
    """The schemas that are offered at once: what fits, the newest, and those a record may be of."""
    names = [AUTO, *own_schemas(), releases()[-1]]
    choice = record.choice if record is not None else None
    # What is read with one's own was asked for, so that stands there already.
    if choice is not None and choice.merged is merged_schema() and choice.releases:
        ends = (newest(choice.releases), oldest(choice.releases))
        names += [choice.merged.names[end] for end in ends]
        names += [choice.merged.names[newest(rival.releases)] for rival in choice.rivals]
    return list(dict.fromkeys([*names, chosen] if chosen else names))
