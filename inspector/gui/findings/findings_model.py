"""What a check found: under each kind its records, under each of them the findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from PySide6.QtCore import QObject

from inspector.gui.cells.columns import Column
from inspector.gui.cells.titled_list import TitledModel
from inspector.gui.cells.two_line_delegate import TwoLines
from inspector.gui.style.text_format import one_line, visible
from inspector.gui.style.text_runs import BOLD, DIM, FIXED_DIM, TEXT, Cell, Elide, Run
from inspector.schema.catalog import display
from inspector.session.check import CheckFinding

FINDING_COLUMNS: Final = (Column("finding", "Finding", 200, stretch=True),)
_FILE: Final = "The file"


class FindingRow(NamedTuple):
    """A row: a finding, or with ``finding`` None a title over what follows it.

    Attributes:
        title: the words of a title.
        of_kind: whether the title is that of a kind, or of the file.
    """

    finding: CheckFinding | None
    title: str = ""
    of_kind: bool = False


class FindingsModel(TitledModel[FindingRow]):
    """Findings in the order of the check."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(FINDING_COLUMNS, parent)

    def show(self, findings: Iterable[CheckFinding]) -> None:
        """Show other findings."""
        rows: list[FindingRow] = []
        last: CheckFinding | None = None
        for one in findings:
            if last is None or last.kind != one.kind:
                rows.append(FindingRow(None, _kind(one), of_kind=True))
            if one.id is not None and (last is None or (last.kind, last.id) != (one.kind, one.id)):
                rows.append(FindingRow(None, one.id))
            rows.append(FindingRow(one))
            last = one
        self.set_rows(rows)

    def is_title(self, row: FindingRow) -> bool:
        """Whether a row is the title of a kind or of a record."""
        return row.finding is None

    def spoken(self, row: FindingRow) -> str:
        """A title by what it is of; of a finding all that it says."""
        if row.finding is None:
            return visible(f"{'Kind' if row.of_kind else 'Record'} {row.title}")
        severity, code, _, version, path, message = row.finding.words
        return visible(", ".join(word for word in (severity, code, version, message, path) if word))

    def cell(self, row: FindingRow, key: str) -> Cell:
        """A finding in two lines: how bad it is and where, and what."""
        one = row.finding
        if one is None:
            style = BOLD if row.of_kind else TEXT
            return Cell((Run(visible(row.title), style, Elide.ElideRight),))
        severity, code, _, version, path, message = one.words
        first = [Run(severity.capitalize(), TEXT), Run(code, DIM)]
        first += [Run(version, DIM)] if version else []
        first += [Run(visible(path), FIXED_DIM, Elide.ElideLeft)] if path else []
        return TwoLines(tuple(first), second=(Run(one_line(message), TEXT, Elide.ElideRight),))

    def tip(self, row: FindingRow) -> str | None:
        """The sentence in full, and where."""
        if row.finding is None:
            return None
        path, message = row.finding.words[4:]
        return visible(f"{message}\n{path}" if path else message)


def _kind(one: CheckFinding) -> str:
    if one.kind is None:
        return _FILE
    known = display(one.kind)
    return known[0] if known is not None else one.kind
