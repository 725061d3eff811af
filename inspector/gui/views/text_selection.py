"""What is chosen with the mouse in a text difference: a part of one of the two texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from inspector.gui.views.text_difference_layout import DifferenceLayout
from inspector.gui.words import count


class Place(NamedTuple):
    """A place between two characters: its row and the offset in that row's line."""

    row: int
    offset: int


START: Final = Place(0, 0)


@dataclass(frozen=True, slots=True)
class TextSelection:
    """From one place to another, in the order they were chosen, on one side.

    Attributes:
        anchor: where it began.
        cursor: where it ends.
        after: the side, where the texts stand beside each other.
        beside: whether they do.
    """

    anchor: Place = START
    cursor: Place = START
    after: bool = True
    beside: bool = True

    def is_empty(self) -> bool:
        """Whether nothing is chosen."""
        return self.anchor == self.cursor

    def part(self, row: int, length: int, *, after: bool) -> tuple[int, int] | None:
        """What is chosen of a row's line of so many characters; None for nothing."""
        first, last = sorted((self.anchor, self.cursor))
        if not first.row <= row <= last.row or (self.beside and after != self.after):
            return None
        low = first.offset if row == first.row else 0
        high = last.offset if row == last.row else length
        return (low, min(high, length)) if low < high else None

    def text(self, layout: DifferenceLayout) -> str:
        """What is chosen, as it is seen: unchanged lines that are left out are counted."""
        first, last = sorted((self.anchor, self.cursor))
        found: list[str] = []
        for row in range(first.row, last.row + 1):
            after = layout.is_after(row, after=self.after)
            line, text = layout.lines[row], layout.text(row, after=after)
            if line.folded:
                found.append(f"[{count(line.folded, 'unchanged line')}]")
            elif text is not None:
                low = first.offset if row == first.row else 0
                found.append(text[low : last.offset if row == last.row else len(text)])
        return "\n".join(found)
