"""Chips of what a list is filtered by besides its words; a click takes one away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from inspector.gui.style.fonts import px
from inspector.gui.style.icons import icon
from inspector.gui.style.text_format import (
    kind_title,
    state_word,
    told_apart,
    tooltip,
    visible,
)
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.bar import Bar
from inspector.session.facet_filter import FacetChoice

NO_STATE: Final = "No state"
NO_ORG: Final = "No organization"
PERIOD_WORDS: Final = {
    "1h": "Last hour",
    "24h": "Last 24 hours",
    "7d": "Last 7 days",
    "30d": "Last 30 days",
}


def state_or_none(state: str) -> str:
    """What a state is called; no state too."""
    return state_word(state) if state else NO_STATE


_LEAST: Final = 48  #: width of a chip, for a 13 px font
_AROUND: Final = 20  #: of its words and its cross


def chips_of(choice: FacetChoice) -> list[tuple[str, FacetChoice]]:
    """The words of what is chosen, and what is chosen without it."""
    found: list[tuple[str, FacetChoice]] = []
    if choice.kinds:
        words = _listed(told_apart(choice.kinds, kind_title).values())
        found.append((words, choice._replace(kinds=frozenset())))
    if choice.states:
        words = _listed(told_apart(choice.states, state_or_none).values())
        found.append((words, choice._replace(states=frozenset())))
    if choice.orgs:
        words = _listed(one or NO_ORG for one in choice.orgs)
        found.append((words, choice._replace(orgs=frozenset())))
    if choice.since:
        words = PERIOD_WORDS.get(choice.since, f"Since {choice.since}")
        found.append((visible(words), choice._replace(since="")))
    if choice.failed:
        found.append(("Has error", choice._replace(failed=False)))
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(visible(name) for name in sorted(names))


class _Chip(QPushButton):
    """Its words, cut at their end where there is no room, behind a cross."""

    def __init__(self, words: str) -> None:
        super().__init__(words.replace("&", "&&"))
        self._words = words
        self.setAccessibleName(f"Remove filter {words}")
        self.setToolTip(f"{tooltip(words)}\nClick to remove")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(px(self, _LEAST))
        self.dress()

    def dress(self) -> None:
        """Draw the cross in the colour of the palette."""
        self.setIcon(icon("close", tokens_of(self.palette()).color("dim")))

    def sizeHint(self) -> QSize:
        """Room for all of its words."""
        words = self.fontMetrics().horizontalAdvance(self._words)
        width = words + self.iconSize().width() + px(self, _AROUND) + 1
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the words to what there is room for."""
        super().resizeEvent(event)
        room = self.width() - self.iconSize().width() - px(self, _AROUND)
        cut = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        self.setText(cut.replace("&", "&&"))


class FacetBar(Bar):
    """Hidden while nothing is chosen. ``changed`` tells what is left."""

    changed = Signal(FacetChoice)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(32, line=True, parent=parent)
        self.setAccessibleName("Filters in use")
        self._choice = FacetChoice()
        self.chips: list[_Chip] = []
        self.row.addStretch()
        self.hide()

    def show_choice(self, choice: FacetChoice) -> None:
        """Show a chip for each facet in use."""
        if choice == self._choice:
            return
        self._choice = choice
        for chip in self.chips:
            self.row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(words, left) for words, left in chips_of(choice)]
        for at, chip in enumerate(self.chips):
            self.row.insertWidget(at, chip)
        self.setVisible(choice.any)

    def _chip(self, words: str, left: FacetChoice) -> _Chip:
        chip = _Chip(words)
        chip.clicked.connect(lambda: self.changed.emit(left))
        return chip

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for chip in self.chips:
                chip.dress()
