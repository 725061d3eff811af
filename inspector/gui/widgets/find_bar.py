"""The bar to find something in what is above it, or to go to a place in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from inspector.gui.style.fonts import px
from inspector.gui.style.icons import icon
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import IconButton
from inspector.gui.widgets.search_field import SearchField


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
        self.field = SearchField("search", "", self)
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
        self.field.installEventFilter(self)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Down go to the next hit, Shift+Enter and Up to the one before."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            steps = {
                Qt.Key.Key_Return: -1 if back else 1,
                Qt.Key.Key_Enter: -1 if back else 1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
            }
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
            if event.key() in steps:
                self.stepped.emit(steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

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
