"""Looking around within a record: finding, opening, going to an offset, taking bytes along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector.gui.actions import Actions
from inspector.gui.bytes.byte_ranges import as_base64, as_hex, as_text
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import count
from inspector.gui.style.time_format import TimeStyle

_FORMS = {"hex": as_hex, "base64": as_base64, "text": as_text}
_ACTIONS = ("copy_hex", "copy_base64", "copy_text", "goto_offset")
_FOLDS = ("fold", "unfold", "fold_all", "unfold_all")
_TICK = 1000  #: milliseconds


class RecordActions(QObject):
    """What is done within the record on screen.

    Args:
        context: the record on screen.
        pane: where it is.
        actions: of the window.
        repaint: paints the times of the list anew.
    """

    def __init__(
        self,
        context: RecordContext,
        pane: RecordPane,
        actions: Actions,
        repaint: Callable[[], None],
    ) -> None:
        super().__init__(pane)
        self._pane, self._tell, self._repaint = pane, context.tell, repaint
        actions.enable((*_ACTIONS, *_FOLDS), on=False)
        context.shown.connect(lambda _: actions.enable(_ACTIONS, on=True))
        context.tabs.changed.connect(lambda name: actions.enable(_FOLDS, on=name == "json"))
        pane.together.told.connect(context.tell)
        pane.tree.told.connect(context.tell)
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._tick)

    def find(self) -> bool:
        """Find in the part of the record that has the focus; False where none has."""
        record, focus = self._pane, QApplication.focusWidget()
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
        record, focus = self._pane, QApplication.focusWidget()
        views = record.at_hand()
        if focus is not None and views.reader.isAncestorOf(focus):
            views.reader.find_step(by)
        elif record.form() == "json":
            views.json.finder.step(by)
        else:
            views.area.finder.step(by)

    def open_below(self) -> None:
        """Open all below the field the cursor is on."""
        self._pane.at_hand().tree.open_below()

    def grow(self) -> None:
        """Show the value the cursor is on as a tree below it."""
        self._pane.at_hand().together.grow()

    def ask_offset(self) -> None:
        """Show the bytes and ask where to go in them."""
        record = self._pane
        record.choose_form("bytes")
        record.at_hand().bytes.ask_offset()

    def copy_bytes(self, form: str) -> None:
        """Copy the bytes of the value the cursor is on; covered ones stay covered."""
        pane = self._pane.at_hand().bytes
        marks = pane.view.marks
        text = _FORMS[form](pane.view.data, marks.value, pane.covered())
        if text:
            QGuiApplication.clipboard().setText(text)
            size = sum(end - start for start, end in marks.value)
            words = f"Copied {count(size, 'byte')} as {form}"
            self._tell(words)

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
        window = self._pane.window()
        if window.isVisible() and not window.isMinimized():
            self._pane.tick()
            self._repaint()
