"""The kinds of a store, in groups, with counts: a flat list of a few dozen rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.cells.columns import Column, head
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import CELL_ROLE, DIM, FIXED, SMALL_DIM, TEXT, Cell, Elide, Run
from inspector.invisible import holds, named
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import display
from inspector.schema.kind_names import normal_kind
from inspector.session.summaries import KindSummary
from inspector.store.renamed import is_same
from inspector.store.rows import TableInfo, TableType

if TYPE_CHECKING:
    from inspector.gui.cells.change_look import ChangeCounts

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
KIND_COLUMNS: Final = (Column("kind", "Kind", 80, stretch=True),)
ALL: Final = "All"
CHANGES: Final = "Changes seen"
SEARCH: Final = "Search results"
CHECK: Final = "Check findings"
UNKNOWN_GROUP: Final = "Unknown kinds"
GONE_GROUP: Final = "Deleted (history kept)"
TABLES_GROUP: Final = "Tables"
RECORDS_GROUP: Final = "Records (by the map)"
_ORDER: Final = ("agentic", "iam", "tenancy", "billing")
_TITLES: Final = {"iam": "IAM"}


class EntryType(Enum):
    """What a row of the list stands for."""

    GROUP = "group"
    CHANGES = "changes"
    SEARCH = "search"
    CHECK = "check"
    ALL = "all"
    KIND = "kind"
    GONE = "gone"
    TABLE = "table"


def entry_type(text: str) -> EntryType:
    """The type with this value; one that is not known is a kind's."""
    return next((each for each in EntryType if each.value == text), EntryType.KIND)


class KindEntry(NamedTuple):
    """A row.

    Attributes:
        type: what it stands for.
        title: its words.
        kind: the kind as the store spells it, or the name of a table; empty for all kinds.
        count: number of records or rows, None where it is not known (yet).
        more: there are at least that many.
        versions: whether records of this kind have archived versions.
        view: it is a view of the file's, which is not run.
        uncounted: nobody finds out how many there are any more.
    """

    type: EntryType
    title: str
    kind: str = ""
    count: int | None = 0  # type: ignore[assignment]  # nobody counts in it
    more: bool = False
    versions: bool = False
    view: bool = False
    uncounted: bool = False

    @property
    def key(self) -> str:
        """What its columns are remembered by."""
        return self.kind if self.type is not EntryType.ALL else "*"


def entries_of(
    kinds: Sequence[KindSummary],
    gone: Mapping[str, tuple[int, bool]] | None = None,
    tables: Sequence[TableInfo] = (),
    changes: int | None = None,
    hits: int | None = None,
    findings: KindEntry | None = None,
    mapped: Sequence[str] = (),
) -> list[KindEntry]:
    """The rows of the list.

    Args:
        kinds: what the store holds.
        gone: number of records of a kind that have only history, and whether there are more.
        tables: all tables and views of the file.
        changes: how many changes were seen; None where the store is not followed.
        hits: how many were found in all records; None where nothing was sought.
        findings: the row of what a check found; None where none was asked for.
        mapped: tables whose rows are records, as a map of the file says.
    """
    live = [kind for kind in kinds if kind.records]
    rows: list[KindEntry] = []
    if changes is not None:
        rows.append(KindEntry(EntryType.CHANGES, CHANGES, count=changes))
    if hits is not None:
        rows.append(KindEntry(EntryType.SEARCH, SEARCH, count=hits))
    if findings is not None:
        rows.append(findings)
    if live:
        counted = all(kind.counted for kind in live)
        total = sum(kind.records for kind in live) if counted else None
        rows.append(KindEntry(EntryType.ALL, ALL, count=total))
    groups = {kind.group for kind in live if kind.known}
    for group in sorted(groups, key=lambda name: (_rank(name), name)):
        title = _TITLES.get(group, group.capitalize()) or UNKNOWN_GROUP
        rows += _group(title, [k for k in live if k.known and k.group == group], kinds)
    rows += _group(UNKNOWN_GROUP, [kind for kind in live if not kind.known], kinds)
    if gone:
        rows.append(KindEntry(EntryType.GROUP, GONE_GROUP))
        names = {kind.kind: kind.display_name for kind in kinds}
        rows += [
            KindEntry(EntryType.GONE, names.get(kind, kind), kind, number, more, versions=True)
            for kind, (number, more) in gone.items()
        ]
    rows += _tables(RECORDS_GROUP, [one for one in tables if one.name in mapped])
    return rows + _tables(TABLES_GROUP, [one for one in tables if one.name not in mapped])


