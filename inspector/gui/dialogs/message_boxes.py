"""Sentences in a box of their own, none of which blocks; what dialogs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QWidget

from inspector.errors import InspectorError
from inspector.gui.style.fonts import px
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.time_format import TimeStyle, from_seconds, show
from inspector.history.record import number_of
from inspector.session.file_states import FileState
from inspector.session.summaries import Record

# What dialogs have in common: buttons without pictures, and a size to begin with.


def take_icons_off(dialog: QDialog) -> None:
    """Take the pictures off the buttons at the foot of a dialog; call it before it is shown."""
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())


_FREE: Final = 64  #: pixels of the screen that are left at least


def give_size(dialog: QWidget, width: int, height: int) -> None:
    """Make a dialog as large as its text needs, as far as the screen goes.

    Args:
        dialog: not shown yet.
        width: for a 13 px font, in device-independent pixels.
        height: the same.
    """
    room = dialog.screen().availableSize()
    wide, high = px(dialog, width), px(dialog, height)
    dialog.resize(min(wide, room.width() - _FREE), min(high, room.height() - _FREE))


_SHOWN: Final = 12
_NAMES: Final = {"": "File", "-wal": "WAL", "-shm": "Shared memory", "-journal": "Journal"}


def failed(parent: QWidget, error: InspectorError) -> QMessageBox:
    """Say what did not work and what can be done."""
    return _box(parent, QMessageBox.Icon.Warning, error.message, error.hint)


def say(parent: QWidget, text: str, more: str) -> QMessageBox:
    """Say something that needs no answer."""
    return _box(parent, QMessageBox.Icon.Information, text, more)


def why(parent: QWidget, record: Record) -> QMessageBox:
    """Say why a record is read with its schema, and what is odd about it."""
    choice = record.choice
    read = f"Read with {choice.schema}" if choice.schema else "Read without a schema"
    problems = [visible(problem.message) for problem in record.problems[:_SHOWN]]
    more = number_of(record.problems) - _SHOWN
    lines = [*problems, f"{more:,} more." if more > 0 else ""]
    text = f"{read}: {choice.why}."
    return _box(parent, QMessageBox.Icon.Information, text, "\n".join(filter(None, lines)))


def opened_read_only(
    parent: QWidget, before: Sequence[FileState], now: Sequence[FileState]
) -> QMessageBox:
    """Say that nothing was changed, and how the files lay there before and now."""
    then = {state.suffix: state for state in before}
    lines = []
    for state in now:
        old = then.pop(state.suffix, None)
        same = "as it was when it was opened" if state == old else "written by others since"
        if old is None:
            same = "made by others since"
        lines.append(f"{_NAMES[state.suffix]}: {_state(state)}, {same}")
    lines += [f"{_NAMES[name]}: removed by others since" for name in then]
    text = "Opened read-only. Nothing beside the file was created or changed."
    return _box(parent, QMessageBox.Icon.Information, text, "\n".join(lines))


def _state(state: FileState) -> str:
    moment = from_seconds(*divmod(state.modified, 1_000_000_000))
    time = f", {show(moment, TimeStyle.UTC, moment)} UTC" if moment is not None else ""
    return f"{count(state.size, 'byte')}{time}"


def _box(parent: QWidget, icon: QMessageBox.Icon, text: str, more: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Stigmer Inspector")
    box.setIcon(icon)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(more)
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    take_icons_off(box)
    box.open()
    return box
