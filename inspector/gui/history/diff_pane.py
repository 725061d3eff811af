"""A difference: what is compared, the fields that differ, and the text of one of them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.actions import Actions
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.diff.diff_model import DiffRow
from inspector.gui.diff.difference_pane import DiffTree, sameness
from inspector.gui.diff.text_diff_rows import TextRows
from inspector.gui.diff.text_diff_view import BESIDE, TextDiffView
from inspector.gui.history.version_picker import ComparedSide, VersionPicker
from inspector.gui.history.versions_model import VersionsModel
from inspector.gui.style.fonts import px
from inspector.gui.style.text_format import copied
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import SMALL, IconButton, plain_text
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.labels import CountsLabel, ElidedLabel
from inspector.gui.widgets.splitter import LineSplitter
from inspector.session.history_queries import Compared

#: Height from which a text is shown below the fields, of text that is not enlarged.
_WITH_TEXT: Final = 170


class DiffPane(QWidget, ClipSource):
    """Shows what it is given. ``text_wanted`` tells the row whose values are to be compared."""

    text_wanted = Signal(DiffRow)

    def __init__(
        self, actions: Actions, versions: VersionsModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self.compared: Compared | None = None
        self.tree = DiffTree()
        self.text = TextDiffView()
        before = {
            "Previous version": actions["against_previous"],
            "Another record\N{HORIZONTAL ELLIPSIS}": actions["compare_record"],
        }
        self.before = VersionPicker("Before", versions, before)
        self.after = VersionPicker("After", versions, {"Current version": actions["against_live"]})
        self._text_head = ValueHeader(self, facts=CountsLabel())
        self.path, self.counts = self._text_head.path, self._text_head.facts
        self._dragged = False
        self.empty = EmptyState()
        self._lay_out()
        self.tree.selected.connect(self._select)

    def copy(self) -> Clip | None:
        """What is selected of the texts, where they have the focus."""
        if not self.text.hasFocus():
            return None
        chosen = self.text.selected_text()
        return Clip(chosen, copied("selection", chosen)) if chosen else NO_CLIP

    def _lay_out(self) -> None:
        actions = self._actions
        head = self._head = Bar(32, left=12, line=True)
        # What has no room is hidden: the head must not keep the pane as wide as it is.
        head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.only = only = QCheckBox(plain_text(actions["only_changes"]))
        only.setChecked(actions["only_changes"].isChecked())
        only.toggled.connect(actions["only_changes"].setChecked)
        actions["only_changes"].toggled.connect(only.setChecked)
        for words, picker in (("Before", self.before), ("After", self.after)):
            label = ElidedLabel(Qt.TextElideMode.ElideRight, head, dim=True, keep=px(self, 80))
            label.setText(words)
            head.row.addWidget(label)
            head.row.addWidget(picker, 1)
        head.row.addStretch()
        head.row.addWidget(only)
        for button in self._ways():
            head.row.addWidget(button)
        self._press()
        for name in ("last_change", "next_change"):
            self._text_head.add(IconButton(actions[name], self, SMALL))
        self._text_stack = QStackedWidget()
        self._covered = EmptyState()
        self._covered.tell("Hidden.", "Both values are hidden secrets, and they differ.")
        self._text_stack.addWidget(self.text)
        self._text_stack.addWidget(self._covered)
        lower = self._lower = QWidget()
        column = QVBoxLayout(lower)
        column.addWidget(self._text_head)
        column.addWidget(self._text_stack, 1)
        self._split = LineSplitter(Qt.Orientation.Vertical, name="Changed fields and their text")
        self._split.addWidget(self.tree)
        self._split.addWidget(lower)
        self._split.setStretchFactor(1, 1)
        self._split.splitterMoved.connect(self._keep_split)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._split)
        self._stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.addWidget(head)
        outer.addWidget(self._stack, 1)
        for layout in (column, outer):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    def _ways(self) -> list[QToolButton]:
        """Two buttons, of which the one that is chosen is pressed."""
        action = self._actions["side_by_side"]
        beside, unified = QToolButton(self), QToolButton(self)
        for button, words, on in ((beside, "Side by side", True), (unified, "Unified", False)):
            button.setText(words)
            button.setAutoRaise(True)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            # A click on the one that is pressed already leaves it so.
            button.clicked.connect(lambda _=False, on=on: action.setChecked(on))
            button.clicked.connect(self._press)
        self._buttons = (beside, unified)
        return [beside, unified]

    def _press(self) -> None:
        beside = self._actions["side_by_side"].isChecked()
        for button, on in zip(self._buttons, (beside, not beside), strict=True):
            button.setChecked(on)
        self._make_room()

    def _make_room(self) -> None:
        """Hide what is in the menus too, one after the other, until the rest of the head is whole.

        The two ways go first: texts can only stand side by side where there is room anyway.
        """
        row = self._head.row
        margins = row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        kept = [item.widget() for item in map(row.itemAt, range(row.count())) if item is not None]
        gives = [self.only, *self._buttons]
        need = sum(
            (
                widget.kept_width()
                if isinstance(widget, VersionPicker)
                else widget.sizeHint().width()
            )
            + row.spacing()
            for widget in kept
            if widget is not None and widget not in gives
        )
        need += self.only.sizeHint().width() + row.spacing()
        self.only.setVisible(need <= room)
        need += sum(button.sizeHint().width() + row.spacing() for button in self._buttons)
        for button in self._buttons:
            button.setVisible(self.width() >= BESIDE and need <= room)

    @property
    def words(self) -> str:
        """What is compared with what."""
        return f"Before {self.before.words()}, after {self.after.words()}"

    def tell_sides(self, before: ComparedSide, after: ComparedSide) -> None:
        """Say what is compared with what."""
        self.before.tell(before)
        self.after.tell(after)
        self._make_room()

    def show_difference(self, compared: Compared, root: DiffRow) -> None:
        """Show what differs.

        Args:
            compared: the two records.
            root: the rows of their difference.
        """
        self.compared = compared
        everything = not self._actions["only_changes"].isChecked()
        self.tree.show_rows(compared, root, everything=everything)
        difference = compared.difference
        if difference.entries or everything:
            self._show_page(self._split)
            self._fit_tree()
        else:
            self.tell("No differences.", sameness(difference))

    def _keep_split(self) -> None:
        self._dragged = True

    def _fit_tree(self) -> None:
        """Give the fields the height they need, up to a part of it, until it was set by hand."""
        whole = sum(self._split.sizes())
        if not self._dragged:
            high = min(self.tree.height_of_rows(), whole // 2)
            self._split.setSizes([high, whole - high])

    def tell(self, sentence: str, reason: str = "") -> None:
        """Show no difference, and why."""
        self.empty.tell(sentence, reason)
        self._show_page(self.empty)

    def clear(self, sentence: str, reason: str = "") -> None:
        """Forget what was compared."""
        self.compared = None
        self.tree.show_rows(None, DiffRow(""), everything=False)
        self.tell(sentence, reason)

    def _show_page(self, page: QWidget) -> None:
        """Texts are laid out in one way or the other where there may be some."""
        self._stack.setCurrentWidget(page)
        for button in self._buttons:
            button.setEnabled(self.is_shown())

    def is_shown(self) -> bool:
        """Whether a difference is shown, and not why there is none."""
        return self._stack.currentWidget() is self._split

    def show_text(self, path: str, rows: TextRows | None) -> None:
        """Show the two values of a row as texts; None where they are covered."""
        self.path.setText(path)
        self.counts.setText(rows.lines.words if rows is not None else "")
        self.text.show_rows(rows)
        self._text_stack.setCurrentWidget(self.text if rows is not None else self._covered)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) change, within a text and from field to field."""
        if not self.text.step(by):
            self.tree.step(by)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below a width texts are unified; below a height the fields have all of it."""
        super().resizeEvent(event)
        self._lower.setVisible(self.height() >= px(self, _WITH_TEXT))
        self.arrange()
        self._fit_tree()

    def arrange(self) -> None:
        """Lay texts side by side, where that is wanted and there is room."""
        wanted = self._actions["side_by_side"].isChecked()
        self._press()
        self.text.set_beside(wanted and self.width() >= BESIDE)

    def _select(self, row: DiffRow | None) -> None:
        if row is None:
            self.path.setText("")
            self.counts.setText("")
            self.text.show_rows(None)
        else:
            self.text_wanted.emit(row)
