"""What everything that works with the record on screen is given: it knows no window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance

from inspector.gui.record_tabs import RecordTabs
from inspector.gui.tasks import Tasks

if TYPE_CHECKING:
    from inspector.session.session import Session
    from inspector.session.summaries import Record


@dataclass(frozen=True, slots=True)
class RecordContext:
    """The record on screen, where it is from, and where it is told what was done with it.

    Attributes:
        record: gives the record on screen, None where there is none.
        session: gives the store that is open, None where none is.
        shown: tells whenever another record, or the same one anew, is on screen.
        kind_changed: tells before that the kind of a record that is none of the kind before.
        version_changed: tells before that whenever another version is read than before.
        tabs: those of the record.
        tasks: runs what is read or written.
        tell: says a sentence in the status line.
    """

    record: Callable[[], Record | None]
    session: Callable[[], Session | None]
    shown: SignalInstance
    kind_changed: SignalInstance
    version_changed: SignalInstance
    tabs: RecordTabs
    tasks: Tasks
    tell: Callable[[str], None]
