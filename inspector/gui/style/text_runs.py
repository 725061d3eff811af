"""What stands in a cell: runs of text, each with its style and what may happen to it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt

from inspector.named_tuple import NamedTuple

Elide = Qt.TextElideMode
CELL_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1  #: the :class:`Cell` of an index


class Style(NamedTuple):
    """How a run looks.

    Attributes:
        color: name of a token of :class:`inspector.gui.style.theme.ColourTokens`.
        font: name of a font of :class:`inspector.gui.style.fonts.Fonts`.
        ground: name of a token painted behind the text, or empty.
        box: an outline around it, as tags have.
    """

    color: str = "text"
    font: str = "body"
    ground: str = ""
    underline: bool = False
    strike: bool = False
    italic: bool = False
    box: bool = False


TEXT: Final = Style()
DIM: Final = Style("dim")
SMALL_DIM: Final = Style("dim", "small")
BOLD: Final = Style(font="bold")
FIXED: Final = Style(font="fixed")
FIXED_DIM: Final = Style("dim", "fixed")
LINK: Final = Style("link", underline=True)
RUNNING: Final = Style("link")
ADDED: Final = Style("added")
CHANGED: Final = Style("changed")
REMOVED: Final = Style("removed")
FOUND: Final = Style(ground="found")
TAG: Final = Style(font="small", box=True)
GUESS: Final = Style("dim", italic=True)


class Run(NamedTuple):
    """A piece of text of one style.

    Attributes:
        text: one line, no control characters.
        elide: where it may be cut; ``ElideNone`` for numbers, times, states and pairs.
        optional: goes whole before anything is cut.
        icon: name of a line icon before the text, or empty.
        right: stands at the right edge of the cell.
        gap: distance to the run before it, for a 13 px font.
        group: optional runs with the same text here go together; empty for one that goes alone.
    """

    text: str
    style: Style = TEXT
    elide: Elide = Elide.ElideNone
    optional: bool = False
    icon: str = ""
    right: bool = False
    gap: int = 8
    group: str = ""


class Cell:
    """The content of a cell.

    Not a tuple: Qt would turn one into a list of variants.

    Attributes:
        runs: from left to right.
        right: the whole cell is right aligned, as numbers are.
        tint: name of a token for the ground of the row, or empty.
    """

    __slots__ = ("right", "runs", "tint")

    def __init__(self, runs: tuple[Run, ...] = (), right: bool = False, tint: str = "") -> None:
        self.runs = runs
        self.right = right
        self.tint = tint

    @property
    def text(self) -> str:
        """All of it as plain text; what has no gap before it is one word with it."""
        texts = [f"{' ' if run.gap else ''}{run.text}" for run in self.runs if run.text]
        return "".join(texts).removeprefix(" ")


EMPTY: Final = Cell()


def text(value: str, style: Style = TEXT, *, elide: Elide = Elide.ElideRight) -> Cell:
    """A cell of one run that may be cut at its end."""
    return Cell((Run(value, style, elide),))


def number(value: int | None, style: Style = TEXT) -> Cell:
    """A whole number with separators, right aligned and never cut."""
    return Cell((Run("" if value is None else f"{value:,}", style),), right=True)
