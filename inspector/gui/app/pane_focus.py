"""Which pane of a window has the focus, what is copied there, and whether the record has it all."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from inspector.byte_text import escaped
from inspector.errors import InspectorError
from inspector.gui.clipboard import clip_at
from inspector.gui.fields.field_items import path_of
from inspector.gui.kinds.kinds_view import KindsView
from inspector.gui.message.message_pane import MessagePane
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record_context import RecordContext
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.style.text_format import copied


class PaneFocus:
    """Gives the focus to the panes of a window.

    Args:
        left: the kinds with what stands over them.
        kinds: the kinds.
        records: the list in the middle.
        record: the record.
        only_record: the switch that gives the record all of the window.
    """

    def __init__(
        self,
        left: QWidget,
        kinds: KindsView,
        records: RecordsPane,
        record: RecordPane,
        only_record: QAction,
    ) -> None:
        self._left, self._kinds, self._records, self._record = left, kinds, records, record
        self._only_record = only_record

    def set_only_record(self, on: bool) -> None:
        """Give the record all of the window, or show the other panes again."""
        self._left.setVisible(not on)
        self._records.setVisible(not on)
        if on:
            self._record.focus()

    def go_kinds(self) -> None:
        """Go to the kinds."""
        self._go(self._kinds)

    def go_records(self) -> None:
        """Go to the list."""
        self._go(self._records.view())

    def _go(self, pane: QWidget) -> None:
        self._only_record.setChecked(False)
        pane.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def step(self, by: int) -> None:
        """Go to the next pane (1) or the one before (-1); nowhere while none is shown."""
        record = self._record
        panes: list[QWidget] = [
            *(self._left, self._records),
            *(record.tabs, record.reader, record.bytes),
        ]
        for message in (record.events.area, record.row.message()):
            panes += [message] if message is not None else []
        shown = [pane for pane in panes if pane.isVisible()]
        if not shown:
            return
        focus = QApplication.focusWidget()
        # Of panes within each other the inner one.
        around = [i for i, pane in enumerate(shown) if focus and pane.isAncestorOf(focus)]
        here = around[-1] if around else -1
        is_within = focus is not None and record.isAncestorOf(focus) and record.tabs in shown
        if here < 0 and is_within:
            here = shown.index(record.tabs)
        self._enter(shown[(here + by) % len(shown)])

    def _enter(self, pane: QWidget) -> None:
        if pane is self._left:
            self.go_kinds()
        elif pane is self._records:
            self.go_records()
        elif pane is self._record.reader:
            self._record.reader.focus()
        elif pane is self._record.bytes:
            pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif isinstance(pane, MessagePane):
            pane.focus()
        else:
            self._record.focus()


class FocusedCopy:
    """What copying a value and its path do.

    Args:
        context: the record on screen.
        pane: where it is.
    """

    def __init__(self, context: RecordContext, pane: RecordPane) -> None:
        self._context, self._pane = context, pane

    def copy(self) -> None:
        """Copy what the view with the focus gives, else the field the cursor is on."""
        clip = clip_at(QApplication.focusWidget()) or self._pane.copy()
        if not callable(clip.text):
            self._put(clip.text, clip.said)
            return
        write = clip.text
        done = partial(self._put, said=clip.said)
        self._context.tasks.run(
            "copy", lambda cancel, _: write(cancel), done, self._fail, slow=True
        )

    def copy_path(self) -> None:
        """Copy the path of the field the cursor is on."""
        item = self._pane.at_hand().tree.current()
        path = path_of(item) if item is not None else ""
        if path:
            self._put(path, copied("path", path))

    def _put(self, text: str, said: str) -> None:
        if text or said:
            QGuiApplication.clipboard().setText(escaped(text))
        if said:
            self._context.tell(said)

    def _fail(self, error: InspectorError) -> None:
        self._context.tell(str(error))
