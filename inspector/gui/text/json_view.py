"""The text of a JSON pane: Qt's text edit, or for long texts the view that draws what is seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.gui.text.json_edit import JsonEdit
from inspector.gui.text.json_folding import FoldingLines
from inspector.gui.text.text_marks import TextMarks
from inspector.gui.text.text_view import TextView
from inspector.invisible import hides_something

MOST: Final = 1_000_000  #: characters of which a text edit lays out the lines at once
_LONGEST: Final = 20_000  #: characters of a line that it lays out at once


class JsonView(QStackedWidget):
    """Shows :class:`FoldingLines`. ``clicked`` tells the offset of a click.

    A text edit is read out by screen readers and has the keys everybody knows; it lays out all of a
    text, so that a long one would hold the window up, and it shows nothing for what has no width.
    """

    clicked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = JsonEdit(name)
        self.long = TextView(name, json=True)
        self._lines = FoldingLines()
        for view in (self.edit, self.long):
            self.addWidget(view)
            view.clicked.connect(self.clicked)
        self.setFocusProxy(self.edit)

    def set_lines(self, lines: FoldingLines) -> None:
        """Show another text from its beginning."""
        self._lines = lines
        shown: QWidget = self.edit if _is_easy(lines) else self.long
        focused = self.hasFocus()
        for view in (self.edit, self.long):
            view.set_lines(lines if view is shown else FoldingLines())
        self.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        if focused:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _view(self) -> JsonEdit | TextView:
        return self.edit if self.currentWidget() is self.edit else self.long

    @property
    def lines(self) -> FoldingLines:
        """The text, and what of it is folded away."""
        return self._lines

    def text(self) -> str:
        """The whole text."""
        return self._lines.text

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        self.edit.set_wrap(on)
        self.long.set_wrap(on)

    def selected_text(self) -> str:
        """What is selected."""
        return self._view.selected_text()

    def focus(self) -> None:
        """Give the focus to the text."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # As a finder wants it

    @property
    def marks(self) -> TextMarks:
        """What stands out."""
        return self._view.marks

    def set_marks(self, marks: TextMarks) -> None:
        """Let other parts of the text stand out."""
        self._view.set_marks(marks)

    def top_offset(self) -> int:
        """The first character in sight."""
        return self._view.top_offset()

    def show_offset(self, offset: int) -> None:
        """Bring a character into sight, a third down where it was out of it."""
        self._view.show_offset(offset)

    # Folds

    def fold(self, on: bool) -> None:
        """Fold the innermost part around the marked place, or the first row; or show it again."""
        place = self.marks.place
        offset = place[0] if place is not None else self.top_offset()
        line = self._lines.around(offset)
        if line >= 0:
            self._view.fold(line, on=on)

    def fold_all(self, on: bool) -> None:
        """Fold every part but the whole, or show all of it."""
        self._view.fold_all(on)


def _is_easy(lines: FoldingLines) -> bool:
    """Whether a text edit can show it; what cannot be seen it would leave unseen."""
    small = len(lines.text) <= MOST and lines.longest <= _LONGEST
    return small and not hides_something(lines.text)
