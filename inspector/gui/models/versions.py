"""The versions of a record, newest first, over the live state where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.columns import Column, head
from inspector.gui.runs import (
    BOLD,
    CELL_ROLE,
    DIM,
    EMPTY,
    FIXED,
    REMOVED,
    TAG,
    Cell,
    Elide,
    Run,
    number,
    text,
)
from inspector.gui.times import TimeStyle, ago, head_name, parse, show, tip
from inspector.gui.words import visible
from inspector.session.types import Version

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
SHORT: Final = 8  #: digits of a hash that are shown

VERSION_COLUMNS: Final = (
    Column("version", "Version", 150),
    Column("tag", "Tag", 120, stretch=True),
    Column("bytes", "Bytes", 60, right=True, drop=2, sample="9,999,999"),
    Column("time", "Time", 160, sample="2026-11-21 05:32:48"),
    Column("age", "Age", 84, drop=1),
)
KEYS: Final = tuple(column.key for column in VERSION_COLUMNS)


def name_of(version: Version) -> str:
    """What a version is called: its hash, else where it lies."""
    if version.version_hash:
        return visible(version.version_hash[:SHORT])
    if version.audit_id is not None:
        return f"audit {version.audit_id}"
    return visible((version.legacy_key or "").rpartition("/")[2]) or "no hash"


class VersionsModel(QAbstractTableModel):
    """Rows of versions; a tag stands where it points now, others say where it was."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._versions: tuple[Version, ...] = ()
        self._holders: dict[str, int] = {}
        self._times = TimeStyle.UTC

    def show(self, versions: Sequence[Version]) -> bool:
        """Show other versions; False where they are those that are shown."""
        if self._versions and tuple(versions) == self._versions:
            return False
        self.beginResetModel()
        self._versions = tuple(versions)
        self._holders = {}
        for row, version in enumerate(versions):
            if version.tag:
                self._holders.setdefault(version.tag, row)
        self.endResetModel()
        return True

    def live_row(self) -> int:
        """The row that equals the live state, or -1."""
        return next((i for i, each in enumerate(self._versions) if each.live), -1)

    def version(self, row: int) -> Version | None:
        """The version of a row."""
        return self._versions[row] if 0 <= row < len(self._versions) else None

    def row_of(self, version: Version | None) -> int:
        """The row of a version, or -1."""
        return next((i for i, each in enumerate(self._versions) if each == version), -1)

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._times = style
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(KEYS) - 1)
        if self._versions:
            last = self.index(len(self._versions) - 1, len(KEYS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of versions."""
        return 0 if parent.isValid() else len(self._versions)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(KEYS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(KEYS):
            return None
        if role == Qt.ItemDataRole.DisplayRole and KEYS[section] == "time":
            style = TimeStyle.UTC if self._times is TimeStyle.RELATIVE else self._times
            return head_name("Time", style)
        return head(VERSION_COLUMNS[section], role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech."""
        version = self.version(index.row())
        if version is None or not 0 <= index.column() < len(KEYS):
            return None
        key = KEYS[index.column()]
        if role == CELL_ROLE:
            return self._cell(version, index.row(), key)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(version, index.row(), key).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(version, key)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if key == "version":
                cells = (self._cell(version, index.row(), each).text for each in KEYS)
                return ", ".join(words for words in cells if words)
            return self._cell(version, index.row(), key).text
        return None

    def _cell(self, version: Version, row: int, key: str) -> Cell:
        if key == "version":
            runs = (Run(name_of(version), FIXED),)
            return Cell((*runs, Run("live", BOLD)) if version.live else runs)
        if key == "tag":
            return self._tag(version, row)
        if key == "bytes":
            return number(version.size)
        moment = parse(version.archived_at)
        if key == "age":
            return (
                text(ago(datetime.now(UTC) - moment).removesuffix(" ago"), DIM) if moment else EMPTY
            )
        if moment is None:
            return text(visible(version.archived_at or ""))
        style = TimeStyle.UTC if self._times is TimeStyle.RELATIVE else self._times
        return Cell((Run(show(moment, style, moment)),))

    def _tag(self, version: Version, row: int) -> Cell:
        if version.problem:
            return Cell((Run(visible(version.problem), REMOVED, Elide.ElideRight, icon="error"),))
        if not version.tag:
            return EMPTY
        if self._holders.get(version.tag) == row:
            return Cell((Run(visible(version.tag), TAG, Elide.ElideRight),))
        return text(f"was {visible(version.tag)}", DIM)


def _tip(version: Version, key: str) -> str | None:
    if key == "version":
        return version.version_hash
    moment = parse(version.archived_at)
    return tip(moment) if moment and key in ("time", "age") else None
