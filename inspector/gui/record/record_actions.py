"""Looking around within a record: finding, opening, going to an offset, taking bytes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector.gui.bytes.byte_ranges import as_base64, as_hex, as_text
from inspector.gui.style.text_format import count
from inspector.gui.style.time_format import TimeStyle

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow

_FORMS = {"copy_hex": as_hex, "copy_base64": as_base64, "copy_text": as_text}
_ACTIONS = (*_FORMS, "goto_offset")
_FOLDS = ("fold", "unfold", "fold_all", "unfold_all")
_TICK = 1000  #: milliseconds


class RecordActions(QObject):
    """Connects what is done within the record on screen to its views."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        record, actions = window.record, window.actions_
        does = {
            "find_next": lambda: self.step(1),
            "find_last": lambda: self.step(-1),
            "open_below": self._open_below,
            "goto_offset": self.ask_offset,
            "fold": lambda: record.json.view.fold(True),
            "unfold": lambda: record.json.view.fold(False),
            "fold_all": lambda: record.json.view.fold_all(True),
            "unfold_all": lambda: record.json.view.fold_all(False),
            "grow": self._grow,
        }
        for name, do in does.items():
            actions[name].triggered.connect(lambda _=False, do=do: do())
        for name in _FORMS:
            actions[name].triggered.connect(lambda _=False, name=name: self.copy_bytes(name))
        actions.enable((*_ACTIONS, *_FOLDS), on=False)
        window.desk.shown.connect(lambda shown: actions.enable(_ACTIONS, on=shown is not None))
        record.tabs.changed.connect(lambda name: actions.enable(_FOLDS, on=name == "json"))
        record.together.told.connect(window.status.tell)
        record.tree.told.connect(window.status.tell)
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._tick)

    def find(self) -> bool:
        """Find in the part of the record that has the focus; False where none has."""
        record, focus = self._window.record, QApplication.focusWidget()
        if focus is None or not record.isAncestorOf(focus):
            return False
        views = record.at_hand()
        if views.reader.isAncestorOf(focus):
            views.reader.open_find()
        elif record.form() == "json":
            views.json.finder.open()
        elif record.form() in ("fields", "bytes"):
            views.area.finder.open()
        return True

    def step(self, by: int) -> None:
        """Go to the next hit or the one before, in the part that has the focus or shows a bar."""
        record, focus = self._window.record, QApplication.focusWidget()
        views = record.at_hand()
        if focus is not None and views.reader.isAncestorOf(focus):
            views.reader.find_step(by)
        elif record.form() == "json":
            views.json.finder.step(by)
        else:
            views.area.finder.step(by)

    def _open_below(self) -> None:
        self._window.record.at_hand().tree.open_below()

    def _grow(self) -> None:
        self._window.record.at_hand().together.grow()

    def ask_offset(self) -> None:
        """Show the bytes and ask where to go in them."""
        record = self._window.record
        record.choose_form("bytes")
        record.at_hand().bytes.ask_offset()

    def copy_bytes(self, form: str) -> None:
        """Copy the bytes of the value the cursor is on; covered ones stay covered."""
        pane = self._window.record.at_hand().bytes
        marks = pane.view.marks
        text = _FORMS[form](pane.view.data, marks.value, pane.covered())
        if text:
            QGuiApplication.clipboard().setText(text)
            size = sum(end - start for start, end in marks.value)
            words = f"Copied {count(size, 'byte')} as {form.removeprefix('copy_')}"
            self._window.status.tell(words)

    def set_times(self, style: TimeStyle) -> None:
        """Relative times go on while they are shown."""
        if style is TimeStyle.RELATIVE:
            self._clock.start()
        else:
            self._clock.stop()

    def is_ticking(self) -> bool:
        """Whether times that say how long ago something was are kept up to date."""
        return self._clock.isActive()

    def _tick(self) -> None:
        window = self._window
        if window.isVisible() and not window.isMinimized():
            window.record.tick()
            window.records.table.viewport().update()
