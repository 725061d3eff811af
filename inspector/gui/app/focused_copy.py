"""Copying what is looked at: the view that has the focus says what, the record's pane else."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector.byte_text import escaped
from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.clipboard import clip_at
from inspector.gui.fields.field_items import path_of
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import copied

_ACTIONS = ("copy", "copy_path")


class FocusedCopy:
    """What copying a value and its path do, both once there is a record or a row.

    Args:
        context: the record on screen.
        pane: where it is.
        actions: of the window.
    """

    def __init__(self, context: RecordContext, pane: RecordPane, actions: Actions) -> None:
        self._context, self._pane, self._actions = context, pane, actions
        actions.enable(_ACTIONS, on=False)
        context.shown.connect(lambda _: actions.enable(_ACTIONS, on=True))

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