def narrowed(rows: Sequence[KindEntry], text: str) -> list[KindEntry]:
    """Those rows whose words, or the kind's name, hold a text, under their groups."""
    wanted = text.casefold()
    kept: list[KindEntry] = []
    group: KindEntry | None = None
    for entry in rows:
        if entry.type is EntryType.GROUP:
            group = entry
        elif holds(entry.title.casefold(), wanted) or holds(entry.kind.casefold(), wanted):
            if group is not None:
                kept.append(group)
                group = None
            kept.append(entry)
    return kept


def _tables(title: str, tables: Sequence[TableInfo]) -> list[KindEntry]:
    rows = [
        KindEntry(
            *(EntryType.TABLE, named(one.name), one.name, one.rows),
            view=one.type is TableType.VIEW,
        )
        for one in tables
    ]
    return [KindEntry(EntryType.GROUP, title), *rows] if rows else []


def _rank(group: str) -> int:
    return _ORDER.index(group) if group in _ORDER else len(_ORDER)


def _group(
    title: str, kinds: Iterable[KindSummary], every: Sequence[KindSummary]
) -> list[KindEntry]:
    rows = [
        KindEntry(
            *(EntryType.KIND, named(kind.display_name), kind.kind),
            kind.records if kind.counted else None,
            versions=kind.counted and _has_versions(kind, every),
        )
        for kind in sorted(kinds, key=lambda kind: (kind.display_name.lower(), kind.kind))
    ]
    return [KindEntry(EntryType.GROUP, title), *rows] if rows else []


def _has_versions(kind: KindSummary, every: Sequence[KindSummary]) -> bool:
    """Whether records of a kind have versions, maybe under another name that it has had."""
    return any(one.versions and is_same(one.kind, kind.kind) for one in every)


#: What has no list of records.
WITHOUT_RECORDS: Final = (EntryType.TABLE, EntryType.CHANGES, EntryType.SEARCH, EntryType.CHECK)
#: What stands for more than one kind.
_WHOLE: Final = (EntryType.ALL, EntryType.CHANGES, EntryType.SEARCH, EntryType.CHECK)


