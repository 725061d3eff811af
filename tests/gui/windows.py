"""Driving the real window: open a store, wait for what is on screen, press keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from inspector.gui.app.main_window import MainWindow
from inspector.gui.fields.field_items import FieldItem, path_of
from inspector.gui.settings.settings import Settings
from inspector.session.session import Session

_LONG = 20_000  #: milliseconds; a wait ends as soon as what is waited for is there


class Driver:
    """One window and what a person does in it."""

    def __init__(
        self, qtbot: QtBot, settings: Settings | None = None, window: MainWindow | None = None
    ) -> None:
        self.bot = qtbot
        self.window = window or MainWindow(settings or Settings())

    def open(self, path: Path | None, select: str | None = None) -> Driver:
        """Open a store, the demo without a path, and wait for a record."""
        make = (lambda: Session.open(path)) if path is not None else Session.demo
        self.window.open(make, str(path or "demo"), select)
        self.window.show()
        self.wait(lambda: self.window.record.record is not None)
        return self

    def wait(self, what: Callable[[], bool]) -> None:
        """Let the event loop turn until something is so."""
        self.bot.waitUntil(what, timeout=_LONG)

    def press(self, action: str) -> None:
        """Trigger an action that has to be enabled."""
        self.wait(self.window.actions_[action].isEnabled)
        self.window.actions_[action].trigger()

    def at(self) -> tuple[str, str, str]:
        """Kind, id and version of the record on screen."""
        record = self.window.record.record
        if record is None:
            return ("", "", "")
        version = record.version.name if record.version is not None else "live"
        return (record.kind, record.id, version)

    def reach(self, kind: str, id_: str, version: str = "live") -> None:
        """Wait until a record is on screen."""
        self.wait(lambda: self.at() == (kind, id_, version))

    def item(self, path: str) -> FieldItem:
        """The row of a path, opening what is above it."""
        fields = self.window.record.tree.fields
        below = fields.rows_below(fields.item(QModelIndex()))
        while True:
            found = next((i for i in below if path_of(i) == path), None)
            if found is not None:
                return found
            over = next(
                i
                for i in below
                if path_of(i) and path.startswith((f"{path_of(i)}.", f"{path_of(i)}["))
            )
            self.window.record.tree.expand(fields.index_of(over))
            below = fields.rows_below(over)

    def choose(self, path: str) -> FieldItem:
        """Put the cursor on a field."""
        item = self.item(path)
        tree = self.window.record.tree
        tree.setCurrentIndex(tree.fields.index_of(item))
        return item
