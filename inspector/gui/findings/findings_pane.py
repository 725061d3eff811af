"""The middle pane with what a check found, and what was checked for it.

Under each kind stand its records, under each of them the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from inspector import invisible
from inspector.gui.cells.cell_delegate import TwoLines
from inspector.gui.cells.columns import Column
from inspector.gui.cells.titled_list import ResultsPage, TitledModel, TitledTable
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.style.text_format import count, kind_title, one_line, visible
from inspector.gui.style.text_runs import BOLD, DIM, FIXED_DIM, TEXT, Cell, Elide, Run
from inspector.gui.widgets.search_field import SearchField
from inspector.named_tuple import NamedTuple
from inspector.session.check import CheckFinding

FINDING_COLUMNS: Final = (Column("finding", "Finding", 200, stretch=True),)
_FILE: Final = "The file"


class FindingRow(NamedTuple):
    """A row: a finding, or with ``finding`` None a title over what follows it.

    Attributes:
        title: the words of a title.
        of_kind: whether the title is that of a kind, or of the file.
        id: of the record that a title names, where the words are its name.
    """

    finding: CheckFinding | None
    title: str = ""
    of_kind: bool = False
    id: str = ""


class FindingsModel(TitledModel[FindingRow]):
    """Findings in the order of the check."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(FINDING_COLUMNS, parent)

    def show(self, findings: Iterable[CheckFinding]) -> None:
        """Show other findings."""
        rows: list[FindingRow] = []
        last: CheckFinding | None = None
        findings = tuple(findings)
        # The live record comes first, but a version of it may be all that has a name.
        named = {(one.kind, one.id): one.name for one in reversed(findings) if one.name}
        for one in findings:
            if last is None or last.kind != one.kind:
                rows.append(FindingRow(None, _kind(one), of_kind=True))
            if one.id is not None and (last is None or (last.kind, last.id) != (one.kind, one.id)):
                name = named.get((one.kind, one.id), "")
                rows.append(FindingRow(None, name or one.id, id=one.id if name else ""))
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
            runs = [Run(visible(row.title), style, Elide.ElideRight)]
            if row.id:
                runs.append(Run(visible(row.id), FIXED_DIM, Elide.ElideMiddle))
            return Cell(tuple(runs))
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
        return "\n".join(visible(part) for part in (message, path) if part)


def _kind(one: CheckFinding) -> str:
    return kind_title(one.kind) if one.kind is not None else _FILE


MOST: Final = 5_000  #: findings that are listed
_WORDS: Final = "Filter by level, record, path or words"
_NONE: Final = "No findings."
_NO_MATCH: Final = "No findings match."


class FindingsPane(ResultsPage, ClipSource):
    """A filter over a list of findings.

    ``chosen`` tells the :class:`CheckFinding` the cursor is on, ``again_wanted`` that the store is
    to be checked anew, ``json_wanted`` that all of what was found is to be copied as JSON.
    """

    chosen = Signal(CheckFinding)
    again_wanted = Signal()
    json_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        model = FindingsModel()
        table = TitledTable(FINDING_COLUMNS, model)
        super().__init__(SearchField("filter", "Ctrl+F"), table, parent)
        self.findings = model
        model.setParent(self)
        self._all: Sequence[CheckFinding] = ()
        self._ended = False  #: whether a check went to its end: only then no findings are a result
        table.setAccessibleName("Check findings")
        table.setSelectionMode(TitledTable.SelectionMode.ExtendedSelection)
        self.filter.set_words(_WORDS, "Filter findings by level, record, path or words")
        self.filter.textChanged.connect(self._narrow)
        self.filter.returnPressed.connect(self.focus)
        self.again = QPushButton("Check again")
        self.json = QPushButton("Copy as JSON")
        self.json.setToolTip("Copy the whole answer, as check --json gives it")
        self.again.clicked.connect(self._ask_again)
        self.json.clicked.connect(self._ask_json)
        self.results.setSpacing(4)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addWidget(self.json)
        buttons.addStretch()
        self.results.addLayout(buttons)

    def stops(self) -> list[QWidget]:
        """Last the buttons below the list."""
        return [*super().stops(), self.again, self.json]

    def start(self) -> None:
        """A check has begun."""
        self._all, self._ended = (), False
        self.filter.put("")
        self.findings.show(())
        self.wait("Checking\N{HORIZONTAL ELLIPSIS}")
        self.footer.start("Checking")

    def end(self, findings: Sequence[CheckFinding], covered: str) -> None:
        """A check is over: list what it found, and say what was checked."""
        self.footer.finish()
        self._all, self._ended = findings, True
        self.covered.setText(covered)
        self.below.show()
        self.json.show()
        self._narrow()

    def fail(self, sentence: str, reason: str) -> None:
        """A check ended early, and nothing of it is listed."""
        self.footer.finish()
        self.empty.tell(sentence, reason)
        self.covered.setText("")
        self.below.show()
        self.json.hide()

    def copy(self) -> Clip | None:
        """The chosen findings as tab-separated text."""
        if not self.table.hasFocus():
            return None
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        chosen = [row.finding for row in map(self.findings.at, rows) if row and row.finding]
        lines = ["\t".join(map(invisible.visible, one.words)) for one in chosen]
        said = f"Copied {count(len(lines), 'finding')}."
        return Clip("\n".join(lines), said) if lines else NO_CLIP

    def _ask_again(self) -> None:
        self.again_wanted.emit()

    def _ask_json(self) -> None:
        self.json_wanted.emit()

    def _narrow(self) -> None:
        """List those that hold what the filter says."""
        wanted = self.filter.text().casefold()
        fit = [
            one
            for one in self._all
            if not wanted or invisible.holds(" ".join((*one.words, one.name)).casefold(), wanted)
        ]
        self.findings.show(fit[:MOST])
        self.table.fit_rows()
        if fit:
            self.stack.setCurrentWidget(self.table)
        elif self._ended:
            self.empty.tell(_NO_MATCH if self._all else _NONE)
            self.stack.setCurrentWidget(self.empty)

    def come_to(self, at: int) -> None:
        """Tell the finding of a row."""
        row = self.findings.at(at)
        if row is not None and row.finding is not None:
            self.chosen.emit(row.finding)

    def enter(self) -> None:
        """The list is shown."""
        if self.findings.rowCount():
            self.focus()
