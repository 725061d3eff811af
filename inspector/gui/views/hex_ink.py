"""How the bytes of one line look: runs of equal look, painted together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from PySide6.QtGui import QPainter

from inspector.decode.owner import Range
from inspector.gui.models.byte_marks import Marks, within
from inspector.gui.theme import Tokens
from inspector.gui.views.hex_grid import HexGrid

COVERED_HEX: Final = "\N{BULLET}\N{BULLET}"
COVERED_TEXT: Final = "\N{BULLET}"
T = TypeVar("T")
_DOT: Final = "\N{MIDDLE DOT}"
_TEXT: Final = [chr(b) if 32 <= b < 127 else _DOT for b in range(256)]
_HEX: Final = [f"{b:02x}" for b in range(256)]


class Look(NamedTuple):
    """How a byte looks: whether it is selected, covered, or no character."""

    chosen: bool
    covered: bool
    dim: bool


def text_of(byte: int) -> str:
    """A byte in the text column."""
    return _TEXT[byte]


def looks(
    data: bytes, start: int, marks: Marks, hidden: Sequence[Range] | None
) -> Iterator[tuple[Look, int, int]]:
    """Columns of a line that look the same: their look, the first and the last of them.

    Args:
        data: the bytes of the line.
        start: offset of its first byte.
        marks: what is selected.
        hidden: what is covered; None while that is not known, when all of it is.
    """
    found = [
        Look(within(marks.value, at), hidden is None or within(hidden, at), _TEXT[byte] == _DOT)
        for at, byte in enumerate(data, start)
    ]
    return _runs(found)


def _runs(found: Iterable[T]) -> Iterator[tuple[T, int, int]]:
    """Equal neighbours together: what they are, the first and the last of them."""
    column = 0
    for look, same in groupby(found):
        count = len(list(same))
        yield look, column, column + count - 1
        column += count


def grounds(size: int, start: int, marks: Marks) -> Iterator[tuple[str, int, int]]:
    """Columns of a line with the same token behind them, those with none left out."""
    found = _runs([_ground(marks, at) for at in range(start, start + size)])
    return ((token, first, last) for token, first, last in found if token)


def _ground(marks: Marks, at: int) -> str:
    if within(marks.value, at):
        return "selection"
    if within(marks.head, at):
        return "unfocused"
    return "tint_span" if within(marks.around, at) else ""


class Ink:
    """Paints lines with one painter."""

    def __init__(self, painter: QPainter, grid: HexGrid, tokens: Tokens, *, lit: bool) -> None:
        self._painter, self._grid, self._tokens, self._lit = painter, grid, tokens, lit

    def offset(self, start: int, top: int) -> None:
        """Write the offset of a line."""
        grid, painter = self._grid, self._painter
        painter.setPen(self._tokens.color("dim"))
        words = f"{start:0{grid.digits}x}"
        painter.drawText(grid.offset_x(), top + grid.baseline, words)

    def run(self, data: bytes, look: Look, first: int, last: int, top: int) -> None:
        """Paint the bytes of some columns, in hex and as text."""
        grid, painter, middle = self._grid, self._painter, self._grid.per_line // 2
        chosen = look.chosen and self._lit
        plain = "selected_text" if chosen else "text"
        dim = "selected_dim" if chosen else "dim"
        y = top + grid.baseline
        painter.setPen(self._tokens.color(dim if look.covered else plain))
        for begin, end in ((first, min(last, middle - 1)), (max(first, middle), last)):
            if begin <= end:
                parts = [COVERED_HEX if look.covered else _HEX[b] for b in data[begin : end + 1]]
                painter.drawText(round(grid.hex_x(begin)), y, " ".join(parts))
        painter.setPen(self._tokens.color(dim if look.covered or look.dim else plain))
        words = "".join(COVERED_TEXT if look.covered else _TEXT[b] for b in data[first : last + 1])
        painter.drawText(round(grid.text_x(first)), y, words)

    def ground(self, token: str, first: int, last: int, top: int) -> None:
        """Paint what is behind the bytes of some columns."""
        name = "unfocused" if token == "selection" and not self._lit else token
        color = self._tokens.color(name)
        self._painter.fillRect(self._grid.hex_rect(first, last, top), color)
        self._painter.fillRect(self._grid.text_rect(first, last, top), color)

    def cursor(self, column: int, top: int, *, chosen: bool) -> None:
        """Frame the current byte."""
        ink = "selected_text" if chosen and self._lit else "link"
        self._painter.setPen(self._tokens.color(ink))
        for rect in (
            self._grid.hex_rect(column, column, top),
            self._grid.text_rect(column, column, top),
        ):
            self._painter.drawRect(rect.adjusted(0, 1, -1, -2))
