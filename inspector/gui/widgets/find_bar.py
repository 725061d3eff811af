"""The bar to find something in what is above it, or to go to a place in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from inspector.gui.style.fonts import px
from inspector.gui.style.icons import icon
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import IconButton
from inspector.gui.widgets.search_field import SearchField


class _FindField(SearchField):
    """``stepped`` tells 1 or -1, ``escaped`` that Esc was pressed."""

    stepped = Signal(int)
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down go to the next hit, Shift+Enter and Up to the one before."""
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if back else 1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class FindBar(Bar):
    """Hidden until :meth:`open`; Esc closes it.

    ``sought`` tells text and whether case matters, ``stepped`` 1 or -1, ``closed`` that the focus
    belongs to what is above.
    """

    sought = Signal(str, bool)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(36, left=8, right=12, parent=parent)
        self.field = _FindField("search", "", self)
        self.field.set_words(name, name)
        self.case = QToolButton(self)
        self.case.setText("Aa")
        self.case.setCheckable(True)
        self.case.setAutoRaise(True)
        self.case.setToolTip("Match case")
        self.case.setAccessibleName("Match case")
        self.case.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.words, self.note = QLabel(), QLabel()
        for label in (self.words, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        self.field.textChanged.connect(self._tell)
        self.case.toggled.connect(self._tell)
        self.field.stepped.connect(self.stepped)
        self.field.escaped.connect(self.close_bar)
        self._dress()
        self.hide()

    def _lay_out(self) -> None:
        close = self._button("close", "Close", self.close_bar)
        up = self._button("up", "Previous match (Shift+F3)", lambda: self.stepped.emit(-1))
        down = self._button("down", "Next match (F3)", lambda: self.stepped.emit(1))
        self._steps = (self.case, up, down)
        for widget in (close, self.field, *self._steps, self.words):
            self.row.addWidget(widget)
        self.row.addStretch()
        self.row.addWidget(self.note)

    def _button(self, name: str, words: str, do: Callable[[], object]) -> IconButton:
        action = QAction(icon(name), words, self)
        action.triggered.connect(lambda _=False: do())
        return IconButton(action, self)

    def open(self) -> None:
        """Show the bar and put the cursor into it."""
        self.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def hide_steps(self) -> None:
        """Leave out what only finding needs."""
        for widget in self._steps:
            widget.hide()

    def close_bar(self) -> None:
        """Hide the bar; nothing is sought any more."""
        if not self.isHidden():
            self.hide()
            self.sought.emit("", False)
            self.closed.emit()

    def needle(self) -> tuple[str, bool]:
        """What is sought, and whether case matters; nothing while the bar is hidden."""
        return ("", False) if self.isHidden() else (self.field.text(), self.case.isChecked())

    def say(self, words: str) -> None:
        """Say which hit of how many it is."""
        self.words.setText(words)

    def remark(self, note: str) -> None:
        """Say something at the right, such as what is covered."""
        self.note.setText(note)

    def _tell(self) -> None:
        self.sought.emit(*self.needle())

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        self.field.setMaximumWidth(px(self, 260))
        self.field.setMinimumWidth(px(self, 100))
        palette = QPalette(self.palette())
        palette.setColor(palette.ColorRole.WindowText, tokens_of(palette).color("dim"))
        self.note.setPalette(palette)
