"""Offers what can stand at the cursor of an expression, below the field it is typed into."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView

from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.records.filter_sort import EXPRESSION
from inspector.gui.style.fonts import px
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import DIM, FIXED, Cell, Elide, Run
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.scroll_bars import slim

if TYPE_CHECKING:
    from inspector.expression.completion import Completion, Completions
    from inspector.session.session import Session

_CHANNEL: Final = "complete"
_WIDTH: Final = 440  #: of the list, for a 13 px font
_ROWS: Final = 10


class _Offered(ListModel["Completion"]):
    def __init__(self, parent: QObject) -> None:
        super().__init__((Column("text", "Completion", 100, stretch=True),), parent)

    def cell(self, row: Completion, key: str) -> Cell:
        """The text, and what it is."""
        about = Run(visible(row.about), DIM, Elide.ElideRight, optional=True, right=True)
        return Cell((Run(row.text, FIXED, Elide.ElideRight), about))


class _CompletionList(QListView):
    """Never has the focus, which stays in the field, but what is chosen in it is what Enter takes.

    So it looks as if it had the focus.
    """

    def hasFocus(self) -> bool:
        """As far as colours go."""
        return True


class ExpressionCompleter(QObject):
    """Up and Down choose, Tab and Enter accept, Esc closes; the focus stays in the field.

    ``turned`` tells that something is offered from now on, or no more.
    """

    turned = Signal()

    def __init__(self, field: QLineEdit, tasks: Tasks) -> None:
        super().__init__(field)
        self._field, self._tasks = field, tasks
        self._offered = _Offered(self)
        self._range = (0, 0)
        self._list = _CompletionList(field.window())
        self._list.hide()
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName("Completions")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        slim(self._list)
        self._list.setModel(self._offered)
        self._list.setItemDelegate(CellDelegate(self._list))
        self._list.clicked.connect(lambda _: self._take())
        field.installEventFilter(self)

    def ask(self, session: Session, kind: str, *, asked: bool) -> None:
        """Offer what can stand at the cursor.

        Args:
            session: the store.
            kind: whose records the expression is about.
            asked: somebody asked for it; else only where a word is begun.
        """
        typed, at = self._field.text(), self._field.cursorPosition()
        # The cursor counts as UTF-16 does.
        cursor = len(_units(typed)[: 2 * at].decode("utf-16-le", "surrogatepass"))
        text = typed.replace(EXPRESSION, " ", 1)

        def work(cancel: Event, _report: Report) -> Completions:
            from inspector.expression.completion import completions  # noqa: PLC0415 - in the worker

            reader = session.reader(cancel)
            enums = reader.document_enums(kind) if reader.documents else ()
            return completions(text, cursor, reader.messages(kind), enums)

        def done(answer: Completions) -> None:
            if (self._field.text(), self._field.cursorPosition()) == (typed, at):
                self._show(answer, text, cursor, asked=asked)

        self._tasks.run(_CHANNEL, work, done, lambda _: None)

    def close(self) -> None:
        """Offer nothing."""
        self._tasks.forget(_CHANNEL)
        self._hide()

    def _hide(self) -> None:
        self._list.hide()
        self.turned.emit()

    def is_open(self) -> bool:
        """Whether anything is offered."""
        return self._list.isVisible()

    def offered(self) -> list[str]:
        """What is, from the top."""
        rows = map(self._offered.at, range(self._offered.rowCount()))
        return [row.text for row in rows if row is not None]

    def _show(self, answer: Completions, text: str, cursor: int, *, asked: bool) -> None:
        begun = answer.start < cursor or text[:cursor].endswith(".")
        fits = begun or bool(answer.found and answer.found[0].text.isupper())
        if not answer.found or not (asked or (fits and not answer.exact(text))):
            self._hide()
            return
        self._range = (answer.start, answer.end)
        self._offered.set_rows(answer.found)
        self._choose(0)
        self._place(text[answer.start : cursor])
        self._list.show()
        self._list.raise_()
        self.turned.emit()

    def _place(self, typed: str) -> None:
        """Put the list below the word that is typed, and within the window."""
        field, shown, window = self._field, self._list, self._field.window()
        shown.setFont(field.font())
        rows = min(_ROWS, self._offered.rowCount())
        height = rows * shown.sizeHintForRow(0) + 2 * shown.frameWidth()
        width = min(px(field, _WIDTH), window.width())
        begin = field.cursorRect().center().x() - field.fontMetrics().horizontalAdvance(typed)
        at = field.mapTo(window, QPoint(begin, field.height()))
        left = max(0, min(at.x(), window.width() - width))
        shown.setGeometry(left, at.y(), width, min(height, window.height() - at.y()))

    def _choose(self, row: int) -> None:
        last = self._offered.rowCount() - 1
        self._list.setCurrentIndex(self._offered.index(max(0, min(row, last)), 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that are for what is offered while it is; it goes with the focus."""
        if not self._list.isVisible():
            return False
        if event.type() == QEvent.Type.FocusOut:
            self.close()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event.key())
        return False

    def _press(self, key: int) -> bool:
        row = self._list.currentIndex().row()
        moved = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        moved |= {Qt.Key.Key_PageUp: -_ROWS, Qt.Key.Key_PageDown: _ROWS}
        if key in moved:
            self._choose(row + moved[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._take()
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            return False
        return True

    def _take(self) -> None:
        chosen = self._offered.at(self._list.currentIndex().row())
        start, end = self._range
        self.close()
        if chosen is None:
            return
        typed = self._field.text()
        first = len(_units(typed[:start])) // 2
        self._field.setSelection(first, len(_units(typed[start:end])) // 2)
        self._field.insert(chosen.text)


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
