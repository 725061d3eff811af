"""The changes that were seen, newest first, as rows of two lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject

from inspector.gui.cells.columns import Column
from inspector.gui.cells.happened_look import HAPPENED
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.two_line_delegate import TwoLines, icon_run
from inspector.gui.cells.version_cells import summary_runs
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import DIM, Elide, Run
from inspector.gui.style.time_format import TimeStyle
from inspector.invisible import holds
from inspector.session.changed import Happened, SeenChange
from inspector.session.seen_records import SeenLine

CHANGE_COLUMNS: Final = (Column("change", "Change", 200, stretch=True),)
_NOT_KNOWN: Final = "at least one change between two looks"


class ChangesModel(ListModel[SeenChange]):
    """Rows of :class:`SeenChange`; what each says is told later, and kept by its number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(CHANGE_COLUMNS, parent)
        self._lines: dict[int, SeenLine] = {}
        self._local = False

    def forget(self) -> None:
        """Another store has other changes."""
        self._lines.clear()
        self.set_rows(())

    def set_times(self, style: TimeStyle) -> None:
        """Write times in UTC or in local time."""
        self._local = style is TimeStyle.LOCAL
        self._repaint()

    def line(self, change: SeenChange) -> SeenLine | None:
        """What a change says; None where that is not read yet."""
        return self._lines.get(change.number)

    def silent(self, rows: range) -> list[SeenChange]:
        """Those of some rows of which nothing is told yet."""
        found = (self.at(row) for row in rows)
        return [one for one in found if one is not None and one.number not in self._lines]

    def tell(self, lines: Mapping[int, SeenLine]) -> None:
        """What some changes say, by their numbers."""
        self._lines.update(lines)
        self._repaint()

    def fits(self, change: SeenChange, words: Sequence[str]) -> bool:
        """Whether all of some words (case-folded) stand in what is known of a change."""
        line = self._lines.get(change.number)
        parts = [change.kind, change.id, HAPPENED[change.happened].word]
        if line is not None:
            parts += [line.name, line.kind, _what(change, line)]
        whole = "\n".join(parts).casefold()
        return all(holds(whole, word) for word in words)

    def cell(self, row: SeenChange, key: str) -> TwoLines:
        """A change in two lines."""
        look = HAPPENED[row.happened]
        line = self._lines.get(row.number)
        name = line.name if line is not None else row.id
        kind = line.kind if line is not None else row.kind
        summary = line.change.summary if line is not None else None
        second = tuple(summary_runs(summary)) if summary is not None else ()
        return TwoLines(
            (
                Run(visible(name), elide=Elide.ElideMiddle),
                Run(visible(kind), DIM, Elide.ElideRight),
                Run(look.word, look.style),
            ),
            second=second or (Run(_what(row, line), DIM, Elide.ElideRight),),
            side=Run(self._time(row.time), DIM),
            icon=icon_run(look.icon),
        )

    def tip(self, row: SeenChange) -> str | None:
        """When it was seen, in full."""
        return f"{visible(row.kind)}/{visible(row.id)}\nSeen {row.time.isoformat()}"

    def _time(self, time: datetime) -> str:
        return f"{(time.astimezone() if self._local else time):%H:%M:%S}"

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))


def _what(change: SeenChange, line: SeenLine | None) -> str:
    """What a change did, in words."""
    if change.happened is Happened.ARCHIVED:
        return "A version was archived"
    side = change.after or change.before
    if change.happened is not Happened.UPDATED:
        kept = ", last state kept here" if change.happened is Happened.DELETED and side else ""
        return f"{count(side.size, 'byte')}{kept}" if side is not None else _NOT_KNOWN
    if line is None or change.before is None:
        return _NOT_KNOWN
    summary = line.change.summary
    return summary.text if summary is not None else line.change.problem or _NOT_KNOWN
