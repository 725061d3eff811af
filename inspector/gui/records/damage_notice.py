"""What is said of a damaged file above the list: how far it can be read, and what else is whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from inspector import __version__
from inspector.errors import InspectorError, StoreError, StoreErrorKind
from inspector.gui.kinds.kinds_model import KindEntry
from inspector.gui.style.text_format import count, visible
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Banner, Tone
from inspector.invisible import named
from inspector.session.summaries import RecordHead
from inspector.store.error_sentences import UNREADABLE_ROW
from inspector.store.rows import StoreFacts

if TYPE_CHECKING:
    from inspector.session.damage_survey import KindState
    from inspector.session.session import Session

_CHANNEL: Final = "survey"
_SHOWN: Final = "What could be read is shown."
_BACKUP: Final = "A backup of the file may hold the rest."


class DamageNotice(QObject):
    """Fills the banner of a list as long as the file is known to be damaged.

    Which kinds are whole is said only once all of them were read, which is done beside other work.
    """

    def __init__(self, tasks: Tasks, banner: Banner, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks, self._banner, self._parent = tasks, banner, parent
        self._session: Session | None = None
        self._facts: StoreFacts | None = None
        self._entry: KindEntry | None = None
        self._general: StoreError | None = None
        self._here: StoreError | None = None
        self._states: list[KindState] | None = None
        self._closed = False

    def begin(self, session: Session, facts: StoreFacts, damage: StoreError | None) -> None:
        """A store was opened or read again; ``damage`` is what counting could not read."""
        self._tasks.forget(_CHANNEL)
        self._session, self._facts, self._general = session, facts, damage
        self._here, self._states, self._closed = None, None, False
        if damage is not None:
            self._tell()

    def show_entry(self, entry: KindEntry) -> None:
        """Another list is shown."""
        self._entry, self._here = entry, None
        self._tell()

    def tell(self, error: StoreError) -> None:
        """The list that is shown cannot be read to its end."""
        self._here = error
        self._closed = False
        self._tell()

    def look(self, heads: Iterable[RecordHead | None]) -> None:
        """Rows were read: some of them may only be known to be there."""
        entry = self._entry
        if self._here is None and any(h and h.problem == UNREADABLE_ROW for h in heads):
            of = f" {entry.title}" if entry is not None and entry.kind else ""
            self.tell(
                StoreError(
                    StoreErrorKind.DAMAGED,
                    f"Some{of} records cannot be read: the file is damaged.",
                )
            )

    def _tell(self) -> None:
        error = self._here or self._general
        if error is None or self._closed:
            return
        damaged = error.kind is StoreErrorKind.DAMAGED
        if damaged and self._states is None and not self._tasks.is_busy(_CHANNEL):
            self._survey()
        actions = (("Details", self._details), ("Copy report", self._copy))
        self._banner.tell(Tone.ERROR, self._title(error), self._body(), actions, self._close)

    def _title(self, error: StoreError) -> str:
        if error is self._general and error.kind is StoreErrorKind.DAMAGED:
            return "The file is damaged."  # where counting met it says little of where it lies
        entry, message = self._entry, error.message
        if entry is not None and entry.kind:
            message = re.sub(
                rf" of {re.escape(entry.kind)}\b", lambda _: f" of {entry.title}", message
            )
        return visible(message)

    def _body(self) -> str:
        error = self._here or self._general
        if error is not None and error.kind is not StoreErrorKind.DAMAGED:
            return visible(error.hint)
        if self._states is None:
            checking = self._tasks.is_busy(_CHANNEL)
            return f"{_SHOWN} {'Other kinds are being checked.' if checking else _BACKUP}"
        own = self._entry.kind if self._entry is not None and self._here is not None else ""
        bad = [named(state.display_name) for state in self._states if not state.complete]
        others = [named(s.display_name) for s in self._states if not s.complete and s.kind != own]
        if others:
            told = ", ".join(others[:4]) + (f" and {len(others) - 4:,} more" if others[4:] else "")
            too = "Damaged too" if own else "Damaged"
            return f"{_SHOWN} {too}: {visible(told)}. {_BACKUP}"
        if not self._states:
            return f"{_SHOWN} {_BACKUP}"
        whole = "Other kinds are complete." if own and bad else "All records can be read."
        return f"{_SHOWN} {whole} {_BACKUP}"

    def _survey(self) -> None:
        session = self._session
        if session is None:
            return

        def work(cancel: Event, report: Report) -> list[KindState]:
            from inspector.session.damage_survey import survey  # noqa: PLC0415 - not before the first rows

            return survey(session, cancel, lambda done: report(done, 0))

        self._tasks.run(_CHANNEL, work, self._surveyed, self._not_surveyed, slow=True)

    def _surveyed(self, states: Sequence[KindState]) -> None:
        self._states = list(states)
        self._tell()

    def _not_surveyed(self, _error: InspectorError) -> None:
        if not self._closed and self._banner.words:
            self._states = []
            self._tell()

    def _close(self) -> None:
        self._closed = True

    # Saying more

    def report(self) -> str:
        """What is known of the damage, without anything that is in the records."""
        facts = self._facts
        lines = [f"Stigmer Inspector {__version__}"]
        if facts is not None:
            layout = f"layout {facts.layout}" if facts.layout is not None else facts.form.value
            lines += [f"File: {facts.path}", f"{count(facts.size, 'byte')}, {layout}"]
        lines += [str(error) for error in (self._general, self._here) if error is not None]
        return "\n".join((*lines, *map(_line, self._states or ())))

    def _details(self) -> None:
        from inspector.gui.dialogs import message_boxes  # noqa: PLC0415 - seldom shown

        lines = [_line(state) for state in self._states or ()]
        error = self._here or self._general
        text = self._title(error) if error is not None else ""
        message_boxes.say(self._parent, text, "\n".join(lines) or "The kinds are being checked.")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())


def _line(state: KindState) -> str:
    parts = [count(state.read, "record")]
    if state.spoiled:
        parts.append(f"{state.spoiled:,} unreadable")
    parts.append(state.damage or ("complete" if state.complete else "read to the end"))
    return f"{visible(named(state.display_name))}: {', '.join(parts)}"
