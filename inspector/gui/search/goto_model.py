"""Records that were found: those that name a record, or those that a text may mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QObject

from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import DIM, EMPTY, FIXED_DIM, Cell, Elide, Run, text
from inspector.schema.catalog import display

FOUND_COLUMNS: Final = (
    Column("name", "Name", 160, stretch=True),
    Column("kind", "Kind", 140),
    Column("path", "Field", 220, drop=1),
    Column("id", "ID", 130, drop=2),
)
NAMED_COLUMNS: Final = tuple(column for column in FOUND_COLUMNS if column.key != "path")


class FoundRecord(NamedTuple):
    """A record that was found; ``path`` is the field that names another, or empty.

    ``former`` says that it had the name that was looked for and has another one now.
    """

    kind: str
    id: str
    name: str | None
    path: str = ""
    live: bool = True
    former: bool = False


class FoundRecordsModel(ListModel[FoundRecord]):
    """Rows of records that were found, in the order they came."""

    def __init__(
        self, parent: QObject | None = None, columns: Sequence[Column] = FOUND_COLUMNS
    ) -> None:
        super().__init__(columns, parent)

    def cell(self, row: FoundRecord, key: str) -> Cell:
        """What stands in a column of a row."""
        return _cell(row, key)

    def tip(self, row: FoundRecord) -> str:
        """Kind and id in full."""
        return f"{row.kind}/{visible(row.id)}"


def _cell(found: FoundRecord, key: str) -> Cell:
    if key == "name":
        runs: tuple[Run, ...] = (Run(visible(found.name or found.id), elide=Elide.ElideRight),)
        if found.former:
            runs += (Run("former name", DIM),)
        if not found.live:
            runs += (Run("deleted", DIM),)
        return Cell(runs)
    if key == "kind":
        known = display(found.kind)
        return text(known[0] if known else visible(found.kind), DIM)
    if key == "path":
        return text(found.path, FIXED_DIM, elide=Elide.ElideLeft) if found.path else EMPTY
    return text(visible(found.id), FIXED_DIM, elide=Elide.ElideMiddle)
