"""A find bar and the text it looks through: found in the worker, marked in the view."""

from __future__ import annotations

from threading import Event
from typing import Protocol

from PySide6.QtCore import QObject

from inspector.gui.tasks import LARGE, Report, Tasks
from inspector.gui.text.text_marks import Hits, TextMarks, find_all, hit_words, next_hit
from inspector.gui.widgets.find_bar import FindBar


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
        if not self._bar.isHidden():
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
