"""Finds in a text: hits from the worker, marked in the view, counted in a find bar."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from threading import Event
from typing import Final, Protocol

from PySide6.QtCore import QObject

from inspector.errors import CancelledError
from inspector.gui.tasks import LARGE, Report, Tasks
from inspector.gui.text.json_highlighter import ColourSpan
from inspector.gui.widgets.find_bar import FindBar
from inspector.invisible import pattern
from inspector.named_tuple import NamedTuple

MOST: Final = 100_000  #: hits that are found; more are counted as "more than"
_PART: Final = 1 << 20  #: characters looked at between two looks at the cancel flag
#: Characters for each one sought that a hit over the edge of two parts may have.
_WIDTHLESS: Final = 8


class Hits(NamedTuple):
    """Where a text was found, one behind the other; ``more`` says that they are not all.

    The ends are given too: what has no width may stand within a hit.
    """

    starts: array[int] = array("Q")
    ends: array[int] = array("Q")
    more: bool = False


class TextMarks(NamedTuple):
    """All marks of a text.

    Attributes:
        place: offsets of the selected field's value, or None.
        hits: what was found.
        current: the number of the hit the person is at, or -1.
    """

    place: tuple[int, int] | None = None
    hits: Hits = Hits()
    current: int = -1

    def within(self, start: int, end: int) -> Iterator[ColourSpan]:
        """The grounds of the characters from one offset to another, later ones on top."""
        if self.place is not None:
            first, last = max(self.place[0], start), min(self.place[1], end)
            if first < last:
                yield ColourSpan(first, last, "tint_span")
        starts, ends = self.hits.starts, self.hits.ends
        at = bisect_right(ends, start)
        while at < len(starts) and starts[at] < end:
            first, last = max(starts[at], start), min(ends[at], end)
            yield ColourSpan(first, last, "selection" if at == self.current else "found")
            at += 1


def find_all(text: str, needle: str, *, case: bool, cancel: Event | None = None) -> Hits:
    """Every place of a text in another; for the worker where the other is long.

    What has no width, such as a zero-width space, may stand within what is found.

    Raises:
        CancelledError: nobody wants it any more.
    """
    starts: array[int] = array("Q")
    ends: array[int] = array("Q")
    if not needle:
        return Hits()
    sought = pattern(needle, text, 0 if case else re.IGNORECASE)
    here = 0
    for part in range(0, len(text), _PART):
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        end = min(len(text), part + _PART + _WIDTHLESS * len(needle) - 1)
        while (found := sought.search(text, max(part, here), end)) is not None:
            if len(starts) == MOST:
                return Hits(starts, ends, more=True)
            starts.append(found.start())
            ends.append(found.end())
            here = found.end()
    return Hits(starts, ends)


def next_hit(hits: Hits, current: int, by: int, offset: int) -> int:
    """The number of the next hit in a direction; from an offset where none is current yet."""
    count = len(hits.starts)
    if not count:
        return -1
    if current >= 0:
        return (current + by) % count
    return (bisect_left(hits.starts, offset) - (by < 0)) % count


def hit_words(hits: Hits, current: int) -> str:
    """Which hit of how many."""
    count = len(hits.starts)
    if not count:
        return "No results"
    total = f"more than {count:,}" if hits.more else f"{count:,}"
    return f"{current + 1:,} of {total}" if current >= 0 else total


class Findable(Protocol):
    """A view of a text in which something can be found."""

    @property
    def marks(self) -> TextMarks:
        """What stands out."""

    def set_marks(self, marks: TextMarks) -> None:
        """Let other parts of the text stand out."""

    def text(self) -> str:
        """What is shown."""

    def selected_text(self) -> str:
        """What is selected."""

    def top_offset(self) -> int:
        """The first character in sight."""

    def show_offset(self, offset: int) -> None:
        """Bring a character into sight."""

    def focus(self) -> None:
        """Give the focus to the text."""


class TextSearch(QObject):
    """Finds in a text; ``channel`` is the worker's channel it may use."""

    def __init__(self, bar: FindBar, view: Findable, tasks: Tasks, channel: str) -> None:
        super().__init__(bar)
        self._bar, self._view, self._tasks, self._channel = bar, view, tasks, channel
        self._lent = (
            "",
            False,
        )  #: what another bar seeks, which is marked while this one is hidden
        self._hit = -1  #: which hit of it is meant, -1 for none of them
        bar.sought.connect(self.seek)
        bar.stepped.connect(self.step)
        bar.closed.connect(view.focus)
        bar.closed.connect(self.again)

    def open(self) -> None:
        """Open the bar, with what is selected in the text as what is sought."""
        chosen = self._view.selected_text()
        if chosen and "\n" not in chosen:
            self._bar.field.setText(chosen)
        self._bar.open()
        self.again()

    def again(self) -> None:
        """Look through the text anew: it is another one."""
        self._hit = -1
        if self._lent[0] or not self._bar.isHidden():
            self.seek(*(self._lent if self._bar.isHidden() else self._bar.needle()))

    def lend(self, needle: str, case: bool, hit: int) -> None:
        """Mark what another bar seeks, while this one is hidden.

        Args:
            needle: what is sought, nothing where it is empty.
            case: whether upper and lower case differ.
            hit: which hit is meant and brought into sight; -1 for none of them.
        """
        again = (needle, case) == self._lent and not self._tasks.is_busy(self._channel)
        self._lent, self._hit = (needle, case), hit
        if not self._bar.isHidden() or (again and not needle):
            return
        if again:
            self._point()
        else:
            self.seek(needle, case)

    def _point(self) -> None:
        """Bring the hit that another bar means into sight."""
        hits = self._view.marks.hits
        at = min(self._hit, len(hits.starts) - 1)
        self._mark(hits, at)
        if at >= 0:
            self._view.show_offset(hits.starts[at])

    def seek(self, needle: str, case: bool) -> None:
        """Look for something from what is in sight on."""
        self._tasks.forget(self._channel)
        self._mark(Hits(), -1)
        self._bar.say("")
        if not needle:
            return
        text = self._view.text()

        def work(cancel: Event, _report: Report) -> Hits:
            return find_all(text, needle, case=case, cancel=cancel)

        self._bar.say("Searching\N{HORIZONTAL ELLIPSIS}")
        self._tasks.run(
            self._channel,
            work,
            self._found,
            lambda error: self._bar.say(str(error)),
            slow=len(text) > LARGE,
        )

    def step(self, by: int) -> None:
        """Go to the next hit (1) or the one before (-1)."""
        marks = self._view.marks
        at = next_hit(marks.hits, marks.current, by, self._view.top_offset())
        if at >= 0:
            self._mark(marks.hits, at)
            self._view.show_offset(marks.hits.starts[at])
            self._bar.say(hit_words(marks.hits, at))

    def _found(self, hits: Hits) -> None:
        self._mark(hits, -1)
        if self._bar.isHidden():
            self._point()
            return
        self._bar.say(hit_words(hits, -1))
        self.step(1)

    def _mark(self, hits: Hits, current: int) -> None:
        marks = self._view.marks
        self._view.set_marks(marks._replace(hits=hits, current=current))
