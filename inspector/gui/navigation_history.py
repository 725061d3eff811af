"""Back and forward through the records visited, as in a browser."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from inspector.named_tuple import NamedTuple
from inspector.session.summaries import Record, Version

_LONGEST: Final = 200  #: visits kept


class FieldPlace(NamedTuple):
    """A tab of a record and the field it is about; no tab is the one there is."""

    tab: str = ""
    path: str = ""


class Visit(NamedTuple):
    """A record, or a version of it, that was read, and where in it."""

    kind: str
    id: str
    version: Version | None
    spot: FieldPlace = FieldPlace()

    def same_place(self, other: Visit) -> bool:
        """Whether it is the same record in the same version."""
        return self[:2] == other[:2] and _name(self.version) == _name(other.version)


class NavigationHistory(QObject):
    """The visits of a window. ``changed`` tells that one can go elsewhere now."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._visits: list[Visit] = []
        self._at = -1

    def visit(self, record: Record) -> None:
        """Note a record that is read; going back to one does not make it newer."""
        here = visit_of(record)
        if 0 <= self._at < len(self._visits) and self._visits[self._at].same_place(here):
            return
        del self._visits[self._at + 1 :]
        self._visits.append(here)
        del self._visits[:-_LONGEST]
        self._at = len(self._visits) - 1
        self.changed.emit()

    def lead(self, record: Record, origin: FieldPlace, to: FieldPlace) -> None:
        """Note that one went from a spot of the record that is read to another one."""
        here = visit_of(record)
        self.visit(record)
        del self._visits[self._at :]
        self._visits += [here._replace(spot=origin), here._replace(spot=to)]
        del self._visits[:-_LONGEST]
        self._at = len(self._visits) - 1
        self.changed.emit()

    def step(self, by: int) -> Visit | None:
        """Go back (-1) or forward (1); None where there is nothing."""
        if not self.can_step(by):
            return None
        self._at += by
        self.changed.emit()
        return self._visits[self._at]

    def can_step(self, by: int) -> bool:
        """Whether there is something to go to."""
        return 0 <= self._at + by < len(self._visits)

    def visited(self) -> list[tuple[str, str]]:
        """Kind and id of the records visited, each once, the last one first."""
        return list(dict.fromkeys((visit.kind, visit.id) for visit in reversed(self._visits)))

    def forget(self) -> None:
        """Begin anew, as with another store."""
        self._visits.clear()
        self._at = -1
        self.changed.emit()


def visit_of(record: Record) -> Visit:
    """A visit to a record as a whole."""
    return Visit(record.kind, record.id, record.version)


def _name(version: Version | None) -> str:
    return version.name if version is not None else ""