class KindsModel(QAbstractTableModel):
    """Rows of :class:`KindEntry`; group titles cannot be selected."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[KindEntry] = []
        self._news: Mapping[str, ChangeCounts] = {}

    def set_news(self, news: Mapping[str, ChangeCounts]) -> None:
        """Say beside kinds how many of their records have changed since they were looked at."""
        if news != self._news:
            self._news = news
            if self._rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def _news_of(self, entry: KindEntry) -> ChangeCounts | None:
        return self._news.get(entry.kind) if entry.type is EntryType.KIND else None

    def set_rows(self, rows: Sequence[KindEntry]) -> bool:
        """Show other rows; False where they are the same with other numbers, and stay in place."""
        places = [(entry.type, entry.kind) for entry in rows]
        if rows and places == [(entry.type, entry.kind) for entry in self._rows]:
            self._rows = list(rows)
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))
            return False
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()
        return True

    def entry(self, row: int) -> KindEntry | None:
        """The entry of a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def find(self, type_: EntryType, kind: str) -> int:
        """The row of a kind, or -1."""
        return next((i for i, e in enumerate(self._rows) if e.type is type_ and e.kind == kind), -1)

    def first(self) -> int:
        """The row of the first kind, else the first that can be chosen, or -1."""
        rows = [i for i, e in enumerate(self._rows) if e.type is not EntryType.GROUP]
        kinds = (i for i in rows if self._rows[i].type not in _WHOLE)
        return next(kinds, rows[0] if rows else -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """One column."""
        return 0 if parent.isValid() else len(KIND_COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of the column, which only a screen reader says."""
        return head(KIND_COLUMNS, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, title and what a screen reader says."""
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == CELL_ROLE:
            return _cell(entry, self._news_of(entry))
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(entry.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            news = self._news_of(entry)
            if news is None:
                return _speech(entry)
            from inspector.gui.cells.change_look import count_words  # noqa: PLC0415 - not before a store is followed

            return f"{_speech(entry)}, {count_words(news)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Group titles are only read."""
        entry = self.entry(index.row())
        if entry is None or entry.type is EntryType.GROUP:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _cell(entry: KindEntry, news: ChangeCounts | None) -> Cell:
    if entry.type is EntryType.GROUP:
        return Cell((Run(entry.title, SMALL_DIM, Elide.ElideRight),))
    title = Run(
        visible(entry.title),
        FIXED if entry.type is EntryType.TABLE else TEXT,
        Elide.ElideRight,
    )
    if entry.view:
        return Cell((title, Run(NOT_RUN, DIM, right=True)))
    if entry.count is None and (entry.uncounted or entry.type is EntryType.TABLE):
        return Cell((title,))
    number = f"{entry.count:,}" if entry.count is not None else _NOT_YET
    number += "+" if entry.more else ""
    if news is None:
        return Cell((title, Run(number, DIM, right=True)))
    from inspector.gui.cells.change_look import count_runs  # noqa: PLC0415 - not before a store is followed

    return Cell((title, *count_runs(news), Run(number, DIM, right=True)))


NOT_RUN: Final = "View, not run"
_NOT_YET: Final = "\N{HORIZONTAL ELLIPSIS}"
_WORDS: Final = {
    EntryType.GONE: "deleted record",
    EntryType.TABLE: "row",
    EntryType.CHANGES: "change",
    EntryType.SEARCH: "hit",
    EntryType.CHECK: "finding",
}


def _speech(entry: KindEntry) -> str:
    if entry.type is EntryType.GROUP:
        return f"Group {entry.title}"
    if entry.view:
        return f"{visible(entry.title)}, view, not run"
    title = f"Table {entry.title}" if entry.type is EntryType.TABLE else entry.title
    if entry.count is None:
        return visible(title)
    least = "at least " if entry.more else ""
    return f"{visible(title)}, {least}{count(entry.count, _WORDS.get(entry.type, 'record'))}"


_NEVER: Final = "The schema knows this kind; the daemon has not written one yet."
_NO_MORE: Final = "The records listed before are no longer in the store."


class EmptyKind(NamedTuple):
    """A kind by its normal form, and the sentence and the reason to be shown."""

    kind: str
    words: tuple[str, str]


def empty_kind(asked: str) -> EmptyKind | None:
    """The kind of ``KIND/ID`` that was asked for, None where no schema knows it."""
    kind = asked.partition("/")[0]
    known = display(kind)
    if known is None:
        return None
    return EmptyKind(normal_kind(kind), (_sentence(known[0]), _NEVER))


def emptied(title: str) -> tuple[str, str]:
    """What is said of a kind whose last record went while it was listed."""
    return _sentence(title), _NO_MORE


def _sentence(title: str) -> str:
    return f"No {plural(title)} in this store."


def plural(title: str) -> str:
    """A kind's display name within a sentence: ``MCP Server`` as ``MCP servers``."""
    words = [word if word[1:] != word[1:].lower() else word.lower() for word in title.split()]
    text = visible(" ".join(words))
    if text.endswith("y") and text[-2:-1] not in "aeiou":
        return f"{text[:-1]}ies"
    return f"{text}es" if text.endswith(("s", "x", "ch", "sh")) else f"{text}s"
